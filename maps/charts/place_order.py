"""Order of places in a table of travel times."""

from __future__ import annotations

import geopandas as gpd
import pandas as pd

from maps.style.html_text import short_name

MAX_PLACES = 80
"""Names of more places would not be legible."""

OUTSIDE = "规划范围以外"
ORDER_COLUMNS = ("place_id", "name", "area")


def place_order(places: gpd.GeoDataFrame, areas: gpd.GeoDataFrame) -> pd.DataFrame:
    """Places sorted by planning area, within an area from north to south.

    Parameters
    ----------
    places
        `place_id`, `name_zh`; points.
    areas
        `area_id`, `name_zh`; polygons. A place on a border belongs to the first of its areas.

    Returns
    -------
    DataFrame
        `ORDER_COLUMNS`: the id, and the short Chinese names of the place and its area; places
        outside all areas come last.
    """
    points = places.to_crs(areas.crs).reset_index(drop=True)
    inside = gpd.sjoin(points[["place_id", "geometry"]], areas[["geometry"]].reset_index(drop=True))
    area_number = inside["index_right"].groupby(level=0).min().reindex(points.index)
    area_number = area_number.fillna(len(areas)).astype(int)
    names = [*areas["name_zh"].map(short_name), OUTSIDE]
    order = pd.DataFrame(
        {
            "place_id": points["place_id"],
            "name": points["name_zh"].map(short_name),
            "area": [names[n] for n in area_number],
            "number": area_number,
            "south": -points.geometry.y,
        }
    )
    order = order.sort_values(["number", "south", "place_id"], ignore_index=True)
    return order[list(ORDER_COLUMNS)]


def most_changed(order: pd.DataFrame, change: pd.DataFrame) -> pd.DataFrame:
    """The `MAX_PLACES` places whose times change most, in the same order.

    Parameters
    ----------
    order
        `ORDER_COLUMNS`.
    change
        `from_id`, `to_id`, `change_secs`.
    """
    sizes = change["change_secs"].abs().groupby(change["from_id"]).sum()
    ranks = order["place_id"].map(sizes).fillna(0.0).rank(method="first", ascending=False)
    return order.loc[ranks <= MAX_PLACES].reset_index(drop=True)
