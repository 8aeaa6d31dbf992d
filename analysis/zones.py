"""Hexagons with people and opportunities: where accessibility is measured."""

from __future__ import annotations

import geopandas as gpd
import numpy as np
import pandas as pd
import shapely

from geo.areas import StudyArea, area_of
from geo.hexagons import hexagons
from layers.assumptions import Assumptions

ZONE_COLUMNS = ("zone_id", "area_id", "population")


def _shares(
    place: shapely.Point, radius_m: float, cells: gpd.GeoDataFrame, allowed: np.ndarray
) -> tuple[np.ndarray, np.ndarray]:
    """Positions of the cells that take part of a disc, and their shares (sum 1)."""
    disc = place.buffer(radius_m)
    near = cells.sindex.query(disc)
    near = np.sort(near[allowed[near]])
    area = shapely.area(shapely.intersection(cells.geometry.to_numpy()[near], disc))
    if area.sum() > 0:
        return near[area > 0], area[area > 0] / area.sum()
    away = shapely.distance(cells.geometry.to_numpy(), place)
    return np.array([int(np.argmin(np.where(allowed, away, np.inf)))]), np.array([1.0])


def spread_population(
    towns: gpd.GeoDataFrame, cells: gpd.GeoDataFrame, density_per_km2: float
) -> np.ndarray:
    """People in each cell: every town spread evenly over a disc of the given density.

    A town stays inside its own district, so the sums of districts are kept.

    Parameters
    ----------
    towns
        `population`, `district_id` and points.
    cells
        Hexagons with `district_id`, same system.
    density_per_km2
        People per square kilometre of a town.
    """
    people = np.zeros(len(cells))
    districts = cells["district_id"].to_numpy()
    rows = zip(towns.geometry, towns["population"], towns["district_id"], strict=True)
    for place, population, district in rows:
        radius = np.sqrt(population / density_per_km2 / np.pi) * 1000
        allowed = districts == district
        if not allowed.any():
            allowed = np.ones(len(cells), dtype=bool)
        at, share = _shares(place, radius, cells, allowed)
        people[at] += population * share
    return people


def _counts(points: gpd.GeoDataFrame, cells: gpd.GeoDataFrame) -> np.ndarray:
    """How many points lie nearest to each cell's middle, of those inside any cell."""
    point, cell = cells.sindex.query(points.geometry.to_numpy(), predicate="intersects")
    first = pd.Series(cell, index=point).groupby(level=0).min()
    return np.bincount(first.to_numpy(dtype=int), minlength=len(cells)).astype(float)


def population_zones(
    study_area: StudyArea,
    districts: gpd.GeoDataFrame,
    *,
    towns: gpd.GeoDataFrame,
    opportunities: dict[str, gpd.GeoDataFrame],
    assumptions: Assumptions,
) -> gpd.GeoDataFrame:
    """Hexagons of the study area that hold people or opportunities.

    Parameters
    ----------
    study_area
        Planning areas.
    districts
        `district_id` and polygons, same system: population stays inside its district.
    towns
        Census population by point.
    opportunities
        Points by name; each name becomes a column with the count.
    assumptions
        `zone_across_m`, `population_density_per_km2`.

    Returns
    -------
    GeoDataFrame
        `ZONE_COLUMNS`, a column for each kind of opportunity, hexagons; projected. A zone
        belongs to the area that holds its middle.
    """
    cells = hexagons(study_area.areas.geometry, assumptions.zone_across_m)
    middle = cells.geometry.centroid
    at, which = districts.sindex.query(middle.to_numpy(), predicate="intersects")
    names = np.full(len(cells), "", dtype=object)
    names[at] = districts["district_id"].to_numpy()[which]
    cells = cells.assign(area_id=area_of(study_area, middle), district_id=names)
    density = assumptions.population_density_per_km2
    cells = cells.assign(population=spread_population(towns, cells, density))
    for name, points in opportunities.items():
        cells = cells.assign(**{name: _counts(points, cells)})
    used = cells[["population", *opportunities]].sum(axis=1) > 0
    columns = [*ZONE_COLUMNS, *opportunities, "geometry"]
    return cells.loc[used, columns].reset_index(drop=True)
