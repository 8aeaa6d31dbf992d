"""Grids of streets for the page."""

from __future__ import annotations

import geopandas as gpd
import numpy as np
from page_worlds import frame
from shapely.geometry import LineString

STREET = {"osmid": "1", "name": "人民路", "name_en": "", "highway": "residential", "lanes": 2}
STREET |= {"maxspeed": 30.0, "tunnel": False, "bridge": False, "crossing": None}
STREET |= {"drive": True, "walk": True, "bus": True}


def grid(side: int) -> gpd.GeoDataFrame:
    """A grid of streets of about 100 m with a bend in each; six of a row are one OSM way."""
    rows, shapes = [], []
    for line in range(side):
        for step in range(side):
            for axis in (0, 1):
                way, name = 1000 * (2 * line + axis) + step // 6, f"{line}路" if line % 3 else ""
                osmid = f"{way}.{step % 6 + 1}" if step % 6 else str(way)
                highway = ("residential", "service", "footway", "primary")[way % 4]
                rows.append({**STREET, "osmid": osmid, "name": name, "highway": highway})
                along = np.array([step, step + 0.5, step + 1]) / 1000
                across = line / 1000 + np.array([0, 0.0002, 0])
                xy = (along, across) if axis else (across, along)
                shapes.append(LineString(np.transpose(xy) + np.array([106.3, 29.5])))
    return frame(rows, shapes)
