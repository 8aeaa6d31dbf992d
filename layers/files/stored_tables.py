"""Routes and layers as Parquet tables, for stores of what was read or imported before."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import fields
from io import BytesIO
from pathlib import Path
from typing import Any

import geopandas as gpd
import pandas as pd
import shapely

from layers.transit import TransitRoute

LISTS = ("stop_ids", "hop_secs", "through_routes", "assumed_fields", "dwell_secs")
"""Fields of a route that are tuples."""


def route_frame(routes: Sequence[TransitRoute], crs: str) -> gpd.GeoDataFrame:
    """A row a route; its shape is the geometry."""
    names = [item.name for item in fields(TransitRoute) if item.name != "shape"]
    rows = [{name: getattr(route, name) for name in names} for route in routes]
    table = pd.DataFrame(rows, columns=names)
    for name in LISTS:
        table[name] = [list(value) for value in table[name]]
    return gpd.GeoDataFrame(table, geometry=[route.shape for route in routes], crs=crs)


def routes_of(frame: gpd.GeoDataFrame) -> list[TransitRoute]:
    """The routes of a frame, as `route_frame` made it."""
    records = []
    for row in frame.drop(columns="geometry").to_dict("records"):
        lists = {name: tuple(row[name].tolist()) for name in LISTS}
        values: dict[str, Any] = {str(k): v for k, v in row.items()} | lists
        records.append(values)
    shapes = [shape or None for shape in frame.geometry]
    return [TransitRoute(**v, shape=s) for v, s in zip(records, shapes, strict=True)]


def read_layer(source: Path | BytesIO, crs: str) -> gpd.GeoDataFrame:
    """A layer as GeoPandas reads it, without parsing the CRS.

    The CRS is known to the store; parsing it takes most of the time of reading a small layer.
    """
    table = pd.read_parquet(source)
    lines = shapely.from_wkb(table["geometry"].to_numpy())
    return gpd.GeoDataFrame(table.assign(geometry=lines), geometry="geometry", crs=crs)
