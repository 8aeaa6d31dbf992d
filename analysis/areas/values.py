"""The surface's value at a place, by the pieces around it."""

from __future__ import annotations

import numpy as np
from numba import njit

from analysis.areas.bins import Bins
from analysis.areas.pieces import (
    BESIDE_M,
    EAST,
    LEAD,
    LENGTH,
    NORTH,
    PER_SLOPE,
    ROWS,
    SECS,
    SLOPE,
    X,
    Y,
)

DIAGONAL = 1.41422
"""Of a square, a little more than the root of two."""


@njit(cache=True, nogil=True)
def values_at(
    table: np.ndarray, span: tuple, place: tuple, cut: tuple, values: np.ndarray
) -> float:
    """Values of f at one place by each of some pieces, and the least of them.

    Parameters
    ----------
    table
        As `analysis.areas.pieces.Pieces.table`.
    span
        The first piece and the one after the last.
    place
        x and y.
    cut
        The cutoff in seconds, w and R.
    values
        Result, one a piece.
    """
    # unsigned: positions that might be negative would keep the compiler from using vectors
    start, count = np.uint64(span[0]), np.uint64(span[1] - span[0])
    x, y = place
    cutoff, w, most_m = cut
    floor = -w * most_m
    for k in range(count):
        n = start + k
        east, north = x - table[X, n], y - table[Y, n]
        along = east * table[EAST, n] + north * table[NORTH, n]
        beside = abs(east * table[NORTH, n] - north * table[EAST, n])
        late = table[SECS, n] - cutoff
        # up to `early` it is left where it is nearest, from there on as time tells
        early = min(max((floor - late) * table[PER_SLOPE, n], 0.0), table[LENGTH, n])
        left = max(along - (beside + BESIDE_M) * table[LEAD, n], min(max(along, 0.0), early))
        left = min(left, table[LENGTH, n])
        metres = np.sqrt(beside * beside + (left - along) * (left - along))
        values[k] = w * metres + max(late + table[SLOPE, n] * left, floor)
    least = np.inf
    for k in range(count):
        least = min(least, values[k])
    return least


@njit(cache=True, nogil=True)
def keep(table: np.ndarray, span: tuple, values: np.ndarray, limit: float, kept: tuple) -> int:
    """Copy the pieces whose value is within a limit behind those kept; how many there are."""
    start, size = np.uint64(span[0]), np.uint64(span[1] - span[0])
    into, count = kept[0], np.uint64(kept[1])
    for k in range(size):
        if values[k] <= limit:
            for row in range(ROWS):
                into[row, count] = table[row, start + k]
            count += np.uint64(1)
    return int(count)


@njit(cache=True, nogil=True)
def _row_span(pieces: tuple, row: int, place: tuple, metres: float) -> tuple:
    """Pieces of one row of bins whose middles may be so near to a place."""
    bins, first = pieces[1], pieces[2]
    south = bins.y + row * bins.width
    off = max(south - place[1], place[1] - south - bins.width, 0.0)
    if off > metres:
        return 0, 0
    half = np.sqrt(metres * metres - off * off)
    left = max(int(np.floor((place[0] - half - bins.x) / bins.width)), 0)
    right = min(int(np.floor((place[0] + half - bins.x) / bins.width)), bins.columns - 1)
    if left > right:
        return 0, 0
    return first[row * bins.columns + left], first[row * bins.columns + right + 1]


@njit(cache=True, nogil=True)
def _rows_near(bins: Bins, y: float, metres: float) -> tuple:
    """Rows of bins that may hold something so near."""
    low = max(int(np.floor((y - metres - bins.y) / bins.width)), 0)
    return low, min(int(np.floor((y + metres - bins.y) / bins.width)), bins.rows - 1)


@njit(cache=True, nogil=True)
def pieces_near(pieces: tuple, place: tuple, metres: float) -> int:
    """How many pieces may be so near to a place."""
    count = 0
    low, high = _rows_near(pieces[1], place[1], metres)
    for row in range(low, high + 1):
        start, end = _row_span(pieces, row, place, metres)
        count += end - start
    return count


@njit(cache=True, nogil=True)
def surely_within(
    pieces: tuple, place: tuple, cut: tuple, slack: float, values: np.ndarray
) -> bool:
    """Whether pieces in the bins around are enough to see that f is below -slack."""
    table, bins = pieces[0], pieces[1]
    middle = int(np.floor((place[1] - bins.y) / bins.width))
    for row in (middle, middle - 1, middle + 1):
        if 0 <= row < bins.rows:
            start, end = _row_span(pieces, row, place, bins.width)
            span = (start, min(end, start + values.size))
            if values_at(table, span, place, cut, values) < -slack:
                return True
    return False


@njit(cache=True, nogil=True)
def gather(pieces: tuple, block: tuple, metres: float, values: np.ndarray, into: np.ndarray) -> int:
    """Copy the pieces that count in a block, none if no edge goes through it; how many there are.

    `block` is its middle, half its width, and the cutoff, w and R; `metres` is how far from its
    middle a piece may be.
    """
    table, (place, half, cut) = pieces[0], block
    least, count, looked = np.inf, 0, 0
    low, high = _rows_near(pieces[1], place[1], metres)
    for row in range(low, high + 1):
        span = _row_span(pieces, row, place, metres)
        least = min(least, values_at(table, span, place, cut, values[looked:]))
        looked += span[1] - span[0]
    slack = cut[1] * half * DIAGONAL
    if abs(least) > slack:
        return 0
    looked = 0
    for row in range(low, high + 1):
        span = _row_span(pieces, row, place, metres)
        count = keep(table, span, values[looked:], least + 2 * slack, (into, count))
        looked += span[1] - span[0]
    return count


@njit(cache=True, nogil=True)
def earliest_near(earliest: np.ndarray, bins: Bins, place: tuple) -> float:
    """The least time around a place."""
    column = min(max(int((place[0] - bins.x) / bins.width), 0), bins.columns - 1)
    row = min(max(int((place[1] - bins.y) / bins.width), 0), bins.rows - 1)
    least: float = earliest[row * bins.columns + column]
    return least


@njit(cache=True, nogil=True)
def least_within(values: np.ndarray, columns: int, steps: int) -> np.ndarray:
    """Of a table in rows, the least value up to so many rows and columns away."""
    rows = values.size // columns
    across, found = np.empty_like(values), np.empty_like(values)
    for row in range(rows):
        for column in range(columns):
            least = np.inf
            for other in range(max(column - steps, 0), min(column + steps, columns - 1) + 1):
                least = min(least, values[row * columns + other])
            across[row * columns + column] = least
    for row in range(rows):
        for column in range(columns):
            least = np.inf
            for other in range(max(row - steps, 0), min(row + steps, rows - 1) + 1):
                least = min(least, across[other * columns + column])
            found[row * columns + column] = least
    return found
