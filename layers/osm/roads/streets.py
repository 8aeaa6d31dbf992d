"""The streets of a place from OpenStreetMap."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

import geopandas as gpd
import numpy as np
import pandas as pd
import shapely
from shapely.geometry.base import BaseGeometry

from geo.crs import projected
from geo.osm.elements import OsmElements, nodes_inside
from layers.assumptions import Assumptions
from layers.osm.problems import Problem
from layers.osm.roads.access import DRIVING, STREET_MODES
from layers.osm.roads.components import component_lengths
from layers.osm.roads.dead_parts import without_dead_parts
from layers.osm.roads.ferries import with_ferry_speeds
from layers.osm.roads.pieces import StreetPieces, WayChain, street_pieces, way_chain, with_barriers
from layers.osm.roads.ways import way_table
from layers.roads import EDGE_COLUMNS, WALK_TUNNEL_MAX_M

STREET_COLUMNS = (
    "u",
    "v",
    *(c for c in EDGE_COLUMNS if c not in ("reversed", "speed_kph", "travel_time")),
    "way_id",
    "layer",
    "maxspeed_tagged",
)

SHORTEST_M = 1e-3


@dataclass(frozen=True)
class OsmStreets:
    """Streets, each once, with the problems of their data.

    Attributes
    ----------
    nodes
        The ends of streets, indexed by `osmid` (text); `name`, points, projected.
    table
        `STREET_COLUMNS`, one row a street, projected: `osmid` is the way's id, with `.n` for the
        further streets of a way; `way_id` is the way's id as a number.
    problems
        Problems of the data.
    """

    nodes: gpd.GeoDataFrame
    table: gpd.GeoDataFrame
    problems: tuple[Problem, ...]


def _lines(chain: WayChain, pieces: StreetPieces, xy: np.ndarray) -> np.ndarray:
    """The line of each piece."""
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


def _node_ids(elements: OsmElements, chain: WayChain) -> np.ndarray:
    """Node ids of OSM as text; points added at barriers are `b0`, `b1` and so on."""
    osm_ids = elements.node_ids.astype(str).astype(object)
    return np.concatenate(
        [osm_ids, np.array([f"b{n}" for n in range(len(chain.added))], dtype=object)]
    )


def _speeds(table: pd.DataFrame, defaults: Mapping[str, float]) -> np.ndarray:
    """The tagged limit, else that of the class (km/h); links have the limit of their road class."""
    road = table["highway"].str.removesuffix("_link")
    by_class = road.map(defaults).fillna(defaults["default"])
    return table["maxspeed"].fillna(by_class).to_numpy(dtype=float)


def _without_closed(table: pd.DataFrame, chain: WayChain, pieces: StreetPieces) -> pd.DataFrame:
    """The table with the pieces at barriers closed for the modes that the barriers stop."""
    barrier = chain.barrier[pieces.start]
    closed = barrier >= 0
    columns = {}
    for mode in STREET_MODES:
        passes = np.array([getattr(access, mode) for access in chain.barriers], dtype=bool)
        is_open = table[mode].to_numpy(dtype=bool).copy()
        is_open[closed] &= passes[barrier[closed]]
        columns[mode] = is_open
    return table.assign(**columns)


def _walk_in_tunnels(table: pd.DataFrame, ends: np.ndarray) -> np.ndarray:
    """The `walk` column with long road tunnels closed, also those of several pieces."""
    road_tunnel = table["tunnel"].astype(bool) & table["highway"].isin(DRIVING)
    road_tunnel &= ~table["told_to_walkers"].astype(bool)
    _, metres = component_lengths(ends, table["length"].to_numpy(), road_tunnel.to_numpy())
    return np.asarray(table["walk"].astype(bool) & (metres <= WALK_TUNNEL_MAX_M))


def _nodes(table: pd.DataFrame) -> pd.Index:
    return pd.Index(pd.unique(table[["u", "v"]].to_numpy(dtype=object).ravel()), dtype=object)


def _table(
    elements: OsmElements,
    ways: pd.DataFrame,
    *,
    chain: WayChain,
    pieces: StreetPieces,
    xy: np.ndarray,
) -> pd.DataFrame:
    """One row for each piece, with the values of its way."""
    lines = _lines(chain, pieces, xy)
    ids = _node_ids(elements, chain)
    table = ways.iloc[chain.way[pieces.start]].reset_index(drop=True)
    way_ids = elements.way_ids[table["way"].to_numpy()]
    return table.assign(
        u=ids[chain.node[pieces.start]],
        v=ids[chain.node[pieces.end]],
        way_id=way_ids,
        osmid=_street_ids(way_ids),
        length=np.maximum(shapely.length(lines), SHORTEST_M),
        geometry=lines,
    )


def osm_streets(
    elements: OsmElements,
    place: BaseGeometry,
    *,
    crs: str,
    assumptions: Assumptions,
    min_component_m: float,
) -> OsmStreets:
    """Streets, paths and ferries of a place.

    A street runs from one junction to the next, with the values and the direction of one way.
    Ways are connected only where they share a node.

    Parameters
    ----------
    elements
        Elements of the place and around it.
    place
        Polygon in longitude and latitude; links with neither end in it are left out.
    crs
        A projected CRS in metres, in which lengths are measured.
    assumptions
        `maxspeed_default_kph` for streets without a tagged limit.
    min_component_m
        Components of the network with fewer metres are left out.
    """
    ways, problems = way_table(elements)
    reverse = ways["direction"].to_numpy() == -1
    inside = nodes_inside(elements, place)
    chain, chain_problems = way_chain(elements, ways["way"].to_numpy(dtype=int), reverse, inside)
    chain = with_barriers(chain, elements)
    pieces = street_pieces(chain)
    xy = projected(np.concatenate([elements.lonlat, chain.added]), crs)
    table = _without_closed(
        _table(elements, ways, chain=chain, pieces=pieces, xy=xy), chain, pieces
    )
    defaults = assumptions.maxspeed_default_kph
    tagged = table["maxspeed"].notna()
    table = table.assign(maxspeed=_speeds(table, defaults), maxspeed_tagged=tagged)
    table, ferry_problems = with_ferry_speeds(
        table, elements, default_kph=defaults["ferry"], crs=crs
    )
    ends = np.column_stack([chain.node[pieces.start], chain.node[pieces.end]])
    table = table.assign(
        walk=_walk_in_tunnels(table, ends),
        oneway=table["direction"] != 0,
        screenline=None,
        project_id="",
    )
    frame = gpd.GeoDataFrame(table[list(STREET_COLUMNS)], geometry="geometry", crs=crs)
    frame, component_problems = without_dead_parts(frame, min_component_m)
    nodes = _node_frame(frame, elements, chain, xy)
    return OsmStreets(
        nodes, frame, (*problems, *chain_problems, *ferry_problems, *component_problems)
    )


def _node_frame(
    table: gpd.GeoDataFrame, elements: OsmElements, chain: WayChain, xy: np.ndarray
) -> gpd.GeoDataFrame:
    """The ends of streets, in OSMnx's schema."""
    used = _nodes(table)
    at = pd.Index(_node_ids(elements, chain)).get_indexer(used)
    order = np.argsort(at)
    points = shapely.points(xy[at[order]])
    data = {"x": xy[at[order], 0], "y": xy[at[order], 1], "name": ""}
    index = pd.Index(used[order], name="osmid", dtype=object)
    return gpd.GeoDataFrame(data, index=index, geometry=points, crs=table.crs)
