"""Common areas of many pairs of convex polygons, vectorized.

A population raster has a cell every hundred metres, and most cells cross the sides of hexagons.
Shapely intersects such pairs one by one; this module clips them all together.
"""

from __future__ import annotations

import numpy as np
import shapely

MOST_CORNERS = 6
"""Cells have four and hexagons six; a polygon with more is left to Shapely."""

_FEWEST_CORNERS = 3
_AT_ONCE = 20_000
"""Pairs clipped together: few enough for the processor's cache."""

_ON_LINE = 1e-11
"""Share of a ring's size within which a corner counts as on a line: far above rounding noise, so
that an edge along the line is wholly on one side of it, and far below the precision of counts."""


def _cross(a: np.ndarray, b: np.ndarray) -> np.ndarray:
    return a[..., 0] * b[..., 1] - a[..., 1] * b[..., 0]


def ring_areas(rings: np.ndarray) -> np.ndarray:
    """Areas of rings (n, corners, 2), positive if counter-clockwise.

    The shoelace formula, relative to the first corner so that large coordinates lose no digits.

    Examples
    --------
    >>> ring_areas(np.array([[(9, 9), (10, 9), (10, 10), (9, 10)]]))
    array([1.])
    """
    near = rings - rings[:, :1]
    return _cross(near, np.roll(near, -1, axis=1)).sum(axis=1) / 2


def convex_rings(polygons: np.ndarray) -> tuple[np.ndarray, np.ndarray]:
    """The corners of those polygons that are convex, counter-clockwise.

    Parameters
    ----------
    polygons
        Valid geometries of any kind.

    Returns
    -------
    ndarray of bool
        Whether each is a convex polygon without holes and with at most `MOST_CORNERS` corners.
    ndarray
        Corners of those (n, `MOST_CORNERS`, 2), the last one repeated to fill the row.

    Examples
    --------
    >>> notched = shapely.Polygon([(0, 0), (2, 0), (2, 2), (1, 1), (0, 2)])
    >>> convex, rings = convex_rings(np.array([notched, shapely.box(0, 0, 1, 1)]))
    >>> convex.tolist(), rings.shape
    ([False, True], (1, 6, 2))
    """
    count = shapely.get_num_coordinates(polygons) - 1
    convex = (count >= _FEWEST_CORNERS) & (count <= MOST_CORNERS)
    convex &= shapely.get_type_id(polygons) == shapely.GeometryType.POLYGON
    convex &= shapely.get_num_interior_rings(polygons) == 0
    xy, polygon = shapely.get_coordinates(polygons[convex], return_index=True)
    corners = count[convex][:, None]
    start = np.searchsorted(polygon, np.arange(len(corners)))[:, None]
    at = np.minimum(np.arange(MOST_CORNERS), corners - 1)
    ring, following, previous = (xy[start + k % corners] for k in (at, at + 1, at - 1))
    turn = _cross(ring - previous, following - ring)
    left, right = (turn >= 0).all(axis=1), (turn <= 0).all(axis=1)
    convex[convex] = left | right
    ring[right] = ring[right, ::-1]
    return convex, ring[left | right]


def _crossing(ring: np.ndarray, side_of: np.ndarray, at: np.ndarray) -> np.ndarray:
    """The intersection of the clip line and the edge that starts at corner `at` of each ring."""
    rows = np.arange(len(ring))
    after = (at + 1) % ring.shape[1]
    side_here, side_after = side_of[rows, at], side_of[rows, after]
    difference = side_here - side_after
    fraction = np.divide(side_here, difference, out=np.zeros_like(side_here), where=difference != 0)
    return ring[rows, at] + fraction[:, None] * (ring[rows, after] - ring[rows, at])


def _left_of(rings: np.ndarray, side_of: np.ndarray) -> np.ndarray:
    """The part of convex rings left of a line that they cross, with one corner more.

    A line crosses a convex ring at most twice: where the ring leaves the left side and where it
    enters it again. The corners between are moved to the first crossing, and the corner added
    after them is the second crossing. So all rings keep the same number of corners.
    """
    is_right = side_of < 0
    next_is_right = np.roll(is_right, -1, axis=1)
    leaves, enters = ~is_right & next_is_right, is_right & ~next_is_right
    leave, enter = leaves.argmax(axis=1), enters.argmax(axis=1)
    moved = np.where(is_right[..., None], _crossing(rings, side_of, leave)[:, None], rings)
    slots = np.arange(rings.shape[1] + 1)
    clipped = np.take_along_axis(moved, (slots - (slots > enter[:, None]))[..., None], axis=1)
    clipped[np.arange(len(rings)), enter + 1] = _crossing(rings, side_of, enter)
    clipped[is_right.all(axis=1)] = 0.0
    return clipped


def _cut(rings: np.ndarray, start: np.ndarray, end: np.ndarray) -> np.ndarray:
    """The part of each convex ring left of its line, with one corner more than the input."""
    direction = end - start
    side_of = _cross(direction[:, None], rings - start[:, None])
    noise = _ON_LINE * np.abs(direction).sum(axis=1) * np.abs(rings).max(axis=(1, 2))
    side_of[np.abs(side_of) <= noise[:, None]] = 0.0
    clipped = np.concatenate([rings, rings[:, -1:]], axis=1)
    rows = np.flatnonzero((side_of < 0).any(axis=1))
    clipped[rows] = _left_of(rings[rows], side_of[rows])
    return clipped


def common_areas(rings: np.ndarray, others: np.ndarray) -> np.ndarray:
    """The common area of each pair of convex rings.

    The first ring is clipped by every side of the second (Sutherland and Hodgman, Reentrant
    polygon clipping, Communications of the ACM 17(1), 1974).

    Parameters
    ----------
    rings, others
        Corners (n, corners, 2) as of `convex_rings`; equal rows are a pair.

    Examples
    --------
    >>> _, boxes = convex_rings(shapely.box([0, 1, 7], [0, 1, 7], [2, 5, 8], [2, 5, 8]))
    >>> common_areas(boxes[[0, 0]], boxes[[1, 2]])
    array([1., 0.])
    """
    areas = np.zeros(len(rings))
    for first in range(0, len(rings), _AT_ONCE):
        batch = slice(first, first + _AT_ONCE)
        origin = rings[batch, :1]
        left, sides = rings[batch] - origin, others[batch] - origin
        for k in range(sides.shape[1]):
            left = _cut(left, sides[:, k], sides[:, (k + 1) % sides.shape[1]])
        areas[batch] = ring_areas(left)
    return np.maximum(areas, 0.0)
