"""Bus loops across borders, on worlds whose answers are known by hand; see `bus_answers`."""

from __future__ import annotations

from dataclasses import replace

import geopandas as gpd
import pandas as pd
import pytest
import shapely
from ascii_worlds import STREET, World, roads_of, world
from bus_answers import LADDER, METRO, WEST_EAST, ask, states
from coordinates import CRS, point
from network_parts import area_boxes, areas_of, project, road, route
from random_roads import split_street
from shapely.geometry import LineString

from analysis.buses.gateways import GATEWAY_COLUMNS
from analysis.buses.loops import LOOP_COLUMNS
from geo.areas import borders
from layers.roads import road_network, streets
from layers.scenarios import Scenario, apply_scenario


def test_roads_without_buses_are_unserved() -> None:
    found = ask(LADDER.network(), WEST_EAST)
    assert states(found) == {"BC": "unserved", "FG": "unserved"}
    assert tuple(found.gateways.columns[: len(GATEWAY_COLUMNS)]) == GATEWAY_COLUMNS
    assert found.gateways["border_id"].tolist() == ["east|west"] * 2
    places = found.gateways.set_index("gateway_id").geometry
    assert places["east|west:BC"].distance(point(1_600, 0)) == pytest.approx(0, abs=1e-6)
    assert found.loops.empty


def test_a_route_across_is_open() -> None:
    """Out and back over the same gateway is no loop."""
    found = ask(LADDER.network(route("1", "ABCD")), WEST_EAST)
    assert states(found) == {"BC": "open", "FG": "unserved"}
    assert found.gateways["routes"].tolist() == [["1"], []]
    assert found.gateways["hops"].tolist() == [1, 0]


def test_two_gateways_close_each_other() -> None:
    """B-C-G-F by three routes: 4 km, 4 minutes of riding, 3 x 5 of waiting, 2 changes."""
    network = LADDER.network(route("1", "ABCD"), route("2", "DCGH"), route("3", "HGFB"))
    found = ask(network, WEST_EAST)
    assert states(found) == {"BC": "closed", "FG": "closed"}
    assert tuple(found.loops.columns) == LOOP_COLUMNS
    for loop in found.loops.itertuples():
        assert loop.length_km == pytest.approx(4)
        assert loop.minutes == pytest.approx(4 + 3 * 5)
        assert loop.transfers == 2
        assert sorted(loop.stop_areas) == ["B", "C", "F", "G"]
        assert sorted(loop.gateways) == ["east|west:BC", "east|west:FG"]
        assert sorted(loop.routes) == ["1", "2", "3"]
        assert shapely.Polygon(loop.geometry).area == pytest.approx(1e6)


def test_one_route_that_comes_back_another_way_is_a_loop() -> None:
    """A ring line needs no change."""
    found = ask(LADDER.network(route("ring", "BCGFB")), WEST_EAST)
    assert states(found) == {"BC": "closed", "FG": "closed"}
    assert found.loops["transfers"].tolist() == [0, 0]
    assert found.loops["minutes"].tolist() == pytest.approx([4 + 5] * 2)


def test_routes_that_share_a_road_do_not_close_it() -> None:
    """Two lines over one gateway, ending in different places."""
    network = LADDER.network(route("1", "ABCD"), route("2", "FBCG"))
    assert states(ask(network, WEST_EAST)) == {"BC": "open", "FG": "unserved"}


def test_express_and_local_over_one_gateway_are_no_loop() -> None:
    """They stop at different places, but both cross by BC."""
    network = LADDER.network(route("1", "ABCD"), route("2", "AD", 120))
    assert states(ask(network, WEST_EAST)) == {"BC": "open", "FG": "unserved"}


@pytest.mark.parametrize(("max_loop_km", "state"), [(4.0, "closed"), (3.99, "open")])
def test_a_loop_may_be_only_so_long(max_loop_km: float, state: str) -> None:
    network = LADDER.network(route("ring", "BCGFB"))
    found = ask(network, WEST_EAST, max_loop_km=max_loop_km)
    assert states(found) == {"BC": state, "FG": state}


def test_a_loop_leads_through_a_third_area() -> None:
    """Three areas around the middle; each gateway lies on the one loop of 6 km."""
    here = world(
        """
        A---B---C
        |       |
        D-------E
        """
    )
    areas = area_boxes(west=(-5, -5, 0.6, 5), east=(0.6, -5, 9, 0.6), south=(0.6, 0.6, 9, 5))
    found = ask(here.network(route("1", "ABC"), route("2", "CEDA")), areas)
    assert found.gateways["border_id"].tolist() == ["east|south", "east|west", "south|west"]
    assert states(found) == {"CE": "closed", "AB": "closed", "DE": "closed"}
    assert found.loops["length_km"].tolist() == pytest.approx([6] * 3)
    assert {len(gateways) for gateways in found.loops["gateways"]} == {3}


def test_a_loop_inside_one_area_closes_nothing() -> None:
    """A ring in the east beside a line across."""
    network = LADDER.network(route("1", "AB"), route("2", "BC"), route("3", "CDHGC"))
    assert states(ask(network, WEST_EAST)) == {"BC": "open", "FG": "unserved"}


def test_a_stop_area_astride_the_border_makes_no_loop() -> None:
    """S and t are 500 m apart, on either side, and one stop area; only bus 3 crosses."""
    here = world("A---s-t---D")
    areas = area_boxes(west=(-5, -5, 1.2, 5), east=(1.2, -5, 9, 5))
    network = here.network(route("1", "As"), route("2", "tD"), route("3", "AD"))
    found = ask(network, areas, stop_area_walk_m=600.0)
    assert states(found) == {"AD": "open"}


def test_a_one_way_loop_closes_both_its_gateways() -> None:
    found = ask(LADDER.network(route("ring", "BCGFB", bidirectional=False)), WEST_EAST)
    assert states(found) == {"BC": "closed", "FG": "closed"}


def test_one_way_routes_against_each_other_are_no_loop() -> None:
    """Both lead east: nobody gets back."""
    network = LADDER.network(
        route("1", "FBCG", bidirectional=False), route("2", "FG", bidirectional=False)
    )
    assert states(ask(network, WEST_EAST)) == {"BC": "open", "FG": "open"}


@pytest.mark.parametrize("stops_of_1", ["BC", "CB"])
def test_a_two_way_route_may_be_written_either_way(stops_of_1: str) -> None:
    """The way back is one-way, from B by F and G to C: who rides it comes home from C to B."""
    network = LADDER.network(route("1", stops_of_1), route("2", "BFGC", bidirectional=False))
    assert states(ask(network, WEST_EAST)) == {"BC": "closed", "FG": "closed"}


def test_a_bus_without_a_road_uses_no_gateway() -> None:
    """No bus-allowed way leads over: the hop counts straight and crosses nowhere."""
    here = world("A---B---C", streets={"BC": {"bus": False}})
    found = ask(here.network(route("1", "ABC")), WEST_EAST)
    assert found.gateways.empty
    assert found.gaps.empty


def test_other_modes_are_no_buses() -> None:
    network = LADDER.network(route("1", "ABCD", route_type=METRO), route("2", "EFGH", route_type=0))
    assert states(ask(network, WEST_EAST)) == {"BC": "unserved", "FG": "unserved"}


def test_a_hop_may_pass_through_an_area_without_stopping() -> None:
    """A-D crosses the middle area: it uses both of its gateways."""
    here = world("A---B---C---D")
    areas = area_boxes(west=(-5, -5, 1.6, 5), middle=(1.6, -5, 1.8, 5), east=(1.8, -5, 9, 5))
    found = ask(here.network(route("1", "AD", 180)), areas, gateway_spacing_m=0.0)
    assert found.gateways["state"].tolist() == ["open", "open"]
    assert found.gateways["border_id"].tolist() == ["east|middle", "middle|west"]


# Gateways -----------------------------------------------------------------------------------


@pytest.mark.parametrize(("reach_m", "count"), [(1_599.0, 0), (1_600.0, 0), (1_700.0, 1)])
def test_a_road_that_turns_back_at_the_border_does_not_cross(reach_m: float, count: int) -> None:
    """Nor is it used where it makes a short bend into the other area: in and out again."""
    ends = {"A": point(0, 0), "B": point(0, 1_000)}
    bend = LineString([ends["A"], point(reach_m, 500), ends["B"]])
    street = {**STREET, "u": "A", "v": "B", "osmid": "AB", "name": "AB", "geometry": bend}
    here = World(roads_of(ends, [street]), gpd.GeoSeries(ends, crs=CRS))
    found = ask(here.network(route("1", "AB")), WEST_EAST)
    assert found.gateways["state"].tolist() == ["unserved"] * count


def test_a_road_along_the_border_crosses_where_it_leaves_for_the_other_side() -> None:
    """A-B in the west, B-C along the border, C-D into the east: one gateway, served."""
    here = world(
        """
        A---B
            |
            C---D
        """
    )
    areas = area_boxes(west=(-5, -5, 1, 5), east=(1, -5, 9, 5))
    found = ask(here.network(route("1", "ABCD")), areas)
    assert found.gateways["state"].tolist() == ["open"]
    back = world(
        """
        A---B
            |
        D---C
        """
    )
    assert ask(back.network(route("1", "ABCD")), areas).gateways.empty


@pytest.mark.parametrize("share", [0.6, 0.25, 0.9])
def test_splitting_a_street_changes_no_gateway(share: float) -> None:
    """Also right on the border, 0.6 along BC."""
    network = LADDER.network(route("ring", "BCGFB"), route("1", "ABCD"))
    roads = network.roads
    table = streets(roads)
    number = int(table.index[table["osmid"] == "BC"][0])
    middle = table.geometry[number].interpolate(share, normalized=True)
    nodes = pd.concat([roads.nodes, roads_of({"M": middle}, []).nodes])
    split = replace(network, roads=road_network(nodes, split_street(table, number, share, "M")))
    before, after = ask(network, WEST_EAST), ask(split, WEST_EAST)
    columns = ["gateway_id", "state", "roads", "hops"]
    assert (
        after.gateways[columns].to_numpy().tolist() == before.gateways[columns].to_numpy().tolist()
    )
    assert after.loops["length_km"].tolist() == pytest.approx(before.loops["length_km"].tolist())


@pytest.mark.parametrize(("spacing_m", "count"), [(999.0, 2), (1_001.0, 1)])
def test_crossings_near_each_other_are_one_gateway(spacing_m: float, count: int) -> None:
    """BC and FG cross 1000 m apart along the border; as one gateway nothing closes it."""
    network = LADDER.network(route("ring", "BCGFB"))
    found = ask(network, WEST_EAST, gateway_spacing_m=spacing_m)
    assert len(found.gateways) == count
    state = "closed" if count == 2 else "open"
    assert found.gateways["state"].tolist() == [state] * count
    assert sorted(name for roads in found.gateways["roads"] for name in roads) == ["BC", "FG"]


def test_crossings_are_near_along_a_border_that_closes_on_itself() -> None:
    """The ring lies all round the core; two roads leave it, 200 m apart.

    Between them is the core's westernmost corner, where its outline begins and ends.
    """
    here = world(
        """
        A---B

        C---D
        """,
        scale_m=200,
    )
    corners = [(100, -900), (90, 100), (100, 1_100), (2_000, 1_100), (2_000, -900)]
    core = shapely.Polygon([point(*corner) for corner in corners])
    areas = areas_of({"core": core, "ring": core.buffer(3_000).difference(core)})
    (line,) = borders(areas).geometry
    assert line.coords[0] == line.coords[-1] == point(90, 100).coords[0]
    assert ask(here.network(), areas).gateways["roads"].tolist() == [["AB", "CD"]]


def test_a_planned_road_whose_connection_crosses_the_border() -> None:
    """It ends 200 m west of the border and joins the street NS, 100 m east of it."""
    here = world(
        """
        W       N
                |
                s
                |
                S
        """
    )
    areas = area_boxes(west=(-5, -5, 1.9, 5), east=(1.9, -5, 9, 5))
    line = LineString([point(-2_000, 1_000), point(1_800, 1_000)])
    plan = project("P", roads=[road("P", line)])
    network = apply_scenario(
        here.network(), Scenario("", "", "", ("P",)), projects={"P": plan}, portal_snap_m=300
    ).network
    found = ask(network, areas)
    assert found.gateways["roads"].tolist() == [["P+join"]]
    assert found.gateways["name"].map(type).tolist() == [str]


def test_a_stop_between_two_others_does_not_take_their_hop_away() -> None:
    """Two stop areas, s and t, 1 km apart over the border, and with x between them one.

    Route 1 still crosses there: its gateway is served, whoever else stops at x.
    """
    here = world("A---s-x-t---D")
    areas = area_boxes(west=(-5, -5, 1.3, 5), east=(1.3, -5, 9, 5))
    first, other = route("1", "AstD"), route("2", "xD")
    assert states(ask(here.network(first), areas, stop_area_walk_m=600.0)) == {"AD": "open"}
    assert states(ask(here.network(first, other), areas, stop_area_walk_m=600.0)) == {"AD": "open"}


def test_a_road_that_leaves_the_study_area_beyond_the_border_crosses_it() -> None:
    """West to 1 km, east to 1.5 km, nothing beyond; the road ends at 3 km."""
    here = world("A-----------B")
    areas = area_boxes(w=(-1, -1, 1, 1), e=(1, -1, 1.5, 1))
    found = ask(here.network(), areas)
    assert found.gateways["gateway_id"].tolist() == ["e|w:AB"]
    assert found.gateways.geometry[0].distance(point(1_000, 0)) < 1
