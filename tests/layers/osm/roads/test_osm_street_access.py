"""Who may go where: barriers, bus lanes, long tunnels."""

from __future__ import annotations

from collections.abc import Mapping

import numpy as np
import pytest
from osm_roads import CROSS, NEVER, ROAD, TUNNEL, one_street
from osm_worlds import NEAR_M, TEN_MPS, drawn, osm_world

from geo.osm.elements import Tags


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
