"""The whole analysis of cross-boundary buses on a large city: goal 60 s on two cores.

    python benchmarks/bus_plan.py

500 bus routes of 40 stops each (20,000 stops), 15 rail lines and the synthetic street network of
100,000 nodes, cut into six planning areas; some 3,000 zones. Measured after a first run on a small
city, so that everything is compiled.
"""

from __future__ import annotations

import time
from dataclasses import replace

import geopandas as gpd
import numpy as np
import pandas as pd
import shapely
from machine import this_machine
from synthetic_grid import CRS, sorted_network, synthetic_network
from synthetic_transit import with_transit

from analysis.buses.diagnosis import bus_diagnosis
from analysis.buses.feeding import feeding
from analysis.buses.gaps import spine_stations
from analysis.buses.lines.planner import Planner
from analysis.buses.plan import bus_plan
from analysis.graph.conditions import Conditions
from geo.areas import StudyArea, area_of
from geo.hexagons import hexagons
from layers.assumptions import Assumptions
from layers.network import TransportNetwork
from layers.screenlines import VOLUME_COLUMNS
from layers.transit import BUS, TransitRoute

GOAL_SECS = 60.0
SPINES = ("0", "1", "2")
COLUMNS, ROWS = 3, 2
ZONE_M = 600.0
ASSUMED = Assumptions(stop_area_walk_m=50.0)
"""Stops of different routes lie on the same corners here."""


def own_stops(network: TransportNetwork) -> TransportNetwork:
    """Every bus route with stops of its own."""
    routes: list[TransitRoute] = []
    tables = [network.stops]
    for route in network.routes:
        if route.route_type == BUS:
            names = [f"{stop}:{route.route_id}" for stop in route.stop_ids]
            own = network.stops.loc[list(route.stop_ids)]
            tables.append(own.set_axis(pd.Index(names, name="stop_id")))
            routes.append(replace(route, stop_ids=tuple(names)))
        else:
            routes.append(route)
    stops = gpd.GeoDataFrame(pd.concat(tables), geometry="geometry", crs=network.stops.crs)
    return TransportNetwork(network.roads, stops, tuple(routes))


def planning_areas(network: TransportNetwork) -> StudyArea:
    """The city in boxes that do not follow its streets."""
    west, south, east, north = network.roads.nodes.total_bounds
    x = np.linspace(west - 1, east + 1, COLUMNS + 1) + np.array([0.0, 37.0, -53.0, 0.0])
    y = np.linspace(south - 1, north + 1, ROWS + 1) + np.array([0.0, 41.0, 0.0])
    shapes = {
        f"a{column}{row}": shapely.box(x[column], y[row], x[column + 1], y[row + 1])
        for column in range(COLUMNS)
        for row in range(ROWS)
    }
    columns = {"area_id": list(shapes), "name_zh": list(shapes), "name_en": list(shapes)}
    table = gpd.GeoDataFrame(columns | {"role": "ring"}, geometry=list(shapes.values()), crs=CRS)
    return StudyArea(table)


def zones_of(area: StudyArea) -> gpd.GeoDataFrame:
    """Hexagons with people."""
    cells = hexagons(area.areas.geometry, ZONE_M)
    people = np.random.default_rng(5).integers(1, 2_000, len(cells))
    inside = area_of(area, gpd.GeoSeries(cells.geometry.centroid, crs=CRS))
    return cells.assign(area_id=inside, population=people)


def measured(nodes: int, buses: int, stops: int) -> dict[str, float]:
    """Seconds of each step, and what came out."""
    streets = sorted_network(synthetic_network(nodes))
    network = own_stops(with_transit(streets, buses=buses, stops_per_bus=(stops, stops)))
    area = planning_areas(network)
    zones, clock, steps = zones_of(area), time.perf_counter(), {}
    conditions = Conditions(pd.DataFrame(columns=list(VOLUME_COLUMNS)), ASSUMED)

    def lap(name: str) -> None:
        nonlocal clock
        steps[name], clock = time.perf_counter() - clock, time.perf_counter()

    answer = bus_diagnosis(network, area, conditions=conditions, spines=SPINES)
    lap("gateways, loops, gaps")
    plan = bus_plan(Planner(network, answer, area, zones, SPINES, conditions), lines=SPINES)
    lap("links, sets, loop lines")
    feeding(network, area, spines=SPINES, conditions=conditions)
    lap("feeding")
    served = len({s for r in network.routes if r.route_type == BUS for s in r.stop_ids})
    print(
        f"{len(network.roads.nodes):,} nodes, {buses} routes, {served:,} bus stops,"
        f" {len(answer.bus.areas):,} stop areas, {len(zones):,} zones,"
        f" {len(spine_stations(network, SPINES))} spine stations: {len(answer.gateways)} gateways"
        f" {answer.gateways['state'].value_counts().to_dict()}, {len(answer.gaps)} gaps,"
        f" {len(plan.links)} with a link, {len(plan.proposals)} loop lines"
    )
    return steps


def main() -> None:
    """Run and say."""
    measured(3_000, 20, 8)
    steps = measured(100_000, 500, 40)
    for name, secs in steps.items():
        print(f"{name}: {secs:.1f} s")
    whole = sum(steps.values())
    met = "met" if whole <= GOAL_SECS else "missed"
    print(f"together {whole:.1f} s, goal {GOAL_SECS:.0f} s: {met}")
    print(this_machine())


if __name__ == "__main__":
    main()
