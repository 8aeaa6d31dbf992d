"""Everything that a study takes from OpenStreetMap, together."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import geopandas as gpd
import pandas as pd
from shapely.geometry.base import BaseGeometry

from geo.osm.elements import OsmElements
from layers.assumptions import Assumptions
from layers.osm.problems import problem_table
from layers.osm.roads.streets import osm_streets
from layers.osm.roads.topology import joint_problems
from layers.osm.transit.routes import Lines, osm_lines
from layers.osm.transit.stops import osm_entrances
from layers.osm.transit.tracks import osm_tracks
from layers.osm.turn_restrictions import osm_restrictions
from layers.transit import TransitRoute


@dataclass(frozen=True)
class OsmNetwork:
    """Streets, lines and what was found wrong, projected.

    Attributes
    ----------
    nodes, streets
        See `layers.osm.roads.streets.Streets`.
    stops, routes
        See `layers.osm.transit.routes.Lines`.
    entrances
        `layers.osm.transit.stops.ENTRANCE_COLUMNS`.
    tracks
        `layers.osm.transit.tracks.TRACK_COLUMNS`.
    restrictions
        `layers.osm.turn_restrictions.RESTRICTION_COLUMNS`.
    problems
        `layers.osm.problems.PROBLEM_COLUMNS`, EPSG:4326.
    """

    nodes: gpd.GeoDataFrame
    streets: gpd.GeoDataFrame
    stops: gpd.GeoDataFrame
    routes: tuple[TransitRoute, ...]
    entrances: gpd.GeoDataFrame
    tracks: gpd.GeoDataFrame
    restrictions: pd.DataFrame
    problems: gpd.GeoDataFrame


def _stations(lines: Lines) -> gpd.GeoDataFrame:
    """Stops of rail lines, those of metros marked."""
    stations = lines.stops.loc[lines.stops.index.isin(lines.rail_stops)]
    return stations.assign(is_metro=stations.index.isin(lines.metro_stops))


def osm_network(
    found: OsmElements,
    place: BaseGeometry,
    *,
    crs: str,
    assumptions: Assumptions,
    modes: Sequence[str],
    min_component_m: float,
) -> OsmNetwork:
    """The networks of a place.

    Parameters
    ----------
    found
        Elements of the place, see `geo.osm.selection.elements_of_place`.
    place
        Polygon in longitude and latitude.
    crs
        A projected system in metres.
    assumptions
        Speeds, headways and access times where OSM tells none.
    modes
        `route` values whose relations become services.
    min_component_m
        Parts of the street network with fewer metres are left out.
    """
    streets = osm_streets(
        found, place, crs=crs, assumptions=assumptions, min_component_m=min_component_m
    )
    lines = osm_lines(found, place, crs=crs, assumptions=assumptions, modes=modes)
    entrances, closed = osm_entrances(found, _stations(lines), crs)
    restrictions, unusable = osm_restrictions(found, streets.table)
    joints = joint_problems(streets.table, found)
    problems = [*streets.problems, *joints, *unusable, *lines.problems, *closed]
    return OsmNetwork(
        streets.nodes,
        streets.table,
        lines.stops,
        lines.routes,
        entrances,
        osm_tracks(found, place, crs),
        restrictions,
        problem_table(problems),
    )
