"""Bus loops across borders, on worlds whose answers are known by hand.

Blocks are 1 km, a hop takes 60 s and a bus comes every 600 s unless a test says otherwise. Areas
are boxes in km from the first character of a drawing: left, top, right, bottom.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from itertools import pairwise
from random import Random
from typing import Any

import geopandas as gpd
import networkx as nx
import pandas as pd
import pytest
import shapely
from ascii_worlds import STREET, World, roads_of, world
from coordinates import CRS, point
from easy_values import easy
from hypothesis import given
from hypothesis import strategies as st
from hypothesis_settings import examples
from network_parts import area_boxes, areas_of, project, road, route
from random_roads import split_street
from shapely.geometry import LineString

from analysis.buses.diagnosis import BusAnswer, bus_answer
from analysis.buses.gaps import GAP_COLUMNS, GAP_KINDS
from analysis.buses.gateways import GATEWAY_COLUMNS
from analysis.buses.loops import LOOP_COLUMNS
from geo.areas import StudyArea, borders
from layers.network import TransportNetwork
from layers.roads import road_network, streets
from layers.scenarios import Scenario, apply_scenario
from layers.transit import TransitRoute

METRO = 1


def ask(
    network: TransportNetwork, areas: StudyArea, spines: Sequence[str] = (), **values: Any
) -> BusAnswer:
    """Gateways, loops and gaps."""
    near = {"stop_area_walk_m": 100.0, "gateway_spacing_m": 300.0, "facing_ends_m": 1_600.0}
    return bus_answer(network, areas, spines=spines, assumptions=easy(**{**near, **values}))


def states(found: BusAnswer) -> dict[str, str]:
    """State by the name of the gateway's first road."""
    names = [roads[0] for roads in found.gateways["roads"]]
    return dict(zip(names, found.gateways["state"], strict=True))


def kinds(found: BusAnswer) -> dict[str, str]:
    """Kind of gap by gateway's first road, or by station."""
    roads = {row.gateway_id: row.roads[0] for row in found.gateways.itertuples()}
    return {row.stop_id or roads[row.gateway_id]: row.kind for row in found.gaps.itertuples()}


# Two roads from west to east, joined on either side; the border runs between B and C.
LADDER = world(
    """
    A---B---C---D
        |   |
    E---F---G---H
    """
)
WEST_EAST = area_boxes(west=(-5, -5, 1.6, 5), east=(1.6, -5, 9, 5))


# States -------------------------------------------------------------------------------------


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


# Gaps ---------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("routes", "kind"),
    [
        ((), "unserved"),
        ((route("w", "AB"),), "one_sided"),
        ((route("e", "DC"),), "one_sided"),
        ((route("w", "AB"), route("e", "DC")), "facing_ends"),
        ((route("1", "ABCD"),), "open_end"),
        ((route("1", "ABCD"), route("w", "AB"), route("e", "DC")), "open_end"),
        ((route("w", "AB"), route("far", "HG")), "facing_ends"),
        ((route("loop", "BFEAB"), route("e", "DC")), "one_sided"),
        ((route("w", "EA"), route("e", "DC")), "facing_ends"),
        ((route("w", "FE"), route("e", "DC")), "facing_ends"),
    ],
)
def test_kinds_of_gaps(routes: tuple[TransitRoute, ...], kind: str) -> None:
    """Ends within 1.6 km of BC by road: A, B and F in the west, C, D and G in the east."""
    found = ask(LADDER.network(*routes), WEST_EAST)
    assert kinds(found)["BC"] == kind
    assert tuple(found.gaps.columns) == GAP_COLUMNS
    assert set(found.gaps["kind"]) <= set(GAP_KINDS)


def test_closed_gateways_are_no_gaps() -> None:
    assert ask(LADDER.network(route("ring", "BCGFB")), WEST_EAST).gaps.empty


def test_a_gap_names_the_routes_that_end_near_it() -> None:
    network = LADDER.network(route("w1", "AB"), route("w2", "EF"), route("e", "HG"))
    gaps = ask(network, WEST_EAST, facing_ends_m=700.0).gaps.set_index("gateway_id")
    assert gaps.loc["east|west:BC", ["kind", "routes_a", "routes_b"]].tolist() == [
        "one_sided",
        [],
        ["w1"],
    ]
    assert gaps.loc["east|west:FG", ["kind", "routes_a", "routes_b"]].tolist() == [
        "facing_ends",
        ["e"],
        ["w2"],
    ]


def test_ends_are_near_by_road_not_by_air() -> None:
    """F is 1.17 km from BC's gateway straight and 1.6 km by road."""
    network = LADDER.network(route("w", "EF"))
    for facing_ends_m, kind in ((1_599.0, "unserved"), (1_601.0, "one_sided")):
        assert kinds(ask(network, WEST_EAST, facing_ends_m=facing_ends_m))["BC"] == kind


METRO_LINE = route("7", "Ax", line="7", route_type=METRO)
STATION = world(
    """
    A---B---C---D
        |   |
    E---F---G---H
       x
    """
)


@pytest.mark.parametrize(
    ("buses", "unfed"),
    [
        ((), ["A", "x"]),
        ((route("1", "EF"),), ["A", "x"]),
        ((route("1", "EFGH"),), ["A"]),
        ((route("1", "EFB"), route("2", "BCD")), ["A", "x"]),
        ((route("1", "ABCD"),), ["x"]),
    ],
)
def test_a_spine_station_wants_a_bus_over_the_border(
    buses: tuple[TransitRoute, ...], unfed: list[str]
) -> None:
    """Within 600 m of a stop of a bus that crosses; a bus that stays on its side feeds nothing."""
    network = STATION.network(METRO_LINE, *buses)
    gaps = ask(network, WEST_EAST, spines=["7"], bus_catchment_m=600.0).gaps
    stations = gaps.loc[gaps["kind"] == "unfed_station"]
    assert sorted(stations["stop_id"]) == unfed
    assert stations["gateway_id"].isna().all()
    assert set(stations["border_id"]) == {"east|west"}


def test_only_stations_of_the_spines_near_the_border_count() -> None:
    """A lies 1600 m from the border, x 850 m; nobody asks for line 5."""
    network = STATION.network(METRO_LINE)
    for spines, unfed_m, count in ((["7"], 1_601.0, 2), (["7"], 1_599.0, 1), (["5"], 3_000.0, 0)):
        gaps = ask(network, WEST_EAST, spines=spines, unfed_station_m=unfed_m).gaps
        assert (gaps["kind"] == "unfed_station").sum() == count


# Invariants ---------------------------------------------------------------------------------

# Twelve corners, three areas: the west, and the east in a north and a south.
TOWN = world(
    """
    A---B---C---D
    |   |   |   |
    E---F---G---H
    |   |   |   |
    I---J---K---L
    """
)
TOWN_AREAS = area_boxes(west=(-5, -5, 1.6, 9), north=(1.6, -5, 9, 1.4), south=(1.6, 1.4, 9, 9))
GATEWAYS = {"BC", "FG", "JK", "GK", "HL"}
CORNERS = "ABCDEFGHIJKL"


def neighbours(corner: str) -> list[str]:
    """The corners a block away."""
    row, column = divmod(CORNERS.index(corner), 4)
    steps = ((row - 1, column), (row + 1, column), (row, column - 1), (row, column + 1))
    return [CORNERS[4 * r + c] for r, c in steps if 0 <= r < 3 and 0 <= c < 4]


@st.composite
def random_routes(draw: st.DrawFn, prefix: str = "r") -> list[TransitRoute]:
    """One to five buses that wander from corner to corner, some of them one-way."""
    found = []
    for k in range(draw(st.integers(1, 5))):
        stops = [draw(st.sampled_from(CORNERS))]
        for _ in range(draw(st.integers(1, 5))):
            stops.append(draw(st.sampled_from(neighbours(stops[-1]))))
        found.append(route(f"{prefix}{k}", stops, bidirectional=draw(st.booleans())))
    return found


def street_of(a: str, b: str) -> str:
    return min(a, b) + max(a, b)


def oracle(routes: Sequence[TransitRoute], max_loop_km: float) -> dict[str, float | None]:
    """Kilometres of the shortest loop through each served gateway; None if it has no loop.

    Every hop is a block. Delete the hops over the gateway: how far is it back?
    """
    hops = [pair for item in routes for pair in pairwise(item.stop_ids)]
    back = [(b, a) for item in routes if item.bidirectional for a, b in pairwise(item.stop_ids)]
    rides = {*hops, *back}
    found: dict[str, float | None] = {}
    for gateway in GATEWAYS & {street_of(*ride) for ride in rides}:
        rest = nx.DiGraph([ride for ride in rides if street_of(*ride) != gateway])
        rest.add_nodes_from(CORNERS)
        ways = [
            1.0 + nx.shortest_path_length(rest, b, a)
            for a, b in rides
            if street_of(a, b) == gateway and nx.has_path(rest, b, a)
        ]
        found[gateway] = min((way for way in ways if way <= max_loop_km), default=None)
    return found


@examples(60)
@given(random_routes(), st.sampled_from([4.0, 6.0, 40.0]))
def test_states_and_lengths_are_those_of_networkx(
    routes: list[TransitRoute], max_loop_km: float
) -> None:
    found = ask(TOWN.network(*routes), TOWN_AREAS, max_loop_km=max_loop_km)
    wanted = oracle(routes, max_loop_km)
    assert states(found) == {
        gateway: ("closed" if wanted[gateway] else "open") if gateway in wanted else "unserved"
        for gateway in GATEWAYS
    }
    roads = found.gateways.set_index("gateway_id")["roads"]
    lengths = {roads[loop.gateway_id][0]: loop.length_km for loop in found.loops.itertuples()}
    assert lengths == pytest.approx({name: km for name, km in wanted.items() if km})


@examples(25)
@given(random_routes(), st.randoms(use_true_random=False))
def test_the_order_of_routes_and_areas_changes_nothing(
    routes: list[TransitRoute], random: Random
) -> None:
    """Nor does the direction in which a two-way route is written."""
    areas = TOWN_AREAS.areas.sample(frac=1, random_state=random.randint(0, 99))
    turned = [
        replace(item, stop_ids=item.stop_ids[::-1])
        if item.bidirectional and random.random() < 0.5
        else item
        for item in random.sample(routes, len(routes))
    ]
    one = ask(TOWN.network(*routes), TOWN_AREAS)
    other = ask(TOWN.network(*turned), StudyArea(areas.reset_index(drop=True)))
    assert states(one) == states(other)
    assert kinds(one) == kinds(other)
    assert one.loops["length_km"].tolist() == pytest.approx(other.loops["length_km"].tolist())


@examples(25)
@given(random_routes(), random_routes(prefix="s"))
def test_another_route_never_opens_a_closed_gateway(
    routes: list[TransitRoute], more: list[TransitRoute]
) -> None:
    """Nor does it leave a served one unserved, nor make a loop longer."""
    rank = {"unserved": 0, "open": 1, "closed": 2}
    fewer, all_of_them = (
        ask(TOWN.network(*routes), TOWN_AREAS),
        ask(TOWN.network(*routes, *more), TOWN_AREAS),
    )
    before, after = states(fewer), states(all_of_them)
    assert all(rank[after[name]] >= rank[before[name]] for name in GATEWAYS)
    shorter = all_of_them.loops.set_index("gateway_id")["length_km"]
    for loop in fewer.loops.itertuples():
        assert shorter[loop.gateway_id] <= loop.length_km + 1e-9


def test_a_stop_between_two_others_does_not_take_their_hop_away() -> None:
    """Two stop areas, s and t, 1 km apart over the border, and with x between them one.

    Route 1 still crosses there: its gateway is served, whoever else stops at x.
    """
    here = world("A---s-x-t---D")
    areas = area_boxes(west=(-5, -5, 1.3, 5), east=(1.3, -5, 9, 5))
    first, other = route("1", "AstD"), route("2", "xD")
    assert states(ask(here.network(first), areas, stop_area_walk_m=600.0)) == {"AD": "open"}
    assert states(ask(here.network(first, other), areas, stop_area_walk_m=600.0)) == {"AD": "open"}


@examples(25)
@given(random_routes())
def test_a_loop_is_a_loop_of_buses(routes: list[TransitRoute]) -> None:
    """Its stop areas are neighbours in turn, each joined by a bus; one id means one loop."""
    found = ask(TOWN.network(*routes), TOWN_AREAS)
    served = {street_of(*pair) for item in routes for pair in pairwise(item.stop_ids)}
    for loop in found.loops.itertuples():
        ring = [*loop.stop_areas, loop.stop_areas[0]]
        assert {street_of(*pair) for pair in pairwise(ring)} <= served
        assert len(set(loop.stop_areas)) == len(loop.stop_areas) == round(loop.length_km)
        assert loop.gateway_id in loop.gateways
        assert loop.minutes >= loop.length_km + 5 - 1e-9
    told: dict[str, set[str]] = {}
    for loop in found.loops.itertuples():
        assert told.setdefault(loop.loop_id, set(loop.gateways)) == set(loop.gateways)


def test_a_road_that_leaves_the_study_area_beyond_the_border_crosses_it() -> None:
    """West to 1 km, east to 1.5 km, nothing beyond; the road ends at 3 km."""
    here = world("A-----------B")
    areas = area_boxes(w=(-1, -1, 1, 1), e=(1, -1, 1.5, 1))
    found = ask(here.network(), areas)
    assert found.gateways["gateway_id"].tolist() == ["e|w:AB"]
    assert found.gateways.geometry[0].distance(point(1_000, 0)) < 1
