"""A first guess of where people live, for a place without a population layer.

People are spread over residential streets by their length. It is a stand-in that makes a study
run, flagged as assumed everywhere; a raster such as WorldPop or a census layer should replace it.
"""

from __future__ import annotations

import geopandas as gpd
import numpy as np
import pandas as pd
import shapely

from geo.crs import to_wgs84
from geo.hexagons import hexagons

PEOPLE_COLUMNS = ("town_id", "population", "district_id", "source", "confidence", "geometry")
HOME_STREETS = ("residential", "living_street", "unclassified", "pedestrian", "tertiary")
PEOPLE_PER_KM = 500
"""People a kilometre of such streets where no total is known: a guess of the order of magnitude."""
CELL_M = 500.0


def _by_cell(streets: gpd.GeoDataFrame, area: gpd.GeoSeries) -> gpd.GeoDataFrame:
    """Kilometres of residential streets around the middle of each hexagon."""
    cells = hexagons(area, CELL_M)
    home = streets.loc[streets["highway"].isin(HOME_STREETS)]
    middle = shapely.line_interpolate_point(home.geometry.to_numpy(), 0.5, normalized=True)
    inside = shapely.intersects(shapely.union_all(area.to_numpy()), middle)
    # hexagons are those whose middle is in the area, so some streets are next to one only
    street, cell = cells.sindex.nearest(middle[inside], return_all=False, max_distance=CELL_M)
    length = home["length"].to_numpy()[inside][street] / 1_000
    km = np.bincount(cell, weights=length, minlength=len(cells))
    return cells.assign(km=km).loc[km > 0]


def assumed_population(streets: gpd.GeoDataFrame, areas: gpd.GeoDataFrame) -> gpd.GeoDataFrame:
    """People by hexagon of 500 m, in proportion to the length of residential streets.

    Parameters
    ----------
    streets
        `highway`, `length` and lines, projected.
    areas
        `area_id`, `population` (the boundary's own tag; NaN where there is none) and polygons,
        projected.

    Returns
    -------
    GeoDataFrame
        `PEOPLE_COLUMNS`, points, EPSG:4326: an area's people add up to its tagged population,
        without one there are `PEOPLE_PER_KM`.
    """
    tables = []
    for number in range(len(areas)):
        area = areas.iloc[[number]]
        cells = _by_cell(streets, area.geometry)
        told = float(area["population"].iloc[0])
        known = np.isfinite(told)
        rate = told / cells["km"].sum() if known and len(cells) else PEOPLE_PER_KM
        area_id = area["area_id"].iloc[0]
        table = {
            "town_id": area_id + ":" + cells["zone_id"],
            "population": cells["km"] * rate,
            "district_id": area_id,
            "source": "length of residential streets in OpenStreetMap"
            + (", population of its boundary" if known else ""),
            "confidence": "derived" if known else "assumed",
        }
        points = cells.geometry.centroid.to_numpy()
        tables.append(gpd.GeoDataFrame(table, geometry=points, crs=areas.crs))
    found = gpd.GeoDataFrame(pd.concat(tables, ignore_index=True), crs=areas.crs)
    return to_wgs84(found)[list(PEOPLE_COLUMNS)]
