"""The ways that people travel on, with what their tags say."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from typing import TypeVar

import numpy as np
import pandas as pd

from geo.osm.elements import OsmElements, Tags
from layers.osm.access import highway_of, is_known, is_told_to_walkers, way_access
from layers.osm.problems import Problem
from layers.osm.tags import (
    UnreadableError,
    is_bridge,
    is_tunnel,
    lane_count,
    name_of,
    oneway,
    speed_kph,
)

WAY_COLUMNS = (
    "way",
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
WAY_TYPES = {
    "maxspeed": float,
    **dict.fromkeys(("way", "lanes", "direction"), int),
    **dict.fromkeys(("tunnel", "bridge", "drive", "walk", "bus", "told_to_walkers"), bool),
}
"""Of a table without rows too."""
SPEED_RANGE_KPH = (5.0, 140.0)
"""As for the roads of a study's own files, `layers.roads.ROAD_FIELDS`."""
DEFAULT_LANES = 2

Value = TypeVar("Value")


class _Reading:
    """Reads the tags of one way after another and notes what cannot be read."""

    def __init__(self, found: OsmElements) -> None:
        self.found = found
        self.problems: list[Problem] = []

    def note(self, kind: str, way: int, message: str) -> None:
        """A problem of a way, at its first node that is there."""
        points = self.found.way_points(way)
        lon, lat = points[0].tolist() if len(points) else (0.0, 0.0)
        way_id = int(self.found.way_ids[way])
        self.problems.append(Problem(kind, "way", way_id, message, lon, lat))

    def read(self, way: int, key: str, read: Callable[[str], Value], default: Value) -> Value:
        """A tag's value, or the default where it is absent or cannot be read."""
        text = self.found.way_tags[way].get(key)
        if text is None:
            return default
        try:
            return read(text)
        except UnreadableError:
            self.note(f"{key}-unreadable", way, f"{key}={text}")
            return default

    def speed(self, way: int) -> float | None:
        """The tagged limit, km/h; None where the class's default counts."""
        limit = self.read(way, "maxspeed", speed_kph, None)
        low, high = SPEED_RANGE_KPH
        if limit is not None and not low <= limit <= high:
            self.note("maxspeed-unlikely", way, f"maxspeed={limit:g}")
            return None
        return limit

    def direction(self, way: int) -> int:
        """One-way as drawn 1, against it -1, both 0."""
        try:
            return oneway(self.found.way_tags[way])
        except UnreadableError as error:
            self.note("oneway-unreadable", way, f"oneway={error}")
            return 0

    def row(self, way: int) -> tuple[object, ...] | None:
        """The values of `WAY_COLUMNS`; None for a way that nobody uses."""
        tags = self.found.way_tags[way]
        highway = highway_of(tags)
        who = way_access(tags)
        if not who.anybody:
            if highway and not is_known(highway):
                self.note("highway-unknown", way, f"highway={highway}")
            return None
        tunnel, bridge = is_tunnel(tags), is_bridge(tags)
        if tunnel and bridge:
            self.note("tunnel-and-bridge", way, f"tunnel={tags['tunnel']}, bridge={tags['bridge']}")
        if tags.get("area") == "yes":
            self.note("area-outline", way, name_of(tags))
        return (
            way,
            highway,
            name_of(tags),
            tags.get("name:en", ""),
            self.speed(way),
            self.read(way, "lanes", lane_count, DEFAULT_LANES),
            self.direction(way),
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


def _rows(reading: _Reading) -> Iterator[tuple[object, ...]]:
    for way, count in enumerate(np.diff(reading.found.starts).tolist()):
        tags = reading.found.way_tags[way]
        if not ("highway" in tags or highway_of(tags)):
            continue
        row = reading.row(way)
        if row and count < 2:  # noqa: PLR2004 - a line needs two points
            reading.note("way-too-short", way, f"{count} nodes")
        elif row:
            yield row


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
    reading = _Reading(found)
    table = pd.DataFrame.from_records(list(_rows(reading)), columns=list(WAY_COLUMNS))
    return table.astype(WAY_TYPES), reading.problems
