"""Stop areas: stops within a short walk of each other count as one boarding place."""

from __future__ import annotations

from collections.abc import Mapping

import geopandas as gpd
import numpy as np
import pandas as pd
from scipy.sparse import coo_array
from scipy.sparse.csgraph import connected_components


def stop_areas(stops: gpd.GeoDataFrame, walk_m: float, detour: float) -> dict[str, str]:
    """The stop area of each stop: stops within a short walk of each other share one.

    Parameters
    ----------
    stops
        Indexed by `stop_id`, projected.
    walk_m
        Walking distance, metres: straight-line distance times `detour`.
    """
    places = stops.geometry.to_numpy()
    a, b = stops.sindex.query(places, predicate="dwithin", distance=walk_m / detour)
    links = coo_array((np.ones(len(a)), (a, b)), shape=(len(stops), len(stops)))
    _, component = connected_components(links, directed=False)
    ids = stops.index.to_numpy()
    first = pd.Series(ids).groupby(component).min()
    return dict(zip(ids, first[component].to_numpy(), strict=True))


def stop_area_table(stops: gpd.GeoDataFrame, area_of_stop: Mapping[str, str]) -> gpd.GeoDataFrame:
    """Name and centroid of each stop area."""
    area = pd.Series(area_of_stop).loc[stops.index].rename("stop_area")
    x = stops.geometry.x.groupby(area.to_numpy()).mean()
    y = stops.geometry.y.groupby(area.to_numpy()).mean()
    names = stops.loc[x.index, "stop_name"]
    centroid = gpd.GeoSeries.from_xy(x, y, index=x.index, crs=stops.crs)
    return gpd.GeoDataFrame({"stop_name": names}, geometry=centroid)
