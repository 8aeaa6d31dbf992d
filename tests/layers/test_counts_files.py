"""Files of counts that are wrong: each is named with what is allowed."""

from __future__ import annotations

import sys
from collections.abc import Callable
from pathlib import Path

import geopandas as gpd
import numpy as np
import pandas as pd
import pytest
import shapely
from coordinates import CRS
from population_files import AREA, HALVES, X, Y, box, cut_short, layer, plain, tif
from rasterio.transform import Affine

from geo.areal.rasters import read_raster
from geo.areas import StudyArea
from geo.faults import Fault
from layers.counts import read_counts, read_population
from layers.totals import total_in


def both_kinds(path: Path) -> Path:
    shapes = [box(0, 0, 9, 9), shapely.Point(X, Y), box(10, 0, 19, 9)]
    return layer(path, shapes, town_id=[*"abc"], population=[1, 2, 3])


OF_A_SITE = 'LOCAL_CS["a building site",UNIT["metre",1]]'
NOWHERE = Affine(0, 0, X, 0, 0, Y)
Make = Callable[[Path], Path]
FILES: list[tuple[Make, str, str]] = [
    (lambda p: p / "none.tif", "file-missing", "none.tif"),
    (lambda p: plain(p / "a.tif", "<VRTDataset/>"), "file-unreadable", "whole GeoTIFF"),
    (lambda p: plain(p / "a.tif", ""), "file-unreadable", "whole GeoTIFF"),
    (lambda p: tif(p / "a.tif", [[1, 2]], count=2), "raster-bands", "one band"),
    (lambda p: tif(p / "a.tif", [[1, 2]], dtype="complex64"), "value-wrong-type", "numbers"),
    (lambda p: tif(p / "a.tif", [[1, 2]], crs=None), "crs-missing", "GeoTIFF"),
    (lambda p: tif(p / "a.tif", [[1, 2]], crs=OF_A_SITE), "crs-wrong", "known"),
    (lambda p: tif(p / "a.tif", [[1, 2]], NOWHERE), "raster-not-placed", "GeoTIFF"),
    (lambda p: tif(p / "a.tif", [[1, 2]], crs="EPSG:32601"), "raster-elsewhere", "study area"),
    (lambda p: tif(p / "a.tif", [[1, 2]]), "raster-too-small", "all of it"),
    (lambda p: plain(p / "a.xls", ""), "file-kind-unknown", ".tif, .tiff, .geojson, .json"),
    (lambda p: plain(p / "a.geojson", "{"), "file-unreadable", "GeoJSON"),
    (lambda p: both_kinds(p / "a.geojson"), "geometry-mixed", "points or polygons only"),
    (
        lambda p: layer(p / "a.geojson", [shapely.LineString([(X, Y), (X, Y + 9)])], town_id=["a"]),
        "geometry-wrong-type",
        "Point",
    ),
    (
        lambda p: layer(p / "a.geojson", [box(0, 0, 9, 9)], town_id=["a"], population=[-1]),
        "value-out-of-range",
        "0 to",
    ),
]


@pytest.mark.parametrize(("make", "code", "allowed"), FILES, ids=[code for _, code, _ in FILES])
@pytest.mark.filterwarnings("error")
def test_each_wrong_file_is_named(tmp_path: Path, make: Make, code: str, allowed: str) -> None:
    path = make(tmp_path)
    _, faults = read_population(path, AREA)
    found = [f for f in faults if f.code == code]
    assert found, faults
    assert found[0].file == path.name
    assert allowed in found[0].allowed
    assert str(tmp_path) not in str(faults)


def test_areas_at_fault_add_no_fault_of_the_raster(tmp_path: Path) -> None:
    """Areas that overlap, and no area at all."""
    path = tif(tmp_path / "a.tif", np.ones((60, 70)), Affine(100, 0, X - 500, 0, -100, Y + 5_500))
    shifted = HALVES.assign(geometry=HALVES.translate(300))
    twins = StudyArea(gpd.GeoDataFrame(pd.concat([HALVES, shifted])))
    for area in (twins, StudyArea(HALVES.iloc[:0])):
        counts, faults = read_population(path, area)
        assert faults == []
        assert (counts.raster is None) == area.areas.empty


@pytest.mark.parametrize("column", [None, "jobs", "work"])
def test_a_count_needs_its_column(tmp_path: Path, column: str | None) -> None:
    path = layer(tmp_path / "jobs.geojson", [box(0, 0, 9, 9)], jobs=[None], work=["many"])
    _, [fault] = read_counts(path, AREA, column)
    assert (fault.file, fault.feature) == ("jobs.geojson", "#1" if column else "")
    assert fault.code == {None: "column-missing", "jobs": "key-missing"}.get(
        column, "value-wrong-type"
    )
    _, [fault] = read_counts(path, AREA, "staff")
    assert (fault.code, fault.allowed) == ("column-missing", "jobs, work")


@pytest.mark.parametrize("part", [0.0, 0.001, 0.01, 0.1, 0.5, 0.9, 0.999])
@pytest.mark.parametrize("compress", ["none", "deflate"])
def test_a_cut_raster_is_a_fault_and_no_traceback(
    tmp_path: Path, part: float, compress: str
) -> None:
    rows = np.random.default_rng(4).uniform(0, 9, (60, 70))
    path = tif(tmp_path / "cut.tif", rows, compress=compress)
    raster, faults = read_raster(cut_short(path, part), box(0, 0, 7_000, 6_000), CRS)
    assert raster is None
    assert [f.severity for f in faults] == ["error"]
    assert faults[0].code in ("file-unreadable", "crs-missing")  # the system stands at the end


def test_without_rasterio_one_fault_says_how_to_get_it(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    path = tif(tmp_path / "four.tif", [[1, 2], [4, 8]])
    monkeypatch.setitem(sys.modules, "rasterio", None)
    _, [fault] = read_population(path, AREA)
    assert (fault.code, fault.file) == ("rasterio-missing", "four.tif")
    assert fault.allowed == 'pip install "scicity[raster]"'


def test_a_warning_of_a_layer_elsewhere_stops_nothing(tmp_path: Path) -> None:
    path = layer(tmp_path / "away.geojson", [box(90_000, 0, 90_500, 500)], jobs=[5])
    counts, _ = read_counts(path, AREA, "jobs")
    [warning] = total_in(counts, AREA, "jobs").warnings()
    expected = "no jobs of it lies in the study area"
    assert warning == Fault(
        "away.geojson", "", "counts-empty", expected, "the right place", "warning"
    )
