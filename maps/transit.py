"""Existing public transport: rail routes with stations, bus routes with stops."""

from __future__ import annotations

from typing import Any

import geopandas as gpd

from maps.style.html_text import bilingual, heading, items, plain, table
from maps.style.labels import STATION, label
from maps.style.overlay import Look, Overlay, Style, Symbol, collection, features
from maps.style.palette import KINDS
from maps.style.searchable import search_entry

BUS_TYPE = 3
TYPES: dict[int, tuple[str, str, str]] = {
    0: ("rail", "有轨电车", "Tram"),
    1: ("rail", "轨道交通", "Metro"),
    2: ("hsr", "铁路、高铁", "Railway, high-speed rail"),
    12: ("people_mover", "云巴、单轨", "People mover, monorail"),
}
"""By GTFS route type: key of the colour, Chinese and English name."""

BUS: Style = {"color": "#2d7dd2", "weight": 1.6, "opacity": 0.75}
STOP: Style = {
    "radius": 3,
    "color": "#55524b",
    "weight": 1.3,
    "opacity": 1,
    "fill": True,
    "fillColor": "#ffffff",
    "fillOpacity": 1,
}
BUS_STOP: Style = {**STOP, "radius": 2, "color": "#2d7dd2", "weight": 1}


def rail_style(route_type: Any) -> Style:
    """Style of an existing rail route: the colour of its kind, solid and thin."""
    kind = TYPES.get(int(route_type), TYPES[1])[0]
    return {"color": KINDS[kind], "weight": 2.2, "opacity": 0.8}


def _tip(row: Any) -> str:
    headway = plain(getattr(row, "headway_peak_secs", None))
    minutes = (
        bilingual(f"{float(headway) / 60:.3g} 分钟", f"{float(headway) / 60:.3g} min")
        if headway
        else bilingual("高峰不运行", "does not run then")
        if hasattr(row, "headway_peak_secs")
        else ""
    )
    rows = [
        (bilingual("线路", "Line"), plain(getattr(row, "line", ""))),
        (bilingual("高峰间隔", "Peak headway"), minutes),
    ]
    return str(heading(row.route_name, getattr(row, "name_en", "")) + table(rows))


def _rail(row: Any) -> list[Look]:
    search = search_entry("line", row.route_name, getattr(row, "name_en", ""))
    return [{"style": rail_style(row.route_type), "tip": _tip(row), "find": search}]


def _bus(row: Any) -> list[Look]:
    search = search_entry("bus", row.route_name, getattr(row, "name_en", ""))
    return [{"style": BUS, "tip": _tip(row), "find": search}]


def _station(row: Any) -> list[Look]:
    english = getattr(row, "name_en", "")
    look: Look = {"style": STOP, "tip": str(heading(row.stop_name, english))}
    search = search_entry("station", row.stop_name, english)
    return [{**look, "label": label(STATION, row.stop_name, english), "find": search}]


def _bus_stop(row: Any) -> list[Look]:
    english = getattr(row, "name_en", "")
    tip = str(heading(row.stop_name, english))
    return [{"style": BUS_STOP, "tip": tip, "find": search_entry("stop", row.stop_name, english)}]


def served_stops(stops: gpd.GeoDataFrame, routes: gpd.GeoDataFrame) -> gpd.GeoDataFrame:
    """Stops that the routes serve."""
    served = {stop_id for stop_ids in routes["stop_ids"] for stop_id in items(stop_ids)}
    return stops.loc[stops["stop_id"].isin(served)]


def existing_rail(routes: gpd.GeoDataFrame, stops: gpd.GeoDataFrame) -> Overlay:
    """Existing rail routes and their stations.

    Parameters
    ----------
    routes, stops
        As in `maps.tables.page_tables.PageTables`.
    """
    rail = routes.loc[routes["route_type"] != BUS_TYPE]
    drawn = features(rail, _rail) + features(served_stops(stops, rail), _station)
    present = set(rail["route_type"].astype(int))
    symbols = [
        Symbol("line", (rail_style(number),), *TYPES[number][1:])
        for number in TYPES
        if number in present
    ]
    symbols.append(Symbol("dot", (STOP,), "车站", "Station"))
    return Overlay(
        "rail",
        "现状轨道与铁路",
        "Existing rail",
        collection(drawn),
        tuple(symbols),
        group="today",
        show=True,
    )


def existing_bus(routes: gpd.GeoDataFrame, stops: gpd.GeoDataFrame) -> Overlay:
    """Existing bus routes, drawn from stop to stop, and their stops.

    Parameters
    ----------
    routes, stops
        As in `maps.tables.page_tables.PageTables`.
    """
    bus = routes.loc[routes["route_type"] == BUS_TYPE]
    symbols = (
        Symbol("line", (BUS,), "公交线路", "Bus route"),
        Symbol("dot", (BUS_STOP,), "公交站", "Bus stop"),
    )
    return Overlay(
        "bus",
        "现状公交线路",
        "Existing bus routes",
        collection(features(bus, _bus) + features(served_stops(stops, bus), _bus_stop)),
        symbols,
        group="today",
    )
