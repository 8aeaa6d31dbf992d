"""The Chinese map datum, there and back and against another program."""

from __future__ import annotations

import numpy as np
import pytest
from pyproj import Geod

from geo.gcj02 import gcj02_from_wgs84, wgs84_from_gcj02


def test_gcj02_there_and_back() -> None:
    random = np.random.default_rng(2022)
    lon, lat = random.uniform(73, 137, 5_000), random.uniform(1, 55, 5_000)
    back_lon, back_lat = wgs84_from_gcj02(*gcj02_from_wgs84(lon, lat))
    _, _, metres = Geod(ellps="WGS84").inv(lon, lat, back_lon, back_lat)
    assert metres.max() < 1e-6


def test_gcj02_agrees_with_another_program() -> None:
    oracle = pytest.importorskip("geocoordinates_ffi")
    random = np.random.default_rng(2022)
    lon, lat = random.uniform(73, 137, 500), random.uniform(1, 55, 500)
    found = np.column_stack(gcj02_from_wgs84(lon, lat))
    places = [oracle.Wgs84(lat=y, lon=x) for x, y in zip(lon, lat, strict=True)]
    told = np.array([(p.lon, p.lat) for p in map(oracle.wgs84_to_gcj02, places)])
    assert np.abs(found - told).max() < 1e-11


def test_gcj02_is_wgs84_outside_china() -> None:
    for there in (gcj02_from_wgs84, wgs84_from_gcj02):
        lon, lat = there([2.35, -70.0, 106.0], [48.85, -33.0, 0.5])
        assert lon.tolist() == [2.35, -70.0, 106.0]
        assert lat.tolist() == [48.85, -33.0, 0.5]
