"""Isochrones of one point, and what is told of them."""

from __future__ import annotations

from collections.abc import Sequence

import geopandas as gpd
import shapely
from coordinates import CRS
from easy_values import conditions, easy
from shapely.geometry import Point
from travel_times_between import routable

from analysis.graph.travel import Mode
from analysis.isochrones import Isochrones, isochrones_on
from layers.assumptions import Assumptions
from layers.network import TransportNetwork

ASSUMED = easy(surface_cell_m=20.0, max_offroad_m=100.0)
NO_STOPPING = ("motorway", "motorway_link")
NO_WALKING = (*NO_STOPPING, "trunk", "trunk_link")


def asked(
    network: TransportNetwork,
    origin: Point,
    cutoffs: Sequence[float],
    mode: Mode = "walk",
    assumptions: Assumptions = ASSUMED,
) -> Isochrones:
    """Isochrones of one point."""
    places = gpd.GeoSeries({"o": origin}, crs=CRS)
    graph = routable(network, places, mode, under=conditions(assumptions))
    return isochrones_on(graph, "o", cutoffs_secs=cutoffs)


def parts_of(found: Isochrones, cutoff: float) -> list[tuple[str, float, float]]:
    """Name and fractions of every part reached, in order."""
    table = found.streets.loc[found.streets["cutoff_secs"] == cutoff]
    rows = zip(table["osmid"], table["from_fraction"], table["to_fraction"], strict=True)
    return sorted((name, round(start, 9), round(end, 9)) for name, start, end in rows)


def area_of_cutoff(found: Isochrones, cutoff: float) -> shapely.Geometry:
    return found.areas.set_index("cutoff_secs").geometry[cutoff]


def same_area(one: shapely.Geometry, other: shapely.Geometry) -> bool:
    """But for rounding."""
    return shapely.symmetric_difference(one, other).area <= 1e-6 * max(one.area, 1.0)
