"""Small GTFS feeds as tables of text."""

from __future__ import annotations

import datetime as dt
import zipfile
from pathlib import Path

import geopandas as gpd
from coordinates import CRS

from geo.faults import Fault
from layers.gtfs.reading import read_gtfs
from layers.transit import TransitRoute

Feed = dict[str, str]
DATES = (dt.date(2026, 1, 1), dt.date(2026, 12, 31))
STOPS = "stop_id,stop_name,stop_lat,stop_lon\nA,甲,29.5,106.0\nB,乙,29.5,106.01\nC,丙,29.5,106.03\n"
ROUTES = "route_id,route_short_name,route_long_name,route_type\nR,7,Seven,3\n"
CALENDAR = (
    "service_id,monday,tuesday,wednesday,thursday,friday,saturday,sunday,start_date,end_date\n"
    "S,1,1,1,1,1,0,0,20260105,20260131\n"
)
TRIPS_HEAD = "route_id,service_id,trip_id,direction_id\n"
TIMES_HEAD = "trip_id,arrival_time,departure_time,stop_id,stop_sequence\n"


def trip(trip_id: str, *calls: str) -> str:
    """Rows of stop times: `A 07:00:00`, or `A 07:00:00 07:00:30`, or `A` for a blank."""
    rows = []
    for number, call in enumerate(calls, start=1):
        stop, *times = call.split()
        arrive, depart = (times * 2)[:2] if times else ("", "")
        rows.append(f"{trip_id},{arrive},{depart},{stop},{number}\n")
    return "".join(rows)


def feed(*trips: str, directions: str = "", **tables: str) -> Feed:
    """Tables with trips t0, t1, … of route R; others may be given instead."""
    count = len(trips)
    ways = directions or "0" * count
    rows = "".join(f"R,S,t{n},{way}\n" for n, way in enumerate(ways))
    times = "".join(trip(f"t{n}", *calls.split(", ")) for n, calls in enumerate(trips))
    plain = {
        "stops": STOPS,
        "routes": ROUTES,
        "trips": TRIPS_HEAD + rows,
        "stop_times": TIMES_HEAD + times,
        "calendar": CALENDAR,
    }
    return {**plain, **tables}


SOUND = feed("A 07:00:00, B 07:02:00, C 07:05:00", "A 11:00:00, B 11:02:00, C 11:05:00")


def packed(path: Path, tables: Feed, encoding: str = "utf-8") -> Path:
    with zipfile.ZipFile(path, "w", zipfile.ZIP_DEFLATED) as archive:
        for name, text in tables.items():
            archive.writestr(f"{name}.txt", text.encode(encoding))
    return path


def read(tmp_path: Path, tables: Feed) -> tuple[gpd.GeoDataFrame, list[TransitRoute], list[Fault]]:
    (found,) = read_gtfs(packed(tmp_path / "f.zip", tables), CRS)
    return found.stops, found.routes, found.faults


def routes_of(tmp_path: Path, tables: Feed) -> list[TransitRoute]:
    _, routes, faults = read(tmp_path, tables)
    assert faults == []
    return routes
