"""Trips grouped to lines on which no vehicle overtakes another, and their events.

An event is a call of a trip. Events are numbered line by line, trip by trip: the event of trip k of
a line at its position p is `first_event + k * positions + p`. So the next event of a vehicle is the
next number, and the next vehicle at a stop is a fixed step away.
"""

from __future__ import annotations

from typing import NamedTuple

import numpy as np

from analysis.kernels import inlined
from analysis.timetable.service.grouping import trips_in_lines
from analysis.timetable.service.phases import ANY_PHASE
from analysis.timetable.service.vehicles import Vehicles

NEVER = 43_500
"""Seconds after the base that stand for never; a walk of six hours added to it fits 16 bits."""
LONGEST_SCOPE_SECS = 43_000
"""The latest event after the base."""


@inlined
def is_met(phase: int, by: int) -> bool:
    """Whether all travellers of a phase (`by`, or of any) meet vehicles of a phase."""
    return phase == ANY_PHASE or phase == by  # noqa: PLR1714 - numba finds numbers in no tuple


class Lines(NamedTuple):
    """Lines and their positions; the arrays of positions follow one another line by line.

    Attributes
    ----------
    first_position, first_event
        int32, lines + 1.
    positions, trips
        int32: number of positions and of trips.
    phase
        int8: the phase, or `analysis.timetable.service.phases.ANY_PHASE`.
    route
        int32: position of the route among the network's.
    line
        int32, a position: its line.
    stop
        int32, a position: its stop.
    pickup, drop_off
        bool, a position.
    slowest
        int32, a position: the longest ride from the line's first position, from leaving to leaving,
        added hop by hop; only differences within a line have a meaning.
    slowest_arrival
        int32, a position: the same from arriving to arriving.
    """

    first_position: np.ndarray
    first_event: np.ndarray
    positions: np.ndarray
    trips: np.ndarray
    phase: np.ndarray
    route: np.ndarray
    line: np.ndarray
    stop: np.ndarray
    pickup: np.ndarray
    drop_off: np.ndarray
    slowest: np.ndarray
    slowest_arrival: np.ndarray


class Events(NamedTuple):
    """Events, seconds after the base as int32.

    Attributes
    ----------
    position
        int32: the position among all positions of lines.
    board_by
        Latest moment at the stop to board there.
    leave_at
        Earliest moment at the stop after alighting there.
    depart
        When the vehicle departs.
    trip
        int32: the trip among the vehicles'.
    """

    position: np.ndarray
    board_by: np.ndarray
    leave_at: np.ndarray
    depart: np.ndarray
    trip: np.ndarray


@inlined
def first_trip(times: np.ndarray, event: int, step: np.int64, moment: int) -> int:
    """The first trip of a line that can be boarded at a moment; all trips if there is none.

    `times` are those of all events; `event` is the position's on the first trip and `step` the
    number of positions, with the number of trips in its upper half: step + (trips << 32).
    """
    low, high, gap = 0, int(step >> 32), int(step & 0xFFFFFFFF)
    while low < high:
        middle = (low + high) >> 1
        if times[event + middle * gap] < moment:
            low = middle + 1
        else:
            high = middle
    return low


@inlined
def step_of(lines: Lines, line: int) -> np.int64:
    """Number of positions and of trips of a line in one number, see `first_trip`."""
    return np.int64(lines.positions[line]) + (np.int64(lines.trips[line]) << np.int64(32))


def _used_trips(vehicles: Vehicles, base: int, horizon: int) -> np.ndarray:
    """Trips with two calls or more that run between the base and the horizon after it."""
    calls, first = vehicles.calls, vehicles.first
    has_calls = np.diff(first) > 1
    if not has_calls.any():
        return np.empty(0, dtype=np.int64)
    last = np.maximum(first[1:] - 1, 0)
    starts = np.minimum(first[:-1], len(calls.trip) - 1)
    runs = (calls.arrive[last] > base) & (calls.depart[starts] <= base + horizon)
    return np.flatnonzero(has_calls & runs)


def _slowest(values: np.ndarray, events: Events, count: int) -> np.ndarray:
    """The longest time of any trip between positions, added hop by hop from the first one."""
    hop = np.zeros(count, dtype=np.int64)
    same = np.flatnonzero(np.diff(events.position) == 1) + 1
    np.maximum.at(hop, events.position[same], values[same] - values[same - 1])
    return np.cumsum(hop).astype(np.int32)


def lines(vehicles: Vehicles, *, base: int, horizon: int) -> tuple[Lines, Events]:
    """Lines and events of the vehicles that run between two moments.

    Parameters
    ----------
    vehicles
        Trips.
    base
        Seconds of the service day; times of events count from here.
    horizon
        Seconds after the base, at most `LONGEST_SCOPE_SECS`. Later events are `NEVER`.
    """
    calls, first = vehicles.calls, vehicles.first
    groups = trips_in_lines(vehicles, _used_trips(vehicles, base, horizon))
    lead = np.array([group[0] for group in groups], dtype=np.int64)
    trips = np.array([len(group) for group in groups], dtype=np.int32)
    positions = np.diff(first)[lead].astype(np.int32)
    starts = np.concatenate([[0], np.cumsum(positions)]).astype(np.int32)
    first_event = np.concatenate([[0], np.cumsum(positions * trips)]).astype(np.int32)
    members = np.array([number for group in groups for number in group], dtype=np.int64)
    count = np.repeat(positions, trips)
    trip = np.repeat(members, count)
    within = np.arange(len(trip)) - np.repeat(np.cumsum(count) - count, count)
    call = first[trip] + within
    at_lead = np.repeat(first[lead], positions) + (
        np.arange(starts[-1]) - np.repeat(starts[:-1], positions)
    )
    line = np.repeat(np.arange(len(lead), dtype=np.int32), positions)
    depart, arrive = (times[call] - base for times in (calls.depart, calls.arrive))
    position = np.repeat(np.repeat(starts[:-1], trips), count) + within

    def clipped(secs: np.ndarray) -> np.ndarray:
        return np.where(secs > horizon, NEVER, np.maximum(secs, -NEVER)).astype(np.int32)

    events = Events(
        position.astype(np.int32),
        clipped(depart - vehicles.trips.board_secs[trip]),
        clipped(arrive + vehicles.trips.leave_secs[trip]),
        clipped(depart),
        trip.astype(np.int32),
    )
    return Lines(
        first_position=starts,
        first_event=first_event,
        positions=positions,
        trips=trips,
        phase=vehicles.trips.phase[lead],
        route=vehicles.trips.route[lead],
        line=line,
        stop=calls.stop[at_lead],
        pickup=calls.pickup[at_lead],
        drop_off=calls.drop_off[at_lead],
        slowest=_slowest(depart, events, len(at_lead)),
        slowest_arrival=_slowest(arrive, events, len(at_lead)),
    ), events
