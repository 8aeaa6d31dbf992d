"""The surface around what one origin reaches."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from functools import cached_property, partial
from itertools import pairwise
from math import ceil, floor

import numpy as np

from analysis.areas.mesh import Mesh
from analysis.areas.pieces import Pieces
from analysis.areas.squares import WIDTH, Part, squares_crossed
from analysis.areas.values import DIAGONAL, least_within

LEAST_BLOCK, MOST_BLOCK = 4, 64
"""Squares across a block."""
BLOCK_SHARE = 0.75
"""Half a block's diagonal is at most such a share of R: else few blocks could be within."""


@dataclass(frozen=True)
class Crossed:
    """Squares that an edge goes through, in the order of rows and columns.

    Attributes
    ----------
    row, column
        int64: where each is, in cells.
    sides
        int64, squares x 5: as from `analysis.areas.samples.square`.
    first
        int64: the first sample of each.
    samples
        float64, x, y and f of each sample; f is never zero.
    """

    row: np.ndarray
    column: np.ndarray
    sides: np.ndarray
    first: np.ndarray
    samples: np.ndarray


@dataclass(frozen=True)
class Field:
    """The surface of one origin.

    Attributes
    ----------
    pieces
        What is travelled along.
    mesh
        Where it is sampled.
    """

    pieces: Pieces
    mesh: Mesh

    @property
    def _cell_m(self) -> float:
        return self.mesh.cell_m

    @cached_property
    def _across(self) -> int:
        """How many squares a block is across."""
        across, most_m = LEAST_BLOCK, BLOCK_SHARE * self.pieces.off_road.most_m
        while across < MOST_BLOCK and across * self._cell_m * DIAGONAL <= most_m:
            across *= 2
        return across

    @cached_property
    def _near(self) -> np.ndarray:
        """The least time from which one might reach anything in a block, by the middle's bin."""
        bins = self.pieces.bins
        radius = self._across * self._cell_m * DIAGONAL / 2
        metres = self.pieces.off_road.most_m + radius + bins.width / 2
        return least_within(self.pieces.earliest, bins.columns, ceil(metres / bins.width))

    def _blocks(self, cutoff_secs: float) -> tuple[int, int, int, int]:
        """Columns and rows of blocks, from and to, around all that is reached."""
        bins = self.pieces.bins
        off, metres = self.pieces.off_road.most_m + bins.width / 2, self._across * self._cell_m
        rows, columns = np.divmod(np.flatnonzero(self.pieces.earliest < cutoff_secs), bins.columns)
        if len(rows) == 0:
            return 0, 0, 0, 0
        west, east = (bins.x + bins.width * at for at in (columns.min(), columns.max() + 1))
        south, north = (bins.y + bins.width * at for at in (rows.min(), rows.max() + 1))
        left, low = (floor((at - off) / metres) for at in (west, south))
        right, high = (floor((at + off) / metres) + 1 for at in (east, north))
        return left, right, low, high

    def tasks(self, cutoff_secs: float, count: int) -> list[Callable[[], Part]]:
        """The search for the squares that the edge of one cutoff goes through, in some parts."""
        pieces, mesh, off_road = self.pieces, self.mesh, self.pieces.off_road
        left, right, low, high = self._blocks(cutoff_secs)
        rows = np.unique(np.linspace(low, high, count + 1).astype(int)).tolist()
        cut = (float(cutoff_secs), off_road.secs_per_m, off_road.most_m)
        return [
            partial(
                squares_crossed,
                (pieces.table, pieces.bins, pieces.first),
                (mesh.cell_m, mesh.segments, mesh.bins, mesh.first),
                cut,
                (self._near, self._across, left, right, a, b),
            )
            for a, b in pairwise(rows)
        ]


def crossed(parts: Sequence[Part]) -> Crossed:
    """The squares found by the tasks of one cutoff, together."""
    parts = [*parts, (np.empty((0, WIDTH), np.int64), np.empty((0, 3)))]
    table, samples = (np.concatenate(found) for found in zip(*parts, strict=True))
    before = np.cumsum([0, *(len(found) for _, found in parts)])
    first = table[:, 2] + np.repeat(before[:-1], [len(found) for found, _ in parts])
    order = np.lexsort((table[:, 1], table[:, 0]))
    row, column, sides = table[order, 0], table[order, 1], table[order, 3:]
    return Crossed(row, column, sides, first[order], samples)
