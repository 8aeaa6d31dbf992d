"""The way that a traveller takes: legs traced back through the search that found the time."""

from __future__ import annotations

from dataclasses import dataclass
from typing import NamedTuple

import numpy as np

from analysis.timetable.batches import Workspace, searched, workspace
from analysis.timetable.prepared import Prepared
from analysis.timetable.samples import Batch
from analysis.timetable.search import TimetableSearch
from analysis.timetable.service.lines import NEVER
from analysis.timetable.service.scoped import Service
from analysis.timetable.service.walks import Rows


class Ride(NamedTuple):
    """One vehicle that is ridden, in the direction of the search.

    Attributes
    ----------
    trip
        Number of the trip among the vehicles.
    first, last
        Hops: the first and the last one that is ridden.
    """

    trip: int
    first: int
    last: int


@dataclass(frozen=True)
class Journey:
    """The way of one sample, in the direction and time of the search.

    Attributes
    ----------
    moment, arrival
        Seconds of the service day at which one leaves and arrives.
    rides
        Vehicles in order; none if one walks all the way.
    service, base
        What the hops refer to, and the second from which its times count.
    """

    moment: int
    arrival: int
    rides: tuple[Ride, ...]
    service: Service
    base: int


class _Trace:
    """The bits of one lane after a search."""

    def __init__(self, service: Service, space: Workspace, scope: int, lane: int) -> None:
        self.service, self._lane = service, lane
        self._reached, self._boarding = space.bits[scope].reached, space.bits[scope].boarding

    def _has(self, table: np.ndarray, rows: np.ndarray | int) -> np.ndarray:
        word, bit = self._lane >> 6, np.uint64(self._lane & 63)
        return np.asarray((table[rows, word] >> bit) & np.uint64(1), dtype=bool)

    def ride_to(self, hop: int) -> Ride:
        """The vehicle that is ridden at the end of a hop, from where one boards."""
        first = hop
        while True:
            before = int(self.service.before[first])
            if before == len(self.service.position) or not self._has(self._reached, before):
                break
            first = before
        event = int(np.flatnonzero(self.service.hop == first)[0])
        return Ride(int(self.service.events.trip[event]), first, hop)

    def changed_from(self, hop: int) -> int | None:
        """A hop from whose end one boards another, or stays on board; None if there is none."""
        service = self.service
        entries = np.flatnonzero((service.change_to == hop) | (service.change_to == ~hop))
        hops = np.searchsorted(service.change_first, entries, side="right") - 1
        hops = hops[self._has(self._reached, hops)] if len(hops) else hops
        # of several the last: the less one waits
        return int(hops[np.argmax(service.leave_at[hops])]) if len(hops) else None

    def alighted(self, stop: int, moment: int) -> int:
        """The hop at whose end the lane alights at a stop at a moment."""
        service = self.service
        part = slice(service.arrival_first[stop], service.arrival_first[stop + 1])
        hops = service.arrival_hop[part]
        here = hops[(service.leave_at[hops] == moment) & self._has(self._reached, hops)]
        return int(here[0])


def _walks_to_board(service: Service, access: Rows, moment: int, hop: int) -> bool:
    """Whether the first hop of a ride is boarded from the origin."""
    event = int(np.flatnonzero(service.hop == hop)[0])
    position = service.events.position[event]
    part = slice(int(access.first[0]), int(access.first[1]))
    here = access.to[part] == position
    by = service.events.board_by[event]
    return bool((moment + access.secs[part][here] <= by).any())


def _rides(trace: _Trace, access: Rows, moment: int, last: int) -> tuple[Ride, ...]:
    """The vehicles from the origin to the end of a hop."""
    rides: list[Ride] = []
    hop: int | None = last
    while hop is not None:
        ride = trace.ride_to(hop)
        rides.append(ride)
        if _walks_to_board(trace.service, access, moment, ride.first):
            break
        hop = trace.changed_from(ride.first)
    return tuple(reversed(rides))


def _of_lane(
    ready: Prepared,
    batch: Batch,
    lane: int,
    *,
    space: Workspace,
    walks: tuple[Rows, Rows, float],
) -> Journey:
    access, egress, direct = walks
    scoped = ready.services[batch.scope]
    moment = int(batch.moment[lane])
    stops, secs = egress.to, egress.secs.astype(np.int64)
    arrivals = space.ride[stops, lane].astype(np.int64) + secs if len(stops) else np.array([10**6])
    best = int(np.argmin(arrivals))
    rides: tuple[Ride, ...] = ()
    if moment + direct <= arrivals[best] or arrivals[best] >= NEVER:
        arrival = moment + int(direct)
    else:
        arrival = int(arrivals[best])
        trace = _Trace(scoped.service, space, batch.scope, lane)
        hop = trace.alighted(int(stops[best]), arrival - int(secs[best]))
        rides = _rides(trace, access, moment, hop)
    return Journey(moment + scoped.base, arrival + scoped.base, rides, scoped.service, scoped.base)


def journeys(
    search: TimetableSearch, origin: int, destination: int, *, limit_secs: float
) -> list[Journey]:
    """The way of every sample that arrives, quickest first.

    With `window.arrive_by` the origin is where one arrives, and time runs backwards.

    Parameters
    ----------
    search
        Its window has no limit of rides: the rides are not counted on the way back.
    origin, destination
        Positions of points.
    limit_secs
        Longest travel time.
    """
    ready = search.prepared(limit_secs)
    block, egress = search.one_pair(ready, origin, destination)
    space = workspace(ready, search.stops, 0, None)
    found = []
    for batch, origins in searched(ready, block.access, range(1), space, max_rides=None):
        for lane in np.flatnonzero(origins >= 0).tolist():
            walks = (block.access[batch.scope], egress[batch.scope], float(block.direct[0, 0]))
            journey = _of_lane(ready, batch, lane, space=space, walks=walks)
            if journey.arrival - journey.moment <= limit_secs:
                found.append(journey)
    return sorted(found, key=lambda j: (j.arrival - j.moment, len(j.rides), j.moment))
