"""Streets as arrays."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
import shapely
from numba import njit

from analysis.speeds import StreetTimes


@dataclass(frozen=True)
class StreetLines:
    """What does not depend on where travellers start.

    Attributes
    ----------
    first
        int64, streets + 1: the first place of each street.
    x, y
        Coordinates of the places where a street bends, its two ends among them.
    along
        How far along its street each place is: 0 at its start, 1 at its end.
    length_m
        Length of each street as drawn.
    tail, head
        Vertices of the streets' ends.
    forward, backward
        Seconds from end to end; infinite where a street cannot be used.
    can_stop, can_end
        Whether one can leave a street midway, and at its ends.
    """

    first: np.ndarray
    x: np.ndarray
    y: np.ndarray
    along: np.ndarray
    length_m: np.ndarray
    tail: np.ndarray
    head: np.ndarray
    forward: np.ndarray
    backward: np.ndarray
    can_stop: np.ndarray
    can_end: np.ndarray

    @property
    def count(self) -> int:
        """How many streets there are."""
        return len(self.first) - 1


def street_lines(streets: StreetTimes) -> StreetLines:
    """The streets of a compiled network as arrays.

    Parameters
    ----------
    streets
        With `tail` and `head`; projected.
    """
    table = streets.table
    lines = table.geometry.to_numpy()
    count = shapely.get_num_coordinates(lines)
    first = np.concatenate([[0], np.cumsum(count)]).astype(np.int64)
    x, y = shapely.get_coordinates(lines).T.copy()
    steps = np.hypot(np.diff(x, prepend=0.0), np.diff(y, prepend=0.0))
    steps[first[:-1]] = 0.0
    so_far = np.cumsum(steps)
    metres = so_far - np.repeat(so_far[first[:-1]], count)
    length = metres[first[1:] - 1]
    along = metres / np.repeat(np.maximum(length, np.finfo(float).tiny), count)
    along[first[1:] - 1] = 1.0
    ends = (table[name].to_numpy(dtype=np.int64) for name in ("tail", "head"))
    secs = (table[name].to_numpy(dtype=float) for name in ("secs_forward", "secs_backward"))
    leave = (table[name].to_numpy(dtype=bool) for name in ("can_stop", "can_end"))
    return StreetLines(first, x, y, along, length, *ends, *secs, *leave)


@njit(cache=True, nogil=True)
def _places_between(lines: tuple, street: np.ndarray, start: np.ndarray, end: np.ndarray) -> tuple:
    """Places where parts of streets begin, bend and end, and the number of the part of each."""
    first, x, y, along = lines
    most = 0
    for part in range(street.size):
        most += first[street[part] + 1] - first[street[part]] + 2
    points, owner, n = np.empty((most, 2)), np.empty(most, np.int64), 0
    for part in range(street.size):
        last = first[street[part] + 1] - 1
        for a in range(first[street[part]], last):
            p, q = max(along[a], start[part]), min(along[a + 1], end[part])
            if p >= q:
                continue
            east, north, step = x[a + 1] - x[a], y[a + 1] - y[a], along[a + 1] - along[a]
            if n == 0 or owner[n - 1] != part:
                share = (p - along[a]) / step
                points[n, 0], points[n, 1], owner[n] = (
                    x[a] + share * east,
                    y[a] + share * north,
                    part,
                )
                n += 1
            share = (q - along[a]) / step
            points[n, 0], points[n, 1], owner[n] = x[a] + share * east, y[a] + share * north, part
            n += 1
    return points[:n], owner[:n]


def lines_between(
    lines: StreetLines, street: np.ndarray, start: np.ndarray, end: np.ndarray
) -> np.ndarray:
    """Parts of streets as lines.

    Parameters
    ----------
    lines
        The streets.
    street, start, end
        Position and fractions of each part; none of them is empty.
    """
    shape = (lines.first, lines.x, lines.y, lines.along)
    points, owner = _places_between(shape, street, start, end)
    found: np.ndarray = shapely.linestrings(points, indices=owner)
    return found
