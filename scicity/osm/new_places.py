"""The planning areas and places of a new study, from OpenStreetMap."""

from __future__ import annotations

import geopandas as gpd
import pandas as pd
import shapely
from shapely.geometry.base import BaseGeometry

from geo.crs import WGS84
from geo.osm.areas import admin_areas, areas_of_place
from geo.osm.elements import OsmElements, Relation
from layers.osm.places import osm_places


def _core(areas: gpd.GeoDataFrame, place: BaseGeometry) -> int:
    """The area in the middle of the place."""
    middle = shapely.point_on_surface(place)
    return int(shapely.distance(areas.geometry.to_numpy(), middle).argmin())


def planning_areas(
    found: OsmElements, place: BaseGeometry, *, name: str, level: int | None
) -> tuple[gpd.GeoDataFrame, list[Relation]]:
    """Administrative areas in a place as planning areas; the one in its middle is the core.

    Parameters
    ----------
    found
        Elements of the place.
    place
        Polygon in longitude and latitude.
    name
        Of the place: that of its only area, if no boundary divides it.
    level
        `admin_level` of the areas; None for the coarsest that divides the place.

    Returns
    -------
    GeoDataFrame
        Columns of `geo.areas.AREAS` and `population`, the boundary's own tag; EPSG:4326.
    list of Relation
        Boundaries that are not whole in the data and so are no areas.
    """
    admin, broken = admin_areas(found)
    areas = areas_of_place(admin, place, level)
    names = [own or (name if len(areas) == 1 else "其他") for own in areas["name"]]
    english = [
        told or ("" if own or len(areas) == 1 else "Other")
        for own, told in zip(areas["name"], areas["name_en"], strict=True)
    ]
    core = _core(areas, place)
    columns = {
        "area_id": [f"r{r}" if r else "rest" for r in areas["relation_id"]],
        "name_zh": names,
        "name_en": [en or zh for zh, en in zip(names, english, strict=True)],
        "role": ["core" if n == core else "ring" for n in range(len(areas))],
        "confidence": "published",
        "source": "OpenStreetMap, administrative boundaries",
        "population": areas["population"].to_numpy(),
    }
    return gpd.GeoDataFrame(columns, geometry=areas.geometry.to_numpy(), crs=WGS84), broken


def named_places(found: OsmElements, place: BaseGeometry) -> gpd.GeoDataFrame:
    """Named places; if there is none, the middle of the study area."""
    places = osm_places(found, place)
    if (places["category"] == "centre").any():
        return places
    middle = {
        "place_id": ["middle"],
        "name_zh": ["研究区中心"],
        "name_en": ["Middle of the study area"],
        "category": ["centre"],
        "source": [""],
        "confidence": ["assumed"],
    }
    point = gpd.GeoDataFrame(middle, geometry=[shapely.point_on_surface(place)], crs=WGS84)
    both = [point, places] if len(places) else [point]
    return gpd.GeoDataFrame(pd.concat(both, ignore_index=True), crs=WGS84)
