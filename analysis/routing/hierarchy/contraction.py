"""A customisable contraction hierarchy of the streets.

Dibbelt, Strasser and Wagner, "Customizable contraction hierarchies", ACM Journal of Experimental
Algorithmics 21, 2016. Vertices are contracted one by one; between the remaining neighbours of each,
arcs are added (`shortcuts`: they depend on the order alone). Then all arcs get costs, triangle by
triangle (customisation), and arcs that no shortest path needs are dropped (`hierarchy`).
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Self

import numpy as np

from analysis.kernels import kernel
from analysis.routing.arcs import FAR, Graph, rows


@dataclass(frozen=True)
class Shortcuts:
    """Arcs of a hierarchy, without costs; vertices are identified by rank.

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
    """A contraction hierarchy: every shortest path goes up along `up`, then down along `down`.

    Attributes
    ----------
    rank
        int32, one a street vertex.
    parent
        int32, by rank: the lowest of the higher neighbours, -1 if none. All ranks reachable upwards
        are ancestors in this tree.
    up, down
        Arcs from lower to higher ranks, and from higher to lower ones.
    """

    rank: np.ndarray
    parent: np.ndarray
    up: Upward
    down: Upward

    @property
    def reversed(self) -> Self:
        """The hierarchy of the reversed streets."""
        return type(self)(self.rank, self.parent, self.down, self.up)


@kernel
def _unmarked(heads: np.ndarray, start: int, end: int, low: int, mark: np.ndarray) -> np.ndarray:
    """Heads above `low` that are not yet marked with it; marks them."""
    unmarked = np.empty(end - start, np.int32)
    count = 0
    for arc in range(start, end):
        head = heads[arc]
        if head > low and mark[head] != low:
            mark[head] = low
            unmarked[count] = head
            count += 1
    return unmarked[:count]


@kernel
def _eliminate(first: np.ndarray, heads: np.ndarray) -> tuple[np.ndarray, np.ndarray]:
    """Arcs from each rank upwards once all lower ranks are contracted.

    A rank inherits the upward neighbours of its children in the elimination tree; the parent of a
    rank is its lowest upward neighbour.
    """
    count = first.size - 1
    # how many arcs there will be is not known before: a guess, doubled where it does not do
    up_first, up = np.zeros(count + 1, np.int64), np.empty(4 * heads.size + count, np.int32)
    first_child, sibling = np.full(count, -1, np.int32), np.full(count, -1, np.int32)
    marks, gathered = np.full(count, -1, np.int32), np.empty(count, np.int32)
    end = 0
    for low in range(count):
        heads_above = _unmarked(heads, first[low], first[low + 1], low, marks)
        size = heads_above.size
        gathered[:size] = heads_above
        child_rank = first_child[low]
        while child_rank >= 0:
            heads_above = _unmarked(up, up_first[child_rank], up_first[child_rank + 1], low, marks)
            gathered[size : size + heads_above.size] = heads_above
            size += heads_above.size
            child_rank = sibling[child_rank]
        while end + size > up.size:
            larger = np.empty(2 * up.size, np.int32)
            larger[:end] = up[:end]
            up = larger
        up[end : end + size] = np.sort(gathered[:size])
        end += size
        up_first[low + 1] = end
        if size:
            parent = up[end - size]
            sibling[low], first_child[parent] = first_child[parent], low
    return up_first, up[:end].copy()


def shortcuts(graph: Graph, rank: np.ndarray) -> Shortcuts:
    """The arcs of a hierarchy over the streets of a graph, in the order of the ranks."""
    tails, heads, costs = graph.street_arcs
    # as if all streets were two-way: each direction gets a cost of its own later, or none
    arcs = rank[np.concatenate([tails, heads])], rank[np.concatenate([heads, tails])]
    first, highs, _ = rows(*arcs, np.tile(costs, 2), graph.streets)
    return Shortcuts(rank, *_eliminate(first, highs))


@kernel
def _initial_costs(first: np.ndarray, highs: np.ndarray, arcs: tuple, costs: np.ndarray) -> tuple:
    """Costs of the street arcs at their places in the hierarchy, upwards and downwards."""
    up, down = np.full(highs.size, FAR, np.int32), np.full(highs.size, FAR, np.int32)
    tails, heads = arcs
    for arc in range(tails.size):
        low, high = min(tails[arc], heads[arc]), max(tails[arc], heads[arc])
        if low == high:
            continue
        heads_above = highs[first[low] : first[low + 1]]
        place = first[low] + np.searchsorted(heads_above, high)
        direction = up if tails[arc] == low else down
        direction[place] = min(direction[place], costs[arc])
    return up, down


@kernel
def _customise(first: np.ndarray, highs: np.ndarray, up: np.ndarray, down: np.ndarray) -> None:
    """Lower each arc to the cost of its lower triangles: paths through a lower vertex."""
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
def _necessary(  # noqa: C901
    first: np.ndarray, highs: np.ndarray, up: np.ndarray, down: np.ndarray
) -> tuple:
    """Arcs that no path through a higher vertex replaces; the others get that path's cost."""
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


def _kept_arcs(arcs: Shortcuts, costs: np.ndarray, keep: np.ndarray) -> Upward:
    count = np.concatenate([[0], np.cumsum(keep)])
    return Upward(count[arcs.first].astype(np.int32), arcs.heads[keep], costs[keep])


def hierarchy(graph: Graph, arcs: Shortcuts) -> Hierarchy:
    """The hierarchy over the streets of a graph with its current costs.

    Parameters
    ----------
    graph
        Costs of street arcs.
    arcs
        `shortcuts` of the same streets, or of more of them.
    """
    rank, first, highs = arcs.rank, arcs.first, arcs.heads
    tails, heads, costs = graph.street_arcs
    up, down = _initial_costs(first, highs, (rank[tails], rank[heads]), costs)
    _customise(first, highs, up, down)
    keep_up, keep_down = _necessary(first, highs, up, down)
    has_parent = np.diff(first) > 0
    parent = np.full(len(rank), -1, dtype=np.int32)
    parent[has_parent] = highs[first[:-1][has_parent]]
    return Hierarchy(rank, parent, _kept_arcs(arcs, up, keep_up), _kept_arcs(arcs, down, keep_down))
