"""Real feeds: as another reader counts them, and travel times as by a plain scan of all hops.

Coquimbo's comes with AequilibraE, Porto Alegre's stands beside the checkout where it is there.
"""

from __future__ import annotations

import datetime as dt
import sys
import zipfile
from dataclasses import replace
from pathlib import Path

import geopandas as gpd
import gtfs_kit
import numpy as np
import pytest
import shapely
from ascii_worlds import STREET
from easy_values import conditions, easy
from scipy.spatial import cKDTree

from analysis.graph.conditions import Conditions
from analysis.graph.routable_network import routable_network
from analysis.graph.travel import Travel
from analysis.timetable.departure_window import DepartureWindow, Windows
from analysis.windows.travel_times import timed_points_of
from layers.files.transit import read_transit
from layers.gtfs.service_days import WantedDay
from layers.network import TransportNetwork
from layers.roads import RoadNetwork, node_table, road_network

ROOT = Path(__file__).parents[3]
sys.path.insert(0, str(ROOT / "benchmarks"))
from timetable_scan import NEVER, PlainScan, differences  # noqa: E402

PORTO = ROOT.parent / "shared" / "feeds" / "porto_alegre"
LIMIT_SECS = 7_200
WINDOW = DepartureWindow(50_400, 54_000, max_walk_secs=1_200.0)
NEIGHBOURS = 5


def coquimbo(folder: Path) -> list[Path]:
    """The feed of the bus of La Serena and Coquimbo, Chile."""
    package = pytest.importorskip("aequilibrae", reason="AequilibraE has no wheel for macOS")
    project = Path(package.__file__).parent / "reference_files" / "coquimbo.zip"
    with zipfile.ZipFile(project) as archive:
        archive.extract("gtfs_coquimbo.zip", folder)
    return [folder / "gtfs_coquimbo.zip"]


def porto_alegre(_: Path) -> list[Path]:
    """The buses and the railway of Porto Alegre, Brazil."""
    if not PORTO.is_dir():
        pytest.skip("r5r's sample data of Porto Alegre are not beside the checkout")
    return [PORTO / "poa_eptc.zip", PORTO / "poa_trensurb.zip"]


CITIES = {
    "coquimbo": (coquimbo, "EPSG:32719", dt.date(2016, 5, 11)),
    "porto alegre": (porto_alegre, "EPSG:31982", dt.date(2019, 5, 13)),
}


def streets_between(stops: gpd.GeoSeries) -> RoadNetwork:
    """Streets from each stop to the nearest others: as good as any to walk on."""
    at = shapely.get_coordinates(stops.to_numpy())
    places = np.unique(at, axis=0)
    near = cKDTree(places).query(places, NEIGHBOURS + 1)[1][:, 1:]
    ends = np.column_stack([np.repeat(np.arange(len(places)), NEIGHBOURS), near.ravel()])
    ends = np.unique(np.sort(ends, axis=1), axis=0)
    names = np.array([f"n{k}" for k in range(len(places))], dtype=object)
    lines = shapely.linestrings(places[ends])
    columns = STREET | {
        "u": names[ends[:, 0]],
        "v": names[ends[:, 1]],
        "osmid": [f"s{k}" for k in range(len(ends))],
        "name": "",
        "walk": True,
        "length": shapely.length(lines),
    }
    nodes = node_table(list(names), shapely.points(places), [""] * len(names), str(stops.crs))
    return road_network(nodes, gpd.GeoDataFrame(columns, geometry=lines, crs=stops.crs))


def under(window: DepartureWindow) -> Conditions:
    assumed = conditions(easy(max_trip_secs=float(LIMIT_SECS)))
    return replace(assumed, windows=Windows(window, window))


@pytest.fixture(scope="module", params=CITIES)
def network(
    request: pytest.FixtureRequest, tmp_path_factory: pytest.TempPathFactory
) -> TransportNetwork:
    find, crs, day = CITIES[request.param]
    feeds = find(tmp_path_factory.mktemp("feed"))
    stops, routes, timetable, _ = read_transit(feeds, crs, wanted=WantedDay(day, exactly=True))
    counted = 0
    for feed in feeds:
        trips = gtfs_kit.read_feed(feed, dist_units="km").get_trips(day.strftime("%Y%m%d"))
        counted += len(trips)
    assert len(timetable.trips) == counted > 0
    return TransportNetwork(streets_between(stops.geometry), stops, tuple(routes), timetable)


@pytest.mark.parametrize("rides", [None, 2])
def test_times_on_a_real_feed_are_those_of_a_plain_scan(
    network: TransportNetwork, rides: int | None
) -> None:
    points = network.stops.geometry.translate(60.0, 40.0).iloc[:1_500]
    window = replace(WINDOW, max_rides=rides)
    linked = routable_network(network, points, travel=Travel("transit"), conditions=under(window))
    timed = timed_points_of(linked)
    assert differences(timed, LIMIT_SECS) == 0
    scan = PlainScan(timed, LIMIT_SECS)
    secs = scan.secs(0, WINDOW.start_secs)
    # by far most places are reached, and by far most of them not on foot
    assert (secs < NEVER).mean() > 0.8
    assert scan.direct.first[1] < 0.5 * len(points)
