"""Graphs drawn for the engine, by hand and at random.

What is drawn stays as it was drawn: parallel arcs, loops and arcs that nobody can afford are for
the engine to sort out.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, field, replace

import numpy as np
from hypothesis import strategies as st

from analysis.routing.arcs import FAR, NOISE_UNITS, Graph, Scale, rows
from analysis.routing.hierarchy.cache import Hierarchies, StreetNodes
from analysis.routing.linked_points import Legs, Trips, legs

Numbers = np.ndarray


# What is drawn ------------------------------------------------------------------------------


@dataclass(frozen=True)
class Pieces:
    """Arcs or legs: from which, to which, at which cost (whole units, or seconds)."""

    start: Numbers
    end: Numbers
    cost: Numbers

    @classmethod
    def of(cls, pieces: Iterable[tuple[int, int, float]]) -> Pieces:
        """From triples."""
        triples = list(pieces)
        start, end = ([piece[at] for piece in triples] for at in (0, 1))
        cost = np.array([piece[2] for piece in triples])
        return cls(np.array(start, dtype=np.int64), np.array(end, dtype=np.int64), cost)

    def and_also(self, other: Pieces) -> Pieces:
        """These and others."""
        pairs = zip(
            (self.start, self.end, self.cost), (other.start, other.end, other.cost), strict=True
        )
        return Pieces(*(np.concatenate(pair) for pair in pairs))

    def in_units(self, scale: Scale) -> Pieces:
        """With seconds rounded, each by itself; what is half but for the last bit goes up."""
        units = np.floor(self.cost * scale.per_sec + (0.5 + NOISE_UNITS))
        return replace(self, cost=units.astype(np.int64))


def hung(pieces: Pieces, count: int) -> Legs:
    """Legs of points."""
    return legs(pieces.start, pieces.end, pieces.cost.astype(np.int64), count)


@dataclass(frozen=True)
class Sketch:
    """A graph and points on it, as drawn.

    `into` is told from the point, as `ways_in` tells it: `start` is the point and `end` the
    vertex from which one comes to it.
    """

    streets: int
    vertices: int
    count: int
    arcs: Pieces
    out: Pieces
    into: Pieces
    straight: Pieces
    scale: Scale = field(default_factory=lambda: Scale(16_000.0))
    ids: Numbers | None = None

    @property
    def graph(self) -> Graph:
        """Compiled; costs are whole units already."""
        arcs = self.arcs
        made = rows(arcs.start, arcs.end, arcs.cost.astype(np.int64), self.vertices)
        return Graph(*made, self.streets, self.scale)

    @property
    def nodes(self) -> StreetNodes:
        """Street vertices stand on a crooked line."""
        at = np.arange(self.streets, dtype=float)
        ids = np.arange(self.streets) if self.ids is None else self.ids
        return StreetNodes(ids, 1_000 * np.cos(at), 700 * np.sin(2 * at))

    def trips(self, hierarchies: Hierarchies | None = None) -> Trips:
        """Compiled."""
        count = self.count
        hang = (hung(each, count) for each in (self.out, self.into, self.straight))
        kept = Hierarchies() if hierarchies is None else hierarchies
        return Trips(self.graph, *hang, self.nodes, kept)


# Random graphs ------------------------------------------------------------------------------

MOST = int(FAR) - 1
"""What is too long for the scale costs so much."""


def _costs(random: np.random.Generator, kind: str, count: int) -> Numbers:
    """Costs with many ties and zeros, of all sizes, or with some that are next to too long."""
    few = random.integers(0, 4, count)
    spread = np.exp(random.uniform(0, np.log(2e8), count)).astype(np.int64)
    if kind == "few":
        return few
    if kind == "spread":
        return spread
    if kind == "alike":
        return random.integers(900, 1_100, count)
    long = random.integers(int(FAR) // 3, MOST + 1, count)
    some = random.random(count)
    return np.where(some < 0.6, spread, np.where(some < 0.8, np.where(few == 0, MOST, long), few))


KINDS = ("few", "alike", "spread", "long")


def _pieces(
    random: np.random.Generator, kind: str, start: Numbers, end: Numbers, share: float
) -> Pieces:
    """About so many pieces for each start, to random ends; some of them parallel."""
    if not len(start) or not len(end):
        return Pieces.of([])
    count = int(share * len(start)) + 1
    found = Pieces(
        random.choice(start, count), random.choice(end, count), _costs(random, kind, count)
    )
    again = random.integers(0, count, count // 5)
    parallel = Pieces(found.start[again], found.end[again], _costs(random, kind, len(again)))
    return found.and_also(parallel)


def random_sketch(seed: int, *, streets: int, beside: int, count: int, density: float) -> Sketch:
    """A graph of up to three parts that no arc joins, with points on it.

    Loops and parallel arcs happen. About a fifth of the points has no leg out, a fifth none in;
    legs lead to streets and beside them. Every point is joined to itself at no cost, as the
    product's are.
    """
    random = np.random.default_rng(seed)
    vertices = np.arange(streets + beside)
    kinds = random.choice(KINDS, 4)
    arcs = Pieces.of([])
    for part in np.array_split(random.permutation(vertices), random.integers(1, 4)):
        arcs = arcs.and_also(_pieces(random, kinds[0], part, part, density))
    points = np.arange(count)
    hang = [
        _pieces(random, kind, random.permutation(points)[: 1 + 4 * count // 5], vertices, 1.6)
        for kind in kinds[1:3]
    ]
    itself = Pieces(points, points, np.zeros(count, dtype=np.int64))
    straight = itself.and_also(_pieces(random, kinds[3], points, points, 0.4))
    scale = Scale(float(random.choice([1.0, 60.0, 7_200.0, 16_000.0, 250_000.0])))
    return Sketch(streets, len(vertices), count, arcs, *hang, straight, scale)


@st.composite
def sketches(
    draw: st.DrawFn,
    *,
    streets: Iterable[int] = (0, 1, 2, 6, 15, 40),
    beside: Iterable[int] = (0, 0, 1, 6, 20),
    count: Iterable[int] = (1, 3, 9),
) -> Sketch:
    """Random graphs, from none at all to sixty vertices."""
    return random_sketch(
        draw(st.integers(0, 2**32 - 1)),
        streets=draw(st.sampled_from(list(streets))),
        beside=draw(st.sampled_from(list(beside))),
        count=draw(st.sampled_from(list(count))),
        density=draw(st.sampled_from([0.7, 1.5, 3.0])),
    )


def in_units(sketch: Sketch) -> Sketch:
    """Every arc and leg in whole units, each rounded by itself."""
    scale = sketch.scale
    names = ("arcs", "out", "into", "straight")
    return replace(sketch, **{name: getattr(sketch, name).in_units(scale) for name in names})
