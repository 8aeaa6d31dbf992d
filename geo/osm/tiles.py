"""A place divided into tiles that are small enough for one request each."""

from __future__ import annotations

from itertools import pairwise
from math import ceil, cos, radians

import numpy as np
import shapely
from shapely.geometry.base import BaseGeometry

TILE_KM2 = 200.0
"""An estimated 100 MB for the densest cities, well within the memory (512 MB) and the time (180 s)
that an Overpass server allows for one request."""
DEGREE_KM = 111.7
"""At least the length of any degree of latitude, or of longitude at the equator (WGS 84)."""
DECIMALS = 6
"""OSMnx sends coordinates with this many decimals."""

Box = tuple[float, float, float, float]


def _cuts(low: float, high: float, count: int) -> list[tuple[float, float]]:
    return list(pairwise(np.round(np.linspace(low, high, max(count, 1) + 1), DECIMALS).tolist()))


def tiles(place: BaseGeometry, tile_km2: float = TILE_KM2) -> list[Box]:
    """Rectangles (west, south, east, north) that cover a place; those outside it are left out.

    Equal parts of its bounding box, with sides up to the square root of `tile_km2`, from south to
    north.

    Parameters
    ----------
    place
        Polygon in longitude and latitude.
    tile_km2
        Largest area of a rectangle.

    Examples
    --------
    >>> tiles(shapely.box(106, 29, 106.2, 29.1))
    [(106.0, 29.0, 106.1, 29.1), (106.1, 29.0, 106.2, 29.1)]
    """
    west, south, east, north = place.bounds
    side_deg = tile_km2**0.5 / DEGREE_KM
    nearest_equator = max(south, -north, 0.0)
    columns = ceil((east - west) * cos(radians(nearest_equator)) / side_deg)
    rows = ceil((north - south) / side_deg)
    boxes = [
        (left, low, right, high)
        for low, high in _cuts(south, north, rows)
        for left, right in _cuts(west, east, columns)
    ]
    shapes = shapely.box(*np.array(boxes).T)
    met = shapely.intersects(place, shapes) & ~shapely.touches(place, shapes)
    return [box for box, meets in zip(boxes, met.tolist(), strict=True) if meets]
