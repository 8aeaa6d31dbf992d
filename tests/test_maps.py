"""The page and the figure, drawn from small tables."""

from __future__ import annotations

import json
import re
from collections import Counter
from dataclasses import replace
from html.parser import HTMLParser
from pathlib import Path
from typing import Any

import geopandas as gpd
import numpy as np
import pytest
import shapely
from hypothesis import given
from hypothesis import strategies as st
from matplotlib.ft2font import FT2Font
from PIL import Image
from shapely.geometry import LineString, Point, box
from worlds import examples

from maps.accessibility import change_map, zone_classes
from maps.bus_loops import bus_loop_maps
from maps.figure import draw_change_figure
from maps.isochrones import bands
from maps.joints import OVER, project_joints
from maps.leaflet import leaflet_css, leaflet_js
from maps.legend import symbol_svg
from maps.lines import existing_rail
from maps.page import draw_page, drawn_things, page_html
from maps.palette import GAINS, LOSSES, change_breaks, change_classes, change_color
from maps.polyline import encoded_lines
from maps.projects import line_strokes, planned_projects, station_style
from maps.roads import CLASSES, existing_roads
from maps.search import FOUND
from maps.tables import PageTables
from maps.texts import bilingual
from maps.typeface import FONT_FILE, font_families

EVIL = "<img src=x onerror=alert(1)>"
CLOSING = "</script><script>alert(2)</script>"
SOURCE = {"document": "答复", "clause": "四(一)", "url": None, "date": "2022", "codes": ["REPLY"]}
PROJECT: dict[str, Any] = {
    "project_name_en": "Line",
    "status": "planned",
    "status_latest": "",
    "opening_year": 2027,
    "clause": None,
    "source": SOURCE,
    "confidence": "assumed",
    "assumed_fields": ["headway_peak_secs"],
    "requires": [],
    "stop_name": None,
    "name_status": None,
    "accuracy_m": 500,
    "tunnel": None,
    "in_plan": True,
}


def frame(rows: list[dict[str, Any]], geometry: list[shapely.Geometry]) -> gpd.GeoDataFrame:
    return gpd.GeoDataFrame(rows, geometry=geometry, crs="EPSG:4326")


def areas() -> gpd.GeoDataFrame:
    rows = [
        {"area_id": "core", "name_zh": "核心区(近似)", "name_en": "Core", "role": "core"},
        {"area_id": "ring", "name_zh": "外围区", "name_en": "Ring", "role": "ring"},
    ]
    shapes = [box(106.3, 29.5, 106.4, 29.6), box(106.4, 29.5, 106.5, 29.6)]
    return frame(rows, shapes).assign(accuracy_m=[300, 5])


def projects() -> gpd.GeoDataFrame:
    rail = {**PROJECT, "project_id": "L1", "project_name_zh": "轨道1号线", "kind": "rail"}
    road = {**PROJECT, "project_id": "T1", "project_name_zh": "一号隧道", "kind": "road_tunnel"}
    rows = [
        {**rail, "element": "route", "requires": ["T1"]},
        {**rail, "element": "station", "stop_name": "西永", "name_status": "confirmed"},
        {**rail, "element": "station", "stop_name": "(待定)", "name_status": "not_found"},
        {**road, "element": "road", "tunnel": True, "clause": "四(一)"},
        {**road, "element": "road", "project_id": "X1", "in_plan": False, "tunnel": False},
    ]
    shapes = [
        LineString([(106.31, 29.51), (106.45, 29.55)]),
        Point(106.31, 29.51),
        Point(106.45, 29.55),
        LineString([(106.35, 29.55), (106.42, 29.56)]),
        LineString([(106.35, 29.52), (106.42, 29.52)]),
    ]
    return frame(rows, shapes)


def joints() -> gpd.GeoDataFrame:
    joint = {"project_id": "T1", "kind": "portal", "feature": "T1-1", "limit_m": 300.0}
    rows = [
        {
            **joint,
            "joined_to": "r1",
            "joined_name": "一路",
            "distance_m": 120.0,
            "over_limit": False,
        },
        {**joint, "joined_to": "N1", "joined_name": None, "distance_m": 0.0, "over_limit": False},
        {**joint, "kind": "road_end", "distance_m": 412.6, "over_limit": True},
    ]
    shapes = [
        LineString([(106.35, 29.55), (106.35, 29.53)]),
        Point(106.42, 29.56),
        LineString([(106.42, 29.52), (106.42, 29.53)]),
    ]
    return frame(rows, shapes)


def isochrones() -> gpd.GeoDataFrame:
    rows, shapes = [], []
    for scenario, zh in (("today", "现状"), ("plan", "规划")):
        for mode in ("transit", "drive"):
            for number, cutoff in enumerate((900, 1800)):
                rows.append({"scenario": scenario, "scenario_zh": zh, "mode": mode})
                rows[-1] |= {"scenario_en": scenario, "origin_id": "P1", "cutoff_secs": cutoff}
                shapes.append(Point(106.35, 29.55).buffer(0.02 * (number + 1)))
    return frame(rows, shapes)


def accessibility() -> gpd.GeoDataFrame:
    change = np.array([0.0, 100.0, -2000.0, 50_000.0])
    shapes = [box(106.3 + n / 50, 29.52, 106.32 + n / 50, 29.54) for n in range(4)]
    rows = [{"zone_id": f"h{n}", "area_id": "core", "population": 100.5} for n in range(4)]
    zones = frame(rows, shapes).assign(touches_edge_transit=[False, True, False, False])
    zones = zones.assign(touches_edge_drive=False)
    for stem in ("people_2700_transit_peak", "people_2700_drive_peak"):
        was = np.full(4, 60_000.0)
        columns = {"baseline": was, "scenario": was + change, "change": change}
        zones = zones.assign(**{f"{stem}_{end}": column for end, column in columns.items()})
    return zones


def bus_tables() -> dict[str, gpd.GeoDataFrame]:
    where = {"scenario": "plan", "name": "关口", "area_a": "core", "area_b": "ring"}
    gateway = {**where, "gateway_id": "g1", "state": "closed", "routes": ["1路"], "loop_id": "l1"}
    gap = {**where, "gap_id": "p1", "kind": "facing_ends", "routes_a": ["1路"], "routes_b": []}
    gap["no_link"] = None
    loop = {"scenario": "plan", "loop_id": "l1", "gateways": ["g1"], "routes": ["1路"]}
    loop |= {"length_km": 12.34, "minutes": 50.0, "transfers": 1, "people": 900.0}
    loop |= {"spine_stations": ["轨"], "accuracy_m": 200.0}
    line = {"scenario": "plan", "length_km": 8.1, "minutes": 19.0, "buses": 5, "people": 1200.0}
    line |= {"stop_names": ["甲", "乙"], "spine_stations": ["轨"]}
    line |= {"accuracy_m": 200.0, "saved_person_minutes": 5400.0, "saved_per_bus_km": 333.0}
    link = {**line, "link_id": "k1", "name": "关口", "kind": "facing_ends", "rank": 1}
    link |= {"routes_from": ["1路"], "routes_to": []}
    proposal = {**line, "proposal_id": "o1", "areas": ["core", "ring"], "closes": ["g1"]}
    proposal |= {"lines": ["7"], "station": "轨"}
    road = LineString([(106.39, 29.55), (106.4, 29.58)])
    ring = LineString([(106.39, 29.55), (106.41, 29.55), (106.4, 29.57), (106.39, 29.55)])
    return {
        "gateways": frame([gateway], [Point(106.4, 29.55)]),
        "gaps": frame([gap], [Point(106.4, 29.58)]),
        "loops": frame([loop], [ring]),
        "links": frame([link], [road]),
        "proposals": frame([proposal], [ring]),
    }


def small_tables(evil: str = "") -> PageTables:
    """A study of two areas; `evil` is added to every name."""
    road = {"osmid": "r1", "name": "一路", "name_en": "First", "highway": "primary", "lanes": 4}
    road |= {"maxspeed": 60.0, "tunnel": True, "bridge": False, "crossing": "老隧道"}
    metro = {"route_id": "m1", "route_name": "1号线", "name_en": "Line 1", "route_type": 1}
    metro |= {"line": "1", "headway_peak_secs": 180, "stop_ids": ["轨" + evil]}
    bus = {**metro, "route_id": "b1", "route_name": "1路", "route_type": 3}
    bus["stop_ids"] = ["公" + evil]
    stops = [{"stop_id": s, "stop_name": s, "name_en": "", "name_status": ""} for s in ("轨", "公")]
    place = {"place_id": "P1", "name_zh": "中心", "name_en": "Centre", "category": "science"}
    track = LineString([(106.31, 29.57), (106.49, 29.57)])
    street = LineString([(106.31, 29.53), (106.49, 29.53)])
    tables = PageTables(
        title_zh="标题",
        title_en="Title",
        note_zh="示意",
        note_en="schematic",
        origin_zh="中心",
        areas=areas(),
        roads=frame([road], [street]),
        lines=frame([metro, bus], [track, street]),
        stops=frame(stops, [Point(106.31, 29.57), Point(106.31, 29.53)]),
        projects=projects(),
        joints=joints(),
        places=frame([{**place, "existing": False}], [Point(106.35, 29.55)]),
        isochrones=isochrones(),
        accessibility=accessibility(),
        change_stems=(
            ("people_2700_transit_peak", "公交变化" + evil, "by transit"),
            ("people_2700_drive_peak", "小汽车变化", "by car"),
        ),
        **bus_tables(),
    )
    return with_names(tables, evil) if evil else tables


def with_names(tables: PageTables, evil: str) -> PageTables:
    """Every text column of every table ends with a text that must not act."""
    kept = {"role", "element", "kind", "status", "state", "highway", "mode", "scenario", "area_id"}
    kept |= {"project_id", "place_id", "origin_id", "category", "confidence", "name_status"}
    changed: dict[str, Any] = {"title_zh": evil, "note_en": evil, "attribution": evil}
    for name, value in vars(tables).items():
        if not isinstance(value, gpd.GeoDataFrame):
            continue
        table = value.copy()
        for column in set(table.columns) - kept:
            if table[column].map(lambda cell: isinstance(cell, str)).any():
                table[column] = [f"{cell}{evil}" for cell in table[column]]
        changed[name] = table
    return replace(tables, **changed)


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


def test_text_from_data_never_becomes_a_tag() -> None:
    tables = small_tables(EVIL + CLOSING)
    texts = texts_of(tables)
    assert any("&lt;img" in text for text in texts)
    for text in texts:
        assert {tag for tag, _ in tags(text)} <= {"b", "small", "table", "tr", "th", "td", "br"}
    page = tags(page_html(tables))
    assert not [tag for tag, attributes in page if tag == "img" or "onerror" in attributes]
    # Leaflet's, the page's and folium's two; nothing closed one of them early
    assert [tag for tag, _ in page].count("script") == page_html(tables).count("</script>") == 4


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
    html = page_html(replace(tables, **empty, change_stems=()))
    assert "规划轨道与铁路" in html
    assert 'name="theme"' not in html


def test_every_scenario_is_offered_even_without_gaps() -> None:
    things = {thing.key: thing for thing in bus_loop_maps(small_tables())}
    kinds = ("proposals", "links", "loops", "gaps", "gateways")
    assert list(things) == [f"{kind}_{number}" for kind in kinds for number in (0, 1)]
    assert (things["gaps_0"].zh, things["gaps_1"].zh) == ("现状", "规划")
    assert not things["gaps_0"].features["features"]
    assert len(things["gaps_1"].features["features"]) == 1


def test_only_one_theme_is_shown_at_the_start() -> None:
    shown = [thing.key for thing in drawn_things(small_tables()) if thing.show]
    plan = ["plan_roads", "plan_rail", "joints"]
    assert shown == ["paper", "change_0", "roads", "areas", "rail", *plan]
    form = [a for tag, a in tags(page_html(small_tables())) if tag == "input"]
    theme = [a for a in form if a.get("name") == "theme"]
    assert [a["data-layer"] for a in theme if "checked" in a] == ["tint_change_0"]
    assert len(theme) == 1 + 2 + 4


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
    assert all(f"{value:.0e}"[0] in "1235" for value in breaks)
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
    tint = change_map(tables, 0)
    words = [symbol.zh for symbol in tint.symbols]
    assert words[0].startswith(">")
    assert "0" in words
    assert sum("−" in word for word in words) == 1
    assert words[-1].startswith("触及路网边缘")
    assert {classes[0] for classes in zone_classes(tables)} <= set(tint.styles)
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


STREET = {"osmid": "1", "name": "人民路", "name_en": "", "highway": "residential", "lanes": 2}
STREET |= {"maxspeed": 30.0, "tunnel": False, "bridge": False, "crossing": None}
STREET |= {"drive": True, "walk": True, "bus": True}


def grid(side: int) -> gpd.GeoDataFrame:
    """A grid of streets of about 100 m with a bend in each; six of a row are one OSM way."""
    rows, shapes = [], []
    for line in range(side):
        for step in range(side):
            for axis in (0, 1):
                way, name = 1000 * (2 * line + axis) + step // 6, f"{line}路" if line % 3 else ""
                osmid = f"{way}.{step % 6 + 1}" if step % 6 else str(way)
                highway = ("residential", "service", "footway", "primary")[way % 4]
                rows.append({**STREET, "osmid": osmid, "name": name, "highway": highway})
                along = np.array([step, step + 0.5, step + 1]) / 1000
                across = line / 1000 + np.array([0, 0.0002, 0])
                xy = (along, across) if axis else (across, along)
                shapes.append(LineString(np.transpose(xy) + np.array([106.3, 29.5])))
    return frame(rows, shapes)


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
    zoom = {names[g.rows.split("<td>")[1].split(" ")[0]]: g.zoom for g in city.groups}
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
    monkeypatch.setattr("maps.picture.font_families", lambda: font_families()[:1])
    draw_change_figure(small_tables(), tmp_path / "a")
    assert not [warning for warning in recwarn if "Glyph" in str(warning.message)]
