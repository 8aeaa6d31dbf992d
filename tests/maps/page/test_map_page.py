"""The page in a real browser with the network off."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path

import pytest
from browser import FAULTS, Browser
from page_browser import pixel
from page_streets import grid
from page_worlds import CLOSING, EVIL, small_tables

from maps.page.page import draw_page


@pytest.fixture(scope="module")
def page(browser: Browser, tmp_path_factory: pytest.TempPathFactory) -> Browser:
    """The page with names that must not act, opened once."""
    path = tmp_path_factory.mktemp("page") / "map.html"
    draw_page(small_tables(EVIL + CLOSING), path)
    browser.open(path)
    return browser


def click(page: Browser, layer: str, choice: str | None = None) -> None:
    name = f'[name="{choice}"]' if choice else ""
    page.run(f"document.querySelector('input{name}[data-layer=\"{layer}\"]').click()")
    page.settle()


def popup_text(page: Browser, layer: str, number: int) -> str:
    page.run(f"void {layer}.getLayers()[{number}].openPopup()")
    return page.run("[...document.querySelectorAll('.leaflet-popup-content')].at(-1).innerText")


def in_sight(page: Browser, layer: str) -> bool:
    script = f"Object.values(window).find(v => v instanceof L.Map).hasLayer({layer})"
    return bool(page.run(script))


def test_nothing_is_fetched_and_nothing_goes_wrong(page: Browser) -> None:
    requests = [event["request"]["url"] for event in page.said("Network.requestWillBeSent")]
    # what stands inside the page (its font) is announced like a request
    outside = [url for url in requests if not url.startswith("data:")]
    assert len(outside) == 1
    assert outside[0].startswith("file://")
    assert not page.said(*FAULTS)


def test_page_begins_with_the_networks_and_no_buses(page: Browser) -> None:
    for layer in ("geo_json_paper", "geo_json_roads", "geo_json_plan_rail"):
        assert in_sight(page, layer), layer
    for layer in ("geo_json_gateways_1", "geo_json_outside"):
        assert not in_sight(page, layer), layer
    assert page.run("document.documentElement.lang") == "zh-CN"


def test_layers_and_their_legend_come_and_go_together(page: Browser) -> None:
    for layer in ("geo_json_gateways_1", "geo_json_gaps_1", "geo_json_roads", "geo_json_outside"):
        before = in_sight(page, layer)
        click(page, layer)
        hidden = page.run(f"document.querySelector('[data-legend={layer}]').hidden")
        assert hidden == (not in_sight(page, layer))
        if layer in ("geo_json_roads", "geo_json_outside"):
            assert in_sight(page, layer) != before
            click(page, layer)
    for name in ("gateways", "gaps"):
        click(page, "", name)
        assert not in_sight(page, f"geo_json_{name}_1")


def test_popups_show_names_as_text(page: Browser) -> None:
    text = popup_text(page, "geo_json_plan_rail", 0)
    assert "轨道1号线" in text
    assert EVIL in text
    assert page.run("document.querySelectorAll('img').length") == 0
    assert not page.said(*FAULTS)


def test_names_do_not_cover_each_other(page: Browser) -> None:
    overlaps = page.run(
        "(() => { const seen = [...document.querySelectorAll('.label:not(.off)')]"
        ".map(e => e.getBoundingClientRect());"
        "return seen.some((a, i) => seen.slice(i + 1).some(b => a.left < b.right && b.left <"
        " a.right && a.top < b.bottom && b.top < a.bottom)); })()"
    )
    assert overlaps is False
    assert page.run("document.querySelectorAll('.label.area:not(.off)').length") >= 1


# Search -------------------------------------------------------------------------------------


def search(page: Browser, text: str) -> list[str]:
    """Type a text; the lines below the field."""
    page.run("document.querySelector('#search input').focus()")
    page.run("document.querySelector('#search input').select()")
    page.ask("Input.insertText", text=text)
    page.settle()
    return page.run(
        "[...document.querySelectorAll('#hits:not([hidden]) > li')].map(line => line.innerText)"
    )


def popup(page: Browser) -> str:
    """What the open popup says."""
    return page.run(
        "[...document.querySelectorAll('.leaflet-popup-content')].at(-1)?.innerText ?? ''"
    )


def active(page: Browser) -> str:
    """The line that Enter would take, as a screen reader is told."""
    return page.run(
        "document.getElementById(document.querySelector('#search input')"
        ".getAttribute('aria-activedescendant'))?.innerText ?? ''"
    )


@pytest.fixture(scope="module")
def calm(browser: Browser, page: Browser, tmp_path_factory: pytest.TempPathFactory) -> Browser:
    """The page of the small study, without evil names, opened after the other's tests."""
    del page
    path = tmp_path_factory.mktemp("calm") / "map.html"
    draw_page(small_tables(), path)
    browser.events.clear()
    browser.open(path)
    return browser


def test_names_are_found_in_both_languages(calm: Browser) -> None:
    assert [line.split("\n")[0] for line in search(calm, "一路")] == ["一路 First"]
    assert search(calm, "FIRST") == search(calm, "irs") == search(calm, "一路")
    assert "街道" in search(calm, "first")[0]
    kinds = {"中心": "地点", "西永": "规划车站", "一号隧道": "规划项目", "1号线": "轨道线路"}
    kinds |= {"core": "片区", "1路": "公交线路", "轨": "车站", "公": "公交站"}
    for name, kind in kinds.items():
        assert any(kind in line for line in search(calm, name)), name


def test_a_name_that_is_nowhere_says_so(calm: Browser) -> None:
    assert search(calm, "天安门") == ["没有找到"]
    calm.key("Enter")
    assert search(calm, "   ") == []


def test_enter_goes_to_the_hit_and_opens_what_it_says(calm: Browser) -> None:
    calm.run("void scicity.map.setView([29.59, 106.5], 16, {animate: false})")
    search(calm, "first")
    calm.key("Enter")
    assert "一路" in popup(calm)
    assert "主干路" in popup(calm)
    # the whole street is seen
    assert calm.run("scicity.map.getBounds().contains([[29.53, 106.31], [29.53, 106.49]])")
    assert calm.run("scicity.map.getZoom()") > 12
    assert calm.run("scicity.map.hasLayer(scicity.marked)")
    assert calm.run("document.querySelector('#hits').hidden")


def test_arrow_keys_choose_among_hits(calm: Browser) -> None:
    lines = search(calm, "号")
    assert len(lines) >= 3
    assert active(calm) == lines[0]
    calm.key("ArrowDown")
    assert active(calm) == lines[1]
    calm.key("ArrowUp")
    calm.key("ArrowUp")
    assert active(calm) == lines[-1]
    calm.key("Escape")
    assert calm.run("document.querySelector('#hits').hidden")
    assert calm.run("document.querySelector('#search input').getAttribute('aria-expanded')") == (
        "false"
    )


def test_a_hit_in_a_hidden_layer_switches_it_on(calm: Browser) -> None:
    assert not in_sight(calm, "geo_json_places")
    search(calm, "centre")
    box = "document.querySelector('#hits li').getBoundingClientRect()"
    x, y = calm.run(f"[{box}.x + 30, {box}.y + 8]")
    calm.point(x, y, click=True)
    assert in_sight(calm, "geo_json_places")
    assert calm.run("document.querySelector('input[name=places]').checked")
    assert "科学设施" in popup(calm)
    assert calm.run("scicity.map.getCenter().distanceTo([29.55, 106.35])") < 20_000
    click(calm, "geo_json_places")


def test_marks_go_after_a_moment(calm: Browser) -> None:
    calm.run("scicity.MARKED_MS = 50")
    search(calm, "西永")
    calm.key("Enter")
    calm.run("new Promise(done => setTimeout(done, 150))")
    assert not calm.run("scicity.map.hasLayer(scicity.marked)")


def test_hits_are_text(browser: Browser, tmp_path: Path) -> None:
    path = tmp_path / "evil.html"
    draw_page(small_tables(EVIL + CLOSING), path)
    browser.open(path)
    (line,) = search(browser, "first")
    assert EVIL in line
    browser.key("Enter")
    assert EVIL in popup(browser)
    assert browser.run("document.querySelectorAll('img').length") == 0


# Streets of a city --------------------------------------------------------------------------


@pytest.fixture(scope="module")
def city(browser: Browser, calm: Browser, tmp_path_factory: pytest.TempPathFactory) -> Browser:
    """A grid of streets from OSM, opened after the other pages' tests."""
    del calm
    path = tmp_path_factory.mktemp("city") / "map.html"
    draw_page(replace(small_tables(), roads=grid(40)), path)
    browser.events.clear()
    browser.open(path)
    return browser


def view(page: Browser, lat: float, zoom: float) -> None:
    """Look at a place of the street along 106.32."""
    page.run("void scicity.map.closePopup()")
    page.run(f"void scicity.map.setView([{lat}, 106.32], {zoom}, {{animate: false}})")
    page.run("new Promise(done => setTimeout(done, 300))")  # popups fade
    page.settle()


def lines_on_map(page: Browser, name: str) -> int:
    """How many lines of streets with a text in their tip are on the map."""
    return page.run(
        "(() => { let n = 0; geo_json_roads.eachLayer(l => { if (l.feature && scicity.map"
        f".hasLayer(l) && l.getTooltip()._content().includes('{name}')) n++; }}); return n; }})()"
    )


def test_minor_streets_come_with_the_zoom(city: Browser) -> None:
    seen = []
    for zoom in (11, 13, 15, 11):
        view(city, 29.52, zoom)
        counts = [lines_on_map(city, name) for name in ("主干路", "居住区道路", "步行道")]
        seen.append([count > 0 for count in counts])
    assert seen == [
        [True, False, False],
        [True, True, False],
        [True, True, True],
        [True, False, False],
    ]


def test_a_thin_line_is_hit_by_a_click_beside_it(city: Browser) -> None:
    """The bend of a street between two others; 5 pixels off it is hit, 14 it is not."""
    for aside, hit in ((5, True), (14, False)):
        view(city, 29.52, 16)
        x, y = pixel(city, 29.5205, 106.3202)
        city.point(x + aside, y, click=True)
        assert ("OSM way" in popup(city)) == hit


def test_the_tip_names_the_way_below_the_pointer(city: Browser) -> None:
    """Two ways of one name and class, one feature of the page; whichever is pointed at is told."""
    view(city, 29.515, 15)
    told = []
    for lat in (29.5025, 29.5265, 29.5025):
        city.point(*pixel(city, lat, 106.3202))
        told.append(city.run("document.querySelector('.leaflet-tooltip:not(.label)').innerText"))
    assert [int(text.split("OSM way")[1]) for text in told] == [40_000, 40_004, 40_000]


def test_ten_thousand_names_are_searched_between_two_keys(
    browser: Browser, city: Browser, tmp_path: Path
) -> None:
    """Less than 50 ms a key; the first also reads the names."""
    del city
    roads = grid(75)
    names = [f"第{number}号街 Street {number}" for number in range(len(roads))]
    path = tmp_path / "names.html"
    draw_page(replace(small_tables(), roads=roads.assign(name=names)), path)
    browser.open(path)
    search(browser, "xx")
    took = browser.run(
        "['s', 'st', '1', '12', '街', 'street 99', 'zzz'].map((text) => {"
        " const field = document.querySelector('#search input'); field.value = text;"
        " const before = performance.now(); field.dispatchEvent(new Event('input'));"
        " return performance.now() - before; })"
    )
    assert sorted(took)[len(took) // 2] < 50
    assert len(search(browser, "street 99")) == 11
    assert not browser.said(*FAULTS)


def test_page_is_not_blank(page: Browser, tmp_path: Path) -> None:
    page.picture(tmp_path / "page.png")
    assert (tmp_path / "page.png").stat().st_size > 30_000
