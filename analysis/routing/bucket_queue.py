"""One-to-all search: Dijkstra's algorithm with a bucket queue.

Dial, "Algorithm 360: shortest-path forest with topological ordering", Communications of the ACM
12(11), 1969. A bucket holds the vertices whose cost lies within its width; a vertex that becomes
cheaper while its bucket is emptied is scanned again, so the result is exact for any width.
"""

from __future__ import annotations

from typing import Self

import numpy as np

from analysis.kernels import kernel
from analysis.routing.arcs import FAR, Graph
from analysis.routing.linked_points import Connectors, LinkedPoints

NONE = -1
"""No vertex: the predecessor of a start, or the end of a bucket."""
MOST_BITS = 16
"""A queue has at most about 2 ** 16 buckets, even if some arcs are very long."""


@kernel
def _queue_starts(starts: tuple, limit: np.int32, bits: int, queue: tuple, dist: np.ndarray) -> int:
    """Reset the tables and queue the starts; return how many are queued."""
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
    predecessor: np.ndarray | None,
) -> int:
    """Fill in the costs from start vertices to all vertices, up to a limit.

    Parameters
    ----------
    graph
        `first`, `heads`, `costs`.
    starts
        Vertices and their costs, int32.
    within
        int32: the upper limit of costs; int: bits, a bucket is 2 ** bits units wide.
    queue
        Workspace, int32: the first entry of each bucket (their number is a power of two, and
        together they are wider than the costliest usable arc); the vertices of the entries; the
        next entry of each.
    dist
        Result, int32, one a vertex: `limit` + 1 where not reached.
    predecessor
        Result, int32, optional, initially all `NONE`: predecessor of each vertex that is not a
        start.

    Returns
    -------
    int
        Number of vertices scanned; `NONE` if there is not enough room for entries.
    """
    first, heads, costs = graph
    limit, bits = within
    bucket, queued, after = queue
    free = _queue_starts(starts, limit, bits, queue, dist)
    waiting, scanned, current, mask = free, 0, 0, np.uint32(bucket.size - 1)
    while waiting > 0:
        slot = np.uint32(current) & mask
        entry = bucket[slot]
        bucket[slot] = NONE
        while entry >= 0:
            tail = queued[entry]
            entry = after[entry]
            waiting -= 1
            cost = dist[tail]
            if (cost >> bits) == current:
                scanned += 1
                if free + first[tail + 1] - first[tail] >= queued.size:
                    return NONE
                # unsigned, because numba adds a wrap-around check for indices that may be negative
                for arc in range(np.uint32(first[tail]), np.uint32(first[tail + 1])):
                    head = np.uint32(heads[arc])
                    new, old = np.int32(cost + costs[arc]), dist[head]
                    # no branch: the processor cannot predict whether an arc is an improvement, so
                    # both outcomes are computed and one is stored
                    improves = new < old
                    dist[head] = min(new, old)
                    if predecessor is not None:
                        old_predecessor = predecessor[head]
                        predecessor[head] = tail if improves else old_predecessor
                    target = np.uint32(new >> bits) & mask
                    next_entry = bucket[target]
                    queued[free], after[free] = head, next_entry
                    bucket[target] = free if improves else next_entry
                    free += improves
                    waiting += improves
            if entry < 0:
                entry = bucket[slot]
                bucket[slot] = NONE
        current += 1
    return scanned


@kernel
def _write_egress_costs(
    egress: tuple, dist: np.ndarray, limit: np.int32, column: np.ndarray
) -> None:
    """Write the cheapest cost into each point over its egress legs; `FAR` beyond the limit."""
    first, at, costs = egress
    for point in range(first.size - 1):
        best = FAR
        for connector in range(first[point], first[point + 1]):
            if dist[at[connector]] <= limit:
                best = min(best, np.int32(dist[at[connector]] + costs[connector]))
        column[point] = best if best <= limit else FAR


@kernel
def _write_direct_costs(direct: tuple, limit: np.int32, column: np.ndarray) -> None:
    """Lower the costs to those of direct legs."""
    at, costs = direct
    for connector in range(at.size):
        if costs[connector] <= limit:
            column[at[connector]] = min(column[at[connector]], costs[connector])


@kernel
def _as_secs(dist: np.ndarray, limit: np.int32, per_sec: float, secs: np.ndarray) -> None:
    for vertex in range(dist.size):
        secs[vertex] = np.inf if dist[vertex] > limit else dist[vertex] / per_sec


class BucketQueue:
    """A bucket queue for repeated searches up to a limit by one thread.

    At the end of a `with` block the graph's next queue inherits its memory: allocating takes longer
    than a small search.

    Attributes
    ----------
    graph
        The graph to search.
    limit
        Units; the upper limit of costs.
    dist
        int32, one a vertex: costs of the last search, `limit` + 1 where not reached.
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
            self._allocate(len(graph.heads) + graph.vertices)

    def __enter__(self) -> Self:
        """The queue itself."""
        return self

    def __exit__(self, *_: object) -> None:
        """Return the memory to the graph."""
        self.graph.spare.append((self.dist, self._queued, self._after))

    def _allocate(self, entries: int) -> None:
        self._queued, self._after = np.empty(entries, np.int32), np.empty(entries, np.int32)

    def _bits(self, costs: np.ndarray) -> int:
        """Bits of the bucket width, such that the queue spans the costliest start too."""
        costliest = min(int(costs.max(initial=0)), int(self.limit))
        return max(self._narrowest, costliest.bit_length() - len(self._bucket).bit_length() + 1)

    def vertex_costs(
        self, starts: tuple[np.ndarray, np.ndarray], predecessor: np.ndarray | None = None
    ) -> int:
        """Fill `dist` from start vertices with initial costs; number of vertices scanned.

        The predecessors are filled in too, if given: see `search`.
        """
        limits, graph = (self.limit, self._bits(starts[1])), self.graph
        arrays = (graph.first, graph.heads, graph.costs)
        while True:
            if predecessor is not None:
                predecessor[:] = NONE
            queue = (self._bucket, self._queued, self._after)
            scanned = search(arrays, starts, limits, queue, self.dist, predecessor)
            if scanned != NONE:
                return scanned
            self._allocate(2 * len(self._queued) + len(starts[0]))

    def predecessors(self, starts: tuple[np.ndarray, np.ndarray]) -> np.ndarray:
        """Fill `dist`; return the predecessor of each vertex, int32, `NONE` where there is none."""
        predecessor = np.empty(self.graph.vertices, np.int32)
        self.vertex_costs(starts, predecessor)
        return predecessor

    def secs(self) -> np.ndarray:
        """Times of the last search in seconds, float64; infinite where not reached."""
        secs = np.empty(len(self.dist))
        _as_secs(self.dist, self.limit, self.graph.scale.per_sec, secs)
        return secs

    def arrival_costs(
        self, linked: LinkedPoints, starts: tuple[np.ndarray, np.ndarray], column: np.ndarray
    ) -> int:
        """Fill the column with costs from vertices to all points; number of vertices scanned."""
        scanned = self.vertex_costs(starts)
        egress = (linked.egress.first, linked.egress.at, linked.egress.costs)
        _write_egress_costs(egress, self.dist, self.limit, column)
        return scanned

    def point_costs(self, linked: LinkedPoints, point: int, column: np.ndarray) -> int:
        """Fill the column with costs from a point to all points; number of vertices scanned."""
        scanned = self.arrival_costs(linked, _row(linked.access, point), column)
        _write_direct_costs(_row(linked.direct, point), self.limit, column)
        return scanned

    def nearest_costs(self, linked: LinkedPoints, points: np.ndarray, column: np.ndarray) -> None:
        """Fill the column with costs to all points from the nearest of several points."""
        access, direct = linked.access.take(points), linked.direct.take(points)
        self.arrival_costs(linked, (access.at, access.costs), column)
        _write_direct_costs((direct.at, direct.costs), self.limit, column)


def _row(connectors: Connectors, point: int) -> tuple[np.ndarray, np.ndarray]:
    rows = slice(connectors.first[point], connectors.first[point + 1])
    return connectors.at[rows], connectors.costs[rows]
