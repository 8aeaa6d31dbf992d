"""The order in which places stand in a table of times."""

from __future__ import annotations

import geopandas as gpd
import pandas as pd

from maps.style.html_text import short_name

MOST_PLACES = 80
"""More would have no legible names."""

OUTSIDE = "规划范围以外"
ORDER_COLUMNS = ("place_id", "name", "area")


def place_order(places: gpd.GeoDataFrame, areas: gpd.GeoDataFrame) -> pd.DataFrame:
    """Places by planning area in the order of the areas, in each from north to south.

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
        outside all areas stand last.
    """
    points = places.to_crs(areas.crs).reset_index(drop=True)
    inside = gpd.sjoin(points[["place_id", "geometry"]], areas[["geometry"]].reset_index(drop=True))
    number = inside["index_right"].groupby(level=0).min().reindex(points.index)
    number = number.fillna(len(areas)).astype(int)
    names = [*areas["name_zh"].map(short_name), OUTSIDE]
    found = pd.DataFrame(
        {
            "place_id": points["place_id"],
            "name": points["name_zh"].map(short_name),
            "area": [names[n] for n in number],
            "number": number,
            "south": -points.geometry.y,
        }
    )
    found = found.sort_values(["number", "south", "place_id"], ignore_index=True)
    return found[list(ORDER_COLUMNS)]


def most_changed(order: pd.DataFrame, change: pd.DataFrame) -> pd.DataFrame:
    """At most `MOST_PLACES` of the places, those whose times change most, in the same order.

    Parameters
    ----------
    order
        `ORDER_COLUMNS`.
    change
        `from_id`, `to_id`, `change_secs`.
    """
    sizes = change["change_secs"].abs().groupby(change["from_id"]).sum()
    ranks = order["place_id"].map(sizes).fillna(0.0).rank(method="first", ascending=False)
    return order.loc[ranks <= MOST_PLACES].reset_index(drop=True)
