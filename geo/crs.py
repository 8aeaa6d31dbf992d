"""Coordinate systems: the only place that chooses one."""

from __future__ import annotations

import geopandas as gpd
from pyproj import CRS
from pyproj.exceptions import CRSError

WGS84 = "EPSG:4326"
"""Geometry at rest: longitude and latitude, RFC 7946."""


def utm_crs(lon: float, lat: float) -> str:
    """The UTM zone of a place, as a default projected system.

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
    """A copy in longitude and latitude."""
    return frame.to_crs(WGS84)
