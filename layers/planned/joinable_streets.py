"""The streets of a network that the roads of projects can join."""

from __future__ import annotations

from dataclasses import dataclass
from functools import cached_property
from typing import Any

import geopandas as gpd
import numpy as np
import pandas as pd
import shapely

from layers.caching import cached_by_identity
from layers.roads import MOTORWAYS, RoadNetwork

NO_JOINING = (
    *MOTORWAYS,
    "bridleway",
    "corridor",
    "cycleway",
    "ferry",
    "footway",
    "path",
    "pedestrian",
    "platform",
    "steps",
)
"""OSM classes that a new road cannot join: motorways, ferries, and ways closed to cars."""

DERIVED = ["reversed", "speed_kph", "travel_time"]
"""Columns that `layers.roads.road_network` computes."""


JOINING_FIELDS = ("tunnel", "bridge", "highway", "drive")
"""Columns that determine whether a street can be joined."""


def can_be_joined(roads: pd.DataFrame) -> np.ndarray:
    """Mask of the streets that a new road may join midway: surface streets open to cars.

    No tunnel, bridge, motorway, ferry or footway, and no street that `drive` closes to cars.
    """
    closed = roads["tunnel"].astype(bool) | roads["bridge"].astype(bool)
    closed |= roads["highway"].isin(NO_JOINING)
    return np.asarray(~closed & roads["drive"].astype(bool))


@dataclass(frozen=True)
class JoinableStreets:
    """The data of a network that all drafts on it share.

    Attributes
    ----------
    streets
        The network's streets without `DERIVED`.
    lines, owners
        Geometry and `project_id` of each street.
    open
        Positions of the streets that can be joined.
    used, by_car
        Whether any street, and whether a street for cars, ends at each node.
    """

    streets: gpd.GeoDataFrame
    lines: np.ndarray
    owners: np.ndarray
    open: np.ndarray
    used: np.ndarray
    by_car: np.ndarray

    @cached_property
    def _columns(self) -> dict[str, Any]:
        return {str(name): self.streets[name].array for name in self.streets.columns}

    def street(self, at: int) -> dict[str, Any]:
        """One street as a record."""
        return {name: values[at] for name, values in self._columns.items()}

    @cached_property
    def tree(self) -> shapely.STRtree:
        """Spatial index of the lines that can be joined."""
        return shapely.STRtree(self.lines[self.open])


@cached_by_identity
def joinable_streets(network: RoadNetwork) -> JoinableStreets:
    """The shared data of drafts on a network; cached by network."""
    streets, ends, node_count = network.drawn, network.ends, len(network.nodes)
    for_cars = ends[streets["drive"].to_numpy(dtype=bool)]
    return JoinableStreets(
        streets.drop(columns=DERIVED),
        np.asarray(streets.geometry.array),
        streets["project_id"].to_numpy(dtype=object),
        np.flatnonzero(can_be_joined(streets)),
        np.bincount(ends.ravel(), minlength=node_count) > 0,
        np.bincount(for_cars.ravel(), minlength=node_count) > 0,
    )
