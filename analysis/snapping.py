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
    return _nearest(points, streets, streets.geometry, limit_m)


def _nearest(
    points: gpd.GeoSeries, streets: gpd.GeoDataFrame, places: gpd.GeoSeries, limit_m: float
) -> pd.DataFrame:
    """The nearest place of any street to each point; `places` are parts of the streets."""
    if points.empty or places.empty:
        return pd.DataFrame({name: [] for name in SNAP_COLUMNS}).astype(
            {"point": np.int64, "street": np.int64}
        )
    (point, place), distance = places.sindex.nearest(
        points.to_numpy(), return_all=True, max_distance=limit_m, return_distance=True
    )
    street = places.index.to_numpy()[place]
    table = pd.DataFrame({"point": point, "street": street, "distance_m": distance, "place": place})
    table = table.sort_values(["point", "street"]).drop_duplicates("point")
    at = shapely.get_point(
        shapely.shortest_line(places.to_numpy()[table["place"]], points.to_numpy()[table["point"]]),
        0,
    )
    lines = streets.geometry.to_numpy()[table["street"]]
    fraction = shapely.line_locate_point(lines, at, normalized=True)
    return table.assign(fraction=fraction)[list(SNAP_COLUMNS)].reset_index(drop=True)


def snapped_where_one_can_stop(
    points: gpd.GeoSeries, streets: gpd.GeoDataFrame, limit_m: float
) -> pd.DataFrame:
    """Where each point meets the nearest street that it can get on and off there.

    A tunnel or bridge is met at its ends only, a motorway nowhere.

    Parameters
    ----------
    points, limit_m
        As for `snapped`.
    streets
        With `can_stop` and `can_end`, see `analysis.speeds.StreetTimes`.

    Returns
    -------
    DataFrame
        `SNAP_COLUMNS`.
    """
    along = streets["can_stop"].to_numpy(dtype=bool)
    open_ends = streets["can_end"].to_numpy(dtype=bool) & ~along
    places = streets.geometry.copy()
    places[open_ends] = [
        shapely.MultiPoint([line.coords[0], line.coords[-1]]) for line in places[open_ends]
    ]
    return _nearest(points, streets, places[along | open_ends], limit_m)


def joined(points: gpd.GeoSeries, streets: gpd.GeoDataFrame, limit_m: float) -> pd.DataFrame:
    """Every way by which points come onto the streets.

    A point joins the nearest existing street (a tunnel or bridge only at an end, no motorway)
    and, of each project, the nearest such street if that is nearer still: a planned road adds
    ways onto the network and never takes one away.

    Parameters
    ----------
    points
        Projected points.
    streets
        Projected lines with a fresh index, `can_stop`, `can_end` and `project_id` (empty for
        existing streets).
    limit_m
        Streets farther than this are not joined.

    Returns
    -------
    DataFrame
        `SNAP_COLUMNS`; a point has a row for each street it joins.
    """
    project = streets["project_id"].to_numpy()
    tables = []
    nearest = np.full(len(points), limit_m)
    for name in ["", *sorted(set(project) - {""})]:
        own = np.flatnonzero(project == name)
        mine = streets.iloc[own].reset_index(drop=True)
        found = snapped_where_one_can_stop(points, mine, limit_m)
        found["street"] = own[found["street"]]
        near = found["point"].to_numpy()
        if name == "":
            nearest[near] = found["distance_m"]
        else:
            found = found.loc[found["distance_m"].to_numpy() < nearest[near]]
        tables.append(found)
    together = pd.concat(tables, ignore_index=True)
    return together.sort_values(["point", "street"]).reset_index(drop=True)
