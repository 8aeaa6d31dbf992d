"""Conversion between the Chinese map datums BD-09 and GCJ-02.

Baidu offsets GCJ-02 positions once more, by about a kilometre. The formula is the one that all
open implementations share (eviltransform, coordtransform, geocoordinates; first published at
blog.csdn.net/coolypf, article 8569813, in 2013).
"""

import numpy as np
from numpy.typing import ArrayLike

from geo.gcj02 import in_china
from geo.inverse import LonLat, inverse

EAST_DEG, NORTH_DEG = 0.0065, 0.006
RADIUS_WAVE_DEG, ANGLE_WAVE_RAD = 0.00002, 0.000003
WAVES_PER_DEG = np.pi * 3000 / 180


def bd09_from_gcj02(lon: ArrayLike, lat: ArrayLike) -> LonLat:
    """GCJ-02 longitudes and latitudes converted to BD-09.

    Parameters
    ----------
    lon, lat : array_like
        Degrees, GCJ-02, of the same shape.

    Returns
    -------
    lon, lat : ndarray
        Degrees, BD-09. Points outside China's box (`geo.gcj02`) are returned unchanged.

    Examples
    --------
    >>> lon, lat = bd09_from_gcj02([116.404, 2.35], [39.915, 48.85])
    >>> [round(float(value), 6) for value in lon]
    [116.410369, 2.35]
    >>> [round(float(value), 6) for value in lat]
    [39.921337, 48.85]
    """
    lon, lat = np.asarray(lon, dtype=float), np.asarray(lat, dtype=float)
    inside = in_china(lon, lat)
    bd09_lon, bd09_lat = _bd09_anywhere(lon, lat)
    return np.where(inside, bd09_lon, lon), np.where(inside, bd09_lat, lat)


def gcj02_from_bd09(lon: ArrayLike, lat: ArrayLike) -> LonLat:
    """BD-09 longitudes and latitudes converted to GCJ-02.

    The usual one-step inverse is off by up to a metre. Here the inverse is iterated until the
    BD-09 image of the result equals the input, to about 1e-8 m.

    Parameters
    ----------
    lon, lat : array_like
        Degrees, BD-09, of the same shape.

    Returns
    -------
    lon, lat : ndarray
        Degrees, GCJ-02. Points outside China's box are returned unchanged.

    Examples
    --------
    >>> lon, lat = gcj02_from_bd09(*bd09_from_gcj02(106.3, 29.6))
    >>> round(float(lon), 9), round(float(lat), 9)
    (106.3, 29.6)
    """
    lon, lat = np.asarray(lon, dtype=float), np.asarray(lat, dtype=float)
    gcj02_lon, gcj02_lat = inverse(_bd09_anywhere, lon, lat)
    inside = in_china(lon, lat)
    return np.where(inside, gcj02_lon, lon), np.where(inside, gcj02_lat, lat)


def _bd09_anywhere(lon: np.ndarray, lat: np.ndarray) -> LonLat:
    """BD-09 of GCJ-02, also for points outside China."""
    radius = np.hypot(lon, lat) + RADIUS_WAVE_DEG * np.sin(lat * WAVES_PER_DEG)
    angle = np.arctan2(lat, lon) + ANGLE_WAVE_RAD * np.cos(lon * WAVES_PER_DEG)
    return radius * np.cos(angle) + EAST_DEG, radius * np.sin(angle) + NORTH_DEG
