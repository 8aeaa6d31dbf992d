"""The vehicles of a network: trips of its timetable, and lines with a headway as trips too."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace
from typing import NamedTuple

import numpy as np
import pandas as pd

from analysis.timetable.service.courses import Course, courses
from analysis.timetable.service.phases import ANY_PHASE, Phasing, departures, through_pairs
from layers.network import TransportNetwork
from layers.timetable import Timetable
from layers.transit import Period


class Calls(NamedTuple):
    """Calls of vehicles, trip by trip in order of travel, one row a call.

    Attributes
    ----------
    stop
        int32: position of the stop among the network's.
    arrive, depart
        int64 seconds of the service day; each ride takes a second at least.
    pickup, drop_off
        bool: whether one may board, and alight.
    trip
        int32: number of the trip.
    """

    stop: np.ndarray
    arrive: np.ndarray
    depart: np.ndarray
    pickup: np.ndarray
    drop_off: np.ndarray
    trip: np.ndarray


class Trips(NamedTuple):
    """Trips, one row each.

    Attributes
    ----------
    route
        int32: position of the route among the network's.
    row
        int32: row of the trip in the timetable; -1 for one of a line with a headway only.
    phase
        int8: the phase, or `ANY_PHASE` for a trip with a clock.
    board_secs, leave_secs
        int64: from the street into the vehicle before it departs, and back.
    """

    route: np.ndarray
    row: np.ndarray
    phase: np.ndarray
    board_secs: np.ndarray
    leave_secs: np.ndarray


@dataclass(frozen=True, eq=False)
class Vehicles:
    """All trips that may be ridden between two moments.

    Attributes
    ----------
    calls, trips
        The trips and their calls.
    stays
        int32, pairs x 2: trips on which riders may stay on board where another ends.
    stops
        Number of stops of the network.
    """

    calls: Calls
    trips: Trips
    stays: np.ndarray
    stops: int

    @property
    def has_phases(self) -> bool:
        """Whether any line has a headway and no clock."""
        return bool((self.trips.phase != ANY_PHASE).any())

    @property
    def first(self) -> np.ndarray:
        """The first call of each trip, and the number of calls at the end."""
        return np.searchsorted(self.calls.trip, np.arange(len(self.trips.route) + 1))

    def mirrored(self) -> Vehicles:
        """The same with time reversed: travel from A to B becomes travel from B to A.

        Times change their sign, so who arrives latest departs first.
        """
        calls, trips = self.calls, self.trips
        last = len(trips.route) - 1
        return replace(
            self,
            calls=Calls(
                stop=calls.stop[::-1],
                arrive=-calls.depart[::-1],
                depart=-calls.arrive[::-1],
                pickup=calls.drop_off[::-1],
                drop_off=calls.pickup[::-1],
                trip=(last - calls.trip[::-1]).astype(np.int32),
            ),
            trips=Trips(
                route=trips.route[::-1],
                row=trips.row[::-1],
                phase=trips.phase[::-1],
                board_secs=trips.leave_secs[::-1],
                leave_secs=trips.board_secs[::-1],
            ),
            stays=(last - self.stays[:, ::-1]).astype(np.int32),
        )


def in_order(arrive: np.ndarray, depart: np.ndarray, trip: np.ndarray) -> np.ndarray:
    """Arrivals and departures (2 x calls) where each ride takes a second at least.

    A running maximum, trip by trip, of the times less a second a call.

    Examples
    --------
    >>> times = np.array([0, 60, 60])
    >>> in_order(times, times, np.zeros(3, int)).tolist()
    [[0, 60, 61], [0, 60, 61]]
    """
    place = np.arange(len(trip)) - np.searchsorted(trip, trip)
    times = np.column_stack([arrive, depart]).astype(np.int64) - place[:, None]
    # trips so far apart that the maximum of one stays below the next
    span = int(times.max() - times.min() + 1) if len(times) else 1
    apart = trip[:, None].astype(np.int64) * span
    running = np.maximum.accumulate((times + apart).ravel()).reshape(times.shape) - apart
    in_time: np.ndarray = (running + place[:, None]).T
    return in_time


def _scheduled(
    timetable: Timetable, stop_at: pd.Index, route_at: pd.Index
) -> tuple[Calls, Trips, np.ndarray]:
    """Trips with a clock, their calls, and the pairs of trips on which riders stay."""
    table = timetable.trips
    route = route_at.get_indexer(table["route_id"]).astype(np.int32)
    runs = (route >= 0) & (table["headway_secs"].to_numpy(dtype=float) == 0)
    number = np.where(runs, np.cumsum(runs) - 1, -1).astype(np.int32)
    stop = stop_at.get_indexer(timetable.calls["stop_id"]).astype(np.int32)
    row = timetable.calls["trip"].to_numpy(dtype=np.int64)
    used = runs[row] & (stop >= 0)
    calls, trip = timetable.calls[used], number[row[used]]
    arrive, depart = in_order(
        calls["arrival_secs"].to_numpy(), calls["departure_secs"].to_numpy(), trip
    )
    pickup, drop_off = (calls[name].to_numpy(dtype=bool) for name in ("pickup", "drop_off"))
    none = np.zeros(int(runs.sum()), dtype=np.int64)
    phase = np.full(len(none), ANY_PHASE, dtype=np.int8)
    trips = Trips(route[runs], np.flatnonzero(runs).astype(np.int32), phase, none, none)
    follows = table["next_trip"].to_numpy(dtype=np.int64)
    pairs = np.column_stack([number, np.where(follows >= 0, number[follows], -1)])
    stays = pairs[(pairs >= 0).all(axis=1)].astype(np.int32)
    return Calls(stop[used], arrive, depart, pickup, drop_off, trip), trips, stays


def _repeated(course: Course, leaves: np.ndarray, first_trip: int) -> Calls:
    """The calls of a course's vehicles that leave its first stop at given seconds."""
    count, trips = len(course.stops), len(leaves)
    return Calls(
        stop=np.tile(course.stops, trips),
        arrive=(leaves[:, None] + course.arrive).ravel(),
        depart=(leaves[:, None] + course.depart).ravel(),
        pickup=np.tile(course.pickup, trips),
        drop_off=np.tile(course.drop_off, trips),
        trip=np.repeat(np.arange(first_trip, first_trip + trips, dtype=np.int32), count),
    )


def _unscheduled(
    found: Sequence[Course], within: tuple[float, float], phasing: Phasing, first_trip: int
) -> tuple[list[Calls], list[Trips], list[np.ndarray]]:
    """Trips of lines without a clock, in each phase."""
    calls, trips, stays = [], [], []
    leaving = departures(found, within, phasing)
    number = first_trip
    numbers: dict[tuple[int, int], int] = {}
    for (place, phase), leaves in leaving.items():
        course = found[place]
        calls.append(_repeated(course, leaves, number))
        shape = len(leaves)
        board, leave = (
            np.full(shape, secs, np.int64) for secs in (course.board_secs, course.leave_secs)
        )
        route = np.full(shape, course.route, np.int32)
        row = np.full(shape, course.row, np.int32)
        trips.append(Trips(route, row, np.full(shape, phase, np.int8), board, leave))
        numbers[place, phase] = number
        number += shape
    for one, other, phase, pairs in through_pairs(found, leaving):
        stays.append(pairs + np.array([numbers[one, phase], numbers[other, phase]]))
    return calls, trips, stays


def vehicles(
    network: TransportNetwork, *, period: Period, within: tuple[float, float], phasing: Phasing
) -> Vehicles:
    """The trips of a network that run between two moments.

    Parameters
    ----------
    network
        Routes without trips in its timetable run by their headway of the period; trips of routes
        that the network does not have do not run.
    period
        Period whose headways apply.
    within
        Seconds of the service day. Trips with a clock are all there.
    phasing
        How lines without a clock are met.
    """
    stop_at = pd.Index(network.stops.index)
    route_at = pd.Index([route.route_id for route in network.routes])
    calls, trips, stays = _scheduled(network.timetable, stop_at, route_at)
    found = courses(network, stop_at, route_at, period)
    more_calls, more_trips, more_stays = _unscheduled(found, within, phasing, len(trips.route))
    all_stays = np.concatenate([stays.reshape(-1, 2), *more_stays]).astype(np.int32)
    return Vehicles(
        Calls(*(np.concatenate(parts) for parts in zip(calls, *more_calls, strict=True))),
        Trips(*(np.concatenate(parts) for parts in zip(trips, *more_trips, strict=True))),
        all_stays,
        len(stop_at),
    )
