"""The bus routes that matter at the borders, as they ran in 2022."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path

import shapely

from data.build.facts import Facts
from data.build.geojson import Feature, Record, line, point, write_features
from data.build.measure import distance_m, hops_m

BUS = 3
SAME_NAME_M = 150
"""Stops of one name are one within this distance."""
SAME_PLACE_M = 30
"""Consecutive stops closer than this are one."""
DETOUR = 1.25
SHORTEST_HOP_SECS = 30
RIDGE_LON = 106.40
"""East of this lies Zhongliang Mountain."""
LONG_HOP_M = 4_000
SECS_PER_MINUTE = 60
CITY, VALLEY, MOTORWAY = "bus_speed_city", "bus_speed_valley", "bus_speed_motorway"

IDS = {
    "铜璧城际公交": ("BUS-TONGBI", "Tongliang-Bishan intercity bus"),
    "纵五路1-轨道尖顶坡小巷穿梭巴士": ("BUS-ZW1", "Zongwu Road-Jiandingpo metro shuttle"),
}
FAST_ROUTES = ("C101", "C201", "铜璧城际公交")


@dataclass(frozen=True)
class BusStop:
    """A stop and the record of its first appearance."""

    stop_id: str
    record: Record

    @property
    def place(self) -> shapely.Point:
        """Where it is, degrees."""
        return point(self.record)


def is_interpolated(record: Record) -> bool:
    """Whether the stop was only placed between its neighbours.

    Examples
    --------
    >>> is_interpolated({"coord_basis": "estimate: interpolated between located neighbours"})
    True
    """
    return "interpolated" in record["coord_basis"]


def _confidence(record: Record) -> str:
    """Whether a source gives the place, another record of the sheet does, or nobody."""
    basis = record["coord_basis"]
    if basis.startswith("BUS22 geocode"):
        return "published"
    return (
        "derived"
        if basis.startswith(("BUS22", "AMap", "same place", "享堂", "璧铜线"))
        else "assumed"
    )


class StopBook:
    """Stops of all routes, numbered in the order in which they appear."""

    def __init__(self) -> None:
        self._by_name: dict[str, list[BusStop]] = {}
        self.sources: dict[str, list[str]] = {}
        self.stops: list[BusStop] = []

    def stop_for(self, record: Record, codes: Sequence[str]) -> BusStop:
        """The stop of that name nearby, else a new one."""
        known = self._by_name.setdefault(record["name_zh"], [])
        for stop in known:
            if distance_m(stop.place, point(record)) <= SAME_NAME_M:
                return stop
        stop = BusStop(f"B-{len(self.stops) + 1:04d}", record)
        known.append(stop)
        self.stops.append(stop)
        self.sources[stop.stop_id] = list(codes)
        return stop

    def feature(self, stop: BusStop) -> Feature:
        """The stop's columns and place."""
        named = "assumed" if is_interpolated(stop.record) else "single_source"
        record = {
            "element": "station",
            "stop_id": stop.stop_id,
            "stop_name": stop.record["name_zh"],
            "name_en": None,
            "accuracy_m": stop.record["accuracy_m"],
            "name_status": named,
            "source": self.sources[stop.stop_id],
            "confidence": _confidence(stop.record),
        }
        return Feature(record, stop.place)


def _stops_of(route: Record, book: StopBook) -> list[BusStop]:
    stops: list[BusStop] = []
    for record in route["stops"]:
        if stops and distance_m(stops[-1].place, point(record)) < SAME_PLACE_M:
            continue
        stop = book.stop_for(record, route["sources"])
        if not stops or stop is not stops[-1]:
            stops.append(stop)
    return stops


def _hop_secs(route: Record, stops: Sequence[BusStop], speeds: Mapping[str, float]) -> list[int]:
    places = [stop.place for stop in stops]
    straight = hops_m(places)
    published_km = route.get("length_km")
    stretch = published_km * 1_000 / sum(straight) if published_km else DETOUR
    secs = []
    for start, end, metres in zip(places, places[1:], straight, strict=False):
        speed = speeds[_speed(route["route"], start, end, metres)]
        secs.append(round(max(metres * stretch / (speed / 3.6), SHORTEST_HOP_SECS)))
    return secs


def _speed(route: str, start: shapely.Point, end: shapely.Point, metres: float) -> str:
    """Name of the parameter with the commercial speed of a hop."""
    if route in FAST_ROUTES or metres > LONG_HOP_M:
        return MOTORWAY
    return VALLEY if max(start.x, end.x) < RIDGE_LON else CITY


def _headways(route: Record) -> tuple[Record, list[str]]:
    told = route["headway_min"] or route["headway_assumed_min"]
    columns = {f"headway_{period}_secs": told[period] * SECS_PER_MINUTE for period in told}
    return columns, [] if route["headway_min"] else list(columns)


def _names(route: str) -> tuple[str, str]:
    """Id and English name."""
    number = route.removesuffix("路")
    return IDS.get(route, (f"BUS-{number}", f"Bus {number}"))


def _route_feature(route: Record, book: StopBook, speeds: Mapping[str, float]) -> Feature:
    stops = _stops_of(route, book)
    times, guesses = _headways(route)
    route_id, name_en = _names(route["route"])
    record = {
        "element": "route",
        "route_id": route_id,
        "route_name": route["route"],
        "name_en": name_en,
        "route_type": BUS,
        "line": route["route"],
        "stop_ids": [stop.stop_id for stop in stops],
        "hop_secs": _hop_secs(route, stops, speeds),
        **times,
        "stop_access_secs": 0,
        "boarding_secs": 0,
        "bidirectional": True,
        "through_routes": [],
        "accuracy_m": max(stop.record["accuracy_m"] for stop in stops),
        "source": list(route["sources"]),
        "confidence": "derived",
        "assumed_fields": [*guesses, "hop_secs"],
    }
    return Feature(record, line(stop.place for stop in stops))


def write_bus(facts: Facts, folder: Path) -> None:
    """Write `bus.geojson`: stops, then routes."""
    book = StopBook()
    routes = [_route_feature(route, book, facts.parameters) for route in facts.bus]
    stops = [book.feature(stop) for stop in book.stops]
    write_features(folder / "bus.geojson", [*stops, *routes])
