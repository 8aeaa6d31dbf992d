"""A road network while roads are added to it: where an end may join, and what comes of it."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from functools import cached_property
from itertools import pairwise
from typing import Any

import geopandas as gpd
import numpy as np
import pandas as pd
import shapely
from shapely.geometry import Point
from shapely.ops import substring

from layers.roads import (
    ENDS_MEET_M,
    MOTORWAYS,
    RoadNetwork,
    node_table,
    road_network,
    streets,
)

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

Cuts = Sequence[tuple[float, str]]
"""Where one street is cut: fraction of its drawn length and the node that comes there."""


def can_be_joined(roads: pd.DataFrame) -> np.ndarray:
    """Which streets a new road may meet midway: those at the surface that cars may use.

    No tunnel, bridge, motorway, ferry or footway, and none that `drive` denies to cars.
    """
    closed = roads["tunnel"].astype(bool) | roads["bridge"].astype(bool)
    closed |= roads["highway"].isin(NO_JOINING)
    return np.asarray(~closed & roads["drive"].astype(bool))


def _parts(street: Mapping[str, Any], cuts: Cuts) -> list[dict[str, Any]]:
    """The parts of one street, in its drawn direction."""
    line = street["geometry"]
    places = [(0.0, street["u"]), *sorted(cuts), (1.0, street["v"])]
    return [
        {
            **street,
            "u": start,
            "v": end,
            "length": street["length"] * (upto - since),
            "geometry": substring(line, since, upto, normalized=True),
        }
        for (since, start), (upto, end) in pairwise(places)
    ]


def _record(table: gpd.GeoDataFrame, at: int) -> dict[str, Any]:
    return {str(name): table[name].iloc[at] for name in table.columns}


def split_streets(table: gpd.GeoDataFrame, cuts: Mapping[int, Cuts]) -> gpd.GeoDataFrame:
    """The table with some streets cut into parts, which take the street's place.

    Parts share the coded length in proportion to what is drawn, so that no time changes.

    Parameters
    ----------
    table
        Streets with `u`, `v`, `length` and a fresh index.
    cuts
        Where to cut, by the street's position.
    """
    if not cuts:
        return table
    parts = {at: _parts(_record(table, at), places) for at, places in cuts.items()}
    rows = [part for of_street in parts.values() for part in of_street]
    index = [at for at, of_street in parts.items() for _ in of_street]
    new = gpd.GeoDataFrame(pd.DataFrame(rows, index=index), geometry="geometry", crs=table.crs)
    together = pd.concat([table.drop(index=list(cuts)), new])
    return together.sort_index(kind="stable").reset_index(drop=True)


@dataclass(frozen=True)
class Near:
    """A street that an end may join: its number in the draft, whose it is, and how far off."""

    number: int
    owner: str
    distance_m: float


class RoadDraft:
    """A network, and the streets, nodes and cuts that are to come into it.

    Streets are numbered: the network's own as in `streets(network)`, then those that are added.
    The network is put together once, by `network()`; until then an end costs a search in an
    index, however large the network is.
    """

    def __init__(self, network: RoadNetwork) -> None:
        self._network = network
        self._table = streets(network).drop(columns=DERIVED)
        self._tree_size = len(self._table)
        self._gone = np.zeros(len(self._table), dtype=bool)
        self._nodes: dict[str, Point] = {}
        self._cuts: dict[int, list[tuple[float, str]]] = {}

    @cached_property
    def _tree(self) -> shapely.STRtree:
        return shapely.STRtree(self._lines[: self._tree_size])

    @property
    def _lines(self) -> np.ndarray:
        return np.asarray(self._table.geometry.array)

    @cached_property
    def _open(self) -> np.ndarray:
        return can_be_joined(self._table)

    def street(self, number: int) -> dict[str, Any]:
        """One street as a record, uncut."""
        return _record(self._table, number)

    def of_ids(self, osmids: Sequence[str]) -> np.ndarray:
        """Numbers of the streets with these ids."""
        return np.flatnonzero(self._table["osmid"].isin(osmids).to_numpy() & ~self._gone)

    def remove(self, osmids: Sequence[str]) -> None:
        """Take streets away; their nodes stay."""
        self._gone[self.of_ids(osmids)] = True

    def nodes_at(self, points: np.ndarray) -> list[str | None]:
        """The node within 1 m of each point, or None; nodes that no car reaches do not count."""
        found: list[str | None] = [None] * len(points)
        nodes = self._network.nodes
        at, node = nodes.sindex.nearest(points, return_all=False, max_distance=ENDS_MEET_M)
        without_cars = self._without_cars(nodes.index[node])
        for point, node_id in zip(at, nodes.index[node], strict=True):
            found[point] = None if node_id in without_cars else str(node_id)
        names, places = list(self._nodes), np.array(list(self._nodes.values()), dtype=object)
        for n in range(len(points) if names else 0):
            away = shapely.distance(places, points[n])
            if found[n] is None and away.min() <= ENDS_MEET_M:
                found[n] = names[int(away.argmin())]
        return found

    def _without_cars(self, node_ids: pd.Index) -> set[str]:
        """Those of the nodes that have streets, none of them for cars."""
        if self._table["drive"].all():
            return set()
        ends = self._table[["u", "v"]]
        here = (ends["u"].isin(node_ids) | ends["v"].isin(node_ids)).to_numpy()
        cars = here & self._table["drive"].to_numpy(dtype=bool)
        used, by_car = (set(ends.loc[rows].to_numpy().ravel()) for rows in (here, cars))
        return used - by_car

    def near(self, point: Point, limit_m: float) -> dict[str, Near]:
        """The nearest street within a limit that can be joined, by project ("": existing)."""
        old = np.sort(self._tree.query(point, predicate="dwithin", distance=limit_m))
        numbers = np.concatenate([old, np.arange(self._tree_size, len(self._table))])
        numbers = numbers[self._open[numbers] & ~self._gone[numbers]]
        away = shapely.distance(self._lines[numbers], point)
        owners = self._table["project_id"].array[numbers]
        found: dict[str, Near] = {}
        # the first of equally near streets counts
        for k in np.argsort(away, kind="stable"):
            if away[k] <= limit_m:
                found.setdefault(owners[k], Near(int(numbers[k]), owners[k], float(away[k])))
        return found

    def nearest(self, point: Point) -> Near | None:
        """The nearest street of all that can be joined, however far."""
        numbers = np.flatnonzero(self._open & ~self._gone)
        if not len(numbers):
            return None
        away = shapely.distance(self._lines[numbers], point)
        k = int(away.argmin())
        owner = str(self._table["project_id"].array[numbers[k]])
        return Near(int(numbers[k]), owner, float(away[k]))

    def node_on(self, number: int, point: Point, new_id: str) -> tuple[str, Point]:
        """The node where a street is nearest to a point, and its place.

        An end of the street or an earlier cut that is there within 1 m; else the street is cut.
        """
        street = self.street(number)
        line = street["geometry"]
        fraction = float(line.project(point, normalized=True))
        foot = line.interpolate(fraction, normalized=True)
        there = [(0.0, street["u"]), (1.0, street["v"]), *self._cuts.get(number, ())]
        for at, node_id in there:
            if abs(fraction - at) * line.length <= ENDS_MEET_M:
                return str(node_id), foot
        self._cuts.setdefault(number, []).append((fraction, new_id))
        self._nodes[new_id] = foot
        return new_id, foot

    def place(self, node_id: str) -> Point:
        """Where a node is."""
        return self._nodes.get(node_id) or self._network.nodes.geometry[node_id]

    def add_node(self, node_id: str, point: Point) -> None:
        """Add a node at which no street ends yet."""
        self._nodes[node_id] = point

    def drop_node(self, node_id: str) -> None:
        """Take back a node that was added."""
        del self._nodes[node_id]

    def add_streets(self, records: Sequence[Mapping[str, Any]]) -> None:
        """Add streets between nodes."""
        rows = pd.DataFrame(list(records))[list(self._table.columns)]
        new = gpd.GeoDataFrame(rows, geometry="geometry", crs=self._table.crs)
        self._open = np.concatenate([self._open, can_be_joined(new)])
        self._gone = np.concatenate([self._gone, np.zeros(len(new), dtype=bool)])
        self._table = pd.concat([self._table, new], ignore_index=True)

    def network(self) -> RoadNetwork:
        """What has come of it; the network as it was if nothing has."""
        if not self._cuts and not self._gone.any() and len(self._table) == self._tree_size:
            return self._network
        kept = self._table.loc[~self._gone]
        place = np.cumsum(~self._gone) - 1
        cuts = {int(place[n]): at for n, at in self._cuts.items() if not self._gone[n]}
        table = split_streets(kept.reset_index(drop=True), cuts)
        new = node_table(
            list(self._nodes),
            np.array(list(self._nodes.values()), dtype=object),
            [""] * len(self._nodes),
            str(self._network.nodes.crs),
        )
        nodes = gpd.GeoDataFrame(pd.concat([self._network.nodes, new]), crs=table.crs)
        return road_network(nodes, table)
