"""Roads joined to a network at their ends, and nowhere else."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

import geopandas as gpd
import numpy as np
import pandas as pd
import shapely
from shapely.geometry import LineString, Point

from geo.faults import Fault
from layers.draft import Near, RoadDraft
from layers.roads import ENDS_MEET_M, RoadNetwork, as_streets

JOIN_COLUMNS = (
    "project_id",
    "node_id",
    "link_id",
    "tunnel",
    "joined_to",
    "distance_m",
    "geometry",
)
"""Of ends of roads: whose, the node and road, whether that is a tunnel, what it joins (`osmid` of a
street or node; empty: nothing), how far off that is (metres), and the way there."""


def _row(
    road: dict[str, Any], node_id: str, joined_to: str, joint: tuple[float | None, Any]
) -> tuple[Any, ...]:
    """One row of `JOIN_COLUMNS`; the joint is its distance and its way."""
    return (road["project_id"], node_id, road["osmid"], bool(road["tunnel"]), joined_to, *joint)


@dataclass(frozen=True)
class _Ends:
    """The distinct ends of a project's roads.

    `points` are the places, `node_ids` their nodes, `known` whether the node existed before, and
    `of_road` the numbers of each road's two ends.
    """

    points: np.ndarray
    node_ids: tuple[str, ...]
    known: tuple[bool, ...]
    of_road: np.ndarray

    @property
    def loose(self) -> list[int]:
        """Those that only one road has and no node is at."""
        uses = np.bincount(self.of_road.ravel(), minlength=len(self.points))
        return [n for n in range(len(self.points)) if not self.known[n] and uses[n] == 1]


def _ends(roads: gpd.GeoDataFrame, draft: RoadDraft, project_id: str) -> _Ends:
    lines = roads.geometry.to_numpy()
    points = np.concatenate([shapely.get_point(lines, 0), shapely.get_point(lines, -1)])
    pair = shapely.STRtree(points).query(points, predicate="dwithin", distance=ENDS_MEET_M)
    first = np.full(len(points), len(points))
    np.minimum.at(first, pair[0], pair[1])
    distinct, number = np.unique(first, return_inverse=True)
    points = points[distinct]
    at_node = draft.nodes_at(points)
    ids = tuple(known or f"{project_id}.{n}" for n, known in enumerate(at_node))
    known = tuple(node is not None for node in at_node)
    return _Ends(points, ids, known, np.asarray(number.reshape(2, len(lines)).T))


def _connector(line: LineString, like: dict[str, Any], ends: tuple[str, str]) -> dict[str, Any]:
    """A straight street from a road's end to the street that it joins."""
    return like | {
        "u": ends[0],
        "v": ends[1],
        "osmid": f"{like['osmid']}+join",
        "crossing": None,
        "screenline": None,
        "oneway": False,
        "tunnel": False,
        "bridge": False,
        "length": max(line.length, ENDS_MEET_M),
        "geometry": line,
    }


class _OneProject:
    """The roads of one project, while the nodes of their ends come to be known."""

    def __init__(self, roads: gpd.GeoDataFrame, ends: _Ends) -> None:
        ids = np.array(ends.node_ids, dtype=object)
        placed = roads.assign(u=ids[ends.of_road[:, 0]], v=ids[ends.of_road[:, 1]])
        self.records: list[dict[str, Any]] = placed.to_dict("records")
        self.ends = ends
        self.merged: dict[str, str] = {}

    def road_of(self, end: int) -> dict[str, Any]:
        """The first road that has an end."""
        return self.records[int(np.argmax((self.ends.of_road == end).any(axis=1)))]

    def merge(self, node_id: str, into: str) -> None:
        """An end's node is another node."""
        self.merged[node_id] = into
        for record in self.records:
            for end in ("u", "v"):
                record[end] = into if record[end] == node_id else record[end]


class Joining:
    """A network to which the roads of projects are joined, one project after the other.

    An end within 1 m of a node that cars reach is that node. An end that two roads of a project
    share is a node of its own. Any other end joins the nearest existing street that it can join
    (`layers.draft.can_be_joined`) within the limit, which is split there, and a street of each
    earlier project that is nearer still: a project gives more to join and takes nothing away.

    Parameters
    ----------
    network
        Roads to join; not changed.
    portal_snap_m
        Farthest that an end may be from the street it joins, metres.
    """

    def __init__(self, network: RoadNetwork, portal_snap_m: float) -> None:
        self.draft = RoadDraft(network)
        self._crs = network.nodes.crs
        self._snap_m = portal_snap_m
        self._joins: list[tuple[Any, ...]] = []
        self._loose: dict[str, tuple[Any, ...]] = {}

    @property
    def joins(self) -> gpd.GeoDataFrame:
        """Where ends met the network, `JOIN_COLUMNS`: a row for each street or node joined.

        A node and a street within 1 m are where the end is (a Point).
        """
        return self._table(self._joins)

    @property
    def loose(self) -> gpd.GeoDataFrame:
        """Ends that join nothing, `JOIN_COLUMNS`.

        The distance and the way are those to the nearest street that could be joined, missing and
        the end itself if there is none.
        """
        return self._table(list(self._loose.values()))

    def _table(self, rows: list[tuple[Any, ...]]) -> gpd.GeoDataFrame:
        table = pd.DataFrame.from_records(rows, columns=list(JOIN_COLUMNS))
        return gpd.GeoDataFrame(table, geometry="geometry", crs=self._crs)

    def add_roads(self, records: gpd.GeoDataFrame, project_id: str) -> list[Fault]:
        """Add the roads of one project: ends join, crossings do not.

        Parameters
        ----------
        records
            Projected LineStrings with the columns of `layers.roads.ROAD_FIELDS`.
        project_id
            Marks the new streets.

        Returns
        -------
        list of Fault
            An end of a tunnel that finds nothing, and a project that meets the network nowhere.
            The end of another road may be loose.
        """
        roads = as_streets(records, project_id=project_id)
        project = _OneProject(roads, _ends(roads, self.draft, project_id))
        before = len(self._joins)
        self._join_known(project)
        faults = [f for end in project.ends.loose for f in self._join_loose(project, end)]
        if len(self._joins) == before and not faults:
            faults.append(self._too_far(project_id, "", "none of its roads meets the network"))
        self.draft.add_streets(project.records)
        return faults

    def _too_far(self, project_id: str, link_id: str, message: str) -> Fault:
        allowed = f"0 to {self._snap_m:g} m"
        return Fault(f"{project_id}.geojson", link_id, "portal-too-far", message, allowed)

    def _join_known(self, project: _OneProject) -> None:
        """Note the ends that are at a node; make nodes of the others."""
        ends = project.ends
        for end, (node_id, point) in enumerate(zip(ends.node_ids, ends.points, strict=True)):
            if ends.known[end]:
                self._loose.pop(node_id, None)
                away = point.distance(self.draft.place(node_id))
                self._joins.append(_row(project.road_of(end), node_id, node_id, (away, point)))
            else:
                self.draft.add_node(node_id, point)

    def _join_loose(self, project: _OneProject, end: int) -> list[Fault]:
        """Join an end that is at no node to the streets near it."""
        road, point = project.road_of(end), project.ends.points[end]
        streets = self._streets_to_join(point)
        for street in streets:
            self._join_street(project, end, street)
        if streets:
            return []
        nearest = self.draft.nearest(point)
        away = nearest.distance_m if nearest else float("inf")
        if road["tunnel"]:
            message = f"an end of the tunnel is {away:.0f} m from any road it can join"
            return [self._too_far(road["project_id"], road["osmid"], message)]
        way, node_id = point, project.ends.node_ids[end]
        if nearest:
            way = shapely.shortest_line(point, self.draft.street(nearest.number)["geometry"])
        self._loose[node_id] = _row(road, node_id, "", (away if nearest else None, way))
        return []

    def _streets_to_join(self, point: Point) -> list[Near]:
        """What an end joins, nearest last: the existing street and nearer ones of projects."""
        near = self.draft.near(point, self._snap_m)
        limit = near[""].distance_m if "" in near else self._snap_m
        chosen = [near[own] for own in sorted(near) if not own or near[own].distance_m < limit]
        return sorted(chosen, key=lambda street: -street.distance_m)

    def _join_street(self, project: _OneProject, end: int, near: Near) -> None:
        """Join an end to one street, which is split at the foot of the joint."""
        road, point = project.road_of(end), project.ends.points[end]
        node_id, street = project.ends.node_ids[end], self.draft.street(near.number)
        at, foot = self.draft.node_on(near.number, point, f"{node_id}@{street['osmid']}")
        way = LineString([point, foot])
        same_place = way.length <= ENDS_MEET_M
        if same_place and node_id not in project.merged:
            project.merge(node_id, at)
            self.draft.drop_node(node_id)
        elif way.length:
            here = project.merged.get(node_id, node_id)
            project.records.append(_connector(way, road, (here, at)))
        self._loose.pop(at, None)
        joint = (way.length, point if same_place else way)
        self._joins.append(_row(road, node_id, street["osmid"], joint))
