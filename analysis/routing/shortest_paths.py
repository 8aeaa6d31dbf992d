"""Shortest ways from one place: by which vertices they lead, and whether there are any."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

import numpy as np

from analysis.kernels import kernel
from analysis.routing.arcs import FAR, Graph
from analysis.routing.bucket_queue import NONE, BucketQueue
from analysis.routing.linked_points import LinkedPoints


def path_tree(graph: Graph, source: int, *, limit: float) -> tuple[np.ndarray, np.ndarray]:
    """Seconds from one vertex to all, and the vertex before each; `NONE` where there is none."""
    with BucketQueue(graph, graph.scale.cutoff(limit)) as queue:
        before = queue.parents((np.array([source], np.int32), np.zeros(1, np.int32)))
        return queue.secs(), before


def path_to(before: np.ndarray, target: int) -> list[int]:
    """The vertices from the tree's source to a target it reaches, both included."""
    path = [target]
    while before[path[-1]] != NONE:
        path.append(int(before[path[-1]]))
    return path[::-1]


def paths_from(
    linked: LinkedPoints, point: int, targets: Sequence[int], *, limit: float
) -> Iterator[tuple[float, list[int]]]:
    """Seconds and path from one point to each of some others, in their order.

    Yields
    ------
    tuple of float and list of int
        Infinite seconds where not reached within the limit. The path holds the vertices between
        the two points; it is empty where they need no network.
    """
    graph = linked.graph
    start, across = (legs.of(np.array([point])) for legs in (linked.access, linked.direct))
    direct = dict(zip(across.at.tolist(), across.costs.tolist(), strict=True))
    with BucketQueue(graph, graph.scale.cutoff(limit)) as queue:
        before = queue.parents((start.at, start.costs))
        for target in targets:
            here = slice(linked.egress.first[target], linked.egress.first[target + 1])
            costs = queue.dist[linked.egress.at[here]].astype(np.int64) + linked.egress.costs[here]
            best = int(costs.min(initial=int(FAR)))
            if direct.get(target, int(FAR)) <= min(best, int(queue.limit)):
                yield direct[target] / graph.scale.per_sec, []
            elif best <= queue.limit:
                vertex = int(linked.egress.at[here][costs.argmin()])
                yield best / graph.scale.per_sec, path_to(before, vertex)
            else:
                yield np.inf, []


@kernel
def _reachable(first: np.ndarray, heads: np.ndarray, starts: np.ndarray, found: np.ndarray) -> None:
    """Mark every vertex to which there is a way at all, however long."""
    queued = np.empty(found.size, np.int32)
    here, end = 0, 0
    for start in starts:
        if not found[start]:
            found[start], queued[end] = True, start
            end += 1
    while here < end:
        for arc in range(first[queued[here]], first[queued[here] + 1]):
            head = heads[arc]
            if not found[head]:
                found[head], queued[end] = True, head
                end += 1
        here += 1


def has_way(linked: LinkedPoints, point: int) -> np.ndarray:
    """Whether there is any way from one point to each point, however long."""
    found = np.zeros(linked.graph.vertices, dtype=np.bool_)
    start, across = (legs.of(np.array([point])) for legs in (linked.access, linked.direct))
    _reachable(linked.graph.first, linked.graph.heads, start.at, found)
    way = np.zeros(linked.count, dtype=bool)
    owner = np.repeat(np.arange(linked.count), np.diff(linked.egress.first))
    way[owner[found[linked.egress.at]]] = True
    way[across.at] = True
    return way
