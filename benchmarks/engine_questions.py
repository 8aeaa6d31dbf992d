"""The engine's side of its benchmark: questions made of the synthetic streets, and their floors."""

from __future__ import annotations

from concurrent.futures import ThreadPoolExecutor

import numpy as np
from numba import njit
from synthetic_grid import StreetArrays

from analysis.graph.routable_network import LONGEST_SECS
from analysis.routing.arcs import FAR, Arcs
from analysis.routing.bucket_queue import BucketQueue
from analysis.routing.hierarchy.cache import Hierarchies, StreetNodes
from analysis.routing.hierarchy.selection import selection
from analysis.routing.linked_points import LinkedPoints, connectors
from analysis.routing.router import visit_times
from analysis.routing.sweep.phast import LANES

INT = 4
"""Bytes of a cost, of a vertex number and of a place in a row."""


def trips_on(network: StreetArrays, points: np.ndarray, hierarchies: Hierarchies) -> LinkedPoints:
    """The streets as the engine's graph, with some of their nodes as the points asked about."""
    arcs = Arcs()
    arcs.vertices(network.nodes)
    arcs.add(network.tail, network.head, network.secs)
    graph = arcs.graph(LONGEST_SECS)
    count, free = len(points), np.zeros(len(points), dtype=np.int32)
    each = np.arange(count, dtype=np.int32)
    on_node = connectors(each, points.astype(np.int32), free, count)
    own = connectors(each, each, free, count)
    nodes = StreetNodes(np.arange(network.nodes, dtype=np.int64), network.x, network.y)
    return LinkedPoints(graph, on_node, on_node, own, nodes, hierarchies)


@njit(nogil=True)
def _reached(block: np.ndarray) -> np.ndarray:
    """How many destinations each origin of a block reaches."""
    count = np.zeros(block.shape[1], np.int32)
    for place in range(block.shape[0]):
        for lane in range(block.shape[1]):
            count[lane] += block[place, lane] != FAR
    return count


def handed_over(linked: LinkedPoints, origins: np.ndarray, limit: float) -> np.ndarray:
    """All times from some origins to all points, each looked at once; how many are reached."""
    count = np.zeros(len(origins), dtype=np.int64)

    def visit(positions: np.ndarray, block: np.ndarray) -> None:
        count[positions] = _reached(block)

    visit_times(linked, visit, limit=limit, origins=origins)
    return count


def queued(linked: LinkedPoints, origins: np.ndarray, limit: float, threads: int) -> None:
    """The same with the engine's bucket queue alone, whatever it would choose itself."""

    def work(own: np.ndarray) -> None:
        queue = BucketQueue(linked.graph, linked.graph.scale.cutoff(limit))
        column = np.empty(linked.count, np.int32)
        for origin in own:
            queue.point_costs(linked, int(origin), column)

    with ThreadPoolExecutor(threads) as pool:
        list(pool.map(work, (origins[thread::threads] for thread in range(threads))))


def bytes_of_search(linked: LinkedPoints) -> float:
    """What one search over all streets touches: rows, arcs, the cost at each arc's head, costs."""
    graph = linked.graph
    return INT * (3 * graph.vertices + 3 * len(graph.heads))


def bytes_of_sweeps(linked: LinkedPoints, origins: int, targets: np.ndarray, limit: float) -> float:
    """What sweeps from so many origins touch.

    For each batch of lanes: each arc with the row above it, each row read and written, each
    target's row read and its times written.
    """
    graph, hierarchy = linked.graph, linked.hierarchy
    down = selection(hierarchy, hierarchy.rank[targets], graph.scale.cutoff(limit), both=False).down
    row = LANES * INT
    arcs, rows = len(down.costs), len(down.first) - 1
    one = arcs * (2 * INT + row) + rows * (INT + 2 * row) + len(targets) * 2 * row
    return -(-origins // LANES) * one
