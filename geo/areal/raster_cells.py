"""Cells of a count raster as projected polygons."""

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
"""Cells processed together: as polygons they take about 150 MB."""

_BUFFER_FACTOR = 1.1
"""Buffer distance as a multiple of a cell's reach: round corners of a buffer are cut short."""

Strip = tuple[np.ndarray, list[np.ndarray]]


def _strips(raster: Raster, crs: str) -> Iterator[Strip]:
    """Strips of rows: counts (rows, columns) and the four corners (rows, columns, 2) of the cells.

    So the cells of a large raster are never in memory all at once.
    """
    height, width = raster.counts.shape
    strip = max(_CELLS_AT_ONCE // width, 1)
    for first in range(0, height, strip):
        last = min(first + strip, height)
        grid = np.meshgrid(np.arange(width + 1), np.arange(first, last + 1))
        corner = raster.corners(crs, *grid)
        around = [corner[:-1, :-1], corner[:-1, 1:], corner[1:, 1:], corner[1:, :-1]]
        yield raster.counts[first:last], around


def _near_and_inside(
    corners: list[np.ndarray], place: BaseGeometry
) -> tuple[np.ndarray, np.ndarray]:
    """Masks of the cells that may meet the place, and of those that certainly lie inside it.

    A cell may meet the place if its centre is within a cell's reach of it, and lies inside if its
    centre is at least that far inside. The reach is the largest distance from centre to corner.
    """
    centre = sum(corners[1:], corners[0]) / len(corners)
    valid = np.isfinite(centre).all(axis=-1)
    reach = max(np.hypot(*(corner - centre)[valid].T).max(initial=0) for corner in corners)
    masks = []
    for margin in (_BUFFER_FACTOR * reach, -_BUFFER_FACTOR * reach):
        mask = np.zeros(valid.shape, dtype=bool)
        buffered = place.buffer(margin)
        shapely.prepare(buffered)
        mask[valid] = shapely.contains_xy(buffered, centre[valid])
        masks.append(mask)
    return masks[0], masks[1]


def _polygons(strip: Strip, mask: np.ndarray, crs: str) -> gpd.GeoDataFrame:
    counts, corners = strip
    rings = np.stack([corner[mask] for corner in corners], axis=1)
    return gpd.GeoDataFrame({"count": counts[mask]}, geometry=shapely.polygons(rings), crs=crs)


def cells(raster: Raster, place: BaseGeometry, crs: str) -> Iterator[gpd.GeoDataFrame]:
    """The cells with a count that meet a place, and some near it, as polygons.

    A cell is the quadrilateral of its four projected corners: neighbours share their sides.

    Parameters
    ----------
    raster
        As `read_raster` returns it.
    place
        Polygon or polygons.
    crs
        The projected CRS of the place and of the result.

    Yields
    ------
    GeoDataFrame
        `CELL_COLUMNS`, strip by strip.
    """
    for strip in _strips(raster, crs):
        near, _ = _near_and_inside(strip[1], place)
        yield _polygons(strip, near & (strip[0] > 0), crs)


def raster_inside(raster: Raster, place: BaseGeometry, crs: str) -> float:
    """The part of a raster's counts that lies inside a place.

    As `geo.areal.area_shares.count_inside` of all its cells, without building polygons of the
    cells that certainly lie inside.
    """
    inside = 0.0
    for strip in _strips(raster, crs):
        near, certain = _near_and_inside(strip[1], place)
        border = _polygons(strip, near & ~certain & (strip[0] > 0), crs)
        _, count = count_inside(border["count"].to_numpy(), border.geometry.to_numpy(), place)
        inside += count + float(strip[0][certain].sum())
    return inside
