"""Travel times by timetable between points: all departures of a window, by batches of lanes."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from functools import cached_property
from queue import SimpleQueue

import numpy as np

from analysis.routing.linked_points import LinkedPoints
from analysis.routing.router import threads
from analysis.timetable.change_rules import StopRules, stop_rules, with_rules
from analysis.timetable.departure_window import DepartureWindow
from analysis.timetable.durations import earliest, travel_secs
from analysis.timetable.lines import LONGEST_SCOPE_SECS, NEVER
from analysis.timetable.rows import LANES
from analysis.timetable.samples import Batch, Samples, samples
from analysis.timetable.service import ScopedService, scoped_service
from analysis.timetable.sweep import Bits, bits, seed, settle, sweep, sweep_rides
from analysis.timetable.vehicles import Vehicles, vehicles
from analysis.timetable.walks import Rows, alightings, boardings, transposed, walks
from geo.faults import BadInputError, Fault
from layers.caching import LruCache
from layers.network import TransportNetwork
from layers.transit import Period

LONGEST_LIMIT_SECS = 21_600
"""Longest travel time by timetable, six hours: times are whole seconds in 16 bits."""
BLOCK = 4_096
"""Origins whose walks are kept at a time."""

Visit = Callable[[np.ndarray, np.ndarray], None]
"""Receives positions among the origins, and uint16 seconds: destinations x origins x samples."""


@dataclass(frozen=True, eq=False)
class Workspace:
    """Memory of one thread: bits by scope, alighting by stop, and travel times of a group."""

    bits: tuple[Bits, ...]
    ride: np.ndarray
    least: np.ndarray
    secs: np.ndarray


@dataclass(frozen=True, eq=False)
class Prepared:
    """A network made ready for searches up to a limit of time.

    Attributes
    ----------
    samples
        Moments and phases of each origin.
    services
        What runs, by scope.
    walk_secs
        Longest walk.
    """

    samples: Samples
    services: tuple[ScopedService, ...]
    walk_secs: float


@dataclass(frozen=True, eq=False)
class BlockOfOrigins:
    """Some origins with their walks to vehicles, by scope, and to the destinations."""

    access: tuple[Rows, ...]
    direct: np.ndarray


def _dense(table: Rows, columns: int) -> np.ndarray:
    """Rows as a table of uint16; `NEVER` where there is no walk."""
    rows = len(table.first) - 1
    dense = np.full((rows, columns), NEVER, dtype=np.uint16)
    dense[np.repeat(np.arange(rows), np.diff(table.first)), table.to] = table.secs
    return dense


class TimetableSearch:
    """Travel times between points of a network with a timetable, or with headways alone.

    Parameters
    ----------
    network
        Stops, routes and timetable.
    walkers
        Streets of walkers, linked to the points, then to the stops of the network.
    period
        Period whose headways apply to lines without a clock.
    window
        Departures, or arrivals.
    """

    def __init__(
        self,
        network: TransportNetwork,
        walkers: LinkedPoints,
        *,
        period: Period,
        window: DepartureWindow,
    ) -> None:
        self.network = network
        self.window = window
        self.stops = len(network.stops)
        self.points = walkers.count - self.stops
        self._walkers = walkers.reversed if window.arrive_by else walkers
        self.period: Period = period
        self._prepared: LruCache[Prepared] = LruCache(2)
        self._egress: LruCache[Rows] = LruCache(2)
        self._blocks: LruCache[BlockOfOrigins] = LruCache(2)

    @property
    def _stop_points(self) -> np.ndarray:
        return np.arange(self.points, self.points + self.stops)

    @cached_property
    def _rules(self) -> StopRules:
        rules = stop_rules(self.network)
        return rules.mirrored() if self.window.arrive_by else rules

    def _vehicles(self, times: np.ndarray, limit_secs: int) -> Vehicles:
        """Trips, with time reversed if one asks when to leave."""
        if not self.window.arrive_by:
            within = (float(times.min()), float(times.max()) + limit_secs)
            return vehicles(self.network, period=self.period, within=within)
        within = (float(-times.max()) - limit_secs, float(-times.min()))
        return vehicles(self.network, period=self.period, within=within).mirrored()

    def prepared(self, limit_secs: float) -> Prepared:
        """The network ready for searches up to a limit.

        Raises
        ------
        BadInputError
            If the limit is longer than `LONGEST_LIMIT_SECS`.
        """
        limit = int(np.floor(limit_secs + 0.0005))
        if limit > LONGEST_LIMIT_SECS:
            message = f"{limit_secs:g} s by timetable"
            allowed = f"up to {LONGEST_LIMIT_SECS} s, see max_trip_secs"
            raise BadInputError([Fault("limit", "", "value-out-of-range", message, allowed)])
        return self._prepared.get(limit, lambda: self._prepare(limit))

    def _prepare(self, limit_secs: int) -> Prepared:
        times = self.window.times
        times = np.sort(-times) if self.window.arrive_by else times
        most = self.window.max_walk_secs
        walk_secs = float(limit_secs if most is None else min(most, limit_secs))
        all_vehicles = self._vehicles(times, limit_secs)
        asked = samples(times, limit_secs=limit_secs, has_phases=all_vehicles.has_phases)
        stops = self._stop_points
        stop_walks = with_rules(walks(self._walkers, stops, stops, walk_secs), self._rules)
        services = []
        for scope in asked.scopes:
            last = int(asked.times[scope.samples].max()) - scope.base
            horizon = min(last + limit_secs, LONGEST_SCOPE_SECS)
            services.append(
                scoped_service(
                    all_vehicles, scope, horizon, stop_walks=stop_walks, rules=self._rules
                )
            )
        return Prepared(asked, tuple(services), walk_secs)

    def _egress_rows(self, ready: Prepared, destinations: np.ndarray) -> tuple[Rows, ...]:
        """By scope and destination: the stops worth alighting at."""
        key = (ready.walk_secs, destinations.tobytes())
        from_stops = self._egress.get(
            key,
            lambda: transposed(
                walks(self._walkers, self._stop_points, destinations, ready.walk_secs),
                len(destinations),
            ),
        )
        return tuple(
            alightings(from_stops, scoped.at, scoped.service.lines) for scoped in ready.services
        )

    def _block(
        self, ready: Prepared, origins: np.ndarray, destinations: np.ndarray
    ) -> BlockOfOrigins:
        """Origins with their walks."""
        key = (ready.samples.limit_secs, origins.tobytes(), destinations.tobytes())
        return self._blocks.get(key, lambda: self._new_block(ready, origins, destinations))

    def _new_block(
        self, ready: Prepared, origins: np.ndarray, destinations: np.ndarray
    ) -> BlockOfOrigins:
        to_stops = walks(self._walkers, origins, self._stop_points, ready.walk_secs)
        none = np.zeros(len(origins), dtype=np.bool_)
        access = tuple(
            boardings(to_stops, scoped.at, scoped.service.lines, none) for scoped in ready.services
        )
        direct = walks(self._walkers, origins, destinations, ready.walk_secs)
        return BlockOfOrigins(access, _dense(direct, len(destinations)))

    def visit(
        self, visit: Visit, *, limit_secs: float, origins: np.ndarray, destinations: np.ndarray
    ) -> None:
        """Pass the travel times of every sample to `visit`, some origins at a time.

        With `window.arrive_by` the origins are where one wants to arrive, and the destinations
        where one leaves.

        Parameters
        ----------
        visit
            Called with positions among the origins and uint16 seconds (destinations x those
            origins x samples; `analysis.timetable.lines.NEVER` where not reached within the
            limit; valid during the call only), from several threads.
        limit_secs
            Longest travel time.
        origins, destinations
            Positions of points.
        """
        ready = self.prepared(limit_secs)
        egress = self._egress_rows(ready, destinations)
        spaces: SimpleQueue[Workspace] = SimpleQueue()
        for _ in range(threads()):
            spaces.put(self._workspace(ready, len(destinations)))
        for start in range(0, len(origins), BLOCK):
            part = origins[start : start + BLOCK]
            block = self._block(ready, part, destinations)

            def work(first: int, count: int, block: BlockOfOrigins, start: int) -> None:
                space = spaces.get()
                group = range(first, first + count)
                rides = self.window.max_rides
                secs = _group_secs(ready, (block, egress), group, space, max_rides=rides)
                visit(np.arange(start + first, start + first + count), secs)
                spaces.put(space)

            size = ready.samples.group
            with ThreadPoolExecutor(threads()) as pool:
                jobs = [
                    pool.submit(work, first, min(size, len(part) - first), block, start)
                    for first in range(0, len(part), size)
                ]
                for job in jobs:
                    job.result()

    def alighting_secs(self, origin: int, *, limit_secs: float) -> np.ndarray:
        """Seconds from an origin until one alights at each stop: stops x samples, float64.

        Infinite where no vehicle gets one there within the limit. Walks from one stop to another
        are not in it.
        """
        ready = self.prepared(limit_secs)
        space = self._workspace(ready, 0)
        access = self._block(ready, np.array([origin]), np.array([origin])).access
        rides, found = self.window.max_rides, np.full((self.stops, ready.samples.count), np.inf)
        for batch, origins in _searched(ready, access, range(1), space, max_rides=rides):
            lanes = np.flatnonzero(origins >= 0)
            secs = space.ride[:, lanes].astype(float)
            late = (secs >= NEVER) | (secs - batch.moment[lanes] > limit_secs)
            travelled = np.where(late, np.inf, secs - batch.moment[lanes])
            found[:, batch.place[lanes] % ready.samples.count] = travelled
        return found

    def _workspace(self, ready: Prepared, destinations: int) -> Workspace:
        """Memory for one thread."""
        rides, places = self.window.max_rides, ready.samples.group * ready.samples.count
        return Workspace(
            tuple(bits(scoped.service, rides) for scoped in ready.services),
            np.empty((self.stops, LANES), np.uint16),
            np.empty(self.stops, np.uint16),
            np.empty((destinations, places), np.uint16),
        )


def _searched(
    ready: Prepared,
    access: tuple[Rows, ...],
    group: range,
    space: Workspace,
    *,
    max_rides: int | None,
) -> Iterator[tuple[Batch, np.ndarray]]:
    """Each batch of a group once its lanes have alighted (`space.ride`), with their origins."""
    for batch in ready.samples.batches:
        service, own = ready.services[batch.scope].service, space.bits[batch.scope]
        is_used = (batch.origin >= 0) & (batch.origin < len(group))
        origins = np.where(is_used, batch.origin + group.start, -1).astype(np.int32)
        seed(service, access[batch.scope], (origins, batch.moment), own)
        if max_rides:
            sweep_rides(service, own, max_rides)
        else:
            sweep(service, own)
        settle(service, own.reached, space.ride)
        yield batch, origins


def _group_secs(
    ready: Prepared,
    walked: tuple[BlockOfOrigins, tuple[Rows, ...]],
    group: range,
    space: Workspace,
    *,
    max_rides: int | None,
) -> np.ndarray:
    """Travel times of a group of origins: destinations x origins x samples."""
    block, egress = walked
    for batch, origins in _searched(ready, block.access, group, space, max_rides=max_rides):
        places = np.where(origins >= 0, batch.place, -1)
        first = earliest(space.ride, space.least)
        travel_secs(
            (origins, batch.moment, places, ready.samples.limit_secs),
            (space.ride, space.least, first),
            (egress[batch.scope], block.direct),
            space.secs,
        )
    count = ready.samples.count
    used = space.secs[:, : len(group) * count]
    return used.reshape(len(used), len(group), count)
