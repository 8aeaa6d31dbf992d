"""Cross-boundary buses: gateways by state, gaps by kind, loops and proposals."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import Any

import geopandas as gpd
from markupsafe import Markup

from maps.bus_lines import link_looks, link_symbols, proposal_looks, proposal_symbols
from maps.style.html_text import (
    bilingual,
    comma_list,
    heading,
    in_minutes,
    items,
    plain,
    short_name,
    table,
    translation,
)
from maps.style.overlay import Look, Overlay, Style, Symbol, collection, features
from maps.tables.page_tables import PageTables

STATES: dict[str, tuple[str, str, str, str]] = {
    "closed": ("#0b7a3e", "#0b7a3e", "已成环", "Closed: on a loop"),
    "open": ("#8a5a00", "#ffc20a", "有车未成环", "Open: served, on no loop"),
    "unserved": ("#a11212", "#ffffff", "无公交", "Unserved"),
}
"""Line colour, fill colour, Chinese and English name."""

GAPS: dict[str, tuple[str, str, str]] = {
    "open_end": ("#d98e04", "有车未成环", "Served, no loop closes"),
    "facing_ends": ("#d01c8b", "两侧线路相望", "Routes end on both sides"),
    "one_sided": ("#7b3294", "仅一侧有线路", "Routes end on one side"),
    "unserved": ("#a11212", "两侧均无线路", "No route near"),
    "unfed_station": ("#0868ac", "车站无跨界公交", "Station no border bus feeds"),
}
GAP_NAMES = {key: value[1:] for key, value in GAPS.items()}
PROPOSED = ("见建议联络线", "see the proposed link")
NO_LINK = {
    "no_bus_back": ("单条联络线无法成环", "no single link closes it"),
    "no_stop_across": ("边界另一侧无可达公交站", "no bus stop across the border in reach"),
}
LOOP: Style = {"color": "#0b7a3e", "weight": 3.5, "opacity": 0.75, "dashArray": "1 0"}


def gateway_style(state: str) -> Style:
    """Dot of a gateway, by state."""
    color, fill = STATES.get(state, STATES["unserved"])[:2]
    style: Style = {"radius": 6, "color": color, "weight": 2.2, "opacity": 1, "fill": True}
    return {**style, "fillColor": fill, "fillOpacity": 1.0}


def gap_style(kind: str) -> Style:
    """Ring of a gap, by kind; wider than the dot of a gateway."""
    color = GAPS.get(kind, GAPS["unserved"])[0]
    return {"radius": 10, "color": color, "weight": 3.5, "opacity": 1, "fill": False}


def _between(row: Any, area_names: Mapping[str, str]) -> str:
    return " — ".join(area_names.get(area, plain(area)) for area in (row.area_a, row.area_b))


def _gateway(area_names: Mapping[str, str]) -> Callable[[Any], list[Look]]:
    names = {key: value[2:] for key, value in STATES.items()}

    def looks(row: Any) -> list[Look]:
        rows = [
            (bilingual("边界", "Border"), _between(row, area_names)),
            (bilingual("状态", "State"), translation(row.state, names)),
            (bilingual("线路", "Routes"), comma_list(items(row.routes))),
            (bilingual("编号", "Id"), plain(row.gateway_id)),
        ]
        popup = heading(row.name, "") + table(rows)
        return [{"style": gateway_style(row.state), "pop": str(popup)}]

    return looks


def _proposed(row: Any) -> Markup:
    """Whether a link is proposed for the gap, or why none is."""
    return bilingual(*NO_LINK.get(row.no_link, PROPOSED))


def _gap(area_names: Mapping[str, str]) -> Callable[[Any], list[Look]]:
    def looks(row: Any) -> list[Look]:
        rows = [
            (bilingual("边界", "Border"), _between(row, area_names)),
            (bilingual("类型", "Kind"), translation(row.kind, GAP_NAMES)),
            (area_names.get(row.area_a, plain(row.area_a)), comma_list(items(row.routes_a))),
            (area_names.get(row.area_b, plain(row.area_b)), comma_list(items(row.routes_b))),
            (bilingual("建议", "Proposal"), _proposed(row)),
            (bilingual("编号", "Id"), plain(row.gap_id)),
        ]
        popup = heading(row.name, "") + table(rows)
        return [{"style": gap_style(row.kind), "pop": str(popup)}]

    return looks


def _loop(row: Any) -> list[Look]:
    rows = [
        (bilingual("线路", "Routes"), comma_list(items(row.routes))),
        (bilingual("长度", "Length"), f"{row.length_km:.1f} km"),
        (bilingual("用时", "Time"), in_minutes(round(row.minutes))),
        (bilingual("换乘", "Transfers"), plain(row.transfers)),
        (bilingual("关口", "Gateways"), str(len(items(row.gateways)))),
        (bilingual("500 米内人口", "People within 500 m"), f"{row.people:,.0f}"),
        (bilingual("骨架线车站", "Spine stations"), comma_list(items(row.spine_stations))),
        (bilingual("站点误差", "Stops off by up to"), f"{row.accuracy_m:,.0f} m"),
    ]
    popup = heading("公交闭环", "Bus loop") + table(rows)
    return [{"style": LOOP, "pop": str(popup)}]


def _gateway_symbols(rows: gpd.GeoDataFrame) -> list[Symbol]:
    present = set(rows["state"])
    return [
        Symbol("dot", (gateway_style(key),), *STATES[key][2:]) for key in STATES if key in present
    ]


def _gap_symbols(rows: gpd.GeoDataFrame) -> list[Symbol]:
    present = set(rows["kind"])
    return [Symbol("dot", (gap_style(key),), *GAPS[key][1:]) for key in GAPS if key in present]


def _loop_symbols(rows: gpd.GeoDataFrame) -> list[Symbol]:
    return [Symbol("line", (LOOP,), "公交闭环", "Bus loop")] if len(rows) else []


def _scenarios(tables: PageTables) -> dict[str, tuple[str, str]]:
    """Short names of all scenarios: the two compared first, then in order of appearance."""
    known = {state.state_id: (state.zh, state.en) for state in tables.times.states}
    frames = (tables.gateways, tables.gaps, tables.loops)
    compared = [name for name in known if name in (next(iter(known)), tables.times.scenario_id)]
    names = dict.fromkeys([*compared, *(s for f in frames for s in f["scenario"])])
    named = {name: known.get(name, (name, name)) for name in names}
    return {name: (short_name(zh), short_name(en)) for name, (zh, en) in named.items()}


def bus_loop_maps(tables: PageTables) -> list[Overlay]:
    """Overlays of proposals, links, loops, gaps and gateways, one a scenario; gateways on top."""
    area_names = dict(zip(tables.areas["area_id"], tables.areas["name_zh"], strict=True))
    kinds = (
        ("proposals", tables.proposals, proposal_looks(area_names), proposal_symbols),
        ("links", tables.links, link_looks(GAP_NAMES), link_symbols),
        ("loops", tables.loops, _loop, _loop_symbols),
        ("gaps", tables.gaps, _gap(area_names), _gap_symbols),
        ("gateways", tables.gateways, _gateway(area_names), _gateway_symbols),
    )
    overlays = []
    for key, frame, looks, symbols in kinds:
        for number, (scenario, (zh, en)) in enumerate(_scenarios(tables).items()):
            rows = frame.loc[frame["scenario"] == scenario]
            overlay = Overlay(
                key=f"{key}_{number}",
                zh=zh,
                en=en,
                features=collection(features(rows, looks)),
                symbols=tuple(symbols(rows)),
                group="loops",
                choice=key,
            )
            overlays.append(overlay)
    return overlays
