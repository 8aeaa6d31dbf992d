"""Loop lines against networkx and the definition of loops; buses that feed the spines by hand."""

from __future__ import annotations

from dataclasses import replace
from itertools import chain

import geopandas as gpd
import networkx as nx
import numpy as np
import pytest
from bus_worlds import WEST_EAST
from hypothesis import event, given
from hypothesis import strategies as st
from link_worlds import AREAS, NEAR, buses, planner, road_graph, towns
from test_bus_loops import ask
from worlds import World, easy, examples, route, world

from analysis.buses.feeding import feeding, feeding_change
from analysis.buses.planner import Planner
from analysis.buses.proposals import Loop, loop_lines, loop_proposals
from geo.areas import area_of
from layers.transit import TransitRoute

METRO = 1


def leg_metres(plan: Planner, loop: Loop) -> float:
    """Each leg inside its area: from the station, between gates, and home."""
    bus, circuit = plan.answer.bus, loop.circuit
    table = bus.question.streets.table
    middles = table.geometry.interpolate(0.5, normalized=True)
    area = area_of(AREAS, gpd.GeoSeries(middles.to_numpy(), crs=table.crs))
    area[bus.gates.table["part"].to_numpy()] = ""
    station = ("stop", circuit.station)
    stations = [circuit.station]
    ends = [station, *chain.from_iterable(circuit.gates), station]
    areas = [*circuit.areas, circuit.areas[0]]
    total = 0.0
    for name, start, end in zip(areas, ends[::2], ends[1::2], strict=True):
        graph = road_graph(bus, stations, np.flatnonzero(area == name).tolist())
        total += nx.dijkstra_path_length(graph, start, end, weight="metres")
    return total


@examples(30)
@given(
    towns(),
    buses(),
    st.lists(st.sampled_from("ABCDEFGHI"), min_size=2, max_size=3, unique=True),
    st.sampled_from([(3.9, 40.0), (5.0, 8.03)]),
)
def test_a_loop_line_is_as_long_as_its_legs_and_closes_what_it_says(
    town: World, routes: list[TransitRoute], stations: list[str], kms: tuple[float, float]
) -> None:
    network = town.network(*routes, route("7", stations, line="7", route_type=METRO))
    least, most = kms
    plan = planner(network, spines=["7"], loop_min_km=least, max_loop_km=most)
    states = plan.answer.gateways.set_index("gateway_id")["state"]
    found = loop_lines(plan, 4, ["7"])
    event(f"{len(found)} loops")
    for loop in found:
        line = loop.line
        assert least <= line.length_m / 1000 <= most
        assert line.length_m == pytest.approx(leg_metres(plan, loop), abs=0.1)
        assert line.stop_ids[0] == line.stop_ids[-1]
        assert line.stop_ids[0] in stations
        assert set(loop.closes) == {g for g in loop.circuit.gateways if states[g] != "closed"}
        bus = line.route("new", "new", plan.assumptions)
        after = ask(
            replace(network, routes=(*network.routes, bus)), AREAS, **{**NEAR, "max_loop_km": most}
        )
        hops = after.bus.hops.loc[after.bus.hops["route_id"] == "new"]
        assert tuple(chain.from_iterable(hops["gateways"])) == loop.circuit.gateways
        now = after.gateways.set_index("gateway_id")["state"]
        assert {now[gateway] for gateway in loop.closes} == {"closed"}
