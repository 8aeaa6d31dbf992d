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
from analysis.routing.linked_points import Trips
from analysis.routing.sweep.many_to_many import Batches
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
class _Question:
    """Who asks, up to which cost; trips the way they are searched."""

    trips: Trips
    limit: np.int32
    origins: np.ndarray
    destinations: np.ndarray
    backwards: bool


def _question(
    trips: Trips,
    limit: float,
    origins: np.ndarray | None,
    destinations: np.ndarray | None,
    *,
    reverse: bool,
) -> _Question:
    everyone = np.arange(trips.count)
    return _Question(
        trips.reversed if reverse else trips,
        trips.graph.scale.cutoff(limit),
        everyone if origins is None else np.asarray(origins),
        everyone if destinations is None else np.asarray(destinations),
        reverse,
    )


def _mean_seen(question: _Question) -> float:
    """Vertices that a queue looks at from one origin, found by asking some of them."""
    some = question.origins[:: max(len(question.origins) // SAMPLE, 1)]
    column = np.empty(question.trips.count, np.int32)
    with BucketQueue(question.trips.graph, question.limit) as queue:
        seen = [queue.point_costs(question.trips, point, column) for point in some]
    return float(np.mean(seen))


def _batches(question: _Question) -> Batches | None:
    """The hierarchy's way, if it is the quicker one."""
    trips, asked = question.trips, len(question.origins)
    graph = trips.graph
    if asked <= FEW or asked * QUEUE_NS < LAY_NS or graph.streets == 0:
        return None
    if not trips.has_hierarchy:
        seen = _mean_seen(question)
        known = trips.hierarchies.knows(trips.nodes)
        ready = graph.streets * (LAY_NS if known else LAY_NS + ORDER_NS)
        share = min(seen / graph.vertices + NEARBY, 1.0)
        beside = graph.vertices - graph.streets
        swept = share * (graph.streets * SWEEP_NS + beside * PULL_NS)
        if asked * QUEUE_NS * seen <= ready + asked * swept:
            return None
    hierarchy = trips.hierarchy
    return Batches(trips, hierarchy, question.limit, question.destinations, question.backwards)


def _shares(positions: np.ndarray, threads: int) -> list[list[np.ndarray]]:
    """Batches of origins, dealt out to threads."""
    cut = [positions[at : at + LANES] for at in range(0, len(positions), LANES)]
    return [cut[thread::threads] for thread in range(threads) if cut[thread::threads]]


def threads() -> int:
    """How many searches run at the same time."""
    return max(os.cpu_count() or 1, 1)


def _swept(question: _Question, batches: Batches, visit: Visit) -> None:
    each, place = np.unique(question.destinations, return_inverse=True)
    if len(each) < len(place):
        # a batch knows each destination once
        _swept(
            replace(question, destinations=each),
            replace(batches, destinations=each),
            lambda positions, units: visit(positions, units[place]),
        )
        return
    batches.prepare()

    def work(share: list[np.ndarray]) -> None:
        space = batches.workspace()
        for positions in share:
            visit(positions, batches.costs(question.origins[positions], space))

    _in_threads(work, _shares(batches.in_order(question.origins), threads()))


def _queued(question: _Question, visit: Visit) -> None:
    trips, destinations = question.trips, question.destinations
    everyone = len(destinations) == trips.count and (destinations == np.arange(trips.count)).all()

    def work(share: list[np.ndarray]) -> None:
        with BucketQueue(trips.graph, question.limit) as queue:
            for positions in share:
                table = np.empty((len(positions), trips.count), np.int32)
                for row, position in enumerate(positions):
                    queue.point_costs(trips, int(question.origins[position]), table[row])
                visit(positions, table.T if everyone else table[:, destinations].T)

    _in_threads(work, _shares(np.arange(len(question.origins)), threads()))


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
    trips: Trips,
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
    trips
        Graph and points.
    visit
        Called with positions among the origins (int) and units (int32, destinations x those
        origins; `FAR` where not reached within the limit; it holds during the call only), from
        several threads; each origin comes once. `trips.graph.scale` makes seconds of them.
    limit
        Seconds.
    origins, destinations
        Positions of points; all of them if not given.
    reverse
        Times *to* the origins instead.
    """
    question = _question(trips, limit, origins, destinations, reverse=reverse)
    batches = _batches(question)
    if batches is None:
        _queued(question, visit)
    else:
        _swept(question, batches, visit)


def prepare(trips: Trips, *, limit: float, origins: np.ndarray | None = None) -> None:
    """Make the hierarchy now if it pays for all these origins, before they are asked in parts.

    Parameters
    ----------
    trips, limit, origins
        As for `visit_times`.
    """
    _batches(_question(trips, limit, origins, None, reverse=False))


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
    trips: Trips,
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
    question = _question(trips, limit, origins, destinations, reverse=reverse)
    table = np.empty((len(question.origins), len(question.destinations)))
    per_sec = trips.graph.scale.per_sec

    def visit(positions: np.ndarray, block: np.ndarray) -> None:
        _as_rows(block, positions, per_sec, table)

    visit_times(
        trips, visit, limit=limit, origins=origins, destinations=destinations, reverse=reverse
    )
    return table
