"""Points between which one travels by timetable: one travel time a pair out of a window."""

from __future__ import annotations

import hashlib
from collections.abc import Callable, Sequence
from dataclasses import replace
from functools import cached_property

import numpy as np
from scipy.sparse import csr_array
from scipy.sparse.csgraph import connected_components

from analysis.routing.hierarchy.cache import Hierarchies
from analysis.routing.linked_points import LinkedPoints, connectors
from analysis.routing.one_to_all import times_to_nearest
from analysis.timetable.search import TimetableSearch
from analysis.timetable.statistics import leave_late, percentiles, places_of
from analysis.timetable.stored import transit_digest
from analysis.timetable.vertex_times import vertex_times
from layers.roads import no_roads

Receive = Callable[[np.ndarray, np.ndarray], None]
BATCH = 64
"""Origins that are handed over together where all times had to be found first."""


class TimedPoints:
    """Points of a network with a timetable, and the percentile that stands for their times.

    Parameters
    ----------
    search
        Travel times of every departure.
    walkers
        Points, then stops, linked to the streets of walkers.
    percentile
        Of the departures of the window: 0 to 100.
    """

    def __init__(self, search: TimetableSearch, walkers: LinkedPoints, percentile: float) -> None:
        self.search = search
        self.walkers = walkers
        self.percentile = percentile

    @property
    def max_walk_secs(self) -> float:
        """See `analysis.routing.linked_points.PointSearch`."""
        most = self.search.window.max_walk_secs
        return np.inf if most is None else most

    def visit_samples(
        self, visit: Receive, *, limit: float, origins: np.ndarray, destinations: np.ndarray
    ) -> None:
        """Pass the times of every sample on, see `TimetableSearch.visit`.

        Travellers who know the timetable leave late, if the window says so.
        """
        times = self.search.prepared(limit).samples.times

        def late(positions: np.ndarray, secs: np.ndarray) -> None:
            if self.search.window.planned:
                leave_late(secs, times)
            visit(positions, secs)

        self.search.visit(late, limit_secs=limit, origins=origins, destinations=destinations)

    def visit_percentiles(
        self,
        visit: Receive,
        wanted: Sequence[float],
        *,
        limit: float,
        origins: np.ndarray,
        destinations: np.ndarray,
    ) -> None:
        """Pass on positions among the origins and percentiles x destinations x those origins.

        With `window.arrive_by` the origins are where one arrives.
        """
        places = places_of(np.asarray(wanted), self.search.prepared(limit).samples.count)

        def ranked(positions: np.ndarray, secs: np.ndarray) -> None:
            found = np.empty((len(places), *secs.shape[:2]))
            percentiles(secs, places, found)
            visit(positions, found)

        self.visit_samples(ranked, limit=limit, origins=origins, destinations=destinations)

    def visit_secs(
        self,
        visit: Receive,
        *,
        limit: float,
        origins: np.ndarray,
        destinations: np.ndarray,
        reverse: bool,
    ) -> None:
        """See `analysis.routing.linked_points.PointSearch`."""
        if reverse == self.search.window.arrive_by:
            self.visit_percentiles(
                lambda positions, found: visit(positions, found[0]),
                [self.percentile],
                limit=limit,
                origins=origins,
                destinations=destinations,
            )
            return
        # searched from the other end
        table = np.empty((len(origins), len(destinations)))

        def fill(positions: np.ndarray, found: np.ndarray) -> None:
            table[:, positions] = found[0]

        self.visit_percentiles(
            fill, [self.percentile], limit=limit, origins=destinations, destinations=origins
        )
        for start in range(0, len(origins), BATCH):
            part = table[start : start + BATCH]
            visit(np.arange(start, start + len(part)), np.ascontiguousarray(part.T))

    def to_nearest(self, vertices: np.ndarray, *, limit: float) -> np.ndarray:
        """See `analysis.routing.linked_points.PointSearch`."""
        count = self.search.points
        walk = times_to_nearest(self.walkers, vertices, limit=min(self.max_walk_secs, limit))
        near = np.flatnonzero(np.isfinite(walk[count:])) + count
        best = walk[:count].copy()

        def visit(positions: np.ndarray, secs: np.ndarray) -> None:
            best[positions] = np.minimum(best[positions], (secs + walk[near, None]).min(axis=0))

        if len(near):
            points = np.arange(count)
            self.visit_secs(visit, limit=limit, origins=points, destinations=near, reverse=False)
        return np.where(best <= limit, best, np.inf)

    @cached_property
    def _component(self) -> np.ndarray:
        """A number for each point; points with different ones are not joined at all."""
        linked, network = self.walkers, self.search.network
        graph, count = linked.graph, linked.count
        owner = np.repeat(np.arange(count), np.diff(linked.access.first)) + graph.vertices
        walked = np.repeat(np.arange(count), np.diff(linked.direct.first)) + graph.vertices
        at = {
            stop: k
            for k, stop in enumerate(network.stops.index, graph.vertices + self.search.points)
        }
        rides = [
            (at[a], at[b])
            for route in network.routes
            for a, b in zip(route.stop_ids, route.stop_ids[1:], strict=False)
            if a in at and b in at
        ]
        start, end = np.array(rides, dtype=np.int64).reshape(-1, 2).T
        tails = np.concatenate([graph.tails, owner, walked, start])
        heads = np.concatenate(
            [graph.heads, linked.access.at, linked.direct.at + graph.vertices, end]
        )
        size = graph.vertices + count
        joined = csr_array((np.ones(len(tails), bool), (tails, heads)), shape=(size, size))
        labels: np.ndarray = connected_components(joined, directed=False)[1]
        return labels[graph.vertices : graph.vertices + self.search.points]

    def has_path(self, point: int) -> np.ndarray:
        """See `analysis.routing.linked_points.PointSearch`."""
        return np.asarray(self._component == self._component[point])

    def digest(self) -> bytes:
        """See `analysis.routing.linked_points.PointSearch`."""
        walkers, search = self.walkers, self.search
        digest = hashlib.blake2b(transit_digest(search.network), digest_size=16)
        digest.update(repr((search.period, search.window, self.percentile)).encode())
        for connector in (walkers.access, walkers.egress, walkers.direct):
            for array in (connector.first, connector.at, connector.costs):
                digest.update(np.ascontiguousarray(array).data)
        return digest.digest()

    def packed(self) -> TimedPoints:
        """The same without what only its own process can use, to be sent to another."""
        walkers, search = self.walkers, self.search
        points = (walkers.access, walkers.egress, walkers.direct)
        light = LinkedPoints(replace(walkers.graph), *points, walkers.nodes, Hierarchies())
        network = replace(search.network, roads=no_roads(str(search.network.crs)))
        again = TimetableSearch(network, light, period=search.period, window=search.window)
        return TimedPoints(again, light, self.percentile)

    def vertex_times(
        self, point: int, *, limit: float
    ) -> tuple[np.ndarray, np.ndarray, np.ndarray]:
        """See `analysis.routing.linked_points.PointSearch`."""
        return vertex_times(
            self.search, self.walkers, point, limit=limit, percentile=self.percentile
        )


def timed_points(search: TimetableSearch, walkers: LinkedPoints, percentile: float) -> LinkedPoints:
    """The points of a search, linked to the streets, with times by timetable between them.

    Parameters
    ----------
    search, walkers, percentile
        As for `TimedPoints`.
    """
    points = np.arange(search.points)
    direct = walkers.direct.take(points)
    owner, to, costs = np.repeat(points, np.diff(direct.first)), direct.at, direct.costs
    is_point = to < search.points
    return replace(
        walkers,
        access=walkers.access.take(points),
        egress=walkers.egress.take(points),
        direct=connectors(owner[is_point], to[is_point], costs[is_point], len(points)),
        timed=TimedPoints(search, walkers, percentile),
    )
