"""Questions put to the page in a real browser: times are compared with a world known by heart."""

from __future__ import annotations

import re
from typing import Any

import numpy as np
import pytest
from browser import Browser
from page_browser import FIRST, begin_again, middle, open_small, pixel, text
from page_times import minutes_of

from maps.style.palette import GAINS, LEVELS, NEUTRAL, change_classes, change_color

PEOPLE = np.array([1, 10, 100, 1000])


@pytest.fixture(scope="module")
def page(browser: Browser, tmp_path_factory: pytest.TempPathFactory) -> Browser:
    return open_small(browser, tmp_path_factory.mktemp("page"))


@pytest.fixture(autouse=True)
def as_opened(page: Browser) -> None:
    """Every test begins with the question that the page begins with."""
    begin_again(page)


def choose(page: Browser, **values: str) -> None:
    fields = ", ".join(f"{name}: '{value}'" for name, value in values.items())
    page.run(f"scicity.choose({{{fields}}})")
    page.settle()


def colors(page: Browser, side: str = "right") -> list[str]:
    return page.run(f"scicity.sides.{side}.zones.map(zone => zone.options.fillColor)")


def reached(state: str, mode: str, minutes: int) -> np.ndarray:
    return (minutes_of(state, mode)[FIRST:, FIRST:] <= minutes) @ PEOPLE


def legend(page: Browser) -> str:
    return text(page, "#answer")


def card(page: Browser) -> list[list[str]]:
    """The rows of the answer's tables."""
    return page.run(
        "[...document.querySelectorAll('#picked tbody tr')].map(row =>"
        " [...row.children].map(cell => cell.innerText))"
    )


# What is reached ----------------------------------------------------------------------------


@pytest.mark.parametrize("mode", ["transit", "drive"])
@pytest.mark.parametrize("minutes", [15, 30, 45])
def test_change_of_what_is_reached(page: Browser, mode: str, minutes: int) -> None:
    choose(page, mode=mode, minutes=str(minutes))
    change = reached("plan", mode, minutes) - reached("today", mode, minutes)
    classes = change_classes(change.astype(float), (10.0, 1000.0))
    assert colors(page) == [change_color(number, 3) for number in classes]
    assert f"{minutes} 分钟内可达的人口" in legend(page)
    assert ("0 无变化" in legend(page)) == (0 in classes)


@pytest.mark.parametrize("view", ["before", "after"])
def test_levels_share_their_classes(page: Browser, view: str) -> None:
    choose(page, view=view)
    levels = reached({"before": "today", "after": "plan"}[view], "transit", 30)
    at = np.searchsorted([10.0, 100.0], levels)
    assert colors(page) == [LEVELS[3 + n] for n in at]
    assert "≤ 10\n10 – 100\n> 100" in legend(page)


def test_other_things_can_be_counted(page: Browser) -> None:
    choose(page, count="1", view="after")
    schools = (minutes_of("plan", "transit")[FIRST:, FIRST:] <= 30) @ np.array([1, 0, 0, 2])
    assert [color == LEVELS[3] for color in colors(page)] == [0 < n <= 10 for n in schools]
    assert "学校" in legend(page)


def test_zones_at_the_edge_of_the_network_are_dashed(page: Browser) -> None:
    dashes = "scicity.sides.right.zones.map(zone => zone.options.dashArray)"
    assert page.run(dashes) == [None, "2 3", None, None]
    assert "触及路网边缘" in legend(page)
    choose(page, mode="drive")
    assert page.run(dashes) == [None] * 4
    assert "触及路网边缘" not in legend(page)


# Times from and to a place ------------------------------------------------------------------


def test_a_click_draws_the_times_from_there(page: Browser) -> None:
    page.point(*pixel(page, *middle(0)), click=True)
    assert page.run("scicity.asked.point") == FIRST
    assert page.run("document.forms.question.theme.value") == "times"
    was, now = (minutes_of(state, "transit")[FIRST] for state in ("today", "plan"))
    rows = {row[0]: row[1:] for row in card(page)}
    assert rows["中心"] == [str(was[0]), str(now[0]), f"−{was[0] - now[0]}"]
    assert rows["人口 ≤ 30"] == ["11", "1,111", "+1,100"]
    assert rows["学校 ≤ 30"] == ["1", "3", "+2"]
    assert "核心区" in text(page, "#picked-name")
    # 0, 12 and 24 minutes saved, and one zone newly reached
    opened = page.run("scicity.OPENED")
    assert colors(page) == [NEUTRAL, GAINS[2], GAINS[3], opened]
    assert "新可达" in legend(page)


def test_the_way_there_is_not_the_way_back(page: Browser) -> None:
    page.run("scicity.pick(1)")
    choose(page, direction="to", view="before")
    times = minutes_of("today", "transit")[FIRST:, FIRST]
    assert list(times) == [0, 21, 41, 61]
    palette = page.run("scicity.TIME_COLORS")
    assert colors(page) == [palette[n] for n in (0, 1, 2, 4)]
    assert {row[0]: row[1:] for row in card(page)}["中心"] == ["21", "9", "−12"]
    choose(page, direction="from")
    assert colors(page)[3] == page.run("scicity.NONE")


def test_a_place_found_by_search_is_asked_about(page: Browser) -> None:
    page.run("document.querySelector('#search input').select()")
    page.run("document.querySelector('#search input').focus()")
    page.ask("Input.insertText", text="centre")
    page.settle()
    page.key("Enter")
    assert page.run("scicity.asked.point") == 0
    assert text(page, "#picked-name") == "中心"
    assert page.run("scicity.picked.getLatLng().lng") == pytest.approx(106.35)


def test_places_in_the_answer_can_be_asked_about_in_turn(page: Browser) -> None:
    page.run("scicity.pick(1)")
    page.run("document.querySelector('#picked [data-point]').click()")
    page.settle()
    assert page.run("scicity.asked.point") == 0
    page.run("document.querySelector('#picked-close').click()")
    page.settle()
    assert page.run("document.querySelector('#picked').hidden")
    assert page.run("document.forms.question.theme.value") == "access"


def test_single_projects_are_ranked_by_what_they_do_here(page: Browser) -> None:
    page.run("scicity.pick(1).then(scicity.showSingleProjects)")
    assert "轨道1号线" in text(page, "#single-projects ol")
    assert "+1,100" in text(page, "#single-projects ol")
    assert "一号隧道" not in text(page, "#single-projects ol")
    page.run("document.querySelector('#single-projects [data-state]').click()")
    page.settle()
    assert page.run("scicity.asked.state.id") == "project_L1"


def test_a_click_far_from_all_zones_says_so(page: Browser) -> None:
    page.point(*pixel(page, 29.595, 106.27), click=True)
    assert page.run("scicity.asked.point") is None
    assert "没有" in text(page, ".leaflet-popup-content")


def test_keyboard_alone_picks_a_zone(page: Browser) -> None:
    lat, lon = middle(2)
    page.run(f"void scicity.map.setView([{lat}, {lon}], 15, {{animate: false}})")
    page.run("scicity.map.getContainer().focus()")
    page.key("Enter")
    assert page.run("scicity.asked.point") == FIRST + 2


# States, swipe ------------------------------------------------------------------------------


def test_years_open_their_projects(page: Browser) -> None:
    slide = "(f => {{ f.year.value = {}; f.year.dispatchEvent(new Event('input')); }})"
    line = "geo_json_plan_rail.getLayers()[0].options.opacity"
    for at, state, opacity in ((0, "today", 0.22), (1, "year_2025", 0.22), (2, "year_2027", 1)):
        page.run(f"{slide.format(at)}(document.forms.question)")
        page.settle()
        assert page.run("scicity.asked.state.id") == state
        assert page.run(line) == pytest.approx(opacity)
    assert "2027" in text(page, "#year-name")
    change = reached("year_2027", "transit", 30) - reached("today", "transit", 30)
    assert (np.array(colors(page)) != NEUTRAL).tolist() == (change != 0).tolist()


def test_years_play_to_the_last(page: Browser) -> None:
    page.run("document.forms.question.year.value = 1")
    page.run("document.querySelector('#play').click()")
    page.run("new Promise(done => setTimeout(done, 1700))")
    assert page.run("scicity.asked.state.id") == "year_2027"
    assert page.run("document.querySelector('#play').getAttribute('aria-pressed')") == "false"


def test_a_projects_popup_leads_to_what_it_does_alone(page: Browser) -> None:
    page.run("void geo_json_plan_roads.getLayers().at(-2).openPopup()")
    page.run("document.querySelector('.leaflet-popup [data-state]').click()")
    page.settle()
    assert page.run("scicity.asked.state.id") == "project_T1"


def test_swipe_shows_before_on_the_left(page: Browser) -> None:
    choose(page, view="swipe")
    today, plan = (reached(state, "transit", 30) for state in ("today", "plan"))
    shade = np.array(LEVELS[3:])
    assert colors(page, "left") == list(shade[np.searchsorted([10, 100], today)])
    assert colors(page) == list(shade[np.searchsorted([10, 100], plan)])
    box = "document.querySelector('#swipe').getBoundingClientRect()"
    x = page.run(f"{box}.x + {box}.width / 2")
    page.ask("Input.dispatchMouseEvent", type="mouseMoved", x=x, y=500)
    press: dict[str, Any] = {"button": "left", "clickCount": 1}
    page.ask("Input.dispatchMouseEvent", type="mousePressed", x=x, y=500, **press)
    page.ask("Input.dispatchMouseEvent", type="mouseMoved", x=600, y=500, button="left")
    page.ask("Input.dispatchMouseEvent", type="mouseReleased", x=600, y=500, **press)
    assert page.run(f"{box}.x + {box}.width / 2") == pytest.approx(600, abs=1)
    page.key("ArrowRight")
    assert page.run("scicity.swiped") == pytest.approx(100 * 600 / 1920 + 2, abs=0.1)
    clips = page.run("['left', 'right'].map(name => scicity.map.getPane(name).style.clipPath)")
    edges = [[float(n) for n in re.findall(r"(-?[\d.]+)px", clip)] for clip in clips]
    # the left pane ends where the right one begins
    assert edges[0][2] == edges[1][0]
    choose(page, view="change")
    assert page.run("document.querySelector('#swipe').hidden")
    assert page.run("scicity.map.getPane('right').style.clipPath") == ""


def test_isochrones_of_arrivals_lead_to_the_place(page: Browser) -> None:
    """By transit only: cars have no timetable."""
    choose(page, theme="isochrones")
    assert "起点：" in text(page, "#answer h3")
    page.run("scicity.study.toOrigin = true; scicity.ask()")
    assert "终点：" in text(page, "#answer h3")
    choose(page, mode="drive")
    assert "起点：" in text(page, "#answer h3")
    page.run("scicity.study.toOrigin = false")


def test_isochrones_of_both_states(page: Browser) -> None:
    choose(page, theme="isochrones")
    right, left = (
        page.run(f"scicity.sides.{side}.shapes.getLayers().map(l => l.getBounds().getEast())")
        for side in ("right", "left")
    )
    assert right == pytest.approx([106.375, 106.395], abs=2e-4)
    assert left == pytest.approx([106.37, 106.39], abs=2e-4)
    assert not page.run("scicity.map.hasLayer(scicity.sides.right.group)")
    assert "≤ 15 分钟" in legend(page)
    choose(page, view="after")
    assert not page.run("scicity.map.hasLayer(scicity.sides.left.shapes)")
    choose(page, theme="none")
    assert not page.run("scicity.map.hasLayer(scicity.sides.right.shapes)")
    assert legend(page) == ""
