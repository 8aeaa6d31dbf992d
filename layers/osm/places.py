"""Settlements, stations and opportunities from OpenStreetMap, in the columns of a study."""

from __future__ import annotations

from collections.abc import Iterator

import geopandas as gpd
import numpy as np
import pandas as pd
import shapely
from shapely.geometry.base import BaseGeometry

from geo.crs import WGS84
from geo.osm.elements import OsmElements, Tags
from geo.osm.selection import PLACES, is_opportunity
from layers.osm.tags import name_of
from layers.osm.transit.route_members import ElementLookup

PLACE_COLUMNS = ("place_id", "name_zh", "name_en", "category", "source", "confidence", "geometry")
OPPORTUNITY_COLUMNS = ("opportunity_id", "name_zh", "kind", "source", "confidence", "geometry")
MOST_PLACES = 60
"""Most places: times are computed between all of them, and more make the table unreadable."""
SOURCE = "OpenStreetMap"
AMENITY_KINDS = {
    "school": "school",
    "college": "university",
    "university": "university",
    "hospital": "hospital",
}
RAIL_HUBS = ("station", "halt")


def _kind(tags: Tags) -> str:
    """The kind of opportunity, one of `layers.places.KINDS`."""
    return AMENITY_KINDS.get(tags.get("amenity", ""), "industry")


def _named_nodes(
    elements: OsmElements, place: BaseGeometry
) -> Iterator[tuple[int, Tags, np.ndarray]]:
    """Named nodes in a place: id, tags and position."""
    lookup = ElementLookup(elements)
    for node, tags in elements.node_tags.items():
        position = elements.lonlat[lookup.nodes[node]]
        if tags.get("name") and shapely.contains_xy(place, *position):
            yield node, tags, position


def osm_places(elements: OsmElements, place: BaseGeometry) -> gpd.GeoDataFrame:
    """The `MOST_PLACES` most important settlements and main-line stations of a place.

    Returns
    -------
    GeoDataFrame
        `PLACE_COLUMNS` (`category` is `centre` or `rail_hub`), EPSG:4326, settlements by rank.
    """
    rows = []
    for node, tags, position in _named_nodes(elements, place):
        is_hub = tags.get("railway") in RAIL_HUBS and tags.get("station") != "subway"
        if tags.get("place") in PLACES or is_hub:
            rank = PLACES.index(tags["place"]) if tags.get("place") in PLACES else len(PLACES)
            category = "rail_hub" if rank == len(PLACES) else "centre"
            names = (tags["name"], tags.get("name:en", ""))
            point = shapely.Point(position)
            rows.append((rank, f"n{node}", *names, category, SOURCE, "published", point))
    rows.sort(key=lambda row: (row[0], row[1]))
    table = pd.DataFrame([row[1:] for row in rows[:MOST_PLACES]], columns=list(PLACE_COLUMNS))
    return gpd.GeoDataFrame(table, geometry="geometry", crs=WGS84)


def _all_opportunities(elements: OsmElements) -> Iterator[tuple[str, Tags, np.ndarray]]:
    """Id, tags and the points of each school, university, hospital and industrial area."""
    lookup = ElementLookup(elements)
    for node, tags in elements.node_tags.items():
        if is_opportunity(tags):
            yield f"n{node}", tags, elements.lonlat[[lookup.nodes[node]]]
    for way, tags in enumerate(elements.way_tags):
        if is_opportunity(tags):
            yield f"w{elements.way_ids[way]}", tags, elements.way_points(way)
    for relation in elements.relations:
        if is_opportunity(relation.tags):
            ways = [lookup.ways[m.ref] for m in relation.members if m.ref in lookup.ways]
            points = [elements.way_points(way) for way in ways]
            yield (
                f"r{relation.relation_id}",
                relation.tags,
                np.concatenate([np.empty((0, 2)), *points]),
            )


def osm_opportunities(elements: OsmElements, place: BaseGeometry) -> gpd.GeoDataFrame:
    """Schools, universities, hospitals and industrial areas of a place, at their centres.

    Returns
    -------
    GeoDataFrame
        `OPPORTUNITY_COLUMNS`, EPSG:4326.
    """
    rows = []
    for osm_id, tags, points in _all_opportunities(elements):
        if len(points):
            centre = (points.min(axis=0) + points.max(axis=0)) / 2
            if shapely.contains_xy(place, *centre):
                kind, point = _kind(tags), shapely.Point(centre)
                rows.append((osm_id, name_of(tags), kind, SOURCE, "published", point))
    table = pd.DataFrame(rows, columns=list(OPPORTUNITY_COLUMNS))
    return gpd.GeoDataFrame(table, geometry="geometry", crs=WGS84)
