"""Loop lines against networkx and the definition of loops; buses that feed the spines by hand."""

from __future__ import annotations

from dataclasses import replace
from itertools import chain

import geopandas as gpd
import networkx as nx
import numpy as np
import pytest
from ascii_worlds import World, world
from bus_answers import ask
from bus_worlds import WEST_EAST, ladder
from easy_values import conditions, easy
from hypothesis import event, given
from hypothesis import strategies as st
from hypothesis_settings import examples
from link_worlds import AREAS, NEAR, buses, planner, road_graph, towns
from network_parts import route

from analysis.buses.feeding import feeding, feeding_change
from analysis.buses.lines.loop_lines import (
    LoopLine,
    best_loops,
    loop_candidates,
    loop_proposals,
    loops_saved,
)
from analysis.buses.lines.planner import Planner
from geo.areas import area_of
from layers.transit import TransitRoute

METRO = 1


def loop_lines(plan: Planner, count: int) -> tuple[list[LoopLine], list[float]]:
    """The best loops by way of line 7, and what they save."""
    found = loop_candidates(plan, ["7"])
    saved = loops_saved(plan, found, plan.times([loop.line for loop in found]))
    chosen = best_loops(found, saved, count)
    return [found[n] for n in chosen], [saved[n] for n in chosen]


def leg_metres(plan: Planner, loop: LoopLine) -> float:
    """Each leg inside its area: from the station, between gates, and home."""
    bus, circuit = plan.diagnosis.bus, loop.circuit
    table = bus.routable.streets.table
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


@examples(30, quick=10)
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
    states = plan.diagnosis.gateways.set_index("gateway_id")["state"]
    found, _ = loop_lines(plan, 4)
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


LADDER = ladder()
STATION = route("7", "BE", line="7", route_type=METRO)


@pytest.mark.parametrize(
    ("routes", "stop_ids"),
    [
        (["AB", "CD"], [("B", "C", "B")]),
        (["BF", "CG"], [("B", "C", "G", "F", "B"), ("B", "F", "G", "C", "B")]),
        (["BF"], []),
    ],
)
def test_a_loop_line_stops_beyond_the_border(
    routes: list[str], stop_ids: list[tuple[str, ...]]
) -> None:
    """From the station at B around BC and FG, 4 km; with no stop in the east it serves nobody."""
    numbered = [route(name, name) for name in routes]
    plan = planner(
        LADDER.network(*numbered, STATION), WEST_EAST, spines=["7"], loop_min_km=3.9, max_loop_km=8
    )
    found, saved = loop_lines(plan, 4)
    assert len(found) == bool(stop_ids)
    assert all(loop.line.stop_ids in stop_ids for loop in found)
    table = loop_proposals(plan, found, saved)
    assert table["length_km"].tolist() == pytest.approx([4] * len(found))
    assert [sorted(closes) for closes in table["closes"]] == [["e|w:BC", "e|w:FG"]] * len(found)
    assert table["station"].tolist() == ["stop B"] * len(found)


def test_a_loop_line_leaves_by_one_one_way_road_and_returns_by_another() -> None:
    """From the station at B over BC, which leads east only, and home over GF, which leads west."""
    here = world(
        """
        A---B---C---D
            |   |
        E---F   G---H
        """,
        streets={"BC": {"oneway": True}},
        also={"GF": {"oneway": True}},
    )
    network = here.network(route("1", "CG"), STATION)
    plan = planner(network, WEST_EAST, spines=["7"], loop_min_km=3.9, max_loop_km=8)
    found, _ = loop_lines(plan, 4)
    assert [loop.line.stop_ids for loop in found] == [("B", "C", "G", "B")]
    assert found[0].closes == ("e|w:BC", "e|w:GF")


# Feeding ------------------------------------------------------------------------------------

LINE = world("A---B---C---D")


@pytest.mark.parametrize(
    ("routes", "catchment_m", "minutes", "name"),
    [
        ([route("1", "ABC", 120)], 500, 5 + 2, "1"),
        ([route("1", "CBA", 120)], 500, 5 + 2, "1"),
        ([route("1", "CBA", 120, bidirectional=False)], 500, None, None),
        ([route("1", "AC", 150), route("2", "AC", 180, headway_secs=300.0)], 500, 2.5 + 3, "2"),
        ([route("1", "AB", 120)], 500, None, None),
        ([route("1", "AB", 120)], 1_100, 5 + 2 + 1_300 / 60, "1"),
        ([route("1", "AD", 60)], 1_100, 5 + 1 + 1_300 / 60, "1"),
        ([route("1", "ABC", 120)], 1_100, 5 + 4, "1"),
        ([route("1", "CD", 120)], 1_100, None, None),
        ([], 500, None, None),
    ],
)
def test_the_quickest_bus_to_a_station(
    routes: list[TransitRoute], catchment_m: float, minutes: float | None, name: str | None
) -> None:
    """To C, 0.5 km in the east (D is 1.5 km from the border): half a headway, ride, walk.

    B and D are 1 km from C, where one walks 1300 m: who may walk so far need no bus from B.
    """
    found = feeding(
        LINE.network(route("7", "CD", line="7", route_type=METRO), *routes),
        WEST_EAST,
        spines=["7"],
        conditions=conditions(
            easy(unfed_station_m=1_000.0, bus_catchment_m=catchment_m, detour=1.3)
        ),
    )
    (row,) = found.itertuples()
    assert row.stop_id == "C"
    assert row.from_area == ("w" if minutes else None)
    assert row.minutes == (minutes and pytest.approx(minutes))
    assert row.route_name == name


def test_what_a_new_bus_changes_at_a_station() -> None:
    """It had no bus from the west; now one comes every 10 minutes and takes 2."""
    spine = route("7", "CD", line="7", route_type=METRO)
    was, now = (
        feeding(
            LINE.network(spine, *more),
            WEST_EAST,
            spines=["7"],
            conditions=conditions(easy(unfed_station_m=1_000.0, bus_catchment_m=500.0)),
        )
        for more in ([route("1", "AB")], [route("1", "AB"), route("2", "BC", 120)])
    )
    (row,) = feeding_change(was, now).itertuples()
    assert (row.stop_id, row.from_area, row.scenario_route_name) == ("C", "w", "2")
    assert np.isnan(row.baseline_minutes)
    assert row.scenario_minutes == pytest.approx(7)
