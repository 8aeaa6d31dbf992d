"""Points joined to the nearest street, at their projection."""

from __future__ import annotations

import geopandas as gpd
import numpy as np
import pandas as pd
import shapely

SNAP_COLUMNS = ("point", "street", "fraction", "distance_m")


def snapped(points: gpd.GeoSeries, streets: gpd.GeoDataFrame, limit_m: float) -> pd.DataFrame:
    """Where each point meets the nearest street.

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
        `SNAP_COLUMNS`: position of the point, position of the street, how far along the street
        (0 at its start, 1 at its end) and the straight distance in metres. Of equally near
        streets the first counts.

    Examples
    --------
    >>> lines = gpd.GeoDataFrame(geometry=[shapely.LineString([(0, 0), (100, 0)])])
    >>> snapped(gpd.GeoSeries([shapely.Point(25, 10)]), lines, 50).to_numpy().tolist()
    [[0.0, 0.0, 0.25, 10.0]]
    """
    if points.empty or streets.empty:
        return pd.DataFrame({name: [] for name in SNAP_COLUMNS}).astype(
            {"point": np.int64, "street": np.int64}
        )
    (point, street), distance = streets.sindex.nearest(
        points.to_numpy(), return_all=True, max_distance=limit_m, return_distance=True
    )
    table = pd.DataFrame({"point": point, "street": street, "distance_m": distance})
    table = table.sort_values(["point", "street"]).drop_duplicates("point")
    lines = streets.geometry.to_numpy()[table["street"]]
    ends = points.to_numpy()[table["point"]]
    fraction = shapely.line_locate_point(lines, ends, normalized=True)
    return table.assign(fraction=fraction)[list(SNAP_COLUMNS)].reset_index(drop=True)


def joined(points: gpd.GeoSeries, streets: gpd.GeoDataFrame, limit_m: float) -> pd.DataFrame:
    """Every way by which points come onto the streets.

    A point joins the nearest existing street and, of each project, the nearest street if that is
    nearer still: a planned road adds ways onto the network and never takes one away.

    Parameters
    ----------
    points
        Projected points.
    streets
        Projected lines with a fresh index and `project_id` (empty for existing streets).
    limit_m
        Streets farther than this are not joined.

    Returns
    -------
    DataFrame
        `SNAP_COLUMNS`; a point has a row for each street it joins.
    """
    project = streets["project_id"].to_numpy()
    at = np.arange(len(streets))
    tables = []
    nearest = np.full(len(points), limit_m)
    for name in ["", *sorted(set(project) - {""})]:
        own = at[project == name]
        found = snapped(points, streets.iloc[own].reset_index(drop=True), limit_m)
        found["street"] = own[found["street"]]
        near = found["point"].to_numpy()
        if name == "":
            nearest[near] = found["distance_m"]
        else:
            found = found.loc[found["distance_m"].to_numpy() < nearest[near]]
        tables.append(found)
    together = pd.concat(tables, ignore_index=True)
    return together.sort_values(["point", "street"]).reset_index(drop=True)
