"""From one place to all others: Dijkstra's algorithm with a queue of buckets.

Dial, "Algorithm 360: shortest-path forest with topological ordering", Communications of the ACM
12(11), 1969. A bucket holds the vertices whose cost lies within its width; a vertex that becomes
cheaper while its bucket is emptied is looked at again, so the answer is exact for any width.
"""

from __future__ import annotations

from typing import Self

import numpy as np

from analysis.kernels import kernel
from analysis.routing.arcs import FAR, Graph
from analysis.routing.linked_points import Connectors, LinkedPoints

NONE = -1
"""No vertex: before the first of a path, or after the last of a bucket."""
MOST_BITS = 16
"""A queue has about 2 ** 16 buckets at most, also for arcs far longer than most."""


@kernel
def _started(starts: tuple, limit: np.int32, bits: int, queue: tuple, dist: np.ndarray) -> int:
    """Empty the tables but for the starts; how many are queued."""
    at, costs = starts
    bucket, queued, after = queue
    for vertex in range(dist.size):
        dist[vertex] = limit + 1
    for slot in range(bucket.size):
        bucket[slot] = NONE
    count = 0
    for i in range(at.size):
        if costs[i] < dist[at[i]]:
            dist[at[i]] = costs[i]
            slot = (costs[i] >> bits) & (bucket.size - 1)
            queued[count], after[count], bucket[slot] = at[i], bucket[slot], count
            count += 1
    return count


@kernel
def search(
    graph: tuple,
    starts: tuple,
    within: tuple,
    queue: tuple,
    dist: np.ndarray,
    before: np.ndarray | None,
) -> int:
    """Costs from some vertices to all, up to a limit.

    Parameters
    ----------
    graph
        `first`, `heads`, `costs`.
    starts
        Vertices and their costs, int32.
    within
        int32: a limit above which no costs are looked for; int: a bucket is 2 ** so many wide.
    queue
        Workspace, int32: one a bucket (their number is a power of two, and more of them than the
        costliest usable arc is wide); entries; the entry after each.
    dist
        Result, int32, one a vertex: `limit` + 1 where not reached.
    before
        Result, int32, if given, all `NONE`: the vertex before each one that is not a start.

    Returns
    -------
    int
        How many vertices were looked at; `NONE` if the entries are too few.
    """
    first, heads, costs = graph
    limit, bits = within
    bucket, queued, after = queue
    free = _started(starts, limit, bits, queue, dist)
    waiting, seen, now, mask = free, 0, 0, np.uint32(bucket.size - 1)
    while waiting > 0:
        slot = np.uint32(now) & mask
        entry = bucket[slot]
        bucket[slot] = NONE
        while entry >= 0:
            tail = queued[entry]
            entry = after[entry]
            waiting -= 1
            cost = dist[tail]
            if (cost >> bits) == now:
                seen += 1
                if free + first[tail + 1] - first[tail] >= queued.size:
                    return NONE
                # unsigned: an index that may be negative is looked at once more by numba
                for arc in range(np.uint32(first[tail]), np.uint32(first[tail + 1])):
                    head = np.uint32(heads[arc])
                    new, old = np.int32(cost + costs[arc]), dist[head]
                    # no branch, so what is kept is read before: whether an arc helps cannot be
                    # guessed by the processor
                    better = new < old
                    dist[head] = min(new, old)
                    if before is not None:
                        known = before[head]
                        before[head] = tail if better else known
                    place = np.uint32(new >> bits) & mask
                    newest = bucket[place]
                    queued[free], after[free] = head, newest
                    bucket[place] = free if better else newest
                    free += better
                    waiting += better
            if entry < 0:
                entry = bucket[slot]
                bucket[slot] = NONE
        now += 1
    return seen


@kernel
def _arrive(into: tuple, dist: np.ndarray, limit: np.int32, column: np.ndarray) -> None:
    """The cheapest way into each point; `FAR` beyond the limit."""
    first, at, costs = into
    for point in range(first.size - 1):
        best = FAR
        for leg in range(first[point], first[point + 1]):
            if dist[at[leg]] <= limit:
                best = min(best, np.int32(dist[at[leg]] + costs[leg]))
        column[point] = best if best <= limit else FAR


@kernel
def _across(straight: tuple, limit: np.int32, column: np.ndarray) -> None:
    """Ways that need no network."""
    at, costs = straight
    for leg in range(at.size):
        if costs[leg] <= limit:
            column[at[leg]] = min(column[at[leg]], costs[leg])


@kernel
def _as_secs(dist: np.ndarray, limit: np.int32, per_sec: float, secs: np.ndarray) -> None:
    for vertex in range(dist.size):
        secs[vertex] = np.inf if dist[vertex] > limit else dist[vertex] / per_sec


class BucketQueue:
    """The queue for questions up to a limit: what one thread needs to ask again and again.

    At the end of a `with` its memory goes to the next queue of the graph: new memory costs a
    small question more than its answer.

    Attributes
    ----------
    graph
        Where to search.
    limit
        Units; costs above it are not looked for.
    dist
        int32, one a vertex: the last answer, `limit` + 1 where not reached.
    """

    def __init__(self, graph: Graph, limit: np.int32) -> None:
        self.graph, self.limit = graph, limit
        longest = min(graph.longest_arc, int(limit))
        self._narrowest = max(graph.bucket_bits, longest.bit_length() - MOST_BITS)
        slots = 2 ** int((longest >> self._narrowest) + 2).bit_length()
        self._bucket = np.empty(slots, np.int32)
        try:
            self.dist, self._queued, self._after = graph.spare.pop()
        except IndexError:
            self.dist = np.empty(graph.vertices, np.int32)
            self._hold(len(graph.heads) + graph.vertices)

    def __enter__(self) -> Self:
        """The queue itself."""
        return self

    def __exit__(self, *_: object) -> None:
        """Leave the memory to others."""
        self.graph.spare.append((self.dist, self._queued, self._after))

    def _hold(self, entries: int) -> None:
        self._queued, self._after = np.empty(entries, np.int32), np.empty(entries, np.int32)

    def _bits(self, costs: np.ndarray) -> int:
        """Buckets are 2 ** bits units wide: so wide that they hold the dearest start too."""
        dearest = min(int(costs.max(initial=0)), int(self.limit))
        return max(self._narrowest, dearest.bit_length() - len(self._bucket).bit_length() + 1)

    def vertex_costs(
        self, starts: tuple[np.ndarray, np.ndarray], before: np.ndarray | None = None
    ) -> int:
        """Fill `dist` from some vertices at some costs; how many vertices were looked at.

        `before` is filled as well, if given: see `search`.
        """
        within, graph = (self.limit, self._bits(starts[1])), self.graph
        arrays = (graph.first, graph.heads, graph.costs)
        while True:
            if before is not None:
                before[:] = NONE
            queue = (self._bucket, self._queued, self._after)
            seen = search(arrays, starts, within, queue, self.dist, before)
            if seen != NONE:
                return seen
            self._hold(2 * len(self._queued) + len(starts[0]))

    def parents(self, starts: tuple[np.ndarray, np.ndarray]) -> np.ndarray:
        """Fill `dist`; int32, the vertex before each one, `NONE` where there is none."""
        before = np.empty(self.graph.vertices, np.int32)
        self.vertex_costs(starts, before)
        return before

    def secs(self) -> np.ndarray:
        """The last answer in seconds, float64; infinite where not reached."""
        found = np.empty(len(self.dist))
        _as_secs(self.dist, self.limit, self.graph.scale.per_sec, found)
        return found

    def arrival_costs(
        self, linked: LinkedPoints, starts: tuple[np.ndarray, np.ndarray], column: np.ndarray
    ) -> int:
        """Fill the column with costs from vertices to all points; how many vertices it took."""
        seen = self.vertex_costs(starts)
        into = (linked.egress.first, linked.egress.at, linked.egress.costs)
        _arrive(into, self.dist, self.limit, column)
        return seen

    def point_costs(self, linked: LinkedPoints, point: int, column: np.ndarray) -> int:
        """Fill the column with costs from a point to all points; how many vertices it took."""
        seen = self.arrival_costs(linked, _row(linked.access, point), column)
        _across(_row(linked.direct, point), self.limit, column)
        return seen

    def nearest_costs(self, linked: LinkedPoints, points: np.ndarray, column: np.ndarray) -> None:
        """Fill the column with costs to all points from the nearest of some points."""
        start, across = linked.access.of(points), linked.direct.of(points)
        self.arrival_costs(linked, (start.at, start.costs), column)
        _across((across.at, across.costs), self.limit, column)


def _row(legs: Connectors, point: int) -> tuple[np.ndarray, np.ndarray]:
    here = slice(legs.first[point], legs.first[point + 1])
    return legs.at[here], legs.costs[here]
