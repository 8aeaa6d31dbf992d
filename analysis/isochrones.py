"""Isochrones: what one origin reaches within each cutoff, before and after."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import geopandas as gpd
import pandas as pd
import shapely
from shapely.geometry.base import BaseGeometry

from analysis.compiled import Compiled
from analysis.reach import Reach, reach_from, reached_streets
from analysis.surface import margin_secs, network_samples, reached_area
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


def _around_origin(reach: Reach, cutoff: float, assumptions: Assumptions) -> BaseGeometry:
    """What is reached without any street: at most a cell, so that the origin is always inside."""
    metres = cutoff * reach.connector_mps / assumptions.detour
    origin: BaseGeometry = reach.spots.geometry.iloc[0]
    return origin.buffer(min(metres, assumptions.surface_cell_m))


def isochrones(
    question: Compiled, origin_id: str, *, cutoffs_secs: Sequence[float], assumptions: Assumptions
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
    """
    point = int(question.points.index.get_indexer([origin_id])[0])
    limit = max(cutoffs_secs) + margin_secs(question.streets.connector_mps, assumptions)
    reach = reach_from(question, point, limit, assumptions)
    samples = network_samples(reach, assumptions)
    areas = [
        shapely.union(reached_area(samples, cutoff), _around_origin(reach, cutoff, assumptions))
        for cutoff in cutoffs_secs
    ]
    table = {
        "origin_id": origin_id,
        "cutoff_secs": [float(cutoff) for cutoff in cutoffs_secs],
        "area_km2": [area.area / 1e6 for area in areas],
    }
    frame = gpd.GeoDataFrame(table, geometry=areas, crs=question.points.crs)
    return Isochrones(frame, reached_streets(reach, cutoffs_secs))


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
