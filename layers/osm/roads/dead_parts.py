"""Parts of a street network that nobody can use: too short and joined to nothing else."""

from __future__ import annotations

import geopandas as gpd
import numpy as np
import pandas as pd
import shapely

from geo.crs import WGS84
from layers.osm.problems import Problem
from layers.osm.roads.access import STREET_MODES
from layers.osm.roads.components import component_lengths


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


def without_dead_parts(
    table: gpd.GeoDataFrame, min_component_m: float
) -> tuple[gpd.GeoDataFrame, list[Problem]]:
    """Streets whose part of the network is long enough, for anybody and then for each mode."""
    ends = pd.factorize(table[["u", "v"]].to_numpy(dtype=object).ravel())[0].reshape(-1, 2)
    length = table["length"].to_numpy()
    part, metres = component_lengths(ends, length, np.full(len(table), fill_value=True))
    drop = metres < min_component_m
    problems = _dropped(table, part, drop)
    columns = {}
    for mode in STREET_MODES:
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
    return kept.loc[kept[list(STREET_MODES)].any(axis=1)].reset_index(drop=True), problems
