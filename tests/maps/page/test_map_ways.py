"""The card of the page says by which way one travels between two places."""

from __future__ import annotations

import pytest
from browser import Browser
from page_browser import begin_again, text
from page_ways import tables_with_ways
from page_worlds import EVIL

from maps.page.page import draw_page, page_html

BEFORE, AFTER = "[data-way*=today]", "[data-way*=plan]"


@pytest.fixture(scope="module")
def page(browser: Browser, tmp_path_factory: pytest.TempPathFactory) -> Browser:
    path = tmp_path_factory.mktemp("page") / "map.html"
    draw_page(tables_with_ways(), path)
    browser.open(path)
    browser.run("scicity.ready")
    return browser


@pytest.fixture(autouse=True)
def as_opened(page: Browser) -> None:
    begin_again(page)


def ask_for(page: Browser, point: int, button: str) -> None:
    page.run(f"scicity.pick({point})")
    page.settle()
    press(page, button)


def press(page: Browser, button: str) -> None:
    page.run(f"document.querySelector('#picked {button}').click()")
    page.settle()


def way(page: Browser) -> list[str]:
    return page.run("[...document.querySelectorAll('#picked .way')].map(row => row.innerText)")


def test_minutes_show_the_legs_of_their_state(page: Browser) -> None:
    ask_for(page, 0, AFTER)
    assert way(page) == ["规划 共 25 分钟\n步行 6 · 候车 4 · 7号线 12 分 · 步行 3"]
    press(page, BEFORE)
    assert way(page) == [
        "现状 时段内最快：07:12 出发，共 44 分钟\n步行 6 · 1路 / 2路 <1 分 · 步行 38"
    ]
    expanded = "document.querySelector('#picked {}').getAttribute('aria-expanded')"
    assert page.run(expanded.format(BEFORE)) == "true"
    assert page.run(expanded.format(AFTER)) == "false"
    press(page, BEFORE)
    assert way(page) == []


def test_the_way_in_english(page: Browser) -> None:
    page.run("scicity.speak('en')")
    ask_for(page, 0, AFTER)
    assert way(page) == ["Plan 25 min\nwalk 6 · wait 4 · Line 7 12 min · walk 3"]
    assert page.run(f"document.querySelector('#picked {AFTER}').title") == "which way?"


def test_the_way_there_is_not_the_way_back(page: Browser) -> None:
    page.run("scicity.choose({direction: 'to'})")
    ask_for(page, 0, AFTER)
    assert way(page) == ["规划 共 30 分钟\n步行 30"]
    # there is none today
    assert not page.run(f"Boolean(document.querySelector('#picked {BEFORE}'))")
    assert "—" in text(page, "#picked table:last-of-type")


@pytest.mark.parametrize(
    "question", ["{mode: 'drive'}", "{state: 'year_2027'}"], ids=["by car", "another state"]
)
def test_only_what_is_known_is_offered(page: Browser, question: str) -> None:
    page.run(f"scicity.choose({question})")
    page.run("scicity.pick(0)")
    page.settle()
    assert not page.run(f"Boolean(document.querySelector('#picked {AFTER}'))")


def test_from_a_zone_no_way_is_offered(page: Browser) -> None:
    page.run("scicity.pick(2)")
    page.settle()
    assert not page.run("Boolean(document.querySelector('#picked [data-way]'))")


def test_names_of_lines_are_only_text(
    browser: Browser, tmp_path_factory: pytest.TempPathFactory
) -> None:
    path = tmp_path_factory.mktemp("evil") / "map.html"
    draw_page(tables_with_ways(EVIL), path)
    assert EVIL not in page_html(tables_with_ways(EVIL))
    browser.open(path)
    browser.run("scicity.ready")
    ask_for(browser, 0, AFTER)
    assert way(browser)[0].count(EVIL) == 2
    assert browser.run("document.querySelectorAll('#picked img').length") == 0
