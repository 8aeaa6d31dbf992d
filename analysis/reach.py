"""Times along streets from one point, and the parts reached within a cutoff."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import geopandas as gpd
import numpy as np
import pandas as pd
import shapely
from shapely.ops import substring

from analysis.compiled import Compiled
from analysis.paths.search import vertex_times
from analysis.snapping import joined
from layers.assumptions import Assumptions

REACHED_COLUMNS = ("cutoff_secs", "osmid", "from_fraction", "to_fraction", "geometry")


@dataclass(frozen=True)
class Reach:
    """Times over the streets from one point.

    Attributes
    ----------
    streets
        The mode's streets with `secs_tail` and `secs_head`: the time at their ends.
    entries
        Places on streets where travellers come onto them: the origin and every stop reached.
        `street`, `fraction`, `secs`.
    spots
        Points off the streets with their time: the origin (0) and the stops reached. `secs`,
        geometry.
    connector_mps
        Speed off the streets, metres a second.
    """

    streets: gpd.GeoDataFrame
    entries: pd.DataFrame
    spots: gpd.GeoDataFrame
    connector_mps: float


def _spots(question: Compiled, point: int, secs: np.ndarray) -> gpd.GeoDataFrame:
    times = secs[question.stops["vertex"].to_numpy(dtype=int)]
    reached = np.isfinite(times)
    places = np.concatenate(
        [[question.points.iloc[point]], question.stops.geometry.to_numpy()[reached]]
    )
    values = np.concatenate([[0.0], times[reached]])
    return gpd.GeoDataFrame({"secs": values}, geometry=places, crs=question.points.crs)


def reach_from(
    question: Compiled, point: int, limit_secs: float, assumptions: Assumptions
) -> Reach:
    """Times over the streets from one of the points asked about.

    Parameters
    ----------
    question
        A compiled network.
    point
        Position of the origin among its points.
    limit_secs
        Nothing farther is looked for.
    assumptions
        Snap limit and detour.
    """
    secs = vertex_times(question.trips, point, limit=limit_secs)
    table = question.streets.table
    streets = table.assign(secs_tail=secs[table["tail"]], secs_head=secs[table["head"]])
    spots = _spots(question, point, secs)
    snaps = joined(spots.geometry, table, assumptions.snap_limit_m)
    off_street = snaps["distance_m"] * assumptions.detour / question.streets.connector_mps
    times = spots["secs"].to_numpy()[snaps["point"]] + off_street
    entries = snaps[["street", "fraction"]].assign(secs=times)
    return Reach(streets, entries, spots, question.streets.connector_mps)


def _from_ends(reach: Reach, cutoff: float) -> pd.DataFrame:
    """Parts reached from the streets' own ends."""
    left = np.maximum(cutoff - reach.streets[["secs_tail", "secs_head"]].to_numpy(), 0.0)
    whole = reach.streets[["secs_forward", "secs_backward"]].to_numpy()
    share = np.where(np.isfinite(whole), np.minimum(left / whole, 1.0), 0.0)
    number = np.arange(len(reach.streets))
    forward = pd.DataFrame({"street": number, "start": 0.0, "end": share[:, 0]})
    backward = pd.DataFrame({"street": number, "start": 1 - share[:, 1], "end": 1.0})
    return pd.concat([forward, backward])


def _from_entries(reach: Reach, cutoff: float) -> pd.DataFrame:
    """Parts reached from where travellers come onto a street midway."""
    entries = reach.entries.loc[reach.entries["secs"] < cutoff]
    on = reach.streets.iloc[entries["street"]]
    left = cutoff - entries["secs"].to_numpy()
    ahead = np.nan_to_num(left / on["secs_forward"].to_numpy())
    behind = np.nan_to_num(left / on["secs_backward"].to_numpy())
    at = entries["fraction"].to_numpy()
    return pd.DataFrame(
        {
            "street": entries["street"].to_numpy(),
            "start": np.maximum(at - behind, 0.0),
            "end": np.minimum(at + ahead, 1.0),
        }
    )


def _merged(parts: pd.DataFrame) -> pd.DataFrame:
    """Overlapping parts of a street made one."""
    parts = parts.loc[parts["end"] > parts["start"]].sort_values(["street", "start"])
    reach_so_far = parts.groupby("street")["end"].cummax()
    before = reach_so_far.groupby(parts["street"]).shift()
    piece = ((before.isna()) | (parts["start"] > before)).cumsum()
    return parts.groupby(piece.to_numpy()).agg(
        street=("street", "first"), start=("start", "min"), end=("end", "max")
    )


def reached_streets(reach: Reach, cutoffs_secs: Sequence[float]) -> gpd.GeoDataFrame:
    """The exact parts of streets reached within each cutoff, partial edges included.

    Returns
    -------
    GeoDataFrame
        `REACHED_COLUMNS`, one row a part and cutoff; projected.
    """
    lines = reach.streets.geometry.to_numpy()
    tables = []
    for cutoff in cutoffs_secs:
        together = pd.concat([_from_ends(reach, cutoff), _from_entries(reach, cutoff)])
        parts = _merged(together)
        geometry = [
            line if (start, end) == (0.0, 1.0) else substring(line, start, end, normalized=True)
            for line, start, end in zip(
                lines[parts["street"]], parts["start"], parts["end"], strict=True
            )
        ]
        table = {
            "cutoff_secs": float(cutoff),
            "osmid": reach.streets["osmid"].to_numpy()[parts["street"]],
            "from_fraction": parts["start"].to_numpy(),
            "to_fraction": parts["end"].to_numpy(),
        }
        tables.append(gpd.GeoDataFrame(table, geometry=geometry, crs=reach.streets.crs))
    found = gpd.GeoDataFrame(pd.concat(tables, ignore_index=True), crs=reach.streets.crs)
    return found.loc[shapely.length(found.geometry.to_numpy()) > 0].reset_index(drop=True)


def times_along(reach: Reach, spacing_m: float) -> tuple[np.ndarray, np.ndarray]:
    """Points along every street where one can leave it, and the time at each.

    Tunnels and bridges have their two ends only, motorways no point.

    Parameters
    ----------
    reach
        Times from one origin.
    spacing_m
        Distance between neighbouring points, at most.

    Returns
    -------
    ndarray
        n x 2 coordinates; both ends of each street are among them.
    ndarray
        n seconds; infinite where not reached.
    """
    streets = reach.streets
    use = streets["can_end"].to_numpy(dtype=bool)
    lines = streets.geometry.to_numpy()[use]
    pieces = np.where(
        streets["can_stop"].to_numpy(dtype=bool)[use],
        np.ceil(shapely.length(lines) / spacing_m).astype(int),
        1,
    )
    count = np.maximum(pieces, 1) + 1
    row = np.repeat(np.flatnonzero(use), count)
    within = np.arange(len(row)) - np.repeat(np.cumsum(count) - count, count)
    fraction = within / (np.repeat(count, count) - 1)
    drawn = streets.geometry.to_numpy()[row]
    points = shapely.line_interpolate_point(drawn, fraction, normalized=True)
    columns = ["secs_tail", "secs_head", "secs_forward", "secs_backward"]
    tail, head, forward, backward = streets[columns].to_numpy()[row].T
    ahead = tail + np.where(np.isfinite(forward), fraction * np.nan_to_num(forward), np.inf)
    behind = head + np.where(
        np.isfinite(backward), (1 - fraction) * np.nan_to_num(backward), np.inf
    )
    secs = np.minimum(ahead, behind)
    # the points of a street stand together
    entries = reach.entries
    first = np.searchsorted(row, entries["street"], side="left")
    last = np.searchsorted(row, entries["street"], side="right")
    for low, high, at, start in zip(first, last, entries["fraction"], entries["secs"], strict=True):
        here = slice(low, high)
        away = fraction[here] - at
        per = np.where(away >= 0, forward[here], backward[here])
        along = np.where(np.isfinite(per), np.abs(away) * np.nan_to_num(per), np.inf)
        secs[here] = np.minimum(secs[here], start + along)
    return shapely.get_coordinates(points), secs
