"""Arcs that projects add to a graph, and the sums requested for every subset of projects."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field

import numpy as np

from analysis.routing.linked_points import Connectors, LinkedPoints, connectors


@dataclass(frozen=True)
class AddedArcs:
    """Arcs that exist only where projects are built.

    Attributes
    ----------
    tails, heads
        int32: positions of points.
    costs
        int32: units of the graph.
    needs
        int64: bit k is set if the arc needs project k; all needed projects must be built, and at
        least one is needed.
    """

    tails: np.ndarray
    heads: np.ndarray
    costs: np.ndarray
    needs: np.ndarray


def no_arcs() -> AddedArcs:
    """No added arcs."""
    none = np.empty(0, np.int32)
    return AddedArcs(none, none, none, np.empty(0, np.int64))


@dataclass(frozen=True)
class Additions:
    """Arcs that projects add to a network.

    Attributes
    ----------
    arcs
        Arcs between terminals (points that are no origins); paths may use several of them.
    required
        int64, one a project: bits of the projects that it requires.
    direct
        Arcs from origins to destinations; they are not part of longer paths.
    """

    arcs: AddedArcs
    required: np.ndarray
    direct: AddedArcs = field(default_factory=no_arcs)


@dataclass(frozen=True)
class Cutoff:
    """A count of opportunities (float64, one a destination) within a cutoff (seconds)."""

    opportunities: np.ndarray
    cutoff: float


@dataclass(frozen=True)
class SumRequest:
    """The sums requested for every subset of projects.

    Attributes
    ----------
    origins, destinations
        Positions of points.
    counts
        The counts, for each origin.
    weights
        float64, origins x groups: weight of an origin's sum in each group.
    timed
        bool, origins x destinations: pairs whose seconds are summed up too, capped at the limit.
        None if no seconds are requested.
    """

    origins: np.ndarray
    destinations: np.ndarray
    counts: Sequence[Cutoff]
    weights: np.ndarray
    timed: np.ndarray | None = None


def with_terminals(linked: LinkedPoints, vertices: np.ndarray) -> LinkedPoints:
    """Linked points with a further point at each of some vertices, after the others."""

    def more(table: Connectors, at: np.ndarray) -> Connectors:
        points = np.repeat(np.arange(linked.count), np.diff(table.first))
        terminals = linked.count + np.arange(len(at))
        no_cost = np.zeros(len(at), np.int32)
        costs, ends = np.append(table.costs, no_cost), np.append(table.at, at)
        return connectors(np.append(points, terminals), ends, costs, linked.count + len(vertices))

    access, egress = more(linked.access, vertices), more(linked.egress, vertices)
    itself = linked.count + np.arange(len(vertices), dtype=np.int32)
    return LinkedPoints(
        linked.graph, access, egress, more(linked.direct, itself), linked.nodes, linked.hierarchies
    )
