"""Roads joined to a network at their ends, and nowhere else."""

from __future__ import annotations

from collections.abc import Sequence
from copy import copy
from typing import Any
from weakref import ref

import geopandas as gpd
import pandas as pd
import shapely
from shapely.geometry import LineString, Point

from geo.crs import lonlat_of
from geo.faults import Fault
from layers.planned.road_draft import Near, RoadDraft
from layers.planned.roads import PlannedRoads
from layers.roads import ENDS_MEET_M, RoadNetwork

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
    """The roads of one project, while the nodes of their ends come to be known.

    `node_ids` are the nodes at the ends of `roads`; `known` says which of them existed before.
    """

    def __init__(self, roads: PlannedRoads, draft: RoadDraft) -> None:
        at_node = draft.nodes_at(roads.points)
        self.roads = roads
        self.known = [node is not None for node in at_node]
        self.node_ids = [node or f"{roads.project_id}.{n}" for n, node in enumerate(at_node)]
        self.records = [
            {**record, "u": self.node_ids[start], "v": self.node_ids[end]}
            for record, (start, end) in zip(roads.records, roads.ends, strict=True)
        ]
        self.merged: dict[str, str] = {}

    @property
    def loose(self) -> list[int]:
        """The ends that only one road has and no node is at."""
        return [end for end in self.roads.single if not self.known[end]]

    def road_of(self, end: int) -> dict[str, Any]:
        """The first road that has an end."""
        return self.records[self.roads.roads_at(end)[0]]

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
    (`layers.planned.joinable_streets.can_be_joined`) within the limit, which is split there, and a
    street of each earlier project that is nearer still: a project gives more to join and takes
    nothing away.

    Parameters
    ----------
    network
        Roads to join; not changed.
    portal_snap_m
        Farthest that an end may be from the street it joins, metres.
    """

    _made: ref[RoadNetwork] | None = None

    def __init__(self, network: RoadNetwork, portal_snap_m: float) -> None:
        self.draft = RoadDraft(network)
        self._crs = network.nodes.crs
        self._snap_m = portal_snap_m
        self._joins: tuple[tuple[Any, ...], ...] = ()
        self._loose: dict[str, tuple[Any, ...]] = {}

    def copy(self) -> Joining:
        """Another that goes on from here."""
        other = copy(self)
        other.draft = copy(self.draft)
        return other

    @property
    def network(self) -> RoadNetwork:
        """What has come of it; one network for all who hold it at a time."""
        made = self._made() if self._made else None
        if made is None:
            made = self.draft.network()
            self._made = ref(made)
        return made

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
        return self._table(tuple(self._loose.values()))

    def _table(self, rows: tuple[tuple[Any, ...], ...]) -> gpd.GeoDataFrame:
        table = pd.DataFrame.from_records(list(rows), columns=list(JOIN_COLUMNS))
        return gpd.GeoDataFrame(table, geometry="geometry", crs=self._crs)

    def remove(self, osmids: Sequence[str]) -> None:
        """Take streets away; their nodes stay."""
        self._made = None
        self.draft.remove(osmids)

    def add_roads(self, roads: PlannedRoads) -> list[Fault]:
        """Add the roads of one project: ends join, crossings do not.

        Returns
        -------
        list of Fault
            An end of a tunnel that finds nothing, and a project that meets the network nowhere.
            The end of another road may be loose.
        """
        self._made = None
        project, before = _OneProject(roads, self.draft), len(self._joins)
        self._join_known(project)
        faults = [f for end in project.loose for f in self._join_loose(project, end)]
        if len(self._joins) == before and not faults:
            message, at = "none of its roads meets the network", roads.points[0]
            faults.append(self._too_far(roads.project_id, "", message, at=at))
        self.draft.add_streets(project.records)
        return faults

    def _too_far(
        self, project_id: str, link_id: str, message: str, *, at: Point, away: float | None = None
    ) -> Fault:
        allowed, place = f"0 to {self._snap_m:g} m", lonlat_of(at.x, at.y, str(self._crs))
        file, code = f"{project_id}.geojson", "portal-too-far"
        return Fault(file, link_id, code, message, allowed, place=place, value=away)

    def _note_join(self, row: tuple[Any, ...], at: str) -> None:
        """An end joined something at a node, where an earlier one may have been loose."""
        self._joins = (*self._joins, row)
        self._loose = {node_id: end for node_id, end in self._loose.items() if node_id != at}

    def _join_known(self, project: _OneProject) -> None:
        """Note the ends that are at a node; make nodes of the others."""
        for end, (node_id, point) in enumerate(
            zip(project.node_ids, project.roads.points, strict=True)
        ):
            if project.known[end]:
                away = point.distance(self.draft.place(node_id))
                self._note_join(
                    _row(project.road_of(end), node_id, node_id, (away, point)), node_id
                )
            else:
                self.draft.add_node(node_id, point)

    def _join_loose(self, project: _OneProject, end: int) -> list[Fault]:
        """Join an end that is at no node to the streets near it."""
        road, point = project.road_of(end), project.roads.points[end]
        streets = self._streets_to_join(point)
        for street in streets:
            self._join_street(project, end, street)
        if streets:
            return []
        nearest = self.draft.nearest(point)
        away = nearest.distance_m if nearest else float("inf")
        if road["tunnel"]:
            message = f"an end of the tunnel is {away:.0f} m from any road it can join"
            known = round(away, 1) if nearest else None
            return [self._too_far(road["project_id"], road["osmid"], message, at=point, away=known)]
        way, node_id = point, project.node_ids[end]
        if nearest:
            way = shapely.shortest_line(point, self.draft.street(nearest.number)["geometry"])
        joint = (away if nearest else None, way)
        self._loose = {**self._loose, node_id: _row(road, node_id, "", joint)}
        return []

    def _streets_to_join(self, point: Point) -> list[Near]:
        """What an end joins, nearest last: the existing street and nearer ones of projects."""
        near = self.draft.near(point, self._snap_m)
        limit = near[""].distance_m if "" in near else self._snap_m
        chosen = [near[own] for own in sorted(near) if not own or near[own].distance_m < limit]
        return sorted(chosen, key=lambda street: -street.distance_m)

    def _join_street(self, project: _OneProject, end: int, near: Near) -> None:
        """Join an end to one street, which is split at the foot of the joint."""
        road, point = project.road_of(end), project.roads.points[end]
        node_id, street = project.node_ids[end], self.draft.street(near.number)
        at, foot = self.draft.node_on(near.number, point, f"{node_id}@{street['osmid']}")
        way = LineString([point, foot])
        same_place = way.length <= ENDS_MEET_M
        if same_place and node_id not in project.merged:
            project.merge(node_id, at)
            self.draft.drop_node(node_id)
        elif way.length:
            here = project.merged.get(node_id, node_id)
            project.records.append(_connector(way, road, (here, at)))
        joint = (way.length, point if same_place else way)
        self._note_join(_row(road, node_id, street["osmid"], joint), at)
