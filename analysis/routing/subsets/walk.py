"""Walk through all subsets of projects for one block of origins, one more project each step."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import NamedTuple

import numpy as np

from analysis.routing.subsets.walk_kernels import add, close_links, sum_up


@dataclass(frozen=True)
class Step:
    """The arcs that a project adds to subsets of the projects before it.

    Attributes
    ----------
    at
        The terminals that its arcs touch.
    tails, heads
        Positions of the arcs' ends among those terminals.
    costs, needs
        As in `analysis.routing.subsets.added_arcs.AddedArcs`.
    later
        Number of terminals (the first ones) that a later project touches.
    required
        Bits of the projects that it requires.
    """

    at: np.ndarray
    tails: np.ndarray
    heads: np.ndarray
    costs: np.ndarray
    needs: np.ndarray
    later: int
    required: int


@dataclass(frozen=True)
class DirectArcs:
    """Direct arcs from origins to destinations that exist with some projects.

    Attributes
    ----------
    rows, columns
        int64: positions of the origins, ascending, and of the destinations.
    costs, needs
        As for `Step`.
    """

    origins: np.ndarray
    columns: np.ndarray
    costs: np.ndarray
    needs: np.ndarray

    def of_origins(self, origins: slice) -> DirectArcs:
        """Direct arcs of a slice of origins, numbered from the first of them."""
        first, end = np.searchsorted(self.origins, [origins.start, origins.stop])
        arrays = (array[first:end] for array in (self.columns, self.costs, self.needs))
        return DirectArcs(self.origins[first:end] - origins.start, *arrays)

    def newest(self, built: int, origins: int) -> tuple[np.ndarray, np.ndarray, np.ndarray]:
        """Arcs opened by the last project built, as rows of a graph (first, columns, costs)."""
        top = built.bit_length() - 1
        use = (self.needs & ~built == 0) & (self.needs >> top == 1)
        first = np.searchsorted(self.origins[use], np.arange(origins + 1))
        return first, self.columns[use], self.costs[use]


class IntegerCounts(NamedTuple):
    """The numbers that are summed up, as integers.

    Attributes
    ----------
    numbers
        int64, sums x destinations.
    first, nonzero
        int64: the nonzero columns of each sum, as rows of a graph.
    cutoffs
        int32, units.
    """

    numbers: np.ndarray
    first: np.ndarray
    nonzero: np.ndarray
    cutoffs: np.ndarray


@dataclass(frozen=True)
class Block:
    """A block of origins, with the data for all subsets.

    Attributes
    ----------
    start
        int32: costs without any project from the terminals, then from the origins, to the
        destinations, then to the terminals.
    terminals
        Number of terminals; those that later projects touch come first.
    counted
        The counts to sum up.
    timed
        bool, origins x destinations: pairs whose units are summed up too; no columns if none are.
    limit
        int32, units: upper limit of costs.
    most
        int32, units: the time assumed for pairs that are not reached.
    direct
        Direct arcs to destinations.
    """

    start: np.ndarray
    terminals: int
    counted: IntegerCounts
    timed: np.ndarray
    limit: np.int32
    most: np.int32
    direct: DirectArcs


class Walk:
    """A walk through all subsets of projects for one block of origins.

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
        """Columns of tails and heads with the closed links between them; terminals of heads."""
        levels = self._level[depth, step.at]
        links = self._tables[levels, step.at][:, self._width + step.at].astype(np.int64)
        # an arc may need other players besides the newest, who are not built here
        exists = step.needs & ~built == 0
        ends = step.tails[exists], step.heads[exists]
        # two arcs may join the same ends: plain indexing would keep the last and not the cheapest
        np.minimum.at(links, ends, step.costs[exists].astype(np.int64))
        close_links(links)
        tails, heads = (np.unique(end) for end in ends)
        between = np.ascontiguousarray(links[tails][:, heads])
        columns = self._width + step.at[tails], self._width + step.at[heads]
        return (*columns, between), (step.at[heads],)

    def add_project(self, project: int, *, built: int, depth: int) -> None:
        """Add a project; `built` are the bits of all projects, this one included."""
        step, block = self._steps[project], self._block
        ends, (at,) = self._ends(step, built, depth)
        limits = block.limit, block.most
        direct = block.direct.newest(built, len(block.start) - block.terminals)
        add(
            self._tables,
            self._level,
            self._sums,
            (depth + 1, ends, at, step.later, direct),
            (tuple(block.counted), block.timed, limits, block.terminals, self._width),
        )


def totals(block: Block, steps: Sequence[Step], weights: np.ndarray) -> np.ndarray:
    """Subsets x sums x groups for one block of origins; 0 where a required project is missing.

    Required projects come before those that require them.
    """
    walk = Walk(block, steps)
    sums = np.zeros((2 ** len(steps), walk.sums(0).shape[1], weights.shape[1]))

    def visit(built: int, following: int, depth: int) -> None:
        sums[built] = np.einsum("oc,og->cg", walk.sums(depth).astype(float), weights)
        for project in range(following, len(steps)):
            if steps[project].required & ~built == 0:
                walk.add_project(project, built=built | 1 << project, depth=depth)
                visit(built | 1 << project, project + 1, depth + 1)

    visit(0, 0, 0)
    return sums
