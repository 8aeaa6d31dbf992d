"""The ways for cars, walkers and buses, with the values of their tags."""

from __future__ import annotations

from collections.abc import Callable
from typing import TypeVar

import numpy as np
import pandas as pd

from geo.osm.elements import OsmElements, Tags
from layers.osm.problems import Problem
from layers.osm.roads.access import (
    BUS_KEYS,
    FOOT_KEYS,
    MOTOR_KEYS,
    SIDEWALK_KEYS,
    highway_of,
    is_known,
    is_tagged_for_walkers,
    way_access,
)
from layers.osm.tags import (
    UnreadableError,
    is_bridge,
    is_tunnel,
    lane_count,
    name_of,
    oneway,
    speed_kph,
)

VALUE_COLUMNS = (
    "highway",
    "name",
    "name_en",
    "maxspeed",
    "lanes",
    "direction",
    "tunnel",
    "bridge",
    "layer",
    "access",
    "drive",
    "walk",
    "bus",
    "crossing",
    "told_to_walkers",
    "duration",
)
WAY_COLUMNS = ("way", *VALUE_COLUMNS)
WAY_TYPES = {
    "maxspeed": float,
    **dict.fromkeys(("way", "lanes", "direction"), int),
    **dict.fromkeys(("tunnel", "bridge", "drive", "walk", "bus", "told_to_walkers"), bool),
}
"""Column types, also of an empty table."""
READ_KEYS = frozenset(
    {
        *("highway", "railway", "public_transport", "route", "junction", "service", "area"),
        *("name", "name:zh", "name:en", "ref", "tunnel", "bridge", "tunnel:name", "bridge:name"),
        *("maxspeed", "lanes", "oneway", "layer", "duration", "motorroad"),
        *(*MOTOR_KEYS, *BUS_KEYS, *FOOT_KEYS, *SIDEWALK_KEYS),
    }
)
"""The keys that are read. Ways with equal values of these are read once: of 2,650 streets of
Helsinki 431 differ."""
SPEED_RANGE_KPH = (5.0, 140.0)
"""The same as for the road files of a study, `layers.roads.ROAD_FIELDS`."""
DEFAULT_LANES = 2
NO_STREET = -1

Value = TypeVar("Value")


class _TagReading:
    """Reads the tags of a way and notes values that cannot be parsed."""

    def __init__(self, tags: Tags) -> None:
        self.tags = tags
        self.notes: list[tuple[str, str]] = []
        self.row = self._row()

    def _read(self, key: str, read: Callable[[str], Value], default: Value) -> Value:
        """The value of a tag, or the default if it is absent or cannot be parsed."""
        text = self.tags.get(key)
        if text is None:
            return default
        try:
            return read(text)
        except UnreadableError:
            self.notes.append((f"{key}-unreadable", f"{key}={text}"))
            return default

    def _speed(self) -> float | None:
        """The tagged limit (km/h); None if the default of the class applies."""
        limit = self._read("maxspeed", speed_kph, None)
        low, high = SPEED_RANGE_KPH
        if limit is not None and not low <= limit <= high:
            self.notes.append(("maxspeed-unlikely", f"maxspeed={limit:g}"))
            return None
        return limit

    def _direction(self) -> int:
        """1 for one-way as drawn, -1 for one-way against it, 0 for two-way."""
        try:
            return oneway(self.tags)
        except UnreadableError as error:
            self.notes.append(("oneway-unreadable", f"oneway={error}"))
            return 0

    def _row(self) -> tuple[object, ...] | None:
        """`VALUE_COLUMNS`; None for a way that is closed to all modes."""
        tags = self.tags
        highway = highway_of(tags)
        allowed = way_access(tags)
        if not allowed.anybody:
            if highway and not is_known(highway):
                self.notes.append(("highway-unknown", f"highway={highway}"))
            return None
        tunnel, bridge = is_tunnel(tags), is_bridge(tags)
        if tunnel and bridge:
            both = f"tunnel={tags['tunnel']}, bridge={tags['bridge']}"
            self.notes.append(("tunnel-and-bridge", both))
        if tags.get("area") == "yes":
            self.notes.append(("area-outline", name_of(tags)))
        return (
            highway,
            name_of(tags),
            tags.get("name:en", ""),
            self._speed(),
            self._read("lanes", lane_count, DEFAULT_LANES),
            self._direction(),
            tunnel,
            bridge,
            tags.get("layer", "0"),
            tags.get("access", ""),
            allowed.drive,
            allowed.walk,
            allowed.bus,
            _crossing(tags),
            is_tagged_for_walkers(tags),
            tags.get("duration"),
        )


def _crossing(tags: Tags) -> str | None:
    """The name of the tunnel or bridge."""
    for key, is_structure in (("tunnel", is_tunnel), ("bridge", is_bridge)):
        if is_structure(tags):
            return tags.get(f"{key}:name") or tags.get("name")
    return None


def _readings(elements: OsmElements) -> tuple[np.ndarray, list[_TagReading], np.ndarray]:
    """Positions of the streets, the distinct readings, and the number of each street's reading.

    Equal tags are often one object (see `geo.osm.opl`), so ways are grouped by identity first.
    """
    identities = np.fromiter(
        map(id, elements.way_tags), dtype=np.int64, count=len(elements.way_tags)
    )
    _, first, inverse = np.unique(identities, return_index=True, return_inverse=True)
    numbers: dict[tuple[tuple[str, str], ...], int] = {}
    reading = np.full(len(first), NO_STREET)
    for at, way in enumerate(first.tolist()):
        tags = elements.way_tags[way]
        if "highway" in tags or highway_of(tags):
            read_tags = tuple((key, value) for key, value in tags.items() if key in READ_KEYS)
            reading[at] = numbers.setdefault(read_tags, len(numbers))
    ways = np.flatnonzero(reading[inverse] != NO_STREET)
    return ways, [_TagReading(dict(read_tags)) for read_tags in numbers], reading[inverse][ways]


def _problem(elements: OsmElements, way: int, kind: str, message: str) -> Problem:
    """A problem of a way, at its first node in the data."""
    points = elements.way_points(way)
    lon, lat = points[0].tolist() if len(points) else (0.0, 0.0)
    return Problem(kind, "way", int(elements.way_ids[way]), message, lon, lat)


def way_table(elements: OsmElements) -> tuple[pd.DataFrame, list[Problem]]:
    """Ways that are open to cars, walkers or buses.

    Returns
    -------
    DataFrame
        `WAY_COLUMNS`: `way` is the position in `elements`; `maxspeed` (km/h) is None without a
        tag; `direction` is 1 for one-way as drawn, -1 for one-way against it, 0 for two-way;
        `duration` is the tag of ferries.
    list of Problem
        Tags that cannot be parsed.
    """
    ways, readings, reading_number = _readings(elements)
    used = np.array([reading.row is not None for reading in readings], dtype=bool)[reading_number]
    counts = np.diff(elements.starts)[ways]
    short = used & (counts < 2)  # noqa: PLR2004 - a line needs two points
    has_notes = np.array([bool(reading.notes) for reading in readings], dtype=bool)[reading_number]
    problems = []
    for at in np.flatnonzero(has_notes | short).tolist():
        notes = readings[reading_number[at]].notes
        notes = [*notes, ("way-too-short", f"{counts[at]} nodes")] if short[at] else notes
        problems += [_problem(elements, int(ways[at]), *note) for note in notes]
    no_values = (None,) * len(VALUE_COLUMNS)
    rows = [reading.row or no_values for reading in readings]
    kept = used & ~short
    values = pd.DataFrame.from_records(rows, columns=list(VALUE_COLUMNS)).iloc[reading_number[kept]]
    values.insert(0, "way", ways[kept])
    return values.reset_index(drop=True).astype(WAY_TYPES), problems
