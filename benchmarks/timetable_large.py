"""All zones to all zones of a large synthetic city by timetable, 60 departures.

    python benchmarks/timetable_large.py [RIDES]

RIDES is the largest number of rides, any number without it. Prints what the city has, seconds of
wall and CPU of each step, and the most memory used. Goals: 60 s of wall on two cores, 120 s with at
most 4 rides, 4 GB. A sample of origins is searched once more by a plain scan over all trips.
"""

from __future__ import annotations

import resource
import sys
import time
from collections.abc import Callable
from dataclasses import replace

import geopandas as gpd
import numpy as np
import pandas as pd
from synthetic_grid import CRS
from timetable_scan import differences
from timetable_synthetic import timetabled_city

from analysis.graph.conditions import Conditions
from analysis.graph.routable_network import routable_network
from analysis.graph.travel import Travel
from analysis.timetable.departure_window import DepartureWindow, Windows
from analysis.timetable.timed_points import TimedPoints
from analysis.windows.travel_times import timed_points_of
from layers.assumptions import Assumptions
from layers.screenlines import VOLUME_COLUMNS

NODES, BUSES, ZONES = 105_000, 680, 5_000
HOUR = DepartureWindow(8 * 3_600, 9 * 3_600, max_walk_secs=1_800.0)
ASSUMED = replace(Assumptions(), walk_speed_kph=3.6, max_trip_secs=7_200.0)
LIMIT_SECS = 7_200


def step(name: str, work: Callable[[], object]) -> None:
    """Do something and print what it took."""
    wall, cpu = time.perf_counter(), time.process_time()
    work()
    wall, cpu = time.perf_counter() - wall, time.process_time() - cpu
    most = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1e6
    print(f"{name}: {wall:.1f} s wall, {cpu:.1f} s CPU; {most:.2f} GB at most so far", flush=True)


def searched(rides: int | None, zones: int) -> TimedPoints:
    """The city with zones linked to it."""
    city = timetabled_city(NODES, BUSES)
    nodes = city.roads.nodes.geometry
    chosen = np.random.default_rng(3).choice(len(nodes), zones, replace=False)
    points = gpd.GeoSeries(nodes.to_numpy()[chosen], crs=CRS)
    window = replace(HOUR, max_rides=rides)
    volumes = pd.DataFrame(columns=list(VOLUME_COLUMNS))
    conditions = Conditions(volumes, ASSUMED, windows=Windows(window, window))
    timetable = city.timetable
    print(f"{len(nodes)} street nodes, {len(city.stops)} stops, {len(timetable.trips)} trips,")
    print(f"{len(timetable.calls)} calls, {len(city.routes)} routes, {zones} zones")
    linked = routable_network(city, points, travel=Travel("transit"), conditions=conditions)
    return timed_points_of(linked)


def main(rides: str = "", zones: str = "") -> None:
    """Print a line for each step."""
    asked: list[TimedPoints] = []
    most = int(rides) if rides else None
    count = int(zones) if zones else ZONES
    step("city, linked", lambda: asked.append(searched(most, count)))
    (timed,) = asked
    everyone = np.arange(count)

    def pairs(origins: np.ndarray) -> Callable[[], None]:
        return lambda: timed.visit_percentiles(
            lambda *_: None,
            [5, 50, 95],
            limit=LIMIT_SECS,
            origins=origins,
            destinations=everyone,
        )

    step("network made ready", lambda: timed.search.prepared(LIMIT_SECS))
    step("kernels compiled, 64 origins", pairs(everyone[:64]))
    step(f"{count} x {count}, 60 departures", pairs(everyone))
    print(f"farthest from a plain scan: {differences(timed, LIMIT_SECS)} s")


if __name__ == "__main__":
    main(*sys.argv[1:])
