"""The page and the figure, drawn from small tables."""

from __future__ import annotations

import json
import re
from collections import Counter
from dataclasses import replace
from html.parser import HTMLParser
from pathlib import Path
from typing import Any

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from hypothesis_settings import examples
from matplotlib.ft2font import FT2Font
from page_worlds import (
    CLOSING,
    EVIL,
    STATES,
    STREET,
    bus_tables,
    frame,
    grid,
    isochrones,
    joints,
    projects,
    small_tables,
)
from PIL import Image
from shapely.geometry import LineString

from maps.accessibility import change_map, zone_classes
from maps.bus_loops import bus_loop_maps
from maps.charts.change_map import draw_change_figure
from maps.isochrones import bands
from maps.page.leaflet import leaflet_css, leaflet_js
from maps.page.legend import symbol_svg
from maps.page.page import draw_page, drawn_things, page_html
from maps.project_joins import OVER, project_joints
from maps.projects import line_strokes, planned_projects, station_style
from maps.roads import CLASSES, existing_roads
from maps.sheet.typeface import FONT_FILE, font_families
from maps.style.html_text import bilingual
from maps.style.palette import GAINS, LOSSES, change_breaks, change_classes, change_color
from maps.style.polyline import encoded_lines
from maps.style.searchable import FOUND
from maps.tables.network_states import PageTimes
from maps.tables.page_tables import PageTables
from maps.transit import existing_rail


class Tags(HTMLParser):
    """Collects the tags that a browser would make of a text."""

    def __init__(self) -> None:
        super().__init__()
        self.found: list[tuple[str, dict[str, str | None]]] = []

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.found.append((tag, dict(attrs)))


def tags(html: str) -> list[tuple[str, dict[str, str | None]]]:
    parser = Tags()
    parser.feed(html)
    return parser.found


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


def test_popup_says_who_says_so() -> None:
    _, roads, rail = planned_projects(projects())
    tunnel = roads.features["features"][-2]["properties"]["pop"]
    assert "一号隧道" in tunnel
    assert "答复, 四(一), 2022" in tunnel
    assert "REPLY" in tunnel
    line = rail.features["features"][0]["properties"]["pop"]
    for words in ("已规划", "2027", "未列入", "高峰间隔", "含假设", "一号隧道", "± 500 m"):
        assert words in line


def test_placeholder_stations_look_like_placeholders() -> None:
    named, waiting = (station_style("rail", placeholder=p) for p in (False, True))
    assert "dashArray" in waiting
    assert "dashArray" not in named
    assert waiting["fillOpacity"] < named["fillOpacity"]
    rail = planned_projects(projects())[-1]
    assert [symbol.zh for symbol in rail.symbols][-2:] == ["规划车站", "站名或站位未定"]
    labels = [f["properties"].get("label") for f in rail.features["features"]]
    assert "placeholder" in [label["css"] for label in labels if label]


def test_tunnels_are_cased_and_every_plan_is_dashed() -> None:
    for kind in ("rail", "people_mover", "hsr", "road", "corridor"):
        assert "dashArray" in line_strokes(kind, tunnel=False)[-1]
    assert len(line_strokes("road", tunnel=True)) == 3
    assert len(line_strokes("rail", tunnel=True)) == 1


def test_only_stops_on_rails_are_stations() -> None:
    tables = small_tables()
    rail = existing_rail(tables.lines, tables.stops)
    names = [f["properties"].get("label", {}).get("html") for f in rail.features["features"]]
    assert names == [None, "轨"]


def test_tables_may_come_in_any_crs() -> None:
    tables = small_tables()
    metric = replace(tables, roads=tables.roads.to_crs("EPSG:32648"))
    assert page_html(metric) == page_html(tables)


def test_bands_do_not_overlap() -> None:
    rings = bands(isochrones().iloc[[1, 0]])
    assert list(rings["band"]) == [0, 1]
    inner, outer = rings.geometry
    assert inner.intersection(outer).area == pytest.approx(0)
    assert inner.union(outer).area == pytest.approx(isochrones().geometry[1].area)


def test_breaks_are_round_and_shared_by_gains_and_losses() -> None:
    change = np.random.default_rng(7).lognormal(8, 2, 500)
    breaks = change_breaks(np.concatenate([change, -change]))
    assert breaks == change_breaks(change) == tuple(sorted(breaks))
    assert all(value == float(f"{value:.1e}") for value in breaks)
    classes = change_classes(np.array([-1e9, -breaks[0] / 2, 0.0, np.nan, 1e9]), breaks)
    assert classes == [-len(breaks) - 1, -1, 0, 0, len(breaks) + 1]


def test_loss_gain_and_nothing_look_different() -> None:
    colors = [change_color(number, 5) for number in range(-5, 6)]
    assert len(set(colors)) == 11
    assert colors[0] == LOSSES[-1]
    assert colors[-1] == GAINS[-1]
    assert change_color(1, 1) != change_color(-1, 1)


def test_legend_of_a_change_map_names_what_occurs() -> None:
    tables = small_tables()
    drawn = change_map(tables, 0)
    words = [symbol.zh for symbol in drawn.symbols]
    assert words[0].startswith(">")
    assert "0" in words
    assert sum("−" in word for word in words) == 1
    assert words[-1].startswith("触及路网边缘")
    assert {classes[0] for classes in zone_classes(tables)} <= set(drawn.styles)
    assert "触及路网边缘" not in str(change_map(tables, 1).symbols)


def test_legend_has_a_symbol_for_everything_drawn() -> None:
    for thing in drawn_things(small_tables()):
        if thing.group and thing.features["features"]:
            assert thing.symbols, thing.key
        for symbol in thing.symbols:
            assert symbol.zh
            assert len(tags(str(symbol_svg(symbol)))) == 1 + len(symbol.strokes)


# Streets ------------------------------------------------------------------------------------


def decoded(text: str) -> list[tuple[float, float]]:
    """Google's encoded polyline read back, letter by letter as its description says."""
    numbers, shift = [0], 0
    for letter in text:
        chunk = ord(letter) - 63
        numbers[-1] |= (chunk & 31) << shift
        shift += 5
        if chunk < 32:
            numbers, shift = [*numbers, 0], 0
    steps = np.array([~(n >> 1) if n & 1 else n >> 1 for n in numbers[:-1]]).reshape(-1, 2)
    return [(lon / 1e5, lat / 1e5) for lat, lon in np.cumsum(steps, axis=0)]


degrees = st.tuples(st.floats(-180, 180), st.floats(-90, 90))


@examples(50)
@given(st.lists(st.lists(degrees, min_size=2, max_size=5), max_size=4))
def test_encoded_lines_are_the_lines_to_a_metre(lines: list[list[tuple[float, float]]]) -> None:
    texts = encoded_lines(np.array([LineString(line) for line in lines], dtype=object))
    assert len(texts) == len(lines)
    for text, line in zip(texts, lines, strict=True):
        assert np.array(decoded(text)) == pytest.approx(np.array(line), abs=0.6e-5)


def test_streets_that_read_the_same_are_one_and_nothing_is_lost() -> None:
    roads = grid(12)
    drawn = existing_roads(roads)
    assert len(drawn.groups) < len(roads) / 4
    said = Counter()
    for group in drawn.groups:
        assert len(group.ways) == len(group.lines)
        for way, line in zip(group.ways, group.lines, strict=True):
            mine = roads[roads["osmid"].str.partition(".")[0] == way]
            assert line.hausdorff_distance(mine.union_all()) < 1.5e-5
            assert set(mine["name"]) == {group.zh}
            assert bilingual(*CLASSES[mine["highway"].iloc[0]][1:]) in group.rows
            said[way] += 1
    # a way is one line
    assert set(said) == set(roads["osmid"].str.partition(".")[0])
    assert set(said.values()) == {1}


def test_what_differs_in_the_tip_is_not_one() -> None:
    change = [
        {"name": "解放路"},
        {"name_en": "People's Road"},
        {"highway": "unclassified"},
        {"lanes": 4},
        {"maxspeed": 40.0},
        {"tunnel": True},
        {"crossing": "老隧道"},
        {"bus": False},
    ]
    rows = [{**STREET, **own, "osmid": str(n)} for n, own in enumerate([{}, {}, *change])]
    line = LineString([(106.3, 29.5), (106.31, 29.5)])
    drawn = existing_roads(frame(rows, [line] * len(rows)))
    assert len(drawn.groups) == 1 + len(change)
    assert sorted(len(group.lines) for group in drawn.groups) == [1] * len(change) + [2]


def rows_of(**own: Any) -> str:
    """What the tip of a street says below its name."""
    line = LineString([(106.3, 29.5), (106.31, 29.5)])
    (group,) = existing_roads(frame([{**STREET, **own}], [line])).groups
    return group.rows


def test_tips_say_who_may_use_a_street_where_not_everybody_may() -> None:
    assert "通行" not in rows_of()
    assert bilingual("公交、步行", "bus, walk") in rows_of(drive=False)
    assert bilingual("无", "nobody") in rows_of(drive=False, bus=False, walk=False)
    line = LineString([(106.3, 29.5), (106.31, 29.5)])
    roads = frame([STREET], [line]).drop(columns=["drive", "walk", "bus"])
    assert "通行" not in existing_roads(roads).groups[0].rows
    for words in ("居住区道路", "2", "30 km/h", "老隧道"):
        assert words in rows_of(crossing="老隧道")
    assert "km/h" not in rows_of(highway="steps", drive=False, bus=False)


def test_the_way_is_told_of_streets_from_osm_only() -> None:
    line = LineString([(106.3, 29.5), (106.31, 29.5)])
    ways = [
        existing_roads(frame([{**STREET, "osmid": i}], [line])).groups[0].ways
        for i in ("7.2", "B7")
    ]
    assert ways == [("7",), ()]


def test_walkers_ways_lie_below_streets_and_ferries_are_dashed() -> None:
    classes = ["steps", "motorway_link", "raceway", "ferry", "living_street", "service", "primary"]
    line = LineString([(106.3, 29.5), (106.31, 29.5)])
    rows = [{**STREET, "osmid": str(n), "highway": name} for n, name in enumerate(classes)]
    drawn = existing_roads(frame(rows, [line] * len(rows)))
    order = [CLASSES.get(classes[int(group.ways[0])], ("?",))[0] for group in drawn.groups]
    assert order == ["footway", "service", "?", "local", "ferry", "primary", "?"]
    named = {symbol.zh: symbol.strokes[0] for symbol in drawn.symbols}
    assert list(named) == ["高速公路", "主干路", "轮渡", "街巷", "其他道路", "内部道路", "步行道"]
    assert [zh for zh, stroke in named.items() if "dashArray" in stroke] == ["轮渡"]
    assert named["步行道"]["weight"] < min(
        look["weight"] for zh, look in named.items() if zh != "步行道"
    )


def test_minor_streets_of_large_networks_wait_for_the_reader_to_come_near() -> None:
    assert {group.zoom for group in existing_roads(grid(12)).groups} == {0}
    city = existing_roads(grid(40))
    names = {names[1]: key for key, names in CLASSES.items()}
    zoom = {names[re.split("[<>]", g.rows.split("<td>")[1])[2]]: g.zoom for g in city.groups}
    assert zoom["primary"] == 0 < zoom["residential"] < zoom["footway"]
    assert "放大" in city.note[0]


def test_streets_take_few_bytes_each() -> None:
    """Less than a tenth of GeoJSON's, and nothing twice."""
    roads = grid(50)
    tables = small_tables()
    with_grid, without = (page_html(replace(tables, roads=r)) for r in (roads, roads.iloc[:0]))
    assert len(with_grid) - len(without) < 25 * len(roads)


def test_nothing_in_data_is_taken_for_a_template() -> None:
    """Folium renders its scripts as templates."""
    html = page_html(small_tables("{{ 123456 * 7 }}{% if %}{# x #}"))
    assert "864192" not in html
    assert "123456 * 7" in html


# Joints -------------------------------------------------------------------------------------


def test_joints_over_the_limit_are_red_and_shown() -> None:
    drawn = project_joints(joints(), projects())
    assert drawn.show
    looks = [feature["properties"] for feature in drawn.features["features"]]
    types = [feature["geometry"]["type"] for feature in drawn.features["features"]]
    assert types == ["LineString", "LineString", "Point", "Point", "Point"]
    assert [look["style"]["color"] == OVER for look in looks] == [False, True, False, False, True]
    # a mark stands where it joins, one over the limit where it starts
    places = [f["geometry"]["coordinates"] for f in drawn.features["features"][2:]]
    assert places == [(106.35, 29.53), (106.42, 29.56), (106.42, 29.52)]
    for words in ("一号隧道", "隧道洞口", "T1-1", "一路", "r1", "120 m", "300 m"):
        assert words in looks[0]["pop"]
    assert "超过上限" not in looks[0]["pop"]
    for words in ("道路端点", "413 m", "超过上限", "未接入"):
        assert words in looks[1]["pop"]


def test_joints_within_the_limit_wait_to_be_switched_on() -> None:
    assert not project_joints(joints().iloc[:2], projects()).show
    nothing = project_joints(joints().iloc[:0], projects().iloc[:0])
    assert not nothing.features["features"]
    assert not nothing.show


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


def test_font_has_the_glyphs_of_chinese_reports() -> None:
    glyphs = FT2Font(str(FONT_FILE)).get_charmap()
    for letter in "西部科学城璧山中梁缙云轨道，。（）《》→±−–km²①":
        assert ord(letter) in glyphs, letter
    assert FONT_FILE.stat().st_size < 3e6
    assert (FONT_FILE.parent / "OFL.txt").is_file()
    assert font_families()[0] == FT2Font(str(FONT_FILE)).family_name


def test_figure_is_a_report_sized_png_and_the_same_every_time(tmp_path: Path) -> None:
    tables = small_tables("$x$")
    for name in ("a", "b"):
        draw_change_figure(tables, tmp_path / name)
    assert (tmp_path / "a.png").read_bytes() == (tmp_path / "b.png").read_bytes()
    with Image.open(tmp_path / "a.png") as picture:
        assert picture.size == (2400, 1800)
        assert "Software" not in picture.info
    with pytest.raises(ValueError, match="people_2700_drive_peak"):
        draw_change_figure(tables, tmp_path / "c", stem="people_1")


def test_figure_needs_no_system_font(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, recwarn: pytest.WarningsRecorder
) -> None:
    monkeypatch.setattr("maps.sheet.figure_files.font_families", lambda: font_families()[:1])
    draw_change_figure(small_tables(), tmp_path / "a")
    assert not [warning for warning in recwarn if "Glyph" in str(warning.message)]
