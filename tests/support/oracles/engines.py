"""Graphs drawn for the engine, both its ways of searching, and networkx on the same arcs.

What is drawn stays as it was drawn: parallel arcs, loops and arcs that nobody can afford are for
the engine to sort out. networkx knows it as a list of arcs and nothing of `analysis`.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field, replace
from typing import Any
from unittest.mock import patch

import networkx as nx
import numpy as np
import rustworkx as rx
from hypothesis import strategies as st

from analysis.routing import router as search
from analysis.routing.arcs import FAR, NOISE_UNITS, Graph, Scale, rows
from analysis.routing.hierarchy.cache import Hierarchies, StreetNodes
from analysis.routing.linked_points import Connectors, LinkedPoints, connectors
from analysis.routing.sweep.many_to_many import ManyToMany

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


def hung(pieces: Pieces, count: int) -> Connectors:
    """Legs of points."""
    return connectors(pieces.start, pieces.end, pieces.cost.astype(np.int64), count)


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

    def linked(self, hierarchies: Hierarchies | None = None) -> LinkedPoints:
        """Compiled."""
        count = self.count
        hang = (hung(each, count) for each in (self.out, self.into, self.straight))
        kept = Hierarchies() if hierarchies is None else hierarchies
        return LinkedPoints(self.graph, *hang, self.nodes, kept)


# networkx -----------------------------------------------------------------------------------


def as_networkx(sketch: Sketch) -> nx.DiGraph:
    """Vertices are numbers; a point is ("from", k) to leave from and ("to", k) to arrive at."""
    graph = nx.DiGraph()
    graph.add_nodes_from(range(sketch.vertices))
    graph.add_nodes_from((side, k) for side in ("from", "to") for k in range(sketch.count))

    def add(start: object, end: object, cost: float) -> None:
        known = graph.get_edge_data(start, end)
        if known is None or cost < known["cost"]:
            graph.add_edge(start, end, cost=cost)

    for each in ("arcs", "out", "into", "straight"):
        pieces = getattr(sketch, each)
        triples = (pieces.start.tolist(), pieces.end.tolist(), pieces.cost.tolist())
        for start, end, cost in zip(*triples, strict=True):
            if each == "arcs":
                add(start, end, cost)
            elif each == "out":
                add(("from", start), end, cost)
            elif each == "into":
                add(end, ("to", start), cost)
            else:
                add(("from", start), ("to", end), cost)
    return graph


def networkx_costs(
    sketch: Sketch,
    origins: Numbers,
    destinations: Numbers,
    *,
    limit: float | None = None,
    reverse: bool = False,
) -> Numbers:
    """Origins x destinations; `FAR` where there is no way within the limit."""
    graph, start, end = as_networkx(sketch), "from", "to"
    if reverse:
        graph, start, end = graph.reverse(copy=False), end, start
    found = {
        origin: nx.single_source_dijkstra_path_length(
            graph, (start, origin), cutoff=limit, weight="cost"
        )
        for origin in dict.fromkeys(origins.tolist())
    }
    table = [
        [found[origin].get((end, other), int(FAR)) for other in destinations.tolist()]
        for origin in origins.tolist()
    ]
    return np.array(table, dtype=float).reshape(len(origins), len(destinations))


def rustworkx_costs(
    sketch: Sketch,
    origins: Numbers,
    destinations: Numbers,
    *,
    limit: float = float("inf"),
    reverse: bool = False,
) -> Numbers:
    """The same from a second, unrelated program."""
    known, start, end = as_networkx(sketch), "from", "to"
    if reverse:
        known, start, end = known.reverse(copy=False), end, start
    graph = rx.PyDiGraph()
    number = dict(zip(known, graph.add_nodes_from(list(known)), strict=True))
    graph.add_edges_from([(number[a], number[b], cost) for a, b, cost in known.edges(data="cost")])
    table = np.full((len(origins), len(destinations)), float(FAR))
    for row, origin in enumerate(origins.tolist()):
        source = number.get((start, origin))
        found = {}
        if source is not None:
            found = {**rx.dijkstra_shortest_path_lengths(graph, source, float), source: 0.0}
        for column, other in enumerate(destinations.tolist()):
            cost = found.get(number.get((end, other)), float("inf"))
            table[row, column] = cost if cost <= limit else FAR
    return table


# Both ways of searching ---------------------------------------------------------------------


@dataclass(frozen=True)
class SumRequest:
    """A question in whole units."""

    linked: LinkedPoints
    limit: int
    origins: Numbers
    destinations: Numbers
    reverse: bool = False

    def _question(self) -> Any:
        linked = self.linked.reversed if self.reverse else self.linked
        parts = np.int32(self.limit), self.origins, self.destinations, self.reverse
        return search._Request(linked, *parts)  # noqa: SLF001

    @contextmanager
    def _gathered(self) -> Iterator[tuple[Numbers, search.Visit]]:
        """A table to fill, origins x destinations; each origin comes exactly once."""
        table = np.empty((len(self.origins), len(self.destinations)), dtype=np.int64)
        seen = np.zeros(len(self.origins), dtype=int)

        def visit(positions: Numbers, block: Numbers) -> None:
            assert block.dtype == np.int32
            assert block.shape == (len(self.destinations), len(positions))
            table[positions] = block.T
            np.add.at(seen, positions, 1)

        yield table, visit
        assert (seen == 1).all()

    def by_queue(self) -> Numbers:
        """Origin by origin."""
        with self._gathered() as (table, visit):
            search._search_one_by_one(self._question(), visit)  # noqa: SLF001
        return table

    def by_sweeps(self, threads: int | None = None) -> Numbers:
        """Batch by batch, through the hierarchy."""
        asked = self._question()
        parts = asked.limit, asked.destinations, asked.backwards
        batches = ManyToMany(asked.linked, asked.linked.hierarchy, *parts)
        with self._gathered() as (table, visit), in_threads(threads):
            search._sweep(asked, batches, visit)  # noqa: SLF001
        return table

    def both_ways(self) -> Numbers:
        """What both say."""
        queued, swept = self.by_queue(), self.by_sweeps()
        np.testing.assert_array_equal(queued, swept)
        return queued


@contextmanager
def in_threads(count: int | None) -> Iterator[None]:
    """As on a machine with so many processors; on this one if None."""
    if count is None:
        yield
        return
    with patch("os.cpu_count", lambda: count):
        yield


def everyone(sketch: Sketch) -> Numbers:
    """All points."""
    return np.arange(sketch.count)


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


def networkx_paths(sketch: Sketch) -> tuple[Numbers, Numbers]:
    """Cost of each pair of points (infinite if none), and of how many arcs the way is."""
    graph = as_networkx(sketch)
    cost = np.full((sketch.count, sketch.count), np.inf)
    arcs = np.zeros((sketch.count, sketch.count), dtype=int)
    for a in range(sketch.count):
        lengths, ways = nx.single_source_dijkstra(graph, ("from", a), weight="cost")
        for b in range(sketch.count):
            if ("to", b) in lengths:
                cost[a, b], arcs[a, b] = lengths["to", b], len(ways["to", b]) - 1
    return cost, arcs


def check_within_half_a_unit_an_arc(secs: np.ndarray, exact: Sketch, whole: Sketch) -> None:
    """Never longer than the exact way with its arcs rounded up, and the other way about."""
    wanted, arcs = networkx_paths(exact)
    _, whole_arcs = networkx_paths(whole)
    assert (np.isinf(secs) == np.isinf(wanted)).all()
    had = np.isfinite(wanted)
    off, half = secs[had] - wanted[had], 0.5 / exact.scale.per_sec
    assert (off <= half * arcs[had] + 1e-9).all()
    assert (off >= -half * whole_arcs[had] - 1e-9).all()


ORIGINS = (1, 7, 63, 64, 65, 150)
"""Fewer than a batch, one more or less than a whole one, and several."""


def asked_of(sketch: Sketch, seed: int, *, reverse: bool = False) -> SumRequest:
    """Some origins and destinations, some with repetition; a limit that matters.

    The limit is none at all, nothing at all, or exactly the cost of a way, or a unit beside it.
    """
    random = np.random.default_rng(seed)
    origins = random.choice(sketch.count, random.choice(ORIGINS))
    destinations = random.permutation(sketch.count)[: random.integers(0, sketch.count + 1)]
    if len(destinations):
        more = random.integers(0, len(destinations), random.integers(0, 3))
        destinations = np.append(destinations, destinations[more])
    costs = networkx_costs(sketch, everyone(sketch), everyone(sketch))
    way = int(random.choice(costs[costs < MOST]))
    limit = random.choice([MOST - 1, 0, way, max(way - 1, 0), min(way + 1, MOST - 1)])
    return SumRequest(sketch.linked(), int(limit), origins, destinations, reverse)
