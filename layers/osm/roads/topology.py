"""Suspected topology errors: streets joined that should not be, or not joined that should be."""

from __future__ import annotations

from collections.abc import Collection

import geopandas as gpd
import numpy as np
import pandas as pd
import shapely

from geo.crs import WGS84
from geo.osm.elements import OsmElements
from layers.osm.problems import Problem

NEARLY_M = 2.0
"""A dead end this near to another street was probably meant to join it."""


def _problems(kind: str, streets: gpd.GeoDataFrame, points: np.ndarray) -> list[Problem]:
    """One problem for each street, at a point."""
    lonlat = gpd.GeoSeries(points, crs=streets.crs).to_crs(WGS84)
    rows = zip(streets["way_id"], streets["name"], lonlat, strict=True)
    return [Problem(kind, "way", int(way), str(name), p.x, p.y) for way, name, p in rows]


def _ends(streets: gpd.GeoDataFrame) -> pd.DataFrame:
    """Both ends of every street: node, row, tunnel, bridge, layer."""
    columns = {"row": np.arange(len(streets)), "way": streets["way_id"].to_numpy()}
    columns |= {name: streets[name].to_numpy() for name in ("tunnel", "bridge", "layer")}
    tables = [pd.DataFrame({"node": streets[end].to_numpy(), **columns}) for end in ("u", "v")]
    return pd.concat(tables, ignore_index=True)


def _midway_joins(streets: gpd.GeoDataFrame, ends: pd.DataFrame, structure: str) -> pd.DataFrame:
    """Nodes where a street on the ground meets a tunnel or bridge midway.

    Streets for cars only, because steps lead down into passages for walkers.
    """
    ends = ends.loc[streets["drive"].to_numpy(dtype=bool)[ends["row"]]]
    inner = ends.loc[ends[structure]].groupby("node")["row"].nunique()
    through = inner.index[inner > 1]
    others = ends.loc[ends["node"].isin(through) & ~ends["tunnel"] & ~ends["bridge"]]
    of_structure = ends.loc[ends[structure] & ends["node"].isin(set(others["node"]))]
    return of_structure.drop_duplicates("node")


def near_miss_problems(streets: gpd.GeoDataFrame, ends: pd.DataFrame) -> list[Problem]:
    """Dead ends within `NEARLY_M` of a street that they do not join.

    A dead end of a street shorter than that is near the street at its other end, but joined to it.
    """
    dead_ends = ends.loc[~ends["node"].duplicated(keep=False)]
    lines = streets.geometry.to_numpy()
    at = np.where(dead_ends.index.to_numpy() < len(streets), 0, -1)
    points = shapely.get_point(lines[dead_ends["row"]], at)
    number, street = shapely.STRtree(lines).query(points, predicate="dwithin", distance=NEARLY_M)
    row = dead_ends["row"].to_numpy()[number]
    u, v, layer = (streets[name].to_numpy() for name in ("u", "v", "layer"))
    is_separate = (u[street] != u[row]) & (u[street] != v[row])
    is_separate &= (v[street] != u[row]) & (v[street] != v[row])
    same_level = (layer[street] == layer[row]) & is_separate
    first = np.unique(number[same_level])
    return _problems("end-nearly-joins", streets.iloc[dead_ends["row"].iloc[first]], points[first])


def doubled_way_problems(streets: gpd.GeoDataFrame, closed: Collection[int]) -> list[Problem]:
    """Ways with a street that has exactly the geometry of a street of another way.

    Closed ways are left out, because squares and platforms share sides.
    """
    boxes = pd.DataFrame(streets.bounds.to_numpy())
    same_box = streets.loc[
        boxes.duplicated(keep=False).to_numpy() & ~streets["way_id"].isin(closed)
    ]
    open_ways = same_box.assign(
        line=shapely.to_wkb(shapely.normalize(same_box.geometry.to_numpy()))
    )
    is_repeated = open_ways.drop_duplicates(["line", "way_id"])["line"].duplicated(keep="first")
    doubled = open_ways.loc[is_repeated.index[is_repeated]].drop_duplicates("way_id")
    points = shapely.get_point(doubled.geometry.to_numpy(), 0)
    return _problems("way-doubled", doubled, points)


def _closed_ways(elements: OsmElements) -> list[int]:
    """Ids of ways that end where they start."""
    has_nodes = np.diff(elements.starts) > 0
    starts, ends = elements.starts[:-1][has_nodes], elements.starts[1:][has_nodes] - 1
    ids: list[int] = elements.way_ids[has_nodes][
        elements.refs[starts] == elements.refs[ends]
    ].tolist()
    return ids


def topology_problems(streets: gpd.GeoDataFrame, elements: OsmElements) -> list[Problem]:
    """All suspected topology errors of streets.

    Parameters
    ----------
    streets
        `layers.osm.roads.streets.STREET_COLUMNS`, fresh index, projected.
    elements
        The elements from which the streets were built.
    """
    ends = _ends(streets)
    problems = [
        *near_miss_problems(streets, ends),
        *doubled_way_problems(streets, _closed_ways(elements)),
    ]
    lines = streets.geometry.to_numpy()
    for structure in ("tunnel", "bridge"):
        joins = _midway_joins(streets, ends, structure)
        rows = joins["row"].to_numpy()
        is_start = streets["u"].to_numpy()[rows] == joins["node"].to_numpy()
        points = shapely.get_point(lines[rows], np.where(is_start, 0, -1))
        problems += _problems(f"{structure}-joins-street", streets.iloc[rows], points)
    return problems
