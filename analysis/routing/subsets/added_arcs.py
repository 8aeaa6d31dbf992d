"""What projects add to a graph, and what is summed up for every subset of them."""

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
        int32: points of the trips.
    costs
        int32: units of the graph.
    needs
        int64: bit k set if the arc needs project k; all of them must be built, one at least.
    """

    tails: np.ndarray
    heads: np.ndarray
    costs: np.ndarray
    needs: np.ndarray


def no_arcs() -> AddedArcs:
    """Nothing that could be added."""
    none = np.empty(0, np.int32)
    return AddedArcs(none, none, none, np.empty(0, np.int64))


@dataclass(frozen=True)
class Additions:
    """What projects add to a network.

    Attributes
    ----------
    arcs
        Between points that are no origins: terminals. Ways lead along several of them.
    required
        int64, one a project: bits of the projects without which it is not built.
    direct
        From origins to destinations, part of no other way.
    """

    arcs: AddedArcs
    required: np.ndarray
    direct: AddedArcs = field(default_factory=no_arcs)


@dataclass(frozen=True)
class Cutoff:
    """What is counted: one number a destination (float64), within a cutoff (seconds)."""

    opportunities: np.ndarray
    cutoff: float


@dataclass(frozen=True)
class SumRequest:
    """What is summed up.

    Attributes
    ----------
    origins, destinations
        Positions of points.
    counts
        What is counted for each origin.
    weights
        float64, origins x groups: what an origin's sum counts in each group.
    timed
        bool, origins x destinations: between which the seconds are summed up too, the limit where
        there is no way within it. None if no seconds are asked.
    """

    origins: np.ndarray
    destinations: np.ndarray
    counts: Sequence[Cutoff]
    weights: np.ndarray
    timed: np.ndarray | None = None


def with_terminals(linked: LinkedPoints, vertices: np.ndarray) -> LinkedPoints:
    """The trips with a further point on each of some vertices, after the others."""

    def more(old: Connectors, at: np.ndarray) -> Connectors:
        points = np.repeat(np.arange(linked.count), np.diff(old.first))
        new = linked.count + np.arange(len(at))
        free = np.zeros(len(at), np.int32)
        costs, places = np.append(old.costs, free), np.append(old.at, at)
        return connectors(np.append(points, new), places, costs, linked.count + len(vertices))

    out, into = more(linked.access, vertices), more(linked.egress, vertices)
    itself = linked.count + np.arange(len(vertices), dtype=np.int32)
    return LinkedPoints(
        linked.graph, out, into, more(linked.direct, itself), linked.nodes, linked.hierarchies
    )
