"""What every subset of some projects lets one reach, when projects only add arcs.

The times between all origins, destinations and terminals (the vertices where added arcs end) are
found once, by the engine. Then the subsets are walked through as a tree, one project more at each
step: new ways lead from an origin to a terminal, along new arcs and old ways to another terminal,
and on: out[o, d] = min(m[o, d], min over terminals i, j of m[o, i] + c[i, j] + m[j, d]), where c
is closed under composition (Floyd, "Algorithm 97: shortest path", Communications of the ACM 5(6),
1962). This is exact. Whatever slows or removes an arc needs a search of its own.
"""

from __future__ import annotations

from collections.abc import Sequence
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass, replace
from math import ceil, log2

import numpy as np

from analysis.paths.graph import FAR
from analysis.paths.points import Legs, Trips, legs
from analysis.paths.search import threads, visit_times
from analysis.paths.subset_walk import Counted, Step, Walk, totals

ROWS = 256
"""Origins that walk through the subsets together: their tables stay near the processor."""


@dataclass(frozen=True)
class Additions:
    """Arcs that exist only where projects are built.

    Attributes
    ----------
    tails, heads
        int32: vertices of the graph, which has all of the projects' vertices but not these arcs.
    costs
        int32: units of the graph.
    needs
        int64: bit k set if the arc needs project k; all of them must be built.
    projects
        How many projects there are.
    """

    tails: np.ndarray
    heads: np.ndarray
    costs: np.ndarray
    needs: np.ndarray
    projects: int


@dataclass(frozen=True)
class Asked:
    """What is summed up.

    Attributes
    ----------
    origins, destinations
        Positions of points.
    opportunities
        float64, one a destination.
    cutoffs
        Seconds.
    weights
        float64, origins x groups: what an origin's sum counts in each group.
    """

    origins: np.ndarray
    destinations: np.ndarray
    opportunities: np.ndarray
    cutoffs: Sequence[float]
    weights: np.ndarray


def _steps(additions: Additions, terminals: np.ndarray) -> list[Step]:
    steps = []
    for project in range(additions.projects):
        newest = additions.needs >> project == 1
        ends = np.concatenate([additions.tails[newest], additions.heads[newest]])
        at, local = np.unique(np.searchsorted(terminals, ends), return_inverse=True)
        tails, heads = np.split(local, 2)
        costs, needs = additions.costs[newest], additions.needs[newest]
        steps.append(Step(at, tails, heads, costs, needs))
    return steps


def _quickest_last(additions: Additions) -> np.ndarray:
    """The projects in the order in which they are added: those with most terminals first.

    Half of all subsets have the last one, a quarter the one before as their last, and so on; what
    each of them costs grows with its terminals.
    """
    touched = [
        len(np.unique(np.concatenate([additions.tails[needed], additions.heads[needed]])))
        for needed in (
            (additions.needs >> project) & 1 == 1 for project in range(additions.projects)
        )
    ]
    return np.argsort(-np.array(touched, dtype=np.int64), kind="stable")


def _renumbered(bits: np.ndarray, order: np.ndarray) -> np.ndarray:
    """Bit k of the new numbers is bit `order[k]` of the old.

    Examples
    --------
    >>> _renumbered(np.array([0b001, 0b110]), np.array([2, 0, 1])).tolist()
    [2, 5]
    """
    new = np.zeros_like(bits)
    for place, project in enumerate(order.tolist()):
        new |= ((bits >> project) & 1) << place
    return new


def _with_terminals(trips: Trips, terminals: np.ndarray) -> Trips:
    """The trips with a further point on each terminal."""

    def more(old: Legs, at: np.ndarray) -> Legs:
        points = np.repeat(np.arange(trips.count), np.diff(old.first))
        new = trips.count + np.arange(len(at))
        free = np.zeros(len(at), np.int32)
        costs, places = np.append(old.costs, free), np.append(old.at, at)
        return legs(np.append(points, new), places, costs, trips.count + len(terminals))

    none = np.empty(0, np.int32)
    out, into = more(trips.out, terminals), more(trips.into, terminals)
    straight = more(trips.straight, none)
    return Trips(trips.graph, out, into, straight, trips.nodes, trips.hierarchies)


def _parts_of_one(opportunities: np.ndarray) -> float:
    """Into how many parts one opportunity is cut, so that all together fit an int64."""
    total = max(float(np.sum(opportunities)), 1.0)
    return float(2.0 ** (61 - ceil(log2(total))))


def subset_sums(trips: Trips, additions: Additions, asked: Asked, *, limit: float) -> np.ndarray:
    """Weighted sums of the opportunities within each cutoff, for every subset of projects.

    Parameters
    ----------
    trips
        The graph without any of the projects' arcs, and the points.
    additions
        The projects' arcs.
    asked
        What is summed.
    limit
        Seconds; no cutoff is larger.

    Returns
    -------
    ndarray
        float64, 2 ** projects x cutoffs x groups. Row s is the subset of the projects k with
        bit k set in s.
    """
    order = _quickest_last(additions)
    additions = replace(additions, needs=_renumbered(additions.needs, order))
    terminals = np.unique(np.concatenate([additions.tails, additions.heads])).astype(np.int32)
    whole = _with_terminals(trips, terminals)
    at_terminals = trips.count + np.arange(len(terminals))
    sources = np.concatenate([at_terminals, asked.origins])
    columns = len(asked.destinations)
    table = np.full((len(sources), columns + len(terminals)), FAR, np.int32)

    def fill(positions: np.ndarray, units: np.ndarray) -> None:
        table[positions] = units.T

    targets = np.concatenate([asked.destinations, at_terminals])
    visit_times(whole, fill, limit=limit, origins=sources, destinations=targets)
    scale, steps = trips.graph.scale, _steps(additions, terminals)
    cutoffs = np.array([scale.cutoff(secs) for secs in asked.cutoffs], np.int32)
    parts_of_one = _parts_of_one(asked.opportunities)
    counts = np.rint(asked.opportunities * parts_of_one).astype(np.int64)
    counted = Counted(counts, cutoffs, scale.cutoff(limit))

    def work(start: int) -> np.ndarray:
        some = slice(start, start + ROWS)
        rows = np.concatenate([table[: len(terminals)], table[len(terminals) :][some]])
        walk = Walk(rows, counted, terminals=len(terminals), projects=len(steps))
        return totals(walk, steps, asked.weights[some])

    with ThreadPoolExecutor(threads()) as pool:
        parts = list(pool.map(work, range(0, max(len(asked.origins), 1), ROWS)))
    total: np.ndarray = np.sum(parts, axis=0) / parts_of_one
    return total[_renumbered(np.arange(2**additions.projects), order)]
