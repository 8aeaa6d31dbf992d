"""Where the surface is sampled: a square grid, and where streets cross it.

Between its samples a surface is taken to be flat. Along a street it is: so where streets cross the
lines of the grid there are samples, and in each square with a street one on it, from which the
square is cut into triangles. The mesh depends on the streets only, never on times: a surface that
is lower everywhere lies lower between the samples too.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numba import njit

from analysis.areas.bins import Bins, bins_over
from analysis.areas.lines import StreetLines

BIN_CELLS = 4
"""Width of bins and greatest length of a segment, in cells."""
CHORD, BEND, END = 0.0, 1.0, 2.0
"""What a segment's end is: where a long one is cut, a bend, or the end of a street."""


@dataclass(frozen=True)
class Mesh:
    """The grid, and the streets that one can leave, in bins.

    Attributes
    ----------
    cell_m
        Lines of the grid lie at multiples of it.
    segments
        float64, one row a segment and bin it may touch: both ends (x, y, x, y), and whether
        each is an `END`, a `BEND` or neither.
    bins
        No segment is longer than they are wide.
    first
        int64, bins + 1: the first row of each bin.
    """

    cell_m: float
    segments: np.ndarray
    bins: Bins
    first: np.ndarray


@njit(cache=True, nogil=True)
def _segments(lines: tuple, can_stop: np.ndarray, longest: float) -> np.ndarray:
    """Straight parts of the streets, none of them longer."""
    first, x, y = lines
    count = 0
    for street in range(can_stop.size):
        for a in range(first[street], first[street + 1] - 1):
            if can_stop[street]:
                count += int(np.hypot(x[a + 1] - x[a], y[a + 1] - y[a]) / longest) + 1
    found, n = np.empty((count, 6)), 0
    for street in range(can_stop.size):
        start, last = first[street], first[street + 1] - 1
        for a in range(start, last):
            if not can_stop[street]:
                continue
            east, north = x[a + 1] - x[a], y[a + 1] - y[a]
            parts = int(np.hypot(east, north) / longest) + 1
            for part in range(parts):
                p, q = part / parts, (part + 1) / parts
                found[n, 0], found[n, 1] = x[a] + p * east, y[a] + p * north
                found[n, 2], found[n, 3] = x[a] + q * east, y[a] + q * north
                found[n, 4] = CHORD if part > 0 else END if a == start else BEND
                found[n, 5] = CHORD if part < parts - 1 else END if a + 1 == last else BEND
                n += 1
    return found


@njit(cache=True, nogil=True)
def _touched(segment: np.ndarray, bins: Bins) -> tuple:
    """Columns and rows of the bins that a segment's box touches."""
    west, east = min(segment[0], segment[2]), max(segment[0], segment[2])
    south, north = min(segment[1], segment[3]), max(segment[1], segment[3])
    return bin_range(west, east, south, north, bins)


@njit(cache=True, nogil=True)
def bin_range(west: float, east: float, south: float, north: float, bins: Bins) -> tuple:
    """Columns and rows, first and last, of the bins that a box touches."""
    left = max(int(np.floor((west - bins.x) / bins.width)), 0)
    right = min(int(np.floor((east - bins.x) / bins.width)), bins.columns - 1)
    low = max(int(np.floor((south - bins.y) / bins.width)), 0)
    high = min(int(np.floor((north - bins.y) / bins.width)), bins.rows - 1)
    return left, right, low, high


@njit(cache=True, nogil=True)
def _in_bins(segments: np.ndarray, bins: Bins) -> tuple:
    """The segments once for each bin they may touch, in the order of bins."""
    first = np.zeros(bins.columns * bins.rows + 1, np.int64)
    for n in range(segments.shape[0]):
        left, right, low, high = _touched(segments[n], bins)
        for row in range(low, high + 1):
            for column in range(left, right + 1):
                first[row * bins.columns + column + 1] += 1
    for own in range(first.size - 1):
        first[own + 1] += first[own]
    place, found = first.copy(), np.empty((first[-1], 6))
    for n in range(segments.shape[0]):
        left, right, low, high = _touched(segments[n], bins)
        for row in range(low, high + 1):
            for column in range(left, right + 1):
                own = row * bins.columns + column
                found[place[own]] = segments[n]
                place[own] += 1
    return found, first


def mesh(lines: StreetLines, cell_m: float) -> Mesh:
    """The mesh of a network's streets.

    Parameters
    ----------
    lines
        The streets; those that one cannot leave midway do not count.
    cell_m
        Width of a square.
    """
    shape = (lines.first, lines.x, lines.y)
    longest = BIN_CELLS * cell_m
    found = _segments(shape, lines.can_stop, longest)
    if len(found) == 0:
        return Mesh(cell_m, found, Bins(0.0, 0.0, longest, 1, 1), np.zeros(2, np.int64))
    bins = bins_over(found[:, [0, 2]].ravel(), found[:, [1, 3]].ravel(), longest)
    segments, first = _in_bins(found, bins)
    return Mesh(cell_m, segments, bins, first)
