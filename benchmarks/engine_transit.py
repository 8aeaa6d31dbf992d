"""The engine's benchmark by public transport: what every zone reaches, on foot and on board."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass

import geopandas as gpd
import numpy as np
import pandas as pd
from machine import Machine
from measuring import RUNS, Contender, Goal, Line, alternating, clocked, floor_line, lines_of, said
from peers import check_same
from scipy.sparse import csr_array
from scipy.sparse.csgraph import dijkstra
from synthetic_grid import CRS, StreetArrays, points_of
from synthetic_transit import with_transit

from analysis.accessibility import accessibility_on
from analysis.graph.conditions import Conditions
from analysis.graph.routable_network import RoutableNetwork, routable_network
from analysis.graph.travel import Travel
from analysis.measures import Measure
from analysis.routing.arcs import STEP_SECS
from analysis.routing.hierarchy.selection import selection
from analysis.routing.linked_points import LinkedPoints
from analysis.routing.router import times_between
from analysis.routing.sweep.phast import LANES
from analysis.routing.sweep.transit_rows import meeting_places
from layers.assumptions import Assumptions
from layers.screenlines import VOLUME_COLUMNS

WALK_KPH = 1.33 * 3.6
ZONES, SEED = 5_000, 3
MOST_PEOPLE = 2_000
CUTOFFS_SECS = (900.0, 1_800.0, 2_700.0, 3_600.0)
ASKED = {"scipy": 20, "networkx": 2}
"""Zones that a peer is asked about; the rest is extrapolated."""


@dataclass(frozen=True)
class Zones:
    """The compiled city, its zones and what is asked about them."""

    routable: RoutableNetwork
    table: gpd.GeoDataFrame
    measures: tuple[Measure, ...]

    @property
    def linked(self) -> LinkedPoints:
        """Between the zones."""
        return self.routable.linked


def city(network: StreetArrays) -> tuple[Zones, dict[str, float]]:
    """The city compiled, and the seconds of each step."""
    study, steps = with_transit(network), {}
    rng = np.random.default_rng(SEED)
    middles = points_of(network)[rng.choice(network.nodes, ZONES, replace=False)]
    people = rng.integers(1, MOST_PEOPLE, ZONES)
    table = gpd.GeoDataFrame({"population": people}, geometry=middles, crs=CRS)
    volumes = pd.DataFrame(columns=list(VOLUME_COLUMNS))
    conditions = Conditions(volumes, Assumptions(walk_speed_kph=WALK_KPH))
    compiled: list[RoutableNetwork] = []

    def compile_it() -> None:
        travel = Travel("transit")
        compiled.append(
            routable_network(study, table.geometry, travel=travel, conditions=conditions)
        )

    steps["graph"] = clocked(compile_it)()
    steps["hierarchy with its order"] = clocked(lambda: compiled[0].linked.hierarchy)()
    measures = tuple(Measure(f"{s:g}", "cumulative", "population", s) for s in CUTOFFS_SECS)
    return Zones(compiled[0], table, measures), steps


def _with_origins(linked: LinkedPoints, zones: int) -> csr_array:
    """Seconds between vertices, with the first zones as further vertices, for scipy."""
    graph, out = linked.graph, linked.access.take(np.arange(zones))
    start = graph.vertices + np.repeat(np.arange(zones), np.diff(out.first))
    tails, heads = np.append(graph.tails, start), np.append(graph.heads, out.at)
    # an arc of no cost would be no arc to scipy
    costs = np.maximum(np.append(graph.costs, out.costs), 1e-3) / graph.scale.per_sec
    size = graph.vertices + zones
    return csr_array((costs, (tails, heads)), shape=(size, size))


def _arrived(linked: LinkedPoints, secs: np.ndarray) -> np.ndarray:
    """Seconds to all zones from seconds to all vertices."""
    into, per_sec = linked.egress, linked.graph.scale.per_sec
    zone = np.repeat(np.arange(linked.count), np.diff(into.first))
    found = np.full((len(secs), linked.count), np.inf)
    for row, own in zip(found, secs, strict=True):
        np.minimum.at(row, zone, own[into.at] + into.costs / per_sec)
    return found


def _check(zones: Zones, matrix: csr_array, found: pd.DataFrame) -> None:
    """Times equal scipy's on the same arcs, and sums equal those of the times."""
    linked, limit = zones.linked, CUTOFFS_SECS[-1]
    some = np.arange(ASKED["scipy"])
    theirs = _arrived(linked, dijkstra(matrix, indices=linked.graph.vertices + some))
    straight = linked.direct.take(some)
    row = np.repeat(some, np.diff(straight.first))
    np.minimum.at(theirs, (row, straight.at), straight.costs / linked.graph.scale.per_sec)
    ours = times_between(linked, limit=limit, origins=some)
    differ = check_same(ours, theirs, limit=limit, close=STEP_SECS)
    people = zones.table["population"].to_numpy()
    for measure in zones.measures:
        sums = (ours <= measure.value + STEP_SECS / 2) @ people
        np.testing.assert_array_equal(sums, found[measure.name].to_numpy()[some])
    print(f"  scipy agrees to {differ:.2g} s", flush=True)


def _peers(zones: Zones, matrix: csr_array) -> dict[str, Contender]:
    """The searches alone, without adding up."""
    import networkx as nx  # noqa: PLC0415 - a peer, which takes a second to load

    first, limit = zones.linked.graph.vertices, CUTOFFS_SECS[-1]
    graph = nx.from_scipy_sparse_array(matrix, create_using=nx.DiGraph)

    def by_networkx() -> None:
        for zone in range(ASKED["networkx"]):
            nx.single_source_dijkstra_path_length(graph, first + zone, cutoff=limit)

    def by_scipy() -> None:
        dijkstra(matrix, indices=first + np.arange(ASKED["scipy"]), limit=limit)

    asks: dict[str, Callable[[], None]] = {"scipy": by_scipy, "networkx": by_networkx}
    return {name: Contender(clocked(ask), ZONES / ASKED[name]) for name, ask in asks.items()}


def _bytes(linked: LinkedPoints) -> float:
    """What one walk down to the zones, and one round of the services, touches for all batches."""
    graph, hierarchy, row = linked.graph, linked.hierarchy, LANES * 4
    limit = graph.scale.cutoff(CUTOFFS_SECS[-1])
    into = linked.egress.at
    ranks = hierarchy.rank[into[into < graph.streets]]
    down = selection(hierarchy, ranks, limit, both=False).down
    core = selection(hierarchy, hierarchy.rank[meeting_places(graph)], limit, both=True)
    beside = (graph.tails >= graph.streets) | (graph.heads >= graph.streets)
    arcs = len(down.costs) + len(core.down.costs) + len(core.up.costs) + int(beside.sum())
    rows = len(down.first) + len(core.down.first) + graph.vertices - graph.streets
    return -(-linked.count // LANES) * (arcs * (8 + row) + rows * 2 * row + linked.count * 2 * row)


def access(network: StreetArrays, machine: Machine, job: str, goal: Goal) -> list[Line]:
    """People that every zone reaches within four cutoffs."""
    zones, steps = city(network)
    graph = zones.linked.graph
    print(f"{job}: {graph.vertices:,} vertices, {len(graph.heads):,} arcs", flush=True)

    def ask() -> pd.DataFrame:
        limit = CUTOFFS_SECS[-1]
        return accessibility_on(zones.linked, zones.table, zones.measures, limit_secs=limit)

    matrix = _with_origins(zones.linked, ASKED["scipy"])
    _check(zones, matrix, ask())
    own, found = alternating(Contender(clocked(ask)), _peers(zones, matrix), RUNS)
    made = ", ".join(f"{name} {said(secs)}" for name, secs in steps.items())
    return [
        *lines_of(f"{job} (compiled before: {made})", own, found, goal),
        floor_line(own, _bytes(zones.linked), machine.all_threads),
    ]
