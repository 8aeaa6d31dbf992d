"""Services from the relations of OpenStreetMap.

Four characters of a drawing are 800 m, and everything runs 10 m/s: from A to B it is 80 s.
"""

from __future__ import annotations

import numpy as np
import pytest
import shapely
from easy_values import easy
from hypothesis import given
from hypothesis import strategies as st
from hypothesis_settings import examples
from osm_worlds import CRS, OsmWorld, box, kinds, name, osm_world

from geo.osm.elements import Tags
from layers.osm.tags import UnreadableError, headway_secs
from layers.osm.transit.headways import ROUTE_TYPES
from layers.osm.transit.hop_lengths import hops_along
from layers.osm.transit.routes import Lines
from layers.transit import TransitRoute

MODES = ("subway", "light_rail", "monorail", "tram", "train", "bus")
QUICK = easy(transit_speed_kph=dict.fromkeys(MODES, 36.0), detour=1.5)
NEAR_SECS = 0.1
ROAD = {"highway": "primary"}
ROW = "A---B---C---D"
WAYS: dict[str, Tags | str] = {"AB": ROAD, "BC": ROAD, "CD": ROAD}
THERE = "A:stop B:stop C:stop D:stop AB BC CD"
BACK = "D:stop C:stop B:stop A:stop CD BC AB"
BUS = {"type": "route", "route": "bus", "ref": "1"}
EVERY_10 = {**BUS, "interval": "10"}


def named(letters: str) -> dict[str, Tags]:
    """Bus stops that are called as their letter."""
    return {mark: {"highway": "bus_stop", "name": mark} for mark in letters}


def row(*relations: tuple[Tags, str]) -> OsmWorld:
    """Lines along a straight road."""
    return osm_world(ROW, WAYS, nodes=named("ABCD"), relations=relations, scale_m=800)


def lines(here: OsmWorld) -> Lines:
    return here.lines(assumptions=QUICK)


def route(here: OsmWorld) -> TransitRoute:
    """The only service."""
    [only] = lines(here).routes
    return only


def stops(served: TransitRoute) -> str:
    """The letters of its stops."""
    return "".join(name(stop[1:]) for stop in served.stop_ids)


# Members ------------------------------------------------------------------------------------


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


# Hops ---------------------------------------------------------------------------------------


def test_a_hop_takes_its_way_at_the_speed_of_the_mode() -> None:
    served = route(row((BUS, THERE)))
    assert served.hop_secs == pytest.approx((80, 80, 80), abs=NEAR_SECS)
    assert "hop_secs" in served.assumed_fields


BENT = """
A---B   E---F
    |   |
    C---D
"""


@pytest.mark.parametrize("way", ["ABCDEF", "FEDCBA"])
def test_a_hop_follows_bent_ways_whichever_way_they_are_drawn(way: str) -> None:
    here = osm_world(
        BENT, {way: ROAD}, nodes=named("AF"), relations=[(BUS, f"A F {way}")], scale_m=800
    )
    assert route(here).hop_secs == pytest.approx((400,), abs=NEAR_SECS)


@pytest.mark.parametrize("ways", ["ABC CDEF", "CBA CDEF", "ABC FEDC", "CBA FEDC"])
def test_ways_are_turned_so_that_they_follow_each_other(ways: str) -> None:
    tagged: dict[str, Tags | str] = dict.fromkeys(ways.split(), ROAD)
    here = osm_world(BENT, tagged, nodes=named("AF"), relations=[(BUS, f"A F {ways}")], scale_m=800)
    assert route(here).hop_secs == pytest.approx((400,), abs=NEAR_SECS)


def test_a_line_without_ways_goes_straight_with_a_detour() -> None:
    served = route(row((BUS, "A:stop B:stop D:stop")))
    assert served.hop_secs == pytest.approx((80 * 1.5, 160 * 1.5), abs=NEAR_SECS)
    assert served.shape is None


RING_DRAWING = """
        N
       / \\
A-----W   E-----B
       \\ /
        S
        |
        C
"""
RING: dict[str, Tags | str] = {
    "AW": ROAD,
    "NWSEN": {**ROAD, "junction": "roundabout"},
    "EB": ROAD,
    "SC": ROAD,
}


@pytest.mark.parametrize(
    ("members", "quarters"),
    [
        ("A B AW NWSEN EB", 2),
        ("B A EB NWSEN AW", 2),
        ("A C AW NWSEN SC", 1),
        ("C A SC NWSEN AW", 3),
    ],
)
def test_a_line_goes_round_a_roundabout_from_where_it_comes_in_to_where_it_leaves(
    members: str, quarters: int
) -> None:
    """Counter-clockwise. The ring's arms are 240 m; a quarter is 80 m across and 160 m down."""
    nodes = named("ABC")
    here = osm_world(RING_DRAWING, RING, nodes=nodes, relations=[(BUS, members)], scale_m=160)
    arms = sum({"A": 240, "B": 240, "C": 160}[mark] for mark in members[:3:2])
    wanted = (arms + quarters * np.hypot(80, 160)) / 10
    assert route(here).hop_secs == pytest.approx((wanted,), abs=NEAR_SECS)


def test_a_line_may_turn_round_in_a_roundabout() -> None:
    """From A to S and on round the ring, back to where it came from."""
    members = "A:stop S:stop A:stop AW NWSEN AW"
    here = osm_world(RING_DRAWING, RING, nodes=named("AS"), relations=[(BUS, members)], scale_m=160)
    quarter = np.hypot(80, 160)
    wanted = ((240 + quarter) / 10, (240 + 3 * quarter) / 10)
    assert route(here).hop_secs == pytest.approx(wanted, abs=NEAR_SECS)


def test_across_a_gap_between_ways_it_is_straight_with_a_detour() -> None:
    found = lines(row((BUS, "A:stop B:stop C:stop D:stop AB CD")))
    assert found.routes[0].hop_secs == pytest.approx((80, 80 * 1.5, 80), abs=NEAR_SECS)
    [gap] = [p for p in found.problems if p.kind == "route-ways-apart"]
    assert gap.message == "1 hops"


def test_stops_in_the_order_against_their_ways_are_turned_round() -> None:
    found = lines(row((BUS, "D:stop C:stop B:stop A:stop AB BC CD")))
    assert stops(found.routes[0]) == "ABCD"
    assert "route-stops-reversed" in kinds(found.problems)


@pytest.mark.parametrize(
    ("letters", "members", "secs"),
    [("CA", "C:stop A:stop AB BC CD", (160,)), ("DBA", "D:stop B:stop A:stop ABCD", (160, 80))],
)
def test_two_stops_or_a_single_way_have_no_order_to_be_turned(
    letters: str, members: str, secs: tuple[float, ...]
) -> None:
    ways: dict[str, Tags | str] = {**WAYS, "ABCD": ROAD}
    here = osm_world(ROW, ways, nodes=named("ABCD"), relations=[(BUS, members)], scale_m=800)
    found = lines(here)
    assert stops(found.routes[0]) == letters
    assert found.routes[0].hop_secs == pytest.approx(secs, abs=NEAR_SECS)
    assert "route-stops-reversed" not in kinds(found.problems)


def test_a_stop_out_of_order_costs_the_straight_distance() -> None:
    found = lines(row((BUS, "A:stop C:stop B:stop D:stop AB BC CD")))
    assert found.routes[0].hop_secs == pytest.approx((160, 80 * 1.5, 160), abs=NEAR_SECS)
    assert "route-stops-out-of-order" in kinds(found.problems)


def test_a_stop_far_from_the_ways_is_kept() -> None:
    drawing = """
    E
    A---B---C---D
    """
    here = osm_world(
        drawing, WAYS, nodes=named("EBD"), relations=[(BUS, "E B D AB BC CD")], scale_m=800
    )
    found = lines(here)
    away = np.hypot(800, 400) / 10
    assert found.routes[0].hop_secs == pytest.approx((1.5 * away, 160), abs=NEAR_SECS)
    assert "route-stop-far" in kinds(found.problems)


def test_a_line_that_comes_back_along_its_way_goes_on_from_where_it_was() -> None:
    """Out to D and back to C and A along the same ways."""
    members = "A:stop B:stop D:stop C:stop A:stop AB BC CD CD BC AB"
    served = route(row(({**BUS, "roundtrip": "yes"}, members)))
    assert stops(served) == "ABDCA"
    assert served.hop_secs == pytest.approx((80, 160, 80, 160), abs=NEAR_SECS)


def test_a_stop_twice_in_a_row_counts_once() -> None:
    found = lines(row((BUS, "A:stop A:stop B:stop AB")))
    assert stops(found.routes[0]) == "AB"
    assert "route-stop-doubled" in kinds(found.problems)


def test_a_hop_takes_ten_seconds_at_least() -> None:
    here = osm_world("AB", {"AB": ROAD}, nodes=named("AB"), relations=[(BUS, "A B AB")], scale_m=40)
    assert route(here).hop_secs == (10.0,)


@pytest.mark.parametrize("text", ["16", "00:16", "00:16:00", "PT16M"])
def test_hops_share_the_duration_of_a_line(text: str) -> None:
    served = route(row(({**BUS, "duration": text}, "A:stop B:stop D:stop AB BC CD")))
    assert served.hop_secs == pytest.approx((320, 640), abs=NEAR_SECS)
    assert "hop_secs" not in served.assumed_fields


def test_the_duration_of_a_line_that_is_not_all_here_says_nothing() -> None:
    here = row(({**BUS, "duration": "16"}, THERE))
    found = here.lines(box(-100, -100, 2_000, 100), assumptions=QUICK)
    assert found.routes[0].hop_secs == pytest.approx((80, 80), abs=NEAR_SECS)
    cut = row(({**BUS, "duration": "16"}, f"{THERE} <gone>"))
    assert route(cut).hop_secs == pytest.approx((80, 80, 80), abs=NEAR_SECS)


@pytest.mark.parametrize("text", ["soon", "45:00", "00:00:20"])
def test_a_duration_that_cannot_be_meant_is_not_used(text: str) -> None:
    """45:00 is 45 hours for 2.4 km."""
    found = lines(row(({**EVERY_10, "duration": text}, THERE)))
    assert found.routes[0].hop_secs == pytest.approx((80, 80, 80), abs=NEAR_SECS)
    assert "route-duration-unreadable" in kinds(found.problems)


def test_the_shape_runs_from_the_first_stop_to_the_last() -> None:
    here = row((BUS, "B:stop C:stop AB BC CD"))
    shape = route(here).shape
    assert shape is not None
    assert shape.length == pytest.approx(800, abs=0.1)
    assert shapely.distance(shape.boundary, here.places["B"]) < 0.1


def test_the_shape_of_a_ring_is_all_of_it() -> None:
    drawing = "A---B\n\nD---C"
    members = "A:stop C:stop A:stop ABCDA"
    here = osm_world(
        drawing, {"ABCDA": ROAD}, nodes=named("AC"), relations=[(BUS, members)], scale_m=800
    )
    served = route(here)
    assert served.hop_secs == pytest.approx((160, 160), abs=NEAR_SECS)
    assert served.shape is not None
    assert served.shape.length == pytest.approx(3_200, abs=0.5)


@given(st.data())
@examples(40)
def test_a_hop_is_as_long_as_the_way_between_its_stops(data: st.DataObject) -> None:
    """A way that never turns back, in one part; stops on it; points that repeat."""
    steps = data.draw(st.lists(st.tuples(st.integers(0, 99), st.integers(-99, 99)), min_size=1))
    way = np.concatenate([[[0, 0]], np.cumsum([(5, 0), *steps], axis=0)]).astype(float)
    line = shapely.LineString(way)
    at = sorted(data.draw(st.lists(st.floats(0, line.length), min_size=2, max_size=6)))
    stops_on = [line.interpolate(metres) for metres in at]
    found = hops_along([way], stops_on, 1.5)
    np.testing.assert_allclose(found.metres, np.diff(at), rtol=0, atol=1e-5)
    assert (found.far, found.apart, found.out_of_order) == ((), 0, 0)


def test_hops_of_no_ways() -> None:
    found = hops_along([], list(shapely.points([[0, 0], [100, 0]])), 1.5)
    assert (found.metres, found.far, found.apart, found.out_of_order) == ((150.0,), (), 0, 0)


# Directions and headways --------------------------------------------------------------------


def test_two_relations_against_each_other_are_one_direction_each() -> None:
    there, back = lines(row((EVERY_10, THERE), (EVERY_10, BACK))).routes
    assert (stops(there), stops(back)) == ("ABCD", "DCBA")
    assert not there.bidirectional
    assert not back.bidirectional


BOTH_SIDES = """
a   b   c
A---B---C
d   e   f
"""


def both_sides(there: Tags, back: Tags, nodes: dict[str, Tags]) -> Lines:
    """A road with stops 50 m off on its two sides."""
    relations = [(there, "a b c AB BC"), (back, "f e d BC AB")]
    ways: dict[str, Tags | str] = {"AB": ROAD, "BC": ROAD}
    return lines(osm_world(BOTH_SIDES, ways, nodes=nodes, relations=relations, scale_m=100))


def test_stops_of_one_name_on_both_sides_are_one() -> None:
    nodes = {a: {"highway": "bus_stop", "name": b} for a, b in zip("abcdef", "PQRPQR", strict=True)}
    found = both_sides(EVERY_10, EVERY_10, nodes)
    names = found.stops["stop_name"]
    assert ["".join(names[list(served.stop_ids)]) for served in found.routes] == ["PQR", "RQP"]
    assert not found.routes[0].bidirectional
    assert found.stops["accuracy_m"].tolist() == pytest.approx([50] * 3, abs=0.1)


@pytest.mark.parametrize(
    ("there", "back", "against"),
    [
        ({}, {}, True),
        ({"from": "P", "to": "R"}, {"from": "R", "to": "P"}, True),
        ({"from": "P", "to": "R"}, {"from": "P", "to": "R"}, False),
        ({"from": "P", "to": "R"}, {"from": "Z", "to": "P"}, True),
    ],
)
def test_without_a_shared_stop_from_and_to_tell_the_direction_or_else_the_ends(
    there: Tags, back: Tags, *, against: bool
) -> None:
    found = both_sides({**EVERY_10, **there}, {**EVERY_10, **back}, named("abcdef"))
    assert [served.bidirectional for served in found.routes] == [not against] * 2


def test_a_line_drawn_twice_in_one_direction_runs_both_ways() -> None:
    """Whatever `from` and `to` say: else nobody could go back."""
    there = {**EVERY_10, "from": "A", "to": "D"}
    back = {**EVERY_10, "from": "D", "to": "A"}
    found = lines(row((there, THERE), (back, THERE)))
    assert [served.bidirectional for served in found.routes] == [True, True]
    assert kinds(found.problems).count("route-one-direction") == 2


def test_a_single_relation_runs_both_ways_and_is_reported() -> None:
    found = lines(row((EVERY_10, THERE)))
    assert found.routes[0].bidirectional
    assert kinds(found.problems) == ["route-one-direction"]


@pytest.mark.parametrize(
    ("tags", "members"),
    [({"roundtrip": "yes"}, THERE), ({}, "A:stop B:stop C:stop A:stop AB BC BC AB")],
)
def test_a_round_trip_runs_one_way(tags: Tags, members: str) -> None:
    found = lines(row(({**EVERY_10, **tags}, members)))
    assert not found.routes[0].bidirectional
    assert "route-one-direction" not in kinds(found.problems)


def test_lines_of_one_number_in_two_networks_are_two_lines() -> None:
    found = lines(row(({**EVERY_10, "network": "P"}, THERE), ({**EVERY_10, "network": "Q"}, BACK)))
    assert [served.bidirectional for served in found.routes] == [True, True]


@pytest.mark.parametrize(
    ("tags", "secs"),
    [
        ({"interval": "10"}, 600),
        ({"interval": "00:10"}, 600),
        ({"interval": "00:07:30"}, 450),
        ({"interval": "PT5M"}, 300),
        ({"interval": "6-12"}, 720),
        ({"interval": "00:10;00:20"}, 1_200),
        ({"frequency": "6/h"}, 600),
        ({"frequency": "4 per hour"}, 900),
        ({"interval": "5", "frequency": "1/h"}, 300),
    ],
)
def test_headways(tags: Tags, secs: float) -> None:
    assert headway_secs(tags) == secs
    served = route(row(({**BUS, **tags}, THERE)))
    assert served.headway_peak_secs == served.headway_offpeak_secs == secs
    assert served.confidence == "derived"
    assert not {"headway_peak_secs", "headway_offpeak_secs"} & set(served.assumed_fields)


@pytest.mark.parametrize(("text", "secs"), [("00:00:05", 30), ("PT9H", 14_400)])
def test_headways_stay_in_the_range_of_a_study(text: str, secs: float) -> None:
    assert route(row(({**BUS, "interval": text}, THERE))).headway_peak_secs == secs


@pytest.mark.parametrize(
    "tags", [{"interval": "often"}, {"interval": "6--12"}, {"frequency": "6"}, {"frequency": "0/h"}]
)
def test_headways_that_nobody_can_read(tags: Tags) -> None:
    with pytest.raises(UnreadableError):
        headway_secs(tags)
    found = lines(row(({**BUS, **tags}, THERE), ({**BUS, **tags}, BACK)))
    assert kinds(found.problems) == ["route-headway-unreadable"] * 2
    assert found.routes[0].headway_peak_secs == 900


def test_without_a_tag_the_headway_is_the_default_of_the_mode() -> None:
    served = route(row((BUS, THERE)))
    assert (served.headway_peak_secs, served.headway_offpeak_secs) == (900, 1_200)
    assert served.confidence == "assumed"
    assert {"headway_peak_secs", "headway_offpeak_secs"} <= set(served.assumed_fields)


def test_variants_of_a_line_share_the_default_headway() -> None:
    """Two of them there, one back."""
    short = "A:stop B:stop AB"
    found = lines(row((BUS, THERE), (BUS, short), (BUS, BACK)))
    assert [served.headway_peak_secs for served in found.routes] == [1_800, 1_800, 900]
    assert not any(served.bidirectional for served in found.routes)


# Stops --------------------------------------------------------------------------------------


def stop_count(gap: str, tags: Tags, *, same: bool = True, area: str = "") -> int:
    """How many stops A and B are, both served by one line; a dash is 25 m."""
    nodes = {
        "A": {"name": "P"},
        "B": {"name": "P" if same else "Q"},
        "Z": {"name": "Z"},
    }
    areas = [({"type": "public_transport", "public_transport": "stop_area"}, area)]
    here = osm_world(
        f"A{gap}B" + "-" * 80 + "Z",
        {},
        nodes=nodes,
        relations=[(tags, "A:stop Z:stop B:stop"), *areas],
    )
    return len(lines(here).stops) - 1


SUBWAY = {"type": "route", "route": "subway", "ref": "7"}


@pytest.mark.parametrize(
    ("tags", "dashes", "count"),
    [(BUS, 4, 1), (BUS, 6, 2), (SUBWAY, 6, 1), (SUBWAY, 10, 1), (SUBWAY, 12, 2)],
)
def test_members_of_one_name_near_each_other_are_one_stop(
    tags: Tags, dashes: int, count: int
) -> None:
    """150 m in the street, 300 m on rails; n dashes are 25 (n + 1) m."""
    assert stop_count("-" * dashes, tags) == count


def test_members_of_different_names_are_two_stops() -> None:
    assert stop_count("-", BUS, same=False) == 2


def test_a_stop_area_joins_platforms_of_a_railway_and_no_bus_stops() -> None:
    assert stop_count("-", SUBWAY, same=False, area="A B") == 1
    assert stop_count("-", BUS, same=False, area="A B") == 2


def test_a_stop_area_joins_nothing_that_is_far_apart() -> None:
    assert stop_count("-" * 12, SUBWAY, same=False, area="A B") == 2


def test_a_railway_and_a_bus_never_share_a_stop() -> None:
    here = row(({**SUBWAY, "interval": "5"}, "A:stop B:stop"), (EVERY_10, "A:stop B:stop"))
    found = lines(here)
    assert [served.stop_ids for served in found.routes] == [
        ("n65:rail", "n66:rail"),
        ("n65", "n66"),
    ]
    assert found.metro_stops == found.rail_stops == {"n65:rail", "n66:rail"}


def test_a_station_and_a_bus_stop_of_one_name_are_two_stops() -> None:
    nodes = {"A": {"name": "P"}, "B": {"name": "P"}, "C": {"name": "Q"}, "D": {"name": "Q"}}
    here = osm_world(
        "AB---CD", {}, nodes=nodes, relations=[(BUS, "A:stop C:stop"), (SUBWAY, "B:stop D:stop")]
    )
    assert [stops(served) for served in lines(here).routes] == ["AC", "BD"]


def test_a_stop_has_the_names_and_the_middle_of_its_members() -> None:
    nodes = {
        "a": {"name": "学府", "highway": "bus_stop"},
        "b": {"name": "学府", "name:en": "Xuefu", "highway": "bus_stop"},
        "Z": {"name": "Z"},
    }
    here = osm_world(
        f"a---b{'-' * 40}Z", {}, nodes=nodes, relations=[(BUS, "a:stop Z:stop b:stop")]
    )
    stop = lines(here).stops.loc[f"n{ord('a')}"]
    assert (stop["stop_name"], stop["name_en"]) == ("学府", "Xuefu")
    middle = shapely.Point(np.mean(shapely.get_coordinates(here.places[["a", "b"]]), axis=0))
    assert stop.geometry.distance(middle) < 0.01


def test_a_stop_without_a_name_is_called_by_its_id() -> None:
    nodes = {**named("ABC"), "D": {"highway": "bus_stop"}}
    found = lines(osm_world(ROW, WAYS, nodes=nodes, relations=[(EVERY_10, THERE)]))
    stop = found.stops.loc["n68"]
    assert (stop["stop_name"], stop["name_status"]) == ("n68", "not_found")
    assert [(p.kind, p.osm_id) for p in found.problems if p.kind.startswith("stop")] == [
        ("stop-name-missing", 68)
    ]


def test_a_nameless_stop_of_a_railway_and_a_bus_is_reported() -> None:
    nodes = {**named("AC"), "B": {"railway": "halt"}}
    relations = [(SUBWAY, "A:stop B:stop C:stop"), (BUS, "A:stop B:stop C:stop")]
    found = lines(osm_world(ROW, WAYS, nodes=nodes, relations=relations))
    assert {(p.kind, p.osm_id) for p in found.problems} >= {("stop-name-missing", ord("B"))}


def test_stops_that_no_line_serves_are_left_out() -> None:
    here = row((BUS, "A:stop B:stop"), ({**BUS, "ref": "2"}, "C:stop"))
    assert lines(here).stops.index.tolist() == ["n65", "n66"]
    assert lines(here).stops.crs == CRS


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


# Entrances ----------------------------------------------------------------------------------


def with_entrances(mode: str) -> OsmWorld:
    """Stations A and B; an entrance 100 m from A, one beyond 400 m from both."""
    nodes: dict[str, Tags] = {
        **named("AB"),
        "E": {"railway": "subway_entrance", "name": "1号口"},
        "F": {"railway": "subway_entrance"},
    }
    tags = {**SUBWAY, "route": mode}
    return osm_world(
        "A---E" + "-" * 19 + "F" + "-" * 19 + "B",
        {},
        nodes=nodes,
        relations=[(tags, "A:stop B:stop")],
    )


@pytest.mark.parametrize("mode", ["subway", "light_rail", "monorail", "train"])
def test_an_entrance_leads_to_the_nearest_station(mode: str) -> None:
    entrances = with_entrances(mode).network().entrances
    assert entrances[["entrance_id", "stop_id", "name"]].to_numpy().tolist() == [
        ["n69", "n65", "1号口"]
    ]


def test_a_metro_station_without_an_entrance_is_reported() -> None:
    problems = with_entrances("subway").network().problems
    missing = problems.loc[problems["kind"] == "station-without-entrance"]
    assert missing["osm_id"].tolist() == [ord("B")]


@pytest.mark.parametrize("mode", ["light_rail", "train"])
def test_other_stations_may_be_open(mode: str) -> None:
    problems = with_entrances(mode).network().problems
    assert "station-without-entrance" not in set(problems["kind"])


def test_buses_have_no_entrances() -> None:
    assert len(with_entrances("bus").network().entrances) == 0
