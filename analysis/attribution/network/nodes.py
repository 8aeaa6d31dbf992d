"""A compiled network as arcs between ends that keep their numbers whatever is built."""

from __future__ import annotations

from dataclasses import dataclass
from typing import NamedTuple

import numpy as np
import pandas as pd

from analysis.graph.routable_network import RoutableNetwork
from analysis.routing.linked_points import Connectors


class ArcTable(NamedTuple):
    """Arcs between ends: int64 tails and heads, int32 costs in units."""

    tails: np.ndarray
    heads: np.ndarray
    costs: np.ndarray


@dataclass(frozen=True)
class NodeNumbers:
    """Numbers of ends.

    First the nodes of the roads, then where one boards at each stop, then where one leaves, then
    the points asked about, as where a trip starts and as where it ends.

    Attributes
    ----------
    node_ids
        Of the network with everything built.
    stops, points
        How many there are.
    """

    node_ids: pd.Index
    stops: int
    points: int

    @property
    def board(self) -> int:
        """The first stop as where one boards."""
        return len(self.node_ids)

    @property
    def leave(self) -> int:
        """The first stop as where one leaves."""
        return self.board + self.stops

    @property
    def point(self) -> int:
        """The first point; all ends below are places of the network."""
        return self.leave + self.stops

    def places(self, routable: RoutableNetwork) -> np.ndarray:
        """The end that each vertex of a compiled network is; -1 inside vehicles."""
        graph, stops = routable.linked.graph, len(routable.stops)
        found = np.full(graph.vertices, -1, np.int64)
        found[: graph.streets] = self.node_ids.get_indexer(routable.linked.nodes.ids)
        if stops:
            found[graph.streets : graph.streets + stops] = self.board + np.arange(stops)
            found[-stops:] = self.leave + np.arange(stops)
        return found


def _hung(
    on: Connectors, other: np.ndarray, first: int
) -> tuple[np.ndarray, np.ndarray, np.ndarray]:
    """Points and what they hang on."""
    points = first + np.repeat(np.arange(len(on.first) - 1), np.diff(on.first))
    return points, other[on.at], on.costs


def links(routable: RoutableNetwork, ends: NodeNumbers) -> ArcTable:
    """All that leads from one end to another but rides.

    Parameters
    ----------
    routable
        The network with some players, and the points.
    ends
        Their numbers.
    """
    linked, place = routable.linked, ends.places(routable)
    graph, point = linked.graph, ends.point
    beside = (place[graph.tails] >= 0) & (place[graph.heads] >= 0)
    # a ride with lines that combine leads from where one boards
    beside &= ~((graph.tails >= graph.streets) & (place[graph.tails] < ends.leave))
    found = [
        ArcTable(place[graph.tails[beside]], place[graph.heads[beside]], graph.costs[beside]),
        ArcTable(*_hung(linked.access, place, point)),
    ]
    start, end, costs = _hung(linked.egress, place, point)
    found.append(ArcTable(end, start, costs))
    itself = point + np.arange(linked.count)
    found.append(ArcTable(*_hung(linked.direct, itself, point)))
    together = (np.concatenate(part) for part in zip(*found, strict=True))
    return ArcTable(*together)
