"""Existing streets, drawn by class."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

import geopandas as gpd
import pandas as pd
from markupsafe import Markup

from maps.style.html_text import bilingual, is_true, plain, table, translation
from maps.style.merged_streets import StreetGroup, StreetOverlay, street_groups
from maps.style.modes import ROAD_USERS
from maps.style.overlay import Style, Symbol, collection

SPARSE = 3_000
"""A network with fewer streets is drawn in full at every zoom."""


@dataclass(frozen=True)
class RoadLook:
    """Look of the streets of one or more classes.

    Attributes
    ----------
    zh, en
        Name in the legend.
    style
        Leaflet's path options.
    zoom
        Smallest zoom at which they are drawn, unless the network is sparse.
    """

    zh: str
    en: str
    style: Style
    zoom: float = 0


def _line(color: str, weight: float, **options: Any) -> Style:
    return {"color": color, "weight": weight, "opacity": 1, **options}


LOOKS: dict[str, RoadLook] = {
    "motorway": RoadLook("高速公路", "Motorway", _line("#857a63", 3.2)),
    "trunk": RoadLook("快速路", "Trunk road", _line("#98907c", 2.6)),
    "primary": RoadLook("主干路", "Primary road", _line("#aba597", 2)),
    "secondary": RoadLook("次干路", "Secondary road", _line("#bdb9ae", 1.4)),
    "tertiary": RoadLook("支路", "Tertiary road", _line("#cbc8c0", 1)),
    "ferry": RoadLook("轮渡", "Ferry", _line("#2f86a6", 1.4, dashArray="6 5")),
    "local": RoadLook("街巷", "Local streets", _line("#c4c0b6", 1), 12),
    "other": RoadLook("其他道路", "Other streets", _line("#ccc9c2", 0.8), 13),
    "service": RoadLook("内部道路", "Service roads", _line("#d0cdc6", 0.7), 14),
    "footway": RoadLook("步行道", "Footways", _line("#d3b08c", 0.6), 14),
}
"""From the top of the map to the bottom."""

TUNNEL: Style = _line("#fffefa", 1.4, dashArray="3 4")

CLASSES: dict[str, tuple[str, str, str]] = {
    **{name: (name, look.zh, look.en) for name, look in list(LOOKS.items())[:6]},
    "residential": ("local", "居住区道路", "Residential street"),
    "unclassified": ("local", "未分级道路", "Unclassified street"),
    "living_street": ("local", "生活街道", "Living street"),
    "service": ("service", "内部道路", "Service road"),
    "pedestrian": ("footway", "步行街", "Pedestrian street"),
    "footway": ("footway", "步行道", "Footway"),
    "path": ("footway", "小径", "Path"),
    "steps": ("footway", "台阶", "Steps"),
    "cycleway": ("footway", "自行车道", "Cycleway"),
    "bridleway": ("footway", "马道", "Bridleway"),
    "corridor": ("footway", "室内通道", "Corridor"),
    "platform": ("footway", "站台", "Platform"),
}
"""Look and names by OSM class; classes not listed look like `other`."""

CLASS_NAMES = {name: names[1:] for name, names in CLASSES.items()}
WITHOUT_LANES = ("footway", "ferry")


def base_class(highway: Any) -> str:
    """Main class of a `highway` value: without `_link`, the first of a list.

    Examples
    --------
    >>> base_class("trunk_link"), base_class(["steps", "path"])
    ('trunk', 'steps')
    """
    first = highway if isinstance(highway, str) else next(iter(highway), "")
    return str(first).removesuffix("_link")


def look_name(highway: Any) -> str:
    """Key in `LOOKS` of a `highway` value.

    Examples
    --------
    >>> look_name("primary_link"), look_name("steps"), look_name("raceway")
    ('primary', 'footway', 'other')
    """
    return CLASSES.get(base_class(highway), ("other", "", ""))[0]


def _modes(roads: gpd.GeoDataFrame) -> pd.Series:
    """Modes allowed on each street, a letter a mode; all modes where no column says otherwise."""
    letters = pd.Series("", index=roads.index)
    for mode in ROAD_USERS:
        if mode in roads:
            letters += roads[mode].map(is_true).map({True: mode[0], False: ""})
        else:
            letters += mode[0]
    return letters


def _texts(roads: gpd.GeoDataFrame) -> pd.DataFrame:
    """Texts and looks of each street on the page."""
    look = roads["highway"].map(look_name)
    texts = {
        name: roads[name].map(plain) if name in roads else pd.Series("", index=roads.index)
        for name in ("name", "name_en", "crossing", "lanes")
    }
    speed = pd.to_numeric(roads["maxspeed"]).round().map(plain)
    by_wheel = ~look.isin(WITHOUT_LANES)
    looks = {
        "look": look,
        "highway": roads["highway"].map(base_class),
        "tunnel": roads["tunnel"].map(is_true),
        "modes": _modes(roads),
        "speed": speed.where(by_wheel, ""),
    }
    return pd.DataFrame({**texts, **looks, "lanes": texts["lanes"].where(by_wheel, "")})


def _open_to(modes: str) -> Markup | str:
    """Modes allowed on a street; empty if all are."""
    names = [ROAD_USERS[mode] for mode in ROAD_USERS if mode[0] in modes]
    if len(names) == len(ROAD_USERS):
        return ""
    zh, en = zip(*names or [("无", "nobody")], strict=True)
    return bilingual("、".join(zh), ", ".join(en))


def _rows(row: Any) -> str:
    """Rows of the tooltip below the name."""
    return str(
        table(
            [
                (bilingual("类别", "Class"), translation(row.highway, CLASS_NAMES)),
                (bilingual("车道", "Lanes"), row.lanes),
                (bilingual("限速", "Speed"), f"{row.speed} km/h" if row.speed else ""),
                (bilingual("通行", "Open to"), _open_to(row.modes)),
                (bilingual("隧道/桥", "Crossing"), row.crossing),
            ]
        )
    )


def _tunnel_strokes(style: Style) -> tuple[Style, ...]:
    """Styles of a tunnel: hollow if the road is drawn wide, else dashed."""
    if style["weight"] > TUNNEL["weight"]:
        return (style, TUNNEL)
    return ({**style, "dashArray": TUNNEL["dashArray"]},)


def _groups(roads: gpd.GeoDataFrame, texts: pd.DataFrame) -> list[StreetGroup]:
    """Groups of streets that look the same, the least important first."""
    is_sparse = len(roads) < SPARSE
    groups: dict[str, list[StreetGroup]] = {name: [] for name in LOOKS}
    for row, lines, ways in street_groups(roads, texts):
        look = LOOKS[row.look]
        group = StreetGroup(
            zh=row.name,
            en=row.name_en,
            rows=_rows(row),
            strokes=_tunnel_strokes(look.style) if row.tunnel else (look.style,),
            zoom=0 if is_sparse else look.zoom,
            lines=lines,
            ways=ways,
        )
        groups[row.look].append(group)
    return [group for name in reversed(LOOKS) for group in groups[name]]


def _symbols(texts: pd.DataFrame) -> tuple[Symbol, ...]:
    present = set(texts["look"])
    symbols = [
        Symbol("line", (look.style,), look.zh, look.en)
        for name, look in LOOKS.items()
        if name in present
    ]
    if texts["tunnel"].any():
        symbols.append(Symbol("line", (LOOKS["motorway"].style, TUNNEL), "隧道", "Tunnel"))
    return tuple(symbols)


def existing_roads(roads: gpd.GeoDataFrame) -> StreetOverlay:
    """Existing streets, the most important on top.

    Parameters
    ----------
    roads
        As in `maps.tables.page_tables.PageTables`.
    """
    texts = _texts(roads)
    groups = _groups(roads, texts)
    is_hidden = any(group.zoom for group in groups)
    return StreetOverlay(
        "roads",
        "现状道路",
        "Existing roads",
        collection([]),
        _symbols(texts),
        group="today",
        show=True,
        note=("放大后显示街巷与步行道", "minor streets appear as you zoom in")
        if is_hidden
        else ("", ""),
        groups=tuple(groups),
    )
