"""Proposed bus lines: links that close gaps, and whole loops."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import Any

import geopandas as gpd
from markupsafe import Markup

from maps.drawn import Look, Style, Symbol
from maps.texts import heading, items, listed, plain, table, translated

LINK: Style = {"color": "#009fc7", "weight": 4, "opacity": 0.9, "dashArray": "8 5"}
PROPOSAL: Style = {"color": "#8c510a", "weight": 4.5, "opacity": 0.85, "dashArray": "14 6"}


def _figures(row: Any) -> list[tuple[str, str | Markup]]:
    """What a line takes and brings."""
    return [
        ("长度 Length", f"{row.length_km:.1f} km"),
        ("车辆（10 分钟一班） Buses (every 10 min)", str(row.buses)),
        ("人口 People", f"{row.people:,.0f}"),
        ("骨架线车站 Spine stations", listed(items(row.spine_stations))),
        ("节省 Saved", f"{row.saved_person_minutes:,.0f} 人·分 person-min"),
        ("每车公里 A bus-km", f"{row.saved_per_bus_km:,.0f}"),
        ("站点 Stops", listed(items(row.stop_names))),
        ("站点误差 Stops off by up to", f"{row.accuracy_m:,.0f} m"),
    ]


def link_looks(kinds: Mapping[str, tuple[str, str]]) -> Callable[[Any], list[Look]]:
    """A link with the gap that it closes; `kinds` names the kinds of gaps."""

    def looks(row: Any) -> list[Look]:
        stops = items(row.stop_names)
        rows = [
            ("闭合 Closes", plain(row.name)),
            ("类型 Kind", translated(row.kind, kinds)),
            ("名次 Rank", str(row.rank)),
            ("起点线路 Routes at one end", listed(items(row.routes_from))),
            ("终点线路 at the other", listed(items(row.routes_to))),
            ("单程 One way", f"{row.minutes:.0f} 分钟 min"),
            *_figures(row),
        ]
        popup = heading(f"{stops[0]} — {stops[-1]}", "Closing link") + table(rows)
        return [{"style": LINK, "pop": str(popup)}]

    return looks


def proposal_looks(area_names: Mapping[str, str]) -> Callable[[Any], list[Look]]:
    """A loop line with the areas that it joins."""

    def looks(row: Any) -> list[Look]:
        areas = " → ".join(area_names.get(area, plain(area)) for area in items(row.areas))
        rows = [
            ("分区 Areas", areas),
            ("骨架线 Spines", listed(items(row.lines))),
            ("闭合关口 Closes", str(len(items(row.closes)))),
            ("一圈 Around", f"{row.minutes:.0f} 分钟 min"),
            *_figures(row),
        ]
        popup = heading(row.station, "Proposed loop line") + table(rows)
        return [{"style": PROPOSAL, "pop": str(popup)}]

    return looks


def link_symbols(rows: gpd.GeoDataFrame) -> list[Symbol]:
    """The legend of links."""
    return [Symbol("line", (LINK,), "建议联络线", "Proposed link")] if len(rows) else []


def proposal_symbols(rows: gpd.GeoDataFrame) -> list[Symbol]:
    """The legend of loop lines."""
    return [Symbol("line", (PROPOSAL,), "建议环线", "Proposed loop line")] if len(rows) else []
