"""Turn restrictions of OpenStreetMap: kept as data between the streets that they bind."""

from __future__ import annotations

from collections.abc import Sequence

import pandas as pd
import pytest
from osm_worlds import OsmWorld, box, kinds, osm_world

from geo.osm.elements import Tags
from layers.osm.problems import Problem
from layers.osm.turn_restrictions import RESTRICTION_COLUMNS, osm_restrictions

CROSS = """
        D
        |
    A---B---C---F
        |
        E
"""
STREETS = {"AB": "primary", "BC": "primary", "DBE": "residential", "CF": "primary"}


def restrictions(
    members: str, ways: dict[str, Tags | str] | None = None, **tags: str
) -> tuple[pd.DataFrame, Sequence[Problem]]:
    """The table and the problems of one restriction."""
    told = {"type": "restriction", "restriction": "no_left_turn", **tags}
    here = osm_world(CROSS, ways or STREETS, relations=[(told, members)])
    return osm_restrictions(here.found, here.roads().table)


def only(members: str, ways: dict[str, Tags | str] | None = None, **tags: str) -> pd.Series:
    """The only row; there is no problem."""
    table, problems = restrictions(members, ways, **tags)
    assert problems == []
    [(_, row)] = table.iterrows()
    return row


def wrong(members: str, **tags: str) -> list[str]:
    """What is wrong with a restriction, which is left out."""
    table, problems = restrictions(members, **tags)
    assert len(table) == 0
    return kinds(problems)


def test_a_turn_at_a_node() -> None:
    row = only("AB:from B:via BC:to")
    assert row.to_dict() == {
        "restriction_id": "r1",
        "restriction": "no_left_turn",
        "vehicle": "",
        "except": "",
        "condition": "",
        "from_osmid": "1",
        "via_nodes": [str(ord("B"))],
        "via_ways": [],
        "to_osmid": "2",
    }


def test_the_street_of_a_way_is_the_piece_at_the_node() -> None:
    """DBE is cut in two; ABC too, at B."""
    ways: dict[str, Tags | str] = {"ABC": "primary", "DBE": "residential", "CF": "primary"}
    row = only("CF:from C:via ABC:to", ways)
    assert (row["from_osmid"], row["to_osmid"]) == ("3", "1.2")


def test_a_turn_over_a_way() -> None:
    row = only("AB:from BC:via CF:to", restriction="no_u_turn")
    assert (row["from_osmid"], row["via_ways"], row["to_osmid"]) == ("1", ["2"], "4")
    assert row["via_nodes"] == []


def test_a_turn_back_into_the_same_street() -> None:
    row = only("AB:from B:via AB:to", restriction="no_u_turn")
    assert (row["from_osmid"], row["to_osmid"]) == ("1", "1")


@pytest.mark.parametrize("word", ["no_straight_on", "only_right_turn", "no_entry", "only_u_turn"])
def test_words(word: str) -> None:
    assert only("AB:from B:via BC:to", restriction=word)["restriction"] == word


def test_exceptions_are_kept() -> None:
    assert only("AB:from B:via BC:to", **{"except": "bus;bicycle"})["except"] == "bus;bicycle"


def other_key(key: str, value: str) -> pd.Series:
    """A restriction told by another key."""
    tags = {"type": "restriction", key: value}
    here = osm_world(CROSS, STREETS, relations=[(tags, "AB:from B:via BC:to")])
    table, _ = osm_restrictions(here.found, here.roads().table)
    [(_, row)] = table.iterrows()
    return row


def test_restrictions_of_one_vehicle() -> None:
    row = other_key("restriction:hgv", "no_left_turn")
    assert (row["restriction"], row["vehicle"], row["condition"]) == ("no_left_turn", "hgv", "")


def test_restrictions_of_some_hours() -> None:
    row = other_key("restriction:conditional", "no_left_turn @ (Mo-Fr 07:00-09:00)")
    assert (row["restriction"], row["vehicle"]) == ("no_left_turn", "")
    assert row["condition"] == "(Mo-Fr 07:00-09:00)"


def test_restrictions_of_one_vehicle_at_some_hours() -> None:
    row = other_key("restriction:bus:conditional", "no_u_turn @ (22:00-06:00)")
    assert (row["vehicle"], row["condition"]) == ("bus", "(22:00-06:00)")


def test_the_old_type_names_the_vehicle() -> None:
    assert only("AB:from B:via BC:to", type="restriction:hgv")["vehicle"] == "hgv"


def test_of_several_keys_the_plain_one_counts() -> None:
    row = only("AB:from B:via BC:to", **{"restriction:conditional": "no_u_turn @ (22:00-06:00)"})
    assert (row["restriction"], row["condition"]) == ("no_left_turn", "")


@pytest.mark.parametrize("members", ["B:via BC:to", "AB:from BC:to", "AB:from B:via", ""])
def test_a_member_may_be_lacking(members: str) -> None:
    assert wrong(members) == ["restriction-incomplete"]


@pytest.mark.parametrize("word", ["no_dancing", "", "no_left_turn;no_u_turn"])
def test_words_that_are_not_known(word: str) -> None:
    assert wrong("AB:from B:via BC:to", restriction=word) == ["restriction-unknown"]


@pytest.mark.parametrize("members", ["AB:from B:via CF:to", "CF:from B:via BC:to"])
def test_members_that_do_not_meet(members: str) -> None:
    assert wrong(members) == ["restriction-apart"]


@pytest.mark.parametrize("members", ["<gone>:from B:via BC:to", "AB:from <gone>:via BC:to"])
def test_a_member_that_is_not_in_the_data_is_no_problem(members: str) -> None:
    """An extract ends somewhere."""
    assert wrong(members) == []


def test_restrictions_of_streets_outside_the_network_are_passed_over() -> None:
    """Nobody may use CF, and the place does not reach it."""
    told = {"type": "restriction", "restriction": "no_left_turn"}
    private = {**STREETS, "CF": {"highway": "service", "access": "private"}}
    relations = [(told, "BC:from C:via CF:to")]
    for here, place in (
        (osm_world(CROSS, private, relations=relations), box(-50, -50, 450, 250)),
        (osm_world(CROSS, STREETS, relations=relations), box(-50, -50, 150, 250)),
    ):
        table, problems = osm_restrictions(here.found, here.roads(place).table)
        assert len(table) == len(problems) == 0


def test_without_restrictions_the_table_is_empty() -> None:
    here: OsmWorld = osm_world(CROSS, STREETS)
    table = here.network().restrictions
    assert len(table) == 0
    assert tuple(table.columns) == RESTRICTION_COLUMNS
