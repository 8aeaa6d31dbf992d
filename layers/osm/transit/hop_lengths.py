"""How far it is from stop to stop along a line's ways."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
import shapely
from shapely.geometry import LineString, Point

FAR_FROM_WAYS_M = 150.0
"""A stop farther than this from its line's ways is not on them."""
WINDOW = 3.0
WINDOW_M = 1_000.0
"""The next stop lies within this many times the straight distance, and so much more, along."""
LONG_WAY = 4.0
LONG_WAY_M = 5_000.0
"""As for `layers.transit.order_faults`: a longer way round means that stops are out of order."""


@dataclass(frozen=True)
class Hops:
    """Metres between stops.

    Attributes
    ----------
    metres
        One a hop: along the ways where both stops are on one unbroken part of them, else
        straight times the detour.
    far
        Positions of stops that are far from the ways.
    apart
        How many hops cross a gap between ways.
    out_of_order
        How many hops go back along the ways, or a long way round.
    shape
        The drawn course from the first stop to the last; None if there are no ways.
    """

    metres: tuple[float, ...]
    far: tuple[int, ...]
    apart: int
    out_of_order: int
    shape: LineString | None


@dataclass(frozen=True)
class _Spot:
    """Where a stop is on the parts of a line."""

    part: int
    at_m: float


@dataclass(frozen=True)
class _Part:
    """An unbroken part of the ways: its points, and the metres from its start to each."""

    xy: np.ndarray
    at_m: np.ndarray

    @property
    def length(self) -> float:
        """Metres of the whole part."""
        return float(self.at_m[-1])

    def nearest(self, point: Point, start_m: float, end_m: float) -> tuple[float, float]:
        """How far a point is from a stretch of the part, and the metres to the nearest place.

        Stops are sought one by one along lines of thousands of points, so this is done on arrays.
        """
        first = int(np.searchsorted(self.at_m[:-1], start_m, side="right")) - 1
        last = int(np.searchsorted(self.at_m, end_m)) + 1
        xy, at_m = self.xy[first:last], self.at_m[first:last]
        metres = np.diff(at_m)
        units = np.diff(xy, axis=0) / metres[:, None]
        along = ((np.array([point.x, point.y]) - xy[:-1]) * units).sum(axis=1)
        place = np.clip(at_m[:-1] + np.clip(along, 0, metres), start_m, end_m)
        spots = xy[:-1] + units * (place - at_m[:-1])[:, None]
        away = np.hypot(spots[:, 0] - point.x, spots[:, 1] - point.y)
        best = int(np.argmin(away))
        return float(away[best]), float(place[best])

    def stretch(self, start_m: float, end_m: float) -> np.ndarray:
        """The points of a stretch of the part, with its ends."""
        inner = self.xy[(self.at_m > start_m) & (self.at_m < end_m)]
        ends = [np.interp([start_m, end_m], self.at_m, axis) for axis in self.xy.T]
        start, end = np.column_stack(ends)
        return np.vstack([start, inner, end])


def _parts(lines: Sequence[np.ndarray]) -> list[_Part]:
    """Those with a length, without points that repeat."""
    parts = []
    for line in lines:
        steps = np.hypot(*np.diff(line, axis=0).T)
        moved = np.concatenate([[True], steps > 0])
        if moved.sum() > 1:
            parts.append(_Part(line[moved], np.concatenate([[0.0], np.cumsum(steps[moved[1:]])])))
    return parts


def _spot(
    parts: Sequence[_Part], point: Point, before: _Spot | None, reach_m: float
) -> _Spot | None:
    """The nearest place on the ways, first of all a little further on than the stop before."""
    if before is not None:
        end = min(before.at_m + reach_m, parts[before.part].length)
        away, place = parts[before.part].nearest(point, before.at_m, end)
        if away <= FAR_FROM_WAYS_M:
            return _Spot(before.part, place)
    found = [part.nearest(point, 0.0, part.length) for part in parts]
    if not found or min(found)[0] > FAR_FROM_WAYS_M:
        return None
    nearest = int(np.argmin([away for away, _ in found]))
    return _Spot(nearest, found[nearest][1])


def _spots(parts: Sequence[_Part], points: Sequence[Point]) -> list[_Spot | None]:
    found: list[_Spot | None] = []
    before: _Spot | None = None
    for number, point in enumerate(points):
        straight = points[number - 1].distance(point) if number else 0.0
        here = _spot(parts, point, before, WINDOW * straight + WINDOW_M)
        found.append(here)
        before = here or before
    return found


def _course(parts: Sequence[_Part], spots: Sequence[_Spot | None]) -> LineString | None:
    """From the first stop to the last along the parts, straight across gaps.

    All parts, where the last stop is not further on than the first.
    """
    if not parts:
        return None
    known = [(spot.part, spot.at_m) for spot in spots if spot]
    start, end = (known[0], known[-1]) if known else ((0, 0.0), (0, 0.0))
    if start >= end:
        start, end = (0, 0.0), (len(parts) - 1, parts[-1].length)
    cut = [
        parts[number].stretch(
            start[1] if number == start[0] else 0.0,
            end[1] if number == end[0] else parts[number].length,
        )
        for number in range(start[0], end[0] + 1)
    ]
    return LineString(np.concatenate(cut))


def hops_along(lines: Sequence[np.ndarray], points: Sequence[Point], detour: float) -> Hops:
    """Metres between consecutive stops.

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
    >>> hops_along([road], [Point(0, 5), Point(1005, 500)], 1.3).metres
    (1500.0,)
    """
    parts = _parts(lines)
    spots = _spots(parts, points)
    metres, apart, out_of_order = [], 0, 0
    for number in range(len(points) - 1):
        straight = float(points[number].distance(points[number + 1]))
        a, b = spots[number], spots[number + 1]
        away = straight * detour
        if a is not None and b is not None:
            along = round(b.at_m - a.at_m, 6)  # a step back by rounding is none
            too_long = along > LONG_WAY * straight + LONG_WAY_M
            if a.part != b.part:
                apart += 1
            elif along < 0 or too_long:
                out_of_order += 1
            else:
                away = max(along, straight)
        metres.append(away)
    far = tuple(number for number, spot in enumerate(spots) if spot is None) if parts else ()
    return Hops(tuple(metres), far, apart, out_of_order, _course(parts, spots))


def runs_against(lines: Sequence[np.ndarray], points: Sequence[Point]) -> bool:
    """Whether every stop lies further back on one unbroken course than the one before."""
    if len(lines) != 1 or len(points) < 2:  # noqa: PLR2004 - one stop has no order
        return False
    at = shapely.line_locate_point(LineString(lines[0]), np.array(points, dtype=object))
    return bool((np.diff(at) < 0).all())
