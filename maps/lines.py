"""Public transport as it is: rail lines with their stations, and bus routes."""

from __future__ import annotations

from typing import Any

import geopandas as gpd
import shapely

from geo.crs import to_wgs84
from maps.drawn import Drawn, Look, Style, Symbol, collection, features
from maps.labels import STATION, label
from maps.palette import KINDS
from maps.texts import heading, plain, table

BUS_TYPE = 3
TYPES: dict[int, tuple[str, str, str]] = {
    0: ("rail", "有轨电车", "Tram"),
    1: ("rail", "轨道交通", "Metro"),
    2: ("hsr", "铁路、高铁", "Railway, high-speed rail"),
    12: ("people_mover", "云巴、单轨", "People mover, monorail"),
}
"""GTFS route type: the colour's key, Chinese and English."""

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
TOUCHES_DEG = 1e-5
"""A stop as near to a rail line as this, degrees (about a metre), is one of its stations."""


def rail_style(route_type: Any) -> Style:
    """The look of an existing rail line: the hue of its kind, solid and thin."""
    kind = TYPES.get(int(route_type), TYPES[1])[0]
    return {"color": KINDS[kind], "weight": 2.2, "opacity": 0.8}


def _tip(row: Any) -> str:
    headway = plain(getattr(row, "headway_peak_secs", None))
    minutes = f"{float(headway) / 60:g} 分钟 min" if headway else ""
    rows = [("线路 Line", plain(getattr(row, "line", ""))), ("高峰间隔 Peak headway", minutes)]
    return str(heading(row.route_name, getattr(row, "name_en", "")) + table(rows))


def _line(row: Any) -> list[Look]:
    return [{"style": rail_style(row.route_type), "tip": _tip(row)}]


def _bus(row: Any) -> list[Look]:
    return [{"style": BUS, "tip": _tip(row)}]


def _station(row: Any) -> list[Look]:
    english = getattr(row, "name_en", "")
    tip = str(heading(row.stop_name, english))
    return [{"style": STOP, "tip": tip, "label": label(STATION, row.stop_name)}]


def rail_stations(stops: gpd.GeoDataFrame, rail: gpd.GeoDataFrame) -> gpd.GeoDataFrame:
    """The stops that stand on rail lines, in longitude and latitude."""
    if stops.empty or rail.empty:
        return stops.iloc[:0]
    lonlat = to_wgs84(stops)
    tracks = to_wgs84(rail).union_all()
    return lonlat.loc[shapely.dwithin(lonlat.geometry.to_numpy(), tracks, TOUCHES_DEG)]


def existing_rail(lines: gpd.GeoDataFrame, stops: gpd.GeoDataFrame) -> Drawn:
    """Existing rail lines and their stations.

    Parameters
    ----------
    lines, stops
        As in `maps.tables.PageTables`.
    """
    rail = lines.loc[lines["route_type"] != BUS_TYPE]
    drawn = features(rail, _line) + features(rail_stations(stops, rail), _station)
    present = set(rail["route_type"].astype(int))
    symbols = [
        Symbol("line", (rail_style(number),), *TYPES[number][1:])
        for number in TYPES
        if number in present
    ]
    symbols.append(Symbol("dot", (STOP,), "车站", "Station"))
    return Drawn(
        "rail",
        "现状轨道与铁路",
        "Existing rail",
        collection(drawn),
        tuple(symbols),
        group="today",
        show=True,
    )


def existing_bus(lines: gpd.GeoDataFrame) -> Drawn:
    """Existing bus routes, drawn from stop to stop."""
    bus = lines.loc[lines["route_type"] == BUS_TYPE]
    return Drawn(
        "bus",
        "现状公交线路",
        "Existing bus routes",
        collection(features(bus, _bus)),
        (Symbol("line", (BUS,), "公交线路", "Bus route"),),
        group="today",
    )
