"""One-to-all travel times, and times to the nearest of several vertices."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np

from analysis.routing.arcs import FAR, Graph
from analysis.routing.bucket_queue import BucketQueue
from analysis.routing.linked_points import LinkedPoints


def vertex_times(
    linked: LinkedPoints, point: int, *, limit: float, reverse: bool = False
) -> np.ndarray:
    """Seconds from one point to every vertex.

    Returns
    -------
    ndarray
        float64, one a vertex; infinite where not reached within the limit (seconds).
    """
    directed = linked.reversed if reverse else linked
    access = directed.access.take(np.array([point]))
    with BucketQueue(directed.graph, directed.graph.scale.cutoff(limit)) as queue:
        queue.vertex_costs((access.at, access.costs))
        return queue.secs()


def times_to_points(
    linked: LinkedPoints, starts: tuple[np.ndarray, np.ndarray], *, limit: float
) -> np.ndarray:
    """Seconds from start vertices, each with an initial time, to every point; no direct legs.

    Returns
    -------
    ndarray
        float64, one a point; infinite where not reached within the limit (seconds).
    """
    graph = linked.graph
    column = np.empty(linked.count, np.int32)
    with BucketQueue(graph, graph.scale.cutoff(limit)) as queue:
        costs = (starts[0].astype(np.int32), graph.scale.units(starts[1]))
        queue.arrival_costs(linked, costs, column)
    return graph.scale.secs(column)


def times_to_vertices(
    graph: Graph, starts: tuple[np.ndarray, np.ndarray], *, limit: float
) -> np.ndarray:
    """Seconds from start vertices, each with an initial time, to every vertex.

    Returns
    -------
    ndarray
        float64, one a vertex; infinite where not reached within the limit (seconds).
    """
    with BucketQueue(graph, graph.scale.cutoff(limit)) as queue:
        queue.vertex_costs((starts[0].astype(np.int32), graph.scale.units(starts[1])))
        return queue.secs()


def times_to_nearest(linked: LinkedPoints, vertices: np.ndarray, *, limit: float) -> np.ndarray:
    """Seconds from each point to the nearest of several vertices.

    Returns
    -------
    ndarray
        float64, one a point; infinite where none is reached within the limit (seconds).
    """
    if linked.timed is not None:
        return linked.timed.to_nearest(vertices, limit=limit)
    graph = linked.graph.reversed
    nearest = np.full(linked.count, int(FAR), dtype=np.int64)
    owner = np.repeat(np.arange(linked.count), np.diff(linked.access.first))
    with BucketQueue(graph, graph.scale.cutoff(limit)) as queue:
        queue.vertex_costs((vertices.astype(np.int32), np.zeros(len(vertices), np.int32)))
        costs = queue.dist[linked.access.at].astype(np.int64) + linked.access.costs
    np.minimum.at(nearest, owner, costs)
    return graph.scale.secs(np.where(nearest > queue.limit, int(FAR), nearest))


def times_from(
    graph: Graph, sources: Sequence[int] | np.ndarray, *, limit: float, reverse: bool = False
) -> np.ndarray:
    """Seconds from each source vertex to every vertex.

    Returns
    -------
    ndarray
        sources x vertices, float64; infinite where no path within the limit exists.
    """
    directed = graph.reversed if reverse else graph
    table = np.empty((len(sources), graph.vertices))
    with BucketQueue(directed, directed.scale.cutoff(limit)) as queue:
        for row, source in enumerate(sources):
            queue.vertex_costs((np.array([source], np.int32), np.zeros(1, np.int32)))
            table[row] = queue.secs()
    return table
