"""Ways by car through Helsinki against OSRM's answers, kept by benchmarks/osm_crosscheck.py.

OSRM minds turn restrictions and turns round in dead ends only, which the study's network does not
(the benchmark says which pairs differ for which of these): so its ways may be longer, but never
shorter.
"""

from __future__ import annotations

from functools import cache
from pathlib import Path

import geopandas as gpd
import numpy as np
import pandas as pd
import shapely
from easy_values import EASY, conditions
from overpass_server import helsinki_file

from analysis.graph.routable_network import LONGEST_SECS, routable_network
from analysis.graph.travel import Travel
from analysis.travel_time import travel_time_matrix
from geo.crs import WGS84, projected
from geo.osm.file import read_osm_file
from layers.network import TransportNetwork
from layers.osm.network import OsmNetwork, osm_network
from layers.roads import RoadNetwork, road_network

ANSWERS = Path(__file__).parents[2] / "data" / "helsinki_router.csv"
HELSINKI, CRS = shapely.box(24.93, 60.16, 24.96, 60.185), "EPSG:32635"
METRES_A_SECOND = 10.0


@cache
def helsinki() -> OsmNetwork:
    """The extract's networks without lines."""
    return osm_network(
        read_osm_file(helsinki_file(), HELSINKI),
        HELSINKI,
        crs=CRS,
        assumptions=EASY,
        modes=(),
        min_component_m=1_000.0,
    )


@cache
def answers() -> pd.DataFrame:
    """The ends of each pair in degrees, and OSRM's `metres`."""
    return pd.read_csv(ANSWERS, comment="#")


@cache
def our_metres() -> np.ndarray:
    """What drive times say where every street has the same speed."""
    network = helsinki()
    roads = road_network(network.nodes, network.streets)
    level = roads.edges.assign(maxspeed=METRES_A_SECOND * 3.6)
    ends = answers()[["from_lon", "from_lat", "to_lon", "to_lat"]].to_numpy().reshape(-1, 2)
    different, place = np.unique(ends, axis=0, return_inverse=True)
    points = gpd.GeoSeries(shapely.points(projected(different, CRS)), crs=CRS)
    routable = routable_network(
        TransportNetwork(RoadNetwork(roads.nodes, level), network.stops, ()),
        points,
        travel=Travel("drive", "offpeak"),
        conditions=conditions(),
    )
    metres = travel_time_matrix(routable, LONGEST_SECS) * METRES_A_SECOND
    start, end = place.reshape(-1, 2).T
    return metres[start, end]


def test_the_pairs_are_all_over_the_extract() -> None:
    start = gpd.GeoSeries.from_xy(answers()["from_lon"], answers()["from_lat"], crs=WGS84)
    west, south, east, north = helsinki().nodes.to_crs(WGS84).total_bounds
    left, low, right, high = start.total_bounds
    assert (right - left) * (high - low) > 0.5 * (east - west) * (north - south)
    assert len(answers()) == 200


def test_every_way_of_the_router_is_a_way_of_ours() -> None:
    assert np.isfinite(our_metres()).all()


def test_lengths_are_the_routers() -> None:
    differ = np.abs(our_metres() / answers()["metres"] - 1)
    assert differ.median() < 0.001
    assert (differ < 0.01).mean() > 0.65
    assert (differ < 0.05).mean() > 0.7


def test_no_way_is_longer_than_the_routers() -> None:
    # the scale of UTM zone 35 here is 0.9998, and the router tells decimetres
    assert (our_metres() <= 1.001 * answers()["metres"] + 1).all()


def test_no_way_is_shorter_than_the_straight_line() -> None:
    ends = answers()[["from_lon", "from_lat", "to_lon", "to_lat"]].to_numpy().reshape(-1, 2)
    x, y = projected(ends, CRS).reshape(-1, 2, 2).transpose(2, 0, 1)
    straight = np.hypot(x[:, 1] - x[:, 0], y[:, 1] - y[:, 0])
    assert (our_metres() >= straight - 0.01).all()
