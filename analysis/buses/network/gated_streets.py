"""Gated streets: bus-allowed streets, split where they cross a border.

A crossing becomes a part of its street one millimetre long, its *gate*: a path uses the gateway if
it passes the gate, and with its gates closed no path uses the gateway.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

import geopandas as gpd
import numpy as np
import pandas as pd

from analysis.graph.street_times import StreetTimes, bus_lengths
from layers.planned.splitting import street_parts, with_rows
from layers.roads import RoadNetwork

GATE_M = 1e-3
GATE_COLUMNS = ("gateway_id", "border_id", "from_area", "to_area", "part")


@dataclass(frozen=True)
class BusStreets:
    """Bus-allowed streets, split at borders.

    Attributes
    ----------
    whole
        The streets before splitting, with metres in place of seconds, see
        `analysis.graph.street_times.StreetTimes`.
    parts
        The parts; `street` is the row in `whole`, `since` and `upto` the fractions of the street
        where the part starts and ends.
    gates
        `GATE_COLUMNS`: the gateway of each crossing, the areas before and after it in digitised
        direction, and the row of its gate in `parts`.
    """

    whole: StreetTimes
    parts: StreetTimes
    gates: pd.DataFrame

    def snaps_on_parts(self, snaps: pd.DataFrame) -> pd.DataFrame:
        """Snaps on whole streets (`analysis.graph.snapping.SNAP_COLUMNS`) as snaps on parts.

        A snap on a gate moves to the part behind it.
        """
        table = self.parts.table
        is_gate = np.zeros(len(table), dtype=bool)
        is_gate[self.gates["part"].to_numpy(dtype=int)] = True
        rows = np.flatnonzero(~is_gate)
        street, upto = (table[name].to_numpy()[rows] for name in ("street", "upto"))
        since = table["since"].to_numpy()[rows]
        # parts are in the order of their streets: the key increases from part to part
        key = snaps["street"].to_numpy() + np.clip(snaps["fraction"].to_numpy(), 0.0, 1.0) / 2
        at = np.clip(np.searchsorted(street + upto / 2, key), 0, len(rows) - 1)
        fraction = (snaps["fraction"].to_numpy() - since[at]) / (upto[at] - since[at])
        return snaps.assign(street=rows[at], fraction=np.clip(fraction, 0.0, 1.0))


def _gate_places(fractions: Sequence[float], metres: float) -> list[tuple[float, float]]:
    """Fractions where the gates of one street start and end, without overlaps."""
    share = GATE_M / metres
    places, earliest = [], share
    for number, fraction in enumerate(fractions):
        latest = 1.0 - share * (2 * (len(fractions) - number))
        start = min(max(fraction - share / 2, earliest), latest)
        places.append((start, start + share))
        earliest = start + 2 * share
    return places


def _parts_of_street(street: Mapping[str, Any], fractions: Sequence[float]) -> list[dict[str, Any]]:
    """The parts of one street: every second part is a gate."""
    places = _gate_places(fractions, street["geometry"].length)
    cuts = [
        (fraction, f"gate:{street['street']}:{number}{side}")
        for number, ends in enumerate(places)
        for fraction, side in zip(ends, "ab", strict=True)
    ]
    bounds = [0.0, *(fraction for fraction, _ in cuts), 1.0]
    return [
        {**part, "since": since, "upto": upto}
        for part, since, upto in zip(street_parts(street, cuts), bounds, bounds[1:], strict=False)
    ]


def bus_streets(roads: RoadNetwork, crossings: pd.DataFrame) -> BusStreets:
    """The bus-allowed streets, split at their crossings.

    Parameters
    ----------
    roads
        The network.
    crossings
        `analysis.buses.gateways.CROSSING_COLUMNS` on `bus_lengths(roads)`.
    """
    whole = bus_lengths(roads)
    table = whole.table.assign(street=np.arange(len(whole.table)), since=0.0, upto=1.0)
    rows: list[dict[str, Any]] = []
    for number, group in crossings.groupby("street", sort=True):
        street = {str(name): value for name, value in table.iloc[int(number)].items()}
        rows += _parts_of_street(street, group["fraction"].tolist())
    at = [row["street"] for row in rows]
    uncut = np.setdiff1d(np.arange(len(table)), crossings["street"].to_numpy(dtype=int))
    parts, origin = with_rows(table, uncut, rows, at) if rows else (table, np.arange(len(table)))
    metres = parts["length"].to_numpy(dtype=float)
    back = np.where(parts["oneway"].to_numpy(dtype=bool), np.inf, metres)
    parts = gpd.GeoDataFrame(parts.assign(secs_forward=metres, secs_backward=back), crs=table.crs)
    return BusStreets(
        whole, StreetTimes(parts, whole.connector_mps), _gates(crossings, parts, origin)
    )


def _gates(crossings: pd.DataFrame, parts: gpd.GeoDataFrame, origin: np.ndarray) -> pd.DataFrame:
    """The gate of each crossing: every second inner part of a street is a gate."""
    ordered = crossings.sort_values("street", kind="stable")
    inner = np.flatnonzero((origin < 0) & (parts["since"].to_numpy() > 0))
    inner = inner[parts["upto"].to_numpy()[inner] < 1.0]
    turn = parts.iloc[inner].groupby("street").cumcount().to_numpy()
    gate = inner[turn % 2 == 0]
    columns = ["gateway_id", "border_id", "from_area", "to_area"]
    return ordered[columns].assign(part=gate).reset_index(drop=True)
