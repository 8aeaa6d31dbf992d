"""Vertices and directed arcs with costs in whole units."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from functools import cached_property
from math import floor, log2

import numpy as np

FAR = np.int32(2**30 - 1)
"""Unreachable: more than any cost within a limit; twice as much still fits an int32."""
NOISE_UNITS = 2.0**-20
"""Fractions this little below half a unit are rounded up too: they may be half but for noise."""
STEP_SECS = 0.001
"""Accuracy of times: a cutoff includes times that exceed it by less than half of this."""


@dataclass(frozen=True)
class Scale:
    """Conversion of seconds (or metres) to whole units.

    Sums of whole numbers do not depend on their order, so all search methods give the same times to
    the last unit. A unit is a power of two, as small as the longest time allows: 7.6 microseconds
    for two hours. Each arc is rounded once, so the error of a trip is at most half a unit an arc:
    less than half of `STEP_SECS` over 130 arcs.

    Attributes
    ----------
    longest
        Seconds: the upper limit of all searches.

    Examples
    --------
    >>> Scale(7200.0).per_sec
    131072.0
    """

    longest: float

    @cached_property
    def per_sec(self) -> float:
        """Units in a second."""
        return float(2.0 ** floor(log2((int(FAR) - 2) / max(self.longest, 1.0))))

    def units(self, secs: np.ndarray) -> np.ndarray:
        """Costs of arcs as int32; costs above `longest` become `FAR` - 1."""
        largest = float(FAR - 1)
        return np.minimum(self.whole(secs) * self.per_sec, largest).astype(np.int32)

    def whole(self, secs: np.ndarray) -> np.ndarray:
        """Seconds rounded to whole units, still in seconds; infinite values stay infinite."""
        return np.floor(np.asarray(secs) * self.per_sec + (0.5 + NOISE_UNITS)) / self.per_sec

    def cutoff(self, secs: float) -> np.int32:
        """The largest cost within a cutoff of seconds, `longest` at most."""
        units = floor((min(secs, self.longest) + STEP_SECS / 2) * self.per_sec)
        return np.int32(min(units, int(FAR) - 2))

    def secs(self, units: np.ndarray) -> np.ndarray:
        """Seconds as float64; infinite for `FAR`."""
        return np.where(units == FAR, np.inf, units / self.per_sec)


@dataclass(frozen=True)
class Graph:
    """Arcs in the order of their tails (compressed sparse rows).

    Attributes
    ----------
    first
        int32, vertices + 1: the first arc of each vertex.
    heads, costs
        int32, one an arc: its head and its cost.
    streets
        Number of street vertices. Vertices from this number on are transit vertices (stops,
        vehicles), numbered so that most arcs among them lead to higher numbers.
    scale
        The unit of the costs.
    """

    first: np.ndarray
    heads: np.ndarray
    costs: np.ndarray
    streets: int
    scale: Scale

    @property
    def vertices(self) -> int:
        """Number of vertices."""
        return len(self.first) - 1

    @cached_property
    def tails(self) -> np.ndarray:
        """int32, one an arc: its tail."""
        return np.repeat(np.arange(self.vertices, dtype=np.int32), np.diff(self.first))

    @cached_property
    def street_arcs(self) -> tuple[np.ndarray, np.ndarray, np.ndarray]:
        """Tails, heads and costs of the arcs between street vertices."""
        end = self.first[self.streets]
        on_streets = self.heads[:end] < self.streets
        arrays = self.tails[:end], self.heads[:end], self.costs[:end]
        tails, heads, costs = (array[on_streets] for array in arrays)
        return tails, heads, costs

    @cached_property
    def reversed(self) -> Graph:
        """The graph with all arcs reversed."""
        first, heads, costs = rows(self.heads, self.tails, self.costs, self.vertices)
        return Graph(first, heads, costs, self.streets, self.scale)

    def without(self, tails: np.ndarray, heads: np.ndarray) -> Graph:
        """The graph with the arcs between some pairs of vertices closed."""
        costs = self.costs.copy()
        for tail, head in zip(tails.tolist(), heads.tolist(), strict=True):
            row = slice(self.first[tail], self.first[tail + 1])
            costs[row][self.heads[row] == head] = FAR
        return Graph(self.first, self.heads, costs, self.streets, self.scale)

    @cached_property
    def longest_arc(self) -> int:
        """The greatest cost; 0 without arcs."""
        return int(self.costs.max(initial=0))

    @cached_property
    def spare(self) -> list[tuple[np.ndarray, np.ndarray, np.ndarray]]:
        """Memory of finished queues for reuse, see `analysis.routing.bucket_queue`."""
        return []

    @cached_property
    def bucket_bits(self) -> int:
        """Width of a queue's buckets, 2 ** bits units: about the length of two arcs."""
        short = self.costs[self.costs < FAR - 1]
        return max(int(log2(short.mean() + 1)) + 1, 1) if len(short) else 1


def rows(
    tails: np.ndarray, heads: np.ndarray, costs: np.ndarray, vertices: int
) -> tuple[np.ndarray, np.ndarray, np.ndarray]:
    """Arcs as compressed sparse rows; of parallel arcs the cheapest is kept.

    Returns
    -------
    first, heads, costs
        int32, see `Graph`; heads ascend within a row.
    """
    order = np.lexsort((costs, heads, tails))
    tails, heads, costs = tails[order], heads[order], costs[order]
    is_first = np.ones(len(tails), dtype=bool)
    is_first[1:] = (tails[1:] != tails[:-1]) | (heads[1:] != heads[:-1])
    first = np.searchsorted(tails[is_first], np.arange(vertices + 1)).astype(np.int32)
    return first, heads[is_first].astype(np.int32), costs[is_first].astype(np.int32)


class Arcs:
    """Builder of a graph: collects vertices and arcs.

    Examples
    --------
    >>> arcs = Arcs()
    >>> a, b = arcs.vertices(2)
    >>> arcs.add([a, a], [b, b], [60.0, 30.0])
    >>> graph = arcs.graph(longest=100.0)
    >>> graph.scale.secs(graph.costs).tolist()
    [30.0]
    """

    def __init__(self) -> None:
        self._count = 0
        self._pieces: list[tuple[np.ndarray, np.ndarray, np.ndarray]] = []

    def vertices(self, count: int) -> np.ndarray:
        """Add vertices and return their numbers."""
        self._count += count
        return np.arange(self._count - count, self._count)

    def add(
        self,
        tails: Sequence[int] | np.ndarray,
        heads: Sequence[int] | np.ndarray,
        secs: Sequence[float] | np.ndarray | float,
    ) -> None:
        """Add arcs from tails to heads; arcs with infinite seconds are left out."""
        tail, head = np.asarray(tails, dtype=np.int32), np.asarray(heads, dtype=np.int32)
        cost = np.broadcast_to(np.asarray(secs, dtype=float), tail.shape)
        open_arcs = np.isfinite(cost)
        self._pieces.append((tail[open_arcs], head[open_arcs], cost[open_arcs]))

    def graph(self, longest: float, *, streets: int | None = None) -> Graph:
        """The graph; of parallel arcs the cheapest is kept.

        Parameters
        ----------
        longest
            Upper limit of all searches, seconds.
        streets
            Number of street vertices; all vertices if not given.
        """
        none = np.empty(0, dtype=np.int32)
        pieces = [*self._pieces, (none, none, none.astype(float))]
        tail, head, secs = (np.concatenate(part) for part in zip(*pieces, strict=True))
        scale = Scale(longest)
        first, heads, costs = rows(tail, head, scale.units(secs), self._count)
        return Graph(first, heads, costs, self._count if streets is None else streets, scale)
