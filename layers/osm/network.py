"""The transport network of a place from OpenStreetMap elements."""

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
from layers.osm.roads.topology import topology_problems
from layers.osm.transit.routes import OsmRoutes, osm_routes
from layers.osm.transit.stops import osm_entrances
from layers.osm.transit.tracks import osm_tracks
from layers.osm.turn_restrictions import osm_restrictions
from layers.transit import TransitRoute


@dataclass(frozen=True)
class OsmNetwork:
    """Streets, transit routes and problems of the data, projected.

    Attributes
    ----------
    nodes, streets
        See `layers.osm.roads.streets.OsmStreets`.
    stops, routes
        See `layers.osm.transit.routes.OsmRoutes`.
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


def _stations(transit: OsmRoutes) -> gpd.GeoDataFrame:
    """Stops of rail routes, with those of metros marked."""
    stations = transit.stops.loc[transit.stops.index.isin(transit.rail_stops)]
    return stations.assign(is_metro=stations.index.isin(transit.metro_stops))


def osm_network(
    elements: OsmElements,
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
    elements
        Elements of the place, see `geo.osm.selection.elements_of_place`.
    place
        Polygon in longitude and latitude.
    crs
        A projected CRS in metres.
    assumptions
        Speeds, headways and access times for missing tags.
    modes
        `route` values whose relations become routes.
    min_component_m
        Components of the street network with fewer metres are left out.
    """
    streets = osm_streets(
        elements, place, crs=crs, assumptions=assumptions, min_component_m=min_component_m
    )
    transit = osm_routes(elements, place, crs=crs, assumptions=assumptions, modes=modes)
    entrances, bad_stations = osm_entrances(elements, _stations(transit), crs)
    restrictions, bad_restrictions = osm_restrictions(elements, streets.table)
    topology = topology_problems(streets.table, elements)
    problems = [*streets.problems, *topology, *bad_restrictions, *transit.problems, *bad_stations]
    return OsmNetwork(
        streets.nodes,
        streets.table,
        transit.stops,
        transit.routes,
        entrances,
        osm_tracks(elements, place, crs),
        restrictions,
        problem_table(problems),
    )
