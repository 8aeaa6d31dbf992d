"""Points sorted into the square blocks of a grid, whose size has a limit."""

from __future__ import annotations

from typing import NamedTuple

import numpy as np

from geo.faults import BadInputError, Fault

BLOCK = 4
"""Cells on each side of a block."""
MOST_CELLS = 100_000_000
"""Most cells of a grid: about 2.5 GB while isochrones are computed, a square of 250 km at 25 m."""


class Blocks(NamedTuple):
    """Points by block; a block is `BLOCK` cells wide, its corners at multiples of that.

    Attributes
    ----------
    x, y
        float64, one a point, metres.
    first
        int64, blocks + 1: the first point of each block, row after row.
    corner
        int64: column and row of the first block; 0, 0 is the one north east of the origin.
    columns
        Blocks in a row.
    """

    x: np.ndarray
    y: np.ndarray
    first: np.ndarray
    corner: np.ndarray
    columns: int


def _check_size(columns: int, rows: int, cell_m: float) -> None:
    """Raise if a grid of blocks would not fit into memory."""
    across_m = BLOCK * cell_m
    if columns * rows * BLOCK**2 > MOST_CELLS:
        width, height = columns * across_m / 1e3, rows * across_m / 1e3
        message = f"isochrones on streets over {width:.0f} x {height:.0f} km at {cell_m:g} m a cell"
        allowed = f"up to {MOST_CELLS:.0e} cells: streets of one region, or a larger surface_cell_m"
        where = ("assumptions", "surface_cell_m", "value-out-of-range")
        raise BadInputError([Fault(*where, message, allowed)])


def sorted_into_blocks(xy: np.ndarray, cell_m: float, around: int) -> tuple[Blocks, np.ndarray]:
    """Points sorted into blocks.

    Parameters
    ----------
    xy
        n x 2 coordinates.
    cell_m
        Metres a cell.
    around
        Number of empty blocks on each side.

    Returns
    -------
    Blocks
    ndarray
        Each point's position in them.

    Raises
    ------
    BadInputError
        If there would be more than `MOST_CELLS`.
    """
    block = np.floor(xy / (BLOCK * cell_m)).astype(np.int64)
    corner = block.min(axis=0) - around
    columns, rows = block.max(axis=0) + around - corner + 1
    _check_size(int(columns), int(rows), cell_m)
    number = (block[:, 1] - corner[1]) * columns + block[:, 0] - corner[0]
    # stable, so that points of one block stay in the order of the streets and runs are the same
    order = np.argsort(number, kind="stable")
    count = np.bincount(number, minlength=columns * rows)
    first = np.concatenate([[0], np.cumsum(count)])
    place = np.empty(len(xy), dtype=np.int64)
    place[order] = np.arange(len(xy))
    # contiguous: the field reads the points of a block one after the other
    x, y = (np.ascontiguousarray(axis) for axis in xy[order].T)
    return Blocks(x, y, first, corner, int(columns)), place
