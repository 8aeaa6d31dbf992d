"""A synthetic street network for measuring: a jittered grid with main roads, rivers and parks.

Junctions lie 100 m apart, a little displaced. Every fourth row and column is a secondary road,
every sixteenth a primary and every sixty-fourth a trunk road; some minor streets are missing, some
are one-way, and only primary and trunk roads cross the two rivers and the parks. What is kept is
the largest part in which every junction reaches every other, numbered at random: an engine that
profits from neighbours near in memory has to put them there itself.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
import shapely
from scipy.sparse import csr_array
from scipy.sparse.csgraph import connected_components

from analysis.routing.hilbert import along_curve

SPACING_M, JITTER_M = 100.0, 30.0
KEPT_SHARE = 0.86
"""Junctions that survive rivers, parks and missing streets."""
TRUNK, PRIMARY, SECONDARY, MINOR = 0, 1, 2, 3
EVERY = ((64, TRUNK), (16, PRIMARY), (4, SECONDARY), (1, MINOR))
"""The rank of every so-many-th row and column; the first that fits counts."""
KPH = np.array([80.0, 50.0, 40.0, 25.0])
HIGHWAY = np.array(["trunk", "primary", "secondary", "residential"], dtype=object)
BUILT = {SECONDARY: 0.95, MINOR: 0.72}
"""Share of the streets of a rank that exist."""
DIAGONAL_SHARE, ONEWAY_SHARE, TURNED_SHARE = 0.04, 0.15, 0.5
PARK_WAVES, PARK_LEVEL = 6, 1.9
CRS = "EPSG:32648"
CORNER_M = (600_000.0, 3_200_000.0)
"""Easting and northing of the grid's corner in `CRS`."""


@dataclass(frozen=True)
class StreetArrays:
    """A street network as arrays.

    Attributes
    ----------
    x, y
        Position of each node, metres from the corner.
    tail, head
        Node numbers (int32) of each arc; a street that is not one-way has two arcs.
    secs, length_m
        Seconds by car and metres of each arc.
    rank
        0 trunk to 3 minor (int8) of each arc.
    """

    x: np.ndarray
    y: np.ndarray
    tail: np.ndarray
    head: np.ndarray
    secs: np.ndarray
    length_m: np.ndarray
    rank: np.ndarray

    @property
    def nodes(self) -> int:
        """How many nodes there are."""
        return len(self.x)


@dataclass(frozen=True)
class _Grid:
    """Rows and columns of junctions and the positions of these."""

    side: int
    row: np.ndarray
    column: np.ndarray
    x: np.ndarray
    y: np.ndarray

    def rank(self, axis: int) -> np.ndarray:
        """Rank of the street through each junction along x (0) or y (1)."""
        line = (self.column, self.row)[axis]
        return np.select([line % every == 0 for every, _ in EVERY], [rank for _, rank in EVERY])


def _grid(side: int, rng: np.random.Generator) -> _Grid:
    row, column = (part.ravel() for part in np.indices((side, side)))
    x = row * SPACING_M + rng.uniform(-JITTER_M, JITTER_M, side**2)
    y = column * SPACING_M + rng.uniform(-JITTER_M, JITTER_M, side**2)
    return _Grid(side, row, column, x, y)


def _barred(grid: _Grid, rng: np.random.Generator) -> np.ndarray:
    """Junctions in a river or a park."""
    x, y, whole = grid.x, grid.y, grid.side * SPACING_M
    across = whole * (0.45 + 0.08 * np.sin(x / whole * 9.0) + 0.03 * np.sin(x / whole * 23.0))
    down = whole * (0.60 + 0.10 * np.sin(y / whole * 7.0))
    width = 250 + 0.002 * whole
    river = (np.abs(y - across) < width) | (np.abs(x - down) < width / 1.2)
    waves = [rng.uniform(1, 4, PARK_WAVES) / 2_500 for _ in range(2)]
    shifts = [rng.uniform(0, 6, PARK_WAVES) for _ in range(2)]
    green = np.zeros(len(x))
    for a, b, p, q in zip(*waves, *shifts, strict=True):
        green += np.sin(x * a + p) * np.sin(y * b + q)
    return np.asarray(river | (green > PARK_LEVEL))


def _streets(
    grid: _Grid, barred: np.ndarray, rng: np.random.Generator
) -> tuple[np.ndarray, np.ndarray, np.ndarray]:
    """Both ends and the rank of every street."""
    last = grid.side - 1
    right, up = np.flatnonzero(grid.row < last), np.flatnonzero(grid.column < last)
    inner = (grid.row < last) & (grid.column < last)
    slanted = np.flatnonzero(inner & (rng.random(len(inner)) < DIAGONAL_SHARE))
    start = np.concatenate([right, up, slanted])
    step = np.repeat([grid.side, 1, grid.side + 1], [len(right), len(up), len(slanted)])
    end = start + step
    ranks = (grid.rank(0)[right], grid.rank(1)[up], np.full(len(slanted), MINOR))
    rank = np.concatenate(ranks).astype(np.int8)
    main = rank <= PRIMARY
    kept = main.copy()
    for level, share in BUILT.items():
        kept |= (rank == level) & (rng.random(len(start)) < share)
    kept &= main | ~(barred[start] | barred[end])
    return start[kept], end[kept], rank[kept]


def _main_part(nodes: int, tail: np.ndarray, head: np.ndarray) -> np.ndarray:
    """Which nodes lie in the largest part where everybody reaches everybody."""
    links = csr_array((np.ones(len(tail), dtype=np.int8), (tail, head)), shape=(nodes, nodes))
    _, part = connected_components(links, connection="strong")
    return np.asarray(part == np.argmax(np.bincount(part)))


def synthetic_network(nodes: int, seed: int = 7) -> StreetArrays:
    """A network of about so many nodes; the same seed gives the same network.

    Examples
    --------
    >>> small = synthetic_network(1_000)
    >>> small.nodes, len(small.tail)
    (890, 2478)
    """
    rng = np.random.default_rng(seed)
    grid = _grid(round((nodes / KEPT_SHARE) ** 0.5), rng)
    start, end, rank = _streets(grid, _barred(grid, rng), rng)
    count = len(start)
    oneway = (rank == MINOR) & (rng.random(count) < ONEWAY_SHARE)
    kph = KPH[rank] * rng.uniform(0.85, 1.1, count)
    straight = np.hypot(grid.x[start] - grid.x[end], grid.y[start] - grid.y[end])
    length = straight * rng.uniform(1.0, 1.15, count)
    turned = oneway & (rng.random(count) < TURNED_SHARE)
    a, b = np.where(turned, end, start), np.where(turned, start, end)
    street = np.concatenate([np.arange(count), np.flatnonzero(~oneway)])
    tail, head = np.concatenate([a, b[~oneway]]), np.concatenate([b, a[~oneway]])
    inside = _main_part(grid.side**2, tail, head)
    order = rng.permutation(np.flatnonzero(inside))
    number = np.full(grid.side**2, -1, dtype=np.int32)
    number[order] = np.arange(len(order))
    kept = inside[tail] & inside[head]
    street = street[kept]
    return StreetArrays(
        grid.x[order],
        grid.y[order],
        number[tail[kept]],
        number[head[kept]],
        (length / (kph / 3.6))[street],
        length[street],
        rank[street],
    )


def sorted_network(network: StreetArrays) -> StreetArrays:
    """The same network, neighbours numbered near each other.

    Examples
    --------
    >>> small = synthetic_network(1_000)
    >>> steps = [np.abs(n.tail - n.head).mean() for n in (small, sorted_network(small))]
    >>> bool(steps[1] < steps[0] / 5)
    True
    """
    order = along_curve(network.x, network.y)
    number = np.empty(network.nodes, dtype=np.int32)
    number[order] = np.arange(network.nodes, dtype=np.int32)
    return StreetArrays(
        network.x[order],
        network.y[order],
        number[network.tail],
        number[network.head],
        network.secs,
        network.length_m,
        network.rank,
    )


def nearest_node(network: StreetArrays, x: float, y: float) -> int:
    """The node nearest to a position in metres from the corner."""
    return int(np.argmin((network.x - x) ** 2 + (network.y - y) ** 2))


def corner_node(network: StreetArrays) -> int:
    """The node that questions from one origin ask about, in the south-west of the city."""
    return nearest_node(network, 0.3 * network.x.max(), 0.25 * network.x.max())


def points_of(network: StreetArrays) -> np.ndarray:
    """The nodes as points in `CRS`."""
    return np.asarray(shapely.points(network.x + CORNER_M[0], network.y + CORNER_M[1]))


def streets_of(network: StreetArrays) -> tuple[np.ndarray, np.ndarray]:
    """The first arc of each street, ascending, and whether the street is one-way."""
    tail, head = network.tail.astype(np.int64), network.head.astype(np.int64)
    pair = np.minimum(tail, head) * network.nodes + np.maximum(tail, head)
    _, first, arcs = np.unique(pair, return_index=True, return_counts=True)
    order = np.argsort(first)
    return first[order], arcs[order] == 1
