"""A link, and what it takes to look for one."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from analysis.buses.network.bus_graph import BusGraph
from analysis.buses.network.road_paths import Roads, Way
from analysis.routing.arcs import Graph
from analysis.routing.one_to_all import times_to_vertices

FIRST_RADIUS_M = 500.0
"""Links are looked for so near first, then ever farther."""


@dataclass(frozen=True)
class Link:
    """A link between the stop areas `start` and `end` (their numbers), and its path."""

    gateway_id: str
    start: int
    end: int
    way: Way
    gateways: tuple[str, ...]

    @property
    def rank(self) -> tuple[float, int, int]:
        """Shortest first; of equally long ones always the same."""
        return (self.way.length_m, self.start, self.end)


@dataclass(frozen=True)
class LinkSearch:
    """One gateway, the roads without it and the buses without it."""

    bus: BusGraph
    gateway_id: str
    roads: Roads
    rest: Graph
    max_m: float

    @property
    def count(self) -> int:
        """Stop areas."""
        return self.bus.ways.count

    def by_area(self, metres: np.ndarray) -> np.ndarray:
        """The smallest of the metres at the stops of each stop area."""
        area = self.bus.area_of_point
        found = np.full(self.count, np.inf)
        np.minimum.at(found, area, metres[: len(area)])
        return found

    def stop_at(self, area: int, metres: np.ndarray) -> int:
        """The stop of a stop area with the smallest metres."""
        points = self.bus.points_of_area[area]
        return int(points[metres[points].argmin()])

    def buses(self, starts: np.ndarray, metres: np.ndarray, *, reverse: bool) -> np.ndarray:
        """Metres by bus from some vertices of the graph (or to them), each with its own."""
        graph = self.rest.reversed if reverse else self.rest
        use = metres <= self.max_m
        return times_to_vertices(graph, (starts[use], metres[use]), limit=self.max_m)
