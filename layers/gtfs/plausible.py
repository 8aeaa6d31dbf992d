"""Trips that no vehicle can run: without any time from end to end, or far too fast."""

from __future__ import annotations

from collections.abc import Mapping

import numpy as np
import pandas as pd

from geo.faults import Fault
from layers.gtfs.blank_times import MINUTE, hop_metres, whole_minute_trips
from layers.gtfs.tables.cells import limited
from layers.gtfs.visits import Visits
from layers.route_types import FASTEST_KPH, vehicle

FEWEST_STOPS = 3
"""A trip of so many stops or more takes time, however near they are."""
KPH = 3.6


def _run_metres(visits: Visits, at: np.ndarray) -> np.ndarray:
    """The straight length of each trip without its worst stop, which may be misplaced.

    A trip of two stops has no stop to spare.
    """
    into = np.nan_to_num(hop_metres(visits, at))
    out = np.append(into[1:], 0.0)
    out[visits.last] = 0.0
    total = np.add.reduceat(into, visits.first)
    direct = np.zeros(len(at))
    direct[1:-1] = np.nan_to_num(np.hypot(*(at[2:] - at[:-2]).T))
    direct[visits.first] = direct[visits.last] = 0.0
    worst = np.maximum.reduceat(into + out - direct, visits.first)
    return np.where(visits.counts > 2, total - worst, total)  # noqa: PLR2004


def _is_impossible(visits: Visits, at: np.ndarray, types: Mapping[str, float]) -> np.ndarray:
    """By trip, whether its times cannot be; `visits` has the times of the feed."""
    secs = visits.arrive[visits.last] - visits.depart[visits.first]
    cut = whole_minute_trips(visits)[visits.first] * MINUTE
    kinds = visits.trips["route_id"].map(types)
    fastest = {kind: FASTEST_KPH[vehicle(int(kind))] for kind in kinds.dropna().unique()}
    limit = kinds.map(fastest).fillna(FASTEST_KPH["other"]).to_numpy(dtype=float) / KPH
    too_fast = _run_metres(visits, at) > limit * (secs + cut)
    return too_fast | ((secs <= 0) & (visits.counts >= FEWEST_STOPS))


def possible_visits(
    visits: Visits, at: np.ndarray, routes: pd.DataFrame, file: str
) -> tuple[Visits, np.ndarray, list[Fault]]:
    """The trips that a vehicle can run, and warnings of the others, one a route and course.

    A run is impossible if it takes no time over three stops or more, or if it is faster from end
    to end than its kind of vehicle can be (`layers.route_types.FASTEST_KPH`), with a minute to
    spare where times are whole minutes.

    Parameters
    ----------
    visits
        Valid trips with the times of the feed.
    at
        See `layers.gtfs.blank_times.positions`.
    routes
        routes.txt, checked.
    file
        The name of stop_times.txt in faults.

    Returns
    -------
    Visits
    array of float
        `at` of their calls.
    list of Fault
    """
    if not len(visits.first):
        return visits, at, []
    types = routes.drop_duplicates("route_id").set_index("route_id")["route_type"]
    bad = _is_impossible(visits, at, types.to_dict())
    if not bad.any():
        return visits, at, []
    found: dict[tuple[object, ...], list[int]] = {}
    routes_of, ids = visits.trips["route_id"].to_numpy(), visits.trips["trip_id"].to_numpy()
    for trip in np.flatnonzero(bad).tolist():
        stops = visits.stop[visits.starts[trip] : visits.starts[trip + 1]]
        found.setdefault((routes_of[trip], stops.tobytes()), []).append(trip)
    faults = [
        _fault(visits, trips, file, (ids, hop_metres(visits, at))) for trips in found.values()
    ]
    stays = np.repeat(~bad, visits.counts)
    return visits.of(~bad), at[stays], limited(faults, file)


def _fault(
    visits: Visits, trips: list[int], file: str, columns: tuple[np.ndarray, np.ndarray]
) -> Fault:
    """The warning of one course: how many trips, how far and in how many seconds."""
    ids, metres = columns
    trip = trips[0]
    calls = slice(visits.starts[trip], visits.starts[trip + 1])
    secs = visits.arrive[visits.last[trip]] - visits.depart[visits.first[trip]]
    ends = visits.stop_ids[visits.stop[[visits.first[trip], visits.last[trip]]]]
    length = np.nansum(metres[calls]) / 1_000
    message = (
        f"{len(trips)} trips of route {visits.trips['route_id'].iloc[trip]} from {ends[0]} to"
        f" {ends[1]} take {secs:.0f} s for {length:.1f} km, left out"
    )
    return Fault(file, str(ids[trip]), "times-impossible", message, "times of a vehicle", "warning")
