"""How fast streets and ferries are, and what else their tags say."""

from __future__ import annotations

import pytest
from easy_values import easy
from osm_roads import ROAD, one_street, problem_kinds
from osm_worlds import NEAR_M, TEN_MPS, box, kinds, osm_world

from geo.osm.elements import Tags
from layers.osm.tags import lane_count

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
