"""A roughly drawn outline pulled onto an exact border where it means that border."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
import shapely
from numpy.typing import NDArray
from shapely.ops import substring

STEP_M = 20.0
"""Spacing at which the outline is compared with the border."""
SHORTEST_M = 300.0
"""A shorter stretch near the border does not mean the border."""
LONGEST_GAP_M = 1_000.0
"""Between two stretches along the border, a shorter one away from it means the border too."""


@dataclass(frozen=True)
class Stretch:
    """A part of the outline that runs along the border.

    Attributes
    ----------
    first, last
        Numbers of its first and last point, the last possibly smaller: outlines are cyclic.
    """

    first: int
    last: int


def snapped(outline: shapely.Polygon, host: shapely.Polygon, reach_m: float) -> shapely.Polygon:
    """The outline clipped to its host, along the host's border wherever it is near it.

    Parameters
    ----------
    outline
        Roughly drawn, projected (metres).
    host
        The polygon that holds it, with the exact border.
    reach_m
        How far the outline may be from the border that it means: its accuracy.

    Returns
    -------
    Polygon
        With the border's own vertices where it runs along the border.
    """
    border = shapely.orient_polygons(host, exterior_cw=False).exterior
    points, drawn = _dense(shapely.orient_polygons(outline, exterior_cw=False).exterior)
    near = np.asarray(shapely.dwithin(shapely.points(points), border, reach_m))
    stretches = _stretches(near)
    ring: list[tuple[float, float]] = []
    for number, stretch in enumerate(stretches):
        ring += _along(border, points[stretch.first], points[stretch.last])
        following = stretches[(number + 1) % len(stretches)].first
        ring += _between(points, drawn, stretch.last, following)
    polygon = shapely.Polygon(ring)
    if not polygon.is_valid:
        raise ValueError(f"the snapped outline is broken: {shapely.is_valid_reason(polygon)}")
    parts: list[shapely.Polygon] = list(shapely.get_parts(polygon.intersection(host)))
    return max(parts, key=lambda part: float(part.area))


def _dense(ring: shapely.LinearRing) -> tuple[NDArray[np.float64], NDArray[np.bool_]]:
    """Points every `STEP_M` along a ring without the closing one, and which are its own."""
    own = {tuple(xy) for xy in shapely.get_coordinates(ring)}
    points = shapely.get_coordinates(shapely.segmentize(ring, STEP_M))[:-1]
    return points, np.array([tuple(xy) in own for xy in points])


def _stretches(near: NDArray[np.bool_]) -> list[Stretch]:
    """Runs of points near the border around the ring, without the accidental ones."""
    count = len(near)
    runs = [run for run in _runs(near) if (run.last - run.first) % count * STEP_M >= SHORTEST_M]
    apart = [
        (run.first - runs[number - 1].last) % count * STEP_M > LONGEST_GAP_M
        for number, run in enumerate(runs)
    ]
    if not any(apart):
        raise ValueError("the outline never leaves or never meets its host's border")
    start = apart.index(True)
    merged: list[Stretch] = []
    for number in [*range(start, len(runs)), *range(start)]:
        if apart[number]:
            merged.append(runs[number])
        else:
            merged[-1] = Stretch(merged[-1].first, runs[number].last)
    return merged


def _runs(near: NDArray[np.bool_]) -> list[Stretch]:
    firsts = np.flatnonzero(near & ~np.roll(near, 1))
    lasts = np.flatnonzero(near & ~np.roll(near, -1))
    following = [lasts[np.searchsorted(lasts, first) % len(lasts)] for first in firsts]
    return [Stretch(int(first), int(last)) for first, last in zip(firsts, following, strict=True)]


def _along(
    border: shapely.LinearRing, start: NDArray[np.float64], end: NDArray[np.float64]
) -> list[tuple[float, float]]:
    """The border from the place nearest to one point to that nearest to another, forwards."""
    begin = shapely.line_locate_point(border, shapely.Point(start))
    finish = shapely.line_locate_point(border, shapely.Point(end))
    if finish < begin:
        parts = [substring(border, begin, border.length), substring(border, 0, finish)]
    else:
        parts = [substring(border, begin, finish)]
    return [(x, y) for part in parts for x, y in shapely.get_coordinates(part)]


def _between(
    points: NDArray[np.float64], drawn: NDArray[np.bool_], last: int, following: int
) -> list[tuple[float, float]]:
    """The outline's own corners after one stretch and before the next."""
    count = (following - last) % len(points)
    numbers = (last + 1 + np.arange(count - 1)) % len(points)
    return [(x, y) for x, y in points[numbers[drawn[numbers]]]]
