"""Catchments of zones: the study area divided among its hexagons."""

from __future__ import annotations

import geopandas as gpd
import numpy as np
import shapely

from geo.areas import StudyArea
from geo.hexagons import hexagons

CATCHMENT_COLUMNS = ("zone", "geometry")


def _pieces(study_area: StudyArea, across_m: float) -> gpd.GeoDataFrame:
    """The study area divided by hexagons and planning areas: `zone_id`, `area`, polygons."""
    west, south, east, north = study_area.outline.bounds
    around = shapely.box(west - across_m, south - across_m, east + across_m, north + across_m)
    grid = hexagons(gpd.GeoSeries([around], crs=study_area.crs), across_m)
    areas, shapes = study_area.areas.geometry.to_numpy(), grid.geometry.to_numpy()
    area, cell = grid.sindex.query(areas, predicate="intersects")
    shapely.prepare(areas)
    pieces = shapes[cell]
    cut = ~shapely.covers(areas[area], pieces)
    pieces[cut] = shapely.intersection(areas[area[cut]], pieces[cut])
    parts, piece_of_part = shapely.get_parts(pieces, return_index=True)
    has_area = shapely.area(parts) > 0  # areas that only touch a hexagon share lines and points
    cell, area = cell[piece_of_part[has_area]], area[piece_of_part[has_area]]
    table = {"zone_id": grid["zone_id"].to_numpy()[cell], "area": area}
    return gpd.GeoDataFrame(table, geometry=parts[has_area], crs=study_area.crs)


def _nearest(pieces: np.ndarray, cells: np.ndarray, allowed: np.ndarray) -> np.ndarray:
    """The position of the allowed cell whose centroid is nearest to that of each piece."""
    positions = np.flatnonzero(allowed if allowed.any() else np.ones(len(cells), dtype=bool))
    tree = shapely.STRtree(shapely.centroid(cells[positions]))
    return positions[tree.nearest(shapely.centroid(pieces))]


def catchments(study_area: StudyArea, cells: gpd.GeoDataFrame, across_m: float) -> gpd.GeoDataFrame:
    """The pieces of the study area that belong to each hexagon.

    A hexagon's catchment is the part of its own planning area that it covers. Parts that it covers
    of another area, and parts of the study area that no hexagon covers (hexagons with their
    centroid outside are left out), belong to the nearest hexagon of the same area. So the
    catchments of an area's hexagons are exactly the area.

    Parameters
    ----------
    study_area
        Planning areas.
    cells
        `zone_id`, `area_id` and hexagons of the study area; one or more.
    across_m
        Distance between two flat sides of those hexagons, metres.

    Returns
    -------
    GeoDataFrame
        `CATCHMENT_COLUMNS`: the position of the cell, and polygons that partition the study
        area; a cell has one or more of them.
    """
    pieces = _pieces(study_area, across_m)
    position = {zone_id: number for number, zone_id in enumerate(cells["zone_id"])}
    ids, area_of_cell = study_area.areas["area_id"].to_numpy(), cells["area_id"].to_numpy()
    zone = pieces["zone_id"].map(position).fillna(-1).to_numpy(dtype=int)
    area_id = ids[pieces["area"].to_numpy()]
    to_reassign = (zone < 0) | (area_of_cell[zone] != area_id)
    shapes = pieces.geometry.to_numpy()
    for name in ids:
        reassigned = to_reassign & (area_id == name)
        if reassigned.any():
            zone[reassigned] = _nearest(
                shapes[reassigned], cells.geometry.to_numpy(), area_of_cell == name
            )
    return gpd.GeoDataFrame({"zone": zone}, geometry=shapes, crs=cells.crs)
