"""Shortest paths on one compiled graph: the only place that looks for them."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
from scipy.sparse import csr_array
from scipy.sparse.csgraph import dijkstra

NO_VERTEX = -9999
"""How scipy marks a vertex without predecessor."""


@dataclass(frozen=True)
class Graph:
    """Vertices 0 to n-1 and directed arcs with seconds of zero or more."""

    matrix: csr_array

    @property
    def vertices(self) -> int:
        """How many there are."""
        return int(self.matrix.shape[0])


class Arcs:
    """Arcs gathered piece by piece until the graph is made.

    Examples
    --------
    >>> arcs = Arcs()
    >>> a, b = arcs.vertices(2)
    >>> arcs.add([a, a], [b, b], [60.0, 30.0])
    >>> times_from(arcs.graph(), [0], limit=100.0).tolist()
    [[0.0, 30.0]]
    """

    def __init__(self) -> None:
        self._count = 0
        self._pieces: list[tuple[np.ndarray, np.ndarray, np.ndarray]] = []

    def vertices(self, count: int) -> np.ndarray:
        """Numbers of so many new vertices."""
        self._count += count
        return np.arange(self._count - count, self._count)

    def add(
        self,
        tails: Sequence[int] | np.ndarray,
        heads: Sequence[int] | np.ndarray,
        secs: Sequence[float] | np.ndarray | float,
    ) -> None:
        """Arcs from tails to heads; those with infinite seconds are left out."""
        tail, head = np.asarray(tails, dtype=np.int64), np.asarray(heads, dtype=np.int64)
        cost = np.broadcast_to(np.asarray(secs, dtype=float), tail.shape)
        open_arcs = np.isfinite(cost)
        self._pieces.append((tail[open_arcs], head[open_arcs], cost[open_arcs]))

    def graph(self) -> Graph:
        """The graph; of parallel arcs the quickest is kept."""
        n = self._count
        empty = np.empty(0, dtype=np.int64)
        pieces = [*self._pieces, (empty, empty, empty.astype(float))]
        tail, head, secs = (np.concatenate(part) for part in zip(*pieces, strict=True))
        order = np.lexsort((secs, head, tail))
        tail, head, secs = tail[order], head[order], secs[order]
        first = np.ones(len(tail), dtype=bool)
        first[1:] = (tail[1:] != tail[:-1]) | (head[1:] != head[:-1])
        tail, head, secs = tail[first], head[first], secs[first]
        starts = np.searchsorted(tail, np.arange(n + 1))
        matrix = csr_array((secs, head.astype(np.int32), starts.astype(np.int32)), shape=(n, n))
        return Graph(matrix)


def times_from(
    graph: Graph, sources: Sequence[int] | np.ndarray, *, limit: float, reverse: bool = False
) -> np.ndarray:
    """Seconds from each source to every vertex.

    Parameters
    ----------
    graph
        Arcs with seconds.
    sources
        Vertex numbers.
    limit
        Paths longer than this many seconds are not looked for.
    reverse
        Times *to* each source instead.

    Returns
    -------
    ndarray
        sources x vertices, float64; infinite where no path within the limit exists.
    """
    matrix = graph.matrix.T.tocsr() if reverse else graph.matrix
    if len(sources) == 0:
        return np.empty((0, graph.vertices))
    found: np.ndarray = dijkstra(matrix, indices=np.asarray(sources), limit=limit)
    return found


def path_tree(graph: Graph, source: int, *, limit: float) -> tuple[np.ndarray, np.ndarray]:
    """Seconds and predecessors from one source; `NO_VERTEX` where there is none."""
    secs, before = dijkstra(graph.matrix, indices=source, limit=limit, return_predecessors=True)
    return secs, before


def path_to(before: np.ndarray, target: int) -> list[int]:
    """The vertices from the tree's source to a target it reaches, both included."""
    path = [target]
    while before[path[-1]] != NO_VERTEX:
        path.append(int(before[path[-1]]))
    return path[::-1]
