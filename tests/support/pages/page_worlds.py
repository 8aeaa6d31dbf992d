"""Small studies for the page and the figures."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

import geopandas as gpd
import numpy as np
import shapely
from page_times import STATES, small_times
from shapely.geometry import LineString, Point, box

from maps.tables.page_tables import PageTables

EVIL = "<img src=x onerror=alert(1)>"
CLOSING = "</script><script>alert(2)</script>"
SOURCE = {"document": "答复", "clause": "四(一)", "url": None, "date": "2022", "codes": ["REPLY"]}
PROJECT: dict[str, Any] = {
    "project_name_en": "Line",
    "status": "planned",
    "status_latest": "",
    "opening_year": 2027,
    "clause": None,
    "source": SOURCE,
    "confidence": "assumed",
    "assumed_fields": ["headway_peak_secs"],
    "requires": [],
    "stop_name": None,
    "name_status": None,
    "accuracy_m": 500,
    "tunnel": None,
    "in_plan": True,
}


def frame(rows: list[dict[str, Any]], geometry: list[shapely.Geometry]) -> gpd.GeoDataFrame:
    return gpd.GeoDataFrame(rows, geometry=geometry, crs="EPSG:4326")


def areas() -> gpd.GeoDataFrame:
    rows = [
        {"area_id": "core", "name_zh": "核心区(近似)", "name_en": "Core", "role": "core"},
        {"area_id": "ring", "name_zh": "外围区", "name_en": "Ring", "role": "ring"},
    ]
    shapes = [box(106.3, 29.5, 106.4, 29.6), box(106.4, 29.5, 106.5, 29.6)]
    return frame(rows, shapes).assign(accuracy_m=[300, 5])


def projects() -> gpd.GeoDataFrame:
    rail = {**PROJECT, "project_id": "L1", "project_name_zh": "轨道1号线", "kind": "rail"}
    road = {**PROJECT, "project_id": "T1", "project_name_zh": "一号隧道", "kind": "road_tunnel"}
    rows = [
        {**rail, "element": "route", "requires": ["T1"]},
        {**rail, "element": "station", "stop_name": "西永", "name_status": "confirmed"},
        {**rail, "element": "station", "stop_name": "(待定)", "name_status": "not_found"},
        {**road, "element": "road", "tunnel": True, "clause": "四(一)"},
        {**road, "element": "road", "project_id": "X1", "in_plan": False, "tunnel": False},
    ]
    shapes = [
        LineString([(106.31, 29.51), (106.45, 29.55)]),
        Point(106.31, 29.51),
        Point(106.45, 29.55),
        LineString([(106.35, 29.55), (106.42, 29.56)]),
        LineString([(106.35, 29.52), (106.42, 29.52)]),
    ]
    return frame(rows, shapes)


def joints() -> gpd.GeoDataFrame:
    joint = {"project_id": "T1", "kind": "portal", "feature": "T1-1", "limit_m": 300.0}
    rows = [
        {
            **joint,
            "joined_to": "r1",
            "joined_name": "一路",
            "distance_m": 120.0,
            "over_limit": False,
        },
        {**joint, "joined_to": "N1", "joined_name": None, "distance_m": 0.0, "over_limit": False},
        {**joint, "kind": "road_end", "distance_m": 412.6, "over_limit": True},
    ]
    shapes = [
        LineString([(106.35, 29.55), (106.35, 29.53)]),
        Point(106.42, 29.56),
        LineString([(106.42, 29.52), (106.42, 29.53)]),
    ]
    return frame(rows, shapes)


def isochrones() -> gpd.GeoDataFrame:
    """Of every state and mode, those of the plan wider; one more minute of cars adds nothing."""
    rows, shapes = [], []
    for scenario in STATES:
        for mode in ("transit", "drive"):
            for number, cutoff in ((0, 900), (1, 1800), (1, 1860))[: 2 + (mode == "drive")]:
                rows.append({"scenario": scenario, "mode": mode, "cutoff_secs": cutoff})
                size = 0.02 * (number + 1) + 0.005 * (scenario != "today")
                shapes.append(Point(106.35, 29.55).buffer(size))
    return frame(rows, shapes)


def accessibility() -> gpd.GeoDataFrame:
    change = np.array([0.0, 100.0, -2000.0, 50_000.0])
    shapes = [box(106.3 + n / 50, 29.52, 106.32 + n / 50, 29.54) for n in range(4)]
    people = 10.0 ** np.arange(4)
    rows = [{"zone_id": f"h{n}", "area_id": "core", "population": people[n]} for n in range(4)]
    zones = frame(rows, shapes).assign(
        schools=[1, 0, 0, 2], touches_edge_transit=[False, True, False, False]
    )
    zones = zones.assign(touches_edge_drive=False)
    for stem in ("people_2700_transit_peak", "people_2700_drive_peak"):
        was = np.full(4, 60_000.0)
        columns = {"baseline": was, "scenario": was + change, "change": change}
        zones = zones.assign(**{f"{stem}_{end}": column for end, column in columns.items()})
    return zones


def bus_tables() -> dict[str, gpd.GeoDataFrame]:
    where = {"scenario": "plan", "name": "关口", "area_a": "core", "area_b": "ring"}
    gateway = {**where, "gateway_id": "g1", "state": "closed", "routes": ["1路"], "loop_id": "l1"}
    gap = {**where, "gap_id": "p1", "kind": "facing_ends", "routes_a": ["1路"], "routes_b": []}
    gap["no_link"] = None
    loop = {"scenario": "plan", "loop_id": "l1", "gateways": ["g1"], "routes": ["1路"]}
    loop |= {"length_km": 12.34, "minutes": 50.0, "transfers": 1, "people": 900.0}
    loop |= {"spine_stations": ["轨"], "accuracy_m": 200.0}
    line = {"scenario": "plan", "length_km": 8.1, "minutes": 19.0, "buses": 5, "people": 1200.0}
    line |= {"stop_names": ["甲", "乙"], "spine_stations": ["轨"]}
    line |= {"accuracy_m": 200.0, "saved_person_minutes": 5400.0, "saved_per_bus_km": 333.0}
    link = {**line, "link_id": "k1", "name": "关口", "kind": "facing_ends", "rank": 1}
    link |= {"routes_from": ["1路"], "routes_to": []}
    proposal = {**line, "proposal_id": "o1", "areas": ["core", "ring"], "closes": ["g1"]}
    proposal |= {"lines": ["7"], "station": "轨"}
    road = LineString([(106.39, 29.55), (106.4, 29.58)])
    ring = LineString([(106.39, 29.55), (106.41, 29.55), (106.4, 29.57), (106.39, 29.55)])
    return {
        "gateways": frame([gateway], [Point(106.4, 29.55)]),
        "gaps": frame([gap], [Point(106.4, 29.58)]),
        "loops": frame([loop], [ring]),
        "links": frame([link], [road]),
        "proposals": frame([proposal], [ring]),
    }


def attribution_links() -> gpd.GeoDataFrame:
    """What three links bring: a line by transit, a tunnel by car, and one nothing."""
    row = {"opening_years": "2027", "cost": None, "cost_sources": ""}
    nothing = {
        f"{figure}_{mode}": 0.0
        for mode in ("transit", "drive")
        for figure in ("first_in", "last_in", "shapley", "share", "low", "high", "top_three")
    }
    rail = {
        "player_id": "L1",
        "name_zh": "轨道1号线",
        "name_en": "Line 1",
        "first_in_transit": 800.0,
    }
    rail |= {"last_in_transit": 1100.0, "shapley_transit": 951.4, "share_transit": 0.951}
    rail |= {"low_transit": 700.0, "high_transit": 1234.0, "top_three_transit": 0.98}
    rail |= {"cost": 1.5e9, "cost_sources": "批复"}
    road = {"player_id": "T1", "name_zh": "一号隧道", "name_en": "Tunnel 1", "shapley_drive": 60.0}
    road |= {"share_drive": 1.0, "shapley_transit": 48.6, "share_transit": 0.049}
    none = {"player_id": "X1", "name_zh": "空路", "name_en": "Idle"}
    rows = [{**row, **nothing, **own} for own in (rail, road, none)]
    shapes = [
        LineString([(106.31, 29.51), (106.45, 29.55)]),
        LineString([(106.35, 29.55), (106.42, 29.56)]),
        LineString([(106.35, 29.52), (106.42, 29.52)]),
    ]
    return frame(rows, shapes)


def small_tables(evil: str = "") -> PageTables:
    """A study of two areas; `evil` is added to every name."""
    road = {"osmid": "r1", "name": "一路", "name_en": "First", "highway": "primary", "lanes": 4}
    road |= {"maxspeed": 60.0, "tunnel": True, "bridge": False, "crossing": "老隧道"}
    metro = {"route_id": "m1", "route_name": "1号线", "name_en": "Line 1", "vehicle": "metro"}
    metro |= {"line": "1", "headway_peak_secs": 180, "stop_ids": ["轨" + evil]}
    bus = {**metro, "route_id": "b1", "route_name": "1路", "vehicle": "bus"}
    bus["stop_ids"] = ["公" + evil]
    stops = [{"stop_id": s, "stop_name": s, "name_en": "", "name_status": ""} for s in ("轨", "公")]
    place = {"place_id": "P1", "name_zh": "中心", "name_en": "Centre", "category": "science"}
    track = LineString([(106.31, 29.57), (106.49, 29.57)])
    street = LineString([(106.31, 29.53), (106.49, 29.53)])
    tables = PageTables(
        title_zh="标题",
        title_en="Title",
        note_zh="示意",
        note_en="schematic",
        origin_zh="中心" + evil,
        origin_en="Centre",
        areas=areas(),
        roads=frame([road], [street]),
        routes=frame([metro, bus], [track, street]),
        stops=frame(stops, [Point(106.31, 29.57), Point(106.31, 29.53)]),
        projects=projects(),
        joints=joints(),
        places=frame([{**place, "existing": False}], [Point(106.35, 29.55)]),
        isochrones=isochrones(),
        accessibility=accessibility(),
        change_stems=(
            ("people_2700_transit_peak", "公交变化" + evil, "by transit"),
            ("people_2700_drive_peak", "小汽车变化", "by car"),
        ),
        **bus_tables(),
        times=small_times(evil),
        attribution_links=attribution_links(),
        attribution_measure=("45 分钟内可达人口" + evil, "people within 45 min"),
    )
    return with_names(tables, evil) if evil else tables


def with_names(tables: PageTables, evil: str) -> PageTables:
    """Every text column of every table ends with a text that must not act."""
    kept = {"role", "element", "kind", "status", "state", "highway", "mode", "scenario", "area_id"}
    kept |= {"project_id", "place_id", "category", "confidence", "name_status"}
    changed: dict[str, Any] = {"title_zh": evil, "note_en": evil, "attribution": evil}
    for name, value in vars(tables).items():
        if not isinstance(value, gpd.GeoDataFrame):
            continue
        table = value.copy()
        for column in set(table.columns) - kept:
            if table[column].map(lambda cell: isinstance(cell, str)).any():
                table[column] = [f"{cell}{evil}" for cell in table[column]]
        changed[name] = table
    return replace(tables, **changed)
