"""Vectorized linear referencing: points on many lines, and parts of them, at once.

All lines are put end to end on one measure (metres from the first), so that one `np.interp` or
`np.searchsorted` serves all of them.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
import shapely

GAP_M = 1.0
"""Gap between the measures of consecutive lines, so that no measure is on two lines."""


@dataclass(frozen=True)
class LineMeasures:
    """Lines put end to end on a single measure.

    Attributes
    ----------
    coordinates
        n x 2, of all lines.
    measure
        The measure of each coordinate (metres), ascending.
    start, end
        The measures of each line's ends.
    """

    coordinates: np.ndarray
    measure: np.ndarray
    start: np.ndarray
    end: np.ndarray

    def at_fractions(self, row: np.ndarray, fraction: np.ndarray) -> np.ndarray:
        """Measures at fractions of the drawn lengths of some lines (rows)."""
        start, end = self.start[row], self.end[row]
        return np.minimum(start + fraction * (end - start), end)

    def points_at(self, measure: np.ndarray) -> np.ndarray:
        """Coordinates (n x 2) at measures."""
        return np.stack(
            [np.interp(measure, self.measure, axis) for axis in self.coordinates.T], axis=1
        )


def line_measures(lines: np.ndarray) -> LineMeasures:
    """Measures of projected LineStrings, none of them empty."""
    coordinates, row = shapely.get_coordinates(lines, return_index=True)
    step = np.hypot(*np.diff(coordinates, axis=0, prepend=coordinates[:1]).T)
    first = np.flatnonzero(np.diff(row, prepend=-1))
    step[first] = GAP_M
    measure = np.cumsum(step)
    last = np.append(first[1:], len(row)) - 1
    return LineMeasures(coordinates, measure, measure[first], measure[last])


def ends_of(lines: np.ndarray) -> np.ndarray:
    """Start points and end points of LineStrings, none of them empty: 2 x lines x 2.

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
    """Points at fractions of lines.

    Parameters
    ----------
    lines
        LineStrings, none of them empty.
    row, fraction
        The line of each point, and the fraction of its drawn length, 0 to 1.

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
    measures = line_measures(lines)
    return measures.points_at(measures.at_fractions(row, fraction))


def line_substrings(lines: np.ndarray, start: np.ndarray, end: np.ndarray) -> np.ndarray:
    """One part of each line, as `shapely.ops.substring` of each.

    Parameters
    ----------
    lines
        LineStrings, none of them empty.
    start, end
        Fractions of the drawn lengths, each start below its end.

    Returns
    -------
    ndarray
        LineStrings.

    Examples
    --------
    >>> bent = shapely.LineString([(0, 0), (10, 0), (10, 30)])
    >>> line_substrings(np.array([bent]), np.array([0.125]), np.array([0.5]))[0].wkt
    'LINESTRING (5 0, 10 0, 10 10)'
    """
    if len(lines) == 0:
        return np.empty(0, dtype=object)
    measures, rows = line_measures(lines), np.arange(len(lines))
    start_at, end_at = measures.at_fractions(rows, start), measures.at_fractions(rows, end)
    first = np.searchsorted(measures.measure, start_at, side="right")
    bends = np.maximum(np.searchsorted(measures.measure, end_at, side="left") - first, 0)
    # each part is its start, the bends in between, and its end
    row = np.repeat(rows, bends + 2)
    first_row = np.cumsum(bends + 2) - (bends + 2)
    within = np.arange(len(row)) - first_row[row] - 1
    bend = np.clip(first[row] + within, 0, len(measures.measure) - 1)
    coordinates = measures.coordinates[bend]
    coordinates[first_row] = measures.points_at(start_at)
    coordinates[first_row + bends + 1] = measures.points_at(end_at)
    parts: np.ndarray = shapely.linestrings(coordinates, indices=row)
    return parts
