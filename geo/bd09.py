"""The Chinese map datum BD-09 and GCJ-02, each from the other.

Baidu moves positions of GCJ-02 once more, by about a kilometre. The formula is the one that all
open implementations share (eviltransform, coordtransform, geocoordinates; first published at
blog.csdn.net/coolypf, article 8569813, in 2013).
"""

import numpy as np
from numpy.typing import ArrayLike

from geo.gcj02 import in_china
from geo.inverse import Pair, inverse

EAST_DEG, NORTH_DEG = 0.0065, 0.006
RADIUS_WAVE_DEG, ANGLE_WAVE_RAD = 0.00002, 0.000003
WAVES_PER_DEG = np.pi * 3000 / 180


def bd09_from_gcj02(lon: ArrayLike, lat: ArrayLike) -> Pair:
    """BD-09 longitudes and latitudes of GCJ-02 ones.

    Parameters
    ----------
    lon, lat : array_like
        Degrees, GCJ-02, of the same shape.

    Returns
    -------
    lon, lat : ndarray
        Degrees, BD-09. Points outside China's box (`geo.gcj02`) are returned as they are.

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
    there_lon, there_lat = _moved(lon, lat)
    return np.where(inside, there_lon, lon), np.where(inside, there_lat, lat)


def gcj02_from_bd09(lon: ArrayLike, lat: ArrayLike) -> Pair:
    """GCJ-02 longitudes and latitudes of BD-09 ones.

    The usual one-step inverse is off by up to a metre; here the point is moved until its own
    BD-09 image is the one asked for, to about 1e-8 m.

    Parameters
    ----------
    lon, lat : array_like
        Degrees, BD-09, of the same shape.

    Returns
    -------
    lon, lat : ndarray
        Degrees, GCJ-02. Points outside China's box are returned as they are.

    Examples
    --------
    >>> lon, lat = gcj02_from_bd09(*bd09_from_gcj02(106.3, 29.6))
    >>> round(float(lon), 9), round(float(lat), 9)
    (106.3, 29.6)
    """
    lon, lat = np.asarray(lon, dtype=float), np.asarray(lat, dtype=float)
    true_lon, true_lat = inverse(_moved, lon, lat)
    inside = in_china(lon, lat)
    return np.where(inside, true_lon, lon), np.where(inside, true_lat, lat)


def _moved(lon: np.ndarray, lat: np.ndarray) -> Pair:
    """BD-09 of GCJ-02 wherever the point is."""
    radius = np.hypot(lon, lat) + RADIUS_WAVE_DEG * np.sin(lat * WAVES_PER_DEG)
    angle = np.arctan2(lat, lon) + ANGLE_WAVE_RAD * np.cos(lon * WAVES_PER_DEG)
    return radius * np.cos(angle) + EAST_DEG, radius * np.sin(angle) + NORTH_DEG
