"""Streets from OpenStreetMap: who meets whom, who may go where, how fast and how far.

Unless a tag says otherwise streets are `TEN_MPS`: 100 m (four characters of a drawing) take a car
10 s and a walker 100 s.
"""

from __future__ import annotations

from collections.abc import Mapping
from itertools import pairwise

import geopandas as gpd
import numpy as np
import pandas as pd
import pytest
import shapely
from coordinates import point
from easy_values import easy
from hypothesis import assume, given
from hypothesis import strategies as st
from hypothesis_settings import examples
from network_parts import stops
from osm_worlds import CRS, NEAR_M, TEN_MPS, box, drawn, kinds, lonlat_at, name, osm_world
from travel_times_between import times

from analysis.routing.arcs import STEP_SECS
from geo.osm.elements import OsmElements, Tags, elements
from layers.network import TransportNetwork
from layers.osm.roads.streets import STREET_COLUMNS, osm_streets
from layers.osm.tags import lane_count
from layers.roads import road_network

SAME_SECS = 1e-9
SPLIT_SECS = STEP_SECS / 2
NEVER = float("inf")
CROSS = """
        D
        |
    A---B---C
        |
        E
"""
LONG_CROSS = """
            D
            |
    A---B---+---C---F
            |
            E
"""
ROAD = {"highway": "primary"}
TUNNEL = {**TEN_MPS, "tunnel": "yes", "layer": "-1"}
BRIDGE = {**TEN_MPS, "bridge": "yes", "layer": "1"}


def one_street(**tags: str) -> pd.Series:
    """The only street of a straight way of 100 m; without `highway` it is a primary road."""
    [(_, street)] = osm_world("A---B", {"AB": {**ROAD, **tags}}).streets().iterrows()
    return street


def problem_kinds(**tags: str) -> list[str]:
    return kinds(osm_world("A---B", {"AB": {**ROAD, **tags}}).roads().problems)


# Junctions ----------------------------------------------------------------------------------


def test_ways_that_share_a_node_meet_there() -> None:
    streets = osm_world(CROSS, {"ABC": TEN_MPS, "DBE": TEN_MPS}).streets()
    assert drawn(streets) == ["AB", "BC", "BE", "DB"]
    np.testing.assert_allclose(streets["length"], 100.0, atol=NEAR_M)


def test_ways_that_cross_without_a_node_do_not_meet() -> None:
    streets = osm_world(CROSS, {"AC": TEN_MPS, "DE": TEN_MPS}).streets()
    assert drawn(streets) == ["AC", "DE"]


@pytest.mark.parametrize("tags", [TUNNEL, BRIDGE])
def test_nobody_turns_off_midway_in_a_tunnel_or_on_a_bridge(tags: Tags) -> None:
    """The street DE passes the middle of BC and meets nothing."""
    here = osm_world(LONG_CROSS, {"AB": TEN_MPS, "BC": tags, "CF": TEN_MPS, "DE": TEN_MPS})
    assert here.secs("AF") == 40.0
    assert here.secs("AD") == NEVER


def test_a_tunnel_is_joined_at_its_portals_only() -> None:
    """The street from D passes over the middle of BC and reaches it by way of G and C."""
    drawing = """
            D---G
            |   |
    A---B---+---C---F
    """
    ways = {"AB": TEN_MPS, "BC": TUNNEL, "CF": TEN_MPS, "DGC": TEN_MPS}
    assert osm_world(drawing, ways).secs("AD") == 10 + 20 + 10 + 10


def test_a_street_keeps_every_node_of_its_way() -> None:
    drawing = """
    A   C
      B   D
    """
    [street] = osm_world(drawing, {"ABCD": ROAD}).streets().itertuples()
    spots = [point(0, 0), point(50, 50), point(100, 0), point(150, 50)]
    np.testing.assert_allclose(
        shapely.get_coordinates(street.geometry), shapely.get_coordinates(spots), atol=NEAR_M
    )
    assert street.length == pytest.approx(3 * 50 * np.sqrt(2), abs=NEAR_M)


def test_each_street_of_a_way_has_an_id_of_its_own() -> None:
    here = osm_world(CROSS, {"ABC": ROAD, "DBE": ROAD})
    assert here.streets().index.tolist() == ["1", "1.2", "2", "2.2"]
    assert here.streets()["way_id"].tolist() == [1, 1, 2, 2]


def test_nodes_are_the_ends_of_streets_where_they_stand() -> None:
    here = osm_world("A---B---C", {"ABC": ROAD})
    nodes = here.roads().nodes
    assert [name(node) for node in nodes.index] == ["A", "C"]
    np.testing.assert_allclose(nodes[["x", "y"]], shapely.get_coordinates(nodes.geometry))
    away = shapely.distance(nodes.geometry.to_numpy(), here.places[["A", "C"]].to_numpy())
    np.testing.assert_allclose(away, 0.0, atol=1e-6)


def test_a_street_that_comes_back_to_its_start_is_cut_in_two() -> None:
    drawing = """
    A---B---C
        |   |
        E---D
    """
    streets = osm_world(drawing, {"AB": TEN_MPS, "BCDEB": TEN_MPS}).streets()
    assert drawn(streets) == ["AB", "BD", "DB"]
    assert streets["length"].sum() == pytest.approx(100 + 400, abs=NEAR_M)


def test_a_way_that_crosses_itself_meets_itself() -> None:
    drawing = """
        D---C
        |   |
    A---B---E
        |
        F
    """
    streets = osm_world(drawing, {"ABECDBF": ROAD}).streets()
    assert drawn(streets) == ["AB", "BC", "BF", "CB"]


def test_a_way_there_and_back_is_two_streets_of_one_drawing() -> None:
    found = osm_world("A---B---C", {"ABCBA": ROAD}).roads()
    assert drawn(found.table) == ["AB", "BA", "BC", "CB"]


# One-way ------------------------------------------------------------------------------------


def test_a_dual_carriageway_is_driven_on_the_right_side_only() -> None:
    drawing = """
    A---B---C
    |       |
    F---E---D
    """
    one_way = {**TEN_MPS, "oneway": "yes"}
    here = osm_world(drawing, {"CBA": one_way, "FED": one_way, "AF": TEN_MPS, "CD": TEN_MPS})
    assert here.secs("FD") == 20.0
    assert here.secs("DF") == 10.0 + 20.0 + 10.0
    assert here.secs("DF", "walk") == 200.0


def test_a_ramp_leads_down_and_not_up() -> None:
    drawing = """
    A---B---C
         \\
          D---E
    """
    ramp = {"highway": "motorway_link", "oneway": "yes", "maxspeed": "36"}
    ways = {"ABC": {**TEN_MPS, "oneway": "yes"}, "BD": ramp, "DE": TEN_MPS}
    here = osm_world(drawing, ways)
    assert here.secs("AE") == pytest.approx(10 + np.hypot(5, 10) + 10, abs=0.1)
    assert here.secs("EA") == NEVER


ROUNDABOUT = """
        A
        |
        N
      /   \\
D---W       E---B
      \\   /
        S
        |
        C
"""
RING = {"highway": "primary", "junction": "roundabout", "maxspeed": "36"}


def test_a_roundabout_is_cut_at_its_arms_and_driven_one_way() -> None:
    """Counter-clockwise: from north by west, south and east."""
    ways = {"NWSEN": RING, "AN": TEN_MPS, "BE": TEN_MPS, "CS": TEN_MPS, "DW": TEN_MPS}
    here = osm_world(ROUNDABOUT, ways)
    streets = here.streets()
    assert drawn(streets.loc[streets["way_id"] == 1]) == ["EN", "NW", "SE", "WS"]
    quarter = np.hypot(100, 100) / 10
    assert here.secs("AD") == pytest.approx(10 + quarter + 10, abs=0.1)
    assert here.secs("DA") == pytest.approx(10 + 3 * quarter + 10, abs=0.1)


def test_a_street_against_its_drawing_is_turned() -> None:
    [street] = osm_world("A---B---C", {"ABC": {**ROAD, "oneway": "-1"}}).streets().itertuples()
    assert (name(street.u), name(street.v), street.oneway) == ("C", "A", True)
    assert shapely.get_coordinates(street.geometry)[0, 0] == pytest.approx(point(200, 0).x, abs=0.1)


def test_pieces_of_a_turned_way_follow_each_other() -> None:
    here = osm_world(CROSS, {"ABC": {**TEN_MPS, "oneway": "-1"}, "DBE": TEN_MPS})
    assert here.secs("CA") == 20.0
    assert here.secs("AC") == NEVER


# Edges of the data --------------------------------------------------------------------------


def test_pieces_with_neither_end_in_the_place_are_cut_off() -> None:
    """The place reaches from the left of B to the right of C."""
    here = osm_world("A---B---C---D---E", {"ABCDE": ROAD})
    place = box(80, -50, 220, 50)
    assert drawn(here.streets(place)) == ["AD"]
    assert here.streets(place)["length"].sum() == pytest.approx(300, abs=NEAR_M)


def test_a_way_that_leaves_the_place_and_comes_back_is_two_streets() -> None:
    drawing = """
    A---B       H---I
        |       |
        C       G
        |       |
        D---E---F
    """
    here = osm_world(drawing, {"ABCDEFGHI": ROAD})
    assert drawn(here.streets(box(-50, -50, 450, 40))) == ["AC", "GI"]


def test_a_way_is_cut_where_its_nodes_are_missing() -> None:
    found = osm_world("A---B       D---E", {"ABCDE": ROAD}).roads()
    assert drawn(found.table) == ["AB", "DE"]
    assert [(p.kind, p.message) for p in found.problems] == [("way-node-missing", "1 of 5 nodes")]


def test_a_node_twice_in_a_row_counts_once() -> None:
    found = osm_world("A---B---C", {"ABBC": ROAD}).roads()
    assert drawn(found.table) == ["AC"]
    assert found.table["length"].tolist() == pytest.approx([200], abs=NEAR_M)
    assert kinds(found.problems) == ["way-node-doubled"]


@pytest.mark.parametrize("nodes", ["A", "AA"])
def test_a_way_of_one_place_is_no_street(nodes: str) -> None:
    assert len(osm_world("A---B", {nodes: ROAD, "AB": ROAD}).streets()) == 1


def test_without_ways_there_are_no_streets() -> None:
    found = osm_world("A---B", {}).roads()
    assert len(found.table) == len(found.nodes) == len(found.problems) == 0
    assert tuple(found.table.columns) == STREET_COLUMNS


# Who may use a street -----------------------------------------------------------------------


def test_a_street_that_nobody_may_use_is_left_out() -> None:
    here = osm_world("A---B---C", {"AB": ROAD, "BC": {**ROAD, "access": "private"}})
    assert drawn(here.streets()) == ["AB"]


def test_cars_keep_out_of_a_bus_lane_and_walkers_use_it() -> None:
    here = osm_world("A---B", {"AB": {**TEN_MPS, "motor_vehicle": "no", "bus": "yes"}})
    assert here.streets()[["drive", "walk", "bus"]].iloc[0].tolist() == [False, True, True]
    assert here.secs("AB", "walk") == 100.0


def test_a_platform_drawn_as_a_way_is_walked() -> None:
    street = one_street(highway="platform")
    here = osm_world("A---B", {"AB": {"railway": "platform"}})
    assert street["walk"]
    assert here.streets()["highway"].tolist() == ["platform"]


# Barriers -----------------------------------------------------------------------------------


def test_cars_do_not_pass_a_bollard_but_walkers_do() -> None:
    here = osm_world("A---B---C", {"ABC": TEN_MPS}, nodes={"B": {"barrier": "bollard"}})
    assert here.secs("AC") == NEVER
    assert here.secs("AC", "walk") == 200.0


def test_a_bollard_closes_a_metre_on_each_side_and_no_length_is_lost() -> None:
    here = osm_world("A---B---C", {"ABC": TEN_MPS}, nodes={"B": {"barrier": "bollard"}})
    streets = here.streets()
    assert drawn(streets) == ["*B", "*C", "A*", "B*"]
    closed = streets.loc[~streets["drive"]]
    assert drawn(closed) == ["*B", "B*"]
    np.testing.assert_allclose(closed["length"], 1.0, atol=0.05)
    assert streets["length"].sum() == pytest.approx(200, abs=NEAR_M)


def test_cars_reach_a_bollard_from_both_sides() -> None:
    here = osm_world("A---B---C", {"ABC": TEN_MPS}, nodes={"B": {"barrier": "bollard"}})
    assert here.streets()["drive"].tolist() == [True, False, False, True]


def test_a_private_gate_stops_everybody() -> None:
    gate = {"barrier": "gate", "access": "private"}
    here = osm_world("A---B---C", {"ABC": TEN_MPS}, nodes={"B": gate})
    assert here.secs("AC", "walk") == NEVER


def test_an_open_gate_does_not_cut_the_street() -> None:
    here = osm_world("A---B---C", {"ABC": TEN_MPS}, nodes={"B": {"barrier": "gate"}})
    assert drawn(here.streets()) == ["AC"]


def test_two_bollards_in_a_row_close_a_third_of_the_way_between() -> None:
    bollards = {"B": {"barrier": "bollard"}, "C": {"barrier": "bollard"}}
    here = osm_world("A---BC---D", {"ABCD": TEN_MPS}, nodes=bollards, scale_m=4.0)
    streets = here.streets()
    assert streets["length"].sum() == pytest.approx(9.0, abs=NEAR_M)
    np.testing.assert_allclose(streets["length"], [3, 1, 1 / 3, 1 / 3, 1 / 3, 1, 3], atol=NEAR_M)
    assert here.secs("AD", "walk") == pytest.approx(9.0, abs=NEAR_M)


def test_a_bollard_in_a_junction_closes_all_its_arms() -> None:
    here = osm_world(CROSS, {"ABC": TEN_MPS, "DBE": TEN_MPS}, nodes={"B": {"barrier": "bollard"}})
    assert {here.secs(pair) for pair in ("AC", "AD", "DE")} == {NEVER}
    assert here.secs("AD", "walk") == 200.0


def test_a_bollard_on_a_ring_and_at_its_end() -> None:
    drawing = """
    A---B---C
        |   |
        E---D
    """
    here = osm_world(
        drawing, {"AB": TEN_MPS, "BCDEB": TEN_MPS}, nodes={"B": {"barrier": "bollard"}}
    )
    streets = here.streets()
    assert streets["length"].sum() == pytest.approx(500, abs=NEAR_M)
    assert streets.loc[~streets["drive"], "length"].sum() == pytest.approx(3, abs=0.1)


# Ferries ------------------------------------------------------------------------------------

FERRY = {"route": "ferry", "motor_vehicle": "yes"}
FERRY_DRAWING = """
        D
        |
A---B---C---E---F
"""


def ferry_secs(**tags: str) -> tuple[float, float]:
    """Seconds by car and on foot from A over a ferry of 300 m, 50 m of road at each end, to F."""
    ways = {
        "AB": TEN_MPS,
        "BCE": {**FERRY, **tags},
        "DC": {**FERRY, "duration": "1"},
        "EF": TEN_MPS,
    }
    here = osm_world(FERRY_DRAWING, ways)
    return here.secs("AF"), here.secs("AF", "walk")


def test_the_pieces_of_a_ferry_take_its_duration_together() -> None:
    assert ferry_secs(duration="3") == (10 + 180 + 10, 100 + 180 + 100)


def test_a_ferry_without_duration_takes_the_default_speed() -> None:
    """200 m at 15 km/h."""
    assert ferry_secs() == (68.0, 248.0)


def test_a_ferry_that_leads_out_of_the_place_keeps_its_speed() -> None:
    """600 m in 6 minutes; the place ends 250 m out."""
    here = osm_world("A---B---C---D---E---F---G", {"ABCDEFG": {**FERRY, "duration": "6"}})
    [street] = here.streets(box(-50, -50, 250, 50)).itertuples()
    assert street.length == pytest.approx(300, abs=NEAR_M)
    assert street.maxspeed == pytest.approx(6.0, abs=0.01)


def test_a_duration_that_no_boat_keeps_is_not_believed() -> None:
    here = osm_world("A---B", {"AB": {**FERRY, "duration": "20:00"}})
    assert kinds(here.roads().problems) == ["ferry-duration-unreadable"]
    assert here.streets()["maxspeed"].tolist() == [15.0]


def test_a_ferry_takes_cars_only_if_it_says_so() -> None:
    here = osm_world("A---B", {"AB": {"route": "ferry", "duration": "3"}})
    assert here.streets()[["drive", "walk", "bus"]].iloc[0].tolist() == [False, True, False]


# Parts without connection -------------------------------------------------------------------

ISLAND = """
A---B---C

D---E

F---G
"""


def test_small_parts_are_dropped_and_counted() -> None:
    here = osm_world(ISLAND, {"ABC": ROAD, "DE": ROAD, "FG": ROAD})
    found = here.roads(min_component_m=150)
    assert drawn(found.table) == ["AC"]
    assert [(p.kind, p.osm_id, p.message) for p in found.problems] == [
        ("component-dropped", 2, "1 streets, 100 m"),
        ("component-dropped", 3, "1 streets, 100 m"),
    ]


def test_parts_long_enough_are_kept() -> None:
    here = osm_world(ISLAND, {"ABC": ROAD, "DE": ROAD, "FG": ROAD})
    assert len(here.streets(min_component_m=90)) == 3


def test_a_part_is_joined_by_any_street_whatever_its_direction() -> None:
    here = osm_world(
        "A---B---C", {"AB": {**ROAD, "oneway": "yes"}, "CB": {**ROAD, "oneway": "yes"}}
    )
    assert len(here.streets(min_component_m=150)) == 2


def test_a_small_part_of_one_mode_is_closed_for_it() -> None:
    """Cars reach CD over a footway only."""
    drawing = "A-------B---C---D"
    here = osm_world(drawing, {"AB": TEN_MPS, "BC": "footway", "CD": TEN_MPS})
    found = here.roads(min_component_m=150)
    assert [found.table[mode].tolist() for mode in ("drive", "walk", "bus")] == [
        [True, False, False],
        [True, True, True],
        [True, False, False],
    ]
    assert [(p.kind, p.message) for p in found.problems] == [
        ("mode-component-closed", "drive: 1 parts, 100 m"),
        ("mode-component-closed", "bus: 1 parts, 100 m"),
    ]


def test_nodes_of_dropped_parts_are_dropped() -> None:
    here = osm_world(ISLAND, {"ABC": ROAD, "DE": ROAD, "FG": ROAD})
    nodes = here.roads(min_component_m=150).nodes
    assert [name(node) for node in nodes.index] == ["A", "C"]


def test_everything_may_be_too_small() -> None:
    found = osm_world("A---B", {"AB": ROAD}).roads(min_component_m=1_000)
    assert len(found.table) == len(found.nodes) == 0


# Tunnels and walkers ------------------------------------------------------------------------


def walked(ways: Mapping[str, Tags]) -> set[bool]:
    """Whether walkers use the tunnels of a street A to G, 600 m."""
    here = osm_world("A---B---C---D---E---F---G", ways)
    streets = here.streets()
    return set(streets.loc[streets["tunnel"], "walk"])


def test_walkers_use_an_underpass() -> None:
    assert walked({"ABC": TUNNEL}) == {True}


def test_walkers_keep_out_of_a_long_tunnel() -> None:
    assert walked({"ABCDE": TUNNEL}) == {False}


def test_walkers_keep_out_of_a_long_tunnel_in_many_pieces() -> None:
    pieces = {"AB": TUNNEL, "BC": TUNNEL, "CD": TUNNEL, "DE": TUNNEL}
    assert walked({**pieces, "EFG": ROAD}) == {False}


def test_two_underpasses_in_a_row_are_not_one_tunnel() -> None:
    assert walked({"ABC": TUNNEL, "CD": ROAD, "DEF": TUNNEL}) == {True}


@pytest.mark.parametrize("told", [{"foot": "yes"}, {"sidewalk": "both"}, {"sidewalk:left": "yes"}])
def test_walkers_use_a_long_tunnel_with_a_pavement(told: Tags) -> None:
    assert walked({"ABCDE": {**TUNNEL, **told}}) == {True}


def test_a_passage_for_walkers_may_be_long() -> None:
    assert walked({"ABCDEFG": {"highway": "footway", "tunnel": "yes"}}) == {True}


def test_a_passage_through_a_building_is_no_tunnel() -> None:
    assert not one_street(tunnel="building_passage")["tunnel"]


# Values -------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("tags", "kph"),
    [
        ({"maxspeed": "40"}, 40.0),
        ({}, 60.0),
        ({"highway": "primary_link"}, 60.0),
        ({"highway": "residential"}, 30.0),
        ({"highway": "road"}, 20.0),
        ({"maxspeed": "none"}, 60.0),
        ({"maxspeed": "fast"}, 60.0),
        ({"maxspeed": "600"}, 60.0),
        ({"maxspeed": "2"}, 60.0),
    ],
)
def test_the_limit_is_the_tag_or_that_of_the_class(tags: Tags, kph: float) -> None:
    street = one_street(**tags)
    assert street["maxspeed"] == kph
    assert street["maxspeed_tagged"] == (tags.get("maxspeed") == "40")


def test_the_limit_of_a_class_is_an_assumption() -> None:
    here = osm_world("A---B", {"AB": ROAD})
    slow = easy(maxspeed_default_kph={"primary": 33.0, "ferry": 10.0, "default": 20.0})
    assert here.streets(assumptions=slow)["maxspeed"].tolist() == [33.0]


@pytest.mark.parametrize(
    ("tags", "kind"),
    [
        ({"maxspeed": "fast"}, "maxspeed-unreadable"),
        ({"maxspeed": "600"}, "maxspeed-unlikely"),
        ({"lanes": "many"}, "lanes-unreadable"),
        ({"lanes": "99"}, "lanes-unreadable"),
        ({"oneway": "sometimes"}, "oneway-unreadable"),
        ({"highway": "unheard_of"}, "highway-unknown"),
    ],
)
def test_what_cannot_be_read_is_said(tags: Tags, kind: str) -> None:
    assert problem_kinds(**tags) == [kind]


@pytest.mark.parametrize(("text", "lanes"), [("4", 4), ("3;2", 2), ("1.5", 1), ("24", 24)])
def test_lanes(text: str, lanes: int) -> None:
    assert lane_count(text) == one_street(lanes=text)["lanes"] == lanes


def test_lanes_that_are_not_told_are_two() -> None:
    assert one_street()["lanes"] == 2


@pytest.mark.parametrize(
    ("tags", "told"),
    [
        ({"name": "科学大道", "name:en": "Science Avenue"}, ("科学大道", "Science Avenue")),
        ({"name:zh": "金凤路"}, ("金凤路", "")),
        ({"ref": "G212"}, ("G212", "")),
        ({}, ("", "")),
    ],
)
def test_names(tags: Tags, told: tuple[str, str]) -> None:
    street = one_street(**tags)
    assert (street["name"], street["name_en"]) == told


def test_a_tunnel_and_a_bridge_are_crossings_by_their_own_name() -> None:
    tunnel = one_street(tunnel="yes", name="大道", **{"tunnel:name": "隧道"})
    assert tunnel["crossing"] == "隧道"
    assert one_street(bridge="viaduct", name="大桥")["crossing"] == "大桥"
    assert one_street(name="大道")["crossing"] is None


def test_access_and_layer_are_kept_as_tagged() -> None:
    street = one_street(access="permissive", layer="-2")
    assert (street["access"], street["layer"]) == ("permissive", "-2")


# What holds whatever the map ----------------------------------------------------------------

GRID = [(column, row) for row in range(3) for column in range(4)]


@st.composite
def random_ways(draw: st.DrawFn) -> dict[int, tuple[Tags, list[int]]]:
    """Ways over the nodes 1 to 12 of a bent grid, some one-way, some of them closed or crossing.

    No two run between the same two nodes: which of them a point joins would be left to chance.
    """
    ways, taken = {}, set()
    for number in range(draw(st.integers(2, 6))):
        refs = draw(st.lists(st.integers(1, len(GRID)), min_size=2, max_size=6, unique=True))
        refs += draw(st.sampled_from([[], refs[:1] if len(refs) > 2 else []]))
        pairs = {frozenset(pair) for pair in pairwise(refs)}
        assume(not pairs & taken)
        taken |= pairs
        tags = {**TEN_MPS, "oneway": draw(st.sampled_from(["yes", "no", "-1"]))}
        ways[100 + number] = (tags, refs)
    return ways


def grid_nodes(ids: Mapping[int, int] | None = None) -> dict[int, tuple[float, float]]:
    """Positions by id; no three nodes are in a row."""
    spots = {n: (100.0 * x + 7 * y * y, 100.0 * y + 11 * x * x) for n, (x, y) in enumerate(GRID, 1)}
    return {(ids or {}).get(n, n): lonlat_at(*spot) for n, spot in spots.items()}


def some_secs(found: OsmElements) -> pd.DataFrame:
    """Seconds by car between points beside the grid, wherever ways run."""
    place = shapely.box(100, 20, 110, 40)
    streets = osm_streets(found, place, crs=CRS, assumptions=easy(), min_component_m=0)
    spots = [point(90.0 * k + 13, 60.0 * k + 29) for k in range(4)]
    places = shapely.points(shapely.get_coordinates(spots))
    at = gpd.GeoSeries(places, index=list("pqrs"), crs=CRS)
    nowhere = stops(gpd.GeoSeries([], index=[], crs=CRS))
    network = TransportNetwork(road_network(streets.nodes, streets.table), nowhere, ())
    return times(network, at, period="offpeak")


Ways = dict[int, tuple[Tags, list[int]]]


@given(random_ways(), st.permutations(range(len(GRID))), st.permutations(range(6)))
@examples(8)
def test_ids_and_the_order_of_ways_do_not_matter(
    ways: Ways, nodes: list[int], order: list[int]
) -> None:
    ids = {n: 50 + nodes[n - 1] for n in range(1, len(GRID) + 1)}
    renamed = {
        order[number]: (tags, [ids[ref] for ref in refs])
        for number, (tags, refs) in enumerate(ways.values())
    }
    one = some_secs(elements(grid_nodes(), {}, ways, []))
    other = some_secs(elements(grid_nodes(ids), {}, renamed, []))
    np.testing.assert_allclose(one, other, rtol=0, atol=SAME_SECS)


@given(random_ways(), st.data())
@examples(8)
def test_splitting_a_way_changes_no_time(ways: Ways, data: st.DataObject) -> None:
    way = data.draw(
        st.sampled_from(sorted(w for w, (_, refs) in ways.items() if len(refs) > 2) or [0])
    )
    if not way:
        return
    tags, refs = ways[way]
    at = data.draw(st.integers(1, len(refs) - 2))
    split = {**ways, way: (tags, refs[: at + 1]), 999: (tags, refs[at:])}
    one = some_secs(elements(grid_nodes(), {}, ways, []))
    other = some_secs(elements(grid_nodes(), {}, split, []))
    np.testing.assert_allclose(one, other, rtol=0, atol=SPLIT_SECS)


@given(random_ways())
@examples(6)
def test_a_way_far_away_changes_no_time(ways: Ways) -> None:
    nodes = {**grid_nodes(), 90: lonlat_at(9e3, 9e3), 91: lonlat_at(9.1e3, 9e3)}
    more = {**ways, 1: (TEN_MPS, [90, 91])}
    one = some_secs(elements(nodes, {}, ways, []))
    other = some_secs(elements(nodes, {}, more, []))
    np.testing.assert_allclose(one, other, rtol=0, atol=SAME_SECS)


@given(random_ways())
@examples(8)
def test_streets_are_as_long_as_their_ways_and_ids_are_unique(ways: Ways) -> None:
    found = elements(grid_nodes(), {}, ways, [])
    place = shapely.box(100, 20, 110, 40)
    streets = osm_streets(found, place, crs=CRS, assumptions=easy(), min_component_m=0).table
    assert streets["osmid"].is_unique
    by_way = streets.groupby("way_id")["length"].sum()
    nodes = {n: shapely.Point(spot) for n, spot in grid_nodes().items()}
    lines = {w: shapely.LineString([nodes[ref] for ref in refs]) for w, (_, refs) in ways.items()}
    drawn_m = gpd.GeoSeries(lines, crs="EPSG:4326").to_crs(CRS).length
    pd.testing.assert_series_equal(by_way, drawn_m, check_names=False, check_index_type=False)
