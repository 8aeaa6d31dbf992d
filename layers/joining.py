"""Roads joined to a network at their ends, and nowhere else."""

from __future__ import annotations

from dataclasses import dataclass

import geopandas as gpd
import numpy as np
import pandas as pd
import shapely
from shapely.geometry import LineString, Point
from shapely.ops import substring

from geo.faults import Fault
from layers.roads import ENDS_MEET_M, RoadNetwork, as_streets, node_table, road_network, streets

MOTORWAYS = ("motorway", "motorway_link")

JOIN_COLUMNS = ("project_id", "node_id", "joined_to", "distance_m", "geometry")


@dataclass(frozen=True)
class Joined:
    """A network with new roads in it.

    Attributes
    ----------
    roads
        The network with the roads added.
    joins
        One row an end that joined the existing network, `JOIN_COLUMNS`: the node or street it
        joined and the straight distance of the joint in metres.
    faults
        Ends that found nothing to join.
    """

    roads: RoadNetwork
    joins: gpd.GeoDataFrame
    faults: tuple[Fault, ...]


def can_be_joined(roads: gpd.GeoDataFrame) -> np.ndarray:
    """Which streets a new road may meet midway: no tunnel, no bridge, no motorway."""
    closed = roads["tunnel"].astype(bool) | roads["bridge"].astype(bool)
    return np.asarray(~(closed | roads["highway"].isin(MOTORWAYS)))


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


def _ends(roads: gpd.GeoDataFrame, nodes: gpd.GeoDataFrame, project_id: str) -> _Ends:
    lines = roads.geometry.to_numpy()
    points = np.concatenate([shapely.get_point(lines, 0), shapely.get_point(lines, -1)])
    pair = shapely.STRtree(points).query(points, predicate="dwithin", distance=ENDS_MEET_M)
    first = np.full(len(points), len(points))
    np.minimum.at(first, pair[0], pair[1])
    distinct, number = np.unique(first, return_inverse=True)
    points = points[distinct]
    at_node = _at_node(points, nodes)
    ids = tuple(known or f"{project_id}.{n}" for n, known in enumerate(at_node))
    known = tuple(node is not None for node in at_node)
    return _Ends(points, ids, known, np.asarray(number.reshape(2, len(lines)).T))


def _at_node(points: np.ndarray, nodes: gpd.GeoDataFrame) -> list[str | None]:
    """The id of the node at each point, or None."""
    found: list[str | None] = [None] * len(points)
    if nodes.empty:
        return found
    at, node = nodes.sindex.nearest(points, return_all=False, max_distance=ENDS_MEET_M)
    for point, index in zip(at, node, strict=True):
        found[point] = str(nodes.index[index])
    return found


def _connector(start: Point, end: Point, like: pd.Series) -> dict[str, object]:
    """A straight street from a road's end to the street that it joins."""
    line = LineString([start, end])
    same = ("name", "name_en", "highway", "lanes", "maxspeed", "bus", "project_id")
    return {key: like[key] for key in same} | {
        "osmid": f"{like['osmid']}+join",
        "crossing": None,
        "screenline": None,
        "oneway": False,
        "tunnel": False,
        "bridge": False,
        "length": max(line.length, ENDS_MEET_M),
        "geometry": line,
    }


def split_street(
    table: gpd.GeoDataFrame, index: int, fraction: float, node_id: str
) -> gpd.GeoDataFrame:
    """The table with one street cut in two at a fraction of its drawn length.

    Lengths share the coded length in the same proportion, so that no time changes.
    """
    row = table.loc[index]
    line = row.geometry
    at = fraction * line.length
    halves = []
    for start, end, share in ((0.0, at, fraction), (at, line.length, 1 - fraction)):
        half = row.copy()
        half["geometry"] = substring(line, start, end)
        half["length"] = row["length"] * share
        halves.append(half)
    halves[0]["v"] = halves[1]["u"] = node_id
    parts = gpd.GeoDataFrame(pd.DataFrame(halves), geometry="geometry", crs=table.crs)
    together = pd.concat([table.drop(index=index), parts], ignore_index=True)
    return gpd.GeoDataFrame(together, geometry="geometry", crs=table.crs)


class _Joining:
    """The state of one project's joining: streets, nodes, joins and faults so far."""

    def __init__(
        self, network: RoadNetwork, roads: gpd.GeoDataFrame, ends: _Ends, snap_m: float
    ) -> None:
        ids = np.array(ends.node_ids, dtype=object)
        self.table = streets(network)
        self.nodes = network.nodes
        self.roads = roads.assign(u=ids[ends.of_road[:, 0]], v=ids[ends.of_road[:, 1]])
        self.ends = ends
        self.snap_m = snap_m
        self.new_nodes: dict[str, Point] = {
            node: point
            for node, point, known in zip(ids, ends.points, ends.known, strict=True)
            if not known
        }
        self.joins: list[tuple[str, str, str, float, Point]] = [
            (str(roads["project_id"].iloc[0]), node, node, point.distance(at), point)
            for node, point, known in zip(ids, ends.points, ends.known, strict=True)
            if known
            for at in [network.nodes.geometry[node]]
        ]
        self.faults: list[Fault] = []

    def nearest_street(self, point: Point, owner: str) -> tuple[int, float]:
        """Index of an owner's nearest street that can be joined, and its distance."""
        mine = self.table.loc[can_be_joined(self.table) & (self.table["project_id"] == owner)]
        if mine.empty:
            return -1, float("inf")
        at, away = mine.sindex.nearest(point, return_all=False, return_distance=True)
        return int(mine.index[at[1][0]]), float(away[0])

    def owners_to_join(self, point: Point) -> tuple[list[str], float]:
        """Whose streets an end joins, nearest last, and the distance of the nearest street.

        The nearest existing street ("") and, of each earlier project, a street nearer still: a
        project gives more to join and takes nothing away.
        """
        others = sorted(set(self.table["project_id"]) - {""})
        away = {owner: self.nearest_street(point, owner)[1] for owner in ("", *others)}
        limit = min(away[""], self.snap_m)
        chosen = [owner for owner in others if away[owner] < limit]
        chosen += [""] if away[""] <= self.snap_m else []
        return sorted(chosen, key=lambda owner: -away[owner]), min(away.values())

    def join_end(self, end: int) -> bool:
        """Join a loose end to the streets near it; whether there are any."""
        node_id, point = self.ends.node_ids[end], self.ends.points[end]
        road = self.roads.iloc[int(np.argmax((self.ends.of_road == end).any(axis=1)))]
        owners, away = self.owners_to_join(point)
        for owner in owners:
            self._join_street(self.nearest_street(point, owner)[0], node_id, point, road)
        if not owners and road["tunnel"]:
            message = f"an end of the tunnel is {away:.0f} m from any road it can join"
            allowed = f"0 to {self.snap_m:g} m"
            file = f"{road['project_id']}.geojson"
            self.faults.append(Fault(file, road["osmid"], "portal-too-far", message, allowed))
        return bool(owners)

    def _join_street(self, index: int, node_id: str, point: Point, road: pd.Series) -> None:
        """Join an end to one street, which is split at the foot of the joint."""
        street = self.table.loc[index]
        fraction = float(street.geometry.project(point, normalized=True))
        foot = street.geometry.interpolate(fraction, normalized=True)
        at = self._node_on(index, fraction, f"{node_id}@{street['osmid']}", foot)
        away = foot.distance(point)
        if away > ENDS_MEET_M:
            self._add_row(_connector(point, foot, road) | {"u": node_id, "v": at})
        else:
            self.roads = self.roads.replace({"u": {node_id: at}, "v": {node_id: at}})
            self.new_nodes.pop(node_id, None)
        self.joins.append((str(road["project_id"]), node_id, str(street["osmid"]), away, point))

    def _node_on(self, index: int, fraction: float, node_id: str, foot: Point) -> str:
        street = self.table.loc[index]
        for end, at in (("u", 0.0), ("v", 1.0)):
            if abs(fraction - at) * street.geometry.length <= ENDS_MEET_M:
                return str(street[end])
        self.table = split_street(self.table, index, fraction, node_id)
        self.new_nodes[node_id] = foot
        return node_id

    def _add_row(self, record: dict[str, object]) -> None:
        row = gpd.GeoDataFrame([record], geometry="geometry", crs=self.table.crs)
        self.roads = pd.concat([self.roads, row], ignore_index=True)

    def network(self) -> RoadNetwork:
        """What has come of it."""
        new = node_table(
            list(self.new_nodes),
            np.array(list(self.new_nodes.values()), dtype=object),
            [""] * len(self.new_nodes),
            self.nodes.crs,
        )
        nodes = gpd.GeoDataFrame(pd.concat([self.nodes, new]), crs=self.nodes.crs)
        columns = [column for column in self.table.columns if column in self.roads.columns]
        together = pd.concat([self.table, self.roads[columns]], ignore_index=True)
        return road_network(nodes, gpd.GeoDataFrame(together, geometry="geometry", crs=nodes.crs))


def join_roads(
    network: RoadNetwork, records: gpd.GeoDataFrame, *, project_id: str, portal_snap_m: float
) -> Joined:
    """Add the roads of one project to a network: ends join, crossings do not.

    An end within 1 m of a node is that node. An end that two roads of the project share is a
    node of its own. Any other end joins the nearest existing street that it can join (no tunnel,
    bridge or motorway) within `portal_snap_m`, which is split there, and a street of each earlier
    project that is nearer still. An end of a tunnel that finds nothing
    is a fault; an end of another road may be a dead end as long as the project joins somewhere.

    Parameters
    ----------
    network
        Roads to join; not changed.
    records
        Projected LineStrings with the columns of `layers.roads.ROAD_FIELDS`.
    project_id
        Marks the new streets.
    portal_snap_m
        Farthest that an end may be from the street it joins, metres.
    """
    roads = as_streets(records, project_id=project_id)
    ends = _ends(roads, network.nodes, project_id)
    state = _Joining(network, roads, ends, portal_snap_m)
    joined = [state.join_end(n) for n in ends.loose]
    if not any(ends.known) and not any(joined) and not state.faults:
        message = "none of its roads meets the network"
        allowed = f"0 to {portal_snap_m:g} m"
        file = f"{project_id}.geojson"
        state.faults.append(Fault(file, "", "portal-too-far", message, allowed))
    joins = pd.DataFrame.from_records(state.joins, columns=list(JOIN_COLUMNS))
    frame = gpd.GeoDataFrame(joins, geometry="geometry", crs=network.nodes.crs)
    return Joined(state.network(), frame, tuple(state.faults))
