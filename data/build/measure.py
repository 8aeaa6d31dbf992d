"""Distances on the ellipsoid."""

from __future__ import annotations

from collections.abc import Sequence
from itertools import pairwise

import shapely
from pyproj import Geod

ELLIPSOID = Geod(ellps="WGS84")


def distance_m(start: shapely.Point, end: shapely.Point) -> float:
    """Metres between two points in degrees, along the ground.

    Examples
    --------
    >>> round(distance_m(shapely.Point(106, 29), shapely.Point(106, 30)) / 1000, 1)
    110.8
    """
    return float(ELLIPSOID.inv(start.x, start.y, end.x, end.y)[2])


def hops_m(points: Sequence[shapely.Point]) -> list[float]:
    """Metres between consecutive points."""
    return [distance_m(start, end) for start, end in pairwise(points)]


def moved(start: shapely.Point, bearing_deg: float, metres: float) -> shapely.Point:
    """The point a distance away in a direction, clockwise from north."""
    lon, lat, _ = ELLIPSOID.fwd(start.x, start.y, bearing_deg, metres)
    return shapely.Point(round(lon, 6), round(lat, 6))
