"""Areas that convex polygons have in common, many pairs at once.

A raster of people has a cell for every hundred metres, and most of those cells lie across the
sides of hexagons: Shapely cuts such pairs one by one, this cuts them together.
"""

from __future__ import annotations

import numpy as np
import shapely

MOST_CORNERS = 6
"""Cells have four and hexagons six; a polygon with more is left to Shapely."""

_FEWEST_CORNERS = 3
_AT_ONCE = 20_000
"""Pairs worked on together: few enough for the processor's cache."""

_ON_LINE = 1e-11
"""Part of a ring's size within which a corner lies on a line: far above the noise of rounding,
so that a side along the line is on one side of it as a whole, far below any count's digits."""


def _cross(a: np.ndarray, b: np.ndarray) -> np.ndarray:
    return a[..., 0] * b[..., 1] - a[..., 1] * b[..., 0]


def ring_areas(rings: np.ndarray) -> np.ndarray:
    """Areas of rings (n, corners, 2), positive where they run counter-clockwise.

    The shoelace formula, taken from the first corner so that large coordinates cost no digits.

    Examples
    --------
    >>> ring_areas(np.array([[(9, 9), (10, 9), (10, 10), (9, 10)]]))
    array([1.])
    """
    near = rings - rings[:, :1]
    return _cross(near, np.roll(near, -1, axis=1)).sum(axis=1) / 2


def convex_rings(polygons: np.ndarray) -> tuple[np.ndarray, np.ndarray]:
    """The corners of the convex polygons among these, counter-clockwise.

    Parameters
    ----------
    polygons
        Valid geometries of any kind.

    Returns
    -------
    ndarray of bool
        Which of them are convex polygons without holes and with at most `MOST_CORNERS` corners.
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
    xy, of = shapely.get_coordinates(polygons[convex], return_index=True)
    corners = count[convex][:, None]
    start = np.searchsorted(of, np.arange(len(corners)))[:, None]
    at = np.minimum(np.arange(MOST_CORNERS), corners - 1)
    ring, after, before = (xy[start + k % corners] for k in (at, at + 1, at - 1))
    turn = _cross(ring - before, after - ring)
    left, right = (turn >= 0).all(axis=1), (turn <= 0).all(axis=1)
    convex[convex] = left | right
    ring[right] = ring[right, ::-1]
    return convex, ring[left | right]


def _crossing(ring: np.ndarray, side_of: np.ndarray, at: np.ndarray) -> np.ndarray:
    """Where the side that starts at corner `at` of each ring meets the cutting line."""
    rows = np.arange(len(ring))
    after = (at + 1) % ring.shape[1]
    here, there = side_of[rows, at], side_of[rows, after]
    apart = here - there
    part = np.divide(here, apart, out=np.zeros_like(here), where=apart != 0)
    return ring[rows, at] + part[:, None] * (ring[rows, after] - ring[rows, at])


def _left_of(rings: np.ndarray, side_of: np.ndarray) -> np.ndarray:
    """What of convex rings with corners beyond a line is left, with one corner more.

    A line cuts a convex ring at most once on the way out and once on the way in. The corners
    between move to the first cut, and the corner added after the last of them is the second.
    """
    out = side_of < 0
    out_next = np.roll(out, -1, axis=1)
    leaves, enters = ~out & out_next, out & ~out_next
    leave, enter = leaves.argmax(axis=1), enters.argmax(axis=1)
    kept = np.where(out[..., None], _crossing(rings, side_of, leave)[:, None], rings)
    places = np.arange(rings.shape[1] + 1)
    taken = np.take_along_axis(kept, (places - (places > enter[:, None]))[..., None], axis=1)
    taken[np.arange(len(rings)), enter + 1] = _crossing(rings, side_of, enter)
    taken[out.all(axis=1)] = 0.0
    return taken


def _cut(rings: np.ndarray, start: np.ndarray, end: np.ndarray) -> np.ndarray:
    """What of each convex ring lies left of its line, with one corner more than before."""
    along = end - start
    side_of = _cross(along[:, None], rings - start[:, None])
    noise = _ON_LINE * np.abs(along).sum(axis=1) * np.abs(rings).max(axis=(1, 2))
    side_of[np.abs(side_of) <= noise[:, None]] = 0.0
    found = np.concatenate([rings, rings[:, -1:]], axis=1)
    rows = np.flatnonzero((side_of < 0).any(axis=1))
    found[rows] = _left_of(rings[rows], side_of[rows])
    return found


def common_areas(rings: np.ndarray, others: np.ndarray) -> np.ndarray:
    """The area that each convex ring has in common with the other of its row.

    The first is cut along every side of the second (Sutherland and Hodgman, Reentrant polygon
    clipping, Communications of the ACM 17(1), 1974).

    Parameters
    ----------
    rings, others
        Corners (n, corners, 2) as `convex_rings` gives them, row by row a pair.

    Examples
    --------
    >>> _, boxes = convex_rings(shapely.box([0, 1, 7], [0, 1, 7], [2, 5, 8], [2, 5, 8]))
    >>> common_areas(boxes[[0, 0]], boxes[[1, 2]])
    array([1., 0.])
    """
    found = np.zeros(len(rings))
    for first in range(0, len(rings), _AT_ONCE):
        some = slice(first, first + _AT_ONCE)
        origin = rings[some, :1]
        left, sides = rings[some] - origin, others[some] - origin
        for k in range(sides.shape[1]):
            left = _cut(left, sides[:, k], sides[:, (k + 1) % sides.shape[1]])
        found[some] = ring_areas(left)
    return np.maximum(found, 0.0)
