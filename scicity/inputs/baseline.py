"""The network as it is: from the study's own files, from OpenStreetMap, or from both."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path

import geopandas as gpd
import pandas as pd
from shapely.geometry.base import BaseGeometry

from geo.areas import StudyArea
from geo.crs import to_wgs84
from geo.faults import BadInputError, Fault
from geo.osm.file import Tick
from layers.files.roads import read_roads
from layers.files.transit import read_transit
from layers.network import TransportNetwork
from layers.osm.network import OsmNetwork
from layers.osm.problems import problem_warnings
from layers.osm.store import Recipe, stored_network
from layers.roads import no_roads, road_network
from layers.transit import TransitRoute
from scicity.settings.settings import Settings

STORE = "network_store"
"""The store is a folder of this name beside the study's OpenStreetMap file."""
NODE_ORDERS = "node_orders"
"""So is the folder of the node orders that searches over many origins need."""
SOURCE_FILE = "source.json"
"""Beside the OpenStreetMap file: where it came from, when, and how much it is."""
SIMPLE_M = 20.0
"""The outline is simplified so far before it is widened: the edge need not be exact."""


@dataclass(frozen=True)
class Baseline:
    """The network, and what OpenStreetMap gave beside it (None without it)."""

    network: TransportNetwork
    osm: OsmNetwork | None


def place_around(area: StudyArea, buffer_m: float) -> BaseGeometry:
    """The study area and so much around it, without holes, in longitude and latitude."""
    wide = area.outline.simplify(SIMPLE_M).buffer(buffer_m + SIMPLE_M, quad_segs=4)
    frame = gpd.GeoDataFrame(geometry=[wide], crs=area.areas.crs)
    place: BaseGeometry = to_wgs84(frame).geometry.iloc[0]
    return place


def osm_file(settings: Settings) -> Path:
    """The study's OpenStreetMap file."""
    return settings.folder / settings.osm_section().file


def network_recipe(settings: Settings, area: StudyArea) -> Recipe:
    """What the study's network is made from."""
    osm = settings.osm_section()
    return Recipe(
        file=osm_file(settings),
        place=place_around(area, osm.buffer_m),
        crs=area.crs,
        modes=osm.routes,
        min_component_m=osm.min_component_m,
        assumptions=settings.assumptions,
    )


def read_osm_network(settings: Settings, area: StudyArea, tick: Tick) -> OsmNetwork:
    """The network of the study's store, made again if it is stale.

    Raises
    ------
    BadInputError
        If the OpenStreetMap file is missing or cannot be read.
    """
    store = osm_file(settings).parent / STORE
    return stored_network(network_recipe(settings, area), store, tick=tick)


def _with_own(
    osm: OsmNetwork, stops: gpd.GeoDataFrame, routes: list[TransitRoute]
) -> TransportNetwork:
    """Streets of OpenStreetMap, its services, and those of the study's own files."""
    together = pd.concat([osm.stops, stops]) if len(stops) else osm.stops
    frame = gpd.GeoDataFrame(together, geometry="geometry", crs=osm.stops.crs)
    roads = road_network(osm.nodes, osm.streets)
    return TransportNetwork(roads, frame, (*osm.routes, *routes))


def read_baseline(
    settings: Settings, area: StudyArea, tick: Tick = lambda _: None
) -> tuple[Baseline, list[Fault]]:
    """Roads, stops and services of a study before any project.

    Returns
    -------
    Baseline
    list of Fault
        What is wrong with its files; the problems of OpenStreetMap as warnings, one a kind.
    """
    repair = settings.study.repair_stops
    paths, datums = settings.transit_paths(), settings.transit_datums()
    stops, routes, faults = read_transit(paths, area.crs, repair=repair, datums=datums)
    if settings.osm:
        try:
            osm = read_osm_network(settings, area, tick)
        except BadInputError as error:
            nowhere = TransportNetwork(no_roads(area.crs), stops, tuple(routes))
            return Baseline(nowhere, None), [*error.faults, *faults]
        warnings = problem_warnings(osm.problems, osm_file(settings).name)
        return Baseline(_with_own(osm, stops, routes), osm), [*faults, *warnings]
    nodes, edges = settings.path("road_nodes"), settings.path("road_edges")
    both = settings.datum("road_nodes"), settings.datum("road_edges")
    roads, wrong = read_roads(nodes, edges, area.crs, both)
    return Baseline(TransportNetwork(roads, stops, tuple(routes)), None), [*wrong, *faults]


def node_order_folder(settings: Settings) -> Path:
    """Where a study of OpenStreetMap keeps its node orders."""
    return osm_file(settings).parent / NODE_ORDERS
