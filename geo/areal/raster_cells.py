"""Cells of a raster of counts, as polygons on the ground."""

from __future__ import annotations

from collections.abc import Iterator

import geopandas as gpd
import numpy as np
import shapely
from shapely.geometry.base import BaseGeometry

from geo.areal.area_shares import count_inside
from geo.areal.rasters import Raster

CELL_COLUMNS = ("count", "geometry")

_CELLS_AT_ONCE = 250_000
"""Cells worked on together: as polygons they take about 150 MB."""

_MORE = 1.1
"""Times a cell's reach by which a place is widened: a buffer's round corners are cut short."""

Strip = tuple[np.ndarray, list[np.ndarray]]


def _strips(raster: Raster, crs: str) -> Iterator[Strip]:
    """Counts of some rows of cells (rows, columns), and their four corners (rows, columns, 2).

    A large raster's cells never stand in memory together.
    """
    height, width = raster.counts.shape
    strip = max(_CELLS_AT_ONCE // width, 1)
    for first in range(0, height, strip):
        last = min(first + strip, height)
        grid = np.meshgrid(np.arange(width + 1), np.arange(first, last + 1))
        corner = raster.corners(crs, *grid)
        around = [corner[:-1, :-1], corner[:-1, 1:], corner[1:, 1:], corner[1:, :-1]]
        yield raster.counts[first:last], around


def _where(corners: list[np.ndarray], place: BaseGeometry) -> tuple[np.ndarray, np.ndarray]:
    """Which cells may meet the place, and which of them lie inside it for sure.

    Their middles tell: no farther from the place, or deeper inside it, than a cell's reach.
    """
    middle = sum(corners[1:], corners[0]) / len(corners)
    sound = np.isfinite(middle).all(axis=-1)
    reach = max(np.hypot(*(corner - middle)[sound].T).max(initial=0) for corner in corners)
    found = []
    for margin in (_MORE * reach, -_MORE * reach):
        within = np.zeros(sound.shape, dtype=bool)
        around = place.buffer(margin)
        shapely.prepare(around)
        within[sound] = shapely.contains_xy(around, middle[sound])
        found.append(within)
    return found[0], found[1]


def _polygons(strip: Strip, found: np.ndarray, crs: str) -> gpd.GeoDataFrame:
    counts, corners = strip
    rings = np.stack([corner[found] for corner in corners], axis=1)
    return gpd.GeoDataFrame({"count": counts[found]}, geometry=shapely.polygons(rings), crs=crs)


def cells(raster: Raster, place: BaseGeometry, crs: str) -> Iterator[gpd.GeoDataFrame]:
    """The cells with a count that meet a place, and some around it, as polygons.

    A cell is the quadrilateral of its four projected corners: neighbours share their sides.

    Parameters
    ----------
    raster
        As read.
    place
        Polygon or polygons.
    crs
        The place's system (projected), and that of the result.

    Yields
    ------
    GeoDataFrame
        `CELL_COLUMNS` of one strip of rows after the other.
    """
    for strip in _strips(raster, crs):
        near, _ = _where(strip[1], place)
        yield _polygons(strip, near & (strip[0] > 0), crs)


def raster_inside(raster: Raster, place: BaseGeometry, crs: str) -> float:
    """What of a raster's counts lies inside a place.

    As `geo.areal.area_shares.count_inside` of all its cells, without making those that lie deep
    inside.
    """
    inside = 0.0
    for strip in _strips(raster, crs):
        near, deep = _where(strip[1], place)
        border = _polygons(strip, near & ~deep & (strip[0] > 0), crs)
        _, found = count_inside(border["count"].to_numpy(), border.geometry.to_numpy(), place)
        inside += found + float(strip[0][deep].sum())
    return inside
