"""Places on many lines, and parts of them, at once."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
import shapely

GAP_M = 1.0
"""Lies between the measures of one line and the next, so that no place is on two."""


@dataclass(frozen=True)
class Measured:
    """Lines laid one after the other on a single measure.

    Attributes
    ----------
    coordinates
        n x 2, of all lines.
    at
        The measure of each coordinate, ascending.
    start, end
        The measures of each line's ends.
    """

    coordinates: np.ndarray
    at: np.ndarray
    start: np.ndarray
    end: np.ndarray

    def measures(self, row: np.ndarray, fraction: np.ndarray) -> np.ndarray:
        """Of places at fractions of the drawn lengths of some lines."""
        start, end = self.start[row], self.end[row]
        return np.minimum(start + fraction * (end - start), end)

    def places(self, at: np.ndarray) -> np.ndarray:
        """Coordinates of measures, n x 2."""
        return np.stack([np.interp(at, self.at, axis) for axis in self.coordinates.T], axis=1)


def measured(lines: np.ndarray) -> Measured:
    """Lines (projected LineStrings, none of them empty) on a single measure."""
    coordinates, row = shapely.get_coordinates(lines, return_index=True)
    step = np.hypot(*np.diff(coordinates, axis=0, prepend=coordinates[:1]).T)
    first = np.flatnonzero(np.diff(row, prepend=-1))
    step[first] = GAP_M
    at = np.cumsum(step)
    last = np.append(first[1:], len(row)) - 1
    return Measured(coordinates, at, at[first], at[last])


def ends_of(lines: np.ndarray) -> np.ndarray:
    """Where lines (LineStrings, none of them empty) start and then where they end: 2 x lines x 2.

    Examples
    --------
    >>> ends_of(shapely.linestrings([[[0, 0], [1, 0], [1, 2]]])).tolist()
    [[[0.0, 0.0]], [[1.0, 2.0]]]
    """
    coordinates, row = shapely.get_coordinates(lines, return_index=True)
    first = np.searchsorted(row, np.arange(len(lines)))
    last = np.append(first[1:], len(row)) - 1
    return np.stack([coordinates[first], coordinates[last[: len(lines)]]])


def points_along(lines: np.ndarray, row: np.ndarray, fraction: np.ndarray) -> np.ndarray:
    """Places on lines.

    Parameters
    ----------
    lines
        LineStrings, none of them empty.
    row, fraction
        Of each place: which line, and how far along it, 0 to 1.

    Returns
    -------
    ndarray
        n x 2 coordinates.

    Examples
    --------
    >>> bent = shapely.LineString([(0, 0), (10, 0), (10, 30)])
    >>> points_along(np.array([bent]), np.array([0, 0]), np.array([0.125, 0.5])).tolist()
    [[5.0, 0.0], [10.0, 10.0]]
    """
    if len(lines) == 0:
        return np.empty((0, 2))
    on = measured(lines)
    return on.places(on.measures(row, fraction))


def parts_of(lines: np.ndarray, start: np.ndarray, end: np.ndarray) -> np.ndarray:
    """One part of each line.

    Parameters
    ----------
    lines
        LineStrings, none of them empty.
    start, end
        Fractions of the drawn lengths, start below end.

    Returns
    -------
    ndarray
        LineStrings.

    Examples
    --------
    >>> bent = shapely.LineString([(0, 0), (10, 0), (10, 30)])
    >>> parts_of(np.array([bent]), np.array([0.125]), np.array([0.5]))[0].wkt
    'LINESTRING (5 0, 10 0, 10 10)'
    """
    if len(lines) == 0:
        return np.empty(0, dtype=object)
    on, rows = measured(lines), np.arange(len(lines))
    since, upto = on.measures(rows, start), on.measures(rows, end)
    first = np.searchsorted(on.at, since, side="right")
    bends = np.maximum(np.searchsorted(on.at, upto, side="left") - first, 0)
    # of each part its start, the bends in between, and its end
    row = np.repeat(rows, bends + 2)
    begin = np.cumsum(bends + 2) - (bends + 2)
    within = np.arange(len(row)) - begin[row] - 1
    bend = np.clip(first[row] + within, 0, len(on.at) - 1)
    coordinates = on.coordinates[bend]
    coordinates[begin] = on.places(since)
    coordinates[begin + bends + 1] = on.places(upto)
    found: np.ndarray = shapely.linestrings(coordinates, indices=row)
    return found
