"""Routes from the relations of OpenStreetMap: their members, names, and where a place cuts them."""

from __future__ import annotations

import numpy as np
import pytest
from osm_routes import (
    BUS,
    EVERY_10,
    NEAR_SECS,
    ROAD,
    ROW,
    THERE,
    WAYS,
    lines,
    named,
    route,
    row,
    stops,
)
from osm_worlds import box, kinds, osm_world

from geo.osm.elements import Tags
from layers.osm.transit.headways import ROUTE_TYPES


@pytest.mark.parametrize(
    "members",
    [
        "A:stop B:stop C:stop",
        "A:stop_entry_only B:stop C:stop_exit_only",
        "A:forward:stop B:forward:stop C:forward:stop",
        "A:stop:1 B:stop:2 C:stop:3",
        "A B C",
        "A:stop D:platform B:stop C:stop",
        "A:stop B:stop C:stop AB BC CD",
        "AB A:stop BC B:stop CD C:stop",
        "A:forward:stop C:backward:stop B:forward:stop B:backward:stop C:forward:stop",
    ],
)
def test_stops_are_members_by_their_role_or_what_they_are(members: str) -> None:
    assert stops(route(row((BUS, members)))) == "ABC"


def test_an_entrance_is_no_stop() -> None:
    nodes = {**named("ABC"), "D": {"railway": "subway_entrance", "name": "D"}}
    here = osm_world(ROW, WAYS, nodes=nodes, relations=[(BUS, "A B D C")])
    assert stops(route(here)) == "ABC"
    assert "route-member-odd" in kinds(lines(here).problems)


def test_platforms_are_stops_if_there_are_more_of_them() -> None:
    found = lines(row((BUS, "A:platform B:platform B:stop C:platform")))
    assert stops(found.routes[0]) == "ABC"
    assert "route-stops-from-platforms" in kinds(found.problems)


def test_people_board_in_the_middle_of_a_platform_drawn_as_a_way() -> None:
    """EF is a platform 100 m off the road, between B and C, and no part of the course.

    A hop takes the straight distance at least.
    """
    drawing = """
        E---F
    A---B---C---D
    """
    platform = {"public_transport": "platform", "name": "E"}
    here = osm_world(
        drawing,
        {**WAYS, "EF": platform},
        nodes=named("AD"),
        relations=[(EVERY_10, "A:platform EF D:platform AB BC CD")],
        scale_m=200,
    )
    found = lines(here)
    [served] = found.routes
    assert served.stop_ids == (f"n{ord('A')}", "w4", f"n{ord('D')}")
    assert served.hop_secs == pytest.approx([np.hypot(300, 100) / 10] * 2, abs=NEAR_SECS)
    middle = here.places["E"].distance(here.places["F"]) / 2
    assert found.stops.geometry["w4"].distance(here.places["E"]) == pytest.approx(middle)


def test_a_member_of_a_missing_way_or_node_is_passed_over() -> None:
    found = lines(row((EVERY_10, "A:stop X:stop C:stop AB <gone> BC")))
    assert stops(found.routes[0]) == "AC"
    [missing] = [p for p in found.problems if p.kind == "route-member-missing"]
    assert missing.message == "2 of 6"


@pytest.mark.parametrize("state", ["proposed", "construction"])
def test_a_line_that_does_not_run_yet_is_left_out(state: str) -> None:
    assert len(lines(row(({**BUS, "state": state}, THERE))).routes) == 0


def test_only_the_modes_that_are_asked_for() -> None:
    here = row((BUS, THERE), ({**BUS, "route": "tram", "ref": "T"}, THERE))
    assert [r.route_type for r in here.lines(modes=["tram"]).routes] == [0]
    assert len(here.lines(modes=[]).routes) == len(here.lines(modes=[]).stops) == 0


@pytest.mark.parametrize(("mode", "kind"), ROUTE_TYPES.items())
def test_route_types_and_access_times(mode: str, kind: int) -> None:
    served = route(row(({**BUS, "route": mode}, THERE)))
    assert served.route_type == kind
    assert served.stop_access_secs == (120.0 if mode == "subway" else served.stop_access_secs)


@pytest.mark.parametrize(
    ("tags", "told"),
    [
        ({"name": "1路", "name:en": "Line 1"}, ("1路", "Line 1", "1")),
        ({"name:zh": "一路"}, ("一路", "", "1")),
        ({}, ("1", "", "1")),
        ({"ref": "", "name": "快线"}, ("快线", "", "快线")),
        ({"ref": ""}, ("r1", "", "r1")),
    ],
)
def test_names(tags: Tags, told: tuple[str, str, str]) -> None:
    served = route(row(({**BUS, **tags}, THERE)))
    assert (served.route_name, served.name_en, served.line) == told


# The place ----------------------------------------------------------------------------------


def test_a_line_counts_from_its_first_stop_in_the_place_to_its_last() -> None:
    """B and D are inside, C between them is not."""
    drawing = """
    A---B       D---E
        |       |
        +---C---+
    """
    members = "A:stop B:stop C:stop D:stop E:stop"
    here = osm_world(drawing, {}, nodes=named("ABCDE"), relations=[(BUS, members)], scale_m=800)
    [served] = here.lines(box(400, -100, 2_800, 100)).routes
    assert stops(served) == "BCD"


def test_a_line_with_one_stop_in_the_place_is_left_out() -> None:
    here = row((EVERY_10, THERE))
    found = here.lines(box(-100, -100, 400, 100))
    assert len(found.routes) == 0
    assert kinds(found.problems) == ["route-too-few-stops"]


def test_a_line_without_a_stop_in_the_place_is_not_spoken_of() -> None:
    found = row((EVERY_10, THERE)).lines(box(5_000, 0, 6_000, 100))
    assert len(found.routes) == len(found.problems) == 0


def test_without_lines_there_are_no_stops() -> None:
    found = lines(osm_world(ROW, WAYS))
    assert len(found.routes) == len(found.stops) == len(found.problems) == 0


def test_a_way_of_one_node_is_no_part_of_a_line() -> None:
    here = osm_world(
        ROW,
        {**WAYS, "B'": ROAD},
        nodes=named("ABCD"),
        relations=[(BUS, f"{THERE} B'")],
        scale_m=800,
    )
    assert route(here).hop_secs == pytest.approx((80, 80, 80), abs=NEAR_SECS)
