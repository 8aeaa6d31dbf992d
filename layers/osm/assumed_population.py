"""An assumed population for a place without a population layer.

People are distributed in proportion to the length of residential streets. This makes a study run
and is flagged as assumed everywhere; a raster such as WorldPop or a census layer should replace
it.
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
"""People per kilometre of such streets if no total is known: an order of magnitude."""
CELL_M = 500.0


def _by_cell(streets: gpd.GeoDataFrame, area: gpd.GeoSeries) -> gpd.GeoDataFrame:
    """Kilometres of residential streets by hexagon; a street counts for the nearest centre."""
    cells = hexagons(area, CELL_M)
    home_streets = streets.loc[streets["highway"].isin(HOME_STREETS)]
    midpoint = shapely.line_interpolate_point(
        home_streets.geometry.to_numpy(), 0.5, normalized=True
    )
    inside = shapely.intersects(shapely.union_all(area.to_numpy()), midpoint)
    # hexagons have their centre in the area, so streets at its edge may lie outside all of them
    street, cell = cells.sindex.nearest(midpoint[inside], return_all=False, max_distance=CELL_M)
    length = home_streets["length"].to_numpy()[inside][street] / 1_000
    km = np.bincount(cell, weights=length, minlength=len(cells))
    return cells.assign(km=km).loc[km > 0]


def assumed_population(streets: gpd.GeoDataFrame, areas: gpd.GeoDataFrame) -> gpd.GeoDataFrame:
    """People by hexagon of 500 m, in proportion to the length of residential streets.

    Parameters
    ----------
    streets
        `highway`, `length` and lines, projected.
    areas
        `area_id`, `population` (the tag of the boundary; NaN without a tag) and polygons,
        projected.

    Returns
    -------
    GeoDataFrame
        `PEOPLE_COLUMNS`, points, EPSG:4326: the people of an area sum to its tagged population;
        without a tag there are `PEOPLE_PER_KM`.
    """
    tables = []
    for number in range(len(areas)):
        area = areas.iloc[[number]]
        cells = _by_cell(streets, area.geometry)
        tagged = float(area["population"].iloc[0])
        is_tagged = np.isfinite(tagged)
        rate = tagged / cells["km"].sum() if is_tagged and len(cells) else PEOPLE_PER_KM
        area_id = area["area_id"].iloc[0]
        table = {
            "town_id": area_id + ":" + cells["zone_id"],
            "population": cells["km"] * rate,
            "district_id": area_id,
            "source": "length of residential streets in OpenStreetMap"
            + (", population of its boundary" if is_tagged else ""),
            "confidence": "derived" if is_tagged else "assumed",
        }
        points = cells.geometry.centroid.to_numpy()
        tables.append(gpd.GeoDataFrame(table, geometry=points, crs=areas.crs))
    people = gpd.GeoDataFrame(pd.concat(tables, ignore_index=True), crs=areas.crs)
    return to_wgs84(people)[list(PEOPLE_COLUMNS)]
