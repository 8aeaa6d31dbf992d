"""What the synthetic city of `synthetic_osm.py` is made of: its grid, and its elements so far."""

from __future__ import annotations

from dataclasses import dataclass, field

import numpy as np

from geo.osm.elements import Member, Relation, Tags

ORIGIN = (106.0, 29.3)
DEGREE_M = (96_900.0, 110_800.0)
"""Metres of a degree of longitude and of latitude there."""
RANKS = {32: "trunk", 16: "primary", 8: "secondary", 2: "tertiary", 1: "residential"}
"""The class of every so-many-th row and column; the first that fits counts."""
MAJOR = 8
GAP = 6
"""Streets that the ridge and the river replace."""
NODE_STEP, WAY_STEP, RELATION_STEP = 4_001, 2_003, 101
"""Between the ids of neighbours: an extract's nodes lie among OSM's thousands of millions."""


@dataclass
class City:
    """A city as it grows; `side` junctions by as many."""

    side: int
    rng: np.random.Generator
    nodes: dict[int, tuple[float, float]] = field(default_factory=dict)
    node_tags: dict[int, Tags] = field(default_factory=dict)
    ways: dict[int, tuple[Tags, list[int]]] = field(default_factory=dict)
    relations: list[Relation] = field(default_factory=list)
    at: dict[int, tuple[float, float]] = field(default_factory=dict)
    """Metres from the corner of each node."""
    bends: dict[tuple[int, int], int] = field(default_factory=dict)
    """A node between two junctions of a row on the ground."""

    def node(self, x_m: float, y_m: float, tags: Tags | None = None) -> int:
        """A new node."""
        number = (len(self.nodes) + 1) * NODE_STEP
        lon, lat = ORIGIN[0] + x_m / DEGREE_M[0], ORIGIN[1] + y_m / DEGREE_M[1]
        self.nodes[number], self.at[number] = (round(lon, 7), round(lat, 7)), (x_m, y_m)
        if tags:
            self.node_tags[number] = tags
        return number

    def way(self, tags: Tags, refs: list[int]) -> int:
        """A new way."""
        number = (len(self.ways) + 1) * WAY_STEP
        self.ways[number] = tags, refs
        return number

    def relation(self, tags: Tags, members: list[Member]) -> None:
        """A new relation."""
        number = (len(self.relations) + 1) * RELATION_STEP
        self.relations.append(Relation(number, tags, tuple(members)))

    def gap(self, axis: int) -> range:
        """Columns that the ridge replaces, or rows that the river does."""
        start = int(self.side * (0.35, 0.6)[axis])
        return range(start, start + GAP)

    def chance(self, share: float) -> bool:
        """Whether something happens this time."""
        return bool(self.rng.random() < share)


@dataclass(frozen=True)
class Road:
    """A row (axis 0) or a column (axis 1) of the grid."""

    axis: int
    number: int

    @property
    def rank(self) -> str:
        """Its class."""
        return next(rank for every, rank in RANKS.items() if self.number % every == 0)

    @property
    def is_major(self) -> bool:
        """Whether it crosses the ridge or the river and meets trunk roads."""
        return self.number % MAJOR == 0

    def cell(self, place: int) -> tuple[int, int]:
        """Row and column of a place along it."""
        return (self.number, place) if self.axis == 0 else (place, self.number)
