"""The ways that people travel on, with what their tags say."""

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
    is_told_to_walkers,
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
"""Of a table without rows too."""
READ_KEYS = frozenset(
    {
        *("highway", "railway", "public_transport", "route", "junction", "service", "area"),
        *("name", "name:zh", "name:en", "ref", "tunnel", "bridge", "tunnel:name", "bridge:name"),
        *("maxspeed", "lanes", "oneway", "layer", "duration", "motorroad"),
        *(*MOTOR_KEYS, *BUS_KEYS, *FOOT_KEYS, *SIDEWALK_KEYS),
    }
)
"""All that matters about a way. Ways that say the same by these are read once: of Helsinki's 2,650
streets 431 differ."""
SPEED_RANGE_KPH = (5.0, 140.0)
"""As for the roads of a study's own files, `layers.roads.ROAD_FIELDS`."""
DEFAULT_LANES = 2
NO_STREET = -1

Value = TypeVar("Value")


class _Reading:
    """Reads the tags of a way and notes what cannot be read."""

    def __init__(self, tags: Tags) -> None:
        self.tags = tags
        self.notes: list[tuple[str, str]] = []
        self.row = self._row()

    def _read(self, key: str, read: Callable[[str], Value], default: Value) -> Value:
        """A tag's value, or the default where it is absent or cannot be read."""
        text = self.tags.get(key)
        if text is None:
            return default
        try:
            return read(text)
        except UnreadableError:
            self.notes.append((f"{key}-unreadable", f"{key}={text}"))
            return default

    def _speed(self) -> float | None:
        """The tagged limit, km/h; None where the class's default counts."""
        limit = self._read("maxspeed", speed_kph, None)
        low, high = SPEED_RANGE_KPH
        if limit is not None and not low <= limit <= high:
            self.notes.append(("maxspeed-unlikely", f"maxspeed={limit:g}"))
            return None
        return limit

    def _direction(self) -> int:
        """One-way as drawn 1, against it -1, both 0."""
        try:
            return oneway(self.tags)
        except UnreadableError as error:
            self.notes.append(("oneway-unreadable", f"oneway={error}"))
            return 0

    def _row(self) -> tuple[object, ...] | None:
        """`VALUE_COLUMNS`; None for a way that nobody uses."""
        tags = self.tags
        highway = highway_of(tags)
        who = way_access(tags)
        if not who.anybody:
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
            who.drive,
            who.walk,
            who.bus,
            _crossing(tags),
            is_told_to_walkers(tags),
            tags.get("duration"),
        )


def _crossing(tags: Tags) -> str | None:
    """The name of the tunnel or bridge itself."""
    for key, is_one in (("tunnel", is_tunnel), ("bridge", is_bridge)):
        if is_one(tags):
            return tags.get(f"{key}:name") or tags.get("name")
    return None


def _readings(found: OsmElements) -> tuple[np.ndarray, list[_Reading], np.ndarray]:
    """Positions of the streets, the different readings, and which of them each street has."""
    names = np.fromiter(map(id, found.way_tags), dtype=np.int64, count=len(found.way_tags))
    _, first, same = np.unique(names, return_index=True, return_inverse=True)
    numbers: dict[tuple[tuple[str, str], ...], int] = {}
    which = np.full(len(first), NO_STREET)
    for at, way in enumerate(first.tolist()):
        tags = found.way_tags[way]
        if "highway" in tags or highway_of(tags):
            told = tuple((key, value) for key, value in tags.items() if key in READ_KEYS)
            which[at] = numbers.setdefault(told, len(numbers))
    ways = np.flatnonzero(which[same] != NO_STREET)
    return ways, [_Reading(dict(told)) for told in numbers], which[same][ways]


def _problem(found: OsmElements, way: int, kind: str, message: str) -> Problem:
    """A problem of a way, at its first node that is there."""
    points = found.way_points(way)
    lon, lat = points[0].tolist() if len(points) else (0.0, 0.0)
    return Problem(kind, "way", int(found.way_ids[way]), message, lon, lat)


def way_table(found: OsmElements) -> tuple[pd.DataFrame, list[Problem]]:
    """Ways that cars, walkers or buses use.

    Returns
    -------
    DataFrame
        `WAY_COLUMNS`: `way` is the position in `found`; `maxspeed` (km/h) is None where no tag
        tells it; `direction` 1 one-way as drawn, -1 against it, 0 both ways; `duration` is the
        tag of ferries.
    list of Problem
        Tags that cannot be read.
    """
    ways, readings, which = _readings(found)
    used = np.array([reading.row is not None for reading in readings], dtype=bool)[which]
    counts = np.diff(found.starts)[ways]
    short = used & (counts < 2)  # noqa: PLR2004 - a line needs two points
    noted = np.array([bool(reading.notes) for reading in readings], dtype=bool)[which]
    problems = []
    for at in np.flatnonzero(noted | short).tolist():
        notes = readings[which[at]].notes
        notes = [*notes, ("way-too-short", f"{counts[at]} nodes")] if short[at] else notes
        problems += [_problem(found, int(ways[at]), *note) for note in notes]
    nothing = (None,) * len(VALUE_COLUMNS)
    rows = [reading.row or nothing for reading in readings]
    kept = used & ~short
    values = pd.DataFrame.from_records(rows, columns=list(VALUE_COLUMNS)).iloc[which[kept]]
    values.insert(0, "way", ways[kept])
    return values.reset_index(drop=True).astype(WAY_TYPES), problems
