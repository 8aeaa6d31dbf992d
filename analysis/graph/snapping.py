"""Snapping: points joined to the nearest street at their projection."""

from __future__ import annotations

import geopandas as gpd
import numpy as np
import pandas as pd

from analysis.graph.nearest_index import NearestPairs, PlaceTree, fractions_along
from analysis.graph.snap_index import snap_index_of

SNAP_COLUMNS = ("point", "street", "fraction", "distance_m")


def _table(pairs: NearestPairs, fractions: np.ndarray) -> pd.DataFrame:
    columns = (pairs.point, pairs.at, fractions, pairs.distance_m)
    return pd.DataFrame(dict(zip(SNAP_COLUMNS, columns, strict=True)))


def find_nearest_street(
    points: gpd.GeoSeries, streets: gpd.GeoDataFrame, limit_m: float
) -> pd.DataFrame:
    """Snap each point to the nearest street.

    Parameters
    ----------
    points
        Projected points.
    streets
        Projected lines with a fresh index.
    limit_m
        Points farther than this from every street are left out.

    Returns
    -------
    DataFrame
        `SNAP_COLUMNS`: position of the point, position of the street, how far along the street (0
        at its start, 1 at its end) and the distance in metres. Of equally near streets the first
        counts.

    Examples
    --------
    >>> import shapely
    >>> lines = gpd.GeoDataFrame(geometry=[shapely.LineString([(0, 0), (100, 0)])])
    >>> find_nearest_street(gpd.GeoSeries([shapely.Point(25, 10)]), lines, 50).to_numpy().tolist()
    [[0.0, 0.0, 0.25, 10.0]]
    """
    lines = streets.geometry.to_numpy()
    pairs = PlaceTree(lines).nearest(points, limit_m)
    joined_points = points.to_numpy()[pairs.point]
    return _table(pairs, fractions_along(lines[pairs.at], lines[pairs.at], joined_points))


def find_nearest_linkable(
    points: gpd.GeoSeries, streets: gpd.GeoDataFrame, limit_m: float
) -> pd.DataFrame:
    """Snap each point to the nearest linkable place on a street.

    Points join a tunnel or bridge at its ends only, a motorway nowhere.

    Parameters
    ----------
    points, limit_m
        As for `find_nearest_street`.
    streets
        With `linkable`, `linkable_at_ends` and `project_id`, see
        `analysis.graph.street_times.StreetTimes`.

    Returns
    -------
    DataFrame
        `SNAP_COLUMNS`.
    """
    index = snap_index_of(streets)
    pairs = index.nearest(points, limit_m)
    return _table(pairs, index.fractions(points, pairs))


def find_links(points: gpd.GeoSeries, streets: gpd.GeoDataFrame, limit_m: float) -> pd.DataFrame:
    """All links of points to streets: the nearest existing one and nearer planned ones.

    A point joins the nearest existing street (a tunnel or bridge only at an end, no motorway) and,
    of each project, the nearest such street if that is nearer still: a planned road adds links to
    the network and never removes one.

    Parameters
    ----------
    points
        Projected points.
    streets
        Projected lines with a fresh index, `linkable`, `linkable_at_ends` and `project_id` (empty
        for existing streets).
    limit_m
        Streets farther than this are not joined.

    Returns
    -------
    DataFrame
        `SNAP_COLUMNS`; a point has a row for each street it joins.
    """
    index = snap_index_of(streets)
    pairs = index.all_near(points, limit_m)
    return _table(pairs, index.fractions(points, pairs))
