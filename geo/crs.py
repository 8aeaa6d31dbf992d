"""Coordinate reference systems: the only module that chooses one."""

from __future__ import annotations

import geopandas as gpd
import numpy as np
from pyproj import CRS, Transformer
from pyproj.exceptions import CRSError

WGS84 = "EPSG:4326"
"""CRS of stored geometry: longitude and latitude, RFC 7946."""


def utm_crs(lon: float, lat: float) -> str:
    """The UTM zone of a position (degrees), as a default projected CRS.

    Examples
    --------
    >>> utm_crs(106.36, 29.55)
    'EPSG:32648'
    >>> utm_crs(25.0, 60.2)
    'EPSG:32635'
    """
    zone = int((lon + 180) // 6) + 1
    return f"EPSG:{32600 + zone if lat >= 0 else 32700 + zone}"


def is_metric(crs: str) -> bool:
    """Whether a code names a projected system measured in metres.

    Examples
    --------
    >>> is_metric("EPSG:4545"), is_metric("EPSG:4326"), is_metric("EPSG:1")
    (True, False, False)
    """
    try:
        system = CRS.from_user_input(crs)
    except CRSError:
        return False
    return system.is_projected and system.axis_info[0].unit_name == "metre"


def to_wgs84(frame: gpd.GeoDataFrame) -> gpd.GeoDataFrame:
    """A copy in longitude and latitude (EPSG:4326)."""
    return frame.to_crs(WGS84)


def lonlat_of(x: float, y: float, crs: str) -> tuple[float, float]:
    """Longitude and latitude of one position, to seven decimals.

    Examples
    --------
    >>> lonlat_of(500_000, 0, "EPSG:32648")
    (105.0, 0.0)
    """
    lon, lat = Transformer.from_crs(crs, WGS84, always_xy=True).transform(x, y)
    return round(lon, 7), round(lat, 7)


def projected(lonlat: np.ndarray, crs: str) -> np.ndarray:
    """Longitudes and latitudes (n x 2, WGS 84) in another CRS, as `to_crs` gives them.

    For millions of positions: making point geometries of them would take ten times as long as
    projecting them.

    Examples
    --------
    >>> projected(np.array([[105.0, 0.0]]), "EPSG:32648").round(3).tolist()
    [[500000.0, 0.0]]
    """
    transformer = Transformer.from_crs(WGS84, crs, always_xy=True)
    return np.column_stack(transformer.transform(lonlat[:, 0], lonlat[:, 1]))
