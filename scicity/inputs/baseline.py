"""The baseline network: from files of the study, from OpenStreetMap, or from both."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

import geopandas as gpd
import pandas as pd
from shapely.geometry.base import BaseGeometry

from geo.areas import StudyArea
from geo.crs import to_wgs84
from geo.faults import BadInputError, Fault
from geo.osm.file import Tick
from geo.osm.selection import ROUTES
from geo.points import listed_ids
from layers.files.roads import read_roads
from layers.files.transit import read_transit
from layers.gtfs.service_days import WantedDay
from layers.network import TransportNetwork
from layers.osm.doubled_lines import doubled_lines, stops_of_others
from layers.osm.network import OsmNetwork
from layers.osm.problems import problem_warnings
from layers.osm.store import Recipe, stored_network
from layers.roads import no_roads, road_network
from layers.route_types import vehicle
from layers.timetable import Timetable
from layers.transit import TransitRoute
from scicity.settings.settings import Settings

STORE = "network_store"
"""Folder of the stored network, beside the study's OpenStreetMap file."""
NODE_ORDERS = "node_orders"
"""Folder of node orders for many-to-many searches, beside the OpenStreetMap file."""
TIMETABLES = "timetable_store"
"""Folder of what is kept of timetables, in the study."""
FEEDS, SERVICES = "feeds", "services"
"""Its folders: feeds as they were read, and services made ready for searches."""
SOURCE_FILE = "source.json"
"""Source, date and size of the OpenStreetMap data, beside its file."""
SIMPLE_M = 20.0
"""Tolerance of the outline before it is buffered, metres; the edge need not be exact."""


@dataclass(frozen=True)
class Baseline:
    """The network, and the OpenStreetMap data that it contains (None without it)."""

    network: TransportNetwork
    osm: OsmNetwork | None


def place_around(area: StudyArea, buffer_m: float) -> BaseGeometry:
    """The study area with a buffer, without holes, in longitude and latitude."""
    outline = area.outline.simplify(SIMPLE_M).buffer(buffer_m + SIMPLE_M, quad_segs=4)
    frame = gpd.GeoDataFrame(geometry=[outline], crs=area.areas.crs)
    place: BaseGeometry = to_wgs84(frame).geometry.iloc[0]
    return place


def osm_file(settings: Settings) -> Path:
    """The study's OpenStreetMap file."""
    return settings.folder / settings.osm_section().file


def network_recipe(settings: Settings, area: StudyArea) -> Recipe:
    """Inputs of the study's network."""
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
    """The stored network of the study, rebuilt if it is stale.

    Raises
    ------
    BadInputError
        If the OpenStreetMap file is missing or cannot be read.
    """
    store = osm_file(settings).parent / STORE
    return stored_network(network_recipe(settings, area), store, tick=tick)


def _doubled_warnings(
    doubled: Sequence[TransitRoute], settings: Settings, *, left_out: bool
) -> list[Fault]:
    """One warning for each kind of vehicle of which OpenStreetMap and own files have lines."""
    files = ", ".join(path.name for path in settings.transit_paths())
    does = "are left out" if left_out else "run beside the same lines"
    faults = []
    for kind in dict.fromkeys(vehicle(line.route_type) for line in doubled):
        lines = [line for line in doubled if vehicle(line.route_type) == kind]
        names = listed_ids([f"{line.route_name} ({line.route_id})" for line in lines])
        message = f"{len(lines)} lines of OpenStreetMap ({kind}) {does}, of {files}: {names}"
        allowed = "each line once: modes that OpenStreetMap gives stand in routes of [osm]"
        where = (osm_file(settings).name, "", "line-doubled")
        faults.append(Fault(*where, message, allowed, "warning"))
    return faults


@dataclass(frozen=True)
class _OwnTransit:
    """Stops, routes and trips of the study's files."""

    stops: gpd.GeoDataFrame
    routes: list[TransitRoute]
    timetable: Timetable


def _merge_osm_and_files(
    settings: Settings, osm: OsmNetwork, own: _OwnTransit
) -> tuple[TransportNetwork, list[Fault]]:
    """Streets and lines of OpenStreetMap, with the lines of the study's files.

    A line that both have is taken from the files, unless `routes` of `[osm]` names some modes
    only: then these were chosen by hand.
    """
    doubled = doubled_lines(osm.routes, osm.stops, own=own.routes, own_stops=own.stops)
    left_out = set(settings.osm_section().routes) >= set(ROUTES)
    warnings = _doubled_warnings(doubled, settings, left_out=left_out)
    out = doubled if left_out else []
    osm_stops = stops_of_others(osm.stops, osm.routes, out)
    all_stops = pd.concat([osm_stops, own.stops]) if len(own.stops) else osm_stops
    stop_frame = gpd.GeoDataFrame(all_stops, geometry="geometry", crs=osm.stops.crs)
    lines = (*(line for line in osm.routes if line not in out), *own.routes)
    roads = road_network(osm.nodes, osm.streets)
    return TransportNetwork(roads, stop_frame, lines, own.timetable), warnings


def wanted_day(settings: Settings) -> WantedDay | None:
    """The day whose timetable the study wants of its feeds; None if its date is missing."""
    study = settings.study
    if study.service_date is not None:
        return WantedDay(study.service_date, exactly=True)
    return None if "baseline_date" in settings.missing else WantedDay(study.baseline_date)


def read_baseline(
    settings: Settings, area: StudyArea, tick: Tick = lambda _: None
) -> tuple[Baseline, list[Fault]]:
    """Roads, stops and routes of a study, without any project.

    Returns
    -------
    Baseline
    list of Fault
        Faults of its files, and problems of OpenStreetMap as warnings, one a kind.
    """
    repair = settings.study.repair_stops
    paths, datums = settings.transit_paths(), settings.transit_datums()
    stops, routes, timetable, faults = read_transit(
        paths,
        area.crs,
        repair=repair,
        datums=datums,
        wanted=wanted_day(settings),
        store=timetable_folder(settings) / FEEDS,
    )
    if settings.osm:
        try:
            osm = read_osm_network(settings, area, tick)
        except BadInputError as error:
            without_roads = TransportNetwork(no_roads(area.crs), stops, tuple(routes), timetable)
            return Baseline(without_roads, None), [*error.faults, *faults]
        warnings = problem_warnings(osm.problems, osm_file(settings).name)
        own = _OwnTransit(stops, routes, timetable)
        network, doubled = _merge_osm_and_files(settings, osm, own)
        return Baseline(network, osm), [*faults, *warnings, *doubled]
    nodes, edges = settings.path("road_nodes"), settings.path("road_edges")
    datums_of_roads = settings.datum("road_nodes"), settings.datum("road_edges")
    roads, more_faults = read_roads(nodes, edges, area.crs, datums_of_roads)
    network = TransportNetwork(roads, stops, tuple(routes), timetable)
    return Baseline(network, None), [*more_faults, *faults]


def node_order_folder(settings: Settings) -> Path:
    """Folder of the node orders of a study with OpenStreetMap."""
    return osm_file(settings).parent / NODE_ORDERS


def timetable_folder(settings: Settings) -> Path:
    """Folder of what is kept of a study's feeds and timetables."""
    return settings.folder / TIMETABLES
