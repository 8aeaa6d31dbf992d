"""Speeds of ferries from OpenStreetMap, by the tagged duration."""

from __future__ import annotations

import numpy as np
import pandas as pd
import shapely

from geo.crs import projected
from geo.osm.elements import OsmElements
from layers.osm.problems import Problem
from layers.osm.tags import UnreadableError, duration_secs

FERRY_RANGE_KPH = (2.0, 100.0)
"""A `duration` that implies another speed is a mistake, such as 20:00 for 20 minutes."""


def _tagged_speed(duration: str, points: np.ndarray, crs: str) -> float | None:
    """The speed (km/h) of a ferry by its `duration`; None if that is not plausible."""
    try:
        secs = duration_secs(duration)
    except UnreadableError:
        return None
    kph = float(shapely.length(shapely.linestrings(projected(points, crs))) / secs * 3.6)
    low, high = FERRY_RANGE_KPH
    return kph if low <= kph <= high else None


def with_ferry_speeds(
    table: pd.DataFrame, elements: OsmElements, *, default_kph: float, crs: str
) -> tuple[pd.DataFrame, list[Problem]]:
    """Ferries at the speed of their `duration` over the whole way, else at the default speed."""
    speeds, problems = table["maxspeed"].copy(), []
    for number, way in table.loc[table["highway"] == "ferry"].groupby("way"):
        duration, points = way["duration"].iloc[0], elements.way_points(number)
        speed = None if pd.isna(duration) else _tagged_speed(duration, points, crs)
        speeds[way.index] = speed or default_kph
        if speed is None:
            kind = "ferry-duration-missing" if pd.isna(duration) else "ferry-duration-unreadable"
            message = "" if pd.isna(duration) else f"duration={duration}"
            way_id = int(elements.way_ids[number])
            problems.append(Problem(kind, "way", way_id, message, *points[0].tolist()))
    return table.assign(maxspeed=speeds), problems
