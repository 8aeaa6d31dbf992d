"""Planning areas: ground, borders and names."""

from __future__ import annotations

from typing import Any

import geopandas as gpd

from geo.crs import to_wgs84
from maps.style.html_text import heading, short_name
from maps.style.labels import AREA, label
from maps.style.overlay import Look, Overlay, Style, Symbol, collection, features, label_feature
from maps.style.searchable import search_entry

PAPER: Style = {"stroke": False, "fill": True, "fillColor": "#fffefa", "fillOpacity": 1.0}
CORE: Style = {"color": "#1d1d1f", "weight": 3, "opacity": 0.9}
RING: Style = {"color": "#77746c", "weight": 1.6, "opacity": 0.9}
APPROXIMATE_M = 100
"""Outlines less accurate than this are labelled approximate, metres."""


def _outline(row: Any) -> list[Look]:
    style = CORE if row.role == "core" else RING
    look: Look = {"style": {**style, "fill": False, "interactive": False}}
    name = {"tip": str(heading(row.name_zh, row.name_en))}
    return [{**look, **name, "find": search_entry("area", row.name_zh, row.name_en)}]


def _paper(_row: Any) -> list[Look]:
    return [{"style": {**PAPER, "interactive": False}}]


def _approximate(areas: gpd.GeoDataFrame, role: str) -> tuple[str, str]:
    worst = areas.loc[areas["role"] == role, "accuracy_m"].max()
    if not worst > APPROXIMATE_M:
        return "", ""
    return f"（近似，±{worst:.0f} 米）", f" (approximate, ±{worst:.0f} m)"


def area_paper(areas: gpd.GeoDataFrame) -> Overlay:
    """Light ground of the planning areas; the background outside is darker."""
    drawn = collection(features(areas, _paper))
    return Overlay("paper", "", "", drawn, show=True, pane="paper")


def area_borders(areas: gpd.GeoDataFrame) -> Overlay:
    """Borders and names of the planning areas, the core's border on top.

    Parameters
    ----------
    areas
        As in `maps.tables.page_tables.PageTables`.
    """
    ordered = areas.sort_values("role", ascending=False, kind="stable")
    drawn = features(ordered, _outline)
    for row in to_wgs84(areas).itertuples():
        name = label(AREA, short_name(row.name_zh), short_name(row.name_en), direction="center")
        drawn.append(label_feature(row.geometry.representative_point(), name))
    core, ring = _approximate(areas, "core"), _approximate(areas, "ring")
    symbols = (
        Symbol("line", (CORE,), "核心区界线" + core[0], "Core" + core[1]),
        Symbol("line", (RING,), "规划片区界线" + ring[0], "Planning areas" + ring[1]),
    )
    return Overlay(
        "areas", "规划片区", "Planning areas", collection(drawn), symbols, group="base", show=True
    )
