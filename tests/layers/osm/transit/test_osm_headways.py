"""Directions of lines, and how often they run."""

from __future__ import annotations

import pytest
from osm_routes import BACK, BUS, EVERY_10, ROAD, THERE, lines, named, route, row, stops
from osm_worlds import kinds, osm_world

from geo.osm.elements import Tags
from layers.osm.tags import UnreadableError, headway_secs
from layers.osm.transit.routes import Lines


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
