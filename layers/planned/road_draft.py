"""A road network while roads are added to it: search for streets to join, and the result."""

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
"""Radii of the search for the nearest street, tried in turn; the last covers the earth."""


@dataclass(frozen=True)
class NearStreet:
    """A street that an end may join: its number in the draft, its project and its distance."""

    number: int
    owner: str
    distance_m: float


class RoadDraft:
    """A network, with the streets, nodes and cuts to be added.

    Streets are numbered: those of the network as in `streets(network)`, then the added ones. The
    new network is built once, by `network()`; until then an end only takes a search in a spatial
    index, however large the network is. Attributes are replaced and never changed in place, so a
    shallow copy is an independent draft.
    """

    def __init__(self, network: RoadNetwork) -> None:
        self._network = network
        self._joinable = joinable_streets(network)
        self._existing_count = len(self._joinable.streets)
        self._added: tuple[dict[str, Any], ...] = ()
        self._added_lines = np.empty(0, dtype=object)
        self._added_open = np.empty(0, dtype=np.int64)
        self._removed: frozenset[int] = frozenset()
        self._nodes: dict[str, Point] = {}
        self._cuts: dict[int, tuple[tuple[float, str], ...]] = {}

    def street(self, number: int) -> dict[str, Any]:
        """One street as a record, uncut."""
        if number < self._existing_count:
            return self._joinable.street(number)
        return self._added[number - self._existing_count]

    def numbers_of(self, osmids: Sequence[str]) -> list[int]:
        """The numbers of the streets with some ids, without removed streets."""
        if not osmids:
            return []
        existing = np.flatnonzero(self._joinable.streets["osmid"].isin(osmids).to_numpy())
        added = [
            n
            for n, street in enumerate(self._added, self._existing_count)
            if street["osmid"] in osmids
        ]
        return [n for n in (*existing.tolist(), *added) if n not in self._removed]

    def remove(self, osmids: Sequence[str]) -> None:
        """Remove streets; their nodes stay."""
        self._removed |= frozenset(self.numbers_of(osmids))

    def nodes_at(self, points: np.ndarray) -> list[str | None]:
        """The node within 1 m of each point, or None; nodes that cars cannot reach do not count."""
        node_ids: list[str | None] = [None] * len(points)
        nodes = self._network.nodes
        at, node = nodes.sindex.nearest(points, return_all=False, max_distance=ENDS_MEET_M)
        for point, number in zip(at, node, strict=True):
            node_ids[point] = str(nodes.index[number]) if self._has_cars(number) else None
        names, positions = list(self._nodes), np.array(list(self._nodes.values()), dtype=object)
        for n in range(len(points) if names else 0):
            distances = shapely.distance(positions, points[n])
            if node_ids[n] is None and distances.min() <= ENDS_MEET_M:
                node_ids[n] = names[int(distances.argmin())]
        return node_ids

    def _has_cars(self, node: int) -> bool:
        """Whether a street for cars ends at a node, or no street at all."""
        if self._joinable.by_car[node]:
            return True
        name = self._network.nodes.index[node]
        drive_flags = [
            street["drive"] for street in self._added if name in {street["u"], street["v"]}
        ]
        return any(drive_flags) or not (drive_flags or self._joinable.used[node])

    def near(self, point: Point, limit_m: float) -> dict[str, NearStreet]:
        """The nearest street within a limit that can be joined, by project ("" if existing)."""
        near_open = self._joinable.tree.query(point, predicate="dwithin", distance=limit_m)
        existing, added = np.sort(self._joinable.open[near_open]), self._added_open
        numbers = np.concatenate([existing, self._existing_count + added])
        lines = np.concatenate([self._joinable.lines[existing], self._added_lines[added]])
        distances = shapely.distance(lines, point)
        nearest_by_owner: dict[str, NearStreet] = {}
        # the first of equally near streets counts
        for k in np.argsort(distances, kind="stable"):
            number, owner = int(numbers[k]), self._owner(int(numbers[k]))
            if (
                distances[k] <= limit_m
                and owner not in nearest_by_owner
                and number not in self._removed
            ):
                nearest_by_owner[owner] = NearStreet(number, owner, float(distances[k]))
        return nearest_by_owner

    def _owner(self, number: int) -> str:
        """`project_id` of a street."""
        if number < self._existing_count:
            return str(self._joinable.owners[number])
        return str(self._added[number - self._existing_count]["project_id"])

    def nearest(self, point: Point) -> NearStreet | None:
        """The nearest street that can be joined, at any distance."""
        for limit_m in LIMITS_M:
            candidates = self.near(point, limit_m)
            if candidates:
                return min(candidates.values(), key=lambda near: (near.distance_m, near.number))
        return None

    def node_on(self, number: int, point: Point, new_id: str) -> tuple[str, Point]:
        """The node where a street is nearest to a point, and its position.

        An end of the street or an earlier cut within 1 m of there; else the street is cut.
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
        """The position of a node."""
        return self._nodes.get(node_id) or self._network.nodes.geometry[node_id]

    def add_node(self, node_id: str, point: Point) -> None:
        """Add a node at which no street ends yet."""
        self._nodes = {**self._nodes, node_id: point}

    def drop_node(self, node_id: str) -> None:
        """Remove a node that was added."""
        self._nodes = {name: point for name, point in self._nodes.items() if name != node_id}

    def add_streets(self, records: Sequence[Mapping[str, Any]]) -> None:
        """Add streets between existing nodes."""
        added = [dict(street) for street in records]
        columns = pd.DataFrame(
            {name: [street[name] for street in added] for name in JOINING_FIELDS}
        )
        can_join = np.flatnonzero(can_be_joined(columns))
        self._added_open = np.concatenate([self._added_open, len(self._added) + can_join])
        lines = np.array([street["geometry"] for street in added], dtype=object)
        self._added_lines = np.concatenate([self._added_lines, lines])
        self._added += tuple(added)

    def network(self) -> RoadNetwork:
        """The new network; the old one if nothing was added, removed or cut."""
        if not self._cuts and not self._removed and not self._added:
            return self._network
        rows, positions = [], []
        added = range(self._existing_count, self._existing_count + len(self._added))
        for number in sorted({*self._cuts, *added} - self._removed):
            parts = street_parts(self.street(number), self._cuts.get(number, ()))
            rows += parts
            positions += [number] * len(parts)
        is_kept = np.ones(self._existing_count, dtype=bool)
        is_kept[[n for n in (*self._removed, *self._cuts) if n < self._existing_count]] = False
        table, origin = with_rows(self._joinable.streets, np.flatnonzero(is_kept), rows, positions)
        crs = self._network.nodes.crs
        points = np.array(list(self._nodes.values()), dtype=object)
        added_nodes = node_table(list(self._nodes), points, [""] * len(points), str(crs))
        nodes = gpd.GeoDataFrame(pd.concat([self._network.nodes, added_nodes]), crs=crs)
        return road_network(nodes, table, ends=self._ends(rows, origin))

    def _ends(self, rows: Sequence[Mapping[str, Any]], origin: np.ndarray) -> np.ndarray:
        """`RoadNetwork.ends` of the new table, from the old ends where streets are unchanged."""
        old = self._network
        new_number = {name: n for n, name in enumerate(self._nodes, len(old.nodes))}
        ends = np.empty((len(origin), 2), dtype=np.int64)
        ends[origin >= 0] = old.ends[origin[origin >= 0]]
        for column, end in enumerate(("u", "v")):
            names = [row[end] for row in rows]
            old_number = old.nodes.index.get_indexer(pd.Index(names, dtype=object))
            new_numbers = [new_number.get(name, -1) for name in names]
            ends[origin < 0, column] = np.where(old_number < 0, new_numbers, old_number)[
                -1 - origin[origin < 0]
            ]
        return ends
