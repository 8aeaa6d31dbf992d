"""The page's tools in a real browser: language, measuring, paper, phone; and what must not act."""

from __future__ import annotations

import base64
import re
from dataclasses import replace
from pathlib import Path
from typing import Any

import numpy as np
import pytest
from browser import FAULTS, Browser
from page_browser import begin_again, middle, open_small, pixel, text
from page_worlds import CLOSING, EVIL, small_tables

from maps.page.page import draw_page
from maps.tiles import osm_tiles, tianditu_tiles


@pytest.fixture(scope="module")
def page(browser: Browser, tmp_path_factory: pytest.TempPathFactory) -> Browser:
    return open_small(browser, tmp_path_factory.mktemp("page"))


@pytest.fixture(autouse=True)
def as_opened(page: Browser) -> None:
    """Every test begins with the question that the page begins with."""
    begin_again(page)


def test_one_language_at_a_time(page: Browser) -> None:
    assert "可达机会" in text(page, "#question")
    assert "What is reached" not in text(page, "body")
    page.run("document.querySelector('#language').click()")
    page.settle()
    assert page.run("document.documentElement.lang") == "en"
    words = text(page, "body")
    for said in ("What is reached", "people within 30 min", "Layers", "中文"):
        assert said in words
    for name in ("可达机会", "图层", "规划轨道", "年底"):
        assert name not in words
    assert page.run("document.querySelector('#search input').placeholder").startswith("Search")
    assert page.run("document.forms.question.state.selectedOptions[0].text") == "Plan"


def test_the_address_may_name_the_language(browser: Browser, tmp_path: Path) -> None:
    path = tmp_path / "map.html"
    draw_page(small_tables(), path)
    browser.open(path, "?lang=en")
    assert browser.run("document.documentElement.lang") == "en"
    browser.run("scicity.ready")


def test_distances_are_measured_in_metres(page: Browser) -> None:
    page.run("document.querySelector('#measure').click()")
    for lon in (106.33, 106.35):
        page.point(*pixel(page, 29.56, lon), click=True)
    km = float(text(page, "#distance").removesuffix(" km"))
    assert km == pytest.approx(0.02 * 111.32 * np.cos(np.radians(29.56)), rel=0.01)
    assert page.run("scicity.asked.point") is None
    page.key("Escape")
    assert page.run("scicity.measured") is None
    page.point(*pixel(page, *middle(1)))
    lon, lat = map(float, text(page, "#coordinates").split(","))
    assert (lat, lon) == pytest.approx(middle(1), abs=1e-3)


def test_paper_is_one_sheet_of_a3(page: Browser) -> None:
    page.run("scicity.pick(1)")
    page.run("document.querySelector('#print').click()")
    page.settle()
    seen = text(page, "body")
    for words in ("标题", "新可达", "核心区", "人口 ≤ 30", "示意", "OpenStreetMap", "答复"):
        assert words in seen
    assert re.search(r"\d{4}-\d\d-\d\d", text(page, "#paper"))
    for hidden in ("可达机会", "图层", "量测"):
        assert hidden not in seen
    pdf = base64.b64decode(page.ask("Page.printToPDF", preferCSSPageSize=True)["data"])
    assert len(re.findall(rb"/Type\s*/Page\b", pdf)) == 1
    (box,) = set(re.findall(rb"/MediaBox\s*\[([^\]]*)\]", pdf))
    *_, width, height = (float(number) for number in box.split())
    assert (width, height) == pytest.approx((420 / 25.4 * 72, 297 / 25.4 * 72), abs=2)
    page.key("Escape")
    assert "可达机会" in text(page, "body")
    assert page.run("scicity.map.getSize().x") == 1920


def test_the_whole_screen(page: Browser) -> None:
    turn = "new Promise(done => addEventListener('fullscreenchange', () => done(), {once: true}))"
    box = "document.querySelector('#screen').getBoundingClientRect()"
    x, y = page.run(f"[{box}.x + 5, {box}.y + 5]")
    page.run(f"void (window.turned = {turn})")
    page.point(x, y, click=True)
    page.run("turned")
    assert page.run("document.fullscreenElement !== null")
    page.run(f"window.turned = {turn}; document.querySelector('#screen').click(); turned")
    assert page.run("document.fullscreenElement === null")


def test_a_phone_sees_everything(page: Browser) -> None:
    size: dict[str, Any] = {"width": 390, "height": 844, "deviceScaleFactor": 1, "mobile": True}
    page.ask("Emulation.setDeviceMetricsOverride", **size)
    page.run("scicity.pick(1)")
    page.settle()
    assert page.run("document.documentElement.scrollWidth") <= 390
    boxes = page.run(
        "['search', 'tools', 'about', 'picked'].map(id => document.getElementById(id)"
        ".getBoundingClientRect()).map(b => [b.left, b.right, b.top, b.bottom])"
    )
    for left, right, top, bottom in boxes:
        assert 0 <= left < right <= 390
        assert 0 <= top < bottom <= 844
    page.ask("Emulation.clearDeviceMetricsOverride")


def test_nothing_was_asked_of_the_network(page: Browser) -> None:
    urls = [event["request"]["url"] for event in page.said("Network.requestWillBeSent")]
    assert all(url.startswith(("file:", "data:")) for url in urls)
    assert not page.said(*FAULTS)


def test_names_that_must_not_act_are_text_everywhere(browser: Browser, tmp_path: Path) -> None:
    path = tmp_path / "evil.html"
    draw_page(small_tables(EVIL + CLOSING), path)
    browser.events.clear()
    browser.open(path)
    browser.run("scicity.ready.then(() => scicity.pick(1)).then(scicity.showSingleProjects)")
    assert EVIL in browser.run("document.querySelector('#picked').innerText")
    assert EVIL in browser.run("document.querySelector('#answer').innerText")
    browser.run("scicity.choose({theme: 'isochrones'})")
    browser.run("void scicity.showPaper()")
    assert browser.run("document.querySelectorAll('img').length") == 0
    assert not browser.said(*FAULTS)


def test_online_maps_are_offered_but_asked_for_only_when_chosen(
    browser: Browser, tmp_path: Path
) -> None:
    path = tmp_path / "online.html"
    draw_page(replace(small_tables(), tiles=(osm_tiles(), tianditu_tiles("k3y"))), path)
    browser.events.clear()
    browser.open(path)
    browser.run("scicity.ready")

    def asked() -> list[str]:
        urls = [event["request"]["url"] for event in browser.said("Network.requestWillBeSent")]
        return [url for url in urls if url.startswith("http")]

    assert asked() == []
    for name, host in (("osm", "tile.openstreetmap.org"), ("tianditu", "tianditu.gov.cn")):
        browser.run(f"document.querySelector('input[name=tiles_{name}]').click()")
        browser.run("new Promise(done => setTimeout(done, 300))")
        assert any(host in url for url in asked())
    assert asked()[-1].endswith("tk=k3y")
    # without the internet the map itself is still there
    assert browser.run("scicity.map.hasLayer(geo_json_roads)")
    browser.events.clear()
