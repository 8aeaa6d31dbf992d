"""The map's group of who brings what, and its layer in QGIS."""

from __future__ import annotations

from dataclasses import replace

import geopandas as gpd
import numpy as np
import pytest
from browser import FAULTS, Browser
from page_worlds import CLOSING, EVIL, attribution_links, small_tables

from maps.attribution import NOTHING, attribution_maps, link_classes, share_width
from maps.page.layer_control import control
from maps.page.page import draw_page
from maps.qgis.layer_styles import qgis_style
from maps.qgis.qml import qml
from maps.style.palette import GAINS

TRANSIT, DRIVE = "geo_json_brings_transit", "geo_json_brings_drive"


def test_links_are_as_wide_as_their_share_and_coloured_by_class() -> None:
    transit, drive = attribution_maps(small_tables())
    assert not transit.show
    assert not drive.show
    tops = [f["properties"] for f in transit.features["features"] if "pop" in f["properties"]]
    # who brings most lies on top
    assert [look["style"]["weight"] for look in tops] == [
        NOTHING["weight"],
        share_width(0.049),
        share_width(0.951),
    ]
    assert tops[0]["style"]["color"] == NOTHING["color"]
    assert tops[-1]["style"]["color"] == GAINS[-1]
    assert [symbol.zh for symbol in transit.symbols] == ["> +49 人", "0 – +49 人", "没有作用"]
    assert [symbol.zh for symbol in drive.symbols] == ["> 0 人", "没有作用"]


def test_what_ends_a_class_lies_in_it() -> None:
    breaks, classes = link_classes(np.array([4.2, 111.4, 2103.4, 2676.0, 18_832.0, 0.2, -7.0]))
    assert len(breaks) + 1 >= max(classes) > 1
    assert classes[5] == 0
    assert classes[6] < 0
    assert {1, 2, 3, 4} <= set(classes)


def test_the_popup_tells_every_figure_once() -> None:
    transit, drive = attribution_maps(small_tables())
    popup = transit.features["features"][-1]["properties"]["pop"]
    for text in ("轨道1号线", "+800", "+1,100", "+951", "95.1%", "+700 – +1,234", "98%", "2027"):
        assert popup.count(text) == 1, text
    assert "1,500,000,000 (批复)" in popup
    assert "造价" not in drive.features["features"][-1]["properties"]["pop"]


def test_without_draws_no_band_is_told() -> None:
    links = attribution_links()
    columns = [c for c in links.columns if not c.startswith(("low", "high", "top_three"))]
    transit, _ = attribution_maps(replace(small_tables(), attribution_links=links[columns]))
    popup = transit.features["features"][-1]["properties"]["pop"]
    assert "95.1%" in popup
    assert "5%–95%" not in popup
    assert "前三" not in popup


def test_nothing_added_is_no_group() -> None:
    tables = replace(small_tables(), attribution_links=gpd.GeoDataFrame())
    assert attribution_maps(tables) == []
    assert "哪个项目带来什么" not in control(attribution_maps(tables))
    form = control(attribution_maps(small_tables()))
    assert "哪个项目带来什么" in form
    assert "Which project brings what" in form


# In a browser -------------------------------------------------------------------------------


@pytest.fixture(scope="module")
def page(browser: Browser, tmp_path_factory: pytest.TempPathFactory) -> Browser:
    """The page with names that must not act, opened once."""
    path = tmp_path_factory.mktemp("brings") / "map.html"
    draw_page(small_tables(EVIL + CLOSING), path)
    browser.open(path)
    return browser


def in_sight(page: Browser, layer: str) -> bool:
    return bool(page.run(f"scicity.map.hasLayer({layer})"))


def choose(page: Browser, layer: str) -> None:
    page.run(f"document.querySelector('input[name=brings][data-layer=\"{layer}\"]').click()")
    page.settle()


def test_one_of_the_group_is_shown_at_a_time_with_its_legend(page: Browser) -> None:
    assert not in_sight(page, TRANSIT)
    for layer, other in ((TRANSIT, DRIVE), (DRIVE, TRANSIT)):
        choose(page, layer)
        assert in_sight(page, layer)
        assert not in_sight(page, other)
        legend = f"document.querySelector('[data-legend={layer}]')"
        assert page.run(f"!{legend}.hidden && {legend}.innerText.includes('没有作用')")
    choose(page, "")
    assert not in_sight(page, DRIVE)
    assert not page.said(*FAULTS)


def test_a_click_tells_what_the_link_brings(page: Browser) -> None:
    choose(page, TRANSIT)
    page.run(f"void {TRANSIT}.getLayers().at(-1).openPopup()")
    text = page.run("[...document.querySelectorAll('.leaflet-popup-content')].at(-1).innerText")
    assert f"轨道1号线{EVIL}" in text
    assert "+951" in text
    assert "95.1%" in text
    assert page.run("document.querySelectorAll('img').length") == 0
    assert not page.said(*FAULTS)
    choose(page, "")


# In QGIS ------------------------------------------------------------------------------------


def test_qgis_has_a_class_for_every_link_and_chinese_names() -> None:
    frame = attribution_links().assign(shapley_transit=[951.4, -48.6, 0.0])
    style = qgis_style("attribution", frame, {})
    assert style is not None
    assert style.is_graduated
    ends = [value for value, _ in style.classes]
    for value in frame[style.column]:
        assert sum(low <= value <= high for low, high in ends) == 1
    assert ends == sorted(ends)
    assert style.aliases["shapley_transit"] == "夏普利值·公交"
    assert style.aliases["top_three_drive"] == "居前三的概率·小汽车"
    assert set(frame.columns) - set(style.aliases) == {"geometry"}
    assert "graduatedSymbol" in qml(style)


def test_nothing_anywhere_is_one_class_in_qgis() -> None:
    style = qgis_style("attribution", attribution_links().assign(shapley_transit=0.0), {})
    assert style is not None
    assert [symbol.zh for _, symbol in style.classes] == ["没有作用"]
