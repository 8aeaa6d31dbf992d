"""Linked points: origins and destinations with their connectors to a graph."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from functools import cached_property
from typing import Protocol

import numpy as np

from analysis.routing.arcs import Graph, rows
from analysis.routing.hierarchy.cache import Hierarchies, StreetNodes
from analysis.routing.hierarchy.contraction import Hierarchy


@dataclass(frozen=True)
class Connectors:
    """Connectors of points, as compressed sparse rows in the order of the points.

    Attributes
    ----------
    first
        int32, points + 1: the first connector of each point.
    at
        int32, one a connector: a vertex, or another point.
    costs
        int32, units of the graph.
    """

    first: np.ndarray
    at: np.ndarray
    costs: np.ndarray

    def take(self, points: np.ndarray) -> Connectors:
        """The connectors of some points, in that order."""
        count = np.diff(self.first)[points]
        first = np.concatenate([[0], np.cumsum(count)]).astype(np.int32)
        offset = np.arange(first[-1]) - np.repeat(first[:-1], count)
        positions = np.repeat(self.first[points], count) + offset
        return Connectors(first, self.at[positions], self.costs[positions])


def connectors(points: np.ndarray, at: np.ndarray, costs: np.ndarray, count: int) -> Connectors:
    """Connectors sorted by point; of parallel ones the cheapest is kept.

    Parameters
    ----------
    points, at
        The point, and the vertex or point at the other end.
    costs
        Units of the graph.
    count
        Number of points.
    """
    return Connectors(*rows(points, at, costs, count))


class PointSearch(Protocol):
    """Another way to travel times between points than through the graph: a timetable."""

    def visit_secs(
        self,
        visit: Callable[[np.ndarray, np.ndarray], None],
        *,
        limit: float,
        origins: np.ndarray,
        destinations: np.ndarray,
        reverse: bool,
    ) -> None:
        """Pass positions among the origins and float64 seconds (destinations x those) on."""

    def to_nearest(self, vertices: np.ndarray, *, limit: float) -> np.ndarray:
        """Seconds from each point to the nearest of several vertices, float64."""

    def vertex_times(
        self, point: int, *, limit: float
    ) -> tuple[np.ndarray, np.ndarray, np.ndarray]:
        """Seconds from a point to every street vertex, and to every stop, float64.

        Last, by vertex, how many seconds one may walk on from there; infinite without a limit.
        """

    @property
    def max_walk_secs(self) -> float:
        """Longest single walk, infinite without a limit."""

    def has_path(self, point: int) -> np.ndarray:
        """Whether there may be any path from a point to each point."""

    def packed(self) -> PointSearch:
        """The same without what only its own process can use."""

    def digest(self) -> bytes:
        """A hash of everything on which the times depend, beside graph and points."""


GRAPH_ARRAYS = ("first", "heads", "costs")


@dataclass(frozen=True)
class LinkedPoints:
    """A graph and the points between which travel times are computed. No point is a vertex.

    Attributes
    ----------
    graph
        The network.
    access, egress
        By point: the vertices at which travellers enter the graph, and those at which they leave
        it.
    direct
        By point: legs to other points that do not use the graph, and to itself at no cost.
    nodes
        Ids and coordinates of the street vertices.
    hierarchies
        Cache of node orders and hierarchies.
    forward
        The forward direction, if this is a reversed one.
    timed
        How travel times between the points are found, where vehicles run by a timetable; the graph
        has the streets alone then. None if the graph has all.
    """

    graph: Graph
    access: Connectors
    egress: Connectors
    direct: Connectors
    nodes: StreetNodes
    hierarchies: Hierarchies
    forward: LinkedPoints | None = None
    timed: PointSearch | None = None

    @property
    def count(self) -> int:
        """Number of points."""
        return len(self.access.first) - 1

    @cached_property
    def reversed(self) -> LinkedPoints:
        """The same points on the reversed graph: times from a point become times to it."""
        starts = np.repeat(np.arange(self.count, dtype=np.int32), np.diff(self.direct.first))
        direct = connectors(self.direct.at, starts, self.direct.costs, self.count)
        graph = self.graph.reversed
        return LinkedPoints(
            graph, self.egress, self.access, direct, self.nodes, self.hierarchies, self
        )

    @cached_property
    def is_symmetric(self) -> bool:
        """Whether every time back is that there: as for walkers where no street is one-way."""
        back = self.reversed
        pairs = [(getattr(self.graph, part), getattr(back.graph, part)) for part in GRAPH_ARRAYS]
        for one, other in ((self.access, self.egress), (self.direct, back.direct)):
            pairs += [(one.first, other.first), (one.at, other.at), (one.costs, other.costs)]
        return all(np.array_equal(one, other) for one, other in pairs)

    @cached_property
    def hierarchy(self) -> Hierarchy:
        """The hierarchy of the streets, in the direction of this graph."""
        if self.forward is not None:
            return self.forward.hierarchy.reversed
        return self.hierarchies.hierarchy(self.graph, self.nodes)

    @property
    def has_hierarchy(self) -> bool:
        """Whether the hierarchy is already built."""
        return "hierarchy" in (self.forward or self).__dict__
