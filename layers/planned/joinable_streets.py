"""What of a road network the roads of projects can join."""

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
"""Classes of OSM that a new road cannot run into: motorways, boats, and ways without cars."""

DERIVED = ["reversed", "speed_kph", "travel_time"]
"""Columns that `layers.roads.road_network` computes."""


JOINING_FIELDS = ("tunnel", "bridge", "highway", "drive")
"""What says whether a street can be joined."""


def can_be_joined(roads: pd.DataFrame) -> np.ndarray:
    """Which streets a new road may meet midway: those at the surface that cars may use.

    No tunnel, bridge, motorway, ferry or footway, and none that `drive` denies to cars.
    """
    closed = roads["tunnel"].astype(bool) | roads["bridge"].astype(bool)
    closed |= roads["highway"].isin(NO_JOINING)
    return np.asarray(~closed & roads["drive"].astype(bool))


@dataclass(frozen=True)
class JoinableStreets:
    """What all drafts on one network have in common.

    Attributes
    ----------
    streets
        The network's streets without `DERIVED`.
    lines, owners
        Geometry and `project_id` of each.
    open
        Positions of those that can be joined.
    used, by_car
        Whether a street ends at each node, and one for cars.
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
        """Of the lines that can be joined."""
        return shapely.STRtree(self.lines[self.open])


@cached_by_identity
def joinable_streets(network: RoadNetwork) -> JoinableStreets:
    """What drafts on a network need to know of it."""
    streets, ends, nodes = network.drawn, network.ends, len(network.nodes)
    for_cars = ends[streets["drive"].to_numpy(dtype=bool)]
    return JoinableStreets(
        streets.drop(columns=DERIVED),
        np.asarray(streets.geometry.array),
        streets["project_id"].to_numpy(dtype=object),
        np.flatnonzero(can_be_joined(streets)),
        np.bincount(ends.ravel(), minlength=nodes) > 0,
        np.bincount(for_cars.ravel(), minlength=nodes) > 0,
    )
