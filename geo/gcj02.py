"""Conversion between the Chinese map datum GCJ-02 and WGS 84.

Chinese map providers publish positions in GCJ-02, which lies up to 700 m from WGS 84. The offset
has never been published officially. This is the formula that all open implementations share, on
the Krasovsky 1940 ellipsoid (Wikipedia, "Restrictions on geographic data in China"; the
programs eviltransform and geocoordinates agree with it to less than a micrometre).
"""

import numpy as np
from numpy.typing import ArrayLike, NDArray

from geo.inverse import LonLat, inverse

SEMI_MAJOR_AXIS_M = 6_378_245.0
ECCENTRICITY_SQUARED = 0.00669342162296594323
WEST, SOUTH, EAST, NORTH = 72.004, 0.8293, 137.8347, 55.8271
"""The box outside which maps have no offset, degrees: that of eviltransform and geocoordinates.
It extends into China's neighbours, where nobody publishes GCJ-02."""

ORIGIN_LON, ORIGIN_LAT = 105.0, 35.0


def gcj02_from_wgs84(lon: ArrayLike, lat: ArrayLike) -> LonLat:
    """WGS 84 longitudes and latitudes converted to GCJ-02.

    Parameters
    ----------
    lon, lat : array_like
        Degrees, WGS 84, of the same shape.

    Returns
    -------
    lon, lat : ndarray
        Degrees, GCJ-02. Points outside China's box are returned unchanged.

    Examples
    --------
    >>> lon, lat = gcj02_from_wgs84([106.3, 2.35], [29.6, 48.85])
    >>> [round(float(value), 6) for value in lon]
    [106.303827, 2.35]
    >>> [round(float(value), 6) for value in lat]
    [29.597341, 48.85]
    """
    lon, lat = np.asarray(lon, dtype=float), np.asarray(lat, dtype=float)
    inside = in_china(lon, lat)
    gcj02_lon, gcj02_lat = _gcj02_unchecked(*_origin_outside(inside, lon, lat))
    return np.where(inside, gcj02_lon, lon), np.where(inside, gcj02_lat, lat)


def wgs84_from_gcj02(lon: ArrayLike, lat: ArrayLike) -> LonLat:
    """GCJ-02 longitudes and latitudes converted to WGS 84.

    The forward formula has no closed inverse, so the inverse is iterated until the GCJ-02 image
    of the result equals the input, to about 1e-9 m.

    Parameters
    ----------
    lon, lat : array_like
        Degrees, GCJ-02, of the same shape.

    Returns
    -------
    lon, lat : ndarray
        Degrees, WGS 84. Points outside China's box are returned unchanged.

    Examples
    --------
    >>> lon, lat = wgs84_from_gcj02(*gcj02_from_wgs84(106.3, 29.6))
    >>> round(float(lon), 9), round(float(lat), 9)
    (106.3, 29.6)
    >>> wgs84_from_gcj02([], [])
    (array([], dtype=float64), array([], dtype=float64))
    """
    lon, lat = np.asarray(lon, dtype=float), np.asarray(lat, dtype=float)
    inside = in_china(lon, lat)
    wgs84_lon, wgs84_lat = inverse(_gcj02_unchecked, *_origin_outside(inside, lon, lat))
    return np.where(inside, wgs84_lon, lon), np.where(inside, wgs84_lat, lat)


def in_china(lon: ArrayLike, lat: ArrayLike) -> NDArray[np.bool_]:
    """Whether points (degrees) lie in the box in which maps have an offset.

    Examples
    --------
    >>> in_china([106.3, 24.9], [29.6, 60.2]).tolist()
    [True, False]
    """
    lon, lat = np.asarray(lon), np.asarray(lat)
    return (lon >= WEST) & (lon <= EAST) & (lat >= SOUTH) & (lat <= NORTH)


def _origin_outside(
    inside: NDArray[np.bool_], lon: NDArray[np.float64], lat: NDArray[np.float64]
) -> LonLat:
    """Points outside China replaced by the formula's origin: outside it may overflow."""
    return np.where(inside, lon, ORIGIN_LON), np.where(inside, lat, ORIGIN_LAT)


def _gcj02_unchecked(lon: NDArray[np.float64], lat: NDArray[np.float64]) -> LonLat:
    """GCJ-02 of WGS 84, without the check for China."""
    lon_offset, lat_offset = _offset(lon, lat)
    return lon + lon_offset, lat + lat_offset


def _offset(lon: NDArray[np.float64], lat: NDArray[np.float64]) -> LonLat:
    """The offset of GCJ-02 from WGS 84, degrees east and north."""
    x, y = lon - ORIGIN_LON, lat - ORIGIN_LAT
    shared = (20 * np.sin(6 * np.pi * x) + 20 * np.sin(2 * np.pi * x)) * 2 / 3
    east_m = 300 + x + 2 * y + 0.1 * x * x + 0.1 * x * y + 0.1 * np.sqrt(np.abs(x)) + shared
    east_m = east_m + (20 * np.sin(np.pi * x) + 40 * np.sin(np.pi * x / 3)) * 2 / 3
    east_m = east_m + (150 * np.sin(np.pi * x / 12) + 300 * np.sin(np.pi * x / 30)) * 2 / 3
    north_m = -100 + 2 * x + 3 * y + 0.2 * y * y + 0.1 * x * y + 0.2 * np.sqrt(np.abs(x)) + shared
    north_m = north_m + (20 * np.sin(np.pi * y) + 40 * np.sin(np.pi * y / 3)) * 2 / 3
    north_m = north_m + (160 * np.sin(np.pi * y / 12) + 320 * np.sin(np.pi * y / 30)) * 2 / 3
    flattening = 1 - ECCENTRICITY_SQUARED * np.sin(np.radians(lat)) ** 2
    prime_vertical_m = SEMI_MAJOR_AXIS_M / np.sqrt(flattening)
    meridian_m = prime_vertical_m * (1 - ECCENTRICITY_SQUARED) / flattening
    parallel_m = prime_vertical_m * np.cos(np.radians(lat))
    return np.degrees(east_m / parallel_m), np.degrees(north_m / meridian_m)
