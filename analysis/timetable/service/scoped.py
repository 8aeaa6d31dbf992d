"""What runs in a part of the window, made ready for the search."""

from __future__ import annotations

from dataclasses import dataclass, replace
from functools import cached_property
from typing import NamedTuple

import numpy as np

from analysis.timetable.service.change_rules import StopRules, line_rules
from analysis.timetable.service.lines import NEVER, Events, Lines, lines
from analysis.timetable.service.phases import ANY_PHASE
from analysis.timetable.service.transfers import ChangeRules, changes
from analysis.timetable.service.vehicles import Vehicles
from analysis.timetable.service.walks import (
    Rows,
    StopPositions,
    boardings,
    no_rows,
    stop_positions,
)


class Service(NamedTuple):
    """What runs between two moments, ready for the search.

    A hop is a vehicle's way from one call to the next. Hops are numbered in order of departure, so
    that a search runs through its memory from front to back.

    Attributes
    ----------
    lines, events
        The vehicles.
    hop
        int32, an event: the hop that starts there; -1 at the end of a trip.
    position
        int32, a hop: the position at its end.
    before
        int32, a hop: the hop before it on the same vehicle; that of the empty row at the start.
    phase
        int8, a hop: the phase of its line.
    leave_at
        int32, a hop: when one is on the street at its end.
    change_first, change_from
        By hop: the hops at whose end one changes to it; ~hop (below zero) if one stays on board.
    arrival_first, arrival_hop
        By stop: the hops at whose end one alights there, in order of time.
    arrival_secs
        uint16: the moments of these arrivals.
    arrival_of
        int32, a hop: its place among the arrivals of all stops; -1 if one may not alight.
    """

    lines: Lines
    events: Events
    hop: np.ndarray
    position: np.ndarray
    before: np.ndarray
    phase: np.ndarray
    leave_at: np.ndarray
    change_first: np.ndarray
    change_from: np.ndarray
    arrival_first: np.ndarray
    arrival_hop: np.ndarray
    arrival_secs: np.ndarray
    arrival_of: np.ndarray


@dataclass(frozen=True, eq=False)
class ScopedService:
    """A service and where its lines call.

    Attributes
    ----------
    service
        Lines, events and changes.
    at
        The positions of lines at each stop.
    base
        Seconds of the service day from which its times count.
    boards
        By stop: the positions worth boarding, and the seconds of the change.
    rules
        Changes that take other seconds than those in `boards`.
    """

    service: Service
    at: StopPositions
    base: int
    boards: Rows
    rules: ChangeRules

    def of_phase(self, phase: int, within: tuple[int, int]) -> ScopedService:
        """The vehicles that travellers of a phase meet, and that depart between two moments."""
        met = (self.service.phase == ANY_PHASE) | (self.service.phase == phase)
        kept = met & (self.departs >= within[0]) & (self.departs <= within[1])
        return self if kept.all() else replace(self, service=_with_hops(self.service, kept))

    @cached_property
    def events_of_hops(self) -> np.ndarray:
        """The event at which each hop starts."""
        hop = self.service.hop
        starts = np.flatnonzero(hop >= 0)
        return starts[np.argsort(hop[starts])]

    @cached_property
    def departs(self) -> np.ndarray:
        """When each hop departs, seconds after the base, ascending."""
        return self.service.events.depart[self.events_of_hops]


def _hops(events: Events, found: Lines) -> np.ndarray:
    """Events from which a vehicle rides on, in order of departure."""
    line = found.line[events.position]
    rides_on = events.position < found.first_position[line + 1] - 1
    hops = np.flatnonzero(rides_on & (events.depart >= 0) & (events.depart < NEVER))
    return hops[np.lexsort((hops, events.depart[hops]))]


def _arrivals(
    hops: np.ndarray, events: Events, found: Lines, stops: int
) -> tuple[np.ndarray, np.ndarray, np.ndarray, np.ndarray]:
    """Where one may alight: first and hop by stop, in order of time; moment; and place by hop."""
    position, leave_at = events.position[hops + 1], events.leave_at[hops + 1]
    chosen = np.flatnonzero(found.drop_off[position] & (leave_at < NEVER))
    stop = found.stop[position[chosen]]
    order = np.lexsort((leave_at[chosen], stop))
    first = np.searchsorted(stop[order], np.arange(stops + 1)).astype(np.int64)
    arrival = chosen[order].astype(np.int32)
    place = np.full(len(hops), -1, dtype=np.int32)
    place[arrival] = np.arange(len(arrival))
    return first, arrival, leave_at[arrival].astype(np.uint16), place


def _changes_of_hops(
    froms: np.ndarray, tos: np.ndarray, hop: np.ndarray
) -> tuple[np.ndarray, np.ndarray]:
    """By hop: the hops from which one changes to it. Changes between events, see `changes`."""
    start = hop[froms - 1]
    target = hop[np.where(tos >= 0, tos, ~tos)]
    # whoever stays on board of a vehicle that runs beyond the part of the window
    used = (start >= 0) & (target >= 0)
    source = np.where(tos >= 0, start, ~start)[used]
    order = np.lexsort((start[used], target[used]))
    first = np.searchsorted(target[used][order], np.arange(int(hop.max(initial=-1)) + 2))
    return first.astype(np.int64), source[order].astype(np.int32)


def _kept(first: np.ndarray, used: np.ndarray) -> np.ndarray:
    """Where the entries of each row begin once unused ones are left out."""
    return np.concatenate(([0], np.cumsum(used)))[first]


def _with_hops(service: Service, kept: np.ndarray) -> Service:
    """A service with some of its hops."""
    count = int(kept.sum())
    number = np.full(len(kept) + 1, -1, dtype=np.int32)
    number[:-1][kept], number[-1] = np.arange(count), count
    stays = service.change_from < 0
    source = np.where(stays, ~service.change_from, service.change_from)
    used = np.repeat(kept, np.diff(service.change_first)) & kept[source]
    change_first = _kept(service.change_first, used)[np.append(kept, True)]
    change_from = np.where(stays, ~number[source], number[source])[used]
    alights = kept[service.arrival_hop]
    arrival_hop = number[service.arrival_hop[alights]]
    arrival_of = np.full(count, -1, dtype=np.int32)
    arrival_of[arrival_hop] = np.arange(len(arrival_hop))
    return service._replace(
        hop=np.where(service.hop >= 0, number[service.hop], -1).astype(np.int32),
        position=service.position[kept],
        before=np.where(number[service.before[kept]] < 0, count, number[service.before[kept]]),
        leave_at=service.leave_at[kept],
        change_first=change_first,
        change_from=change_from,
        arrival_first=_kept(service.arrival_first, alights),
        arrival_hop=arrival_hop,
        arrival_secs=service.arrival_secs[alights],
        arrival_of=arrival_of,
        phase=service.phase[kept],
    )


def scoped_service(
    vehicles: Vehicles,
    scope: tuple[int, int],
    *,
    stop_walks: Rows,
    rules: StopRules,
    any_walk: bool,
) -> ScopedService:
    """The service of a part of the window.

    Parameters
    ----------
    vehicles
        All trips.
    scope
        Its first moment, and the seconds after it of the last that counts.
    stop_walks
        Walks between stops, with the rules for all lines in them.
    rules
        Rules for changes.
    any_walk
        Whether a walk may be as long as the whole travel time.
    """
    base, horizon = scope
    found, events = lines(vehicles, base=base, horizon=horizon)
    at = stop_positions(found, vehicles.stops)
    of_lines = line_rules(rules, found, stop_walks)
    # where rules name lines, the nearer position may be the one that must not be boarded
    boards = boardings(stop_walks, at, found, of_lines.slack > 0)
    free = stop_walks if any_walk and not len(rules.secs) else no_rows(vehicles.stops)
    froms, tos = changes((found, events, boards, of_lines, horizon), vehicles.stays, free)
    hops = _hops(events, found)
    hop = np.full(len(events.trip), -1, dtype=np.int32)
    hop[hops] = np.arange(len(hops))
    starts = events.position[hops] == found.first_position[found.line[events.position[hops]]]
    service = Service(
        found,
        events,
        hop,
        events.position[hops + 1],
        np.where(starts | (hop[hops - 1] < 0), len(hops), hop[hops - 1]).astype(np.int32),
        found.phase[found.line[events.position[hops]]],
        events.leave_at[hops + 1],
        *_changes_of_hops(froms, tos, hop),
        *_arrivals(hops, events, found, vehicles.stops),
    )
    return ScopedService(service, at, base, boards, of_lines)
