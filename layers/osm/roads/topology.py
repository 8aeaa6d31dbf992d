"""Places where streets meet that should not, or do not meet where they should."""

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
"""A dead end nearer than this to another street was probably meant to join it."""


def _problems(kind: str, streets: gpd.GeoDataFrame, points: np.ndarray) -> list[Problem]:
    """One problem a street, at a point."""
    lonlat = gpd.GeoSeries(points, crs=streets.crs).to_crs(WGS84)
    rows = zip(streets["way_id"], streets["name"], lonlat, strict=True)
    return [Problem(kind, "way", int(way), str(name), p.x, p.y) for way, name, p in rows]


def _ends(streets: gpd.GeoDataFrame) -> pd.DataFrame:
    """Both ends of every street: node, row, tunnel, bridge, layer."""
    columns = {"row": np.arange(len(streets)), "way": streets["way_id"].to_numpy()}
    columns |= {name: streets[name].to_numpy() for name in ("tunnel", "bridge", "layer")}
    tables = [pd.DataFrame({"node": streets[end].to_numpy(), **columns}) for end in ("u", "v")]
    return pd.concat(tables, ignore_index=True)


def _midway(streets: gpd.GeoDataFrame, ends: pd.DataFrame, structure: str) -> pd.DataFrame:
    """Nodes where a tunnel or bridge goes on and a street on the ground meets it all the same.

    Streets of cars only: steps lead down into passages for walkers.
    """
    ends = ends.loc[streets["drive"].to_numpy(dtype=bool)[ends["row"]]]
    inner = ends.loc[ends[structure]].groupby("node")["row"].nunique()
    through = inner.index[inner > 1]
    others = ends.loc[ends["node"].isin(through) & ~ends["tunnel"] & ~ends["bridge"]]
    own = ends.loc[ends[structure] & ends["node"].isin(set(others["node"]))]
    return own.drop_duplicates("node")


def nearly_joined(streets: gpd.GeoDataFrame, ends: pd.DataFrame) -> list[Problem]:
    """Dead ends within `NEARLY_M` of a street that they do not join.

    The street at whose start a dead end shorter than that begins is near it but joined.
    """
    single = ends.loc[~ends["node"].duplicated(keep=False)]
    lines = streets.geometry.to_numpy()
    at = np.where(single.index.to_numpy() < len(streets), 0, -1)
    points = shapely.get_point(lines[single["row"]], at)
    number, street = shapely.STRtree(lines).query(points, predicate="dwithin", distance=NEARLY_M)
    row = single["row"].to_numpy()[number]
    u, v, layer = (streets[name].to_numpy() for name in ("u", "v", "layer"))
    apart = (u[street] != u[row]) & (u[street] != v[row])
    apart &= (v[street] != u[row]) & (v[street] != v[row])
    same_level = (layer[street] == layer[row]) & apart
    first = np.unique(number[same_level])
    return _problems("end-nearly-joins", streets.iloc[single["row"].iloc[first]], points[first])


def doubled_ways(streets: gpd.GeoDataFrame, closed: Collection[int]) -> list[Problem]:
    """Ways of which a street is drawn exactly as one of another way is, each once.

    Outlines are left out: squares and platforms share their sides.
    """
    boxes = pd.DataFrame(streets.bounds.to_numpy())
    alike = streets.loc[boxes.duplicated(keep=False).to_numpy() & ~streets["way_id"].isin(closed)]
    open_ways = alike.assign(line=shapely.to_wkb(shapely.normalize(alike.geometry.to_numpy())))
    again = open_ways.drop_duplicates(["line", "way_id"])["line"].duplicated(keep="first")
    doubled = open_ways.loc[again.index[again]].drop_duplicates("way_id")
    points = shapely.get_point(doubled.geometry.to_numpy(), 0)
    return _problems("way-doubled", doubled, points)


def _closed_ways(found: OsmElements) -> list[int]:
    """Ids of ways that end where they start."""
    several = np.diff(found.starts) > 0
    starts, ends = found.starts[:-1][several], found.starts[1:][several] - 1
    ids: list[int] = found.way_ids[several][found.refs[starts] == found.refs[ends]].tolist()
    return ids


def joint_problems(streets: gpd.GeoDataFrame, elements: OsmElements) -> list[Problem]:
    """Everything that looks wrong with how streets meet.

    Parameters
    ----------
    streets
        `layers.osm.roads.streets.STREET_COLUMNS`, fresh index, projected.
    elements
        What they were made from.
    """
    ends = _ends(streets)
    found = [*nearly_joined(streets, ends), *doubled_ways(streets, _closed_ways(elements))]
    lines = streets.geometry.to_numpy()
    for structure in ("tunnel", "bridge"):
        joints = _midway(streets, ends, structure)
        rows = joints["row"].to_numpy()
        is_start = streets["u"].to_numpy()[rows] == joints["node"].to_numpy()
        points = shapely.get_point(lines[rows], np.where(is_start, 0, -1))
        found += _problems(f"{structure}-joins-street", streets.iloc[rows], points)
    return found
