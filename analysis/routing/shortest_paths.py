"""Shortest paths from one place: their vertices, and whether there are any."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

import numpy as np

from analysis.kernels import kernel
from analysis.routing.arcs import FAR, Graph
from analysis.routing.bucket_queue import NONE, BucketQueue
from analysis.routing.linked_points import LinkedPoints


def path_tree(graph: Graph, source: int, *, limit: float) -> tuple[np.ndarray, np.ndarray]:
    """Seconds from one vertex to all, and the predecessor of each; `NONE` where there is none."""
    with BucketQueue(graph, graph.scale.cutoff(limit)) as queue:
        predecessors = queue.predecessors((np.array([source], np.int32), np.zeros(1, np.int32)))
        return queue.secs(), predecessors


def path_to(predecessors: np.ndarray, target: int) -> list[int]:
    """The vertices from the tree's source to a reached target, both included."""
    path = [target]
    while predecessors[path[-1]] != NONE:
        path.append(int(predecessors[path[-1]]))
    return path[::-1]


def paths_from(
    linked: LinkedPoints, point: int, targets: Sequence[int], *, limit: float
) -> Iterator[tuple[float, list[int]]]:
    """Seconds and path from one point to each of several others, in their order.

    Yields
    ------
    tuple of float and list of int
        Infinite seconds where not reached within the limit. The path holds the vertices between the
        two points; it is empty for a direct leg.
    """
    graph = linked.graph
    access, direct_legs = (
        connectors.take(np.array([point])) for connectors in (linked.access, linked.direct)
    )
    direct_costs = dict(zip(direct_legs.at.tolist(), direct_legs.costs.tolist(), strict=True))
    with BucketQueue(graph, graph.scale.cutoff(limit)) as queue:
        predecessors = queue.predecessors((access.at, access.costs))
        for target in targets:
            rows = slice(linked.egress.first[target], linked.egress.first[target + 1])
            costs = queue.dist[linked.egress.at[rows]].astype(np.int64) + linked.egress.costs[rows]
            best = int(costs.min(initial=int(FAR)))
            if direct_costs.get(target, int(FAR)) <= min(best, int(queue.limit)):
                yield direct_costs[target] / graph.scale.per_sec, []
            elif best <= queue.limit:
                vertex = int(linked.egress.at[rows][costs.argmin()])
                yield best / graph.scale.per_sec, path_to(predecessors, vertex)
            else:
                yield np.inf, []


@kernel
def _mark_reachable(
    first: np.ndarray, heads: np.ndarray, starts: np.ndarray, reached: np.ndarray
) -> None:
    """Mark every vertex to which there is a path, however long."""
    queued = np.empty(reached.size, np.int32)
    position, end = 0, 0
    for start in starts:
        if not reached[start]:
            reached[start], queued[end] = True, start
            end += 1
    while position < end:
        for arc in range(first[queued[position]], first[queued[position] + 1]):
            head = heads[arc]
            if not reached[head]:
                reached[head], queued[end] = True, head
                end += 1
        position += 1


def has_path(linked: LinkedPoints, point: int) -> np.ndarray:
    """Whether there is any path from one point to each point, however long."""
    if linked.timed is not None:
        return linked.timed.has_path(point)
    reached = np.zeros(linked.graph.vertices, dtype=np.bool_)
    access, direct = (
        connectors.take(np.array([point])) for connectors in (linked.access, linked.direct)
    )
    _mark_reachable(linked.graph.first, linked.graph.heads, access.at, reached)
    reachable = np.zeros(linked.count, dtype=bool)
    owner = np.repeat(np.arange(linked.count), np.diff(linked.egress.first))
    reachable[owner[reached[linked.egress.at]]] = True
    reachable[direct.at] = True
    return reachable
