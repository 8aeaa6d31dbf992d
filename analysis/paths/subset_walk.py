"""One block of origins on its way through all subsets of some projects, one more at each step."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import NamedTuple

import numpy as np

from analysis.kernels import kernel

PIECE = 512
"""Columns that are lowered together."""


@dataclass(frozen=True)
class Step:
    """What a project adds to the subsets with those before it.

    Attributes
    ----------
    at
        Which terminals its arcs touch.
    tails, heads
        Positions among those.
    costs, needs
        As in `analysis.paths.subsets.Additions`.
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


class Counted(NamedTuple):
    """What is summed up, in whole numbers.

    Attributes
    ----------
    opportunities
        int64, one a destination.
    cutoffs
        int32, units.
    limit
        int32, units: no dearer way matters.
    """

    opportunities: np.ndarray
    cutoffs: np.ndarray
    limit: np.int32


class Walk:
    """One block of origins on its way through all subsets.

    Parameters
    ----------
    start
        int32: costs without any project from the terminals, then from the origins, to the
        destinations, then to the terminals.
    counted
        What is summed up.
    terminals, projects
        How many there are.
    """

    def __init__(
        self, start: np.ndarray, counted: Counted, *, terminals: int, projects: int
    ) -> None:
        self._tables = np.empty((projects + 1, *start.shape), np.int32)
        self._tables[0] = start
        self._level = np.zeros((projects + 1, len(start)), np.int64)
        self._sums = np.zeros((projects + 1, len(start), len(counted.cutoffs)), np.int64)
        self._terminals, self._columns = terminals, start.shape[1] - terminals
        self._asked = (*counted, terminals)
        for row in range(terminals, len(start)):
            for k, cutoff in enumerate(counted.cutoffs):
                self._sums[0, row, k] = _sum(start[row], counted.opportunities, cutoff)

    def sums(self, depth: int) -> np.ndarray:
        """Origins x cutoffs."""
        return self._sums[depth, self._terminals :]

    def _links(self, step: Step, built: int, depth: int) -> np.ndarray:
        """Costs between the terminals of a step, with its arcs that exist, closed."""
        held = self._level[depth, step.at]
        links = self._tables[held, step.at][:, self._columns + step.at].astype(np.int64)
        exists = step.needs & ~built == 0
        ends = step.tails[exists], step.heads[exists]
        np.minimum.at(links, ends, step.costs[exists].astype(np.int64))
        _closed(links)
        return links

    def go(self, step: Step, *, built: int, depth: int, last: bool) -> None:
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


def totals(walk: Walk, steps: Sequence[Step], weights: np.ndarray) -> np.ndarray:
    """Subsets x cutoffs x groups, for one block of origins."""
    found = np.empty((2 ** len(steps), walk.sums(0).shape[1], weights.shape[1]))

    def visit(built: int, following: int, depth: int) -> None:
        found[built] = np.einsum("oc,og->cg", walk.sums(depth).astype(float), weights)
        for project in range(following, len(steps)):
            more, last = built | 1 << project, project == len(steps) - 1
            walk.go(steps[project], built=more, depth=depth, last=last)
            visit(more, project + 1, depth + 1)

    visit(0, 0, 0)
    return found
