"""Stops of routes: stop positions and platforms of all directions merged into one stop."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

import geopandas as gpd
import numpy as np
import pandas as pd
import shapely
from scipy.sparse import coo_array
from scipy.sparse.csgraph import connected_components

from geo.crs import WGS84
from geo.osm.elements import OsmElements
from layers.osm.problems import Problem
from layers.osm.transit.route_members import StopMember
from layers.transit import STOP_COLUMNS

RAIL_MODES = ("subway", "light_rail", "monorail", "train")
SAME_NAME_M = {"rail": 300.0, "street": 150.0}
"""Members with the same name are one stop up to this distance: platforms of a station, both sides
of a bus stop."""
ENTRANCES = ("subway_entrance", "train_station_entrance")
ENTRANCE_M = 400.0
"""An entrance leads to the nearest station within this distance."""
ENTRANCE_COLUMNS = ("entrance_id", "stop_id", "name", "geometry")
NODE = {"n": "node", "w": "way"}


def family(mode: str) -> str:
    """`rail` or `street`: stops of the two families are never merged."""
    return "rail" if mode in RAIL_MODES else "street"


@dataclass(frozen=True)
class OsmStops:
    """The stops of all routes.

    Attributes
    ----------
    table
        Indexed by `stop_id` (`n123`: its first member), `layers.transit.STOP_COLUMNS`, projected;
        `accuracy_m` is the largest distance of its members.
    of_member
        The stop of each member, by family and id of the member.
    problems
        Problems: stops without a name.
    """

    table: gpd.GeoDataFrame
    stop_of_member: Mapping[tuple[str, str], str]
    problems: tuple[Problem, ...]


def _areas(elements: OsmElements) -> dict[str, int]:
    """The stop area of each element, by the id of the element."""
    return {
        f"{member.kind[0]}{member.ref}": relation.relation_id
        for relation in elements.relations
        if relation.tags.get("public_transport") == "stop_area"
        for member in relation.members
    }


def _groups(table: pd.DataFrame, points: np.ndarray) -> np.ndarray:
    """Group numbers of members: equal for members of one stop."""
    a, b = shapely.STRtree(points).query(
        points, predicate="dwithin", distance=max(SAME_NAME_M.values())
    )
    limit = table["family"].map(SAME_NAME_M).to_numpy(dtype=float)
    name, kind, area = (table[c].to_numpy() for c in ("name", "family", "area"))
    same_name = (name[a] == name[b]) & (name[a] != "")
    same_area = (area[a] == area[b]) & (area[a] >= 0) & (kind[a] == "rail")
    near = shapely.distance(points[a], points[b]) <= limit[a]
    is_same_stop = (kind[a] == kind[b]) & near & (same_name | same_area)
    links = coo_array(
        (np.ones(is_same_stop.sum()), (a[is_same_stop], b[is_same_stop])), shape=(len(table),) * 2
    )
    return np.asarray(connected_components(links, directed=False)[1])


def _member_table(members: Sequence[tuple[str, StopMember]], elements: OsmElements) -> pd.DataFrame:
    areas = _areas(elements)
    rows = {
        (kind, stop.stop_id): (
            kind,
            stop.stop_id,
            stop.name,
            stop.name_en,
            areas.get(stop.stop_id, -1),
            stop.lon,
            stop.lat,
        )
        for kind, stop in members
    }
    columns = ["family", "stop_id", "name", "name_en", "area", "lon", "lat"]
    return pd.DataFrame.from_records([rows[key] for key in sorted(rows)], columns=columns)


def osm_stops(
    members: Sequence[tuple[str, StopMember]], elements: OsmElements, crs: str
) -> OsmStops:
    """Stops, merged from near members with the same name, or in the same railway stop area.

    Parameters
    ----------
    members
        Family and member, for every member of every route.
    elements
        The elements of the place.
    crs
        A projected CRS in metres.
    """
    table = _member_table(members, elements)
    points = gpd.GeoSeries.from_xy(table["lon"], table["lat"], crs=WGS84).to_crs(crs).to_numpy()
    group = _groups(table, points)
    first = table["stop_id"].groupby(group).transform("first")
    # a platform may be a stop of a railway and of buses
    needs_suffix = first.isin(_in_both_families(table)) & (table["family"] == "rail")
    ids = first + np.where(needs_suffix, ":rail", "")
    table = table.assign(id=ids, x=shapely.get_x(points), y=shapely.get_y(points))
    frame = _stop_rows(table)
    unnamed = frame.index[frame["name_status"] == "not_found"]
    firsts = table.drop_duplicates("id")
    problems = tuple(
        _unnamed_problem(row) for _, row in firsts.loc[firsts["id"].isin(unnamed)].iterrows()
    )
    stop_of_member = dict(
        zip(zip(table["family"], table["stop_id"], strict=True), ids, strict=True)
    )
    return OsmStops(gpd.GeoDataFrame(frame, geometry="geometry", crs=crs), stop_of_member, problems)


def _in_both_families(table: pd.DataFrame) -> set[str]:
    families = table.groupby("stop_id")["family"].nunique()
    return set(families.index[families > 1])


def _stop_rows(members: pd.DataFrame) -> pd.DataFrame:
    """`layers.transit.STOP_COLUMNS` of each stop: mean position and first name of its members."""
    mean = members.groupby("id")[["x", "y"]].mean()
    name, english = (
        members.loc[members[key] != ""].groupby("id")[key].first().reindex(mean.index)
        for key in ("name", "name_en")
    )
    x, y = (members[axis] - members["id"].map(mean[axis]) for axis in ("x", "y"))
    columns = {
        "stop_name": name.where(name.notna(), mean.index),
        "name_en": english.fillna(""),
        "accuracy_m": np.hypot(x, y).groupby(members["id"]).max(),
        "name_status": np.where(name.notna(), "confirmed", "not_found"),
        "confidence": "published",
        "project_id": "",
        "geometry": shapely.points(mean["x"], mean["y"]),
    }
    rows = pd.DataFrame(columns, index=mean.index)[list(STOP_COLUMNS)]
    return rows.set_axis(pd.Index(mean.index, name="stop_id", dtype=object))


def _unnamed_problem(member: pd.Series) -> Problem:
    kind, ref = NODE[member["stop_id"][0]], int(member["stop_id"][1:])
    return Problem("stop-name-missing", kind, ref, "", float(member["lon"]), float(member["lat"]))


def osm_entrances(
    elements: OsmElements, stations: gpd.GeoDataFrame, crs: str
) -> tuple[gpd.GeoDataFrame, list[Problem]]:
    """Station entrances with the stops to which they lead.

    Parameters
    ----------
    elements
        The elements of the place.
    stations
        Stops of rail routes, projected; `is_metro` marks those of metros.
    crs
        A projected CRS in metres.

    Returns
    -------
    GeoDataFrame
        `ENTRANCE_COLUMNS`, projected; entrances without a station nearby are left out.
    list of Problem
        Metro stations without an entrance.
    """
    nodes = [n for n, tags in elements.node_tags.items() if tags.get("railway") in ENTRANCES]
    at = np.searchsorted(elements.node_ids, np.array(nodes, dtype=np.int64))
    lonlat = elements.lonlat[at].reshape(-1, 2)
    points = gpd.GeoSeries.from_xy(lonlat[:, 0], lonlat[:, 1], crs=WGS84).to_crs(crs)
    (entrance, station) = stations.sindex.nearest(
        points.to_numpy(), return_all=False, max_distance=ENTRANCE_M
    )
    table = {
        "entrance_id": [f"n{nodes[k]}" for k in entrance],
        "stop_id": stations.index.to_numpy()[station],
        "name": [elements.node_tags[nodes[k]].get("name", "") for k in entrance],
    }
    frame = gpd.GeoDataFrame(table, geometry=points.to_numpy()[entrance], crs=crs)
    without_entrance = stations.loc[stations["is_metro"] & ~stations.index.isin(frame["stop_id"])]
    station_lonlat = without_entrance.geometry.to_crs(WGS84)
    problems = [
        Problem(
            "station-without-entrance",
            NODE[stop[0]],
            int(stop[1:].split(":")[0]),
            str(name),
            point.x,
            point.y,
        )
        for stop, name, point in zip(
            without_entrance.index, without_entrance["stop_name"], station_lonlat, strict=True
        )
    ]
    return frame[list(ENTRANCE_COLUMNS)], problems
