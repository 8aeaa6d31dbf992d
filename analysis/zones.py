"""Zones: hexagons with people and opportunities, for which accessibility is computed."""

from __future__ import annotations

from collections.abc import Mapping

import geopandas as gpd
import numpy as np
import shapely

from geo.areal.area_shares import spread_counts
from geo.areal.catchments import catchments
from geo.areas import StudyArea, area_of
from geo.faults import BadInputError, Fault
from geo.hexagons import hexagons
from layers.assumptions import Assumptions
from layers.counts import Counts
from layers.totals import Total, town_radius_m

ZONE_COLUMNS = ("zone_id", "area_id", "population")

_KEPT = 1e-6
"""Largest relative difference between a total and the sum of the zones (rounding errors)."""


def _shares(
    place: shapely.Point, radius_m: float, cells: gpd.GeoDataFrame, allowed: np.ndarray
) -> tuple[np.ndarray, np.ndarray]:
    """Positions of the cells that a disc overlaps, and their shares of it (sum 1)."""
    disc = place.buffer(radius_m)
    cells_nearby = cells.sindex.query(disc)
    cells_nearby = np.sort(cells_nearby[allowed[cells_nearby]])
    area = shapely.area(shapely.intersection(cells.geometry.to_numpy()[cells_nearby], disc))
    if area.sum() > 0:
        return cells_nearby[area > 0], area[area > 0] / area.sum()
    distances = shapely.distance(cells.geometry.to_numpy(), place)
    return np.array([int(np.argmin(np.where(allowed, distances, np.inf)))]), np.array([1.0])


def spread_population(
    towns: gpd.GeoDataFrame, cells: gpd.GeoDataFrame, density_per_km2: float
) -> np.ndarray:
    """People in each cell: every town is spread evenly over a disc of the given density.

    A town stays inside its own district, so the sums of districts are preserved.

    Parameters
    ----------
    towns
        `count` (people), `district_id` and points.
    cells
        Hexagons with `district_id`, same system.
    density_per_km2
        People per square kilometre of a town.
    """
    people = np.zeros(len(cells))
    districts = cells["district_id"].to_numpy()
    radii = town_radius_m(towns["count"].to_numpy(), density_per_km2)
    rows = zip(towns.geometry, towns["count"], towns["district_id"], radii, strict=True)
    for place, population, district, radius in rows:
        allowed = districts == district
        if not allowed.any():
            allowed = np.ones(len(cells), dtype=bool)
        positions, share = _shares(place, radius, cells, allowed)
        people[positions] += population * share
    return people


def _points_in(points: gpd.GeoDataFrame, pieces: gpd.GeoDataFrame, size: int) -> np.ndarray:
    """Counts of points by cell; a point on an edge belongs to the first of its cells."""
    point, piece = pieces.sindex.query(points.geometry.to_numpy(), predicate="intersects")
    zone = pieces["zone"].to_numpy()[piece]
    order = np.lexsort((zone, point))
    counted, first = np.unique(point[order], return_index=True)
    weights = points["count"].to_numpy()[counted]
    return np.bincount(zone[order][first], weights=weights, minlength=size)


def counts_in_zones(
    counts: Counts, study_area: StudyArea, *, pieces: gpd.GeoDataFrame, size: int
) -> np.ndarray:
    """Counts of a layer by cell: of points, or areal shares of polygons and raster cells.

    Parameters
    ----------
    counts, study_area
        In one CRS.
    pieces
        Catchments of the cells, `geo.areal.catchments.CATCHMENT_COLUMNS`.
    size
        Number of cells.

    Returns
    -------
    ndarray
        A count for each cell, without counts outside the study area.
    """
    if counts.kind == "points":
        return _points_in(counts.table, pieces, size)
    shapes, piece_counts = pieces.geometry.to_numpy(), np.zeros(len(pieces))
    for patch in counts.patches(study_area.outline):
        piece_counts += spread_counts(patch["count"].to_numpy(), patch.geometry.to_numpy(), shapes)
    return np.bincount(pieces["zone"].to_numpy(), weights=piece_counts, minlength=size)


def _within(points: gpd.GeoDataFrame, study_area: StudyArea) -> np.ndarray:
    outline = study_area.outline
    shapely.prepare(outline)
    return shapely.intersects(outline, points.geometry.to_numpy())


def check_totals(zones: gpd.GeoDataFrame, totals: Mapping[str, Total]) -> None:
    """Check that the sums of the zones equal the totals inside the study area.

    Raises
    ------
    BadInputError
        With a fault for every column whose sum differs.
    """
    faults = []
    for name, total in totals.items():
        zone_sum = float(zones[name].sum())
        if abs(zone_sum - total.inside) > _KEPT * total.inside:
            message = f"the zones hold {zone_sum:.3f} of {total.inside:.3f} {name}"
            allowed = "the same; are there zones at all (zone_across_m)?"
            faults.append(Fault(total.file, "", "total-not-kept", message, allowed))
    if faults:
        raise BadInputError(faults)


def population_zones(
    study_area: StudyArea,
    districts: gpd.GeoDataFrame,
    *,
    population: Counts,
    opportunities: Mapping[str, Counts],
    assumptions: Assumptions,
) -> gpd.GeoDataFrame:
    """Hexagons of the study area that hold people or opportunities.

    Every zone has a catchment (`geo.areal.catchments`). Counts by polygon and by raster cell are
    divided exactly by area; people given by point are spread over discs within their district.
    Counts outside the study area are in no zone.

    Parameters
    ----------
    study_area
        Planning areas.
    districts
        `district_id` and polygons, same system.
    population
        People; may be empty.
    opportunities
        Counts by name; each name becomes a column.
    assumptions
        `zone_across_m`, `population_density_per_km2`.

    Returns
    -------
    GeoDataFrame
        `ZONE_COLUMNS`, a column for each kind of opportunity, hexagons; projected. A zone belongs
        to the area that contains its centroid.
    """
    cells = hexagons(study_area.areas.geometry, assumptions.zone_across_m)
    centroid = cells.geometry.centroid
    cell, district = districts.sindex.query(centroid.to_numpy(), predicate="intersects")
    names = np.full(len(cells), "", dtype=object)
    names[cell] = districts["district_id"].to_numpy()[district]
    cells = cells.assign(area_id=area_of(study_area, centroid), district_id=names, population=0.0)
    columns = [*ZONE_COLUMNS, *opportunities, "geometry"]
    if cells.empty:
        return cells.assign(**dict.fromkeys(opportunities, 0.0))[columns]
    pieces = catchments(study_area, cells, assumptions.zone_across_m)
    if population.kind == "points":
        towns = population.table.loc[_within(population.table, study_area)]
        people = spread_population(towns, cells, assumptions.population_density_per_km2)
    else:
        people = counts_in_zones(population, study_area, pieces=pieces, size=len(cells))
    cells = cells.assign(population=people)
    for name, counts in opportunities.items():
        values = counts_in_zones(counts, study_area, pieces=pieces, size=len(cells))
        cells = cells.assign(**{name: values})
    is_used = cells[["population", *opportunities]].sum(axis=1) > 0
    return cells.loc[is_used, columns].reset_index(drop=True)
