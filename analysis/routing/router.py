"""Travel times: every request is answered here, by the quicker of two search methods.

A few origins are searched one by one with a bucket queue. Many are swept together through a
hierarchy of the streets, if building it pays. Both use the same whole units and give the same
costs; they differ in computing time only.
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
from analysis.routing.by_timetable import by_timetable
from analysis.routing.linked_points import LinkedPoints
from analysis.routing.sweep.many_to_many import ManyToMany
from analysis.routing.sweep.phast import LANES

Visit = Callable[[np.ndarray, np.ndarray], None]
"""Receives positions among the origins, and int32 units: destinations x those origins."""

QUEUE_NS, SWEEP_NS, PULL_NS = 50.0, 2.2, 9.0
"""Nanoseconds a vertex and origin: queue, sweep, transit rows (all rounds)."""
FEW = 16
"""Up to this number of origins, sweeps are never used."""
NEARBY = 0.1
"""Share of the network that a sweep scans beyond the part reached."""
ORDER_NS, LAY_NS = 35_000.0, 4_000.0
"""Nanoseconds a vertex: computing a node order, customising a hierarchy."""
SAMPLE = 2
"""Origins searched with the queue to estimate its computing time."""


@dataclass(frozen=True)
class _Request:
    """Origins, destinations and limit, with the points in the direction of search."""

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
    all_points = np.arange(linked.count)
    return _Request(
        linked.reversed if reverse else linked,
        linked.graph.scale.cutoff(limit),
        all_points if origins is None else np.asarray(origins),
        all_points if destinations is None else np.asarray(destinations),
        reverse,
    )


def _mean_scanned(request: _Request) -> float:
    """Mean number of vertices that a queue scans from one origin, from a sample of origins."""
    sample = request.origins[:: max(len(request.origins) // SAMPLE, 1)]
    column = np.empty(request.linked.count, np.int32)
    with BucketQueue(request.linked.graph, request.limit) as queue:
        scanned = [queue.point_costs(request.linked, point, column) for point in sample]
    return float(np.mean(scanned))


def _many_to_many(request: _Request) -> ManyToMany | None:
    """The many-to-many search, if it is the quicker method."""
    linked, origins = request.linked, len(request.origins)
    graph = linked.graph
    if origins <= FEW or origins * QUEUE_NS < LAY_NS or graph.streets == 0:
        return None
    if not linked.has_hierarchy:
        scanned = _mean_scanned(request)
        has_order = linked.hierarchies.has_order(linked.nodes)
        preparation = graph.streets * (LAY_NS if has_order else LAY_NS + ORDER_NS)
        share = min(scanned / graph.vertices + NEARBY, 1.0)
        transit = graph.vertices - graph.streets
        sweep_ns = share * (graph.streets * SWEEP_NS + transit * PULL_NS)
        if origins * QUEUE_NS * scanned <= preparation + origins * sweep_ns:
            return None
    hierarchy = linked.hierarchy
    return ManyToMany(linked, hierarchy, request.limit, request.destinations, request.backwards)


def _shares(positions: np.ndarray, threads: int) -> list[list[np.ndarray]]:
    """Batches of origins, distributed to threads."""
    batches = [positions[at : at + LANES] for at in range(0, len(positions), LANES)]
    return [batches[thread::threads] for thread in range(threads) if batches[thread::threads]]


def threads() -> int:
    """Number of searches that run at the same time."""
    return max(os.cpu_count() or 1, 1)


def _sweep(request: _Request, batches: ManyToMany, visit: Visit) -> None:
    unique, place = np.unique(request.destinations, return_inverse=True)
    if len(unique) < len(place):
        # a batch holds each destination once
        _sweep(
            replace(request, destinations=unique),
            replace(batches, destinations=unique),
            lambda positions, units: visit(positions, units[place]),
        )
        return
    batches.prepare()

    def work(share: list[np.ndarray]) -> None:
        space = batches.workspace()
        for positions in share:
            visit(positions, batches.costs(request.origins[positions], space))

    _in_threads(work, _shares(batches.in_order(request.origins), threads()))


def _search_one_by_one(request: _Request, visit: Visit) -> None:
    linked, destinations = request.linked, request.destinations
    is_everyone = (
        len(destinations) == linked.count and (destinations == np.arange(linked.count)).all()
    )

    def work(share: list[np.ndarray]) -> None:
        with BucketQueue(linked.graph, request.limit) as queue:
            for positions in share:
                table = np.empty((len(positions), linked.count), np.int32)
                for row, position in enumerate(positions):
                    queue.point_costs(linked, int(request.origins[position]), table[row])
                visit(positions, table.T if is_everyone else table[:, destinations].T)

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
    """Pass the times from every origin to every destination to `visit`, some origins at a time.

    Parameters
    ----------
    linked
        Graph and points.
    visit
        Called with positions among the origins (int) and units (int32, destinations x those
        origins; `FAR` where not reached within the limit; valid during the call only), from several
        threads; each origin comes once. `linked.graph.scale` converts them to seconds.
    limit
        Seconds.
    origins, destinations
        Positions of points; all of them if not given.
    reverse
        Times *to* the origins instead.
    """
    if linked.timed is not None:
        by_timetable(linked, visit, limit, (origins, destinations), reverse=reverse)
        return
    request = _request(linked, limit, origins, destinations, reverse=reverse)
    batches = _many_to_many(request)
    if batches is None:
        _search_one_by_one(request, visit)
    else:
        _sweep(request, batches, visit)


def prepare(linked: LinkedPoints, *, limit: float, origins: np.ndarray | None = None) -> None:
    """Build the hierarchy now if it pays for all these origins, before they are requested in parts.

    Parameters
    ----------
    linked, limit, origins
        As for `visit_times`.
    """
    if linked.timed is None:
        _many_to_many(_request(linked, limit, origins, None, reverse=False))


@kernel
def _as_rows(block: np.ndarray, rows: np.ndarray, per_sec: float, table: np.ndarray) -> None:
    """Write a block into the rows of a table, as seconds."""
    for start in range(0, block.shape[0], LANES):
        end = min(start + LANES, block.shape[0])
        for lane in range(rows.size):
            row = table[rows[lane]]
            for column in range(start, end):
                units = block[column, lane]
                row[column] = np.inf if units == FAR else units / per_sec


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
    linked, limit, origins, destinations, reverse
        As for `visit_times`.

    Returns
    -------
    ndarray
        origins x destinations, float64; infinite where not reached within the limit.
    """
    starts, ends = (linked.count if at is None else len(at) for at in (origins, destinations))
    table = np.empty((starts, ends))
    per_sec = linked.graph.scale.per_sec

    def visit(positions: np.ndarray, block: np.ndarray) -> None:
        _as_rows(block, positions, per_sec, table)

    visit_times(
        linked, visit, limit=limit, origins=origins, destinations=destinations, reverse=reverse
    )
    return table
