"""A road network while roads are added to it: where an end may join, and what comes of it."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

import geopandas as gpd
import numpy as np
import pandas as pd
import shapely
from shapely.geometry import Point

from layers.planned.joinable_streets import JOINING_FIELDS, can_be_joined, joinable_streets
from layers.planned.splitting import street_parts, with_rows
from layers.roads import ENDS_MEET_M, RoadNetwork, node_table, road_network

LIMITS_M = (1e3, 1e4, 1e5, 1e6, 1e8)
"""How far around is looked for the nearest street, one after the other: to the antipodes."""


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
    index, however large the network is. What is noted is replaced and never changed, so a
    shallow copy is a draft of its own.
    """

    def __init__(self, network: RoadNetwork) -> None:
        self._network = network
        self._standing = joinable_streets(network)
        self._old = len(self._standing.streets)
        self._added: tuple[dict[str, Any], ...] = ()
        self._added_lines = np.empty(0, dtype=object)
        self._added_open = np.empty(0, dtype=np.int64)
        self._gone: frozenset[int] = frozenset()
        self._nodes: dict[str, Point] = {}
        self._cuts: dict[int, tuple[tuple[float, str], ...]] = {}

    def street(self, number: int) -> dict[str, Any]:
        """One street as a record, uncut."""
        if number < self._old:
            return self._standing.street(number)
        return self._added[number - self._old]

    def of_ids(self, osmids: Sequence[str]) -> list[int]:
        """Numbers of the streets with these ids."""
        if not osmids:
            return []
        old = np.flatnonzero(self._standing.streets["osmid"].isin(osmids).to_numpy())
        added = [n for n, street in enumerate(self._added, self._old) if street["osmid"] in osmids]
        return [n for n in (*old.tolist(), *added) if n not in self._gone]

    def remove(self, osmids: Sequence[str]) -> None:
        """Take streets away; their nodes stay."""
        self._gone |= frozenset(self.of_ids(osmids))

    def nodes_at(self, points: np.ndarray) -> list[str | None]:
        """The node within 1 m of each point, or None; nodes that no car reaches do not count."""
        found: list[str | None] = [None] * len(points)
        nodes = self._network.nodes
        at, node = nodes.sindex.nearest(points, return_all=False, max_distance=ENDS_MEET_M)
        for point, number in zip(at, node, strict=True):
            found[point] = str(nodes.index[number]) if self._has_cars(number) else None
        names, places = list(self._nodes), np.array(list(self._nodes.values()), dtype=object)
        for n in range(len(points) if names else 0):
            away = shapely.distance(places, points[n])
            if found[n] is None and away.min() <= ENDS_MEET_M:
                found[n] = names[int(away.argmin())]
        return found

    def _has_cars(self, node: int) -> bool:
        """Whether a street for cars ends at a node, or none at all."""
        if self._standing.by_car[node]:
            return True
        name = self._network.nodes.index[node]
        here = [street["drive"] for street in self._added if name in {street["u"], street["v"]}]
        return any(here) or not (here or self._standing.used[node])

    def near(self, point: Point, limit_m: float) -> dict[str, Near]:
        """The nearest street within a limit that can be joined, by project ("": existing)."""
        here = self._standing.tree.query(point, predicate="dwithin", distance=limit_m)
        old, added = np.sort(self._standing.open[here]), self._added_open
        numbers = np.concatenate([old, self._old + added])
        lines = np.concatenate([self._standing.lines[old], self._added_lines[added]])
        away = shapely.distance(lines, point)
        found: dict[str, Near] = {}
        # the first of equally near streets counts
        for k in np.argsort(away, kind="stable"):
            number, owner = int(numbers[k]), self._owner(int(numbers[k]))
            if away[k] <= limit_m and owner not in found and number not in self._gone:
                found[owner] = Near(number, owner, float(away[k]))
        return found

    def _owner(self, number: int) -> str:
        """`project_id` of a street."""
        if number < self._old:
            return str(self._standing.owners[number])
        return str(self._added[number - self._old]["project_id"])

    def nearest(self, point: Point) -> Near | None:
        """The nearest street of all that can be joined, however far."""
        for limit_m in LIMITS_M:
            found = self.near(point, limit_m)
            if found:
                return min(found.values(), key=lambda near: (near.distance_m, near.number))
        return None

    def node_on(self, number: int, point: Point, new_id: str) -> tuple[str, Point]:
        """The node where a street is nearest to a point, and its place.

        An end of the street or an earlier cut that is there within 1 m; else the street is cut.
        """
        street, cuts = self.street(number), self._cuts.get(number, ())
        line = street["geometry"]
        fraction = float(line.project(point, normalized=True))
        foot = line.interpolate(fraction, normalized=True)
        for at, node_id in [(0.0, street["u"]), (1.0, street["v"]), *cuts]:
            if abs(fraction - at) * line.length <= ENDS_MEET_M:
                return str(node_id), foot
        self._cuts = {**self._cuts, number: (*cuts, (fraction, new_id))}
        self.add_node(new_id, foot)
        return new_id, foot

    def place(self, node_id: str) -> Point:
        """Where a node is."""
        return self._nodes.get(node_id) or self._network.nodes.geometry[node_id]

    def add_node(self, node_id: str, point: Point) -> None:
        """Add a node at which no street ends yet."""
        self._nodes = {**self._nodes, node_id: point}

    def drop_node(self, node_id: str) -> None:
        """Take back a node that was added."""
        self._nodes = {name: point for name, point in self._nodes.items() if name != node_id}

    def add_streets(self, records: Sequence[Mapping[str, Any]]) -> None:
        """Add streets between nodes."""
        new = [dict(street) for street in records]
        rules = pd.DataFrame({name: [street[name] for street in new] for name in JOINING_FIELDS})
        can_join = np.flatnonzero(can_be_joined(rules))
        self._added_open = np.concatenate([self._added_open, len(self._added) + can_join])
        lines = np.array([street["geometry"] for street in new], dtype=object)
        self._added_lines = np.concatenate([self._added_lines, lines])
        self._added += tuple(new)

    def network(self) -> RoadNetwork:
        """What has come of it; the network as it was if nothing has."""
        if not self._cuts and not self._gone and not self._added:
            return self._network
        rows, at = [], []
        added = range(self._old, self._old + len(self._added))
        for number in sorted({*self._cuts, *added} - self._gone):
            parts = street_parts(self.street(number), self._cuts.get(number, ()))
            rows += parts
            at += [number] * len(parts)
        stays = np.ones(self._old, dtype=bool)
        stays[[n for n in (*self._gone, *self._cuts) if n < self._old]] = False
        table, origin = with_rows(self._standing.streets, np.flatnonzero(stays), rows, at)
        crs = self._network.nodes.crs
        points = np.array(list(self._nodes.values()), dtype=object)
        new = node_table(list(self._nodes), points, [""] * len(points), str(crs))
        nodes = gpd.GeoDataFrame(pd.concat([self._network.nodes, new]), crs=crs)
        return road_network(nodes, table, ends=self._ends(rows, origin))

    def _ends(self, rows: Sequence[Mapping[str, Any]], origin: np.ndarray) -> np.ndarray:
        """`RoadNetwork.ends` of streets of the network and others, see `with_rows`."""
        before = self._network
        number = {name: n for n, name in enumerate(self._nodes, len(before.nodes))}
        ends = np.empty((len(origin), 2), dtype=np.int64)
        ends[origin >= 0] = before.ends[origin[origin >= 0]]
        for column, end in enumerate(("u", "v")):
            names = [row[end] for row in rows]
            known = before.nodes.index.get_indexer(pd.Index(names, dtype=object))
            new = [number.get(name, -1) for name in names]
            ends[origin < 0, column] = np.where(known < 0, new, known)[-1 - origin[origin < 0]]
        return ends
