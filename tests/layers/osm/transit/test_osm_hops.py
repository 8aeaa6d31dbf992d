"""How long hops are along their ways, and how long they take."""

from __future__ import annotations

import numpy as np
import pytest
import shapely
from hypothesis import given
from hypothesis import strategies as st
from hypothesis_settings import examples
from osm_routes import (
    BUS,
    EVERY_10,
    NEAR_SECS,
    QUICK,
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
from layers.osm.transit.hop_lengths import hops_along


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
