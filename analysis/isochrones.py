"""Isochrones: what one origin reaches within each cutoff, before and after."""

from __future__ import annotations

from collections.abc import Sequence
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass

import geopandas as gpd
import pandas as pd
import shapely
from shapely.geometry.base import BaseGeometry

from analysis.graph.routable_network import RoutableNetwork
from analysis.routing.router import threads
from analysis.surface.contour import Surface
from analysis.surface.ground import ground_of, ground_secs
from analysis.surface.reach import Reach, reach_from
from analysis.surface.reached_streets import reached_streets

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
        `analysis.surface.reached_streets.REACHED_COLUMNS`: the exact parts of streets reached.
    """

    areas: gpd.GeoDataFrame
    streets: gpd.GeoDataFrame


def _with_origin(area: BaseGeometry, origin: BaseGeometry, metres: float) -> BaseGeometry:
    """The area with what is reached without any street, at most so far around the origin."""
    around = origin.buffer(metres)
    return area if area.covers(around) else shapely.union(area, around)


def _surface(routable: RoutableNetwork, reach: Reach) -> Surface:
    ground = ground_of(routable)
    secs = ground_secs(ground, reach.streets, reach.entries, reach.spots)
    return Surface(ground, secs, routable.off_street_secs_per_m)


def isochrones(
    routable: RoutableNetwork, origin_id: str, *, cutoffs_secs: Sequence[float]
) -> Isochrones:
    """Streets and area reached from one point within each cutoff.

    Parameters
    ----------
    routable
        A compiled network whose points are indexed by id.
    origin_id
        One of those ids.
    cutoffs_secs
        Time limits in seconds.
    """
    point = int(routable.points.index.get_indexer([origin_id])[0])
    origin, per_m = routable.points.iloc[point], routable.off_street_secs_per_m
    cell_m = routable.assumptions.surface_cell_m
    reach = reach_from(routable, point, max(cutoffs_secs) + cell_m * per_m)
    surface = _surface(routable, reach)

    def area(cutoff: float) -> BaseGeometry:
        return _with_origin(surface.area(cutoff), origin, min(cutoff / per_m, cell_m))

    with ThreadPoolExecutor(threads()) as pool:
        areas = list(pool.map(area, cutoffs_secs))
    streets = reached_streets(reach, routable.streets.table, cutoffs_secs)
    table = {
        "origin_id": origin_id,
        "cutoff_secs": [float(cutoff) for cutoff in cutoffs_secs],
        "area_km2": shapely.area(areas) / 1e6,
    }
    frame = gpd.GeoDataFrame(table, geometry=areas, crs=routable.points.crs)
    return Isochrones(frame, streets)


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
