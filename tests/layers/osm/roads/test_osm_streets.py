"""Streets from OpenStreetMap: who meets whom, which way round, and where a place cuts them."""

from __future__ import annotations

import numpy as np
import pytest
import shapely
from coordinates import point
from osm_roads import BRIDGE, CROSS, LONG_CROSS, NEVER, ROAD, TUNNEL
from osm_worlds import NEAR_M, TEN_MPS, box, drawn, kinds, name, osm_world

from geo.osm.elements import Tags
from layers.osm.roads.streets import STREET_COLUMNS


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
