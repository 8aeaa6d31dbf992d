"""Proposed bus services: closing links and loop lines."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import Any

import geopandas as gpd
from markupsafe import Markup

from maps.style.html_text import (
    bilingual,
    comma_list,
    heading,
    in_minutes,
    items,
    plain,
    table,
    translation,
)
from maps.style.overlay import Look, Style, Symbol

LINK: Style = {"color": "#009fc7", "weight": 4, "opacity": 0.9, "dashArray": "8 5"}
PROPOSAL: Style = {"color": "#8c510a", "weight": 4.5, "opacity": 0.85, "dashArray": "14 6"}


def _figures(row: Any) -> list[tuple[str, str | Markup]]:
    """Costs and benefits of a proposed service."""
    return [
        (bilingual("长度", "Length"), f"{row.length_km:.1f} km"),
        (bilingual("车辆（10 分钟一班）", "Buses (every 10 min)"), str(row.buses)),
        (bilingual("人口", "People"), f"{row.people:,.0f}"),
        (bilingual("骨架线车站", "Spine stations"), comma_list(items(row.spine_stations))),
        (
            bilingual("节省", "Saved"),
            bilingual(
                f"{row.saved_person_minutes:,.0f} 人·分",
                f"{row.saved_person_minutes:,.0f} person-min",
            ),
        ),
        (bilingual("每车公里", "A bus-km"), f"{row.saved_per_bus_km:,.0f}"),
        (bilingual("站点", "Stops"), comma_list(items(row.stop_names))),
        (bilingual("站点误差", "Stops off by up to"), f"{row.accuracy_m:,.0f} m"),
    ]


def link_looks(kinds: Mapping[str, tuple[str, str]]) -> Callable[[Any], list[Look]]:
    """Looks of closing links, with the gap each closes; `kinds` names the kinds of gaps."""

    def looks(row: Any) -> list[Look]:
        stops = items(row.stop_names)
        rows = [
            (bilingual("闭合", "Closes"), plain(row.name)),
            (bilingual("类型", "Kind"), translation(row.kind, kinds)),
            (bilingual("名次", "Rank"), str(row.rank)),
            (bilingual("起点线路", "Routes at one end"), comma_list(items(row.routes_from))),
            (bilingual("终点线路", "at the other"), comma_list(items(row.routes_to))),
            (
                bilingual("单程", "One way"),
                in_minutes(round(row.minutes)),
            ),
            *_figures(row),
        ]
        ends = f"{stops[0]} — {stops[-1]}"
        popup = heading(f"建议联络线 {ends}", f"Closing link {ends}") + table(rows)
        return [{"style": LINK, "pop": str(popup)}]

    return looks


def proposal_looks(area_names: Mapping[str, str]) -> Callable[[Any], list[Look]]:
    """Looks of loop lines, with the areas each connects."""

    def looks(row: Any) -> list[Look]:
        areas = " → ".join(area_names.get(area, plain(area)) for area in items(row.areas))
        rows = [
            (bilingual("分区", "Areas"), areas),
            (bilingual("骨架线", "Spines"), comma_list(items(row.lines))),
            (bilingual("闭合关口", "Closes"), str(len(items(row.closes)))),
            (
                bilingual("一圈", "Around"),
                in_minutes(round(row.minutes)),
            ),
            *_figures(row),
        ]
        popup = heading(f"建议环线 {row.station}", f"Proposed loop line {row.station}") + table(
            rows
        )
        return [{"style": PROPOSAL, "pop": str(popup)}]

    return looks


def link_symbols(rows: gpd.GeoDataFrame) -> list[Symbol]:
    """Legend of closing links."""
    return [Symbol("line", (LINK,), "建议联络线", "Proposed link")] if len(rows) else []


def proposal_symbols(rows: gpd.GeoDataFrame) -> list[Symbol]:
    """Legend of loop lines."""
    return [Symbol("line", (PROPOSAL,), "建议环线", "Proposed loop line")] if len(rows) else []
