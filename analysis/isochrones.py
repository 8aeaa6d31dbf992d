"""Isochrones: what one origin reaches within each cutoff, before and after."""

from __future__ import annotations

from collections.abc import Sequence
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass

import geopandas as gpd
import pandas as pd
import shapely
from shapely.geometry.base import BaseGeometry

from analysis.compiled import Compiled
from analysis.reach import Ground, Reach, ground_of, reach_from, reached_streets
from analysis.surface import margin_secs, reached_areas
from layers.assumptions import Assumptions

ISOCHRONE_COLUMNS = ("origin_id", "cutoff_secs", "area_km2", "geometry")
CHANGE_COLUMNS = ("mode", "origin_id", "cutoff_secs", "change", "area_km2", "geometry")


@dataclass(frozen=True)
class Isochrones:
    """The reach of one origin.

    Attributes
    ----------
    areas
        `ISOCHRONE_COLUMNS`, one row a cutoff, projected.
    streets
        `analysis.reach.REACHED_COLUMNS`: the exact parts of streets reached.
    """

    areas: gpd.GeoDataFrame
    streets: gpd.GeoDataFrame


def _with_origin(area: BaseGeometry, reach: Reach, cutoff: float) -> BaseGeometry:
    """The area with what is reached without any street.

    At most a cell around the origin, so that it is always inside.
    """
    assumptions = reach.ground.assumptions
    metres = cutoff * reach.ground.connector_mps / assumptions.detour
    origin = reach.ground.question.points.iloc[reach.point]
    around = origin.buffer(min(metres, assumptions.surface_cell_m))
    return area if shapely.covers(area, around) else shapely.union(area, around)


def isochrones(
    question: Compiled,
    origin_id: str,
    *,
    cutoffs_secs: Sequence[float],
    assumptions: Assumptions,
    ground: Ground | None = None,
) -> Isochrones:
    """Streets and area reached from one point within each cutoff.

    Parameters
    ----------
    question
        A compiled network whose points are indexed by id.
    origin_id
        One of those ids.
    cutoffs_secs
        Time limits in seconds.
    assumptions
        Cell of the surface, reach off the network.
    ground
        `analysis.reach.ground_of(question, assumptions)`, if more than one origin is asked about.
    """
    ground = ground or ground_of(question, assumptions)
    point = int(question.points.index.get_indexer([origin_id])[0])
    limit = max(cutoffs_secs) + margin_secs(question.streets.connector_mps, assumptions)
    reach = reach_from(ground, point, limit)
    with ThreadPoolExecutor(1) as aside:
        streets = aside.submit(reached_streets, reach, cutoffs_secs)
        areas = [
            _with_origin(area, reach, cutoff)
            for area, cutoff in zip(reached_areas(reach, cutoffs_secs), cutoffs_secs, strict=True)
        ]
    table = {
        "origin_id": origin_id,
        "cutoff_secs": [float(cutoff) for cutoff in cutoffs_secs],
        "area_km2": [area.area / 1e6 for area in areas],
    }
    frame = gpd.GeoDataFrame(table, geometry=areas, crs=question.points.crs)
    return Isochrones(frame, streets.result())


def _polygons_only(geometry: BaseGeometry) -> BaseGeometry:
    parts = [p for p in shapely.get_parts(geometry) if p.geom_type == "Polygon"]
    return shapely.MultiPolygon(parts)


def isochrone_change(baseline: gpd.GeoDataFrame, scenario: gpd.GeoDataFrame) -> gpd.GeoDataFrame:
    """Areas gained and lost between two sets of isochrones.

    Parameters
    ----------
    baseline, scenario
        `mode`, `origin_id`, `cutoff_secs` and geometry, projected; the same rows in both.

    Returns
    -------
    GeoDataFrame
        `CHANGE_COLUMNS`; `change` is `gained` or `lost`; parts without area are left out.
    """
    keys = ["mode", "origin_id", "cutoff_secs"]
    both = baseline.merge(scenario, on=keys, suffixes=("_was", "_is"))
    was, now = both["geometry_was"].to_numpy(), both["geometry_is"].to_numpy()
    tables = []
    for change, a, b in (("gained", now, was), ("lost", was, now)):
        parts = [_polygons_only(shapely.difference(x, y)) for x, y in zip(a, b, strict=True)]
        table = both[keys].assign(change=change, area_km2=shapely.area(parts) / 1e6)
        tables.append(gpd.GeoDataFrame(table, geometry=parts, crs=baseline.crs))
    found = pd.concat(tables, ignore_index=True)
    found = gpd.GeoDataFrame(found, geometry="geometry", crs=baseline.crs)
    found = found.loc[found["area_km2"] > 0].sort_values([*keys, "change"], kind="stable")
    return found[list(CHANGE_COLUMNS)].reset_index(drop=True)
