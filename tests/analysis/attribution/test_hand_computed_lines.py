"""Lines whose every figure is computed by hand, see `two_zone_packages`."""

from __future__ import annotations

from dataclasses import replace

import pytest
from ascii_worlds import World, world
from network_parts import project, road, route, stops
from two_zone_packages import APART, GAIN, NEAR_STREETS, TOGETHER, found

from analysis.attribution.subset_values import PLACE_SECS
from layers.projects import Project
from layers.transit import TransitRoute


def bus(name: str, stops: str, here: World, **values: object) -> Project:
    """A line with a bus every ten minutes, 300 s from stop to stop."""
    line: TransitRoute = replace(route(name, stops, 300, headway_secs=600), **values)
    return project(name, routes=[line], stops_at=here.at(stops))


def test_frequencies_of_two_planned_lines_combine() -> None:
    """10 km on foot; 300 s wait and 300 s ride by one line, 150 s and 300 s by two."""
    here = world("A---------------------------------------B")
    lines = [bus("one", "AB", here), bus("other", "AB", here)]
    result = found(here, here.network(), lines, "AB", cutoffs=(500.0, 700.0))
    assert result.values(PLACE_SECS, "transit") == pytest.approx([-10_000, -600, -600, -450])
    assert result.shares(PLACE_SECS, "transit")["one"] == pytest.approx([9_400, 150, 4_775])
    assert result.pair(PLACE_SECS, "transit") == (pytest.approx(150 - 9_400), "replace")
    assert result.pair("people_500", "transit") == (pytest.approx(GAIN), "together_only")
    assert result.pair("people_700", "transit") == (pytest.approx(-GAIN), "replace")


@pytest.mark.parametrize("today", [True, False])
def test_frequencies_combine_at_poles_beside_each_other(*, today: bool) -> None:
    """Two ids at one place, of two planned lines or of a planned one and one of today."""
    here = world("A---------------------------------------B")
    poles = here.at("AB").rename({"A": "C", "B": "D"})
    other = route("other", "CD", 300, headway_secs=600)
    line = bus("one", "AB", here)
    if today:
        running = replace(here.network(), stops=stops(poles), routes=(other,))
        result = found(here, running, [line], "AB", cutoffs=(500.0, 700.0))
        assert result.values(PLACE_SECS, "transit") == pytest.approx([-600, -450])
        return
    plans = [line, project("other", routes=[other], stops_at=poles)]
    result = found(here, here.network(), plans, "AB", cutoffs=(500.0, 700.0))
    assert result.values(PLACE_SECS, "transit") == pytest.approx([-10_000, -600, -600, -450])
    assert result.pair("people_500", "transit") == (pytest.approx(GAIN), "together_only")


@pytest.mark.parametrize("through", [True, False])
def test_a_through_line_of_two_players(*, through: bool) -> None:
    """A-C: 300 s wait and 600 s ride on board; with a change at B one waits twice."""
    here = world("A-------------------B-------------------C")
    first = bus("first", "AB", here)
    on = bus("on", "BC", here, through_routes=("first",) if through else ())
    result = found(here, here.network(), [first, on], "AC", cutoffs=(1_000.0, 1_300.0))
    kind = (GAIN, "together_only") if through else (0, "apart")
    assert result.pair("people_1000", "transit") == (pytest.approx(kind[0]), kind[1])
    assert result.pair("people_1300", "transit") == (pytest.approx(GAIN), "together_only")
    # alone, each saves half the walk of 10 km but for wait and ride
    ride = -900.0 if through else -1_200.0
    assert result.values(PLACE_SECS, "transit") == pytest.approx([-10_000, -5_600, -5_600, ride])


def test_a_planned_line_goes_on_as_a_bus_of_today() -> None:
    here = world("A-------------------B-------------------C")
    today = here.network(route("old", "BC", 300, headway_secs=600))
    first = bus("first", "AB", here, through_routes=("old",))
    other = bus("other", "AB", here)
    result = found(here, today, [first, other], "AC", cutoffs=(1_000.0, 1_300.0))
    # staying on board 900 s; the other needs a change
    assert result.values(PLACE_SECS, "transit") == pytest.approx([-5_600, -900, -1_200, -900])


def test_lines_of_today_that_combine_go_on_beside_a_planned_road() -> None:
    """A-B: 150 s wait and 300 s ride by two lines of today; the road leads to C."""
    here = world("A-----------------------B   C")
    lines = [route(name, "AB", 300, headway_secs=600) for name in ("one", "two")]
    way = project("way", roads=[road("way", here.line("BC"))])
    result = found(
        here, here.network(*lines), [way], "AC", cutoffs=(1_400.0, 1_500.0), under=NEAR_STREETS
    )
    assert result.values("people_1400", "transit") == pytest.approx([APART] * 2)
    assert result.values("people_1500", "transit") == pytest.approx([APART, TOGETHER])
