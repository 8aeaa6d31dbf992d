"""The points asked about, and how they hang on a graph: none of them is a vertex."""

from __future__ import annotations

from dataclasses import dataclass
from functools import cached_property

import numpy as np

from analysis.routing.arcs import Graph, rows
from analysis.routing.hierarchy.cache import Hierarchies, StreetNodes
from analysis.routing.hierarchy.contraction import Hierarchy


@dataclass(frozen=True)
class Connectors:
    """Costs between points and places, in the order of the points.

    Attributes
    ----------
    first
        int32, points + 1: the first leg of each point.
    at
        int32, one a leg: a vertex, or another point.
    costs
        int32, units of the graph.
    """

    first: np.ndarray
    at: np.ndarray
    costs: np.ndarray

    def of(self, points: np.ndarray) -> Connectors:
        """The legs of some points, in that order."""
        count = np.diff(self.first)[points]
        first = np.concatenate([[0], np.cumsum(count)]).astype(np.int32)
        within = np.arange(first[-1]) - np.repeat(first[:-1], count)
        take = np.repeat(self.first[points], count) + within
        return Connectors(first, self.at[take], self.costs[take])


def connectors(points: np.ndarray, at: np.ndarray, costs: np.ndarray, count: int) -> Connectors:
    """Legs sorted by point; of parallel ones the cheapest is kept.

    Parameters
    ----------
    points, at
        From (or to) which point, to (or from) which place.
    costs
        Units of the graph.
    count
        How many points there are.
    """
    return Connectors(*rows(points, at, costs, count))


@dataclass(frozen=True)
class LinkedPoints:
    """A graph and points between which travel times are asked.

    Attributes
    ----------
    graph
        The network.
    access, egress
        By point: the vertices at which it enters the network, and those from which it is come to.
    direct
        By point: the points it is joined to without the network, itself at no cost among them.
    nodes
        Ids and places of the vertices on streets.
    hierarchies
        Where node orders and hierarchies are kept.
    forward
        For reversed trips, those that were reversed.
    """

    graph: Graph
    access: Connectors
    egress: Connectors
    direct: Connectors
    nodes: StreetNodes
    hierarchies: Hierarchies
    forward: LinkedPoints | None = None

    @property
    def count(self) -> int:
        """How many points there are."""
        return len(self.access.first) - 1

    @cached_property
    def reversed(self) -> LinkedPoints:
        """The same trips the other way: times from a point are now times to it."""
        starts = np.repeat(np.arange(self.count, dtype=np.int32), np.diff(self.direct.first))
        straight = connectors(self.direct.at, starts, self.direct.costs, self.count)
        graph = self.graph.reversed
        return LinkedPoints(
            graph, self.egress, self.access, straight, self.nodes, self.hierarchies, self
        )

    @cached_property
    def hierarchy(self) -> Hierarchy:
        """The hierarchy of the streets, the way the trips go."""
        if self.forward is not None:
            return self.forward.hierarchy.reversed
        return self.hierarchies.of(self.graph, self.nodes)

    @property
    def has_hierarchy(self) -> bool:
        """Whether the hierarchy is made already."""
        return "hierarchy" in (self.forward or self).__dict__
