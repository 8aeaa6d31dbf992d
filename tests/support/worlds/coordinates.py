"""Where the first character of every drawing stands."""

from __future__ import annotations

from shapely.geometry import Point

CRS = "EPSG:32648"
ORIGIN = (600_000.0, 3_270_000.0)


def point(east_m: float, south_m: float) -> Point:
    """A point so far from the first character of a drawing."""
    return Point(ORIGIN[0] + east_m, ORIGIN[1] - south_m)
