"""Placeholders for the people mover's extensions, of which hardly a station is published."""

from __future__ import annotations

from collections.abc import Mapping

import numpy as np
import shapely

from data.build.geojson import Record, point
from data.build.measure import ELLIPSOID, distance_m, moved
from data.build.stops import find_station

FIRST_LINE = "YUNBA1"
NORTH_END, SOUTH_END = "1号地铁站", "成渝高铁站"
BOWED_LINE = 2
BOW_M = 1_200
"""How far line 2's placeholders bow west of the straight line between its ends."""
ACCURACY_M = {2: 2_000, 3: 3_000, 4: 3_000}
"""Of the placeholders, by line."""
LINE_2_STATIONS = 13
SPACING_M = 1_200
DETOUR = 1.25
"""Published length over the straight distance between the ends of lines 3 and 4."""
YONGJIA_LON, HANEN_LON = 106.23, 106.20
"""Both in the built-up valley of Bishan, 106.19 to 106.24."""
METRES_PER_KM = 1_000


def with_extensions(rail: Mapping[str, Record]) -> dict[str, Record]:
    """The lines with records for lines 2, 3 and 4 of the people mover."""
    first = rail[FIRST_LINE]
    lengths = {e["line"]: e["length_km"] for e in first["extensions"]}
    north = find_station(rail, (FIRST_LINE, NORTH_END))
    south = find_station(rail, (FIRST_LINE, SOUTH_END))
    yongjia_at = _north_of(point(south), YONGJIA_LON, lengths["云巴4号线"])
    hanen_at = _south_of(yongjia_at, HANEN_LON, lengths["云巴3号线"])
    yongjia = _terminal("永嘉大道", "Yongjia Avenue", yongjia_at)
    hanen = _terminal("翰恩公园", "Hanen Park", hanen_at)
    ends = {2: (north, south), 3: (hanen, yongjia), 4: (yongjia, south)}
    names = {2: "云巴2号线主线", 3: "云巴3号线", 4: "云巴4号线"}
    added = {f"YUNBA{n}": _line(first, n, lengths[names[n]], ends[n]) for n in ends}
    return {**rail, **added}


def _line(first: Record, number: int, length_km: float, ends: tuple[Record, Record]) -> Record:
    """A line's record, with placeholders between its two ends."""
    start, end = (point(station) for station in ends)
    if number == BOWED_LINE:
        between = _bowed(start, end, LINE_2_STATIONS)
    else:
        between = _straight(start, end, round(length_km * METRES_PER_KM / SPACING_M) + 1)
    inner = [_placeholder(number, seq, place) for seq, place in enumerate(between, start=2)]
    stations = [ends[0], *inner, ends[1]]
    return {
        "id": f"YUNBA{number}",
        "name_zh": f"璧山云巴{number}号线",
        "name_en": f"Bishan SkyShuttle line {number}",
        "length_km": {"value": length_km},
        "headway_min": first["headway_min"],
        "all_sources": ["YBA", "EST"],
        "stations": [{**s, "seq": seq} for seq, s in enumerate(stations, start=1)],
    }


def _placeholder(number: int, seq: int, at: shapely.Point) -> Record:
    return {
        "name_zh": f"(云巴{number}号线-{seq:02d},名未见)",
        "name_en": f"(Yunba {number}-{seq:02d}, name not found)",
        "lon": at.x,
        "lat": at.y,
        "coord_basis": "estimate",
        "accuracy_m": ACCURACY_M[number],
        "coord_sources": ["EST"],
        "name_status": "not_found",
    }


def _terminal(name_zh: str, name_en: str, at: shapely.Point) -> Record:
    names = {"name_zh": name_zh, "name_en": name_en, "name_status": "single_source"}
    return {**_placeholder(3, 0, at), **names}


def _straight(start: shapely.Point, end: shapely.Point, stations: int) -> list[shapely.Point]:
    """Evenly spaced places between two ends, without them."""
    places = ELLIPSOID.npts(start.x, start.y, end.x, end.y, stations - 2)
    return [shapely.Point(round(lon, 6), round(lat, 6)) for lon, lat in places]


def _bowed(north: shapely.Point, south: shapely.Point, stations: int) -> list[shapely.Point]:
    """Places between two ends on a parabola that bows `BOW_M` to the west."""
    shares = np.arange(1, stations - 1) / (stations - 1)
    straight = _straight(north, south, stations)
    return [
        moved(place, -90, BOW_M * 4 * share * (1 - share))
        for place, share in zip(straight, shares, strict=True)
    ]


def _north_of(start: shapely.Point, lon: float, length_km: float) -> shapely.Point:
    return _at_length(start, lon, length_km, 1.0)


def _south_of(start: shapely.Point, lon: float, length_km: float) -> shapely.Point:
    return _at_length(start, lon, length_km, -1.0)


def _at_length(start: shapely.Point, lon: float, length_km: float, towards: float) -> shapely.Point:
    """The place on a meridian that lies the straight part of a length from a point."""
    wanted = length_km * METRES_PER_KM / DETOUR
    near, far = 0.0, 1.0
    for _ in range(40):
        middle = (near + far) / 2
        place = shapely.Point(lon, start.y + towards * middle)
        near, far = (middle, far) if distance_m(start, place) < wanted else (near, middle)
    return shapely.Point(lon, round(start.y + towards * far, 6))
