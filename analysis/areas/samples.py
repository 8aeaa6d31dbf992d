"""Where one square of the mesh is sampled.

At its corners, where streets cross its sides, and on a street in it: at an end of one, else at a
bend, else in the middle of the longest part of a street in the square.
"""

from __future__ import annotations

import numpy as np
from numba import njit

from analysis.areas.mesh import CHORD, bin_range

SLOTS = 16
"""Each side of a square is cut into so many; in each there is a sample at most."""
APART, MARGIN = 1 / 32, 1 / 16
"""Shares of a cell: between samples of a side, and from a square's sides to its inner sample."""
CORNERS = 4
MOST_POINTS = CORNERS * (SLOTS + 1) + 1


@njit(cache=True, nogil=True)
def _note(
    slots: np.ndarray, start: tuple, end: tuple, line: float, low: float, high: float
) -> None:
    """Note where a street crosses a side; of each slot the lowest place is kept.

    `start` and `end` are its ends, first along the side and then across; `line` is where the side
    lies across, `low` and `high` are its ends.
    """
    if (start[1] - line) * (end[1] - line) >= 0:
        return
    at = start[0] + (end[0] - start[0]) * (line - start[1]) / (end[1] - start[1])
    if low < at < high:
        slot = min(int((at - low) / (high - low) * SLOTS), SLOTS - 1)
        slots[slot] = min(slots[slot], at)


@njit(cache=True, nogil=True)
def _chord(segment: np.ndarray, box: tuple) -> tuple:
    """The part of a segment in a square, as shares of it; empty if the first is larger."""
    p, q = 0.0, 1.0
    for axis in range(2):
        start, step = segment[axis], segment[axis + 2] - segment[axis]
        low, high = box[2 * axis], box[2 * axis + 1]
        if step == 0:
            if start <= low or start >= high:
                return 1.0, 0.0
        else:
            a, b = (low - start) / step, (high - start) / step
            p, q = max(p, min(a, b)), min(q, max(a, b))
    return p, q


@njit(cache=True, nogil=True)
def _preferred(one: tuple, other: tuple) -> tuple:
    """The greater of two, whatever their order."""
    for k in range(4):
        if one[k] != other[k]:
            return one if one[k] > other[k] else other
    return one


@njit(cache=True, nogil=True)
def _inner(segment: np.ndarray, box: tuple, best: tuple) -> tuple:
    """The better inner sample of a square: its rank, a measure, x and y."""
    p, q = _chord(segment, box)
    if p >= q:
        return best
    x, y, east, north = segment[0], segment[1], segment[2] - segment[0], segment[3] - segment[1]
    middle, metres = (p + q) / 2, (q - p) * np.hypot(east, north)
    best = _preferred(best, (CHORD, metres, x + middle * east, y + middle * north))
    for end in range(2):
        x, y, rank = segment[2 * end], segment[2 * end + 1], segment[4 + end]
        if rank > CHORD and box[0] < x < box[1] and box[2] < y < box[3]:
            off = np.hypot(x - (box[0] + box[1]) / 2, y - (box[2] + box[3]) / 2)
            best = _preferred(best, (rank, -off, x, y))
    return best


@njit(cache=True, nogil=True)
def _look(mesh: tuple, box: tuple, slots: np.ndarray) -> tuple:
    """Note where streets cross a square's sides; return its inner sample."""
    segments, bins, first = mesh[1:]
    west, east, south, north = box
    best = (-1.0, 0.0, (west + east) / 2, (south + north) / 2)
    left, right, down, up = bin_range(west, east, south, north, bins)
    if left > right:
        return best
    for row in range(down, up + 1):
        for n in range(first[row * bins.columns + left], first[row * bins.columns + right + 1]):
            a, b, c, d = segments[n, 0], segments[n, 1], segments[n, 2], segments[n, 3]
            if max(a, c) < west or min(a, c) > east or max(b, d) < south or min(b, d) > north:
                continue
            _note(slots[0], (a, b), (c, d), south, west, east)
            _note(slots[1], (b, a), (d, c), east, south, north)
            _note(slots[2], (a, b), (c, d), north, west, east)
            _note(slots[3], (b, a), (d, c), west, south, north)
            best = _inner(segments[n], box, best)
    return best


@njit(cache=True, nogil=True)
def _along(slots: np.ndarray, low: float, high: float, places: np.ndarray) -> int:
    """The places noted on a side, in order, the low corner first; how many there are."""
    places[0], n = low, 1
    apart = (high - low) * APART
    for slot in range(SLOTS):
        if slots[slot] > places[n - 1] + apart and slots[slot] < high - apart:
            places[n] = slots[slot]
            n += 1
    return n


@njit(cache=True, nogil=True)
def square(mesh: tuple, column: int, row: int, work: tuple, points: np.ndarray) -> tuple:
    """The samples of one square.

    Parameters
    ----------
    mesh
        The fields of a `Mesh`.
    column, row
        Which square: its corner in the south-west, in cells.
    work
        Space for 4 x `SLOTS` and for `SLOTS` + 1 floats.
    points
        Result, `MOST_POINTS` x 2: the samples round the square, counterclockwise from its corner
        in the south-west, then the inner one.

    Returns
    -------
    tuple of int
        How many samples the south, east, north and west side have, each without its last corner,
        and whether the inner one is there (1 or 0).
    """
    cell, (slots, places) = mesh[0], work
    box = (column * cell, (column + 1) * cell, row * cell, (row + 1) * cell)
    slots[:] = np.inf
    rank, _, x, y = _look(mesh, box, slots)
    south = _along(slots[0], box[0], box[1], places)
    for k in range(south):
        points[k] = places[k], box[2]
    east = _along(slots[1], box[2], box[3], places)
    for k in range(east):
        points[south + k] = box[1], places[k]
    n = south + east
    north = _along(slots[2], box[0], box[1], places)
    for k in range(north):
        points[n + k] = box[1] if k == 0 else places[north - k], box[3]
    n += north
    west = _along(slots[3], box[2], box[3], places)
    for k in range(west):
        points[n + k] = box[0], box[3] if k == 0 else places[west - k]
    n += west
    margin = cell * MARGIN
    points[n] = (
        min(max(x, box[0] + margin), box[1] - margin),
        min(max(y, box[2] + margin), box[3] - margin),
    )
    return south, east, north, west, int(rank >= CHORD or n > CORNERS)
