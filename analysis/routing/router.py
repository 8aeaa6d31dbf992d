"""Travel times: the one place that answers, by whichever way is quicker.

A few origins are searched one by one with a bucket queue. Many are swept together through a
hierarchy of the streets, if making it pays. Both work in the same whole units and give the same
costs, so which one it was can be told from the clock only.
"""

from __future__ import annotations

import os
from collections.abc import Callable, Sequence
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass, replace

import numpy as np

from analysis.kernels import kernel
from analysis.routing.arcs import FAR
from analysis.routing.bucket_queue import BucketQueue
from analysis.routing.linked_points import LinkedPoints
from analysis.routing.sweep.many_to_many import ManyToMany
from analysis.routing.sweep.phast import LANES

Visit = Callable[[np.ndarray, np.ndarray], None]
"""Gets positions among the origins, and int32 units: destinations x those origins."""

QUEUE_NS, SWEEP_NS, PULL_NS = 50.0, 2.2, 9.0
"""Nanoseconds a vertex and origin: in a queue, in a sweep, beside the streets (all rounds)."""
FEW = 16
"""So few origins are never swept."""
NEARBY = 0.1
"""Share of the network that a sweep looks at beyond what is reached."""
ORDER_NS, LAY_NS = 35_000.0, 4_000.0
"""Nanoseconds a vertex: finding a node order, laying costs on a hierarchy."""
SAMPLE = 2
"""Origins that are tried with the queue before it is decided."""


@dataclass(frozen=True)
class _Request:
    """Who asks, up to which cost; trips the way they are searched."""

    linked: LinkedPoints
    limit: np.int32
    origins: np.ndarray
    destinations: np.ndarray
    backwards: bool


def _request(
    linked: LinkedPoints,
    limit: float,
    origins: np.ndarray | None,
    destinations: np.ndarray | None,
    *,
    reverse: bool,
) -> _Request:
    everyone = np.arange(linked.count)
    return _Request(
        linked.reversed if reverse else linked,
        linked.graph.scale.cutoff(limit),
        everyone if origins is None else np.asarray(origins),
        everyone if destinations is None else np.asarray(destinations),
        reverse,
    )


def _mean_seen(request: _Request) -> float:
    """Vertices that a queue looks at from one origin, found by asking some of them."""
    some = request.origins[:: max(len(request.origins) // SAMPLE, 1)]
    column = np.empty(request.linked.count, np.int32)
    with BucketQueue(request.linked.graph, request.limit) as queue:
        seen = [queue.point_costs(request.linked, point, column) for point in some]
    return float(np.mean(seen))


def _batches(request: _Request) -> ManyToMany | None:
    """The hierarchy's way, if it is the quicker one."""
    linked, asked = request.linked, len(request.origins)
    graph = linked.graph
    if asked <= FEW or asked * QUEUE_NS < LAY_NS or graph.streets == 0:
        return None
    if not linked.has_hierarchy:
        seen = _mean_seen(request)
        known = linked.hierarchies.knows(linked.nodes)
        ready = graph.streets * (LAY_NS if known else LAY_NS + ORDER_NS)
        share = min(seen / graph.vertices + NEARBY, 1.0)
        beside = graph.vertices - graph.streets
        swept = share * (graph.streets * SWEEP_NS + beside * PULL_NS)
        if asked * QUEUE_NS * seen <= ready + asked * swept:
            return None
    hierarchy = linked.hierarchy
    return ManyToMany(linked, hierarchy, request.limit, request.destinations, request.backwards)


def _shares(positions: np.ndarray, threads: int) -> list[list[np.ndarray]]:
    """Batches of origins, dealt out to threads."""
    cut = [positions[at : at + LANES] for at in range(0, len(positions), LANES)]
    return [cut[thread::threads] for thread in range(threads) if cut[thread::threads]]


def threads() -> int:
    """How many searches run at the same time."""
    return max(os.cpu_count() or 1, 1)


def _swept(request: _Request, batches: ManyToMany, visit: Visit) -> None:
    each, place = np.unique(request.destinations, return_inverse=True)
    if len(each) < len(place):
        # a batch knows each destination once
        _swept(
            replace(request, destinations=each),
            replace(batches, destinations=each),
            lambda positions, units: visit(positions, units[place]),
        )
        return
    batches.prepare()

    def work(share: list[np.ndarray]) -> None:
        space = batches.workspace()
        for positions in share:
            visit(positions, batches.costs(request.origins[positions], space))

    _in_threads(work, _shares(batches.in_order(request.origins), threads()))


def _queued(request: _Request, visit: Visit) -> None:
    linked, destinations = request.linked, request.destinations
    everyone = len(destinations) == linked.count and (destinations == np.arange(linked.count)).all()

    def work(share: list[np.ndarray]) -> None:
        with BucketQueue(linked.graph, request.limit) as queue:
            for positions in share:
                table = np.empty((len(positions), linked.count), np.int32)
                for row, position in enumerate(positions):
                    queue.point_costs(linked, int(request.origins[position]), table[row])
                visit(positions, table.T if everyone else table[:, destinations].T)

    _in_threads(work, _shares(np.arange(len(request.origins)), threads()))


def _in_threads(
    work: Callable[[list[np.ndarray]], None], shares: Sequence[list[np.ndarray]]
) -> None:
    if len(shares) <= 1:
        for share in shares:
            work(share)
        return
    with ThreadPoolExecutor(len(shares)) as pool:
        for done in [pool.submit(work, share) for share in shares]:
            done.result()


def visit_times(
    linked: LinkedPoints,
    visit: Visit,
    *,
    limit: float,
    origins: np.ndarray | None = None,
    destinations: np.ndarray | None = None,
    reverse: bool = False,
) -> None:
    """Hand over the times from every origin to every destination, some origins at a time.

    Parameters
    ----------
    linked
        Graph and points.
    visit
        Called with positions among the origins (int) and units (int32, destinations x those
        origins; `FAR` where not reached within the limit; it holds during the call only), from
        several threads; each origin comes once. `linked.graph.scale` makes seconds of them.
    limit
        Seconds.
    origins, destinations
        Positions of points; all of them if not given.
    reverse
        Times *to* the origins instead.
    """
    request = _request(linked, limit, origins, destinations, reverse=reverse)
    batches = _batches(request)
    if batches is None:
        _queued(request, visit)
    else:
        _swept(request, batches, visit)


def prepare(linked: LinkedPoints, *, limit: float, origins: np.ndarray | None = None) -> None:
    """Make the hierarchy now if it pays for all these origins, before they are asked in parts.

    Parameters
    ----------
    trips, limit, origins
        As for `visit_times`.
    """
    _batches(_request(linked, limit, origins, None, reverse=False))


@kernel
def _as_rows(block: np.ndarray, rows: np.ndarray, per_sec: float, table: np.ndarray) -> None:
    """Write a block into the rows of a table, as seconds."""
    for start in range(0, block.shape[0], LANES):
        end = min(start + LANES, block.shape[0])
        for lane in range(rows.size):
            own = table[rows[lane]]
            for column in range(start, end):
                units = block[column, lane]
                own[column] = np.inf if units == FAR else units / per_sec


def times_between(
    linked: LinkedPoints,
    *,
    limit: float,
    origins: np.ndarray | None = None,
    destinations: np.ndarray | None = None,
    reverse: bool = False,
) -> np.ndarray:
    """Seconds from every origin to every destination.

    Parameters
    ----------
    trips, limit, origins, destinations, reverse
        As for `visit_times`.

    Returns
    -------
    ndarray
        origins x destinations, float64; infinite where not reached within the limit.
    """
    request = _request(linked, limit, origins, destinations, reverse=reverse)
    table = np.empty((len(request.origins), len(request.destinations)))
    per_sec = linked.graph.scale.per_sec

    def visit(positions: np.ndarray, block: np.ndarray) -> None:
        _as_rows(block, positions, per_sec, table)

    visit_times(
        linked, visit, limit=limit, origins=origins, destinations=destinations, reverse=reverse
    )
    return table
