"""A customisable contraction hierarchy of the streets.

Dibbelt, Strasser and Wagner, "Customizable contraction hierarchies", ACM Journal of Experimental
Algorithmics 21, 2016. Vertices are set aside one by one; between the remaining neighbours of each,
arcs are added (`shortcuts`: this depends on the order alone). Then costs are put on all arcs,
triangle by triangle, and those that no shortest path needs are dropped (`hierarchy`).
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Self

import numpy as np

from analysis.kernels import kernel
from analysis.routing.arcs import FAR, Graph, rows


@dataclass(frozen=True)
class Shortcuts:
    """Which arcs a hierarchy has, whatever they cost; vertices are called by their rank.

    Attributes
    ----------
    rank
        int32, one a vertex.
    first, heads
        Arcs from each rank to higher ones, ascending.
    """

    rank: np.ndarray
    first: np.ndarray
    heads: np.ndarray


@dataclass(frozen=True)
class Upward:
    """Arcs between each rank (the lower end) and higher ones, in one direction.

    Attributes
    ----------
    first, highs, costs
        int32: rows of the lower ends, the higher ends, units.
    """

    first: np.ndarray
    highs: np.ndarray
    costs: np.ndarray

    @classmethod
    def empty(cls, size: int) -> Self:
        """No arcs among so many vertices."""
        none = np.empty(0, np.int32)
        return cls(np.zeros(size + 1, np.int32), none, none)


@dataclass(frozen=True)
class Hierarchy:
    """Every shortest path leads up along `up` and then down along `down`.

    Attributes
    ----------
    rank
        int32, one a vertex on a street.
    parent
        int32, by rank: the lowest of the higher neighbours, -1 if none. All vertices to which
        one gets upwards are among the parents of parents.
    up, down
        Arcs from lower to higher ranks, and from higher to lower ones.
    """

    rank: np.ndarray
    parent: np.ndarray
    up: Upward
    down: Upward

    @property
    def reversed(self) -> Self:
        """The hierarchy of the same streets travelled the other way."""
        return type(self)(self.rank, self.parent, self.down, self.up)


@kernel
def _merge(heads: np.ndarray, start: int, end: int, low: int, mark: np.ndarray) -> np.ndarray:
    """Those of some heads that are above `low` and not yet marked with it; now they are."""
    new = np.empty(end - start, np.int32)
    count = 0
    for arc in range(start, end):
        head = heads[arc]
        if head > low and mark[head] != low:
            mark[head] = low
            new[count] = head
            count += 1
    return new[:count]


@kernel
def _eliminated(first: np.ndarray, heads: np.ndarray) -> tuple[np.ndarray, np.ndarray]:
    """Arcs from each rank upwards once all lower ranks are set aside.

    What a rank is joined to by lower ones is what its children in the elimination tree are
    joined to, and the parent of a rank is the lowest above it.
    """
    count = first.size - 1
    # how many arcs there will be is not known before: a guess, doubled where it does not do
    up_first, up = np.zeros(count + 1, np.int64), np.empty(4 * heads.size + count, np.int32)
    child, sibling = np.full(count, -1, np.int32), np.full(count, -1, np.int32)
    mark, gathered = np.full(count, -1, np.int32), np.empty(count, np.int32)
    end = 0
    for low in range(count):
        own = _merge(heads, first[low], first[low + 1], low, mark)
        size = own.size
        gathered[:size] = own
        below = child[low]
        while below >= 0:
            own = _merge(up, up_first[below], up_first[below + 1], low, mark)
            gathered[size : size + own.size] = own
            size += own.size
            below = sibling[below]
        while end + size > up.size:
            larger = np.empty(2 * up.size, np.int32)
            larger[:end] = up[:end]
            up = larger
        up[end : end + size] = np.sort(gathered[:size])
        end += size
        up_first[low + 1] = end
        if size:
            parent = up[end - size]
            sibling[low], child[parent] = child[parent], low
    return up_first, up[:end].copy()


def shortcuts(graph: Graph, rank: np.ndarray) -> Shortcuts:
    """The arcs of a hierarchy over the streets of a graph, in the order of the ranks."""
    tails, heads, costs = graph.street_arcs
    # as if all streets were two-way: each direction gets a cost of its own later, or none
    ends = rank[np.concatenate([tails, heads])], rank[np.concatenate([heads, tails])]
    first, highs, _ = rows(*ends, np.tile(costs, 2), graph.streets)
    return Shortcuts(rank, *_eliminated(first, highs))


@kernel
def _laid(first: np.ndarray, highs: np.ndarray, arcs: tuple, costs: np.ndarray) -> tuple:
    """Costs of the street arcs, each on its place: lower to higher, and higher to lower."""
    up, down = np.full(highs.size, FAR, np.int32), np.full(highs.size, FAR, np.int32)
    tails, heads = arcs
    for arc in range(tails.size):
        low, high = min(tails[arc], heads[arc]), max(tails[arc], heads[arc])
        if low == high:
            continue
        row = highs[first[low] : first[low + 1]]
        place = first[low] + np.searchsorted(row, high)
        side = up if tails[arc] == low else down
        side[place] = min(side[place], costs[arc])
    return up, down


@kernel
def _customised(first: np.ndarray, highs: np.ndarray, up: np.ndarray, down: np.ndarray) -> None:
    """Let every arc be no dearer than the way around through a lower vertex."""
    for low in range(first.size - 1):
        for i in range(first[low], first[low + 1]):
            # both rows ascend, and the row of highs[i] holds every highs[j]: the arc between the
            # two is found by going on, never by looking for it
            place = first[highs[i]]
            for j in range(i + 1, first[low + 1]):
                while highs[place] < highs[j]:
                    place += 1
                up[place] = min(up[place], np.int32(down[i] + up[j]))
                down[place] = min(down[place], np.int32(down[j] + up[i]))


@kernel
def _needed(  # noqa: C901
    first: np.ndarray, highs: np.ndarray, up: np.ndarray, down: np.ndarray
) -> tuple:
    """Which arcs no way through a higher vertex replaces; the others get that way's cost."""
    keep_up, keep_down = up < FAR, down < FAR
    # from the top: the arc between two higher vertices is final when ways over it are compared
    for low in range(first.size - 2, -1, -1):
        for i in range(first[low], first[low + 1]):
            place = first[highs[i]]
            for j in range(i + 1, first[low + 1]):
                while highs[place] < highs[j]:
                    place += 1
                if up[i] + up[place] < up[j]:
                    up[j], keep_up[j] = np.int32(up[i] + up[place]), False
                if up[j] + down[place] < up[i]:
                    up[i], keep_up[i] = np.int32(up[j] + down[place]), False
                if down[place] + down[i] < down[j]:
                    down[j], keep_down[j] = np.int32(down[place] + down[i]), False
                if up[place] + down[j] < down[i]:
                    down[i], keep_down[i] = np.int32(up[place] + down[j]), False
    return keep_up, keep_down


def _kept(arcs: Shortcuts, costs: np.ndarray, keep: np.ndarray) -> Upward:
    count = np.concatenate([[0], np.cumsum(keep)])
    return Upward(count[arcs.first].astype(np.int32), arcs.heads[keep], costs[keep])


def hierarchy(graph: Graph, arcs: Shortcuts) -> Hierarchy:
    """The hierarchy over the streets of a graph with their present costs.

    Parameters
    ----------
    graph
        Costs of street arcs.
    arcs
        `shortcuts` of the same streets, or of more of them.
    """
    rank, first, highs = arcs.rank, arcs.first, arcs.heads
    tails, heads, costs = graph.street_arcs
    up, down = _laid(first, highs, (rank[tails], rank[heads]), costs)
    _customised(first, highs, up, down)
    keep_up, keep_down = _needed(first, highs, up, down)
    has_parent = np.diff(first) > 0
    parent = np.full(len(rank), -1, dtype=np.int32)
    parent[has_parent] = highs[first[:-1][has_parent]]
    return Hierarchy(rank, parent, _kept(arcs, up, keep_up), _kept(arcs, down, keep_down))
