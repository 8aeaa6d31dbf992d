"""Lines with a headway and no clock: their course and when they run."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
import pandas as pd

from layers.network import TransportNetwork
from layers.timetable import Timetable
from layers.transit import Period, TransitRoute


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
        Positions of routes on which its vehicles continue from a shared terminal stop; its own, if
        it goes round.
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


def _route_courses(
    route: TransitRoute, at: int, stops: np.ndarray, *, headway_secs: float, through: frozenset[int]
) -> list[Course]:
    """A route in each of its directions."""
    access = round(route.stop_access_secs)
    directions = [(stops, route.hop_secs, route.stands_secs, ">")]
    if route.bidirectional:
        directions.append((stops[::-1], route.hop_secs[::-1], route.stands_secs[::-1], "<"))
    found = []
    for course_stops, hop_secs, stands_secs, mark in directions:
        # at least a second a hop, as for trips with a clock
        hops, stands = np.maximum(np.rint(hop_secs), 1), np.rint(stands_secs[1:-1])
        arrive = np.cumsum(hops) + np.concatenate([[0], np.cumsum(stands)])
        secs = np.concatenate([[0], arrive]).astype(np.int64)
        leave = secs + np.concatenate([[0], stands, [0]]).astype(np.int64)
        allowed = np.ones(len(course_stops), dtype=bool)
        found.append(
            Course(
                key=f"{route.route_id}{mark}",
                route=at,
                row=-1,
                stops=course_stops,
                arrive=secs,
                depart=leave,
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
        if route.circulates:
            found.setdefault(at, set()).add(at)
        for other in route_at.get_indexer(list(route.through_routes)).tolist():
            if other >= 0:
                found.setdefault(at, set()).add(other)
                found.setdefault(other, set()).add(at)
    return found
