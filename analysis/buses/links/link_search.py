"""Links between stop areas, and the data to search for one."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from analysis.buses.network.bus_graph import BusGraph
from analysis.buses.network.road_paths import RoadPath, Roads
from analysis.routing.arcs import Graph
from analysis.routing.one_to_all import times_to_vertices

FIRST_RADIUS_M = 500.0
"""The first search radius; it is then increased."""


@dataclass(frozen=True)
class Link:
    """A link between the stop areas `start` and `end` (numbers), with its road path."""

    gateway_id: str
    start: int
    end: int
    path: RoadPath
    gateways: tuple[str, ...]

    @property
    def rank(self) -> tuple[float, int, int]:
        """Sort key: the shortest first, ties by the numbers of the areas."""
        return (self.path.length_m, self.start, self.end)


@dataclass(frozen=True)
class LinkSearch:
    """One gateway, with the roads and the bus graph without it."""

    bus: BusGraph
    gateway_id: str
    roads: Roads
    graph: Graph
    max_m: float

    @property
    def count(self) -> int:
        """Number of stop areas."""
        return self.bus.hop_arcs.count

    def by_area(self, metres: np.ndarray) -> np.ndarray:
        """The least metres among the stops of each stop area."""
        area = self.bus.area_of_point
        least = np.full(self.count, np.inf)
        np.minimum.at(least, area, metres[: len(area)])
        return least

    def stop_at(self, area: int, metres: np.ndarray) -> int:
        """The stop of a stop area with the least metres."""
        points = self.bus.points_of_area[area]
        return int(points[metres[points].argmin()])

    def bus_metres(self, starts: np.ndarray, metres: np.ndarray, *, reverse: bool) -> np.ndarray:
        """Metres by bus from some vertices of the graph (or to them), each with initial metres."""
        graph = self.graph.reversed if reverse else self.graph
        within = metres <= self.max_m
        return times_to_vertices(graph, (starts[within], metres[within]), limit=self.max_m)
