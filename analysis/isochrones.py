"""Isochrones: what origins reach within each cutoff, and what a scenario changes in that."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from numbers import Real

import geopandas as gpd
import numpy as np
import pandas as pd
import shapely
from shapely.geometry.base import BaseGeometry

from analysis.graph.conditions import Conditions
from analysis.graph.network_edge import off_network
from analysis.graph.routable_network import RoutableNetwork, longest_secs, routable_network
from analysis.graph.travel import Travel
from analysis.routing.router import threads
from analysis.surface.contour import Surface
from analysis.surface.ground import ground_of, ground_secs
from analysis.surface.reach import Reach, longest_walk_secs, reach_from, walks_of
from analysis.surface.reached_streets import REACHED_COLUMNS, reached_streets
from geo.faults import BadInputError, Fault, check_faults, shown
from geo.points import listed_ids, point_faults
from layers.network import TransportNetwork

ISOCHRONE_COLUMNS = ("origin_id", "cutoff_secs", "area_km2", "geometry")
CHANGE_COLUMNS = ("mode", "origin_id", "cutoff_secs", "change", "area_km2", "geometry")


@dataclass(frozen=True)
class Isochrones:
    """What origins reach.

    Attributes
    ----------
    areas
        `ISOCHRONE_COLUMNS`, one row an origin and cutoff, projected.
    streets
        `analysis.surface.reached_streets.REACHED_COLUMNS`: the exact parts of streets reached;
        with `origin_id` where there may be several origins.
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


def _walked(routable: RoutableNetwork, reach: Reach, most_secs: float) -> BaseGeometry | None:
    """The area within the longest walk of the origin or of a stop; None without such a limit."""
    if not np.isfinite(most_secs):
        return None
    return _surface(routable, walks_of(reach, most_secs)).area(most_secs)


def isochrones_on(
    routable: RoutableNetwork, origin_id: str, *, cutoffs_secs: Sequence[float]
) -> Isochrones:
    """Streets and area reached from one point of a network that is made routable already.

    Parameters
    ----------
    routable
        Its points are indexed by id.
    origin_id
        One of those ids.
    cutoffs_secs
        Time limits in seconds, one at least.

    Raises
    ------
    BadInputError
        If no point has the id, or without a cutoff of zero seconds or more.
    """
    check_faults(_cutoff_faults(cutoffs_secs, routable.linked.graph.scale.longest))
    if origin_id not in routable.points.index:
        message, allowed = f"no point {shown(origin_id)}", "an id of the network's points"
        raise BadInputError([Fault("origin_id", "", "id-unknown", message, allowed)])
    point = int(routable.points.index.get_indexer([origin_id])[0])
    origin, per_m = routable.points.iloc[point], routable.off_street_secs_per_m
    cell_m = routable.assumptions.surface_cell_m
    reach = reach_from(routable, point, max(cutoffs_secs) + cell_m * per_m)
    surface = _surface(routable, reach)
    most = longest_walk_secs(routable)
    walked = _walked(routable, reach, most)

    def area(cutoff: float) -> BaseGeometry:
        found = surface.area(cutoff)
        found = found if walked is None else _polygons_only(shapely.intersection(found, walked))
        return _with_origin(found, origin, min(min(cutoff, most) / per_m, cell_m))

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


def _cutoff_faults(cutoffs_secs: Sequence[float], longest: float) -> list[Fault]:
    """Cutoffs that are no times, or longer than a search goes."""
    given = list(cutoffs_secs) if isinstance(cutoffs_secs, Iterable) else [cutoffs_secs]
    if given and all(isinstance(c, Real) and 0 <= c <= longest for c in given):
        return []
    message, allowed = f"it is {shown(cutoffs_secs)}", f"a list of seconds from 0 to {longest:g}"
    return [Fault("cutoffs_secs", "", "value-out-of-range", message, allowed)]


def _far_faults(routable: RoutableNetwork) -> list[Fault]:
    """A fault if origins join no street and no stop: their areas would be mere discs."""
    far = routable.points.index[off_network(routable)]
    if not len(far):
        return []
    limit_m = routable.assumptions.snap_limit_m
    message = f"{listed_ids(far)}: no street within {limit_m:g} m"
    allowed = "points near a street that the mode can use"
    return [Fault("origins", "", "far-from-network", message, allowed)]


def isochrones(
    network: TransportNetwork,
    origins: gpd.GeoSeries,
    *,
    travel: Travel,
    conditions: Conditions,
    cutoffs_secs: Sequence[float],
    refuse_far: bool = True,
) -> Isochrones:
    """Streets and area reached from each origin within each cutoff.

    Parameters
    ----------
    network
        Roads, stops and routes.
    origins
        Points in the network's CRS, indexed by id. No origin gives no rows.
    travel
        Mode, period and waiting.
    conditions
        Peak volumes and assumptions.
    cutoffs_secs
        Time limits in seconds, up to four hours. Each area is the same whatever other cutoffs
        stand beside it, and
        a larger cutoff's contains a smaller one's.
    refuse_far
        Whether an origin that joins no street and no stop is refused; else its area is what is
        reached straight, off the streets.

    Returns
    -------
    Isochrones
        Areas in square kilometres, projected; a row for each origin and cutoff, in their order.

    Raises
    ------
    BadInputError
        If the points are in another CRS than the network, if an id stands twice, if a cutoff is
        below zero, if an origin is far from all streets (`refuse_far`), or if the streets reach
        so far that the grid would not fit into memory.
    """
    faults = _cutoff_faults(cutoffs_secs, longest_secs(travel, conditions.assumptions))
    check_faults(faults + point_faults(origins, "origins"))
    routable = routable_network(network, origins, travel=travel, conditions=conditions)
    if refuse_far:
        check_faults(_far_faults(routable))
    each = [isochrones_on(routable, one, cutoffs_secs=cutoffs_secs) for one in origins.index]
    if not each:
        areas = gpd.GeoDataFrame(columns=list(ISOCHRONE_COLUMNS), crs=origins.crs)
        return Isochrones(areas, gpd.GeoDataFrame(columns=list(REACHED_COLUMNS), crs=origins.crs))
    areas, streets = (
        gpd.GeoDataFrame(pd.concat(tables, ignore_index=True), geometry="geometry")
        for tables in (
            [one.areas for one in each],
            [o.streets.assign(origin_id=i) for o, i in zip(each, origins.index, strict=True)],
        )
    )
    return Isochrones(areas, streets)


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
    both = baseline.merge(scenario, on=keys, suffixes=("_baseline", "_scenario"))
    old, new = (both[f"geometry_{side}"].to_numpy() for side in ("baseline", "scenario"))
    tables = []
    for change, inside, outside in (("gained", new, old), ("lost", old, new)):
        pairs = zip(inside, outside, strict=True)
        parts = [_polygons_only(shapely.difference(area, other)) for area, other in pairs]
        table = both[keys].assign(change=change, area_km2=shapely.area(parts) / 1e6)
        tables.append(gpd.GeoDataFrame(table, geometry=parts, crs=baseline.crs))
    changes = pd.concat(tables, ignore_index=True)
    changes = gpd.GeoDataFrame(changes, geometry="geometry", crs=baseline.crs)
    changes = changes.loc[changes["area_km2"] > 0].sort_values([*keys, "change"], kind="stable")
    return changes[list(CHANGE_COLUMNS)].reset_index(drop=True)
