"""Planned projects: dashed by kind, road tunnels cased, stations without a name hollow."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import geopandas as gpd
import shapely

from geo.crs import to_wgs84
from maps.style.html_text import heading, is_true, plain, short_name
from maps.style.labels import PLACEHOLDER, PROJECT, STATION, LabelKind, label
from maps.style.overlay import Look, Overlay, Style, Symbol, collection, features, label_feature
from maps.style.palette import KINDS
from maps.style.popups import KIND_NAMES, is_placeholder, project_popup
from maps.style.searchable import search_entry

DASHES = {
    "rail": "9 5",
    "people_mover": "2 6",
    "hsr": "16 5",
    "road": "7 5",
    "road_tunnel": "7 5",
    "corridor": "14 5 3 5",
}
CASING: Style = {"color": "#1d1d1f", "weight": 8, "opacity": 1, "lineCap": "butt"}
BORE: Style = {"color": "#ffffff", "weight": 5.5, "opacity": 1, "lineCap": "butt"}
ON_RAILS = ("rail", "people_mover", "hsr")
HALF = 0.5
PLAN_RAIL = ("规划轨道与铁路", "Planned rail")
PLAN_ROADS = ("规划道路与隧道", "Planned roads, tunnels")
OUTSIDE = ("方案外的其他项目", "Projects outside the plan")


def _dashed(kind: str) -> Style:
    color = KINDS.get(kind, "#555555")
    return {"color": color, "weight": 4, "opacity": 1, "dashArray": DASHES.get(kind, "6 4")}


def line_strokes(kind: str, *, tunnel: bool) -> tuple[Style, ...]:
    """Styles of a planned line, drawn over each other; road tunnels have a dark casing."""
    if tunnel and kind not in ON_RAILS:
        return (CASING, BORE, {**_dashed(kind), "lineCap": "butt"})
    return (_dashed(kind),)


def station_style(kind: str, *, placeholder: bool) -> Style:
    """Dot of a planned station; hollow and dashed if its name is not confirmed."""
    style: Style = {
        "radius": 5,
        "color": KINDS.get(kind, "#555555"),
        "weight": 2,
        "opacity": 1,
        "fill": True,
        "fillColor": "#ffffff",
        "fillOpacity": 1.0,
    }
    if placeholder:
        return {**style, "radius": 6, "weight": 1.5, "dashArray": "2 3", "fillOpacity": 0.25}
    return style


def _station_label(kind: LabelKind, row: Any) -> dict[str, Any]:
    if not plain(row.stop_name):
        return label(kind, "（未命名）", "(no name yet)")
    return label(kind, row.stop_name, getattr(row, "name_en", ""))


def _station(row: Any, popup: str) -> list[Look]:
    placeholder = is_placeholder(row)
    kind = PLACEHOLDER if placeholder else STATION
    look: Look = {
        "style": station_style(row.kind, placeholder=placeholder),
        "pop": popup,
        "label": _station_label(kind, row),
        "find": search_entry("planned_station", row.stop_name, getattr(row, "name_en", "")),
        "project": row.project_id,
    }
    return [look]


def _line(row: Any, popup: str) -> list[Look]:
    *below, top = line_strokes(row.kind, tunnel=is_true(getattr(row, "tunnel", False)))
    tip = str(heading(row.project_name_zh, row.project_name_en))
    project = {"project": row.project_id}
    looks: list[Look] = [{"style": {**style, "interactive": False}, **project} for style in below]
    find = search_entry("project", row.project_name_zh, row.project_name_en)
    return [*looks, {"style": top, "tip": tip, "pop": popup, "find": find, **project}]


def _looks(names: dict[str, str]) -> Callable[[Any], list[Look]]:
    def looks(row: Any) -> list[Look]:
        popup = project_popup(row, names)
        return _station(row, popup) if row.element == "station" else _line(row, popup)

    return looks


def _names_on_map(projects: gpd.GeoDataFrame) -> list[dict[str, Any]]:
    """One label a project, in the middle of its longest line."""
    lines = to_wgs84(projects.loc[projects["element"] != "station"])
    labels = []
    for _, group in lines.groupby("project_id", sort=False):
        longest = group.iloc[int(shapely.length(group.geometry.to_numpy()).argmax())]
        middle = longest.geometry.interpolate(HALF, normalized=True)
        names = (short_name(longest[f"project_name_{tongue}"]) for tongue in ("zh", "en"))
        feature = label_feature(middle, label(PROJECT, *names, css=longest["kind"]))
        feature["properties"]["project"] = longest["project_id"]
        labels.append(feature)
    return labels


def _symbols(projects: gpd.GeoDataFrame) -> tuple[Symbol, ...]:
    present = set(projects["kind"])
    lines = [
        Symbol("line", line_strokes(kind, tunnel=kind == "road_tunnel"), *KIND_NAMES[kind])
        for kind in KIND_NAMES
        if kind in present
    ]
    stations = projects.loc[projects["element"] == "station"]
    shown = {is_placeholder(row) for row in stations.itertuples()}
    dots = [(False, "规划车站", "Planned station"), (True, "站名或站位未定", "Placeholder station")]
    return (
        *lines,
        *(
            Symbol("dot", (station_style("rail", placeholder=placeholder),), zh, en)
            for placeholder, zh, en in dots
            if placeholder in shown
        ),
    )


def _layer(
    projects: gpd.GeoDataFrame, key: str, names: tuple[str, str], *, titles: dict[str, str]
) -> Overlay:
    # lines first, so that stations lie on top of them
    ordered = projects.sort_values("element", key=lambda e: e == "station", kind="stable")
    drawn = features(ordered, _looks(titles)) + _names_on_map(projects)
    show = key != "outside"
    return Overlay(key, *names, collection(drawn), _symbols(projects), group="plan", show=show)


def planned_projects(projects: gpd.GeoDataFrame) -> list[Overlay]:
    """Overlays of the plan's rail, of its roads, and of projects outside the plan.

    Parameters
    ----------
    projects
        As in `maps.tables.page_tables.PageTables`.
    """
    rails = projects["kind"].isin(ON_RAILS)
    inside = projects["in_plan"].astype(bool)
    layers = (
        (projects.loc[~inside], "outside", OUTSIDE),
        (projects.loc[inside & ~rails], "plan_roads", PLAN_ROADS),
        (projects.loc[inside & rails], "plan_rail", PLAN_RAIL),
    )
    titles = dict(zip(projects["project_id"], projects["project_name_zh"], strict=True))
    return [_layer(rows, key, names, titles=titles) for rows, key, names in layers if len(rows)]
