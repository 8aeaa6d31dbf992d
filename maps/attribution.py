"""Which planned link brings what: coloured in classes, as wide as its share of the gain."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import geopandas as gpd
import numpy as np
import shapely
from markupsafe import Markup

from geo.crs import to_wgs84
from maps.style.html_text import bilingual, heading, plain, signed, table
from maps.style.modes import MODES
from maps.style.overlay import Look, Overlay, Style, Symbol, collection, features
from maps.style.palette import change_classes, change_color, change_label, few_breaks
from maps.tables.page_tables import PageTables

BRINGS_COLUMNS = (
    "player_id",
    "name_zh",
    "name_en",
    "opening_years",
    "cost",
    "cost_sources",
    *(f"{figure}_{mode}" for mode in MODES for figure in ("first_in", "last_in")),
    *(f"{figure}_{mode}" for mode in MODES for figure in ("shapley", "share")),
)
"""With `low_<mode>`, `high_<mode>` and `top_three_<mode>` where values were drawn."""

NOTHING: Style = {"color": "#8f8d86", "weight": 2, "opacity": 1}
COVER: Style = {"color": "#ffffff", "weight": 7, "opacity": 0.9, "interactive": False}
"""Below a thin line, so that the plan's own dashes do not shine through."""

EDGE = "#1d1d1f"
EDGE_PX = 1.0
LEAST_PX, MOST_PX = 3.5, 16.0
"""Width of a link that brings next to nothing, and of one that brings everything."""

SIMPLER = 0.00005
"""A point nearer than this to the line without it is left out, degrees: no more than 6 m."""

NOTE = (
    "人数：居民平均；线宽：占总变化的份额",
    "people: mean of residents; width: share of the whole change",
)


def share_width(share: float) -> float:
    """Width in pixels of a link by its share of the gain.

    Examples
    --------
    >>> share_width(0.0), share_width(1.0), share_width(float("nan")), share_width(-3.0)
    (3.5, 16.0, 3.5, 16.0)
    """
    part = min(abs(share), 1.0) if np.isfinite(share) else 0.0
    return round(LEAST_PX + (MOST_PX - LEAST_PX) * part, 1)


def link_strokes(color: str, share: float) -> tuple[Style, ...]:
    """Styles of a link that brings something, drawn over each other."""
    width = share_width(share)
    edge = {"color": EDGE, "weight": width + 2 * EDGE_PX, "opacity": 1, "interactive": False}
    return edge, {"color": color, "weight": width, "opacity": 1}


def _people(value: Any) -> str:
    text = plain(value)
    return signed(float(text)) if text else ""


def _percent(value: Any, digits: int = 1) -> str:
    text = plain(value)
    return f"{float(text):.{digits}%}".replace("-", "−") if text else ""


def _cost(row: Any) -> str:
    """What it costs, in the unit of its source."""
    if not plain(row.cost):
        return ""
    source = plain(row.cost_sources)
    return f"{row.cost:,.0f}" + (f" ({source})" if source else "")


def link_popup(row: Any, mode: str, counted: tuple[str, str]) -> str:
    """What a link brings by one mode, HTML with all data escaped.

    Parameters
    ----------
    row
        A row of `BRINGS_COLUMNS`.
    mode
        Of `maps.sheet.sides.MODES`.
    counted
        What is counted, Chinese and English.
    """

    def figure(name: str) -> Any:
        return getattr(row, f"{name}_{mode}", None)

    low, high = (_people(figure(end)) for end in ("low", "high"))
    rows = [
        (bilingual("方式", "Mode"), bilingual(*MODES[mode])),
        (bilingual("指标", "Measure"), bilingual(*counted)),
        (bilingual("最先建成", "Built first"), _people(figure("first_in"))),
        (bilingual("最后建成", "Built last"), _people(figure("last_in"))),
        (bilingual("夏普利值", "Shapley value"), _people(figure("shapley"))),
        (bilingual("占总变化", "Share of the whole"), _percent(figure("share"))),
        (bilingual("5%–95% 区间", "5% to 95%"), f"{low} – {high}" if low else ""),
        (bilingual("居前三的概率", "Among the top three"), _percent(figure("top_three"), 0)),
        (bilingual("通车年份", "Opening"), plain(row.opening_years)),
        (bilingual("造价", "Cost"), _cost(row)),
        (bilingual("编号", "Id"), plain(row.player_id)),
    ]
    return str(heading(row.name_zh, row.name_en) + table(rows))


def link_classes(shapley: np.ndarray) -> tuple[tuple[float, ...], list[int]]:
    """Breaks, and the class of every link: 0 for those that bring nothing."""
    breaks = few_breaks(shapley)
    return breaks, change_classes(shapley, breaks)


def _looks(
    links: gpd.GeoDataFrame, mode: str, counted: tuple[str, str]
) -> Callable[..., list[Look]]:
    breaks = few_breaks(links[f"shapley_{mode}"].to_numpy(dtype=float))

    def looks(row: Any) -> list[Look]:
        own = np.array([getattr(row, f"shapley_{mode}")], dtype=float)
        (number,) = change_classes(own, breaks)
        color = change_color(number, len(breaks) + 1)
        strokes = link_strokes(color, getattr(row, f"share_{mode}")) if number else (COVER, NOTHING)
        *below, top = strokes
        tip = str(heading(row.name_zh, row.name_en) + Markup(" {}").format(_people(own[0])))
        return [
            *({"style": style} for style in below),
            {"style": top, "tip": tip, "pop": link_popup(row, mode, counted)},
        ]

    return looks


def _symbols(links: gpd.GeoDataFrame, mode: str) -> tuple[Symbol, ...]:
    """Classes that occur, each as wide as its widest link."""
    breaks, classes = link_classes(links[f"shapley_{mode}"].to_numpy(dtype=float))
    shares = links[f"share_{mode}"].abs().groupby(classes).max()
    found = []
    for number in sorted(set(classes), reverse=True):
        if not number:
            found.append(Symbol("line", (NOTHING,), "没有作用", "brings nothing"))
            continue
        color, label = change_color(number, len(breaks) + 1), change_label(number, breaks)
        strokes = link_strokes(color, float(shares[number]))
        found.append(Symbol("line", strokes, f"{label} 人", f"{label} people"))
    return tuple(found)


def attribution_maps(tables: PageTables) -> list[Overlay]:
    """The planned links by what they bring by each mode, one of which is shown at a time.

    Parameters
    ----------
    tables
        Of which `brings` and `brings_counted` are drawn; nothing if there are no rows.
    """
    if tables.brings.empty:
        return []
    links, (zh, en) = to_wgs84(tables.brings), tables.brings_counted
    lines = shapely.line_merge(links.geometry.to_numpy())
    links, drawn = links.set_geometry(shapely.simplify(lines, SIMPLER)), []
    for mode in MODES:
        name_zh, name_en = MODES[mode]
        # those that bring most lie on top
        order = np.argsort(links[f"shapley_{mode}"].abs().to_numpy(dtype=float), kind="stable")
        rows = links.iloc[order]
        thing = Overlay(
            key=f"brings_{mode}",
            zh=f"{name_zh}：{zh}",
            en=f"{name_en}: {en}",
            features=collection(features(rows, _looks(links, mode, (zh, en)))),
            symbols=_symbols(links, mode),
            group="brings",
            choice="brings",
            note=NOTE,
        )
        drawn.append(thing)
    return drawn
