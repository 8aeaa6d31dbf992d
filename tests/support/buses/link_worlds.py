"""Random buses on a small town, and its closing links found by trying everything."""

from __future__ import annotations

from collections.abc import Collection, Iterator, Sequence
from itertools import pairwise
from typing import Any

import geopandas as gpd
import networkx as nx
import numpy as np
from ascii_worlds import World, world
from bus_answers import ask
from coordinates import CRS
from easy_values import easy, peak_volumes
from hypothesis import strategies as st
from network_parts import area_boxes, route

from analysis.buses.lines.planner import Planner
from analysis.buses.network.bus_graph import BusGraph
from analysis.graph.conditions import Conditions
from geo.areas import StudyArea
from layers.network import TransportNetwork
from layers.transit import TransitRoute

DRAWN = """
    A---B-stC
    |   |   |
    D---E---F
    |   |   |
    G---H---I
    """
STREETS = ("AB", "BC", "DE", "EF", "GH", "HI", "AD", "BE", "CF", "DG", "EH", "FI")
MAY_LACK = ("BE", "EF", "EH", "FI")
STOPS = "ABCDEFGHIst"
# The west, and the east in a north and a south: s and t lie on either side of a border.
AREAS = area_boxes(w=(-5, -5, 1.6, 9), n=(1.6, -5, 9, 1.4), s=(1.6, 1.4, 9, 9))
NEAR = {"stop_area_walk_m": 300.0, "gateway_spacing_m": 300.0, "facing_ends_m": 1_600.0}


@st.composite
def towns(draw: st.DrawFn) -> World:
    """Some streets are one-way, either way, or lacking; no two sums of lengths are the same."""
    streets: dict[str, dict[str, Any]] = {}
    also: dict[str, dict[str, Any]] = {}
    for name, k in zip(STREETS, draw(st.permutations(range(len(STREETS)))), strict=True):
        length = 1_000 + 2.0**k / 4
        kind = draw(st.sampled_from(["both", "both", "both", "there", "back", "lacking"]))
        if kind == "back" or (kind == "lacking" and name in MAY_LACK):
            streets[name] = {"bus": False}
            if kind == "back":
                also[name[::-1]] = {"oneway": True, "length": length}
        else:
            streets[name] = {"oneway": kind == "there", "length": length}
    return world(DRAWN, streets=streets, also=also)


@st.composite
def buses(draw: st.DrawFn, prefix: str = "r") -> list[TransitRoute]:
    """Two to five buses, one over the border at least, most of them both ways."""
    found = []
    for k in range(draw(st.integers(2, 5))):
        first = draw(st.sampled_from("BEHst" if k == 0 else STOPS))
        named = [
            first,
            *draw(st.lists(st.sampled_from("CFI" if k == 0 else STOPS), min_size=1, max_size=3)),
        ]
        stops = [a for a, b in pairwise([*named, ""]) if a != b]
        if len(stops) > 1:
            both = draw(st.sampled_from([True, True, False]))
            found.append(route(f"{prefix}{k}", stops, 120, bidirectional=both))
    return found


def planner(
    network: TransportNetwork,
    areas: StudyArea = AREAS,
    *,
    zones: gpd.GeoDataFrame | None = None,
    spines: Sequence[str] = (),
    **values: Any,
) -> Planner:
    """What finds and values lines, with the easy values and those of `NEAR`."""
    own = easy(**{**NEAR, **values})
    answer = ask(network, areas, spines, **{**NEAR, **values})
    nobody = gpd.GeoDataFrame({"area_id": [], "population": []}, geometry=[], crs=CRS)
    under = Conditions(peak_volumes(), own)
    return Planner(network, answer, areas, nobody if zones is None else zones, spines, under)


# By trying everything -----------------------------------------------------------------------


def road_graph(
    bus: BusGraph, places: Collection[int] | None = None, parts: Collection[int] | None = None
) -> nx.DiGraph:
    """Vertices of the roads and stops on them; arcs over gates bear the gateway.

    Of some places and parts of streets; else of all bus stops and all streets.
    """
    table = bus.question.streets.table
    places = range(len(bus.area_of_stop)) if places is None else places
    gate = dict(zip(bus.gates.table["part"], bus.gates.table["gateway_id"], strict=True))
    snaps = bus.question.snaps
    graph = nx.DiGraph()
    graph.add_nodes_from(("stop", place) for place in places)
    for part in range(len(table)) if parts is None else parts:
        row = table.iloc[part]
        here = snaps.loc[(snaps["street"] == part) & snaps["point"].isin(list(places))]
        on = sorted((snap.fraction, ("stop", snap.point)) for snap in here.itertuples())
        chain = [(0.0, int(row["tail"])), *on, (1.0, int(row["head"]))]
        for (since, a), (upto, b) in pairwise(chain):
            metres = (upto - since) * row["length"]
            for tail, head, whole in (
                (a, b, row["secs_forward"]),
                (b, a, row["secs_backward"]),
            ):
                known = graph.get_edge_data(tail, head, {"metres": np.inf})["metres"]
                if (np.isfinite(whole) or not metres) and metres < known:
                    graph.add_edge(tail, head, metres=metres, gate=gate.get(part))
    return graph


def passed(graph: nx.DiGraph, path: Sequence[Any]) -> list[str]:
    """The gateways on a path; in and straight out again is none."""
    found: list[str] = []
    for gate in (graph.edges[ends]["gate"] for ends in pairwise(path)):
        if gate and found[-1:] == [gate]:
            found.pop()
        elif gate:
            found.append(gate)
    return found


def bus_layers(bus: BusGraph, without: str) -> tuple[nx.DiGraph, list[tuple[str, str, float]]]:
    """Stop areas before and after a border is crossed, without one gateway; and hops over that."""
    graph, over = nx.DiGraph(), []
    graph.add_nodes_from((area, side) for area in bus.areas.index for side in (0, 1))
    for hop in bus.hops.itertuples():
        ways = [(hop.from_area, hop.to_area)]
        for a, b in ways if hop.one_way else [*ways, ways[0][::-1]]:
            if without in hop.gateways:
                over.append((a, b, hop.length_m))
            else:
                add_hop(graph, a, b, hop.length_m, crosses=bool(hop.gateways))
    return graph, over


def add_hop(graph: nx.DiGraph, a: str, b: str, metres: float, *, crosses: bool) -> None:
    for tail, head in (((a, 0), (b, int(crosses))), ((a, 1), (b, 1))):
        known = graph.get_edge_data(tail, head, {"metres": np.inf})["metres"]
        graph.add_edge(tail, head, metres=min(metres, known))


def way_back(graph: nx.DiGraph, a: str, b: str) -> float:
    """Metres by bus from a to b across a border; infinite if there is no such way."""
    try:
        return float(nx.dijkstra_path_length(graph, (a, 0), (b, 1), weight="metres"))
    except nx.NetworkXNoPath:
        return np.inf


def link_candidates(bus: BusGraph, gateway: str) -> Iterator[tuple[float, str, str, bool, bool]]:
    """Every link: metres, stop areas, whether it passes the gateway, whether it passes another."""
    roads = road_graph(bus)
    gates = [(a, b, x["metres"]) for a, b, x in roads.edges(data=True) if x["gate"] == gateway]
    roads.remove_edges_from([(a, b) for a, b, _ in gates])
    metres = dict(nx.all_pairs_dijkstra_path_length(roads, weight="metres"))
    area = dict(enumerate(bus.area_of_stop.values()))
    for p, q in ((p, q) for p in area for q in area if area[p] != area[q]):
        start, end = ("stop", p), ("stop", q)
        for u, v, gate in gates:
            if u in metres[start] and end in metres[v]:
                yield metres[start][u] + gate + metres[v][end], area[p], area[q], True, True
        if end in metres[start]:
            path = nx.dijkstra_path(roads, start, end, weight="metres")
            crosses = bool(passed(roads, path))
            yield metres[start][end], area[p], area[q], False, crosses


def shortest_by_trying(bus: BusGraph, gateway: str, max_m: float) -> float | None:
    """Metres of the shortest link that closes a gateway (`analysis.buses.links.closing_link`)."""
    for metres, a, b, passes, crosses in sorted(link_candidates(bus, gateway)):
        graph, over = bus_layers(bus, gateway)
        if passes:
            fits = metres + way_back(graph, b, a) <= max_m
        else:
            add_hop(graph, a, b, metres, crosses=crosses)
            fits = any(hop + way_back(graph, d, c) <= max_m for c, d, hop in over)
        if fits:
            return metres
    return None
