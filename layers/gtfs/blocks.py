"""Trips on which riders stay on board where their vehicle goes on as another trip."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

import numpy as np
import pandas as pd

from geo.faults import Fault
from layers.gtfs.blank_times import Places
from layers.gtfs.tables.on_demand import named
from layers.gtfs.visits import Visits

SAME_PLACE_M = 300.0
"""Two stops this near each other are one place where a vehicle stands."""
IN_SEAT, NOT_IN_SEAT = 4, 5
"""Values of `transfer_type` between trips."""


@dataclass(frozen=True, eq=False)
class Vehicles:
    """The vehicles of a day, with their first and last call.

    Attributes
    ----------
    visits
        The trips with their calls.
    table
        As `layers.gtfs.spans.vehicles_of_day` returns it.
    """

    visits: Visits
    table: pd.DataFrame

    @property
    def visit(self) -> np.ndarray:
        """The trip of each vehicle."""
        return self.table["visit"].to_numpy()

    @property
    def leaves(self) -> np.ndarray:
        """When each vehicle leaves its first stop, seconds."""
        visits = self.visits
        return visits.depart[visits.first[self.visit]] + self.table["shift_secs"].to_numpy()

    @property
    def ends(self) -> np.ndarray:
        """When each vehicle arrives at its last stop, seconds."""
        visits = self.visits
        return visits.arrive[visits.last[self.visit]] + self.table["shift_secs"].to_numpy()

    def column(self, name: str) -> np.ndarray:
        """A column of trips.txt, by vehicle."""
        return self.visits.trips[name].to_numpy(dtype=object)[self.visit]


def _single(vehicles: Vehicles, tables: Mapping[str, pd.DataFrame]) -> np.ndarray:
    """The vehicles of trips that run once a day: those of frequencies have no vehicle of theirs."""
    if "frequencies" not in tables:
        return np.ones(len(vehicles.table), dtype=bool)
    repeated = pd.Series(vehicles.column("trip_id")).isin(tables["frequencies"]["trip_id"])
    return ~repeated.to_numpy(dtype=bool)


def _stops_of_one_place(
    pairs: tuple[np.ndarray, np.ndarray], stop_ids: np.ndarray, stops: pd.DataFrame, places: Places
) -> np.ndarray:
    """Whether pairs of stops (numbers) are the same, of one station, or near each other."""
    one, other = pairs
    parents = stops.drop_duplicates("stop_id").set_index("stop_id")["parent_station"]
    parent = parents.reindex(stop_ids).fillna("").to_numpy(dtype=object)
    xy = np.array([places.get(stop, (np.nan, np.nan)) for stop in stop_ids]).reshape(-1, 2)
    same_station = (parent[one] == parent[other]) & (parent[one] != "")
    near = np.hypot(*(xy[one] - xy[other]).T) <= SAME_PLACE_M
    return (one == other) | same_station | near


def _overlap_fault(ids: list[str], file: str) -> list[Fault]:
    if not ids:
        return []
    message = f"{len(ids)} trips start before the one before in their block ends: {named(ids)}"
    allowed = "trips of a block one after the other; nobody stays on board here"
    return [Fault(file, "", "block-overlap", message, allowed, "warning")]


def _in_seat(transfers: pd.DataFrame, kind: int) -> set[tuple[str, str]]:
    rows = transfers[transfers["sound"] & (transfers["transfer_type"] == kind)]
    return set(zip(rows["from_trip_id"], rows["to_trip_id"], strict=True)) - {("", "")}


def _block_pairs(vehicles: Vehicles, single: np.ndarray) -> np.ndarray:
    """Pairs of vehicles (n x 2) that follow each other in a block on one service day."""
    block = pd.Series(vehicles.column("block_id"))
    used = np.flatnonzero(single & (block != "").to_numpy())
    shift = vehicles.table["shift_secs"].to_numpy()[used]
    code = pd.factorize(block.iloc[used])[0]
    order = np.lexsort([vehicles.ends[used], vehicles.leaves[used], shift, code])
    at = used[order]
    same = (np.diff(code[order]) == 0) & (np.diff(shift[order]) == 0)
    return np.column_stack([at[:-1][same], at[1:][same]])


def next_vehicles(
    vehicles: Vehicles,
    tables: Mapping[str, pd.DataFrame],
    places: Places,
    file: str,
) -> tuple[np.ndarray, list[Fault]]:
    """By vehicle, the one as which it goes on with its riders, or -1.

    It is the next trip of the same block on the same service day that leaves no earlier than this
    one arrives, from the same stop, another of its station or one within `SAME_PLACE_M`, without
    a call at a depot between; or the trip of an in-seat transfer of transfers.txt. Trips of
    frequencies.txt have none.

    Returns
    -------
    array of int
    list of Fault
        One warning of all trips that overlap in a block.
    """
    follows = np.full(len(vehicles.table), -1)
    single = _single(vehicles, tables)
    visits, visit = vehicles.visits, vehicles.visit
    pairs = _block_pairs(vehicles, single)
    one, other = pairs.T
    in_time = vehicles.leaves[other] >= vehicles.ends[one]
    last, first = visits.stop[visits.last[visit[one]]], visits.stop[visits.first[visit[other]]]
    together = _stops_of_one_place((last, first), visits.stop_ids, tables["stops"], places)
    ids = vehicles.column("trip_id")
    transfers = tables.get("transfers")
    forbidden = set() if transfers is None else _in_seat(transfers, NOT_IN_SEAT)
    allowed = np.array([pair not in forbidden for pair in zip(ids[one], ids[other], strict=True)])
    stays = (vehicles.column("ends_here")[one] & vehicles.column("begins_here")[other]).astype(bool)
    linked = in_time & together & stays & allowed.astype(bool)
    follows[one[linked]] = other[linked]
    if transfers is not None:
        _add_in_seat(follows, vehicles, single, _in_seat(transfers, IN_SEAT))
    return follows, _overlap_fault(list(dict.fromkeys(ids[other[~in_time]].tolist())), file)


def _add_in_seat(
    follows: np.ndarray, vehicles: Vehicles, single: np.ndarray, pairs: set[tuple[str, str]]
) -> None:
    """Put the in-seat transfers between two trips into `follows`."""
    shift = vehicles.table["shift_secs"].to_numpy()
    place = {(trip, shift[n]): n for n, trip in enumerate(vehicles.column("trip_id")) if single[n]}
    leaves, ends = vehicles.leaves, vehicles.ends
    for one, other in sorted(pairs):
        for day in np.unique(shift).tolist():
            a, b = place.get((one, day)), place.get((other, day))
            if a is not None and b is not None and leaves[b] >= ends[a]:
                follows[a] = b
