"""Isochrones of the study's origin, as bands of travel time."""

from __future__ import annotations

from typing import Any

import geopandas as gpd
import numpy as np
import shapely

from geo.crs import to_wgs84
from maps.style.overlay import Style
from maps.style.palette import CUTOFFS
from maps.style.polyline import encoded_lines

MINUTE = 60
DRAWN_WITHIN_DEG = 1e-4
"""Tolerance of simplified outlines, degrees: ten metres, less than a cell."""


def band_style(number: int) -> Style:
    """Style of a band; band 0 is the nearest."""
    color = CUTOFFS[min(number, len(CUTOFFS) - 1)]
    outline = {"color": "#3a4a5a", "weight": 0.7, "opacity": 0.7}
    return {**outline, "fill": True, "fillColor": color, "fillOpacity": 0.62}


def bands(isochrones: gpd.GeoDataFrame) -> gpd.GeoDataFrame:
    """Areas that each cutoff reaches beyond the next smaller one, nearest first.

    Parameters
    ----------
    isochrones
        `cutoff_secs` and polygons of one origin, mode and scenario.

    Returns
    -------
    GeoDataFrame
        The input sorted, with `band` (0 the nearest) and the polygon less those of smaller cutoffs.
    """
    ordered = isochrones.sort_values("cutoff_secs", kind="stable").reset_index(drop=True)
    shapes = ordered.geometry.to_numpy()
    rings = [shapes[0], *shapely.difference(shapes[1:], shapes[:-1])] if len(shapes) else []
    return ordered.set_geometry(gpd.GeoSeries(rings, crs=ordered.crs)).assign(
        band=range(len(ordered))
    )


def _parts(shape: shapely.Geometry) -> list[list[str]]:
    """Encoded rings of each polygon: the outer one first, then holes."""
    polygons = [polygon for polygon in shapely.get_parts(shape) if not polygon.is_empty]
    rings = [[polygon.exterior, *polygon.interiors] for polygon in polygons]
    return [encoded_lines(np.array(polygon_rings)) for polygon_rings in rings]


def packed_isochrones(isochrones: gpd.GeoDataFrame) -> list[list[dict[str, Any]]]:
    """Isochrones of each scenario and mode, encoded for the page's script.

    Parameters
    ----------
    isochrones
        As in `maps.tables.page_tables.PageTables`.

    Returns
    -------
    list
        One item a scenario and mode, in order of appearance: its bands, nearest first, each with
        `minutes`, `style` and `parts` (polygons, each a list of encoded rings).
    """
    lonlat = to_wgs84(isochrones)
    drawn = lonlat.set_geometry(lonlat.geometry.simplify(DRAWN_WITHIN_DEG))
    groups = drawn.groupby(["scenario", "mode"], sort=False)
    return [
        [
            {
                "minutes": row.cutoff_secs / MINUTE,
                "style": band_style(row.band),
                "parts": _parts(row.geometry),
            }
            for row in bands(group).itertuples()
        ]
        for _, group in groups
    ]
