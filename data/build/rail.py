"""The rail services of 20 April 2022."""

from __future__ import annotations

from collections.abc import Mapping
from pathlib import Path

from data.build.facts import Facts
from data.build.geojson import Feature, Record, line, write_features
from data.build.services import BASELINE, MONORAIL, PLANNED, YUNBA, Service
from data.build.stops import Stop, shared_stops, stop_feature
from data.build.timetable import (
    LINE_10_HEADWAY,
    chain_of,
    headways,
    hop_secs,
    is_open,
    speed_is_guess,
)
from data.build.yunba import with_extensions

METRO_ACCESS_SECS = 120
"""Half of the 4 minutes that the parameters give for both ends together."""
PEOPLE_MOVER_ACCESS_SECS = 30
MAIN_LINE_ACCESS_SECS = 300
MAIN_LINE_BOARDING_SECS = 900
"""With the access 20 minutes, as in the parameters."""


class Railways:
    """All lines and stations, of the baseline and of projects, with common stop ids.

    Attributes
    ----------
    rail
        Lines by id, with the placeholders of the people mover's extensions.
    stops
        Stop of each station by line and number.
    """

    def __init__(self, facts: Facts) -> None:
        self.rail: Mapping[str, Record] = with_extensions(facts.rail)
        self.stops = shared_stops((*BASELINE, *PLANNED), self.rail)
        self._parameters = facts.parameters

    def stops_of(self, service: Service) -> list[Stop]:
        """The stops of a service in order, closed stations left out, a loop's first repeated."""
        keys = [
            (self._line_of(service, station), station["seq"])
            for station in chain_of(service, self.rail)
            if is_open(station)
        ]
        return [self.stops[key] for key in keys]

    def _line_of(self, service: Service, station: Record) -> str:
        joints = [joint for joint in (service.before, service.after) if joint]
        own = self.rail[service.rail_id]["stations"]
        if any(station is mine for mine in own):
            return service.rail_id
        return next(rail_id for rail_id, name in joints if name == station["name_zh"])

    def route_feature(self, service: Service) -> Feature:
        """A service with all its columns, drawn straight from stop to stop."""
        stops = self.stops_of(service)
        told = headways(service, self.rail, float(self._parameters[LINE_10_HEADWAY]))
        names = service.names or self._names(service)
        record = {
            "element": "route",
            "route_id": service.route_id,
            "route_name": names[0],
            "name_en": names[1],
            "route_type": service.route_type,
            "line": service.line,
            "stop_ids": [stop.stop_id for stop in stops],
            "hop_secs": hop_secs(service, self.rail, self._parameters),
            "headway_peak_secs": told.peak,
            "headway_offpeak_secs": told.offpeak,
            **_access(service),
            "bidirectional": True,
            "through_routes": list(service.through),
            "accuracy_m": max(stop.station["accuracy_m"] for stop in stops),
            "source": self._codes(service),
            "confidence": self._confidence(service, stops),
            "assumed_fields": self._guesses(service, stops, told.guesses),
        }
        return Feature(record, line(stop.place for stop in stops))

    def _names(self, service: Service) -> tuple[str, str]:
        record = self.rail[service.rail_id]
        return record["name_zh"], record["name_en"]

    def _codes(self, service: Service) -> list[str]:
        codes = list(self.rail[service.rail_id]["all_sources"])
        if service.line == "10":
            codes.append("L5B")
        more = ["MEM"] if service.from_memory else []
        return [*codes, *(code for code in more if code not in codes)]

    def _confidence(self, service: Service, stops: list[Stop]) -> str:
        guessed = service.from_memory or any(not stop.is_published for stop in stops)
        return "assumed" if guessed else "derived"

    def _guesses(self, service: Service, stops: list[Stop], times: tuple[str, ...]) -> list[str]:
        drawn = any(not stop.is_published for stop in stops)
        return [
            *times,
            *(["hop_secs"] if speed_is_guess(service) else []),
            *(["stop_ids"] if service.from_memory else []),
            *(["alignment"] if drawn else []),
        ]


def _access(service: Service) -> Record:
    if service.is_main_line:
        access = MAIN_LINE_ACCESS_SECS
    elif service.speed == YUNBA and service.route_type == MONORAIL:
        access = PEOPLE_MOVER_ACCESS_SECS
    else:
        access = METRO_ACCESS_SECS
    boarding = MAIN_LINE_BOARDING_SECS if service.is_main_line else 0
    return {"stop_access_secs": access, "boarding_secs": boarding}


def baseline_stops(railways: Railways) -> list[Stop]:
    """Stops at which trains called on the baseline date, each once, in the order of their ids."""
    stops = {stop.stop_id: stop for s in BASELINE for stop in railways.stops_of(s)}
    return list(stops.values())


def write_rail(railways: Railways, folder: Path) -> None:
    """Write `rail.geojson`: stations, then routes."""
    stations = [stop_feature(stop) for stop in baseline_stops(railways)]
    routes = [railways.route_feature(service) for service in BASELINE]
    write_features(folder / "rail.geojson", [*stations, *routes])
