"""Lines with a headway and no clock, as vehicles in a few phases.

The time at which vehicles of such a line come is uniform within its headway. The line stands as
`PHASES` sets of vehicles, each with its own shift; a traveller meets one of them, and the
distribution over travellers has the waits of all. The shifts are a Latin hypercube: each line has
one in every eighth of its headway, in an order of its own that depends on its id only. So lines
meet one another in many ways, and adding a line changes no other.
"""

from __future__ import annotations

import hashlib
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass

import numpy as np
import pandas as pd

from layers.network import TransportNetwork
from layers.timetable import Timetable
from layers.transit import Period, TransitRoute

PHASES = 8
"""Shifts of a line: one for each word of a row, see `analysis.timetable.sweep`."""
ANY_PHASE = -1
"""Stands for all phases: trips with a clock run in each."""


@dataclass(frozen=True, eq=False)
class Course:
    """A line in one direction without a clock.

    Attributes
    ----------
    key
        Its id, from which its phases follow.
    route
        Position of the route among the network's.
    row
        Row of its trip in the timetable; -1 without.
    stops, arrive, depart, pickup, drop_off
        Its calls: positions of stops, seconds after leaving the first stop, bans.
    headway_secs
        Seconds between vehicles.
    span
        When vehicles leave the first stop: seconds, the end not included; None for always.
    board_secs, leave_secs
        From the street into the vehicle before it departs, and back.
    through
        Positions of routes on which its vehicles continue from a shared terminal stop.
    """

    key: str
    route: int
    row: int
    stops: np.ndarray
    arrive: np.ndarray
    depart: np.ndarray
    pickup: np.ndarray
    drop_off: np.ndarray
    headway_secs: float
    span: tuple[float, float] | None = None
    board_secs: int = 0
    leave_secs: int = 0
    through: frozenset[int] = frozenset()


def phase_shares(key: str) -> np.ndarray:
    """The shifts of a line, as shares of its headway: one in every eighth, ordered by its id.

    Examples
    --------
    >>> np.sort(np.floor(phase_shares("7") * PHASES)).tolist()
    [0.0, 1.0, 2.0, 3.0, 4.0, 5.0, 6.0, 7.0]
    """
    seed = int.from_bytes(hashlib.blake2b(key.encode(), digest_size=8).digest(), "big")
    order = np.random.default_rng(seed).permutation(PHASES)
    return np.asarray((order + 0.5) / PHASES)


def _route_courses(
    route: TransitRoute, at: int, stops: np.ndarray, *, headway_secs: float, through: frozenset[int]
) -> list[Course]:
    """A route in each of its directions."""
    access = round(route.stop_access_secs)
    directions = [(stops, route.hop_secs, ">")]
    if route.bidirectional:
        directions.append((stops[::-1], route.hop_secs[::-1], "<"))
    found = []
    for course_stops, hops, mark in directions:
        # at least a second a hop, as for trips with a clock
        secs = np.concatenate([[0], np.cumsum(np.maximum(np.rint(hops), 1))]).astype(np.int64)
        allowed = np.ones(len(course_stops), dtype=bool)
        found.append(
            Course(
                key=f"{route.route_id}{mark}",
                route=at,
                row=-1,
                stops=course_stops,
                arrive=secs,
                depart=secs,
                pickup=allowed,
                drop_off=allowed,
                headway_secs=headway_secs,
                board_secs=access + round(route.boarding_secs),
                leave_secs=access,
                through=through,
            )
        )
    return found


def _trip_courses(timetable: Timetable, stop_at: pd.Index, route_at: pd.Index) -> list[Course]:
    """The trips of a timetable that have a headway and no clock."""
    trips = timetable.trips
    route = route_at.get_indexer(trips["route_id"])
    rows = np.flatnonzero((trips["headway_secs"].to_numpy(dtype=float) > 0) & (route >= 0))
    if not len(rows):
        return []
    trip = timetable.calls["trip"].to_numpy()
    found = []
    for row in rows.tolist():
        calls = timetable.calls.iloc[slice(*np.searchsorted(trip, [row, row + 1]))]
        stops = stop_at.get_indexer(calls["stop_id"]).astype(np.int32)
        calls, stops = calls[stops >= 0], stops[stops >= 0]
        start, end, headway = (
            float(trips[name].iloc[row]) for name in ("start_secs", "end_secs", "headway_secs")
        )
        times = calls[["arrival_secs", "departure_secs"]].to_numpy(dtype=np.int64)
        arrive, depart = (times - times[0, 1] if len(times) else times).T
        found.append(
            Course(
                key=str(trips["trip_id"].iloc[row]),
                route=int(route[row]),
                row=row,
                stops=stops,
                arrive=arrive,
                depart=depart,
                pickup=calls["pickup"].to_numpy(dtype=bool),
                drop_off=calls["drop_off"].to_numpy(dtype=bool),
                headway_secs=headway,
                span=(start, end),
            )
        )
    return found


def courses(
    network: TransportNetwork, stop_at: pd.Index, route_at: pd.Index, period: Period
) -> list[Course]:
    """All lines without a clock: routes without trips in the timetable, and trips with a headway.

    Parameters
    ----------
    network
        Roads, stops, routes and timetable.
    stop_at, route_at
        Ids of its stops and routes, in order.
    period
        Period whose headways apply; routes with an infinite one do not run.
    """
    timed = network.timetable.route_ids
    through = _through(network.routes, route_at)
    found = []
    for at, route in enumerate(network.routes):
        headway = route.headway_secs(period)
        if route.route_id not in timed and np.isfinite(headway):
            stops = stop_at.get_indexer(list(route.stop_ids)).astype(np.int32)
            onward = frozenset(through.get(at, ()))
            found += _route_courses(route, at, stops, headway_secs=headway, through=onward)
    return found + _trip_courses(network.timetable, stop_at, route_at)


def _through(routes: Sequence[TransitRoute], route_at: pd.Index) -> dict[int, set[int]]:
    """By route: the routes on which its vehicles continue; the relation holds both ways."""
    found: dict[int, set[int]] = {}
    for at, route in enumerate(routes):
        for other in route_at.get_indexer(list(route.through_routes)).tolist():
            if other >= 0:
                found.setdefault(at, set()).add(other)
                found.setdefault(other, set()).add(at)
    return found


def _continues(one: Course, other: Course) -> bool:
    """Whether vehicles of a course go on as another: through routes, and loops as themselves."""
    if one.span or other.span or one.stops[-1] != other.stops[0]:
        return False
    return one is other or (other.route in one.through and one.route != other.route)


def _shifts(found: Sequence[Course]) -> np.ndarray:
    """Seconds by which each course's vehicles are shifted in each phase: courses x phases.

    Where vehicles continue as another line, that one leaves when they arrive.
    """
    shifts = np.zeros((len(found), PHASES))
    for place, course in enumerate(found):
        shifts[place] = phase_shares(course.key) * course.headway_secs
        for earlier, other in enumerate(found[:place]):
            if _continues(other, course):
                shifts[place] = shifts[earlier] + other.arrive[-1]
                break
            if _continues(course, other):
                shifts[place] = shifts[earlier] - course.arrive[-1]
                break
        shifts[place] %= course.headway_secs
    return shifts


def _leaves(course: Course, shift: float, within: tuple[float, float]) -> np.ndarray:
    """Seconds at which a course's vehicles leave its first stop."""
    low, high = within[0] - float(course.arrive[-1]), within[1]
    start = shift
    if course.span:
        start += course.span[0]
        low, high = max(low, course.span[0]), min(high, course.span[1] - 1)
    first, last = np.ceil((low - start) / course.headway_secs), (high - start) / course.headway_secs
    numbers = np.arange(first, np.floor(last) + 1)
    return np.asarray(np.rint(start + numbers * course.headway_secs).astype(np.int64))


def departures(
    found: Sequence[Course], within: tuple[float, float]
) -> dict[tuple[int, int], np.ndarray]:
    """When vehicles leave the first stop of each course in each phase.

    Parameters
    ----------
    found
        The courses.
    within
        Seconds: all vehicles on the way between these moments.

    Returns
    -------
    dict of ndarray
        int64 seconds, by position of the course and phase.
    """
    shifts = _shifts(found)
    return {
        (place, phase): _leaves(course, float(shifts[place, phase]), within)
        for place, course in enumerate(found)
        if len(course.stops) > 1
        for phase in range(PHASES)
    }


def through_pairs(
    found: Sequence[Course], leaving: Mapping[tuple[int, int], np.ndarray]
) -> Iterator[tuple[int, int, int, np.ndarray]]:
    """Vehicles that go on as others: each continues the last one that arrived before it leaves.

    Yields
    ------
    tuple
        Positions of two courses, the phase, and pairs of their vehicles (int64, n x 2).
    """
    ends = [(place, course) for place, course in enumerate(found) if len(course.stops) > 1]
    for one, course in ends:
        for other, following in ends:
            if not _continues(course, following):
                continue
            for phase in range(PHASES):
                arrivals = leaving[one, phase] + course.arrive[-1]
                leaves = leaving[other, phase]
                before = np.searchsorted(arrivals, leaves, side="right") - 1
                is_new = np.diff(before, prepend=-1) > 0
                vehicle = np.arange(len(leaves))
                yield one, other, phase, np.column_stack([before, vehicle])[is_new & (before >= 0)]
