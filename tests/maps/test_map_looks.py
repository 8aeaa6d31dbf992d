"""How things look on the map: popups, strokes, classes, legends, joints over their limit."""

from __future__ import annotations

from dataclasses import replace

import numpy as np
import pytest
from page_tags import tags
from page_worlds import isochrones, joints, projects, small_tables

from maps.accessibility import change_map, zone_classes
from maps.isochrones import bands
from maps.page.legend import symbol_svg
from maps.page.page import overlays, page_html
from maps.project_joins import OVER, project_joints
from maps.projects import line_strokes, planned_projects, station_style
from maps.style.palette import GAINS, LOSSES, change_breaks, change_classes, change_color
from maps.transit import existing_rail


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
    rail = existing_rail(tables.routes, tables.stops)
    names = [f["properties"].get("label", {}).get("html") for f in rail.features["features"]]
    assert names == [None, "轨"]


def test_a_line_that_does_not_run_in_the_peak_says_so() -> None:
    tables = small_tables()
    for headway, said in ((600.0, "10 min"), (float("nan"), "does not run then")):
        routes = tables.routes.assign(headway_peak_secs=headway)
        rail = existing_rail(routes, tables.stops)
        assert said in str(rail.features["features"][0]["properties"]["tip"])


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
    for thing in overlays(small_tables()):
        if thing.group and thing.features["features"]:
            assert thing.symbols, thing.key
        for symbol in thing.symbols:
            assert symbol.zh
            assert len(tags(str(symbol_svg(symbol)))) == 1 + len(symbol.strokes)


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
