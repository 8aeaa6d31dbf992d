"""Joins of planned projects with the network: portals, road ends, stations."""

from __future__ import annotations

from typing import Any

import geopandas as gpd
import numpy as np
import pandas as pd
import shapely
from shapely.geometry.base import BaseGeometry

from analysis.graph.snapping import find_links, find_nearest_linkable
from analysis.graph.street_times import walk_times
from geo.crs import lonlat_of
from geo.faults import Fault
from layers.assumptions import Assumptions
from layers.network import TransportNetwork
from layers.roads import ENDS_MEET_M, RoadNetwork, streets
from layers.scenarios import Applied

PROJECT_JOIN_COLUMNS = (
    "project_id",
    "kind",
    "feature",
    "joined_to",
    "joined_name",
    "distance_m",
    "limit_m",
    "over_limit",
    "geometry",
)
JOIN_KINDS = ("portal", "road_end", "station")


def _table(rows: gpd.GeoDataFrame, crs: Any, **columns: Any) -> gpd.GeoDataFrame:
    """A table of `PROJECT_JOIN_COLUMNS` from rows and further columns."""
    table = pd.DataFrame(rows.assign(**columns)).reindex(columns=list(PROJECT_JOIN_COLUMNS))
    return gpd.GeoDataFrame(table, geometry="geometry", crs=crs)


def _street_names(roads: RoadNetwork) -> pd.DataFrame:
    """Named streets: `u`, `v`, `osmid`, `name`, `project_id`."""
    table = streets(roads)[["u", "v", "osmid", "name", "project_id"]]
    return pd.DataFrame(table.loc[table["name"].notna() & (table["name"] != "")])


def _node_names(joins: pd.DataFrame, roads: RoadNetwork) -> dict[str, str]:
    """Names of the nodes at road ends: the node's own, else of another street that ends there."""
    node_names = roads.nodes["name"].reindex(joins["joined_to"].unique()).dropna()
    named_streets = _street_names(roads)
    parts = [named_streets.rename(columns={end: "node_id"}) for end in ("u", "v")]
    ends = pd.concat(parts)[["node_id", "name", "project_id"]]
    shared = joins[["node_id", "project_id"]].merge(ends, on="node_id", suffixes=("", "_street"))
    shared = shared.loc[shared["project_id"] != shared["project_id_street"]]
    street_names = shared.drop_duplicates("node_id").set_index("node_id")["name"]
    return {**street_names.to_dict(), **node_names[node_names != ""].to_dict()}


def _joined_names(joins: pd.DataFrame, roads: RoadNetwork) -> list[str | None]:
    """The name of the street or node that each end joins, if it has one."""
    at_node = joins["joined_to"] == joins["node_id"]
    named_streets = _street_names(roads)
    by_street = named_streets.drop_duplicates("osmid").set_index("osmid")["name"].to_dict()
    by_node = _node_names(joins.loc[at_node], roads)
    return [
        (by_node if node else by_street).get(to)
        for node, to in zip(at_node, joins["joined_to"], strict=True)
    ]


def _end_of(join: BaseGeometry) -> BaseGeometry:
    """The road end of a joint: the start of its line, or the Point itself."""
    return shapely.get_point(join, 0) or join


def _join_line(start: BaseGeometry, end: BaseGeometry) -> BaseGeometry:
    """The line from one point to another; a Point if both are the same place."""
    line = shapely.shortest_line(start, end)
    return line if line.length > ENDS_MEET_M else start


def _unjoined_ends(
    loose: gpd.GeoDataFrame, places: gpd.GeoDataFrame, area: BaseGeometry, limit_m: float
) -> pd.DataFrame:
    """Ends that join no road: they join a place within the limit, else they are over the limit."""
    rows = []
    for row in loose.to_dict("records"):
        end = _end_of(row["geometry"])
        distance = places.distance(end)
        if len(places) and distance.min() <= limit_m:
            place = places.iloc[int(distance.argmin())]
            line = _join_line(end, place.geometry)
            to = {"joined_to": place["place_id"], "joined_name": place["name_zh"]}
            rows.append(
                {**row, **to, "distance_m": distance.min(), "over_limit": False}
                | {"geometry": line}
            )
        elif end.within(area):
            rows.append({**row, "joined_to": None, "joined_name": None, "over_limit": True})
    return pd.DataFrame(rows, columns=[*loose.columns, "joined_name", "over_limit"])


def road_joins(
    applied: Applied, places: gpd.GeoDataFrame, area: BaseGeometry, *, limit_m: float
) -> gpd.GeoDataFrame:
    """Joins of portals and other ends of projects' roads with the network.

    An end that joins no road but is at a place joins that place. The network stops outside the
    study area, so an end that joins nothing there is left out.

    Parameters
    ----------
    applied
        A scenario's network and joints.
    places
        `place_id`, `name_zh`, projected points: places at which a road may end.
    area
        The study area.
    limit_m
        `portal_snap_m` with which the scenario was applied.

    Returns
    -------
    GeoDataFrame
        `PROJECT_JOIN_COLUMNS`; see `project_joins`.
    """
    joins = applied.joins
    names = _joined_names(joins, applied.network.roads)
    named_joins = joins.assign(joined_name=names, over_limit=False)
    loose = _unjoined_ends(applied.loose, places, area, limit_m)
    rows = pd.concat([pd.DataFrame(named_joins), loose], ignore_index=True)
    kind = np.where(rows["tunnel"].astype(bool), "portal", "road_end")
    return _table(rows, joins.crs, kind=kind, feature=rows["link_id"], limit_m=limit_m)


def station_joins(
    network: TransportNetwork, area: BaseGeometry, assumptions: Assumptions
) -> gpd.GeoDataFrame:
    """Joins of projects' stations with the nearest street open to walking.

    A station beyond the limit joins nothing; outside the study area, where the network stops, it is
    left out.

    Parameters
    ----------
    network
        A scenario's network.
    area
        The study area.
    assumptions
        `snap_limit_m`.

    Returns
    -------
    GeoDataFrame
        `PROJECT_JOIN_COLUMNS`; see `project_joins`.
    """
    stops = network.stops.loc[network.stops["project_id"] != ""]
    table = walk_times(network.roads, assumptions).table
    limit_m = assumptions.snap_limit_m
    points = stops.geometry.reset_index(drop=True)
    snaps = find_links(points, table, limit_m).sort_values("distance_m", kind="stable")
    nearest = snaps.drop_duplicates("point")
    unjoined = points.drop(index=nearest["point"])
    unjoined = unjoined.loc[unjoined.within(area)]
    beyond_limit = find_nearest_linkable(unjoined, table, np.inf)
    beyond_limit = beyond_limit.assign(point=unjoined.index[beyond_limit["point"]])
    rows = pd.concat([nearest.assign(over_limit=False), beyond_limit.assign(over_limit=True)])
    return _stations(stops, table, rows.sort_values("point"), limit_m)


def _stations(
    stops: gpd.GeoDataFrame, table: gpd.GeoDataFrame, snaps: pd.DataFrame, limit_m: float
) -> gpd.GeoDataFrame:
    """Rows of stations from their snaps (`SNAP_COLUMNS` with `over_limit`)."""
    stop, street = stops.iloc[snaps["point"]], table.iloc[snaps["street"]]
    lines, fraction = street.geometry.to_numpy(), snaps["fraction"].to_numpy(dtype=float)
    projections = shapely.line_interpolate_point(lines, fraction, normalized=True)
    over = snaps["over_limit"].to_numpy(dtype=bool)
    named = street["name"].fillna("").to_numpy() != ""
    columns = {
        "project_id": stop["project_id"].to_numpy(),
        "kind": "station",
        "feature": stop.index.to_numpy(),
        "joined_to": np.where(over, None, street["osmid"].to_numpy(dtype=object)),
        "joined_name": np.where(over | ~named, None, street["name"].to_numpy(dtype=object)),
        "distance_m": snaps["distance_m"].to_numpy(),
        "limit_m": limit_m,
        "over_limit": over,
    }
    joins = [_join_line(*pair) for pair in zip(stop.geometry, projections, strict=True)]
    rows = pd.DataFrame(columns)[list(columns)]
    return gpd.GeoDataFrame(rows, geometry=joins, crs=stops.crs)


def project_joins(
    applied: Applied, places: gpd.GeoDataFrame, area: BaseGeometry, assumptions: Assumptions
) -> gpd.GeoDataFrame:
    """All joins of a scenario's projects with the network, failed ones included.

    Parameters
    ----------
    applied
        A scenario's network and joints.
    places
        `place_id`, `name_zh`, projected points: places at which a road may end.
    area
        The study area.
    assumptions
        `portal_snap_m`, `snap_limit_m`.

    Returns
    -------
    GeoDataFrame
        `PROJECT_JOIN_COLUMNS`. `kind` is one of `JOIN_KINDS`; `feature` the id of the road or stop;
        `joined_to` and `joined_name` the street, node or (of a road that ends there) place. The
        geometry is a line from the end or station to the place it joins, a Point if both are the
        same. With `over_limit` nothing is joined, and distance and geometry refer to the nearest
        street that could be joined (without one, they are missing and the end itself).
    """
    limit_m = assumptions.portal_snap_m
    roads = road_joins(applied, places, area, limit_m=limit_m)
    stations = station_joins(applied.network, area, assumptions)
    joins = pd.concat([table for table in (roads, stations) if len(table)] or [roads])
    return gpd.GeoDataFrame(joins.reset_index(drop=True), geometry="geometry", crs=roads.crs)


def loose_end_faults(
    applied: Applied, places: gpd.GeoDataFrame, area: BaseGeometry, *, limit_m: float
) -> list[Fault]:
    """Warnings for road ends that join nothing.

    Parameters
    ----------
    applied, places, area, limit_m
        As for `road_joins`.
    """
    loose = _unjoined_ends(applied.loose, places, area, limit_m)
    allowed, loose_crs = f"0 to {limit_m:g} m, or a place", applied.loose.crs
    faults = []
    for row in loose.loc[loose["over_limit"].astype(bool)].itertuples():
        message = "there is no road that an end of the road can join"
        if pd.notna(row.distance_m):
            message = f"an end of the road is {row.distance_m:.0f} m from any road it can join"
        where = (f"{row.project_id}.geojson", str(row.link_id))
        (x, y), *_ = shapely.get_coordinates(row.geometry).tolist()
        place = lonlat_of(x, y, str(loose_crs))
        faults.append(Fault(*where, "end-not-joined", message, allowed, "warning", place=place))
    return faults
