"""Places of interest: parks, hubs, ports, universities."""

from __future__ import annotations

from typing import Any

import geopandas as gpd

from maps.style.html_text import bilingual, heading, table, translation
from maps.style.labels import PLACE, label
from maps.style.overlay import Look, Overlay, Style, Symbol, collection, features
from maps.style.searchable import search_entry

CATEGORIES: dict[str, tuple[str, str, str]] = {
    "centre": ("#333333", "城区中心", "Town centre"),
    "science": ("#6a3d9a", "科学设施", "Science facility"),
    "park": ("#b15928", "产业园区", "Industrial park"),
    "university": ("#1f78b4", "高校", "University"),
    "port": ("#08519c", "港口", "Port"),
    "rail_hub": ("#d01c1c", "铁路枢纽", "Rail hub"),
    "airport": ("#006d5b", "机场", "Airport"),
}
"""Colour, Chinese and English name."""


def place_style(category: str, *, existing: bool) -> Style:
    """Filled dot of an existing place; hollow if it does not exist yet."""
    color = CATEGORIES.get(category, ("#555555", "", ""))[0]
    style: Style = {"radius": 4.5, "color": color, "weight": 1.5, "opacity": 1, "fill": True}
    return {**style, "fillColor": color if existing else "#ffffff", "fillOpacity": 0.9}


def _looks(row: Any) -> list[Look]:
    existing = row.existing is not False
    names = {key: value[1:] for key, value in CATEGORIES.items()}
    state = "" if existing else bilingual("规划", "planned")
    rows = [
        (bilingual("类别", "Category"), translation(row.category, names)),
        (bilingual("状态", "Status"), state),
    ]
    tip = str(heading(row.name_zh, row.name_en) + table(rows))
    style = place_style(row.category, existing=existing)
    name = label(PLACE, row.name_zh, row.name_en)
    look: Look = {"style": style, "tip": tip, "label": name, "point": row.Index}
    return [{**look, "find": search_entry("place", row.name_zh, row.name_en)}]


def named_places(places: gpd.GeoDataFrame) -> Overlay:
    """Places of interest with their names.

    Parameters
    ----------
    places
        As in `maps.tables.page_tables.PageTables`.
    """
    present = set(places["category"])
    symbols = [
        Symbol("dot", (place_style(key, existing=True),), *CATEGORIES[key][1:])
        for key in CATEGORIES
        if key in present
    ]
    return Overlay(
        "places",
        "园区、枢纽与高校",
        "Parks, hubs, universities",
        collection(features(places.reset_index(drop=True), _looks)),
        tuple(symbols),
        group="base",
    )
