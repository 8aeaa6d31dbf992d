"""By which vehicles one travels: the walks and rides behind a travel time by timetable."""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import NamedTuple

import numpy as np

from analysis.timetable.batches import BlockOfOrigins
from analysis.timetable.prepared import Prepared
from analysis.timetable.search import TimetableSearch
from analysis.timetable.service.lines import NEVER
from analysis.timetable.service.scoped import ScopedService
from analysis.timetable.service.vehicles import Vehicles
from analysis.timetable.service.walks import Rows
from analysis.timetable.sweep.tracing import (
    CHANGING,
    RIDES,
    RIDING,
    STAYING,
    Trace,
    arrival,
    blank_trace,
    trace,
)


class Part(NamedTuple):
    """A ride on one trip: its number, and the calls where one boards and alights."""

    trip: int
    first: int
    last: int


@dataclass(frozen=True)
class Journey:
    """Walks and rides from a point to a point, in the order of travel.

    Attributes
    ----------
    leave_secs, secs
        When one leaves (seconds of the service day), and the travel time, waits included: exactly
        the one that `TimetableSearch.visit` finds.
    walks
        Seconds of the walks before, between and after the rides; one more than rides. Of a change
        at one stop it is the least time of the timetable's rules.
    rides
        The vehicles; several parts where one stays on board as a trip goes on as another.
    """

    leave_secs: int
    secs: int
    walks: tuple[int, ...]
    rides: tuple[tuple[Part, ...], ...]


class Journeys:
    """The journeys behind the travel times of a search.

    Parameters
    ----------
    search
        Travel times between points.
    limit_secs
        Longest travel time.
    origins, destinations
        Positions of points, as for `TimetableSearch.visit`.
    """

    def __init__(
        self,
        search: TimetableSearch,
        limit_secs: float,
        *,
        origins: np.ndarray,
        destinations: np.ndarray,
    ) -> None:
        self._window = search.window
        self._ready: Prepared = search.prepared(limit_secs)
        walked = search.walked(self._ready, origins, destinations)
        self._block: BlockOfOrigins = walked[0]
        self._egress: tuple[Rows, ...] = walked[1]
        self._traced: tuple[tuple[int, int, int], Trace] | None = None

    @property
    def vehicles(self) -> Vehicles:
        """All trips, as time runs."""
        found = self._ready.vehicles
        return found.mirrored() if self._window.arrive_by else found

    def _scope(self, sample: int) -> int:
        """The part of the window in which a sample lies."""
        scopes = self._ready.samples.scopes
        return next(n for n, scope in enumerate(scopes) if sample in scope.samples)

    def _trace(self, origin: int, sample: int, within_secs: int) -> Trace:
        """All that can be reached from an origin in a time; kept for the next destination."""
        if self._traced is not None and self._traced[0] == (origin, sample, within_secs):
            return self._traced[1]
        scope = self._scope(sample)
        asked, scoped = self._ready.samples, self._ready.services[scope]
        moment = int(asked.times[sample]) - scoped.base
        access = self._block.access[scope]
        row = slice(access.first[origin], access.first[origin + 1])
        found = blank_trace(len(scoped.departs), self._window.max_rides)
        trace(
            scoped.service,
            (access.to[row], access.secs[row]),
            (
                moment,
                int(asked.phases[sample]),
                int(np.searchsorted(scoped.departs, moment + within_secs, side="right")),
                int(self._window.max_rides is not None),
            ),
            found,
        )
        self._traced = ((origin, sample, within_secs), found)
        return found

    def journey(
        self, origin: int, destination: int, sample: int, *, within_secs: int | None = None
    ) -> Journey | None:
        """How one travels in a sample; of equally early arrivals the one that leaves last.

        Parameters
        ----------
        origin, destination
            Places in `origins` and `destinations`. With `window.arrive_by` the origin is where one
            arrives.
        sample
            Place among the samples of the search.
        within_secs
            No less than the travel time, where it is known: then there is less to look at. Best
            the same one for several destinations in a row.

        Returns
        -------
        Journey or None
            None if there is none within the limit. Of several that arrive at the same time: the
            latest departure, then the fewest rides.
        """
        scope, asked = self._scope(sample), self._ready.samples
        scoped = self._ready.services[scope]
        most = asked.limit_secs if within_secs is None else within_secs
        found = self._trace(origin, sample, most)
        egress = self._egress[scope]
        row = slice(egress.first[destination], egress.first[destination + 1])
        arrives, worth, end, walk = arrival(
            scoped.service, (egress.to[row], egress.secs[row]), found
        )
        moment = int(asked.times[sample]) - scoped.base
        direct = int(self._block.direct[destination, origin])
        on_foot = moment + direct if direct <= asked.limit_secs else NEVER
        # who walks all the way leaves at once, and rides on nothing
        if (on_foot, -moment * int(RIDES)) <= (arrives, -int(worth)) and on_foot < NEVER:
            found_way = Journey(int(asked.times[sample]), direct, (direct,), ())
        elif arrives - moment > asked.limit_secs:
            return None
        else:
            walks, rides = self._chain(scoped, found, int(end), origin)
            secs = int(arrives) - moment
            found_way = Journey(int(asked.times[sample]), secs, (*walks, int(walk)), rides)
        return self._as_time_runs(found_way)

    def _chain(
        self, scoped: ScopedService, found: Trace, end: int, origin: int
    ) -> tuple[tuple[int, ...], tuple[tuple[Part, ...], ...]]:
        """Walks before each ride, and the rides, from the last hop back to the origin."""
        layers = found.worth.shape[1]
        starts, (hop, layer) = scoped.events_of_hops, divmod(end, layers)
        walks: list[int] = []
        rides: list[list[Part]] = [[]]
        off = int(starts[hop]) + 1
        while True:
            how, event = found.how[hop, layer], int(starts[hop])
            before = divmod(int(found.before[hop, layer]), layers)
            if how != RIDING:
                rides[-1].append(self._part(scoped, event, off))
                if how == STAYING:
                    off = int(starts[before[0]]) + 1
                elif how == CHANGING:
                    off = int(starts[before[0]]) + 1
                    walks.append(_change_secs(scoped, off, event))
                    rides.append([])
                else:
                    walks.append(self._access_secs(scoped, origin, event))
                    break
            hop, layer = before
        return tuple(walks[::-1]), tuple(tuple(ride[::-1]) for ride in rides[::-1])

    def _part(self, scoped: ScopedService, first: int, last: int) -> Part:
        """A ride between two events of a trip."""
        lines, events = scoped.service.lines, scoped.service.events
        trip = int(events.trip[first])
        call = self._ready.vehicles.first[trip]
        line = lines.line[events.position[first]]
        start = lines.first_position[line]
        return Part(trip, *(int(call + events.position[event] - start) for event in (first, last)))

    def _access_secs(self, scoped: ScopedService, origin: int, event: int) -> int:
        """The walk of an origin to the vehicle boarded first."""
        access = self._block.access[self._ready.services.index(scoped)]
        row = slice(access.first[origin], access.first[origin + 1])
        position = scoped.service.events.position[event]
        return int(access.secs[row][access.to[row] == position][0])

    def _as_time_runs(self, found: Journey) -> Journey:
        """The journey itself; one that was found from its end is turned round."""
        if not self._window.arrive_by:
            return found
        vehicles = self._ready.vehicles
        trips, calls = len(vehicles.trips.route) - 1, len(vehicles.calls.trip) - 1
        rides = tuple(
            tuple(Part(trips - p.trip, calls - p.last, calls - p.first) for p in ride[::-1])
            for ride in found.rides[::-1]
        )
        leaves = -found.leave_secs - found.secs
        return replace(found, leave_secs=leaves, walks=found.walks[::-1], rides=rides)


def _change_secs(scoped: ScopedService, off: int, on: int) -> int:
    """Seconds of the change between two events, as the search counts them."""
    lines, events = scoped.service.lines, scoped.service.events
    position, to = events.position[off], events.position[on]
    for table, place in ((scoped.rules.of_lines, position), (scoped.boards, lines.stop[position])):
        row = slice(table.first[place], table.first[place + 1])
        secs = table.secs[row][table.to[row] == to]
        if len(secs):
            return int(secs[0])
    return 0
