"""Every kind of problem of OpenStreetMap data: a small map that has it and no other."""

from __future__ import annotations

import random
from collections.abc import Callable

import numpy as np
import pytest
from osm_worlds import OsmWorld, osm_world

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

ROAD = {"highway": "primary"}
FERRY = {"route": "ferry"}

Maker = Callable[[], OsmWorld]


def street(**tags: str) -> OsmWorld:
    """One straight way."""
    return osm_world("A---B---C", {"ABC": {**ROAD, **tags}})


def with_ferry(**tags: str) -> OsmWorld:
    return osm_world("A---B---C", {"AB": ROAD, "BC": {**FERRY, **tags}})


def turn(word: str, members: str) -> OsmWorld:
    """A turn restriction at the middle of a road."""
    tags = {"type": "restriction", "restriction": word}
    return osm_world(
        "A---B---C---D", {"AB": ROAD, "BC": ROAD, "CD": ROAD}, relations=[(tags, members)]
    )


LINE = {"type": "route", "route": "bus", "ref": "1", "interval": "10", "roundtrip": "yes"}
"""Of a closed line nobody asks for the other direction."""
STOPS = {mark: {"highway": "bus_stop", "name": mark} for mark in "PQRS"}
STREETS = {"AB": ROAD, "BC": ROAD, "CD": ROAD}
BESIDE = """
P   Q   R   S
A---B---C---D
"""
ROW = "P:stop Q:stop R:stop S:stop AB BC CD"


def line(members: str, *, drawing: str = BESIDE, scale_m: float = 800.0, **tags: str) -> OsmWorld:
    """A bus along a road; a tag of no value is left out."""
    told = {key: value for key, value in {**LINE, **tags}.items() if value}
    return osm_world(
        drawing, STREETS, nodes=STOPS, relations=[(told, members)], scale_m=scale_m / 4
    )


def far_stop() -> OsmWorld:
    drawing = """
    R



    P   Q       S
    A---B---C---D
    """
    return line("P:stop Q:stop R:stop S:stop AB BC CD", drawing=drawing)


def crossing_above(structure: str, layer: str) -> OsmWorld:
    """A tunnel or bridge in two pieces, and a street that ends at their joint."""
    drawing = """
    A---B---C---D---E
            |
            F
    """
    built = {**ROAD, structure: "yes", "layer": layer}
    return osm_world(drawing, {"AB": ROAD, "BC": built, "CD": built, "DE": ROAD, "CF": ROAD})


def metro() -> OsmWorld:
    nodes = {mark: {"railway": "station", "name": mark} for mark in "AB"}
    tags = {**LINE, "route": "subway", "ref": "7"}
    ways = {"AB": {"railway": "subway"}}
    return osm_world("A-------B", ways, nodes=nodes, relations=[(tags, "A:stop B:stop AB")])


def unnamed_stop() -> OsmWorld:
    nodes = {**STOPS, "Q": {"highway": "bus_stop"}}
    return osm_world(BESIDE, STREETS, nodes=nodes, relations=[(LINE, ROW)])


def far_place_with_component(**tags: str) -> OsmWorld:
    """A road of 2 km, and 100 m beyond a footway (or beyond nothing)."""
    middle = {"BC": tags} if tags else {}
    return osm_world("A" + "-" * 79 + "B---C---D", {"AB": ROAD, **middle, "CD": ROAD})


MAKERS: dict[str, Maker] = {
    "way-node-missing": lambda: osm_world("A---B", {"ABX": ROAD}),
    "way-too-short": lambda: osm_world("A---B", {"AB": ROAD, "B": ROAD}),
    "way-node-doubled": lambda: osm_world("A---B", {"AAB": ROAD}),
    "way-doubled": lambda: osm_world("A---B---C", {"AB": ROAD, "BC": ROAD, "CB": ROAD}),
    "highway-unknown": lambda: osm_world("A---B---C", {"AB": ROAD, "BC": "unheard_of"}),
    "oneway-unreadable": lambda: street(oneway="sometimes"),
    "maxspeed-unreadable": lambda: street(maxspeed="fast"),
    "maxspeed-unlikely": lambda: street(maxspeed="600"),
    "lanes-unreadable": lambda: street(lanes="several"),
    "tunnel-and-bridge": lambda: street(tunnel="yes", bridge="yes"),
    "tunnel-joins-street": lambda: crossing_above("tunnel", "-1"),
    "bridge-joins-street": lambda: crossing_above("bridge", "1"),
    "end-nearly-joins": lambda: osm_world("A---BC---D", {"AB": ROAD, "CD": ROAD}, scale_m=6.0),
    "area-outline": lambda: osm_world(
        "A---B\n\nD---C", {"ABCDA": {"highway": "pedestrian", "area": "yes"}}
    ),
    "component-dropped": far_place_with_component,
    "mode-component-closed": lambda: far_place_with_component(highway="footway"),
    "ferry-duration-missing": with_ferry,
    "ferry-duration-unreadable": lambda: with_ferry(duration="a while"),
    "restriction-incomplete": lambda: turn("no_left_turn", "AB:from B:via"),
    "restriction-unknown": lambda: turn("no_dancing", "AB:from B:via BC:to"),
    "restriction-apart": lambda: turn("no_left_turn", "AB:from B:via CD:to"),
    "route-without-stops": lambda: line("AB BC CD"),
    "route-not-daily": lambda: line(ROW, service="night", interval=""),
    "route-too-few-stops": lambda: line("P:stop AB BC CD"),
    "route-member-missing": lambda: line(f"{ROW} <gone>"),
    "route-member-odd": lambda: line(f"#9 {ROW}"),
    "route-stop-doubled": lambda: line(f"P:stop {ROW}"),
    "route-stops-from-platforms": lambda: line(ROW.replace("stop", "platform")),
    "route-stops-reversed": lambda: line("S:stop R:stop Q:stop P:stop AB BC CD"),
    "route-stops-out-of-order": lambda: line("P:stop R:stop Q:stop S:stop AB BC CD"),
    "route-ways-apart": lambda: line("P:stop Q:stop R:stop S:stop AB CD"),
    "route-without-ways": lambda: line("P:stop Q:stop R:stop S:stop"),
    "route-stop-far": far_stop,
    "route-name-missing": lambda: line(ROW, ref=""),
    "route-headway-missing": lambda: line(ROW, interval=""),
    "route-headway-unreadable": lambda: line(ROW, interval="often"),
    "route-duration-unreadable": lambda: line(ROW, duration="not long"),
    "route-one-direction": lambda: line(ROW, roundtrip=""),
    "stop-name-missing": unnamed_stop,
    "station-without-entrance": metro,
}


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
