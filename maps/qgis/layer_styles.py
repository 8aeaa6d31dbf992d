"""QGIS styles of the layers of results."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import Any

import geopandas as gpd
import numpy as np

from maps.accessibility import class_style
from maps.areas import CORE, RING
from maps.attribution import NOTHING, link_classes, link_strokes
from maps.bus_lines import LINK, PROPOSAL
from maps.bus_loops import GAPS, LOOP, STATES, gap_style, gateway_style
from maps.isochrones import MINUTE, band_style
from maps.places import CATEGORIES, place_style
from maps.project_joins import connector_style, mark_style
from maps.projects import line_strokes, station_style
from maps.qgis.column_names import aliases
from maps.qgis.qml import QgisStyle
from maps.roads import LOOKS
from maps.style.overlay import Style, Symbol
from maps.style.palette import GAINS, LOSSES, SAME, change_breaks, change_color, change_label
from maps.style.popups import KIND_NAMES
from maps.transit import BUS_STOP, VEHICLES, line_style

Classes = list[tuple[Any, Symbol]]
ColumnClasses = tuple[str, Classes]
"""Column and its classes."""


def _outline_only(style: Style) -> Style:
    return {**style, "fill": False}


def _project_lines(_frame: gpd.GeoDataFrame) -> ColumnClasses:
    kinds = [
        (kind, Symbol("line", line_strokes(kind, tunnel=kind == "road_tunnel"), names[0]))
        for kind, names in KIND_NAMES.items()
    ]
    return "kind", kinds


def _project_points(_frame: gpd.GeoDataFrame) -> ColumnClasses:
    looks = [(kind, station_style(kind, placeholder=False)) for kind in KIND_NAMES]
    return "kind", [(kind, Symbol("dot", (look,), KIND_NAMES[kind][0])) for kind, look in looks]


def _areas(_frame: gpd.GeoDataFrame) -> ColumnClasses:
    core = Symbol("fill", (_outline_only(CORE),), "核心区")
    return "role", [("core", core), ("ring", Symbol("fill", (_outline_only(RING),), "外围片区"))]


def _isochrones(frame: gpd.GeoDataFrame) -> ColumnClasses:
    cutoffs = sorted(frame["cutoff_secs"].unique())
    ends = zip([0.0, *cutoffs], cutoffs, strict=False)
    return "cutoff_secs", [
        ((low + 1, high), Symbol("fill", (band_style(n),), f"≤ {high / MINUTE:g} 分钟"))
        for n, (low, high) in enumerate(ends)
    ]


def _isochrone_change(_frame: gpd.GeoDataFrame) -> ColumnClasses:
    looks = {"gained": (GAINS[2], "新增"), "lost": (LOSSES[2], "减少")}
    return "change", [
        (value, Symbol("fill", ({**band_style(0), "fillColor": color},), name))
        for value, (color, name) in looks.items()
    ]


def _accessibility(frame: gpd.GeoDataFrame) -> ColumnClasses:
    """Change of people within the middle cutoff, losses first."""
    columns = [c for c in frame.columns if c.startswith("people_") and c.endswith("peak_change")]
    column = columns[len(columns) // 4]
    values = frame[column].to_numpy(dtype=float)
    breaks = change_breaks(values)
    count = len(breaks) + 1
    inner = [0.5, *breaks]
    far = [*breaks, max(float(np.nanmax(np.abs(values))) + 1, inner[-1] + 1)]
    gains = [((low, high), n) for n, (low, high) in enumerate(zip(inner, far, strict=True), 1)]
    losses = [((-high, -low), -n) for (low, high), n in reversed(gains)]
    return column, [
        (ends, Symbol("fill", (class_style(n, count),), change_label(n, breaks)))
        for ends, n in [*losses, ((-0.5, 0.5), 0), *gains]
    ]


def _attribution(frame: gpd.GeoDataFrame) -> ColumnClasses:
    """Shapley values of the links by transit, losses first; links without effect in between."""
    column = "shapley_transit"
    gains, shares = (frame[c].to_numpy(dtype=float) for c in (column, "share_transit"))
    breaks, classes = link_classes(gains)
    far = max(float(np.nanmax(np.abs(gains))) + 1, *breaks, SAME + 1)
    ends = [SAME, *breaks, far]
    symbols: Classes = []
    for number in sorted({*classes, 0}):
        if not number:
            symbols.append(((-SAME, SAME), Symbol("line", (NOTHING,), "没有作用")))
            continue
        low, high = ends[abs(number) - 1], ends[abs(number)]
        class_shares = [
            share for share, other in zip(shares, classes, strict=True) if other == number
        ]
        strokes = link_strokes(change_color(number, len(ends) - 1), max(class_shares, key=abs))
        bounds = (low, high) if number > 0 else (-high, -low)
        symbols.append((bounds, Symbol("line", strokes, f"{change_label(number, breaks)} 人")))
    return column, symbols


def _gateways(_frame: gpd.GeoDataFrame) -> ColumnClasses:
    return "state", [(k, Symbol("dot", (gateway_style(k),), v[2])) for k, v in STATES.items()]


def _gaps(_frame: gpd.GeoDataFrame) -> ColumnClasses:
    return "kind", [(k, Symbol("dot", (gap_style(k),), v[1])) for k, v in GAPS.items()]


def _places(_frame: gpd.GeoDataFrame) -> ColumnClasses:
    return "category", [
        (key, Symbol("dot", (place_style(key, existing=True),), value[1]))
        for key, value in CATEGORIES.items()
    ]


def _roads(_frame: gpd.GeoDataFrame) -> ColumnClasses:
    return "highway", [(k, Symbol("line", (v.style,), v.zh)) for k, v in LOOKS.items()]


def _routes(_frame: gpd.GeoDataFrame) -> ColumnClasses:
    names = {kind: zh for kind, (_, zh, _) in VEHICLES.items()}
    looks = [(kind, Symbol("line", (line_style(kind),), zh)) for kind, zh in names.items()]
    return "vehicle", looks


def _joins(shape: str, look: Callable[..., Style]) -> Callable[[gpd.GeoDataFrame], ColumnClasses]:
    def classes(_frame: gpd.GeoDataFrame) -> ColumnClasses:
        names = ((0, False, "已接入"), (1, True, "超过上限"))
        return "over_limit", [(v, Symbol(shape, (look(over=o),), zh)) for v, o, zh in names]

    return classes


def _single(shape: str, style: Style, zh: str) -> Callable[[gpd.GeoDataFrame], ColumnClasses]:
    return lambda _frame: ("", [(None, Symbol(shape, (style,), zh))])


REACHED: Style = {"color": "#225ea8", "weight": 1.6, "opacity": 0.9}
LAYERS: Mapping[str, Callable[[gpd.GeoDataFrame], ColumnClasses]] = {
    "projects_line": _project_lines,
    "projects_point": _project_points,
    "project_joins_line": _joins("line", connector_style),
    "project_joins_point": _joins("dot", mark_style),
    "areas": _areas,
    "isochrones": _isochrones,
    "isochrones_change": _isochrone_change,
    "accessibility": _accessibility,
    "attribution": _attribution,
    "bus_gateways": _gateways,
    "bus_gaps": _gaps,
    "bus_loops": _single("line", {**LOOP, "dashArray": ""}, "公交闭环"),
    "bus_closing_links": _single("line", LINK, "建议联络线"),
    "bus_loop_proposals": _single("line", PROPOSAL, "建议环线"),
    "places": _places,
    "reached_streets": _single("line", REACHED, "可达路段"),
    "roads": _roads,
    "routes": _routes,
    "stops": _single("dot", BUS_STOP, "车站"),
}
"""By the layer's name, or the part of it before the scenario's name."""


def qgis_style(name: str, frame: gpd.GeoDataFrame, counts: Mapping[str, str]) -> QgisStyle | None:
    """Style of a layer; None if it has no style or no features.

    Parameters
    ----------
    name
        The layer's name, such as `accessibility` or `roads_plan`.
    frame
        Its features.
    counts
        Chinese names of the opportunities of zones, by column.
    """
    make = LAYERS.get(name) or LAYERS.get(name.split("_", maxsplit=1)[0])
    if make is None or frame.empty:
        return None
    column, classes = make(frame)
    return QgisStyle(column, classes, aliases(frame.columns, counts))
