"""Travel times by timetable between points: all departures of a window, by batches of lanes."""

from __future__ import annotations

from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from queue import SimpleQueue

import numpy as np

from analysis.routing.linked_points import LinkedPoints
from analysis.routing.router import threads
from analysis.timetable.batches import (
    BlockOfOrigins,
    Workspace,
    alighted,
    group_secs,
    workspace,
)
from analysis.timetable.departure_window import DepartureWindow
from analysis.timetable.prepared import Prepared, PreparedNetworks, by_part
from analysis.timetable.preparing import Preparation
from analysis.timetable.service.lines import NEVER
from analysis.timetable.service.walks import (
    Rows,
    alightings,
    boardings,
    dense,
    divided,
    walks,
)
from geo.faults import BadInputError, Fault
from layers.caching import LruCache
from layers.network import TransportNetwork
from layers.transit import Period

LONGEST_LIMIT_SECS = 21_600
"""Longest travel time by timetable, six hours: times are whole seconds in 16 bits."""
BLOCK = 4_096
"""Origins whose walks are kept at a time."""

Egress = tuple[Rows, ...]
"""By scope and destination: stops worth alighting at, and the walks from there."""
Visit = Callable[[np.ndarray, np.ndarray], None]
"""Receives positions among the origins, and uint16 seconds: destinations x origins x samples."""


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
    kept, made_of
        Prepared networks of other searches, and what walks between stops depend on beside the
        network; without them the network is prepared for this search alone.
    """

    def __init__(
        self,
        network: TransportNetwork,
        walkers: LinkedPoints,
        *,
        period: Period,
        window: DepartureWindow,
        kept: PreparedNetworks | None = None,
        made_of: tuple[object, ...] = (),
    ) -> None:
        self.network = network
        self._kept = PreparedNetworks() if kept is None else kept
        self._made_of = (network, *made_of)
        self.window = window
        self.stops = len(network.stops)
        self.points = walkers.count - self.stops
        self._walkers = walkers.reversed if window.arrive_by else walkers
        self.period: Period = period
        self._preparation = Preparation(network, self._walkers, period, window)
        self._egress: LruCache[Egress] = LruCache(2)
        self._blocks: LruCache[BlockOfOrigins] = LruCache(2)

    @property
    def _stop_points(self) -> np.ndarray:
        return np.arange(self.points, self.points + self.stops)

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
        preparation, store = self._preparation, self._kept.store
        key = (*preparation.key, limit)
        return self._kept.get(self._made_of, key, lambda: preparation.prepared(limit, store))

    def _egress_rows(self, ready: Prepared, ends: np.ndarray, known: Rows | None) -> Egress:
        """By scope and destination: the stops worth alighting at."""
        key = (ready.samples.limit_secs, ends.tobytes())
        return self._egress.get(key, lambda: self._new_egress(ready, ends, known))

    def _new_egress(self, ready: Prepared, ends: np.ndarray, known: Rows | None) -> Egress:
        from_stops = known or walks(
            self._walkers, ends, self._stop_points, ready.walk_secs, reverse=True
        )
        return by_part(
            ready, lambda scoped: alightings(from_stops, scoped.at, scoped.service.lines)
        )

    def walked(
        self, ready: Prepared, origins: np.ndarray, destinations: np.ndarray
    ) -> tuple[BlockOfOrigins, Egress]:
        """Walks of origins, and by scope and destination the stops worth alighting at."""
        block = self._block(ready, origins, destinations)
        same = np.array_equal(origins, destinations) and self._walkers.is_symmetric
        known = block.to_stops if same else None
        return block, self._egress_rows(ready, destinations, known)

    def _block(
        self, ready: Prepared, origins: np.ndarray, destinations: np.ndarray
    ) -> BlockOfOrigins:
        """Origins with their walks."""
        key = (ready.samples.limit_secs, origins.tobytes(), destinations.tobytes())
        return self._blocks.get(key, lambda: self._new_block(ready, origins, destinations))

    def _new_block(
        self, ready: Prepared, origins: np.ndarray, destinations: np.ndarray
    ) -> BlockOfOrigins:
        ends = np.concatenate([self._stop_points, destinations])
        to_all = walks(self._walkers, origins, ends, ready.walk_secs)
        to_stops, direct = divided(to_all, self.stops)
        none = np.zeros(len(origins), dtype=np.bool_)
        access = by_part(
            ready, lambda scoped: boardings(to_stops, scoped.at, scoped.service.lines, none)
        )
        return BlockOfOrigins(to_stops, access, dense(direct, len(destinations)))

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
            origins x samples; `analysis.timetable.service.lines.NEVER` where not reached within the
            limit; valid during the call only), from several threads.
        limit_secs
            Longest travel time.
        origins, destinations
            Positions of points.
        """
        ready, rides = self.prepared(limit_secs), self.window.max_rides
        _, egress = self.walked(ready, origins[:BLOCK], destinations)
        spaces: SimpleQueue[Workspace] = SimpleQueue()
        for _ in range(threads()):
            spaces.put(
                workspace(
                    ready, origins=len(origins), destinations=len(destinations), max_rides=rides
                )
            )

        def work(block: BlockOfOrigins, start: int, group: range) -> None:
            space = spaces.get()
            secs = group_secs(ready, (block, egress), group, space)
            visit(np.arange(start + group.start, start + group.stop), secs)
            spaces.put(space)

        for start in range(0, len(origins), BLOCK):
            part = origins[start : start + BLOCK]
            block = self._block(ready, part, destinations)
            groups = [
                range(first, min(first + ready.samples.group, len(part)))
                for first in range(0, len(part), ready.samples.group)
            ]
            with ThreadPoolExecutor(threads()) as pool:
                for job in [pool.submit(work, block, start, group) for group in groups]:
                    job.result()

    def alighting_secs(self, origin: int, *, limit_secs: float) -> np.ndarray:
        """Seconds from an origin until one alights at each stop: stops x samples, float64.

        Infinite where no vehicle gets one there within the limit. Walks from one stop to another
        are not in it.
        """
        ready, rides = self.prepared(limit_secs), self.window.max_rides
        space = workspace(ready, origins=1, destinations=0, max_rides=rides)
        access = self._block(ready, np.array([origin]), np.array([origin])).access
        found = np.full((self.stops, ready.samples.count), np.inf)
        for number, _ in alighted(ready, access, range(1), space):
            moments = ready.samples.departures[number].moments
            secs = space.ride[:, : len(moments)].astype(float)
            late = (secs >= NEVER) | (secs - moments > limit_secs)
            found[:, ready.samples.scopes[number].samples] = np.where(late, np.inf, secs - moments)
        return found
