"""Settlements, stations and opportunities that OpenStreetMap names, in a study's own columns."""

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
from layers.osm.transit.route_members import Finder

PLACE_COLUMNS = ("place_id", "name_zh", "name_en", "category", "source", "confidence", "geometry")
OPPORTUNITY_COLUMNS = ("opportunity_id", "name_zh", "kind", "source", "confidence", "geometry")
MOST_PLACES = 60
"""Times are computed between all places: more would make the table hard to read."""
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


def _named_nodes(found: OsmElements, place: BaseGeometry) -> Iterator[tuple[int, Tags, np.ndarray]]:
    """Nodes with a name in a place: id, tags and position."""
    finder = Finder(found)
    for node, tags in found.node_tags.items():
        position = found.lonlat[finder.nodes[node]]
        if tags.get("name") and shapely.contains_xy(place, *position):
            yield node, tags, position


def osm_places(found: OsmElements, place: BaseGeometry) -> gpd.GeoDataFrame:
    """Settlements and main-line stations of a place, the most important `MOST_PLACES`.

    Returns
    -------
    GeoDataFrame
        `PLACE_COLUMNS` (`category` is `centre` or `rail_hub`), EPSG:4326, settlements in the
        order of their rank.
    """
    rows = []
    for node, tags, position in _named_nodes(found, place):
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


def _all_opportunities(found: OsmElements) -> Iterator[tuple[str, Tags, np.ndarray]]:
    """Id, tags and the points of each school, university, hospital and industrial area."""
    finder = Finder(found)
    for node, tags in found.node_tags.items():
        if is_opportunity(tags):
            yield f"n{node}", tags, found.lonlat[[finder.nodes[node]]]
    for way, tags in enumerate(found.way_tags):
        if is_opportunity(tags):
            yield f"w{found.way_ids[way]}", tags, found.way_points(way)
    for relation in found.relations:
        if is_opportunity(relation.tags):
            ways = [finder.ways[m.ref] for m in relation.members if m.ref in finder.ways]
            points = [found.way_points(way) for way in ways]
            yield (
                f"r{relation.relation_id}",
                relation.tags,
                np.concatenate([np.empty((0, 2)), *points]),
            )


def osm_opportunities(found: OsmElements, place: BaseGeometry) -> gpd.GeoDataFrame:
    """Schools, universities, hospitals and industrial areas of a place, at their middles.

    Returns
    -------
    GeoDataFrame
        `OPPORTUNITY_COLUMNS`, EPSG:4326.
    """
    rows = []
    for own_id, tags, points in _all_opportunities(found):
        if len(points):
            box = (points.min(axis=0) + points.max(axis=0)) / 2
            if shapely.contains_xy(place, *box):
                kind, point = _kind(tags), shapely.Point(box)
                rows.append((own_id, name_of(tags), kind, SOURCE, "published", point))
    table = pd.DataFrame(rows, columns=list(OPPORTUNITY_COLUMNS))
    return gpd.GeoDataFrame(table, geometry="geometry", crs=WGS84)
