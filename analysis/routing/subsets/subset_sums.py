"""What every subset of some projects lets one reach, when projects only add arcs.

The times between all origins, destinations and terminals (where added arcs end) are found once, by
the engine. Then the subsets are walked through as a tree, one project more at each step: new ways
lead from an origin to a terminal, along new arcs and old ways to another terminal, and on:
out[o, d] = min(m[o, d], min over terminals i, j of m[o, i] + c[i, j] + m[j, d]), where c is closed
under composition (Floyd, "Algorithm 97: shortest path", Communications of the ACM 5(6), 1962). This
is exact. Whatever slows or removes an arc needs a search of its own.
"""

from __future__ import annotations

from concurrent.futures import ThreadPoolExecutor
from math import ceil, log2

import numpy as np

from analysis.routing.arcs import FAR
from analysis.routing.linked_points import LinkedPoints
from analysis.routing.router import threads, visit_times
from analysis.routing.subsets.added_arcs import AddedArcs, Additions, SumRequest
from analysis.routing.subsets.walk import Block, IntegerCounts, Shortcuts, Step, totals

ROWS = 1024
"""Origins that walk through the subsets together: their tables stay near the processor."""


def _order(additions: Additions) -> np.ndarray:
    """The projects in the order in which they are added: those with most terminals first.

    Half of all subsets have the last one, a quarter the one before as their last, and so on; what
    each of them costs grows with its terminals. What a project requires stands before it.
    """
    arcs, count = additions.arcs, len(additions.required)
    touched = [
        len(np.unique(np.concatenate([arcs.tails[needed], arcs.heads[needed]])))
        for needed in ((arcs.needs >> project) & 1 == 1 for project in range(count))
    ]
    order: list[int] = []
    built = 0
    while len(order) < count:
        ready = [
            project
            for project in range(count)
            if not built >> project & 1 and int(additions.required[project]) & ~built == 0
        ]
        chosen = max(ready, key=lambda project: (touched[project], -project))
        order.append(chosen)
        built |= 1 << chosen
    return np.array(order, dtype=np.int64)


def renumbered(bits: np.ndarray, order: np.ndarray) -> np.ndarray:
    """Bit k of the new numbers is bit `order[k]` of the old.

    Examples
    --------
    >>> renumbered(np.array([0b001, 0b110]), np.array([2, 0, 1])).tolist()
    [2, 5]
    """
    new = np.zeros_like(bits)
    for place, project in enumerate(order.tolist()):
        new |= ((bits >> project) & 1) << place
    return new


def _newest(needs: np.ndarray) -> np.ndarray:
    """The last of the projects that each arc needs."""
    exponents: np.ndarray = np.frexp(needs.astype(float))[1]
    return exponents - 1


def _terminals(arcs: AddedArcs) -> tuple[np.ndarray, np.ndarray]:
    """The points that arcs touch, those of later projects first; the last project at each."""
    points = np.concatenate([arcs.tails, arcs.heads])
    at, local = np.unique(points, return_inverse=True)
    last = np.full(len(at), -1)
    np.maximum.at(last, local, np.tile(_newest(arcs.needs), 2))
    order = np.argsort(-last, kind="stable")
    return at[order], last[order]


def _steps(arcs: AddedArcs, required: np.ndarray) -> tuple[list[Step], np.ndarray]:
    """What each project adds, and the terminals; projects are in the order of their bits."""
    terminals, last = _terminals(arcs)
    place = np.empty(int(terminals.max(initial=-1)) + 1, np.int64)
    place[terminals] = np.arange(len(terminals))
    steps = []
    for project, needed in enumerate(required.tolist()):
        newest = _newest(arcs.needs) == project
        ends = place[np.concatenate([arcs.tails[newest], arcs.heads[newest]])]
        at, local = np.unique(ends, return_inverse=True)
        tails, heads = np.split(local, 2)
        later = int(np.searchsorted(-last, -project))
        costs, needs = arcs.costs[newest], arcs.needs[newest]
        steps.append(Step(at, tails, heads, costs, needs, later, needed))
    return steps, terminals


def _parts_of_one(opportunities: np.ndarray) -> float:
    """Into how many parts one opportunity is cut, so that all together fit an int64."""
    total = max(float(np.sum(opportunities)), 1.0)
    return float(2.0 ** (61 - ceil(log2(total))))


def _counted(linked: LinkedPoints, asked: SumRequest, parts: np.ndarray) -> IntegerCounts:
    width, scale = len(asked.destinations), linked.graph.scale
    numbers = np.zeros((len(asked.counts), width), np.int64)
    for k, (count, parts_of_one) in enumerate(zip(asked.counts, parts, strict=False)):
        numbers[k] = np.rint(count.opportunities * parts_of_one)
    rows, some = np.nonzero(numbers)
    first = np.searchsorted(rows, np.arange(len(numbers) + 1))
    cutoffs = np.array([scale.cutoff(count.cutoff) for count in asked.counts], np.int32)
    return IntegerCounts(numbers, first, some, cutoffs)


def _shortcuts(straight: AddedArcs, asked: SumRequest, count: int) -> Shortcuts:
    """The straight ways by rows and columns of what is asked."""
    places = []
    for ends, chosen in ((straight.tails, asked.origins), (straight.heads, asked.destinations)):
        place = np.full(count, -1)
        place[chosen] = np.arange(len(chosen))
        places.append(place[ends])
    row, column = places
    use = np.flatnonzero((row >= 0) & (column >= 0))
    use = use[np.argsort(row[use], kind="stable")]
    return Shortcuts(row[use], column[use], straight.costs[use], straight.needs[use])


def _table(
    linked: LinkedPoints, asked: SumRequest, terminals: np.ndarray, limit: float
) -> np.ndarray:
    """Costs without any project, see `analysis.routing.subsets.walk.Block.start`."""
    sources = np.concatenate([terminals, asked.origins])
    targets = np.concatenate([asked.destinations, terminals])
    table = np.full((len(sources), len(targets)), FAR, np.int32)

    def fill(positions: np.ndarray, units: np.ndarray) -> None:
        table[positions] = units.T

    visit_times(linked, fill, limit=limit, origins=sources, destinations=targets)
    return table


def subset_sums(
    linked: LinkedPoints, additions: Additions, asked: SumRequest, *, limit: float
) -> np.ndarray:
    """Weighted sums of what is reached, for every subset of projects.

    Parameters
    ----------
    linked
        The graph without any of the projects' arcs; its points are the origins, the destinations
        and the terminals. No origin or destination is asked twice.
    additions
        What projects add.
    asked
        What is summed.
    limit
        Seconds; no cutoff is larger.

    Returns
    -------
    ndarray
        float64, 2 ** projects x sums x groups. Row s is the subset of the projects k with
        bit k set in s; 0 where one of them lacks what it requires. The sums are the counts,
        then the seconds, if asked.
    """
    order = _order(additions)
    arcs, straight = (
        AddedArcs(old.tails, old.heads, old.costs, renumbered(old.needs, order))
        for old in (additions.arcs, additions.direct)
    )
    steps, terminals = _steps(arcs, renumbered(additions.required[order], order))
    table = _table(linked, asked, terminals, limit)
    scale = linked.graph.scale
    limits = scale.cutoff(limit), np.int32(scale.units(np.array(limit)))
    parts = np.array([*map(_parts_of_one, (c.opportunities for c in asked.counts)), scale.per_sec])
    counted = _counted(linked, asked, parts)
    shortcuts = _shortcuts(straight, asked, linked.count)
    timed = asked.timed
    if timed is None:
        timed = np.empty((len(asked.origins), 0), dtype=bool)

    def work(start: int) -> np.ndarray:
        some = slice(start, start + ROWS)
        rows = np.concatenate([table[: len(terminals)], table[len(terminals) :][some]])
        own = shortcuts.of(some)
        block = Block(rows, len(terminals), counted, timed[some], *limits, own)
        return totals(block, steps, asked.weights[some])

    with ThreadPoolExecutor(threads()) as pool:
        done = list(pool.map(work, range(0, max(len(asked.origins), 1), ROWS)))
    sums = len(asked.counts) + (timed.shape[1] > 0)
    total: np.ndarray = np.sum(done, axis=0) / parts[:sums, np.newaxis]
    return total[renumbered(np.arange(2 ** len(order)), order)]
