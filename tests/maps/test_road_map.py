"""Streets on the map: few bytes, nothing lost, and who may use them."""

from __future__ import annotations

import re
from collections import Counter
from dataclasses import replace
from typing import Any

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from hypothesis_settings import examples
from page_streets import STREET, grid
from page_worlds import frame, small_tables
from shapely.geometry import LineString

from maps.page.page import page_html
from maps.roads import CLASSES, existing_roads
from maps.style.html_text import bilingual
from maps.style.polyline import encoded_lines


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
