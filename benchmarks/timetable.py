"""Travel by timetable on Porto Alegre (r5r's sample data), beside cafein in the same run.

    python benchmarks/timetable.py FOLDER [PYTHON_WITH_CAFEIN [window]]

FOLDER holds poa_eptc.zip, poa_trensurb.zip, poa_osm.pbf and poa_hexgrid.csv. CPU seconds; walks at
3.6 km/h up to 30 minutes everywhere (cafein: 20 between vehicles), walks kept with the network.
"""

from __future__ import annotations

import datetime as dt
import json
import os
import statistics
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable
from dataclasses import dataclass, replace
from itertools import pairwise
from pathlib import Path

import geopandas as gpd
import numpy as np
import pandas as pd
from osm_shared import recipe

from analysis.graph.conditions import Conditions
from analysis.graph.routable_network import routable_network
from analysis.graph.travel import Travel
from analysis.measures import Measure
from analysis.timetable.departure_window import DepartureWindow, Windows
from analysis.timetable.prepared import PreparedNetworks
from analysis.timetable.timed_points import TimedPoints
from analysis.windows.accessibility import window_accessibility
from analysis.windows.travel_times import timed_points_of
from layers.assumptions import Assumptions
from layers.files.transit import read_transit
from layers.gtfs.service_days import WantedDay
from layers.network import TransportNetwork
from layers.osm.store import stored_network
from layers.roads import road_network
from layers.screenlines import VOLUME_COLUMNS
from layers.transit import TransitRoute

CRS, DAY = "EPSG:31982", dt.date(2019, 5, 13)
BOX = (-51.30, -30.28, -51.00, -29.90)
HOUR = DepartureWindow(14 * 3_600, 15 * 3_600, max_walk_secs=1_800.0)
MOMENT = replace(HOUR, end_secs=HOUR.start_secs)
ASSUMED = replace(Assumptions(), walk_speed_kph=3.6, max_trip_secs=7_200.0, snap_limit_m=1_600.0)
LAYERS = ("population", "jobs", "schools")
LIMIT_SECS = 7_200
RUNS = 3


@dataclass(frozen=True)
class City:
    """The network and the hexagons, projected."""

    network: TransportNetwork
    zones: gpd.GeoDataFrame

    def conditions(self, window: DepartureWindow) -> Conditions:
        """Conditions with one window."""
        windows = Windows(window, window)
        return Conditions(pd.DataFrame(columns=list(VOLUME_COLUMNS)), ASSUMED, windows=windows)


def read_city(folder: Path, store: Path) -> City:
    """Both feeds on the day, the streets, and the hexagons, from the store if it has them."""
    feeds = [folder / "poa_eptc.zip", folder / "poa_trensurb.zip"]
    wanted = WantedDay(DAY, exactly=True)
    stops, routes, timetable, _ = read_transit(feeds, CRS, wanted=wanted, store=store)
    found = stored_network(recipe(folder / "poa_osm.pbf", BOX, CRS), store / "network")
    roads = road_network(found.nodes, found.streets)
    cells = pd.read_csv(folder / "poa_hexgrid.csv").rename(columns={"id": "zone_id"}).fillna(0)
    at = gpd.points_from_xy(cells["lon"], cells["lat"])
    zones = gpd.GeoDataFrame(cells, geometry=at, crs=4326).to_crs(CRS)
    return City(TransportNetwork(roads, stops, tuple(routes), timetable), zones)


def measured(ask: Callable[[], object]) -> float:
    """Median CPU seconds of some runs after a first one."""
    ask()
    times = []
    for _ in range(RUNS):
        began = time.process_time()
        ask()
        times.append(time.process_time() - began)
    return statistics.median(times)


def linked(city: City, window: DepartureWindow, store: Path | None = None) -> TimedPoints:
    """The hexagons linked to the network."""
    points = gpd.GeoSeries(city.zones.geometry.to_numpy(), city.zones["zone_id"], crs=CRS)
    conditions = replace(city.conditions(window), prepared=PreparedNetworks(store))
    travel = Travel("transit")
    return timed_points_of(
        routable_network(city.network, points, travel=travel, conditions=conditions)
    )


def made_ready(folder: Path, store: Path) -> float:
    """CPU seconds from the files to all that an answer needs: feeds, streets, walks, tables."""
    began = time.process_time()
    city = read_city(folder, store)
    search, everyone = linked(city, MOMENT, store).search, np.arange(len(city.zones))
    search.walked(search.prepared(LIMIT_SECS), everyone, everyone)
    return time.process_time() - began


def percentile_job(
    city: City, window: DepartureWindow, origins: int | None = None
) -> Callable[[], object]:
    """A question for p5, p50 and p95 of all pairs, on a network that is linked already."""
    timed, everyone = linked(city, window), np.arange(len(city.zones))
    wanted = [50.0] if window == MOMENT or window.end_secs == window.start_secs else [5, 50, 95]
    starts = everyone if origins is None else everyone[:origins]

    def ask() -> None:
        timed.visit_percentiles(
            lambda *_: None, wanted, limit=LIMIT_SECS, origins=starts, destinations=everyone
        )

    return ask


def accessibility_job(city: City) -> Callable[[], object]:
    """Three layers and four cutoffs at each departure, linking included."""
    measures = [
        Measure(f"{layer}_{minutes}", "cumulative", layer, 60.0 * minutes)
        for layer in LAYERS
        for minutes in (15, 30, 45, 60)
    ]
    conditions = city.conditions(HOUR)
    return lambda: window_accessibility(
        city.network,
        city.zones,
        travel=Travel("transit"),
        conditions=conditions,
        measures=measures,
    )


def with_headway_lines(city: City, count: int) -> City:
    """The city with lines that have a headway and no clock: express lines of its longest routes.

    Each calls at twelve stops of a route, at 30 km/h as the crow flies.
    """
    longest = sorted(city.network.routes, key=lambda route: -len(route.stop_ids))[:count]
    at = city.network.stops.geometry
    lines = []
    for n, route in enumerate(longest):
        calls = np.linspace(0, len(route.stop_ids) - 1, 12).astype(int)
        stops = tuple(route.stop_ids[call] for call in calls)
        hops = pairwise(stops)
        secs = tuple(at[one].distance(at[other]) / 30.0 * 3.6 for one, other in hops)
        lines.append(
            TransitRoute(
                *(f"h{n}", f"h{n}", "", 3, f"h{n}", stops),
                hop_secs=secs,
                headway_peak_secs=600.0,
                headway_offpeak_secs=600.0,
            )
        )
    return replace(city, network=replace(city.network, routes=(*city.network.routes, *lines)))


def peer(python: str, folder: Path, job: str) -> dict[str, float]:
    """What cafein takes."""
    here = Path(__file__).with_name("timetable_peer.py")
    done = subprocess.run(
        [python, str(here), str(folder), job], check=True, capture_output=True, text=True
    )
    answer: dict[str, float] = json.loads(done.stdout.splitlines()[-1])
    return answer


def main(folder: str, python: str = "", *jobs: str) -> None:
    """Print a line for each job."""
    stores = [Path(tempfile.mkdtemp()) for _ in range(2)]
    for name, store in zip(("with compiling", "cold", "from the store"), (0, 1, 1), strict=True):
        secs = made_ready(Path(folder), stores[store])
        print(f"feeds, streets, walks, tables {name}: {secs:.2f}  load {os.getloadavg()[0]:.1f}")
    city = read_city(Path(folder), stores[1])
    rows = {
        "one departure": percentile_job(city, MOMENT),
        "one departure, <= 4 rides": percentile_job(city, replace(MOMENT, max_rides=4)),
        "60 departures": percentile_job(city, HOUR),
        "60 departures, 20 min": percentile_job(city, replace(HOUR, max_walk_secs=1_200.0)),
        "60 departures, <= 4 rides": percentile_job(city, replace(HOUR, max_rides=4)),
        "one to all, 60 departures": percentile_job(city, HOUR, 1),
        "60 departures, 20 headway lines": percentile_job(with_headway_lines(city, 20), HOUR),
        "accessibility 3 x 4, 60 departures": accessibility_job(city),
    }
    for name, ask in rows.items():
        print(f"{name}: {measured(ask):.3f}  load {os.getloadavg()[0]:.1f}", flush=True)
    for job in ["one", *jobs] if python else []:
        print(f"cafein {job}: {peer(python, Path(folder), job)}  load {os.getloadavg()[0]:.1f}")


if __name__ == "__main__":
    main(*sys.argv[1:])
