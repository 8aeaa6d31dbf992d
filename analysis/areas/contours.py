"""Outlines of an area, from the squares that its edge goes through.

Each square is cut into triangles round its inner sample; in a triangle the surface is flat, so the
edge goes straight from one side to another. No sample is zero, so edges neither touch nor end:
outlines are simple rings that do not meet, and with its holes each is a valid polygon. A square
that no street crosses has no inner sample; there the edge goes straight from side to side, and
where two pairs of sides could be joined the mean of the corners decides (as contourpy does).
"""

from __future__ import annotations

import numpy as np
import shapely
from numba import njit
from shapely.geometry.base import BaseGeometry

from analysis.areas.field import Crossed

SIDES = 4
NOBODY = -1


@njit(cache=True, nogil=True)
def _at(squares: tuple, row: int, column: int) -> int:
    """Position of the square in a row and column; it is there."""
    rows, columns = squares[0], squares[1]
    low, high = 0, rows.size - 1
    while low < high:
        middle = (low + high) // 2
        if rows[middle] < row or (rows[middle] == row and columns[middle] < column):
            low = middle + 1
        else:
            high = middle
    return low


@njit(cache=True, nogil=True)
def _across(squares: tuple, here: int, k: int) -> tuple:
    """The square beyond the k-th step round a square, and which step round it that is."""
    rows, columns, sides = squares[:3]
    own, side = k, 0
    while own >= sides[here, side]:
        own -= sides[here, side]
        side += 1
    steps = sides[here, side]
    if side % 2 == 1:
        beyond = here + 2 - side
    else:
        beyond = _at(squares, rows[here] + side - 1, columns[here])
    at = steps - 1 - own
    for before in range((side + 2) % SIDES):
        at += sides[beyond, before]
    return beyond, at


@njit(cache=True, nogil=True)
def _put(point: np.ndarray, inside: np.ndarray, outside: np.ndarray) -> None:
    """Where the edge goes between two samples."""
    share = inside[2] / (inside[2] - outside[2])
    point[0] = inside[0] + share * (outside[0] - inside[0])
    point[1] = inside[1] + share * (outside[1] - inside[1])


@njit(cache=True, nogil=True)
def _through(own: np.ndarray, count: int, k: int, points: np.ndarray, n: int) -> tuple:
    """Follow the edge through a square; the step by which it leaves, and how many points there are.

    It comes by the k-th step round the square, which leads from an inside to an outside sample.
    `own` are the square's samples, `count` of them around it.
    """
    inner = own.shape[0] > count
    middle = own[count, 2] if inner else own[0, 2] + own[1, 2] + own[2, 2] + own[3, 2]
    _put(points[n], own[k], own[(k + 1) % count])
    n += 1
    turn = 1 if middle < 0 else count - 1
    while True:
        # round the middle until the other kind of sample comes again
        if inner:
            inside = count if middle < 0 else k
            outside = (k + 1) % count if middle < 0 else count
            _put(points[n], own[inside], own[outside])
            n += 1
        k = (k + turn) % count
        if own[k, 2] > 0 and own[(k + 1) % count, 2] < 0:
            return k, n


@njit(cache=True, nogil=True)
def _round_middle(own: np.ndarray, points: np.ndarray, n: int) -> None:
    """The ring round the middle of a square whose other samples all lie on the other side."""
    count = own.shape[0] - 1
    for k in range(count):
        if own[count, 2] < 0:
            _put(points[n + k], own[count], own[k])
        else:
            _put(points[n + k], own[count - 1 - k], own[count])


@njit(cache=True, nogil=True)
def _ring(squares: tuple, start: tuple, passed: np.ndarray, found: tuple, n: int) -> int:
    """Follow a ring from a square and a step round it; how many points there are."""
    sides, first, samples = squares[2], squares[3], squares[4]
    points, rows = found
    here, step = start
    while not passed[first[here] + step]:
        passed[first[here] + step] = True
        count = sides[here, :SIDES].sum()
        own = samples[first[here] : first[here] + count + sides[here, SIDES]]
        step, after = _through(own, count, step, points, n)
        rows[n:after] = squares[0][here]
        n = after
        here, step = _across(squares, here, step)
    return n


@njit(cache=True, nogil=True)
def _all_rings(squares: tuple, points: np.ndarray, rows: np.ndarray, starts: np.ndarray) -> int:
    """Fill the points of all rings, the row each lies in, and where each ring begins.

    The area lies to the left of them. Returns how many rings there are.
    """
    sides, first, samples = squares[2], squares[3], squares[4]
    passed = np.zeros(samples.shape[0], np.bool_)
    n, found = 0, 0
    for here in range(first.size):
        count = sides[here, :SIDES].sum()
        own = samples[first[here] : first[here] + count + sides[here, SIDES]]
        mixed = False
        for k in range(count):
            if own[k, 2] > 0 or own[(k + 1) % count, 2] < 0:
                continue
            mixed = True
            if not passed[first[here] + k]:
                starts[found] = n
                found += 1
                n = _ring(squares, (here, k), passed, (points, rows), n)
        if not mixed:
            starts[found] = n
            found += 1
            _round_middle(own, points, n)
            rows[n : n + count] = squares[0][here]
            n += count
    starts[found] = n
    return found


@njit(cache=True, nogil=True)
def _areas(points: np.ndarray, starts: np.ndarray) -> np.ndarray:
    """Area of each ring; holes have a negative one."""
    found = np.zeros(starts.size - 1)
    for ring in range(found.size):
        a, b = starts[ring], starts[ring + 1]
        x, y = points[a]
        for n in range(a, b - 1):
            east, north = points[n, 0] - x, points[n, 1] - y
            found[ring] += east * (points[n + 1, 1] - y) - (points[n + 1, 0] - x) * north
    return found / 2


@njit(cache=True, nogil=True)
def _by_row(rows: np.ndarray) -> tuple:
    """Points in the order of their rows, the least row, and where each row begins."""
    low = rows.min()
    first = np.zeros(rows.max() - low + 2, np.int64)
    for row in rows:
        first[row - low + 1] += 1
    for k in range(first.size - 1):
        first[k + 1] += first[k]
    place, order = first.copy(), np.empty(rows.size, np.int64)
    for n in range(rows.size):
        order[place[rows[n] - low]] = n
        place[rows[n] - low] += 1
    return order, low, first


@njit(cache=True, nogil=True)
def _left_of(
    lowest: int, points: np.ndarray, after: np.ndarray, owner: np.ndarray, row: tuple
) -> int:
    """The ring that one meets first going west from a ring's lowest point."""
    x, y = points[lowest]
    west, ring = -np.inf, NOBODY
    for n in row:
        a, b = points[n], points[after[n]]
        if owner[n] == owner[lowest] or (a[1] <= y) == (b[1] <= y):
            continue
        at = a[0] + (b[0] - a[0]) * (y - a[1]) / (b[1] - a[1])
        if west < at < x:
            west, ring = at, owner[n]
    return ring


@njit(cache=True, nogil=True)
def _outer_rings(points: np.ndarray, rows: np.ndarray, starts: np.ndarray) -> np.ndarray:
    """For each ring the one round the same part of the area: itself if it is no hole."""
    order, low, first = _by_row(rows)
    owner, after = np.empty(rows.size, np.int64), np.arange(1, rows.size + 1)
    outer = np.arange(starts.size - 1)
    areas = _areas(points, starts)
    for ring in range(outer.size):
        owner[starts[ring] : starts[ring + 1]] = ring
        after[starts[ring + 1] - 1] = starts[ring]
    for ring in range(outer.size):
        if areas[ring] < 0:
            lowest = starts[ring] + points[starts[ring] : starts[ring + 1], 1].argmin()
            row = rows[lowest] - low
            outer[ring] = _left_of(lowest, points, after, owner, order[first[row] : first[row + 1]])
    for ring in range(outer.size):
        while areas[outer[ring]] < 0:
            outer[ring] = outer[outer[ring]]
    return outer


def area_within(squares: Crossed) -> BaseGeometry:
    """The area whose edge goes through some squares.

    Returns
    -------
    Polygon or MultiPolygon
        Valid; islands and holes are kept. Empty if there are no squares.
    """
    if len(squares.row) == 0:
        return shapely.Polygon()
    # an edge goes between two samples round a square, or between one and the middle: no oftener
    most = 2 * len(squares.samples)
    points, rows = np.empty((most, 2)), np.empty(most, np.int64)
    starts = np.empty(most + 1, np.int64)
    count = _all_rings(
        (squares.row, squares.column, squares.sides, squares.first, squares.samples),
        points,
        rows,
        starts,
    )
    starts = starts[: count + 1]
    points, rows = points[: starts[-1]], rows[: starts[-1]]
    outer = _outer_rings(points, rows, starts)
    owner = np.repeat(np.arange(len(outer)), np.diff(starts))
    rings = np.atleast_1d(np.asarray(shapely.linearrings(points, indices=owner)))
    own = np.arange(len(outer))
    order = np.lexsort((outer != own, outer))
    _, polygon = np.unique(outer[order], return_inverse=True)
    parts = np.atleast_1d(np.asarray(shapely.polygons(rings[order], indices=polygon)))
    return parts[0] if len(parts) == 1 else shapely.MultiPolygon(parts)
