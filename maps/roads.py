"""Streets as they are, by class."""

from __future__ import annotations

from typing import Any

import geopandas as gpd

from maps.drawn import Drawn, Look, Style, Symbol, collection, features
from maps.texts import heading, is_true, plain, table, translated

CLASSES: dict[str, tuple[str, str]] = {
    "motorway": ("高速公路", "Motorway"),
    "trunk": ("快速路", "Trunk road"),
    "primary": ("主干路", "Primary road"),
    "secondary": ("次干路", "Secondary road"),
    "tertiary": ("支路", "Tertiary road"),
}
STYLES: dict[str, Style] = {
    "motorway": {"color": "#857a63", "weight": 3.2, "opacity": 1},
    "trunk": {"color": "#98907c", "weight": 2.6, "opacity": 1},
    "primary": {"color": "#aba597", "weight": 2, "opacity": 1},
    "secondary": {"color": "#bdb9ae", "weight": 1.4, "opacity": 1},
    "tertiary": {"color": "#cbc8c0", "weight": 1, "opacity": 1},
}
OTHER: Style = {"color": "#d5d3cd", "weight": 0.8, "opacity": 1}
TUNNEL: Style = {"color": "#fffefa", "weight": 1.4, "opacity": 1, "dashArray": "3 4"}


def base_class(highway: Any) -> str:
    """`motorway_link` and lists of classes as their first main class."""
    first = highway if isinstance(highway, str) else next(iter(highway), "")
    return str(first).removesuffix("_link")


def _tip(row: Any) -> str:
    lanes = getattr(row, "lanes", None)
    rows = [
        ("类别 Class", translated(base_class(row.highway), CLASSES)),
        ("车道 Lanes", plain(lanes)),
        ("限速 Speed", f"{plain(row.maxspeed)} km/h" if plain(row.maxspeed) else ""),
        ("隧道/桥 Crossing", plain(getattr(row, "crossing", None))),
    ]
    return str(heading(row.name, getattr(row, "name_en", "")) + table(rows))


def _looks(row: Any) -> list[Look]:
    style = STYLES.get(base_class(row.highway), OTHER)
    tip = _tip(row)
    if not is_true(getattr(row, "tunnel", False)):
        return [{"style": style, "tip": tip}]
    return [{"style": style, "tip": tip}, {"style": {**TUNNEL, "interactive": False}}]


def existing_roads(roads: gpd.GeoDataFrame) -> Drawn:
    """Existing streets, the important ones on top.

    Parameters
    ----------
    roads
        As in `maps.tables.PageTables`.
    """
    ranks = {name: -number for number, name in enumerate(CLASSES)}
    base = roads["highway"].map(base_class)
    order = base.map(lambda name: ranks.get(name, -len(ranks))).sort_values(kind="stable").index
    present = set(base)
    symbols = [
        Symbol("line", (STYLES[name],), *CLASSES[name]) for name in CLASSES if name in present
    ]
    if present - set(CLASSES):
        symbols.append(Symbol("line", (OTHER,), "其他道路", "Other streets"))
    symbols.append(Symbol("line", (STYLES["motorway"], TUNNEL), "隧道", "Tunnel"))
    return Drawn(
        "roads",
        "现状道路",
        "Existing roads",
        collection(features(roads.loc[order], _looks)),
        tuple(symbols),
        group="today",
        show=True,
    )
