"""Change of accessibility: zones coloured by the change of one measure."""

from __future__ import annotations

from dataclasses import dataclass

import geopandas as gpd

from maps.style.overlay import Style, Symbol
from maps.style.palette import Floats, change_breaks, change_classes, change_color, change_label
from maps.tables.page_tables import PageTables

OUTLINE: Style = {"color": "#8f8d86", "weight": 0.3, "opacity": 0.7, "fill": True}
EDGE_OUTLINE: Style = {"color": "#4a4842", "weight": 1, "dashArray": "2 3"}
"""Outline of a zone whose reach is cut short by the edge of the network."""
FILL, FILL_SAME = 0.85, 0.4
EDGE = "e"
"""Suffix of the class of such a zone."""


@dataclass(frozen=True)
class ChangeMap:
    """Colours and legend of the change of one measure.

    Attributes
    ----------
    zh, en
        Name of the measure.
    symbols
        Entries of the legend.
    styles
        Style by class.
    """

    zh: str
    en: str
    symbols: tuple[Symbol, ...]
    styles: dict[str, Style]


def _change(tables: PageTables, stem: str) -> Floats:
    return tables.accessibility[f"{stem}_change"].to_numpy(dtype=float)


def _at_edge(zones: gpd.GeoDataFrame, stem: str) -> list[bool]:
    """Whether the edge of the network cuts short the zone's reach by the measure's mode."""
    for column in zones.columns:
        if column.startswith("touches_edge_") and column.removeprefix("touches_edge_") in stem:
            return [bool(value) for value in zones[column]]
    return [False] * len(zones)


def zone_classes(tables: PageTables) -> list[list[str]]:
    """Class of each zone (row) in each change map, as text: `3`, `-1`, `0e`."""
    columns = []
    for stem, _, _ in tables.change_stems:
        change = _change(tables, stem)
        classes = change_classes(change, change_breaks(change))
        edge = _at_edge(tables.accessibility, stem)
        columns.append([f"{c}{EDGE if e else ''}" for c, e in zip(classes, edge, strict=True)])
    return [list(row) for row in zip(*columns, strict=True)]


def class_style(number: int, count: int, *, edge: bool = False) -> Style:
    """Style of a zone of a class, with `count` classes of gains and as many of losses."""
    fill = {"fillColor": change_color(number, count), "fillOpacity": FILL if number else FILL_SAME}
    return {**OUTLINE, **(EDGE_OUTLINE if edge else {}), **fill}


def change_map(tables: PageTables, index: int) -> ChangeMap:
    """Colours and legend of one change map; the legend has only the classes that occur."""
    stem, zh, en = tables.change_stems[index]
    change = _change(tables, stem)
    breaks = change_breaks(change)
    count = len(breaks) + 1
    present = set(change_classes(change, breaks))
    styles = {
        f"{number}{EDGE if edge else ''}": class_style(number, count, edge=edge)
        for number in sorted(present)
        for edge in (False, True)
    }
    symbols = [
        Symbol(
            "fill",
            (class_style(n, count),),
            change_label(n, breaks),
            "" if n else "无变化 no change",
        )
        for n in sorted(present, reverse=True)
    ]
    if any(_at_edge(tables.accessibility, stem)):
        outline = {**EDGE_OUTLINE, "fill": False}
        symbols.append(
            Symbol("fill", (outline,), "触及路网边缘，数值偏低", "reach cut at the edge")
        )
    return ChangeMap(zh, en, tuple(symbols), styles)
