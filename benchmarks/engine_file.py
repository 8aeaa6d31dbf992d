"""The engine's benchmark from a file: OpenStreetMap extract to compiled graph, beside OSMnx."""

from __future__ import annotations

import tempfile
from pathlib import Path

import geopandas as gpd
import pandas as pd
from measuring import Contender, Goal, Line, alternating, clocked, lines_of
from osm_shared import recipe, write_ways
from osrm_peer import lonlat, write_streets
from synthetic_grid import CRS, StreetArrays, points_of

from analysis.graph.conditions import Conditions
from analysis.graph.routable_network import RoutableNetwork, routable_network
from analysis.graph.travel import Travel
from geo.osm.file import read_osm_file
from layers.network import TransportNetwork
from layers.osm.network import osm_network
from layers.osm.store import Recipe
from layers.roads import road_network
from layers.screenlines import VOLUME_COLUMNS

MARGIN_DEGREES = 0.01
OSMNX = "OSMnx graph_from_xml"


def compiled_from(made_from: Recipe, points: gpd.GeoSeries) -> RoutableNetwork:
    """Everything a study does with an extract: read, checked, compiled for cars."""
    found = osm_network(
        read_osm_file(made_from.file, made_from.place),
        made_from.place,
        crs=made_from.crs,
        assumptions=made_from.assumptions,
        modes=made_from.modes,
        min_component_m=made_from.min_component_m,
    )
    roads = road_network(found.nodes, found.streets)
    conditions = Conditions(pd.DataFrame(columns=list(VOLUME_COLUMNS)), made_from.assumptions)
    network = TransportNetwork(roads, found.stops, ())
    return routable_network(network, points, travel=Travel("drive"), conditions=conditions)


def from_file(network: StreetArrays, job: str, goal: Goal) -> list[Line]:
    """Seconds from file to graph; OSMnx reads the same ways as `.osm`."""
    import osmnx as ox  # noqa: PLC0415 - a peer, which takes seconds to load

    west, south = lonlat(network).min(axis=0) - MARGIN_DEGREES
    east, north = lonlat(network).max(axis=0) + MARGIN_DEGREES
    points = gpd.GeoSeries(points_of(network)[:1], crs=CRS)
    print(job, flush=True)
    with tempfile.TemporaryDirectory() as folder:
        streets, text = Path(folder) / "streets.osm.pbf", Path(folder) / "streets.osm"
        write_streets(network, streets, with_secs=False)
        write_ways(streets, text)
        made_from = recipe(streets, (west, south, east, north), CRS)
        graph = compiled_from(made_from, points).linked.graph
        title = f"{job}: {graph.vertices:,} vertices, {len(graph.heads):,} arcs"
        others = {OSMNX: Contender(clocked(lambda: ox.graph_from_xml(text)))}
        ours = Contender(clocked(lambda: compiled_from(made_from, points)))
        own, found = alternating(ours, others)
    return lines_of(title, own, found, goal)
