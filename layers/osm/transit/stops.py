"""Stops of lines: what is mapped for each direction and platform becomes one stop."""

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
"""Members of one name no farther apart are one stop: a station's platforms; a bus stop's sides."""
ENTRANCES = ("subway_entrance", "train_station_entrance")
ENTRANCE_M = 400.0
"""An entrance belongs to the nearest station within this distance."""
ENTRANCE_COLUMNS = ("entrance_id", "stop_id", "name", "geometry")
NODE = {"n": "node", "w": "way"}


def family(mode: str) -> str:
    """`rail` or `street`: stops of the two are never one."""
    return "rail" if mode in RAIL_MODES else "street"


@dataclass(frozen=True)
class Stops:
    """Stops of all lines.

    Attributes
    ----------
    table
        Indexed by `stop_id` (`n123`: the first of its members), `layers.transit.STOP_COLUMNS`,
        projected; `accuracy_m` is how far its members lie from it.
    of_member
        The stop of each member, by family and the member's id.
    problems
        Stops without a name.
    """

    table: gpd.GeoDataFrame
    of_member: Mapping[tuple[str, str], str]
    problems: tuple[Problem, ...]


def _areas(found: OsmElements) -> dict[str, int]:
    """The stop area that each element is a member of."""
    return {
        f"{member.kind[0]}{member.ref}": relation.relation_id
        for relation in found.relations
        if relation.tags.get("public_transport") == "stop_area"
        for member in relation.members
    }


def _groups(table: pd.DataFrame, points: np.ndarray) -> np.ndarray:
    """The same number for members that are one stop."""
    a, b = shapely.STRtree(points).query(
        points, predicate="dwithin", distance=max(SAME_NAME_M.values())
    )
    limit = table["family"].map(SAME_NAME_M).to_numpy(dtype=float)
    name, kind, area = (table[c].to_numpy() for c in ("name", "family", "area"))
    same_name = (name[a] == name[b]) & (name[a] != "")
    same_area = (area[a] == area[b]) & (area[a] >= 0) & (kind[a] == "rail")
    near = shapely.distance(points[a], points[b]) <= limit[a]
    joined = (kind[a] == kind[b]) & near & (same_name | same_area)
    links = coo_array((np.ones(joined.sum()), (a[joined], b[joined])), shape=(len(table),) * 2)
    return np.asarray(connected_components(links, directed=False)[1])


def _member_table(members: Sequence[tuple[str, StopMember]], found: OsmElements) -> pd.DataFrame:
    areas = _areas(found)
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


def osm_stops(members: Sequence[tuple[str, StopMember]], found: OsmElements, crs: str) -> Stops:
    """One stop for the members of one name near each other, or of one stop area of a railway.

    Parameters
    ----------
    members
        Family and member, for every member of every line.
    found
        All elements.
    crs
        A projected system in metres.
    """
    table = _member_table(members, found)
    points = gpd.GeoSeries.from_xy(table["lon"], table["lat"], crs=WGS84).to_crs(crs).to_numpy()
    group = _groups(table, points)
    first = table["stop_id"].groupby(group).transform("first")
    # one platform may be a stop of a railway and of buses
    again = first.isin(_of_both(table)) & (table["family"] == "rail")
    ids = first + np.where(again, ":rail", "")
    table = table.assign(id=ids, x=shapely.get_x(points), y=shapely.get_y(points))
    frame = _stop_rows(table)
    unnamed = frame.index[frame["name_status"] == "not_found"]
    firsts = table.drop_duplicates("id")
    problems = tuple(_unnamed(row) for _, row in firsts.loc[firsts["id"].isin(unnamed)].iterrows())
    of_member = dict(zip(zip(table["family"], table["stop_id"], strict=True), ids, strict=True))
    return Stops(gpd.GeoDataFrame(frame, geometry="geometry", crs=crs), of_member, problems)


def _of_both(table: pd.DataFrame) -> set[str]:
    families = table.groupby("stop_id")["family"].nunique()
    return set(families.index[families > 1])


def _stop_rows(members: pd.DataFrame) -> pd.DataFrame:
    """`layers.transit.STOP_COLUMNS` of each stop: in the middle of its members, the first names."""
    middle = members.groupby("id")[["x", "y"]].mean()
    name, english = (
        members.loc[members[key] != ""].groupby("id")[key].first().reindex(middle.index)
        for key in ("name", "name_en")
    )
    x, y = (members[axis] - members["id"].map(middle[axis]) for axis in ("x", "y"))
    columns = {
        "stop_name": name.where(name.notna(), middle.index),
        "name_en": english.fillna(""),
        "accuracy_m": np.hypot(x, y).groupby(members["id"]).max(),
        "name_status": np.where(name.notna(), "confirmed", "not_found"),
        "confidence": "published",
        "project_id": "",
        "geometry": shapely.points(middle["x"], middle["y"]),
    }
    rows = pd.DataFrame(columns, index=middle.index)[list(STOP_COLUMNS)]
    return rows.set_axis(pd.Index(middle.index, name="stop_id", dtype=object))


def _unnamed(member: pd.Series) -> Problem:
    kind, ref = NODE[member["stop_id"][0]], int(member["stop_id"][1:])
    return Problem("stop-name-missing", kind, ref, "", float(member["lon"]), float(member["lat"]))


def osm_entrances(
    found: OsmElements, stations: gpd.GeoDataFrame, crs: str
) -> tuple[gpd.GeoDataFrame, list[Problem]]:
    """Station entrances with the stop they lead to.

    Parameters
    ----------
    found
        All elements.
    stations
        Stops of rail lines, projected; `is_metro` marks those of metros.
    crs
        A projected system in metres.

    Returns
    -------
    GeoDataFrame
        `ENTRANCE_COLUMNS`, projected; those near no station are left out.
    list of Problem
        Metro stations without an entrance.
    """
    nodes = [n for n, tags in found.node_tags.items() if tags.get("railway") in ENTRANCES]
    at = np.searchsorted(found.node_ids, np.array(nodes, dtype=np.int64))
    lonlat = found.lonlat[at].reshape(-1, 2)
    points = gpd.GeoSeries.from_xy(lonlat[:, 0], lonlat[:, 1], crs=WGS84).to_crs(crs)
    (which, station) = stations.sindex.nearest(
        points.to_numpy(), return_all=False, max_distance=ENTRANCE_M
    )
    table = {
        "entrance_id": [f"n{nodes[k]}" for k in which],
        "stop_id": stations.index.to_numpy()[station],
        "name": [found.node_tags[nodes[k]].get("name", "") for k in which],
    }
    frame = gpd.GeoDataFrame(table, geometry=points.to_numpy()[which], crs=crs)
    closed = stations.loc[stations["is_metro"] & ~stations.index.isin(frame["stop_id"])]
    lonlat_of = closed.geometry.to_crs(WGS84)
    problems = [
        Problem(
            "station-without-entrance",
            NODE[stop[0]],
            int(stop[1:].split(":")[0]),
            str(name),
            point.x,
            point.y,
        )
        for stop, name, point in zip(closed.index, closed["stop_name"], lonlat_of, strict=True)
    ]
    return frame[list(ENTRANCE_COLUMNS)], problems
