"""Joints of planned projects with the network, and ends that are too far from it to join."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import Any

import geopandas as gpd
import shapely
from markupsafe import Markup

from geo.crs import to_wgs84
from maps.style.html_text import bilingual, heading, plain, table, translation
from maps.style.overlay import Look, Overlay, Style, Symbol, collection, features

KINDS = {
    "portal": ("隧道洞口", "Tunnel portal"),
    "road_end": ("道路端点", "Road end"),
    "station": ("车站", "Station"),
}
INK, OVER = "#1d1d1f", "#d7191c"


def connector_style(*, over: bool) -> Style:
    """Connector from an end or station to its joint; dashed if over the limit."""
    style: Style = {"color": OVER if over else INK, "weight": 1.2, "opacity": 0.9}
    return {**style, "weight": 2, "dashArray": "4 4"} if over else style


def mark_style(*, over: bool) -> Style:
    """Mark of a joint; over the limit, a ring at the end itself."""
    color = OVER if over else INK
    style: Style = {"radius": 2.5, "color": color, "weight": 1.2, "opacity": 1, "fill": True}
    if over:
        return {**style, "radius": 7, "weight": 2.5, "fillColor": "#ffffff", "fillOpacity": 0.6}
    return {**style, "fillColor": INK, "fillOpacity": 1}


def _metres(value: Any) -> str:
    return f"{float(value):,.0f} m" if plain(value) else "—"


def _joint_text(row: Any) -> Markup:
    """Name and id of the street, node or place that it joins."""
    if row.over_limit:
        return bilingual("未接入", "nothing")
    name, joint_id = plain(row.joined_name), plain(row.joined_to)
    return Markup("{} <small>{}</small>").format(name or joint_id, joint_id if name else "")


def _popup(row: Any, names: Mapping[str, tuple[str, str]]) -> str:
    state = bilingual("超过上限", "over the limit") if row.over_limit else ""
    distance = (bilingual("最近道路", "Nearest"), _metres(row.distance_m))
    rows = [
        (bilingual("类型", "Kind"), translation(row.kind, KINDS)),
        (bilingual("编号", "Id"), plain(row.feature)),
        (bilingual("接入", "Joins"), _joint_text(row)),
        distance if row.over_limit else (bilingual("距离", "Distance"), _metres(row.distance_m)),
        (bilingual("上限", "Limit"), _metres(row.limit_m)),
        (bilingual("状态", "Status"), state),
    ]
    return str(heading(*names.get(row.project_id, (row.project_id, ""))) + table(rows))


def _lines(names: Mapping[str, tuple[str, str]]) -> Callable[[Any], list[Look]]:
    def looks(row: Any) -> list[Look]:
        return [{"style": connector_style(over=row.over_limit), "pop": _popup(row, names)}]

    return looks


def _dots(names: Mapping[str, tuple[str, str]]) -> Callable[[Any], list[Look]]:
    def looks(row: Any) -> list[Look]:
        return [{"style": mark_style(over=row.over_limit), "pop": _popup(row, names)}]

    return looks


def _points(joints: gpd.GeoDataFrame) -> gpd.GeoDataFrame:
    """Joints as points: the place of the joint, over the limit the end of the project."""
    shapes = joints.geometry.to_numpy()
    position = joints["over_limit"].map({True: 0, False: -1}).to_numpy(dtype=int)
    ends = shapely.get_point(shapes, position)
    points = [end or shape for end, shape in zip(ends, shapes, strict=True)]
    return joints.set_geometry(gpd.GeoSeries(points, index=joints.index, crs=joints.crs))


def project_joints(joints: gpd.GeoDataFrame, projects: gpd.GeoDataFrame) -> Overlay:
    """Joints of projects with the network; those over the limit are red and on top.

    Parameters
    ----------
    joints, projects
        As in `maps.tables.page_tables.PageTables`.
    """
    titles = zip(projects["project_name_zh"], projects["project_name_en"], strict=True)
    names = dict(zip(projects["project_id"], titles, strict=True))
    ordered = to_wgs84(joints.sort_values("over_limit", kind="stable"))
    lines = ordered.loc[ordered.geometry.geom_type == "LineString"]
    drawn = features(lines, _lines(names)) + features(_points(ordered), _dots(names))
    words = {
        False: ("接入路网处", "Joins the network"),
        True: ("超过上限，未接入", "Over the limit, joins nothing"),
    }
    symbols = [
        Symbol("dot", (mark_style(over=over),), *words[over])
        for over in words
        if over in set(joints["over_limit"])
    ]
    if len(lines):
        texts = ("端点、车站到接入处", "From the end or station to there")
        symbols.append(Symbol("line", (connector_style(over=False),), *texts))
    return Overlay(
        "joints",
        "项目接入路网处",
        "Joints with the network",
        collection(drawn),
        tuple(symbols),
        group="plan",
        show=bool(joints["over_limit"].any()),
    )
