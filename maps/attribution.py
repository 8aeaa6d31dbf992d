"""Attribution of the gain to planned links: coloured by Shapley value, as wide as their share."""

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

ATTRIBUTION_LINK_COLUMNS = (
    "player_id",
    "name_zh",
    "name_en",
    "opening_years",
    "cost",
    "cost_sources",
    *(f"{figure}_{mode}" for mode in MODES for figure in ("first_in", "last_in")),
    *(f"{figure}_{mode}" for mode in MODES for figure in ("shapley", "share")),
)
"""Plus `low_<mode>`, `high_<mode>` and `top_three_<mode>` after a Monte Carlo run."""

NOTHING: Style = {"color": "#8f8d86", "weight": 2, "opacity": 1}
COVER: Style = {"color": "#ffffff", "weight": 7, "opacity": 0.9, "interactive": False}
"""Drawn below a thin line, to hide the dashes of the planned project beneath."""

EDGE = "#1d1d1f"
EDGE_PX = 1.0
MIN_PX, MAX_PX = 3.5, 16.0
"""Width of a link whose share of the gain is nearly 0, and 1."""

SIMPLIFY_DEG = 0.00005
"""Tolerance of simplification, degrees: at most 6 m."""

NOTE = (
    "人数：居民平均；线宽：占总变化的份额",
    "people: mean of residents; width: share of the whole change",
)


def share_width(share: float) -> float:
    """Width of a link by its share of the gain, pixels.

    Examples
    --------
    >>> share_width(0.0), share_width(1.0), share_width(float("nan")), share_width(-3.0)
    (3.5, 16.0, 3.5, 16.0)
    """
    part = min(abs(share), 1.0) if np.isfinite(share) else 0.0
    return round(MIN_PX + (MAX_PX - MIN_PX) * part, 1)


def link_strokes(color: str, share: float) -> tuple[Style, ...]:
    """Styles of a link with a gain or loss, drawn over each other."""
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
    """Cost in the unit of its source."""
    if not plain(row.cost):
        return ""
    source = plain(row.cost_sources)
    return f"{row.cost:,.0f}" + (f" ({source})" if source else "")


def link_popup(row: Any, mode: str, measure: tuple[str, str]) -> str:
    """Popup of a link: its values for one mode, HTML with all data escaped.

    Parameters
    ----------
    row
        A row of `ATTRIBUTION_LINK_COLUMNS`.
    mode
        Of `maps.sheet.sides.MODES`.
    measure
        Name of the measure, Chinese and English.
    """

    def figure(name: str) -> Any:
        return getattr(row, f"{name}_{mode}", None)

    low, high = (_people(figure(end)) for end in ("low", "high"))
    rows = [
        (bilingual("方式", "Mode"), bilingual(*MODES[mode])),
        (bilingual("指标", "Measure"), bilingual(*measure)),
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
    """Class breaks, and the class of each link: 0 for links without effect."""
    breaks = few_breaks(shapley)
    return breaks, change_classes(shapley, breaks)


def _looks(
    links: gpd.GeoDataFrame, mode: str, measure: tuple[str, str]
) -> Callable[..., list[Look]]:
    breaks = few_breaks(links[f"shapley_{mode}"].to_numpy(dtype=float))

    def looks(row: Any) -> list[Look]:
        gain = np.array([getattr(row, f"shapley_{mode}")], dtype=float)
        (number,) = change_classes(gain, breaks)
        color = change_color(number, len(breaks) + 1)
        strokes = link_strokes(color, getattr(row, f"share_{mode}")) if number else (COVER, NOTHING)
        *below, top = strokes
        tip = str(heading(row.name_zh, row.name_en) + Markup(" {}").format(_people(gain[0])))
        return [
            *({"style": style} for style in below),
            {"style": top, "tip": tip, "pop": link_popup(row, mode, measure)},
        ]

    return looks


def _symbols(links: gpd.GeoDataFrame, mode: str) -> tuple[Symbol, ...]:
    """Legend of the classes that occur, each as wide as its widest link."""
    breaks, classes = link_classes(links[f"shapley_{mode}"].to_numpy(dtype=float))
    shares = links[f"share_{mode}"].abs().groupby(classes).max()
    symbols = []
    for number in sorted(set(classes), reverse=True):
        if not number:
            symbols.append(Symbol("line", (NOTHING,), "没有作用", "brings nothing"))
            continue
        color, label = change_color(number, len(breaks) + 1), change_label(number, breaks)
        strokes = link_strokes(color, float(shares[number]))
        symbols.append(Symbol("line", strokes, f"{label} 人", f"{label} people"))
    return tuple(symbols)


def attribution_maps(tables: PageTables) -> list[Overlay]:
    """Planned links coloured by their Shapley values, one overlay a mode.

    Parameters
    ----------
    tables
        `attribution_links` and `attribution_measure` are drawn; no overlays if there are no rows.
    """
    if tables.attribution_links.empty:
        return []
    links, (zh, en) = to_wgs84(tables.attribution_links), tables.attribution_measure
    lines = shapely.line_merge(links.geometry.to_numpy())
    links, overlays = links.set_geometry(shapely.simplify(lines, SIMPLIFY_DEG)), []
    for mode in MODES:
        name_zh, name_en = MODES[mode]
        # links with the largest values on top
        order = np.argsort(links[f"shapley_{mode}"].abs().to_numpy(dtype=float), kind="stable")
        rows = links.iloc[order]
        overlay = Overlay(
            key=f"brings_{mode}",
            zh=f"{name_zh}：{zh}",
            en=f"{name_en}: {en}",
            features=collection(features(rows, _looks(links, mode, (zh, en)))),
            symbols=_symbols(links, mode),
            group="brings",
            choice="brings",
            note=NOTE,
        )
        overlays.append(overlay)
    return overlays
