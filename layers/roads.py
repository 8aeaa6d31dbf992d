"""Roads as they are."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path

import geopandas as gpd
import numpy as np
import pandas as pd
import shapely

from geo.faults import Fault
from geo.fields import Field
from geo.geojson import Layer, read_geojson

CONFIDENCES = ("published", "derived", "assumed")

NODES = Layer(
    fields=(
        Field("node_id", required=True),
        Field("name_zh"),
        Field("name_en"),
        Field("kind"),
        Field("accuracy_m", "number", low=0, high=20_000),
        Field("source", "any"),
        Field("confidence", choices=CONFIDENCES),
    ),
    types=("Point",),
    id_field="node_id",
)

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
"""What a road may say, planned or existing."""

EDGES = Layer(
    fields=(
        *ROAD_FIELDS,
        Field("from_node", required=True),
        Field("to_node", required=True),
    ),
    types=("LineString",),
    id_field="link_id",
)

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
"""Two points closer than this are one place."""

MOTORWAYS = ("motorway", "motorway_link")
NO_WALKING = (*MOTORWAYS, "trunk", "trunk_link")
WALK_TUNNEL_MAX_M = 300.0
"""Nobody walks through a longer road tunnel; a shorter one is an underpass."""


@dataclass(frozen=True)
class RoadNetwork:
    """Roads in OSMnx's schema, in a projected system (metres).

    Attributes
    ----------
    nodes
        Indexed by `osmid` (text); `x`, `y` in metres, `name`, geometry.
    edges
        Indexed by (u, v, key); one row a direction; `EDGE_COLUMNS`. `osmid` names the street: its
        two directions share it and mirror each other's geometry, the second has `reversed`.
        `drive`, `walk` and `bus` say who may use it (walkers both ways on one-way streets too),
        `access` is OSM's tag or empty. `length` is metres (measured or published, so it may
        exceed the drawn line), `speed_kph` the speed limit, `travel_time` the seconds at that
        speed.
    """

    nodes: gpd.GeoDataFrame
    edges: gpd.GeoDataFrame


def road_network(nodes: gpd.GeoDataFrame, streets: gpd.GeoDataFrame) -> RoadNetwork:
    """Directed edges from streets drawn once.

    Parameters
    ----------
    nodes
        Indexed by node id, projected.
    streets
        One row a street with `u`, `v` and the columns of `EDGE_COLUMNS` except `reversed`,
        `speed_kph` and `travel_time`; drawn from `u` to `v`.
    """
    forward = streets.assign(reversed=False)
    backward = streets.loc[~streets["oneway"].astype(bool)].copy()
    backward[["u", "v"]] = backward[["v", "u"]].to_numpy()
    backward = backward.assign(reversed=True)
    backward["geometry"] = shapely.reverse(backward.geometry.to_numpy())
    edges = pd.concat([forward, backward])
    edges["speed_kph"] = edges["maxspeed"].astype(float)
    edges["travel_time"] = edges["length"] / (edges["speed_kph"] / 3.6)
    edges["key"] = edges.groupby(["u", "v"], sort=False).cumcount()
    edges = edges.set_index(["u", "v", "key"])[list(EDGE_COLUMNS)]
    return RoadNetwork(nodes, gpd.GeoDataFrame(edges, geometry="geometry", crs=nodes.crs))


def no_roads(crs: str) -> RoadNetwork:
    """A network of no roads.

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
    drawn = network.edges.loc[~network.edges["reversed"].astype(bool)]
    return drawn.reset_index().drop(columns="key")


def may_walk(highway: pd.Series, tunnel: pd.Series, length_m: pd.Series) -> pd.Series:
    """Whether walkers use a street of which nothing else is known.

    Not motorways and expressways, and no tunnel longer than `WALK_TUNNEL_MAX_M`.
    """
    long_tunnel = tunnel.astype(bool) & (length_m > WALK_TUNNEL_MAX_M)
    return ~(highway.isin(NO_WALKING) | long_tunnel)


def as_streets(records: gpd.GeoDataFrame, *, project_id: str = "") -> gpd.GeoDataFrame:
    """Columns of a road file renamed to those of OSMnx; absent lengths are measured."""
    measured = records.geometry.length
    length = pd.to_numeric(records["length"]).fillna(measured)
    renamed = records.rename(columns={"link_id": "osmid", "name_zh": "name"})
    told = records["walk"]
    walk = told.where(told.notna(), may_walk(records["highway"], records["tunnel"], length))
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


def _end_faults(edges: gpd.GeoDataFrame, nodes: gpd.GeoDataFrame, file: str) -> list[Fault]:
    faults = []
    for column, at in (("from_node", 0), ("to_node", -1)):
        known = edges[column].isin(nodes.index)
        for link, node in edges.loc[~known, ["link_id", column]].itertuples(index=False):
            faults.append(Fault(file, link, "id-unknown", f"{column} {node!r} is no node"))
        joined = edges.loc[known]
        ends = shapely.get_point(joined.geometry.to_numpy(), at)
        away = shapely.distance(ends, nodes.geometry.loc[joined[column]].to_numpy())
        for link, metres in zip(joined["link_id"], away, strict=True):
            if metres > ENDS_MEET_M:
                message = f"{column} is {metres:.0f} m from the line's end"
                allowed = f"0 to {ENDS_MEET_M:g} m"
                faults.append(Fault(file, link, "road-not-joined", message, allowed))
    return faults


def read_roads(nodes_path: Path, edges_path: Path, crs: str) -> tuple[RoadNetwork, list[Fault]]:
    """Read the road network of a study.

    Parameters
    ----------
    nodes_path, edges_path
        GeoJSON, see docs/data-format.md.
    crs
        A projected system in metres.
    """
    raw_nodes, faults = read_geojson(nodes_path, NODES)
    raw_edges, wrong = read_geojson(edges_path, EDGES)
    placed, drawn = raw_nodes.to_crs(crs), raw_edges.to_crs(crs)
    nodes = node_table(
        list(placed["node_id"]),
        placed.geometry.to_numpy(),
        list(placed["name_zh"].fillna("")),
        crs,
    )
    wrong_ends = _end_faults(drawn, nodes, edges_path.name)
    sound = drawn["from_node"].isin(nodes.index) & drawn["to_node"].isin(nodes.index)
    table = as_streets(drawn.loc[sound]).rename(columns={"from_node": "u", "to_node": "v"})
    return road_network(nodes, table), [*faults, *wrong, *wrong_ends]
