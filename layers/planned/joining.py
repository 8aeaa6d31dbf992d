"""Joining of new roads to a network, at their ends only."""

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
from layers.planned.project_roads import ProjectRoads
from layers.planned.road_draft import NearStreet, RoadDraft
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
"""An end of a road: project, node, road, whether that is a tunnel, what the end joins (`osmid` of a
street or node; empty for nothing), its distance (metres), and the line to it."""


def _row(
    road: dict[str, Any], node_id: str, joined_to: str, joint: tuple[float | None, Any]
) -> tuple[Any, ...]:
    """One row of `JOIN_COLUMNS`; `joint` is the distance and the line."""
    return (road["project_id"], node_id, road["osmid"], bool(road["tunnel"]), joined_to, *joint)


def _connector(line: LineString, like: dict[str, Any], ends: tuple[str, str]) -> dict[str, Any]:
    """A straight street from a road's end to the street that it joins, with the road's values."""
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


class Joining:
    """A network to which the roads of projects are joined, project by project.

    An end within 1 m of a node that cars can reach is that node. An end that several roads of a
    project share is a new node. Any other end joins the nearest existing street that can be joined
    (`layers.planned.joinable_streets.can_be_joined`) within the limit, which is split there. It
    also joins the nearest street of each earlier project that is nearer still, so that earlier
    projects add joins and never take one away.

    Parameters
    ----------
    network
        The roads to join; not changed.
    portal_snap_m
        Largest distance of an end from the street that it joins, metres.
    """

    _network_ref: ref[RoadNetwork] | None = None

    def __init__(self, network: RoadNetwork, portal_snap_m: float) -> None:
        self.draft = RoadDraft(network)
        self._crs = network.nodes.crs
        self._snap_m = portal_snap_m
        self._joins: tuple[tuple[Any, ...], ...] = ()
        self._loose: dict[str, tuple[Any, ...]] = {}

    def copy(self) -> Joining:
        """An independent copy in the same state."""
        other = copy(self)
        other.draft = copy(self.draft)
        return other

    @property
    def network(self) -> RoadNetwork:
        """The network with all roads joined; one object while it is in use (a weak reference)."""
        network = self._network_ref() if self._network_ref else None
        if network is None:
            network = self.draft.network()
            self._network_ref = ref(network)
        return network

    @property
    def joins(self) -> gpd.GeoDataFrame:
        """Joins of ends to the network, `JOIN_COLUMNS`: one row for each street or node joined.

        The geometry is a Point if the node or street is within 1 m of the end.
        """
        return self._table(self._joins)

    @property
    def loose(self) -> gpd.GeoDataFrame:
        """Ends that join nothing, `JOIN_COLUMNS`.

        The distance and the line are those to the nearest street that could be joined. If there is
        none, the distance is missing and the geometry is the end.
        """
        return self._table(tuple(self._loose.values()))

    def _table(self, rows: tuple[tuple[Any, ...], ...]) -> gpd.GeoDataFrame:
        table = pd.DataFrame.from_records(list(rows), columns=list(JOIN_COLUMNS))
        return gpd.GeoDataFrame(table, geometry="geometry", crs=self._crs)

    def remove(self, osmids: Sequence[str]) -> None:
        """Remove streets; their nodes stay."""
        self._network_ref = None
        self.draft.remove(osmids)

    def add_roads(self, roads: PlannedRoads) -> list[Fault]:
        """Add the roads of one project, joined at their ends and not where they cross.

        Returns
        -------
        list of Fault
            Ends of tunnels without a street to join, and projects that join nothing. Ends of
            other roads may be loose.
        """
        self._network_ref = None
        project, joins_before = ProjectRoads(roads, self.draft), len(self._joins)
        self._join_known(project)
        faults = [f for end in project.loose for f in self._join_loose(project, end)]
        if len(self._joins) == joins_before and not faults:
            message, at = "none of its roads meets the network", roads.points[0]
            faults.append(self._too_far(roads.project_id, "", message, at=at))
        self.draft.add_streets(project.records)
        return faults

    def _too_far(
        self,
        project_id: str,
        link_id: str,
        message: str,
        *,
        at: Point,
        distance_m: float | None = None,
    ) -> Fault:
        allowed, place = f"0 to {self._snap_m:g} m", lonlat_of(at.x, at.y, str(self._crs))
        file, code = f"{project_id}.geojson", "portal-too-far"
        return Fault(file, link_id, code, message, allowed, place=place, value=distance_m)

    def _note_join(self, row: tuple[Any, ...], at: str) -> None:
        """Record a join at a node, which may end an earlier loose end there."""
        self._joins = (*self._joins, row)
        self._loose = {node_id: end for node_id, end in self._loose.items() if node_id != at}

    def _join_known(self, project: ProjectRoads) -> None:
        """Record joins of ends at existing nodes; add nodes for the others."""
        for end, (node_id, point) in enumerate(
            zip(project.node_ids, project.roads.points, strict=True)
        ):
            if project.known[end]:
                distance_m = point.distance(self.draft.place(node_id))
                self._note_join(
                    _row(project.road_of(end), node_id, node_id, (distance_m, point)), node_id
                )
            else:
                self.draft.add_node(node_id, point)

    def _join_loose(self, project: ProjectRoads, end: int) -> list[Fault]:
        """Join an end that is at no existing node to the streets near it."""
        road, point = project.road_of(end), project.roads.points[end]
        streets = self._streets_to_join(point)
        for street in streets:
            self._join_street(project, end, street)
        if streets:
            return []
        nearest = self.draft.nearest(point)
        distance_m = nearest.distance_m if nearest else float("inf")
        if road["tunnel"]:
            message = f"an end of the tunnel is {distance_m:.0f} m from any road it can join"
            known = round(distance_m, 1) if nearest else None
            return [
                self._too_far(
                    road["project_id"], road["osmid"], message, at=point, distance_m=known
                )
            ]
        line, node_id = point, project.node_ids[end]
        if nearest:
            line = shapely.shortest_line(point, self.draft.street(nearest.number)["geometry"])
        joint = (distance_m if nearest else None, line)
        self._loose = {**self._loose, node_id: _row(road, node_id, "", joint)}
        return []

    def _streets_to_join(self, point: Point) -> list[NearStreet]:
        """The streets that an end joins, nearest last: existing, and nearer ones of projects."""
        near = self.draft.near(point, self._snap_m)
        limit = near[""].distance_m if "" in near else self._snap_m
        chosen = [
            near[owner] for owner in sorted(near) if not owner or near[owner].distance_m < limit
        ]
        return sorted(chosen, key=lambda street: -street.distance_m)

    def _join_street(self, project: ProjectRoads, end: int, near: NearStreet) -> None:
        """Join an end to a street, which is split at its nearest point."""
        road, point = project.road_of(end), project.roads.points[end]
        node_id, street = project.node_ids[end], self.draft.street(near.number)
        join_node, foot = self.draft.node_on(near.number, point, f"{node_id}@{street['osmid']}")
        line = LineString([point, foot])
        same_place = line.length <= ENDS_MEET_M
        if same_place and node_id not in project.merged:
            project.merge(node_id, join_node)
            self.draft.drop_node(node_id)
        elif line.length:
            end_node = project.merged.get(node_id, node_id)
            project.records.append(_connector(line, road, (end_node, join_node)))
        joint = (line.length, point if same_place else line)
        self._note_join(_row(road, node_id, street["osmid"], joint), join_node)
