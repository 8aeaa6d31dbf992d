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
from dataclasses import dataclass
from math import ceil, log2

import numpy as np

from analysis.kernels import kernel
from analysis.paths.graph import FAR
from analysis.paths.points import Legs, Trips, legs
from analysis.paths.search import threads, visit_times

ROWS = 256
"""Origins that walk through the subsets together: their tables stay near the processor."""
PIECE = 512
"""Columns that are lowered together."""


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


@dataclass(frozen=True)
class _Step:
    """What a project adds to the subsets with those before it.

    Attributes
    ----------
    at
        Which terminals its arcs touch.
    tails, heads
        Positions among those.
    costs, needs
        As in `Additions`.
    """

    at: np.ndarray
    tails: np.ndarray
    heads: np.ndarray
    costs: np.ndarray
    needs: np.ndarray


@kernel
def _closed(links: np.ndarray) -> None:
    """Let every link be no dearer than any way over others; int64."""
    for via in range(len(links)):
        for tail in range(len(links)):
            for head in range(len(links)):
                around = links[tail, via] + links[via, head]
                links[tail, head] = min(links[tail, head], around)


@kernel
def _new_costs(
    row: np.ndarray, columns: np.ndarray, links: np.ndarray, limit: np.int32, found: tuple
) -> int:
    """Terminals that a row now reaches cheaper, and their costs; how many they are."""
    which, costs, old = found
    for tail in range(columns.size):
        old[tail] = row[columns[tail]]
    count = 0
    for head in range(columns.size):
        best = old[head]
        for tail in range(columns.size):
            best = min(best, old[tail] + links[tail, head])
        if best < old[head] and best <= limit:
            which[count], costs[count] = head, best
            count += 1
    return count


@kernel
def _lowered(source: np.ndarray, target: np.ndarray, ways: tuple, tables: np.ndarray) -> None:
    """The cheapest of the old way and those over some terminals.

    A piece of the row stays in the innermost cache while all terminals pass over it.
    """
    held, rows, costs = ways
    for start in range(0, target.size, PIECE):
        piece = target[start : start + PIECE]
        piece[:] = source[start : start + PIECE]
        for k in range(rows.size):
            on, cost = tables[held[k], rows[k]][start : start + PIECE], np.int32(costs[k])
            for column in range(piece.size):
                piece[column] = min(piece[column], np.int32(on[column] + cost))


@kernel
def _sum(row: np.ndarray, opportunities: np.ndarray, cutoff: np.int32) -> np.int64:
    """What lies within the cutoff; whole numbers, so that the order of adding does not matter."""
    found = np.int64(0)
    for column in range(opportunities.size):
        found += opportunities[column] if row[column] <= cutoff else 0
    return found


@kernel
def _add(
    tables: np.ndarray, level: np.ndarray, deeper: int, step: tuple, sums: np.ndarray, asked: tuple
) -> None:
    """Make the rows and sums of a level one project deeper.

    `level[d, row]` says which level's table holds the row as it is at depth d: rows that a
    project does not change are not copied.
    """
    rows, columns, links, last = step
    opportunities, cutoffs, limit, terminals = asked
    size = columns.size
    found = (np.empty(size, np.int64), np.empty(size, np.int64), np.empty(size, np.int64))
    over, where = np.empty(size, np.int64), np.empty(size, np.int64)
    for row in range(terminals if last else 0, tables.shape[1]):
        held = level[deeper - 1, row]
        level[deeper, row], sums[deeper, row] = held, sums[deeper - 1, row]
        count = _new_costs(tables[held, row], columns, links, limit, found)
        if count == 0:
            continue
        level[deeper, row] = deeper
        for k in range(count):
            over[k] = rows[found[0][k]]
            where[k] = level[deeper - 1, over[k]]
        ways = (where[:count], over[:count], found[1])
        _lowered(tables[held, row], tables[deeper, row], ways, tables)
        if row >= terminals:
            for k in range(cutoffs.size):
                sums[deeper, row, k] = _sum(tables[deeper, row], opportunities, cutoffs[k])


def _steps(additions: Additions, terminals: np.ndarray) -> list[_Step]:
    steps = []
    for project in range(additions.projects):
        newest = additions.needs >> project == 1
        ends = np.concatenate([additions.tails[newest], additions.heads[newest]])
        at, local = np.unique(np.searchsorted(terminals, ends), return_inverse=True)
        tails, heads = np.split(local, 2)
        costs, needs = additions.costs[newest], additions.needs[newest]
        steps.append(_Step(at, tails, heads, costs, needs))
    return steps


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


class _Walk:
    """One block of origins on its way through all subsets."""

    def __init__(self, start: np.ndarray, terminals: int, columns: int, asked: tuple) -> None:
        opportunities, cutoffs, _, depth = asked
        self._tables = np.empty((depth + 1, *start.shape), np.int32)
        self._tables[0] = start
        self._level = np.zeros((depth + 1, len(start)), np.int64)
        self._sums = np.zeros((depth + 1, len(start), len(cutoffs)), np.int64)
        self._terminals, self._columns = terminals, columns
        self._asked = (opportunities, cutoffs, asked[2], terminals)
        for row in range(terminals, len(start)):
            for k, cutoff in enumerate(cutoffs):
                self._sums[0, row, k] = _sum(start[row], opportunities, cutoff)

    def sums(self, depth: int) -> np.ndarray:
        """Origins x cutoffs."""
        return self._sums[depth, self._terminals :]

    def _links(self, step: _Step, built: int, depth: int) -> np.ndarray:
        """Costs between the terminals of a step, with its arcs that exist, closed."""
        held = self._level[depth, step.at]
        links = self._tables[held, step.at][:, self._columns + step.at].astype(np.int64)
        exists = step.needs & ~built == 0
        ends = step.tails[exists], step.heads[exists]
        np.minimum.at(links, ends, step.costs[exists].astype(np.int64))
        _closed(links)
        return links

    def go(self, step: _Step, *, built: int, depth: int, last: bool) -> None:
        """Add a project; `built` are all with it, `last` if no further one follows."""
        links = self._links(step, built, depth)
        _add(
            self._tables,
            self._level,
            depth + 1,
            (step.at, self._columns + step.at, links, last),
            self._sums,
            self._asked,
        )


def _totals(walk: _Walk, steps: Sequence[_Step], weights: np.ndarray) -> np.ndarray:
    """Subsets x cutoffs x groups, for one block of origins."""
    totals = np.empty((2 ** len(steps), walk.sums(0).shape[1], weights.shape[1]))

    def visit(built: int, following: int, depth: int) -> None:
        totals[built] = np.einsum("oc,og->cg", walk.sums(depth).astype(float), weights)
        for project in range(following, len(steps)):
            more, last = built | 1 << project, project == len(steps) - 1
            walk.go(steps[project], built=more, depth=depth, last=last)
            visit(more, project + 1, depth + 1)

    visit(0, 0, 0)
    return totals


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
    words = (counts, cutoffs, scale.cutoff(limit), len(steps))

    def work(start: int) -> np.ndarray:
        some = slice(start, start + ROWS)
        rows = np.concatenate([table[: len(terminals)], table[len(terminals) :][some]])
        return _totals(_Walk(rows, len(terminals), columns, words), steps, asked.weights[some])

    with ThreadPoolExecutor(threads()) as pool:
        parts = list(pool.map(work, range(0, max(len(asked.origins), 1), ROWS)))
    total: np.ndarray = np.sum(parts, axis=0) / parts_of_one
    return total
