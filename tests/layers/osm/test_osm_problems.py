"""Every kind of problem of OpenStreetMap data is found, told and counted."""

from __future__ import annotations

import random

import numpy as np
import pytest
from osm_problem_maps import MAKERS, ROAD, ROW, Maker, line, street
from osm_worlds import osm_world

from geo.faults import errors
from layers.osm.problems import (
    KINDS,
    OSM_URL,
    PROBLEM_COLUMNS,
    Problem,
    problem_counts,
    problem_table,
    problem_warnings,
)


def test_every_kind_has_a_failing_map() -> None:
    assert set(MAKERS) == set(KINDS)


@pytest.mark.parametrize("kind", MAKERS)
def test_a_map_shows_its_problem_and_no_other(kind: str) -> None:
    smallest_m = 150.0 if "component" in kind else 0.0
    problems = MAKERS[kind]().network(min_component_m=smallest_m).problems
    assert set(problems["kind"]) == {kind}


@pytest.mark.parametrize("sound", [street, lambda: line(ROW)])
def test_a_sound_map_has_no_problem(sound: Maker) -> None:
    assert len(sound().network().problems) == 0


@pytest.mark.parametrize("kind", KINDS)
def test_every_kind_is_said_in_both_languages_with_what_is_done(kind: str) -> None:
    said = KINDS[kind]
    assert all((said.zh, said.en, said.does_zh, said.does_en))
    assert any("一" <= letter <= "鿿" for letter in said.zh)
    assert said.en.isascii()


# What is not a problem ----------------------------------------------------------------------


def test_squares_may_share_a_side() -> None:
    drawing = """
    A---B---C
    |   |   |
    F---E---D
    """
    ways = {"ABEFA": "pedestrian", "BCDEB": "pedestrian"}
    assert len(osm_world(drawing, ways).network().problems) == 0


def test_a_way_there_and_back_is_not_two_ways() -> None:
    assert len(osm_world("A---B---C", {"ABCB": ROAD}).network().problems) == 0


@pytest.mark.parametrize("structure", ["tunnel", "bridge"])
def test_streets_may_meet_where_a_tunnel_or_bridge_ends(structure: str) -> None:
    drawing = """
    A---B---C---D
            |
            E
    """
    ways = {"AB": ROAD, "BC": {**ROAD, structure: "yes"}, "CD": ROAD, "CE": ROAD}
    assert len(osm_world(drawing, ways).network().problems) == 0


def test_steps_may_lead_into_a_passage_for_walkers() -> None:
    drawing = """
    A---B---C---D---E
            |
            F
    """
    passage = {"highway": "footway", "tunnel": "yes", "layer": "-1"}
    ways = {"AB": "footway", "BC": passage, "CD": passage, "DE": "footway", "CF": "steps"}
    assert len(osm_world(drawing, ways).network().problems) == 0


def test_a_short_dead_end_joins_where_it_begins() -> None:
    drawing = """
    A---B---C
        D
    """
    assert len(osm_world(drawing, {"ABC": ROAD, "BD": ROAD}, scale_m=3.0).network().problems) == 0


def test_a_dead_end_below_a_bridge_is_not_meant_to_join_it() -> None:
    bridge = {**ROAD, "bridge": "yes", "layer": "1"}
    drawing = """
    A---B---C---D
        E
        |
        F
    """
    ways = {"AD": bridge, "EF": ROAD}
    assert len(osm_world(drawing, ways, scale_m=3.0).network().problems) == 0


# The table ----------------------------------------------------------------------------------


def some_problems() -> list[Problem]:
    return [
        Problem("route-without-ways", "relation", 3, "", 106.0, 29.0),
        Problem("way-too-short", "way", 12, "1 nodes", 106.1, 29.1),
        Problem("way-too-short", "way", 7, "1 nodes", 106.2, 29.2),
        Problem("way-doubled", "way", 7, "", 106.4, 29.4),
        Problem("way-doubled", "way", 7, "", 106.3, 29.3),
        Problem("stop-name-missing", "node", 5, "", 106.5, 29.5),
    ]


def test_problems_stand_in_the_order_of_kinds_and_ids() -> None:
    table = problem_table(some_problems())
    assert tuple(table.columns) == PROBLEM_COLUMNS
    assert list(zip(table["kind"], table["osm_id"], table.geometry.x, strict=True)) == [
        ("way-too-short", 7, 106.2),
        ("way-too-short", 12, 106.1),
        ("way-doubled", 7, 106.3),
        ("way-doubled", 7, 106.4),
        ("route-without-ways", 3, 106.0),
        ("stop-name-missing", 5, 106.5),
    ]


def test_the_order_in_which_problems_are_found_does_not_matter() -> None:
    shuffled = some_problems()
    random.Random(1).shuffle(shuffled)  # noqa: S311 - nothing secret
    assert problem_table(shuffled).equals(problem_table(some_problems()))


def test_each_problem_is_told_once() -> None:
    assert problem_table(some_problems() * 2).equals(problem_table(some_problems()))


def test_each_problem_leads_to_its_element() -> None:
    table = problem_table(some_problems()).set_index("osm_type")
    assert table.loc["node", "url"] == f"{OSM_URL}/node/5"
    assert table.loc["relation", "url"] == f"{OSM_URL}/relation/3"


def test_problems_are_points_in_degrees() -> None:
    table = problem_table(some_problems())
    assert table.crs == "EPSG:4326"
    assert np.isfinite(table.geometry.x).all()
    assert set(table.geom_type) == {"Point"}


def test_without_problems_the_table_is_empty() -> None:
    table = problem_table([])
    assert len(table) == 0
    assert tuple(table.columns) == PROBLEM_COLUMNS
    assert problem_counts(table) == {}
    assert problem_warnings(table, "area.osm.pbf") == []


def test_counts_by_kind() -> None:
    assert problem_counts(problem_table(some_problems())) == {
        "way-too-short": 2,
        "way-doubled": 2,
        "route-without-ways": 1,
        "stop-name-missing": 1,
    }


def test_there_is_one_warning_a_kind_and_it_names_the_first_three() -> None:
    many = [Problem("way-too-short", "way", n, "", 106.0, 29.0) for n in range(1, 6)]
    [warning] = problem_warnings(problem_table(many), "area.osm.pbf")
    assert str(warning) == (
        "warning osm-way-too-short area.osm.pbf: a way has fewer than two nodes: 5"
        " (way/1, way/2, way/3, …); left out"
    )


def test_warnings_stop_nothing() -> None:
    assert errors(problem_warnings(problem_table(some_problems()), "area.osm.pbf")) == []


def test_a_problem_stands_where_its_element_is() -> None:
    here = street(maxspeed="fast")
    [spot] = here.network().problems.to_crs(here.places.crs).geometry
    assert spot.distance(here.places["A"]) < 0.01
