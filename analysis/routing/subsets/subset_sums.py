"""Accessibility sums for every subset of projects, if projects only add arcs.

The engine computes the times between all origins, destinations and terminals (ends of added arcs)
once. Then a tree of the subsets is walked through, with one more project at each step: new paths
lead from an origin to a terminal, along new arcs and old paths to another terminal, and on: out[o,
d] = min(m[o, d], min over terminals i, j of m[o, i] + c[i, j] + m[j, d]), where c is closed under
composition (Floyd, "Algorithm 97: shortest path", Communications of the ACM 5(6), 1962). This is
exact. A project that slows or removes an arc needs a search of its own.
"""

from __future__ import annotations

from concurrent.futures import ThreadPoolExecutor
from math import ceil, log2

import numpy as np

from analysis.routing.arcs import FAR
from analysis.routing.linked_points import LinkedPoints
from analysis.routing.router import threads, visit_times
from analysis.routing.subsets.added_arcs import AddedArcs, Additions, SumRequest
from analysis.routing.subsets.walk import Block, DirectArcs, IntegerCounts, Step, totals

ROWS = 1024
"""Origins of a block: its tables stay in the processor's cache."""


def _order(additions: Additions) -> np.ndarray:
    """The projects in the order in which they are added: those with most terminals first.

    The last project is the last of half of all subsets, the one before of a quarter, and so on; the
    cost of adding a project grows with its terminals. Required projects come first.
    """
    arcs, count = additions.arcs, len(additions.required)
    touched = [
        len(np.unique(np.concatenate([arcs.tails[needed], arcs.heads[needed]])))
        for needed in ((arcs.needs >> project) & 1 == 1 for project in range(count))
    ]
    order: list[int] = []
    built = 0
    while len(order) < count:
        candidates = [
            project
            for project in range(count)
            if not built >> project & 1 and int(additions.required[project]) & ~built == 0
        ]
        chosen = max(candidates, key=lambda project: (touched[project], -project))
        order.append(chosen)
        built |= 1 << chosen
    return np.array(order, dtype=np.int64)


def renumber_bits(bits: np.ndarray, order: np.ndarray) -> np.ndarray:
    """Bit sets in another order: bit k of the new numbers is bit `order[k]` of the old.

    Examples
    --------
    >>> renumber_bits(np.array([0b001, 0b110]), np.array([2, 0, 1])).tolist()
    [2, 5]
    """
    bits_in_order = np.zeros_like(bits)
    for place, project in enumerate(order.tolist()):
        bits_in_order |= ((bits >> project) & 1) << place
    return bits_in_order


def _newest(needs: np.ndarray) -> np.ndarray:
    """The last of the projects that each arc needs."""
    exponents: np.ndarray = np.frexp(needs.astype(float))[1]
    return exponents - 1


def _terminals(arcs: AddedArcs) -> tuple[np.ndarray, np.ndarray]:
    """The points that arcs touch, those of later projects first, and the last project at each."""
    points = np.concatenate([arcs.tails, arcs.heads])
    at, local = np.unique(points, return_inverse=True)
    last = np.full(len(at), -1)
    np.maximum.at(last, local, np.tile(_newest(arcs.needs), 2))
    order = np.argsort(-last, kind="stable")
    return at[order], last[order]


def _steps(arcs: AddedArcs, required: np.ndarray) -> tuple[list[Step], np.ndarray]:
    """The step of each project, in the order of their bits, and the terminals."""
    terminals, last = _terminals(arcs)
    terminal_number = np.empty(int(terminals.max(initial=-1)) + 1, np.int64)
    terminal_number[terminals] = np.arange(len(terminals))
    steps = []
    for project, needed in enumerate(required.tolist()):
        newest = _newest(arcs.needs) == project
        ends = terminal_number[np.concatenate([arcs.tails[newest], arcs.heads[newest]])]
        at, local = np.unique(ends, return_inverse=True)
        tails, heads = np.split(local, 2)
        later = int(np.searchsorted(-last, -project))
        costs, needs = arcs.costs[newest], arcs.needs[newest]
        steps.append(Step(at, tails, heads, costs, needs, later, needed))
    return steps, terminals


def _parts_of_one(opportunities: np.ndarray) -> float:
    """Parts into which one opportunity is divided, so that the total fits an int64."""
    total = max(float(np.sum(opportunities)), 1.0)
    return float(2.0 ** (61 - ceil(log2(total))))


def _integer_counts(linked: LinkedPoints, request: SumRequest, parts: np.ndarray) -> IntegerCounts:
    width, scale = len(request.destinations), linked.graph.scale
    numbers = np.zeros((len(request.counts), width), np.int64)
    for k, (count, parts_of_one) in enumerate(zip(request.counts, parts, strict=False)):
        numbers[k] = np.rint(count.opportunities * parts_of_one)
    rows, nonzero = np.nonzero(numbers)
    first = np.searchsorted(rows, np.arange(len(numbers) + 1))
    cutoffs = np.array([scale.cutoff(count.cutoff) for count in request.counts], np.int32)
    return IntegerCounts(numbers, first, nonzero, cutoffs)


def _direct_arcs(direct: AddedArcs, request: SumRequest, count: int) -> DirectArcs:
    """The direct arcs by rows (origins) and columns (destinations) of the request."""
    places = []
    for ends, chosen in ((direct.tails, request.origins), (direct.heads, request.destinations)):
        place = np.full(count, -1)
        place[chosen] = np.arange(len(chosen))
        places.append(place[ends])
    row, column = places
    use = np.flatnonzero((row >= 0) & (column >= 0))
    use = use[np.argsort(row[use], kind="stable")]
    return DirectArcs(row[use], column[use], direct.costs[use], direct.needs[use])


def _table(
    linked: LinkedPoints, request: SumRequest, terminals: np.ndarray, limit: float
) -> np.ndarray:
    """Costs without any project, see `analysis.routing.subsets.walk.Block.start`."""
    sources = np.concatenate([terminals, request.origins])
    targets = np.concatenate([request.destinations, terminals])
    table = np.full((len(sources), len(targets)), FAR, np.int32)

    def fill(positions: np.ndarray, units: np.ndarray) -> None:
        table[positions] = units.T

    visit_times(linked, fill, limit=limit, origins=sources, destinations=targets)
    return table


def subset_sums(
    linked: LinkedPoints, additions: Additions, request: SumRequest, *, limit: float
) -> np.ndarray:
    """Weighted accessibility sums for every subset of projects.

    Parameters
    ----------
    linked
        The graph without any of the projects' arcs; its points are the origins, the destinations
        and the terminals. No origin or destination is requested twice.
    additions
        Arcs that projects add.
    request
        The sums requested.
    limit
        Seconds; no cutoff is larger.

    Returns
    -------
    ndarray
        float64, 2 ** projects x sums x groups. Row s is the subset of the projects k with bit k set
        in s; 0 where one of them lacks a required project. The sums are the counts, then the
        seconds, if requested.
    """
    order = _order(additions)
    arcs, direct = (
        AddedArcs(old.tails, old.heads, old.costs, renumber_bits(old.needs, order))
        for old in (additions.arcs, additions.direct)
    )
    steps, terminals = _steps(arcs, renumber_bits(additions.required[order], order))
    table = _table(linked, request, terminals, limit)
    scale = linked.graph.scale
    limits = scale.cutoff(limit), np.int32(scale.units(np.array(limit)))
    parts = np.array(
        [*map(_parts_of_one, (c.opportunities for c in request.counts)), scale.per_sec]
    )
    counted = _integer_counts(linked, request, parts)
    direct_arcs = _direct_arcs(direct, request, linked.count)
    timed = request.timed
    if timed is None:
        timed = np.empty((len(request.origins), 0), dtype=bool)

    def work(start: int) -> np.ndarray:
        block_rows = slice(start, start + ROWS)
        rows = np.concatenate([table[: len(terminals)], table[len(terminals) :][block_rows]])
        block_direct = direct_arcs.of_origins(block_rows)
        block = Block(rows, len(terminals), counted, timed[block_rows], *limits, block_direct)
        return totals(block, steps, request.weights[block_rows])

    with ThreadPoolExecutor(threads()) as pool:
        blocks = list(pool.map(work, range(0, max(len(request.origins), 1), ROWS)))
    sums = len(request.counts) + (timed.shape[1] > 0)
    total: np.ndarray = np.sum(blocks, axis=0) / parts[:sums, np.newaxis]
    return total[renumber_bits(np.arange(2 ** len(order)), order)]
