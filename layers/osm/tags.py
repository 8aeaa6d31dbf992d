"""Parsing of the values of OpenStreetMap tags (OSM wiki, page of each key)."""

from __future__ import annotations

import re
from functools import lru_cache

from geo.osm.elements import Tags

KPH_PER_MPH = 1.609344
WALKING_KPH = 7.0
"""`maxspeed=walk`: 7 km/h is usual (OSM wiki, Key:maxspeed)."""
_NUMBER = re.compile(r"^(\d+(?:\.\d+)?)\s*(mph|km/h|kmh|kph)?$")
_ZONE = re.compile(r"^(?:[a-z]{2}:)?zone:?(\d+)$")
_CLOCK = re.compile(r"^(\d{1,3}):(\d{2})(?::(\d{2}))?$")
_ISO = re.compile(r"^P?T?(?:(\d+)H)?(?:(\d+)M)?(?:(\d+)S)?$")
_PER_HOUR = re.compile(r"^(\d+(?:\.\d+)?)\s*(?:/\s*h|per hour)$")
NUMBERLESS_SPEEDS = ("none", "signals", "variable", "unposted", "default")
"""Values without a number; zone codes such as `CN:urban` have none either."""


class UnreadableError(ValueError):
    """Raised for a tag value that cannot be parsed."""


def _one_speed(text: str) -> float | None:
    number = _NUMBER.match(text)
    if number:
        return float(number[1]) * (KPH_PER_MPH if number[2] == "mph" else 1.0)
    zone = _ZONE.match(text)
    if zone:
        return float(zone[1])
    if text.endswith(("walk", "living_street")):
        return WALKING_KPH
    if text in NUMBERLESS_SPEEDS or ":" in text:
        return None
    raise UnreadableError(text)


@lru_cache(maxsize=4_096)
def speed_kph(text: str) -> float | None:
    """The speed limit of a `maxspeed` value, the lowest of several; None without a number.

    Raises
    ------
    UnreadableError
        If a value is no speed.

    Examples
    --------
    >>> speed_kph("60"), speed_kph("30 mph"), speed_kph("80;60"), speed_kph("CN:urban")
    (60.0, 48.28032, 60.0, None)
    >>> speed_kph("CN:zone30")
    30.0
    """
    limits = [_one_speed(part.strip()) for part in re.split(r"[;,|]", text.lower()) if part.strip()]
    numbers = [speed for speed in limits if speed]
    if limits and any(speed == 0 for speed in limits if speed is not None):
        raise UnreadableError(text)
    return min(numbers) if numbers else None


@lru_cache(maxsize=1_024)
def lane_count(text: str) -> int:
    """Lanes of both directions together; the lowest of several values.

    Examples
    --------
    >>> lane_count("4"), lane_count("3;2"), lane_count("1.5")
    (4, 2, 1)
    """
    try:
        lanes = min(float(part) for part in text.split(";"))
    except ValueError as error:
        raise UnreadableError(text) from error
    if not 1 <= lanes <= 24:  # noqa: PLR2004 - the range of layers.roads.ROAD_FIELDS
        raise UnreadableError(text)
    return int(lanes)


_ONEWAY = {
    **dict.fromkeys(("yes", "true", "1"), 1),
    **dict.fromkeys(("-1", "reverse"), -1),
    **dict.fromkeys(("no", "false", "0", "reversible", "alternating"), 0),
}


def oneway(tags: Tags) -> int:
    """1 for one-way as drawn, -1 for one-way against it, 0 for two-way.

    Roundabouts and motorways are one-way by default.

    Examples
    --------
    >>> [oneway(tags) for tags in ({}, {"oneway": "-1"}, {"junction": "roundabout"})]
    [0, -1, 1]
    """
    value = tags.get("oneway")
    if value is None:
        round_about = tags.get("junction") in ("roundabout", "circular")
        return int(round_about or tags.get("highway") == "motorway")
    if value not in _ONEWAY:
        raise UnreadableError(value)
    return _ONEWAY[value]


@lru_cache(maxsize=1_024)
def duration_secs(text: str) -> float:
    """Seconds of a `duration` or `interval`: minutes, hh:mm, hh:mm:ss or ISO 8601.

    Examples
    --------
    >>> [duration_secs(text) for text in ("15", "01:30", "00:07:30", "PT20M")]
    [900.0, 5400.0, 450.0, 1200.0]
    """
    clock, number = _CLOCK.match(text), _NUMBER.match(text)
    if clock:
        secs = int(clock[1]) * 3_600.0 + int(clock[2]) * 60 + int(clock[3] or 0)
    elif number and not number[2]:
        secs = float(number[1]) * 60
    else:
        iso = _ISO.match(text.upper()) if text[:1] in "Pp" else None
        if not iso:
            raise UnreadableError(text)
        hours, minutes, seconds = (int(part or 0) for part in iso.groups())
        secs = hours * 3_600.0 + minutes * 60 + seconds
    if secs <= 0:
        raise UnreadableError(text)
    return secs


def headway_secs(tags: Tags) -> float | None:
    """Seconds between departures from `interval`, or `frequency` in departures an hour.

    Of a range the longer headway counts, so that the service is not overestimated.

    Raises
    ------
    UnreadableError
        If a value is no time.

    Examples
    --------
    >>> headway_secs({"interval": "00:10"}), headway_secs({"interval": "6-12"})
    (600.0, 720.0)
    >>> headway_secs({"frequency": "6/h"}), headway_secs({})
    (600.0, None)
    """
    if "interval" in tags:
        return max(duration_secs(part.strip()) for part in re.split(r"[-;]", tags["interval"]))
    if "frequency" in tags:
        rate = _PER_HOUR.match(tags["frequency"])
        if not rate or float(rate[1]) <= 0:
            raise UnreadableError(tags["frequency"])
        return 3_600.0 / float(rate[1])
    return None


LONG_DISTANCE = ("long_distance", "high_speed", "night", "car", "car_shuttle", "tourism")
"""`service` values of trains that do not run every day at every hour (OSM wiki, Key:service)."""


def is_rare(tags: Tags) -> bool:
    """Whether a route runs rarely, without a tag for its headway.

    Examples
    --------
    >>> is_rare({"route": "train", "service": "high_speed"}), is_rare({"route": "train"})
    (True, False)
    """
    runs_rarely = tags.get("service") in LONG_DISTANCE or tags.get("by_night") == "only"
    return runs_rarely and "interval" not in tags


def is_tunnel(tags: Tags) -> bool:
    """Whether a way is in a tunnel; a passage through a building is none."""
    return tags.get("tunnel", "no") not in ("no", "building_passage")


def is_bridge(tags: Tags) -> bool:
    """Whether a way is on a bridge."""
    return tags.get("bridge", "no") != "no"


def name_of(tags: Tags) -> str:
    """The name, else the number of the road or line."""
    return tags.get("name") or tags.get("name:zh") or tags.get("ref") or ""
