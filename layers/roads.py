"""The road network."""

from __future__ import annotations

from dataclasses import dataclass
from functools import cached_property

import geopandas as gpd
import numpy as np
import pandas as pd
import shapely

from geo.fields import Field

CONFIDENCES = ("published", "derived", "assumed")

ROAD_FIELDS = (
    Field("link_id", required=True),
    Field("name_zh", default=""),
    Field("name_en", default=""),
    Field("highway", required=True),
    Field("lanes", "whole", low=1, high=24, default=2),
    Field("maxspeed", "number", required=True, low=5, high=140),
    Field("length", "number", low=1, high=300_000),
    Field("oneway", "yes_no", default=False),
    Field("tunnel", "yes_no", default=False),
    Field("bridge", "yes_no", default=False),
    Field("drive", "yes_no", default=True),
    Field("walk", "yes_no"),
    Field("bus", "yes_no", default=True),
    Field("crossing_zh"),
    Field("crossing_en"),
    Field("screenline"),
    Field("opened", "any"),
    Field("accuracy_m", "number", low=0, high=20_000),
    Field("source", "any"),
    Field("confidence", choices=CONFIDENCES),
)
"""Columns of road files, for existing and planned roads."""

EDGE_COLUMNS = (
    "osmid",
    "highway",
    "lanes",
    "maxspeed",
    "name",
    "name_en",
    "oneway",
    "reversed",
    "tunnel",
    "bridge",
    "access",
    "drive",
    "walk",
    "bus",
    "crossing",
    "screenline",
    "project_id",
    "length",
    "speed_kph",
    "travel_time",
    "geometry",
)
ENDS_MEET_M = 1.0
"""Points closer than this are the same position."""

MOTORWAYS = ("motorway", "motorway_link")
NO_WALKING = (*MOTORWAYS, "trunk", "trunk_link")
WALK_TUNNEL_MAX_M = 300.0
"""Longest road tunnel that is open to walkers, as an underpass."""


@dataclass(frozen=True, eq=False)
class RoadNetwork:
    """Roads in OSMnx's schema, in a projected CRS (metres).

    The tables are never changed in place, so derived values are cached.

    Attributes
    ----------
    nodes
        Indexed by `osmid` (text); `x`, `y` in metres, `name`, geometry.
    edges
        Indexed by (u, v, key); one row a direction; `EDGE_COLUMNS`. `osmid` identifies the
        street: its two directions share it and have mirrored geometries, the second is
        `reversed`. `drive`, `walk` and `bus` are the permitted modes (walkers may use one-way
        streets in both directions), `access` is OSM's tag or empty. `length` is metres (measured
        or published, so it may exceed the drawn line), `speed_kph` the speed limit,
        `travel_time` the seconds at that speed.
    """

    nodes: gpd.GeoDataFrame
    edges: gpd.GeoDataFrame

    @cached_property
    def drawn(self) -> gpd.GeoDataFrame:
        """Each street once, see `streets`."""
        drawn = self.edges.loc[~self.edges["reversed"].astype(bool)]
        return drawn.reset_index().drop(columns="key")

    @cached_property
    def ends(self) -> np.ndarray:
        """Row numbers in `nodes` of the start and end of each of `drawn`: streets x 2."""
        known = self.nodes.index
        return np.stack([known.get_indexer(self.drawn[end]) for end in ("u", "v")], axis=1)


class _RoadsOfStreets(RoadNetwork):
    """A network that builds its directed edges from its streets on first use."""

    @cached_property
    def edges(self) -> gpd.GeoDataFrame:
        """One row a direction: all streets as drawn, then the two-way streets reversed."""
        forward = self.drawn
        backward = forward.loc[~forward["oneway"].astype(bool)].copy()
        backward[["u", "v"]] = backward[["v", "u"]].to_numpy()
        backward = backward.assign(reversed=True)
        backward["geometry"] = shapely.reverse(backward.geometry.to_numpy())
        edges = pd.concat([forward, backward])
        edges["key"] = edges.groupby(["u", "v"], sort=False).cumcount()
        edges = edges.set_index(["u", "v", "key"])[list(EDGE_COLUMNS)]
        return gpd.GeoDataFrame(edges, geometry="geometry", crs=self.nodes.crs)


def road_network(
    nodes: gpd.GeoDataFrame, streets: gpd.GeoDataFrame, *, ends: np.ndarray | None = None
) -> RoadNetwork:
    """A road network from streets that are given once, in their drawn direction.

    Parameters
    ----------
    nodes
        Indexed by node id, projected.
    streets
        One row a street with `u`, `v` and the columns of `EDGE_COLUMNS` except `reversed`,
        `speed_kph` and `travel_time`; drawn from `u` to `v`.
    ends
        `RoadNetwork.ends`, if known already.
    """
    speed_kph = streets["maxspeed"].astype(float)
    travel_time = streets["length"] / (speed_kph / 3.6)
    drawn = streets.assign(reversed=False, speed_kph=speed_kph, travel_time=travel_time)
    drawn = drawn[["u", "v", *EDGE_COLUMNS]].reset_index(drop=True)
    table = gpd.GeoDataFrame(drawn, geometry="geometry", crs=nodes.crs)
    network = object.__new__(_RoadsOfStreets)
    network.__dict__.update({"nodes": nodes, "drawn": table})
    if ends is not None:
        network.__dict__["ends"] = ends
    return network


def no_roads(crs: str) -> RoadNetwork:
    """An empty road network.

    Examples
    --------
    >>> len(no_roads("EPSG:32648").edges)
    0
    """
    columns = ("u", "v", *EDGE_COLUMNS)
    table = gpd.GeoDataFrame({name: [] for name in columns}, geometry="geometry", crs=crs)
    return road_network(node_table([], np.array([], dtype=object), [], crs), table)


def streets(network: RoadNetwork) -> gpd.GeoDataFrame:
    """Each street once, in its drawn direction, with `u` and `v` as columns and a fresh index."""
    return network.drawn.copy(deep=False)


def may_walk(highway: pd.Series, tunnel: pd.Series, length_m: pd.Series) -> pd.Series:
    """Whether walkers may use a street, by default from its class.

    Not motorways and expressways, and no tunnels longer than `WALK_TUNNEL_MAX_M`.
    """
    long_tunnel = tunnel.astype(bool) & (length_m > WALK_TUNNEL_MAX_M)
    return ~(highway.isin(NO_WALKING) | long_tunnel)


def as_streets(records: gpd.GeoDataFrame, *, project_id: str = "") -> gpd.GeoDataFrame:
    """Columns of a road file renamed to OSMnx's schema; absent lengths are measured."""
    drawn_length = records.geometry.length
    length = pd.to_numeric(records["length"]).fillna(drawn_length)
    renamed = records.rename(columns={"link_id": "osmid", "name_zh": "name"})
    walk_column = records["walk"]
    walk = walk_column.where(
        walk_column.notna(), may_walk(records["highway"], records["tunnel"], length)
    )
    return renamed.assign(
        length=np.maximum(length, 1e-3),
        crossing=records["crossing_zh"],
        project_id=project_id,
        access="",
        drive=records["drive"].astype(bool),
        walk=walk.astype(bool),
    )


def node_table(ids: list[str], points: np.ndarray, names: list[str], crs: str) -> gpd.GeoDataFrame:
    """Nodes in OSMnx's schema from ids, points and names."""
    data = {"x": shapely.get_x(points), "y": shapely.get_y(points), "name": names}
    index = pd.Index(ids, name="osmid", dtype=object)
    return gpd.GeoDataFrame(data, index=index, geometry=points, crs=crs)
