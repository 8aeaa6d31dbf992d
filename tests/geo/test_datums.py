"""GCJ-02, BD-09, CGCS2000 and systems of the EPSG registry, each to WGS 84."""

from __future__ import annotations

import numpy as np
import pytest
import shapely
from hypothesis import given
from hypothesis import strategies as st
from pyproj import CRS, Geod, Transformer

from geo.bd09 import bd09_from_gcj02, gcj02_from_bd09
from geo.datums import (
    accuracy_warnings,
    allowed_box,
    crs_faults,
    is_datum,
    wgs84_positions,
)
from geo.gcj02 import gcj02_from_wgs84

LON, LAT = st.floats(73.7, 135.0), st.floats(3.5, 53.5)
GEOD = Geod(ellps="WGS84")


def bd09(lonlat: np.ndarray) -> np.ndarray:
    return np.column_stack(bd09_from_gcj02(*gcj02_from_wgs84(*lonlat.T)))


def gcj02(lonlat: np.ndarray) -> np.ndarray:
    return np.column_stack(gcj02_from_wgs84(*lonlat.T))


def metres(one: np.ndarray, other: np.ndarray) -> np.ndarray:
    return np.asarray(GEOD.inv(*one.T, *other.T)[2])


def all_over_china(count: int) -> np.ndarray:
    random = np.random.default_rng(2022)
    return np.column_stack([random.uniform(73.7, 135, count), random.uniform(3.5, 53.5, count)])


@given(lon=LON, lat=LAT)
def test_there_and_back_inside_china(lon: float, lat: float) -> None:
    here = np.array([[lon, lat]])
    assert metres(wgs84_positions(gcj02(here), "gcj02"), here)[0] < 1e-6
    assert metres(wgs84_positions(bd09(here), "bd09"), here)[0] < 1e-6
    assert metres(gcj02(wgs84_positions(here, "gcj02")), here)[0] < 1e-6
    assert metres(bd09(wgs84_positions(here, "bd09")), here)[0] < 1e-6
    mars = np.column_stack(gcj02_from_bd09(*here.T))
    assert metres(np.column_stack(bd09_from_gcj02(*mars.T)), here)[0] < 1e-6


@given(lon=st.floats(-180, 180), lat=st.floats(-90, 90))
def test_nothing_moves_outside_china(lon: float, lat: float) -> None:
    here = np.array([[lon, lat]])
    if shapely.box(72.004, 0.8293, 137.8347, 55.8271).covers(shapely.Point(lon, lat)):
        return
    for datum in ("gcj02", "bd09"):
        assert wgs84_positions(here, datum).tolist() == here.tolist()
    assert gcj02(here).tolist() == bd09(here).tolist() == here.tolist()


def test_all_at_once_is_one_by_one() -> None:
    places = all_over_china(300)
    for there in (gcj02_from_wgs84, bd09_from_gcj02):
        single = np.array([[float(v) for v in there(lon, lat)] for lon, lat in places])
        assert np.abs(np.column_stack(there(*places.T)) - single).max() < 1e-13
    for datum in ("gcj02", "bd09"):
        single = np.vstack([wgs84_positions(place[None], datum) for place in places])
        assert np.abs(wgs84_positions(places, datum) - single).max() < 1e-12


def test_equal_positions_stay_equal() -> None:
    places = np.repeat(all_over_china(101), 3, axis=0)
    for datum in ("gcj02", "bd09", "EPSG:4490"):
        found = wgs84_positions(places, datum).reshape(101, 3, 2)
        assert (found == found[:, :1]).all()
    assert wgs84_positions(np.zeros((0, 2)), "bd09").shape == (0, 2)


def test_agrees_with_another_program() -> None:
    oracle = pytest.importorskip("geocoordinates_ffi")
    places = all_over_china(300)
    for lon, lat in places:
        told = oracle.gcj02_to_bd09(oracle.Gcj02(lat=lat, lon=lon))
        found = bd09_from_gcj02(lon, lat)
        assert abs(found[0] - told.lon) + abs(found[1] - told.lat) < 1e-11
        back = oracle.bd09_to_wgs84_refined(oracle.Bd09(lat=lat, lon=lon))
        mine = wgs84_positions(np.array([[lon, lat]]), "bd09")[0]
        # it stops its own iteration at a micrometre or so
        assert metres(mine[None], np.array([[back.lon, back.lat]]))[0] < 1e-3


@pytest.mark.parametrize(
    ("there", "lonlat", "published"),
    [
        # tests of eviltransform (Shanghai, Shenzhen, Beijing) and of coordtransform (Tian'anmen)
        (gcj02_from_wgs84, (121.5272106, 31.1774276), (121.531541859215, 31.17530398364597)),
        (gcj02_from_wgs84, (113.912316, 22.543847), (113.9171764808363, 22.540796131694766)),
        (gcj02_from_wgs84, (116.377817, 39.911954), (116.38404722455657, 39.91334545536069)),
        (gcj02_from_wgs84, (116.404, 39.915), (116.41024449916938, 39.91640428150164)),
        (bd09_from_gcj02, (116.404, 39.915), (116.41036949371029, 39.92133699351021)),
    ],
)
def test_published_pairs(
    there: object, lonlat: tuple[float, float], published: tuple[float, float]
) -> None:
    assert callable(there)
    assert np.abs(np.array(there(*lonlat)) - published).max() < 1e-10


def test_one_step_would_not_do() -> None:
    """The usual short cuts miss by metres where we miss by nothing."""
    places = all_over_china(2_000)
    mars = gcj02(places)
    one_step = mars - (gcj02(mars) - mars)
    assert metres(one_step, places).max() > 0.5
    assert metres(wgs84_positions(mars, "gcj02"), places).max() < 1e-6


def test_gauss_krueger_is_that_of_proj() -> None:
    there = Transformer.from_crs("EPSG:4490", "EPSG:4544", always_xy=True)
    places = np.column_stack([np.linspace(103.5, 106.9, 50), np.linspace(28, 31, 50)])
    flat = np.column_stack(there.transform(*places.T))
    assert metres(wgs84_positions(flat, "EPSG:4544"), places).max() < 1e-6
    assert (wgs84_positions(places, "cgcs2000") == places).all()
    assert (wgs84_positions(places, None) == places).all()


def test_names() -> None:
    good = ("wgs84", "cgcs2000", "gcj02", "bd09", "EPSG:4544", "EPSG:2335", "EPSG:4326")
    bad = ("GCJ-02", "epsg:4544", "EPSG:", "EPSG:999999", "EPSG:4979", "EPSG:5773", "", 4544, None)
    assert all(map(is_datum, good))
    assert not any(map(is_datum, bad))


def test_a_system_has_its_own_range() -> None:
    west, south, east, north = allowed_box("EPSG:4544")
    assert west < 630_000 < east
    assert south < 3_270_000 < north
    assert not west < 35_630_000 < east  # with the zone's number before it
    assert not west < 3_270_000 < east  # northing first
    assert allowed_box("bd09") == (-180, -90, 180, 90)


def test_doubt_is_told_with_what_proj_says() -> None:
    here = np.array([[106.3, 29.6]])
    for datum in (None, "wgs84", "cgcs2000", "gcj02", "bd09", "EPSG:4326", "EPSG:32648"):
        assert accuracy_warnings(here, datum, "a.csv") == []
    assert accuracy_warnings(here[:0], "EPSG:4610", "a.csv") == []
    [xian] = accuracy_warnings(here, "EPSG:4610", "a.csv")
    assert (xian.code, xian.severity) == ("datum-inaccurate", "warning")
    assert "knows no transformation" in xian.message
    [pulkovo] = accuracy_warnings(np.array([[25.0, 60.2]]), "EPSG:4284", "a.csv")
    assert " m" in pulkovo.message


@pytest.mark.parametrize(
    ("told", "datum"),
    [
        ("EPSG:4326", None),
        ("urn:ogc:def:crs:OGC:1.3:CRS84", "wgs84"),
        ("EPSG:4490", "gcj02"),
        ("EPSG:4326", "bd09"),
        (CRS("EPSG:4544").to_wkt("WKT1_ESRI"), "EPSG:4544"),
        (CRS("EPSG:2335").to_wkt("WKT1_ESRI"), "EPSG:2335"),
        (CRS("EPSG:4490").to_wkt("WKT1_ESRI"), "cgcs2000"),
    ],
)
def test_a_file_may_say_what_is_declared(told: str, datum: str | None) -> None:
    assert crs_faults(told, datum, "a.shp") == []


@pytest.mark.parametrize(
    ("told", "datum"),
    [
        ("EPSG:4544", None),
        ("EPSG:4545", "EPSG:4544"),
        ("EPSG:4326", "cgcs2000"),
        ("EPSG:4544", "gcj02"),
        (CRS("EPSG:2335").to_wkt("WKT1_ESRI"), "EPSG:4544"),
        ("nonsense", None),
    ],
)
def test_a_file_may_not_say_otherwise(told: str, datum: str | None) -> None:
    [fault] = crs_faults(told, datum, "a.shp")
    assert (fault.code, fault.severity) == ("crs-wrong", "error")
