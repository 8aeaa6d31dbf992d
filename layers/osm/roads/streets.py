"""The road network of a place from OpenStreetMap."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

import geopandas as gpd
import numpy as np
import pandas as pd
import shapely
from shapely.geometry.base import BaseGeometry

from geo.crs import WGS84, projected
from geo.osm.elements import OsmElements, nodes_inside
from layers.assumptions import Assumptions
from layers.osm.problems import Problem
from layers.osm.roads.access import DRIVING
from layers.osm.roads.components import component_lengths
from layers.osm.roads.pieces import Chain, Pieces, street_pieces, way_chain, with_barriers
from layers.osm.roads.ways import way_table
from layers.osm.tags import UnreadableError, duration_secs
from layers.roads import EDGE_COLUMNS, WALK_TUNNEL_MAX_M

STREET_COLUMNS = (
    "u",
    "v",
    *(c for c in EDGE_COLUMNS if c not in ("reversed", "speed_kph", "travel_time")),
    "way_id",
    "layer",
    "maxspeed_tagged",
)
MODES = ("drive", "walk", "bus")
SHORTEST_M = 1e-3
FERRY_RANGE_KPH = (2.0, 100.0)
"""A `duration` that needs another speed is a slip: 20:00 for 20 minutes."""


@dataclass(frozen=True)
class Streets:
    """Streets drawn once, with what was found on the way.

    Attributes
    ----------
    nodes
        Indexed by `osmid` (text), `name`, points, projected: only ends of streets.
    table
        `STREET_COLUMNS`, one row a street, projected: `osmid` is the way's id, with `.n` for the
        further streets of one way; `way_id` the way's id as a number.
    problems
        What is wrong with the data.
    """

    nodes: gpd.GeoDataFrame
    table: gpd.GeoDataFrame
    problems: tuple[Problem, ...]


def _lines(chain: Chain, pieces: Pieces, xy: np.ndarray) -> np.ndarray:
    """The drawn line of each piece."""
    lengths = pieces.end - pieces.start + 1
    piece = np.repeat(np.arange(len(lengths)), lengths)
    within = np.arange(lengths.sum()) - np.repeat(np.cumsum(lengths) - lengths, lengths)
    at = np.repeat(pieces.start, lengths) + within
    lines: np.ndarray = shapely.linestrings(xy[chain.node[at]], indices=piece)
    return lines


def _street_ids(way_ids: np.ndarray) -> list[str]:
    """`123` for the first street of way 123, `123.2` for its second."""
    number = pd.Series(way_ids).groupby(way_ids).cumcount().to_numpy()
    return [
        f"{way}.{n + 1}" if n else str(way)
        for way, n in zip(way_ids.tolist(), number.tolist(), strict=True)
    ]


def _node_ids(found: OsmElements, chain: Chain) -> np.ndarray:
    """OSM's ids as text; those of points that barriers needed are `b0`, `b1` and so on."""
    own = found.node_ids.astype(str).astype(object)
    return np.concatenate([own, np.array([f"b{n}" for n in range(len(chain.added))], dtype=object)])


def _speeds(table: pd.DataFrame, defaults: Mapping[str, float]) -> np.ndarray:
    """The tagged limit, else that of the class (a link has its road's), km/h."""
    road = table["highway"].str.removesuffix("_link")
    by_class = road.map(defaults).fillna(defaults["default"])
    return table["maxspeed"].fillna(by_class).to_numpy(dtype=float)


def _without_closed(table: pd.DataFrame, chain: Chain, pieces: Pieces) -> pd.DataFrame:
    """Modes that a barrier stops do not use its pieces."""
    barrier = chain.barrier[pieces.start]
    closed = barrier >= 0
    columns = {}
    for mode in MODES:
        passes = np.array([getattr(who, mode) for who in chain.barriers], dtype=bool)
        own = table[mode].to_numpy(dtype=bool).copy()
        own[closed] &= passes[barrier[closed]]
        columns[mode] = own
    return table.assign(**columns)


def _walk_in_tunnels(table: pd.DataFrame, ends: np.ndarray) -> np.ndarray:
    """Walkers keep out of long road tunnels, however many pieces these have."""
    road = table["tunnel"].astype(bool) & table["highway"].isin(DRIVING)
    road &= ~table["told_to_walkers"].astype(bool)
    _, metres = component_lengths(ends, table["length"].to_numpy(), road.to_numpy())
    return np.asarray(table["walk"].astype(bool) & (metres <= WALK_TUNNEL_MAX_M))


def _told_speed(told: str, points: np.ndarray, crs: str) -> float | None:
    """Kilometres an hour of a ferry by its `duration`; None if that is no time a boat takes."""
    try:
        secs = duration_secs(told)
    except UnreadableError:
        return None
    kph = float(shapely.length(shapely.linestrings(projected(points, crs))) / secs * 3.6)
    low, high = FERRY_RANGE_KPH
    return kph if low <= kph <= high else None


def _with_ferry_speeds(
    table: pd.DataFrame, found: OsmElements, *, default_kph: float, crs: str
) -> tuple[pd.DataFrame, list[Problem]]:
    """Ferries at the speed of their `duration`, over the whole way, or else at the default."""
    speeds, problems = table["maxspeed"].copy(), []
    for number, way in table.loc[table["highway"] == "ferry"].groupby("way"):
        told, points = way["duration"].iloc[0], found.way_points(number)
        speed = None if pd.isna(told) else _told_speed(told, points, crs)
        speeds[way.index] = speed or default_kph
        if speed is None:
            kind = "ferry-duration-missing" if pd.isna(told) else "ferry-duration-unreadable"
            message = "" if pd.isna(told) else f"duration={told}"
            way_id = int(found.way_ids[number])
            problems.append(Problem(kind, "way", way_id, message, *points[0].tolist()))
    return table.assign(maxspeed=speeds), problems


def _starts(streets: gpd.GeoDataFrame) -> list[list[float]]:
    """Longitude and latitude of where each street begins."""
    points = shapely.get_point(streets.geometry.to_numpy(), 0)
    lonlat = gpd.GeoSeries(points, crs=streets.crs).to_crs(WGS84)
    found: list[list[float]] = shapely.get_coordinates(lonlat.to_numpy()).tolist()
    return found


def _dropped(table: gpd.GeoDataFrame, part: np.ndarray, drop: np.ndarray) -> list[Problem]:
    """One problem for each part of the network that is left out."""
    gone = table.loc[drop].groupby(part[drop])
    first = table.loc[drop].iloc[np.unique(part[drop], return_index=True)[1]]
    rows = zip(first["way_id"], gone.size(), gone["length"].sum(), _starts(first), strict=True)
    return [
        Problem("component-dropped", "way", int(way), f"{count} streets, {metres:.0f} m", *place)
        for way, count, metres, place in rows
    ]


def _without_dead_parts(
    table: gpd.GeoDataFrame, min_component_m: float
) -> tuple[gpd.GeoDataFrame, list[Problem]]:
    """Streets whose part of the network is long enough, for anybody and then for each mode."""
    ends = pd.factorize(table[["u", "v"]].to_numpy(dtype=object).ravel())[0].reshape(-1, 2)
    length = table["length"].to_numpy()
    part, metres = component_lengths(ends, length, np.full(len(table), fill_value=True))
    drop = metres < min_component_m
    problems = _dropped(table, part, drop)
    columns = {}
    for mode in MODES:
        use = table[mode].to_numpy(dtype=bool) & ~drop
        own, long = component_lengths(ends, length, use)
        closed = use & (long < min_component_m)
        columns[mode] = use & ~closed
        if closed.any():
            first = table.loc[closed].head(1)
            count = len(np.unique(own[closed]))
            message = f"{mode}: {count} parts, {length[closed].sum():.0f} m"
            way_id, place = int(first["way_id"].iloc[0]), _starts(first)[0]
            problems.append(Problem("mode-component-closed", "way", way_id, message, *place))
    kept = table.assign(**columns)
    return kept.loc[kept[list(MODES)].any(axis=1)].reset_index(drop=True), problems


def _nodes(table: pd.DataFrame) -> pd.Index:
    return pd.Index(pd.unique(table[["u", "v"]].to_numpy(dtype=object).ravel()), dtype=object)


def _table(
    found: OsmElements, ways: pd.DataFrame, *, chain: Chain, pieces: Pieces, xy: np.ndarray
) -> pd.DataFrame:
    """One row a piece with the values of its way."""
    lines = _lines(chain, pieces, xy)
    ids = _node_ids(found, chain)
    table = ways.iloc[chain.way[pieces.start]].reset_index(drop=True)
    way_ids = found.way_ids[table["way"].to_numpy()]
    return table.assign(
        u=ids[chain.node[pieces.start]],
        v=ids[chain.node[pieces.end]],
        way_id=way_ids,
        osmid=_street_ids(way_ids),
        length=np.maximum(shapely.length(lines), SHORTEST_M),
        geometry=lines,
    )


def osm_streets(
    found: OsmElements,
    place: BaseGeometry,
    *,
    crs: str,
    assumptions: Assumptions,
    min_component_m: float,
) -> Streets:
    """Streets, paths and ferries of a place.

    A street runs from one junction to the next and has the values of one way; it keeps the way's
    drawing. Ways meet where they share a node and nowhere else.

    Parameters
    ----------
    found
        Elements of the place and around it.
    place
        Polygon in longitude and latitude; pieces with neither end in it are cut off.
    crs
        A projected system in metres: lengths are measured in it.
    assumptions
        `maxspeed_default_kph` where no limit is tagged.
    min_component_m
        Parts of the network with fewer metres of streets are left out.
    """
    ways, problems = way_table(found)
    reverse = ways["direction"].to_numpy() == -1
    inside = nodes_inside(found, place)
    chain, more = way_chain(found, ways["way"].to_numpy(dtype=int), reverse, inside)
    chain = with_barriers(chain, found)
    pieces = street_pieces(chain)
    xy = projected(np.concatenate([found.lonlat, chain.added]), crs)
    table = _without_closed(_table(found, ways, chain=chain, pieces=pieces, xy=xy), chain, pieces)
    defaults = assumptions.maxspeed_default_kph
    tagged = table["maxspeed"].notna()
    table = table.assign(maxspeed=_speeds(table, defaults), maxspeed_tagged=tagged)
    table, ferries = _with_ferry_speeds(table, found, default_kph=defaults["ferry"], crs=crs)
    ends = np.column_stack([chain.node[pieces.start], chain.node[pieces.end]])
    table = table.assign(
        walk=_walk_in_tunnels(table, ends),
        oneway=table["direction"] != 0,
        screenline=None,
        project_id="",
    )
    frame = gpd.GeoDataFrame(table[list(STREET_COLUMNS)], geometry="geometry", crs=crs)
    frame, dead = _without_dead_parts(frame, min_component_m)
    nodes = _node_frame(frame, found, chain, xy)
    return Streets(nodes, frame, (*problems, *more, *ferries, *dead))


def _node_frame(
    table: gpd.GeoDataFrame, found: OsmElements, chain: Chain, xy: np.ndarray
) -> gpd.GeoDataFrame:
    """The ends of streets, in OSMnx's schema."""
    used = _nodes(table)
    at = pd.Index(_node_ids(found, chain)).get_indexer(used)
    order = np.argsort(at)
    points = shapely.points(xy[at[order]])
    data = {"x": xy[at[order], 0], "y": xy[at[order], 1], "name": ""}
    index = pd.Index(used[order], name="osmid", dtype=object)
    return gpd.GeoDataFrame(data, index=index, geometry=points, crs=table.crs)
