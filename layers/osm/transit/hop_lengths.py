"""Lengths of hops between stops along the ways of a route."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
import shapely
from shapely.geometry import LineString, Point

FAR_FROM_WAYS_M = 150.0
"""A stop farther than this from the ways of its route is not on them."""
WINDOW = 3.0
WINDOW_M = 1_000.0
"""The next stop is sought along the ways up to `WINDOW` times the straight distance, plus
`WINDOW_M`."""
LONG_WAY = 4.0
LONG_WAY_M = 5_000.0
"""As in `layers.stop_order.order_faults`: a longer hop means that stops are out of order."""


@dataclass(frozen=True)
class HopLengths:
    """The hops between the stops of a route.

    Attributes
    ----------
    metres
        Length of each hop: along the ways if both stops are on one unbroken part of them, else
        the straight distance times the detour.
    far
        Positions of stops that are far from the ways.
    apart
        Number of hops across a gap between ways.
    out_of_order
        Number of hops backwards along the ways, or with a long detour.
    shape
        The line along the ways from the first stop to the last; None without ways.
    """

    metres: tuple[float, ...]
    far: tuple[int, ...]
    apart: int
    out_of_order: int
    shape: LineString | None


@dataclass(frozen=True)
class _StopPosition:
    """The position of a stop on the parts of a route."""

    part: int
    at_m: float


@dataclass(frozen=True)
class _Part:
    """An unbroken part of the ways: its points, and the metres from its start to each point."""

    xy: np.ndarray
    at_m: np.ndarray

    @property
    def length(self) -> float:
        """The length of the part, metres."""
        return float(self.at_m[-1])

    def nearest(self, point: Point, start_m: float, end_m: float) -> tuple[float, float]:
        """Distance of a point from a stretch of the part, and the measure of the nearest position.

        Stops are located one by one on lines of thousands of points, so this works on arrays.
        """
        first = int(np.searchsorted(self.at_m[:-1], start_m, side="right")) - 1
        last = int(np.searchsorted(self.at_m, end_m)) + 1
        xy, at_m = self.xy[first:last], self.at_m[first:last]
        metres = np.diff(at_m)
        units = np.diff(xy, axis=0) / metres[:, None]
        along = ((np.array([point.x, point.y]) - xy[:-1]) * units).sum(axis=1)
        measures = np.clip(at_m[:-1] + np.clip(along, 0, metres), start_m, end_m)
        nearest_xy = xy[:-1] + units * (measures - at_m[:-1])[:, None]
        distances = np.hypot(nearest_xy[:, 0] - point.x, nearest_xy[:, 1] - point.y)
        best = int(np.argmin(distances))
        return float(distances[best]), float(measures[best])

    def stretch(self, start_m: float, end_m: float) -> np.ndarray:
        """The points of a stretch of the part, with its ends interpolated."""
        inner = self.xy[(self.at_m > start_m) & (self.at_m < end_m)]
        ends = [np.interp([start_m, end_m], self.at_m, axis) for axis in self.xy.T]
        start, end = np.column_stack(ends)
        return np.vstack([start, inner, end])


def _parts(lines: Sequence[np.ndarray]) -> list[_Part]:
    """The parts with a length, without repeated points."""
    parts = []
    for line in lines:
        step_m = np.hypot(*np.diff(line, axis=0).T)
        is_new = np.concatenate([[True], step_m > 0])
        if is_new.sum() > 1:
            parts.append(
                _Part(line[is_new], np.concatenate([[0.0], np.cumsum(step_m[is_new[1:]])]))
            )
    return parts


def _stop_position(
    parts: Sequence[_Part], point: Point, previous: _StopPosition | None, reach_m: float
) -> _StopPosition | None:
    """The nearest position on the ways, preferably within reach after the previous stop."""
    if previous is not None:
        end = min(previous.at_m + reach_m, parts[previous.part].length)
        distance_m, at_m = parts[previous.part].nearest(point, previous.at_m, end)
        if distance_m <= FAR_FROM_WAYS_M:
            return _StopPosition(previous.part, at_m)
    candidates = [part.nearest(point, 0.0, part.length) for part in parts]
    if not candidates or min(candidates)[0] > FAR_FROM_WAYS_M:
        return None
    best = int(np.argmin([away for away, _ in candidates]))
    return _StopPosition(best, candidates[best][1])


def _stop_positions(parts: Sequence[_Part], points: Sequence[Point]) -> list[_StopPosition | None]:
    positions: list[_StopPosition | None] = []
    previous: _StopPosition | None = None
    for number, point in enumerate(points):
        straight = points[number - 1].distance(point) if number else 0.0
        position = _stop_position(parts, point, previous, WINDOW * straight + WINDOW_M)
        positions.append(position)
        previous = position or previous
    return positions


def _shape(parts: Sequence[_Part], positions: Sequence[_StopPosition | None]) -> LineString | None:
    """The line from the first stop to the last along the parts, straight across gaps.

    All parts, if the last stop does not come after the first.
    """
    if not parts:
        return None
    known = [(position.part, position.at_m) for position in positions if position]
    start, end = (known[0], known[-1]) if known else ((0, 0.0), (0, 0.0))
    if start >= end:
        start, end = (0, 0.0), (len(parts) - 1, parts[-1].length)
    stretches = [
        parts[number].stretch(
            start[1] if number == start[0] else 0.0,
            end[1] if number == end[0] else parts[number].length,
        )
        for number in range(start[0], end[0] + 1)
    ]
    return LineString(np.concatenate(stretches))


def hop_lengths(lines: Sequence[np.ndarray], points: Sequence[Point], detour: float) -> HopLengths:
    """Lengths of the hops between consecutive stops, and the shape of the route.

    Parameters
    ----------
    lines
        Coordinates along each unbroken part of the ways, in metres.
    points
        The stops in order.
    detour
        Factor on straight distances.

    Examples
    --------
    >>> road = np.array([[0.0, 0.0], [1000.0, 0.0], [1000.0, 500.0]])
    >>> hop_lengths([road], [Point(0, 5), Point(1005, 500)], 1.3).metres
    (1500.0,)
    """
    parts = _parts(lines)
    positions = _stop_positions(parts, points)
    metres, apart, out_of_order = [], 0, 0
    for number in range(len(points) - 1):
        straight_m = float(points[number].distance(points[number + 1]))
        start, end = positions[number], positions[number + 1]
        length_m = straight_m * detour
        if start is not None and end is not None:
            along_m = round(end.at_m - start.at_m, 6)  # rounding must not count as a step back
            too_long = along_m > LONG_WAY * straight_m + LONG_WAY_M
            if start.part != end.part:
                apart += 1
            elif along_m < 0 or too_long:
                out_of_order += 1
            else:
                length_m = max(along_m, straight_m)
        metres.append(length_m)
    far = (
        tuple(number for number, position in enumerate(positions) if position is None)
        if parts
        else ()
    )
    return HopLengths(tuple(metres), far, apart, out_of_order, _shape(parts, positions))


def runs_against(lines: Sequence[np.ndarray], points: Sequence[Point]) -> bool:
    """Whether the stops are in exactly reverse order along a single unbroken line."""
    if len(lines) != 1 or len(points) < 2:  # noqa: PLR2004 - one stop has no order
        return False
    at = shapely.line_locate_point(LineString(lines[0]), np.array(points, dtype=object))
    return bool((np.diff(at) < 0).all())
