"""What it takes to come from a scenario to a graph that can be searched.

For the bundled study and a synthetic city: seconds of each step, and how many times as long it
takes as the unit, one search of scipy's from one vertex of the scenario's car graph to all.
"""

from __future__ import annotations

import argparse
import gc
import statistics
from collections.abc import Callable, Iterator
from dataclasses import dataclass

import geopandas as gpd
import numpy as np
import pandas as pd
import shapely
from measuring import clocked, said
from scipy.sparse import csr_array
from scipy.sparse.csgraph import dijkstra
from synthetic_grid import CRS, StreetArrays, points_of, synthetic_network
from synthetic_transit import with_transit

from analysis.graph.common_lines import common_legs
from analysis.graph.conditions import Conditions
from analysis.graph.routable_network import RoutableNetwork, routable_network
from analysis.graph.snapping import find_links
from analysis.graph.street_times import walk_times
from analysis.graph.travel import MODES, Mode, Travel
from geo.crs import WGS84
from layers.assumptions import Assumptions
from layers.network import TransportNetwork
from layers.projects import Project
from layers.roads import ROAD_FIELDS
from layers.scenarios import Plans, Scenario
from layers.screenlines import VOLUME_COLUMNS
from layers.transit import STOP_COLUMNS
from scicity.inputs.read_study import bundled_study, read_study

RUNS = 5
NODES = 105_000
ROADS, ROAD_M = 12, 3_000.0
"""Planned tunnels of the synthetic city, and how long each is."""
PLACES = 200


@dataclass(frozen=True)
class Case:
    """A baseline, what is planned there, and the points asked about."""

    name: str
    baseline: TransportNetwork
    projects: dict[str, Project]
    project_ids: tuple[str, ...]
    points: gpd.GeoSeries
    conditions: Conditions

    def plans(self) -> Plans:
        """Nothing applied yet."""
        return Plans(self.baseline, self.projects, self.conditions.assumptions.portal_snap_m)

    def scenario(self, *, without: int = 0) -> Scenario:
        """The plan without its last projects."""
        return Scenario("", "", "", self.project_ids[: len(self.project_ids) - without])


def bundled() -> Case:
    """The study of the Western Science City."""
    study = read_study(bundled_study())
    plan = study.scenarios[study.settings.study.scenario]
    projects, points = dict(study.projects), study.place_points
    conditions = study.conditions
    return Case("bundled study", study.baseline, projects, plan.project_ids, points, conditions)


def _tunnel(number: int, line: shapely.LineString) -> Project:
    """A project of one tunnel."""
    name = f"T{number}"
    road = {field.name: None for field in ROAD_FIELDS} | {
        "link_id": name,
        "name_zh": name,
        "highway": "primary",
        "lanes": 4,
        "maxspeed": 60.0,
        "tunnel": True,
        **dict.fromkeys(("oneway", "bridge"), False),
        **dict.fromkeys(("drive", "bus"), True),
    }
    stops = gpd.GeoDataFrame({name: [] for name in STOP_COLUMNS}, geometry="geometry", crs=CRS)
    return Project(
        project_id=name,
        name_zh=name,
        name_en=name,
        kind="road_tunnel",
        status="planned",
        opening_year=2030,
        clause=None,
        source={"document": "a benchmark"},
        confidence="assumed",
        assumed_fields=(),
        requires=(),
        replaces=(),
        cost=None,
        roads=gpd.GeoDataFrame([road], geometry=[line], crs=CRS).assign(project_id=name),
        stops=stops,
        routes=(),
        features=gpd.GeoDataFrame(geometry=[], crs=WGS84),
    )


def _tunnels(network: StreetArrays, rng: np.random.Generator) -> Iterator[shapely.LineString]:
    """Between a node and another about `ROAD_M` east of it."""
    at = shapely.get_coordinates(points_of(network))
    for start in at[rng.choice(network.nodes, ROADS, replace=False)]:
        away = np.hypot(*(at - start - (ROAD_M, 0.0)).T)
        yield shapely.LineString([start + 20.0, at[away.argmin()] + 20.0])


def synthetic(nodes: int) -> Case:
    """A city of about so many nodes, 15 rail lines and 500 bus routes."""
    network = synthetic_network(nodes)
    rng = np.random.default_rng(5)
    projects = {p.project_id: p for p in map(_tunnel, range(ROADS), _tunnels(network, rng))}
    places = points_of(network)[rng.choice(network.nodes, PLACES, replace=False)]
    points = gpd.GeoSeries(places, crs=CRS).translate(15.0, 15.0)
    conditions = Conditions(pd.DataFrame(columns=list(VOLUME_COLUMNS)), Assumptions())
    baseline = with_transit(network)
    name = f"synthetic city of {len(baseline.roads.drawn):,} streets"
    return Case(name, baseline, projects, tuple(projects), points, conditions)


def _unit(routable: RoutableNetwork) -> Callable[[], object]:
    """One search of scipy's from one vertex to all."""
    graph = routable.linked.graph
    secs = graph.costs / graph.scale.per_sec
    matrix = csr_array((secs, graph.heads, graph.first), shape=(graph.vertices,) * 2)
    return lambda: dijkstra(matrix, indices=0)


def median_secs(ask: Callable[[], object], prepare: Callable[[], object] = gc.collect) -> float:
    """The median of some runs; what is prepared before each is not counted."""
    secs = []
    for _ in range(RUNS):
        prepare()
        secs.append(clocked(ask)())
    return statistics.median(secs)


class _Renewed:
    """A scenario's network, put together anew before each run so that nothing of it is known."""

    def __init__(self, case: Case) -> None:
        self._applied = case.plans().applied(case.scenario())
        self.network = self._applied.network

    def renew(self) -> None:
        roads = self._applied.joining.draft.network()
        self.network = TransportNetwork(roads, self.network.stops, self.network.routes)
        gc.collect()


def steps(case: Case) -> dict[str, float]:
    """Seconds of each step; the first one is the unit."""
    here, plans = _Renewed(case), case.plans()
    limit_m = case.conditions.assumptions.snap_limit_m
    stops = case.baseline.stops.geometry

    def compiled(network: TransportNetwork, mode: Mode) -> RoutableNetwork:
        return routable_network(
            network, case.points, travel=Travel(mode), conditions=case.conditions
        )

    def walking(network: TransportNetwork) -> gpd.GeoDataFrame:
        return walk_times(network.roads, case.conditions.assumptions).table

    for mode in MODES:
        compiled(case.baseline, mode)
    found = {"scipy, one to all": median_secs(_unit(compiled(case.baseline, "drive")))}
    found["plan applied to the baseline"] = median_secs(
        lambda: case.plans().applied(case.scenario()).network
    )
    plans.applied(case.scenario())
    found["one scenario more, with most of the same"] = median_secs(
        lambda: plans.applied(case.scenario(without=1)).network
    )
    for mode in MODES:
        found[f"{mode}: graph of a new scenario"] = median_secs(
            lambda mode=mode: compiled(here.network, mode), here.renew
        )
    for mode in MODES:
        found[f"{mode}: graph of a known network"] = median_secs(
            lambda mode=mode: compiled(case.baseline, mode)
        )
    found["streets to walk on, of a new scenario"] = median_secs(
        lambda: walking(here.network), here.renew
    )
    table = [walking(here.network)]
    found[f"{len(stops):,} stops joined to its streets"] = median_secs(
        lambda: find_links(stops, table[0], limit_m),
        lambda: (here.renew(), table.__setitem__(0, walking(here.network))),
    )
    routes = here.network.routes
    found[f"common lines of {len(routes)} routes"] = median_secs(
        lambda: common_legs(routes, "peak", 0.5)
    )
    return found


def main() -> None:
    """Print the table of each case."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--nodes", type=int, default=NODES, help="nodes of the synthetic city")
    nodes = parser.parse_args().nodes
    for make in (bundled, lambda: synthetic(nodes)):
        case = make()
        found = steps(case)
        unit = next(iter(found.values()))
        print(f"\n{case.name}: {len(case.points)} points, {len(case.project_ids)} projects")
        for step, secs in found.items():
            print(f"  {step:<44} {said(secs):>8}  {secs / unit:8.2f} x")


if __name__ == "__main__":
    main()
