"""Ferries from OpenStreetMap: their speed by the duration that is tagged."""

from __future__ import annotations

import numpy as np
import pandas as pd
import shapely

from geo.crs import projected
from geo.osm.elements import OsmElements
from layers.osm.problems import Problem
from layers.osm.tags import UnreadableError, duration_secs

FERRY_RANGE_KPH = (2.0, 100.0)
"""A `duration` that needs another speed is a slip: 20:00 for 20 minutes."""


def _tagged_speed(told: str, points: np.ndarray, crs: str) -> float | None:
    """Kilometres an hour of a ferry by its `duration`; None if that is no time a boat takes."""
    try:
        secs = duration_secs(told)
    except UnreadableError:
        return None
    kph = float(shapely.length(shapely.linestrings(projected(points, crs))) / secs * 3.6)
    low, high = FERRY_RANGE_KPH
    return kph if low <= kph <= high else None


def with_ferry_speeds(
    table: pd.DataFrame, found: OsmElements, *, default_kph: float, crs: str
) -> tuple[pd.DataFrame, list[Problem]]:
    """Ferries at the speed of their `duration`, over the whole way, or else at the default."""
    speeds, problems = table["maxspeed"].copy(), []
    for number, way in table.loc[table["highway"] == "ferry"].groupby("way"):
        told, points = way["duration"].iloc[0], found.way_points(number)
        speed = None if pd.isna(told) else _tagged_speed(told, points, crs)
        speeds[way.index] = speed or default_kph
        if speed is None:
            kind = "ferry-duration-missing" if pd.isna(told) else "ferry-duration-unreadable"
            message = "" if pd.isna(told) else f"duration={told}"
            way_id = int(found.way_ids[number])
            problems.append(Problem(kind, "way", way_id, message, *points[0].tolist()))
    return table.assign(maxspeed=speeds), problems
