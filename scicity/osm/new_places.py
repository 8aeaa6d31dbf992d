"""Planning areas and places of a new study, from OpenStreetMap."""

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
    """Position of the area in the middle of the place."""
    middle = shapely.point_on_surface(place)
    return int(shapely.distance(areas.geometry.to_numpy(), middle).argmin())


def planning_areas(
    elements: OsmElements, place: BaseGeometry, *, name: str, level: int | None
) -> tuple[gpd.GeoDataFrame, list[Relation]]:
    """Administrative areas of a place as planning areas; the middle one is the core.

    Parameters
    ----------
    elements
        Elements of the place.
    place
        Polygon in longitude and latitude.
    name
        Name of the place, given to its only area if no boundary divides it.
    level
        `admin_level` of the areas; None for the coarsest that divides the place.

    Returns
    -------
    GeoDataFrame
        Columns of `geo.areas.AREAS` and `population`, the boundary's own tag; EPSG:4326.
    list of Relation
        Boundaries that are incomplete in the data and give no areas.
    """
    admin, broken = admin_areas(elements)
    areas = areas_of_place(admin, place, level)
    names = [own_name or (name if len(areas) == 1 else "其他") for own_name in areas["name"]]
    english = [
        own_english or ("" if own_name or len(areas) == 1 else "Other")
        for own_name, own_english in zip(areas["name"], areas["name_en"], strict=True)
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


def named_places(elements: OsmElements, place: BaseGeometry) -> gpd.GeoDataFrame:
    """Named places; without a town centre, also the middle of the study area."""
    places = osm_places(elements, place)
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
    frames = [point, places] if len(places) else [point]
    return gpd.GeoDataFrame(pd.concat(frames, ignore_index=True), crs=WGS84)
