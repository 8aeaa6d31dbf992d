"""Removal of small components: parts of a street network that are not joined to the rest."""

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
    """Longitude and latitude of the start of each street."""
    points = shapely.get_point(streets.geometry.to_numpy(), 0)
    lonlat = gpd.GeoSeries(points, crs=streets.crs).to_crs(WGS84)
    lonlats: list[list[float]] = shapely.get_coordinates(lonlat.to_numpy()).tolist()
    return lonlats


def _dropped(table: gpd.GeoDataFrame, component: np.ndarray, drop: np.ndarray) -> list[Problem]:
    """One problem for each component that is left out."""
    dropped = table.loc[drop].groupby(component[drop])
    first = table.loc[drop].iloc[np.unique(component[drop], return_index=True)[1]]
    rows = zip(
        first["way_id"], dropped.size(), dropped["length"].sum(), _starts(first), strict=True
    )
    return [
        Problem("component-dropped", "way", int(way), f"{count} streets, {metres:.0f} m", *place)
        for way, count, metres, place in rows
    ]


def without_dead_parts(
    table: gpd.GeoDataFrame, min_component_m: float
) -> tuple[gpd.GeoDataFrame, list[Problem]]:
    """Streets of components of sufficient length, for all modes together and then for each mode."""
    ends = pd.factorize(table[["u", "v"]].to_numpy(dtype=object).ravel())[0].reshape(-1, 2)
    length = table["length"].to_numpy()
    component, metres = component_lengths(ends, length, np.full(len(table), fill_value=True))
    drop = metres < min_component_m
    problems = _dropped(table, component, drop)
    columns = {}
    for mode in STREET_MODES:
        use = table[mode].to_numpy(dtype=bool) & ~drop
        mode_component, mode_metres = component_lengths(ends, length, use)
        closed = use & (mode_metres < min_component_m)
        columns[mode] = use & ~closed
        if closed.any():
            first = table.loc[closed].head(1)
            count = len(np.unique(mode_component[closed]))
            message = f"{mode}: {count} parts, {length[closed].sum():.0f} m"
            way_id, place = int(first["way_id"].iloc[0]), _starts(first)[0]
            problems.append(Problem("mode-component-closed", "way", way_id, message, *place))
    kept = table.assign(**columns)
    return kept.loc[kept[list(STREET_MODES)].any(axis=1)].reset_index(drop=True), problems
