"""Roads whose every figure is computed by hand, see `two_zone_packages`."""

from __future__ import annotations

import geopandas as gpd
import numpy as np
import pytest
from ascii_worlds import world
from coordinates import point
from easy_values import conditions, easy
from judged_worlds import TRAVELS, Judged, asked, line_between, player
from network_parts import project, road, route, tunnel
from two_zone_packages import APART, GAIN, NEAR_STREETS, TOGETHER, Found, found

from analysis.attribution.shapley.game import game
from analysis.attribution.subset_values import NEAR_CORE, PLACE_SECS, all_values


def test_two_tunnels_through_one_ridge_replace_each_other() -> None:
    """A-D: today 7 km in 1400 s, by the slow tunnel 1000 s, by the fast one or both 500 s."""
    here = world(
        """
        A---B   C---D
            |   |
            E   F
            |   |
            G---H
        """
    )
    fast = project("fast", roads=[tunnel("fast", here.line("BC"), maxspeed=72.0)])
    slow = project("slow", roads=[tunnel("slow", here.line("EF"))])
    result = found(here, here.network(), [fast, slow], "AD", cutoffs=(600.0, 1200.0))
    assert result.values(PLACE_SECS, "drive") == pytest.approx([-1400, -500, -1000, -500])
    assert result.shares(PLACE_SECS, "drive")["fast"] == pytest.approx([900, 500, 700])
    assert result.shares(PLACE_SECS, "drive")["slow"] == pytest.approx([400, 0, 200])
    assert result.pair(PLACE_SECS, "drive") == (pytest.approx(-400), "replace")
    both = {name: pytest.approx([GAIN, 0, GAIN / 2]) for name in ("fast", "slow")}
    assert result.shares("people_1200", "drive") == both
    assert result.pair("people_1200", "drive") == (pytest.approx(-GAIN), "replace")
    # within ten minutes only the fast one leads to the core, A
    assert result.values(NEAR_CORE, "drive") == [1, 3, 1, 3]
    assert result.shares(NEAR_CORE, "drive")["fast"] == pytest.approx([2, 2, 2])
    assert result.pair(NEAR_CORE, "drive") == (0, "apart")
    # nobody walks through them: 7 km on foot
    assert result.values(PLACE_SECS, "transit") == pytest.approx([-7000] * 4)


def test_a_line_and_the_road_to_its_station_help_only_together() -> None:
    """S is in the fields: 1000 s to B, 1000 s on the road, 300 s wait, 60 s ride, 1000 s to C."""
    here = world("A---B   S       T---C")
    way = project("road", roads=[road("road", here.line("BS"))])
    line = route("line", "ST", 60, headway_secs=600)
    metro = project("line", routes=[line], stops_at=here.at("ST"))
    result = found(
        here, here.network(), [way, metro], "AC", cutoffs=(3359.0, 3361.0), under=NEAR_STREETS
    )
    assert result.values("people_3361", "transit") == pytest.approx([APART] * 3 + [TOGETHER])
    assert result.values("people_3359", "transit") == pytest.approx([APART] * 4)
    both = {name: pytest.approx([0, GAIN, GAIN / 2]) for name in ("road", "line")}
    assert result.shares("people_3361", "transit") == both
    assert result.pair("people_3361", "transit") == (pytest.approx(GAIN), "together_only")
    assert result.values("people_3361", "drive") == pytest.approx([APART] * 4)
    # places that never reached each other have no time between them
    assert PLACE_SECS not in set(result.columns["measure"])


def test_a_road_that_requires_another_is_nothing_without_it() -> None:
    """`late` ends in a field where `early` ends; both lead from A to D."""
    here = world("A---B       C---D")
    early = project("early", roads=[road("early", line_between((1_000, 0), (2_000, 1_000)))])
    on = road("late", line_between((2_000, 1_000), (3_000, 0)))
    late = project("late", roads=[on], requires=("early",))
    result = found(here, here.network(), [early, late], "AD", cutoffs=(900.0, 1800.0))
    # 2 km and twice 1414 m at 5 m/s: 966 s
    assert result.values("people_1800", "drive") == pytest.approx([APART] * 3 + [TOGETHER])
    assert result.values("people_900", "drive") == pytest.approx([APART] * 4)
    assert result.shares("people_1800", "drive") == {
        "early": pytest.approx([0, GAIN, GAIN / 2]),
        "late": pytest.approx([GAIN, GAIN, GAIN / 2]),
    }
    assert result.pair("people_1800", "drive")[1] == "requires"


def test_two_roads_relieve_a_full_crossing() -> None:
    """2600 cars on 1300: 3.4 times the free 100 s; with 2600, 1.15 times; with 3900, 1.0296 times.

    Nobody asked about takes the new roads: they are 20 km long.
    """
    ridge = {"screenline": "ridge", "crossing": "AB"}
    here = world("A---B", streets={"AB": ridge})
    plans = []
    for name, south in (("north", -10_000), ("south", 10_000)):
        round_about = line_between((0, 0), (500, south), (1_000, 0))
        way = road(name, round_about, screenline="ridge", crossing=name)
        plans.append(project(name, roads=[way]))
    under = conditions(easy(max_trip_secs=7_200.0), ridge=2_600.0)
    result = found(here, here.network(), plans, "AB", cutoffs=(110.0, 120.0), under=under)
    full, one, two = 340.0, 115.0, 100 * (1 + 0.15 * (2 / 3) ** 4)
    assert result.values(PLACE_SECS, "drive") == pytest.approx([-full, -one, -one, -two], abs=1e-4)
    each = [full - one, one - two, (full - two) / 2]
    assert result.shares(PLACE_SECS, "drive") == {
        name: pytest.approx(each, abs=1e-4) for name in ("north", "south")
    }
    interaction, kind = result.pair(PLACE_SECS, "drive")
    assert interaction == pytest.approx(-(full - 2 * one + two), abs=1e-4)
    assert kind == "replace"
    assert result.pair("people_110", "drive") == (pytest.approx(GAIN), "together_only")
    assert result.pair("people_120", "drive") == (pytest.approx(-GAIN), "replace")


def test_a_place_beside_a_planned_road_comes_onto_it() -> None:
    """The house is 1 km south of A; the planned road passes it: 50 m off, 900 m to A."""
    here = world("A---B")
    way = project("way", roads=[road("way", line_between((0, 0), (0, 3_000)))])
    house = point(50, 900)
    places = gpd.GeoSeries({"h": house, "B": here.places["B"]}, crs=here.places.crs)
    question = asked(list(places), places, cutoffs=(500.0, 600.0), near_secs=500.0)
    judged = Judged(here.network(), {"way": way}, (player("way"),), question, NEAR_STREETS)
    values = all_values(judged.package, question, travels=TRAVELS, conditions=NEAR_STREETS)
    at = (values.columns["mode"] == "drive") & (values.columns["area_id"] == "all")
    people = at & values.columns["measure"].isin(["people_500", "people_600"])
    # 5 s to the road, 180 s to A, 200 s to B
    assert values.table[:, people] == pytest.approx(np.array([[APART] * 2, [TOGETHER] * 2]))


def test_another_road_relieves_a_planned_one_along_which_one_goes_straight() -> None:
    """500 m on the new crossing: 57.5 s while two share the volume, 51.5 s with a third."""
    ridge = {"screenline": "ridge", "crossing": "AB"}
    here = world("A-----------B", streets={"AB": ridge})
    new = line_between((0, 0), (1_500, 1_000), (3_000, 0))
    far = line_between((0, 0), (500, -9_000), (3_000, 0))
    plans = [
        project(name, roads=[road(name, line, screenline="ridge", crossing=name)])
        for name, line in (("new", new), ("far", far))
    ]
    houses = {name: new.interpolate(at) for name, at in (("h", 500.0), ("k", 1_000.0))}
    places = gpd.GeoSeries(houses, crs=here.places.crs)
    question = asked(list(places), places, cutoffs=(52.0, 58.0), near_secs=52.0)
    under = conditions(easy(snap_limit_m=100.0), ridge=2_600.0)
    known = {item.project_id: item for item in plans}
    judged = Judged(here.network(), known, (player("new"), player("far")), question, under)
    values = all_values(judged.package, question, travels=TRAVELS, conditions=under)
    result = Found(game(("new", "far"), values.table, judged.required), values.columns)
    # with the new one alone v/c is 1, with both 2/3
    assert result.values("people_58", "drive") == pytest.approx([APART, TOGETHER, APART, TOGETHER])
    assert result.values("people_52", "drive") == pytest.approx([APART] * 3 + [TOGETHER])
