"""The ground for which each zone speaks: the study area, shared out among its hexagons."""

from __future__ import annotations

import geopandas as gpd
import numpy as np
import shapely

from geo.areas import StudyArea
from geo.hexagons import hexagons

CATCHMENT_COLUMNS = ("zone", "geometry")


def _pieces(study_area: StudyArea, across_m: float) -> gpd.GeoDataFrame:
    """The study area cut along hexagons and planning areas: `zone_id`, `area`, polygons."""
    west, south, east, north = study_area.outline.bounds
    around = shapely.box(west - across_m, south - across_m, east + across_m, north + across_m)
    grid = hexagons(gpd.GeoSeries([around], crs=study_area.crs), across_m)
    areas, shapes = study_area.areas.geometry.to_numpy(), grid.geometry.to_numpy()
    area, at = grid.sindex.query(areas, predicate="intersects")
    shapely.prepare(areas)
    pieces = shapes[at]
    cut = ~shapely.covers(areas[area], pieces)
    pieces[cut] = shapely.intersection(areas[area[cut]], pieces[cut])
    parts, of = shapely.get_parts(pieces, return_index=True)
    some = shapely.area(parts) > 0  # areas that touch a hexagon share lines and points with it
    at, area = at[of[some]], area[of[some]]
    table = {"zone_id": grid["zone_id"].to_numpy()[at], "area": area}
    return gpd.GeoDataFrame(table, geometry=parts[some], crs=study_area.crs)


def _nearest(pieces: np.ndarray, cells: np.ndarray, allowed: np.ndarray) -> np.ndarray:
    """The position of the allowed cell whose middle is nearest to each piece's."""
    places = np.flatnonzero(allowed if allowed.any() else np.ones(len(cells), dtype=bool))
    tree = shapely.STRtree(shapely.centroid(cells[places]))
    return places[tree.nearest(shapely.centroid(pieces))]


def catchments(study_area: StudyArea, cells: gpd.GeoDataFrame, across_m: float) -> gpd.GeoDataFrame:
    """The pieces of the study area for which each hexagon speaks.

    A hexagon speaks for what of its own planning area it covers. What it covers of another
    area, and what of the study area no hexagon covers (those whose middle lies outside are left
    out), goes to the nearest hexagon of the same area. So the hexagons of an area hold exactly
    what the area holds, and none of its neighbours'.

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
    own = {zone_id: number for number, zone_id in enumerate(cells["zone_id"])}
    ids, area_of_cell = study_area.areas["area_id"].to_numpy(), cells["area_id"].to_numpy()
    zone = pieces["zone_id"].map(own).fillna(-1).to_numpy(dtype=int)
    area_id = ids[pieces["area"].to_numpy()]
    strange = (zone < 0) | (area_of_cell[zone] != area_id)
    shapes = pieces.geometry.to_numpy()
    for name in ids:
        some = strange & (area_id == name)
        if some.any():
            zone[some] = _nearest(shapes[some], cells.geometry.to_numpy(), area_of_cell == name)
    return gpd.GeoDataFrame({"zone": zone}, geometry=shapes, crs=cells.crs)
