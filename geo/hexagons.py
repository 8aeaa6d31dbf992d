"""A hexagonal grid over an area."""

from __future__ import annotations

import geopandas as gpd
import numpy as np
import shapely

from geo.faults import BadInputError, Fault

HEXAGON_COLUMNS = ("zone_id", "geometry")
MOST_HEXAGONS = 10_000_000
"""Most hexagons in the box around a place: 3,000 km square at 1 km across."""
_CORNERS = np.radians(np.arange(30, 390, 60))


def _check_size(bounds: tuple[float, float, float, float], across_m: float) -> None:
    """Raise if the box around a place would hold too many hexagons for the memory."""
    width, height = bounds[2] - bounds[0], bounds[3] - bounds[1]
    if width * height > MOST_HEXAGONS * across_m**2:
        message = f"zones of {across_m:g} m over {width / 1e3:.0f} x {height / 1e3:.0f} km"
        allowed = f"up to {MOST_HEXAGONS:.0e} zones: areas of one region, or a larger zone_across_m"
        where = ("areas", "zone_across_m", "value-out-of-range")
        raise BadInputError([Fault(*where, message, allowed)])


def hexagons(place: gpd.GeoSeries, across_m: float) -> gpd.GeoDataFrame:
    """All hexagons whose centre lies in the place.

    The grid is anchored at the origin of the projected CRS, so a hexagon has the same id and
    position in every study area.

    Parameters
    ----------
    place
        Polygons in a projected CRS (metres).
    across_m
        Distance between two opposite sides, metres.

    Returns
    -------
    GeoDataFrame
        `zone_id` (`h<column>_<row>`), `geometry`; sorted by row, then column.

    Raises
    ------
    BadInputError
        If the box around the place would hold more than `MOST_HEXAGONS`.

    Examples
    --------
    >>> square = gpd.GeoSeries([shapely.box(0, 0, 3000, 3000)], crs="EPSG:32648")
    >>> cells = hexagons(square, 1000)
    >>> len(cells), round(cells.area.iloc[0])
    (8, 866025)
    """
    union = place.union_all()
    west, south, east, north = union.bounds
    _check_size(union.bounds, across_m)
    height = across_m * np.sqrt(3) / 2
    rows = np.arange(np.floor(south / height), np.ceil(north / height) + 1, dtype=int)
    columns = np.arange(np.floor(west / across_m) - 1, np.ceil(east / across_m) + 1, dtype=int)
    row, column = (axis.ravel() for axis in np.meshgrid(rows, columns, indexing="ij"))
    x = (column + 0.5 * (row % 2)) * across_m
    y = row * height
    shapely.prepare(union)
    inside = shapely.contains_xy(union, x, y)
    row, column, x, y = row[inside], column[inside], x[inside], y[inside]
    radius = across_m / np.sqrt(3)
    corners = np.stack(
        [x[:, None] + radius * np.cos(_CORNERS), y[:, None] + radius * np.sin(_CORNERS)], axis=-1
    )
    ids = [f"h{c}_{r}" for c, r in zip(column, row, strict=True)]
    return gpd.GeoDataFrame({"zone_id": ids}, geometry=shapely.polygons(corners), crs=place.crs)
