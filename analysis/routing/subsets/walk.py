"""One block of origins on its way through all subsets of some projects, one more at each step."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import NamedTuple

import numpy as np

from analysis.routing.subsets.walk_kernels import add, closed, sum_up


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
        As in `analysis.routing.subsets.added_arcs.AddedArcs`.
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


class IntegerCounts(NamedTuple):
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
    counted: IntegerCounts
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
        # one table a depth and not one a subset: the walk goes down one branch at a time
        self._tables = np.empty((len(steps) + 1, *start.shape), np.int32)
        self._tables[0] = start
        self._level = np.zeros((len(steps) + 1, len(start)), np.int64)
        self._sums = np.zeros((len(steps) + 1, len(start), count), np.int64)
        self._width = start.shape[1] - block.terminals
        for row, timed in zip(range(block.terminals, len(start)), block.timed, strict=True):
            sum_up(start[row], timed, tuple(block.counted), block.most, self._sums[0, row])

    def sums(self, depth: int) -> np.ndarray:
        """Origins x sums."""
        return self._sums[depth, self._block.terminals :]

    def _ends(self, step: Step, built: int, depth: int) -> tuple[tuple[np.ndarray, ...], ...]:
        """Columns of tails and heads with the links between them, closed; terminals of heads."""
        held = self._level[depth, step.at]
        links = self._tables[held, step.at][:, self._width + step.at].astype(np.int64)
        # an arc may need other players besides the newest, who are not built here
        exists = step.needs & ~built == 0
        ends = step.tails[exists], step.heads[exists]
        # two arcs may join the same ends: plain indexing would keep the last and not the cheapest
        np.minimum.at(links, ends, step.costs[exists].astype(np.int64))
        closed(links)
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
        add(
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
