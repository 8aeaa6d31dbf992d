"""Arcs of a routable network between nodes whose numbers do not depend on the projects built."""

from __future__ import annotations

from dataclasses import dataclass
from typing import NamedTuple

import numpy as np
import pandas as pd

from analysis.graph.routable_network import RoutableNetwork
from analysis.routing.linked_points import Connectors


class ArcTable(NamedTuple):
    """Arcs between numbered nodes: int64 tails and heads, int32 costs in units."""

    tails: np.ndarray
    heads: np.ndarray
    costs: np.ndarray


@dataclass(frozen=True)
class NodeNumbers:
    """Numbering of nodes.

    First the road nodes, then the boarding node of each stop, then the alighting node of each stop,
    then the points (origins and destinations).

    Attributes
    ----------
    node_ids
        Road nodes of the network with everything built.
    stops, points
        Number of stops and of points.
    """

    node_ids: pd.Index
    stops: int
    points: int

    @property
    def board(self) -> int:
        """Number of the first boarding node."""
        return len(self.node_ids)

    @property
    def leave(self) -> int:
        """Number of the first alighting node."""
        return self.board + self.stops

    @property
    def point(self) -> int:
        """Number of the first point; all numbers below are nodes of the network."""
        return self.leave + self.stops

    def of_vertices(self, routable: RoutableNetwork) -> np.ndarray:
        """The number of each vertex of a routable network; -1 inside vehicles."""
        graph, stops = routable.linked.graph, len(routable.stops)
        numbers = np.full(graph.vertices, -1, np.int64)
        numbers[: graph.streets] = self.node_ids.get_indexer(routable.linked.nodes.ids)
        if stops:
            numbers[graph.streets : graph.streets + stops] = self.board + np.arange(stops)
            numbers[-stops:] = self.leave + np.arange(stops)
        return numbers


def _connector_arcs(
    connectors: Connectors, numbers: np.ndarray, first_point: int
) -> tuple[np.ndarray, np.ndarray, np.ndarray]:
    """Connectors as arrays: points, numbers at the other end, costs."""
    points = first_point + np.repeat(
        np.arange(len(connectors.first) - 1), np.diff(connectors.first)
    )
    return points, numbers[connectors.at], connectors.costs


def link_arcs(routable: RoutableNetwork, numbers: NodeNumbers) -> ArcTable:
    """All arcs of a routable network between numbered nodes, except rides.

    Parameters
    ----------
    routable
        The network with some players, linked to the points.
    numbers
        The numbering.
    """
    linked, number = routable.linked, numbers.of_vertices(routable)
    graph, point = linked.graph, numbers.point
    is_link = (number[graph.tails] >= 0) & (number[graph.heads] >= 0)
    # rides on common lines start at boarding nodes
    is_link &= ~((graph.tails >= graph.streets) & (number[graph.tails] < numbers.leave))
    tables = [
        ArcTable(number[graph.tails[is_link]], number[graph.heads[is_link]], graph.costs[is_link]),
        ArcTable(*_connector_arcs(linked.access, number, point)),
    ]
    start, end, costs = _connector_arcs(linked.egress, number, point)
    tables.append(ArcTable(end, start, costs))
    points = point + np.arange(linked.count)
    tables.append(ArcTable(*_connector_arcs(linked.direct, points, point)))
    columns = (np.concatenate(arrays) for arrays in zip(*tables, strict=True))
    return ArcTable(*columns)
