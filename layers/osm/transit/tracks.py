"""Tracks of railways, metros, trams and people movers."""

from __future__ import annotations

import geopandas as gpd
import numpy as np
import pandas as pd
import shapely
from shapely.geometry.base import BaseGeometry

from geo.crs import WGS84
from geo.osm.elements import OsmElements, nodes_inside, ways_inside
from geo.osm.selection import TRACKS
from layers.osm.tags import is_bridge, is_tunnel, name_of

TRACK_COLUMNS = ("osmid", "railway", "name", "tunnel", "bridge", "usage", "service", "geometry")


def osm_tracks(elements: OsmElements, place: BaseGeometry, crs: str) -> gpd.GeoDataFrame:
    """Complete tracks in use with a node in the place.

    Returns
    -------
    GeoDataFrame
        `TRACK_COLUMNS`; `osmid` is the way's id as text, `railway` one of
        `geo.osm.selection.TRACKS`.
    """
    near = ways_inside(elements, nodes_inside(elements, place))
    rows = []
    for way in np.flatnonzero(near).tolist():
        tags = elements.way_tags[way]
        if tags.get("railway") not in TRACKS:
            continue
        points = elements.way_points(way)
        if len(points) > 1:
            rows.append(
                (
                    str(elements.way_ids[way]),
                    tags["railway"],
                    name_of(tags),
                    is_tunnel(tags),
                    is_bridge(tags),
                    tags.get("usage", ""),
                    tags.get("service", ""),
                    shapely.linestrings(points),
                )
            )
    table = pd.DataFrame.from_records(rows, columns=list(TRACK_COLUMNS))
    return gpd.GeoDataFrame(table, geometry="geometry", crs=WGS84).to_crs(crs)
