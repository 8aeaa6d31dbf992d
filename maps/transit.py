"""Existing public transport: rail and other lines with stations, bus routes with stops."""

from __future__ import annotations

from typing import Any

import geopandas as gpd
import pandas as pd

from maps.style.html_text import bilingual, heading, items, plain, table
from maps.style.labels import STATION, label
from maps.style.overlay import Look, Overlay, Style, Symbol, collection, features
from maps.style.palette import KINDS
from maps.style.searchable import search_entry

WATER, CABLE, AIR, UNKNOWN = "#0b6e8a", "#6b4f2a", "#5b6b8c", "#77736a"
VEHICLES: dict[str, tuple[str, str, str]] = {
    "tram": (KINDS["rail"], "有轨电车", "Tram"),
    "metro": (KINDS["rail"], "轨道交通", "Metro"),
    "rail": (KINDS["hsr"], "铁路、高铁", "Railway, high-speed rail"),
    "monorail": (KINDS["people_mover"], "云巴、单轨", "People mover, monorail"),
    "ferry": (WATER, "轮渡", "Ferry"),
    "aerial": (CABLE, "索道", "Cable car"),
    "funicular": (CABLE, "缆车", "Funicular"),
    "air": (AIR, "航班", "Flight"),
    "other": (UNKNOWN, "其他线路", "Other line"),
    "bus": ("#2d7dd2", "公交线路", "Bus route"),
    "on_demand": ("#8fb8e8", "预约公交、出租车", "On demand, taxi"),
}
"""By kind of vehicle of a route: colour, Chinese and English name."""
ROAD_VEHICLES = ("bus", "on_demand")
"""Drawn with the bus routes; all others are drawn with rail."""
RAIL_VEHICLES = ("tram", "metro", "rail", "monorail")


def line_style(kind: str) -> Style:
    """Style of an existing route by its kind of vehicle (`other` if unknown): solid and thin.

    Examples
    --------
    >>> line_style("bus")["weight"] < line_style("metro")["weight"]
    True
    """
    colour = VEHICLES.get(kind, VEHICLES["other"])[0]
    if kind in ROAD_VEHICLES:
        return {"color": colour, "weight": 1.6, "opacity": 0.75}
    return {"color": colour, "weight": 2.2, "opacity": 0.8}


BUS: Style = line_style("bus")
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
    return [{"style": line_style(row.vehicle), "tip": _tip(row), "find": search}]


def _bus(row: Any) -> list[Look]:
    search = search_entry("bus", row.route_name, getattr(row, "name_en", ""))
    return [{"style": line_style(row.vehicle), "tip": _tip(row), "find": search}]


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


def on_road(routes: gpd.GeoDataFrame) -> pd.Series:
    """Whether each route runs on the road: buses, and what comes on demand."""
    return routes["vehicle"].isin(ROAD_VEHICLES)


def _line_symbols(routes: gpd.GeoDataFrame) -> list[Symbol]:
    """A legend entry for each kind of vehicle that runs."""
    present = set(routes["vehicle"])
    return [
        Symbol("line", (line_style(kind),), *names)
        for kind, (_, *names) in VEHICLES.items()
        if kind in present
    ]


def existing_rail(routes: gpd.GeoDataFrame, stops: gpd.GeoDataFrame) -> Overlay:
    """Existing rail routes, and ferries, cable cars and the like, and their stations.

    Parameters
    ----------
    routes, stops
        As in `maps.tables.page_tables.PageTables`.
    """
    rail = routes.loc[~on_road(routes)]
    drawn = features(rail, _rail) + features(served_stops(stops, rail), _station)
    symbols = [*_line_symbols(rail), Symbol("dot", (STOP,), "车站", "Station")]
    only_rail = rail["vehicle"].isin(RAIL_VEHICLES).all()
    return Overlay(
        "rail",
        "现状轨道与铁路" if only_rail else "现状轨道、轮渡、索道等",
        "Existing rail" if only_rail else "Existing rail, ferries, cable cars, …",
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
    bus = routes.loc[on_road(routes)]
    # without a bus route the entry says what the empty layer would show
    lines = _line_symbols(bus) or [Symbol("line", (BUS,), *VEHICLES["bus"][1:])]
    symbols = (*lines, Symbol("dot", (BUS_STOP,), "公交站", "Bus stop"))
    return Overlay(
        "bus",
        "现状公交线路",
        "Existing bus routes",
        collection(features(bus, _bus) + features(served_stops(stops, bus), _bus_stop)),
        symbols,
        group="today",
    )
