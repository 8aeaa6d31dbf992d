"""The roads of a project, independent of the network that they join."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

import geopandas as gpd
import numpy as np
import shapely

from layers.roads import ENDS_MEET_M, as_streets


@dataclass(frozen=True)
class PlannedRoads:
    """The roads of a project, prepared for joining to any network.

    Attributes
    ----------
    project_id
        The project of the roads.
    records
        The streets, without `u` and `v`.
    points
        The distinct points of their ends.
    ends
        Row numbers in `points` of each road's start and end: roads x 2.
    """

    project_id: str
    records: tuple[dict[str, Any], ...]
    points: np.ndarray
    ends: np.ndarray

    def roads_at(self, end: int) -> list[int]:
        """The roads that have an end, as numbers."""
        return np.flatnonzero((self.ends == end).any(axis=1)).tolist()

    @property
    def single(self) -> list[int]:
        """The ends that belong to one road only, and once."""
        uses = np.bincount(self.ends.ravel(), minlength=len(self.points))
        return np.flatnonzero(uses == 1).tolist()


def planned_roads(roads: gpd.GeoDataFrame, project_id: str) -> PlannedRoads:
    """The roads of one project as streets, with ends within 1 m of each other merged.

    Parameters
    ----------
    roads
        Projected LineStrings with the columns of `layers.roads.ROAD_FIELDS`.
    project_id
        Written to the new streets.

    Examples
    --------
    >>> from layers.roads import ROAD_FIELDS
    >>> line = shapely.LineString([(0, 0), (100, 0)])
    >>> road = {field.name: None for field in ROAD_FIELDS} | {"highway": "primary"}
    >>> road |= {"tunnel": False, "drive": True}
    >>> two = gpd.GeoDataFrame([road, road], geometry=[line, line.reverse()])
    >>> planned_roads(two, "P").ends.tolist()
    [[0, 1], [1, 0]]
    """
    table = as_streets(roads, project_id=project_id)
    lines = table.geometry.to_numpy()
    points = np.concatenate([shapely.get_point(lines, 0), shapely.get_point(lines, -1)])
    pair = shapely.STRtree(points).query(points, predicate="dwithin", distance=ENDS_MEET_M)
    first = np.full(len(points), len(points))
    np.minimum.at(first, pair[0], pair[1])
    distinct, number = np.unique(first, return_inverse=True)
    records = tuple({str(k): v for k, v in row.items()} for row in table.to_dict("records"))
    ends = np.asarray(number.reshape(2, len(lines)).T)
    return PlannedRoads(project_id, records, points[distinct], ends)
