"""One block of origins on its way through all subsets of some projects, one more at each step."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import NamedTuple

import numpy as np

from analysis.kernels import kernel

PIECE = 512
"""Columns that are lowered together."""
FEW = 4
"""Where one column in so many counts, the others are skipped."""


@dataclass(frozen=True)
class Step:
    """What a project adds to the subsets with those before it.

    Attributes
    ----------
    at
        Which terminals its arcs touch.
    tails, heads
        Of each arc, positions among those.
    costs, needs
        As in `analysis.paths.subsets.Additions`.
    later
        How many terminals (the first ones) a project after it touches.
    required
        Bits of the projects without which it is not built.
    """

    at: np.ndarray
    tails: np.ndarray
    heads: np.ndarray
    costs: np.ndarray
    needs: np.ndarray
    later: int
    required: int


@dataclass(frozen=True)
class Shortcuts:
    """Ways from an origin straight to a destination that exist with some projects.

    Attributes
    ----------
    rows, columns
        int64: origins of the block, ascending, and destinations.
    costs, needs
        As those of arcs.
    """

    rows: np.ndarray
    columns: np.ndarray
    costs: np.ndarray
    needs: np.ndarray

    def of(self, rows: slice) -> Shortcuts:
        """Those from some origins, counted from the first of them."""
        first, end = np.searchsorted(self.rows, [rows.start, rows.stop])
        arrays = (array[first:end] for array in (self.columns, self.costs, self.needs))
        return Shortcuts(self.rows[first:end] - rows.start, *arrays)

    def newest(self, built: int, rows: int) -> tuple[np.ndarray, np.ndarray, np.ndarray]:
        """Rows as in a graph (first, columns, costs) of what the last project of some opens."""
        top = built.bit_length() - 1
        use = (self.needs & ~built == 0) & (self.needs >> top == 1)
        first = np.searchsorted(self.rows[use], np.arange(rows + 1))
        return first, self.columns[use], self.costs[use]


@kernel
def _closed(links: np.ndarray) -> None:
    """Let every link be no dearer than any way over others; int64."""
    for via in range(len(links)):
        for tail in range(len(links)):
            for head in range(len(links)):
                around = links[tail, via] + links[via, head]
                links[tail, head] = min(links[tail, head], around)


@kernel
def _new_costs(row: np.ndarray, ends: tuple, limit: np.int32, found: tuple) -> int:
    """Terminals that a row now reaches cheaper, and their costs; how many they are."""
    tails, heads, links = ends
    which, costs = found
    count = 0
    for head in range(heads.size):
        best = np.int64(row[heads[head]])
        old = best
        for tail in range(tails.size):
            best = min(best, row[tails[tail]] + links[tail, head])
        if best < old and best <= limit:
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
        piece[:] = source[start : start + PIECE][: piece.size]
        for k in range(rows.size):
            on, cost = tables[held[k], rows[k]][start : start + PIECE], np.int32(costs[k])
            for column in range(piece.size):
                piece[column] = min(piece[column], np.int32(on[column] + cost))


@kernel
def _shortened(source: np.ndarray, shortcuts: tuple, origin: int) -> bool:
    """Whether a shortcut of an origin is cheaper than what it has."""
    first, columns, costs = shortcuts
    short = False
    for way in range(first[origin], first[origin + 1]):
        short = short or costs[way] < source[columns[way]]
    return short


@kernel
def _take_shortcuts(row: np.ndarray, shortcuts: tuple, origin: int) -> None:
    first, columns, costs = shortcuts
    for way in range(first[origin], first[origin + 1]):
        row[columns[way]] = min(row[columns[way]], costs[way])


@kernel
def _within(row: np.ndarray, numbers: np.ndarray, some: np.ndarray, cutoff: np.int32) -> np.int64:
    """What lies within the cutoff; whole numbers, so that the order of adding does not matter."""
    found = np.int64(0)
    if some.size * FEW < numbers.size:
        for column in some:
            found += numbers[column] if row[column] <= cutoff else 0
        return found
    for column in range(numbers.size):
        found += numbers[column] if row[column] <= cutoff else 0
    return found


@kernel
def _spent(row: np.ndarray, timed: np.ndarray, most: np.int32) -> np.int64:
    """Units to some destinations, `most` at most."""
    found = np.int64(0)
    for column in range(timed.size):
        found += min(row[column], most) if timed[column] else 0
    return found


@kernel
def _sum_up(
    row: np.ndarray, timed: np.ndarray, counted: tuple, most: np.int32, sums: np.ndarray
) -> None:
    """Every sum of an origin."""
    numbers, first, some, cutoffs = counted
    for k in range(cutoffs.size):
        sums[k] = _within(row, numbers[k], some[first[k] : first[k + 1]], cutoffs[k])
    if sums.size > cutoffs.size:
        sums[cutoffs.size] = _spent(row, timed, most)


@kernel
def _add(
    tables: np.ndarray, level: np.ndarray, sums: np.ndarray, step: tuple, asked: tuple
) -> None:
    """Make the rows and sums of a level one project deeper.

    `level[d, row]` says which level's table holds the row as it is at depth d: rows that a
    project does not change are not copied.
    """
    deeper, ends, at, later, shortcuts = step
    counted, timed, (limit, most), terminals, width = asked
    found = (np.empty(at.size, np.int64), np.empty(at.size, np.int64))
    over, where = np.empty(at.size, np.int64), np.empty(at.size, np.int64)
    for place in range(later + tables.shape[1] - terminals):
        row = place if place < later else place - later + terminals
        origin, held = row - terminals, level[deeper - 1, row]
        level[deeper, row], sums[deeper, row] = held, sums[deeper - 1, row]
        count = _new_costs(tables[held, row], ends, limit, found)
        short = origin >= 0 and _shortened(tables[held, row], shortcuts, origin)
        if count == 0 and not short:
            continue
        level[deeper, row] = deeper
        for k in range(count):
            over[k] = at[found[0][k]]
            where[k] = level[deeper - 1, over[k]]
        ways = (where[:count], over[:count], found[1])
        _lowered(tables[held, row], tables[deeper, row][: width + later], ways, tables)
        if origin >= 0:
            _take_shortcuts(tables[deeper, row], shortcuts, origin)
            _sum_up(tables[deeper, row], timed[origin], counted, most, sums[deeper, row])


class Counted(NamedTuple):
    """What is summed up, in whole numbers.

    Attributes
    ----------
    numbers
        int64, sums x destinations.
    first, some
        int64: the columns in which each of them is not 0, as rows of a graph.
    cutoffs
        int32, units.
    """

    numbers: np.ndarray
    first: np.ndarray
    some: np.ndarray
    cutoffs: np.ndarray


@dataclass(frozen=True)
class Block:
    """Some origins before they go.

    Attributes
    ----------
    start
        int32: costs without any project from the terminals, then from the origins, to the
        destinations, then to the terminals.
    terminals
        How many there are; those that later projects touch come first.
    counted
        What is summed up.
    timed
        bool, origins x destinations whose units are summed up too; no destinations if none are.
    limit
        int32, units: no dearer way matters.
    most
        int32, units: what is not reached takes as long.
    shortcuts
        Ways straight to destinations.
    """

    start: np.ndarray
    terminals: int
    counted: Counted
    timed: np.ndarray
    limit: np.int32
    most: np.int32
    shortcuts: Shortcuts


class Walk:
    """One block of origins on its way through all subsets of some projects.

    Parameters
    ----------
    block
        The origins.
    steps
        The projects.
    """

    def __init__(self, block: Block, steps: Sequence[Step]) -> None:
        start, count = block.start, len(block.counted.cutoffs) + (block.timed.shape[1] > 0)
        self._block, self._steps = block, steps
        self._tables = np.empty((len(steps) + 1, *start.shape), np.int32)
        self._tables[0] = start
        self._level = np.zeros((len(steps) + 1, len(start)), np.int64)
        self._sums = np.zeros((len(steps) + 1, len(start), count), np.int64)
        self._width = start.shape[1] - block.terminals
        for row, timed in zip(range(block.terminals, len(start)), block.timed, strict=True):
            _sum_up(start[row], timed, tuple(block.counted), block.most, self._sums[0, row])

    def sums(self, depth: int) -> np.ndarray:
        """Origins x sums."""
        return self._sums[depth, self._block.terminals :]

    def _ends(self, step: Step, built: int, depth: int) -> tuple[tuple[np.ndarray, ...], ...]:
        """Columns of tails and heads with the links between them, closed; terminals of heads."""
        held = self._level[depth, step.at]
        links = self._tables[held, step.at][:, self._width + step.at].astype(np.int64)
        exists = step.needs & ~built == 0
        ends = step.tails[exists], step.heads[exists]
        np.minimum.at(links, ends, step.costs[exists].astype(np.int64))
        _closed(links)
        tails, heads = (np.unique(end) for end in ends)
        between = np.ascontiguousarray(links[tails][:, heads])
        columns = self._width + step.at[tails], self._width + step.at[heads]
        return (*columns, between), (step.at[heads],)

    def go(self, project: int, *, built: int, depth: int) -> None:
        """Add a project; `built` are all with it."""
        step, block = self._steps[project], self._block
        ends, (at,) = self._ends(step, built, depth)
        limits = block.limit, block.most
        shortcuts = block.shortcuts.newest(built, len(block.start) - block.terminals)
        _add(
            self._tables,
            self._level,
            self._sums,
            (depth + 1, ends, at, step.later, shortcuts),
            (tuple(block.counted), block.timed, limits, block.terminals, self._width),
        )


def totals(block: Block, steps: Sequence[Step], weights: np.ndarray) -> np.ndarray:
    """Subsets x sums x groups, for one block of origins; 0 where a project lacks what it requires.

    What a project requires stands before it.
    """
    walk = Walk(block, steps)
    found = np.zeros((2 ** len(steps), walk.sums(0).shape[1], weights.shape[1]))

    def visit(built: int, following: int, depth: int) -> None:
        found[built] = np.einsum("oc,og->cg", walk.sums(depth).astype(float), weights)
        for project in range(following, len(steps)):
            if steps[project].required & ~built == 0:
                walk.go(project, built=built | 1 << project, depth=depth)
                visit(built | 1 << project, project + 1, depth + 1)

    visit(0, 0, 0)
    return found
