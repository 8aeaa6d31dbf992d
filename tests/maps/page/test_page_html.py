"""The page as HTML: texts are no tags, nothing else is asked for, every name can be searched."""

from __future__ import annotations

import json
import re
from dataclasses import replace
from pathlib import Path

from page_tags import tags
from page_times import STATES
from page_worlds import CLOSING, EVIL, bus_tables, small_tables

from maps.bus_loops import bus_loop_maps
from maps.page.leaflet import leaflet_css, leaflet_js
from maps.page.page import draw_page, drawn_things, page_html
from maps.style.searchable import FOUND
from maps.tables.network_states import PageTimes
from maps.tables.page_tables import PageTables


def texts_of(tables: PageTables) -> list[str]:
    """Everything that the page's script will write as HTML."""
    found = []
    for thing in drawn_things(tables):
        for feature in thing.features["features"]:
            look = feature["properties"]
            found += [look.get("tip", ""), look.get("pop", ""), look.get("label", {}).get("html")]
        found += [group.rows for group in getattr(thing, "groups", ())]
    return [text for text in found if text]


ALLOWED = {*("b", "small", "table", "tr", "th", "td", "br", "span"), "p", "button"}
"""Tags of tips, popups and labels; the button asks about a project."""


def test_text_from_data_never_becomes_a_tag() -> None:
    tables = small_tables(EVIL + CLOSING)
    texts = texts_of(tables)
    assert any("&lt;img" in text for text in texts)
    for text in texts:
        assert {tag for tag, _ in tags(text)} <= ALLOWED
    page = tags(page_html(tables))
    assert not [tag for tag, attributes in page if tag == "img" or "onerror" in attributes]
    # Leaflet's, the page's, folium's two and the times; nothing closed one of them early
    scripts = 4 + len(tables.times.tables)
    assert [tag for tag, _ in page].count("script") == page_html(tables).count("</script>")
    assert [tag for tag, _ in page].count("script") == scripts


def test_page_names_no_other_file() -> None:
    html = page_html(small_tables())
    assert 'lang="zh-CN"' in html
    for _, attributes in tags(html):
        for name in ("src", "href"):
            assert name not in attributes
    assert set(re.findall(r"url\((.{5})", leaflet_css())) == {"data:", "#defa"}
    assert "sourceMappingURL" not in leaflet_js()
    assert "jquery" not in html.lower()
    assert "bootstrap" not in html.lower()


def test_page_is_the_same_every_time(tmp_path: Path) -> None:
    for name in ("a.html", "b.html"):
        draw_page(small_tables(), tmp_path / name)
    assert (tmp_path / "a.html").read_bytes() == (tmp_path / "b.html").read_bytes()
    assert sorted(path.name for path in tmp_path.iterdir()) == ["a.html", "b.html"]


def test_page_without_buses_isochrones_or_zones() -> None:
    tables = small_tables()
    names = (*bus_tables(), "isochrones", "accessibility", "places", "stops")
    empty = {name: getattr(tables, name).iloc[:0] for name in names}
    html = page_html(replace(tables, **empty, change_stems=(), times=PageTimes()))
    assert "规划轨道与铁路" in html
    assert 'name="theme"' not in html
    assert '"study":null' in html


def test_every_scenario_is_offered_even_without_gaps() -> None:
    things = {thing.key: thing for thing in bus_loop_maps(small_tables())}
    kinds = ("proposals", "links", "loops", "gaps", "gateways")
    assert list(things) == [f"{kind}_{number}" for kind in kinds for number in (0, 1)]
    assert (things["gaps_0"].zh, things["gaps_1"].zh) == ("现状", "规划")
    assert not things["gaps_0"].features["features"]
    assert len(things["gaps_1"].features["features"]) == 1


def test_the_form_offers_every_state_and_begins_with_the_plan() -> None:
    shown = [thing.key for thing in drawn_things(small_tables()) if thing.show]
    assert shown == ["paper", "roads", "areas", "rail", "plan_roads", "plan_rail", "joints"]
    page = tags(page_html(small_tables()))
    form = [a for tag, a in page if tag == "input"]
    theme = [a for a in form if a.get("name") == "theme"]
    assert [a["value"] for a in theme if "checked" in a] == ["access"]
    assert [a["value"] for a in form if a.get("name") == "mode"] == ["transit", "drive"]
    options = [a for tag, a in page if tag == "option"]
    assert [a["value"] for a in options if "selected" in a] == ["30", "plan"]
    states = [a["value"] for a in options if not a["value"].isdigit()]
    assert sorted(states) == sorted(STATES)
    (years,) = [a for a in form if a.get("name") == "year"]
    assert (years["min"], years["max"]) == ("0", "2")


def test_nothing_in_data_is_taken_for_a_template() -> None:
    """Folium renders its scripts as templates."""
    html = page_html(small_tables("{{ 123456 * 7 }}{% if %}{# x #}"))
    assert "864192" not in html
    assert "123456 * 7" in html


def test_every_name_can_be_searched_and_every_hit_told() -> None:
    """Each kind is drawn, each findable look has a popup or a tip."""
    kinds = set()
    for thing in drawn_things(small_tables()):
        for feature in thing.features["features"]:
            look = feature["properties"]
            if "find" in look:
                kinds.add(look["find"][0])
                assert look.get("pop") or look.get("tip")
    assert kinds | {"street"} == set(FOUND)


def test_coordinates_are_short() -> None:
    text = json.dumps([thing.features for thing in drawn_things(small_tables())])
    assert not re.search(r"\d\.\d{6,}", text)
