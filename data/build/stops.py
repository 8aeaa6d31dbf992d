"""Stations, each written once however many lines call there."""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass

import shapely

from data.build.geojson import Feature, Record, point
from data.build.measure import distance_m
from data.build.services import Service, Station

SAME_NAME_M = 1_000
"""Stations of one name are one within this distance."""
OTHER_NAME_M = 300
"""Stations are one by another name of theirs within this distance."""
OTHER_NAMES = {"1号地铁站": "璧山"}
ENGLISH = {
    "沙坪坝站(铁路)": "Shapingba railway station",
    "璧山(高铁)": "Bishan railway station",
    "重庆北": "Chongqing North railway station",
    "重庆科学城": "Chongqing Science City railway station",
    "铜梁(高铁)": "Tongliang railway station",
}
PUBLISHED_POSITIONS = ("amap_poi_gcj02_converted", "published_wgs84")
PLACEHOLDER = "not_found"


@dataclass(frozen=True)
class Stop:
    """A place to board.

    Attributes
    ----------
    stop_id
        Line and number of its first appearance.
    station
        That appearance's record in the fact sheet.
    main_line
        Whether it belongs to a high-speed line: such stations stay apart.
    """

    stop_id: str
    station: Record
    main_line: bool

    @property
    def place(self) -> shapely.Point:
        """Where it is, degrees."""
        return point(self.station)

    @property
    def is_published(self) -> bool:
        """Whether a source gives the position."""
        return self.station["coord_basis"] in PUBLISHED_POSITIONS

    @property
    def guesses(self) -> list[str]:
        """Columns that are guesses."""
        named = self.station["name_status"] != PLACEHOLDER
        return ([] if self.is_published else ["position"]) + ([] if named else ["stop_name"])


def names_of(station: Record) -> tuple[str, ...]:
    """The name without its brackets, and other names: the one in brackets and known ones.

    Examples
    --------
    >>> names_of({"name_zh": "江津北(江津高铁)"})
    ('江津北', '江津高铁')
    """
    name = station["name_zh"]
    plain = re.sub(r"\(.*?\)", "", name).strip()
    others = [
        *re.findall(r"\((.*?)\)", name),
        *([OTHER_NAMES[name]] if name in OTHER_NAMES else []),
    ]
    return (plain or name, *others)


def shared_stops(
    services: Sequence[Service], rail: Mapping[str, Record]
) -> dict[tuple[str, int], Stop]:
    """The stop of every station, by line and number, in the services' order.

    One station of several lines, by name and nearness, is the stop of its first appearance.
    """
    found: dict[tuple[str, int], Stop] = {}
    for service in services:
        for station in stations_of(service, rail):
            key = (service.rail_id, station["seq"])
            if key not in found:
                found[key] = _known(station, service, found) or _new(station, service)
    return found


def _new(station: Record, service: Service) -> Stop:
    stop_id = f"{service.rail_id}-{station['seq']:02d}"
    return Stop(stop_id, station, service.is_main_line)


def _known(station: Record, service: Service, found: Mapping[tuple[str, int], Stop]) -> Stop | None:
    plain, *others = names_of(station)
    for stop in found.values():
        if stop.main_line != service.is_main_line:
            continue
        away = distance_m(stop.place, point(station))
        known = names_of(stop.station)[0]
        if (known == plain and away <= SAME_NAME_M) or (known in others and away <= OTHER_NAME_M):
            return stop
    return None


def stations_of(service: Service, rail: Mapping[str, Record]) -> list[Record]:
    """The stations of a service's stretch, open or not, without those of other lines."""
    stations = rail[service.rail_id]["stations"]
    if service.section is None:
        return list(stations)
    names = [station["name_zh"] for station in stations]
    first, last = (names.index(name) for name in service.section)
    return list(stations[first : last + 1])


def find_station(rail: Mapping[str, Record], station: Station) -> Record:
    """The record of a named station of a line."""
    rail_id, name = station
    return next(s for s in rail[rail_id]["stations"] if s["name_zh"] == name)


def english_name(station: Record) -> str:
    """The fact sheet's English name, transliterations with one capital letter.

    Examples
    --------
    >>> english_name({"name_zh": "虎溪", "name_en": "HuXi"})
    'Huxi'
    """
    if station["name_zh"] in ENGLISH:
        return ENGLISH[station["name_zh"]]
    name = " ".join(station["name_en"].replace("(", " (").split())
    if " " in name.split(" (", maxsplit=1)[0]:
        return name
    return re.sub(r"(?:[A-Z][a-z]+){2,}", lambda word: word.group().capitalize(), name)


def stop_feature(stop: Stop) -> Feature:
    """The station's columns and place."""
    record = {
        "element": "station",
        "stop_id": stop.stop_id,
        "stop_name": stop.station["name_zh"],
        "name_en": english_name(stop.station),
        "accuracy_m": stop.station["accuracy_m"],
        "name_status": stop.station["name_status"],
        "source": list(stop.station["coord_sources"]),
        "confidence": "published" if stop.is_published else "assumed",
    }
    return Feature(record, stop.place)
