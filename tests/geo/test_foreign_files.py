"""Layers as Shapefile, GeoPackage and table, in every datum, give what the GeoJSON gives."""

from __future__ import annotations

import json
import warnings
from collections.abc import Callable
from pathlib import Path
from typing import Any

import geopandas as gpd
import numpy as np
import pandas as pd
import pyogrio
import pytest
import shapely

from geo.bd09 import bd09_from_gcj02
from geo.datums import Datum
from geo.faults import Fault
from geo.formats.features import read_features, read_layer
from geo.gcj02 import gcj02_from_wgs84
from layers.places import OPPORTUNITIES, PLACES
from layers.screenlines import read_screenlines

NAMES = ["place_id", "name_zh", "name_en", "category", "existing", "accuracy_m"]
PLAIN = pd.DataFrame(
    {
        "place_id": ["A", "B", "C"],
        "name_zh": ["金凤", "西永", "寨山坪"],
        "name_en": ["Jinfeng", "Xiyong", "Zhaishanping"],
        "category": ["park", "centre", "science"],
        "existing": [True, False, True],
        "accuracy_m": [10.0, 20.0, 30.5],
    }
)
LONLAT = np.array([[106.31, 29.51], [106.37, 29.59], [106.30, 29.47]])
CRS = "EPSG:32648"


def layer() -> gpd.GeoDataFrame:
    return gpd.GeoDataFrame(PLAIN, geometry=gpd.points_from_xy(*LONLAT.T), crs="EPSG:4326")


def written(lonlat: np.ndarray, datum: str) -> np.ndarray:
    """The same places as another datum has them."""
    if datum in ("gcj02", "bd09"):
        lonlat = np.column_stack(gcj02_from_wgs84(*lonlat.T))
        return np.column_stack(bd09_from_gcj02(*lonlat.T)) if datum == "bd09" else lonlat
    code = {"wgs84": "EPSG:4326", "cgcs2000": "EPSG:4490"}.get(datum, datum)
    points = gpd.GeoSeries(gpd.points_from_xy(*lonlat.T), crs="EPSG:4326").to_crs(code)
    return np.column_stack([points.x, points.y])


def save(path: Path, datum: str = "wgs84") -> Path:
    xy = written(LONLAT, datum)
    code = {"gcj02": "EPSG:4326", "bd09": "EPSG:4326", "wgs84": "EPSG:4326"}.get(datum, datum)
    code = "EPSG:4490" if datum == "cgcs2000" else code
    frame = gpd.GeoDataFrame(PLAIN, geometry=gpd.points_from_xy(*xy.T), crs=code)
    if path.suffix == ".csv":
        table = PLAIN.assign(x=xy[:, 0], y=xy[:, 1])
        table.to_csv(path, index=False, encoding="utf-8")
    else:
        frame.to_file(path, engine="pyogrio")
    return path


def read(path: Path, datum: Datum = None) -> tuple[gpd.GeoDataFrame, list[Fault]]:
    return read_layer(path, PLACES, datum)


def check_same(found: gpd.GeoDataFrame) -> None:
    assert found[NAMES].to_dict("list") == PLAIN.to_dict("list")
    true = layer().to_crs(CRS).geometry
    assert shapely.distance(found.to_crs(CRS).geometry.array, true.array).max() < 0.001


@pytest.mark.parametrize("ending", [".shp", ".gpkg", ".csv", ".geojson"])
@pytest.mark.parametrize("datum", ["wgs84", "cgcs2000", "gcj02", "bd09", "EPSG:4544"])
def test_every_kind_in_every_datum(tmp_path: Path, ending: str, datum: str) -> None:
    found, faults = read(save(tmp_path / f"地点{ending}", datum), datum)
    assert faults == []
    check_same(found)


def test_xian_1980_is_read_with_its_doubt(tmp_path: Path) -> None:
    found, [doubt] = read(save(tmp_path / "a.shp", "EPSG:4610"), "EPSG:4610")
    assert (doubt.code, doubt.severity) == ("datum-inaccurate", "warning")
    check_same(found)


@pytest.mark.parametrize("pair", ["lon,lat", "lng,lat", "longitude,latitude", "经度,纬度"])
@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "gbk", "gb18030"])
def test_tables_as_they_come(tmp_path: Path, pair: str, encoding: str) -> None:
    path = save(tmp_path / "a.csv")
    text = path.read_text(encoding="utf-8").replace("x,y", pair)
    path.write_text(text, encoding=encoding)
    found, faults = read(path)
    told = [] if encoding.startswith("utf") else ["encoding-gbk"]
    assert [fault.code for fault in faults] == told
    check_same(found)


def test_a_shapefile_in_gbk_without_cpg(tmp_path: Path) -> None:
    path = tmp_path / "a.shp"
    layer().to_file(path, engine="pyogrio", encoding="GBK")
    path.with_suffix(".cpg").unlink(missing_ok=True)
    found, [told] = read(path)
    assert (told.code, told.severity) == ("encoding-gbk", "warning")
    check_same(found)
    layer().to_file(path, engine="pyogrio", encoding="GBK")
    path.with_suffix(".cpg").write_text("936")
    found, faults = read(path)
    assert faults == []
    check_same(found)


def test_what_gdal_complains_of_is_told(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    path, read_raw = save(tmp_path / "a.shp"), pyogrio.raw.read

    def complain(*arguments: Any, **options: Any) -> Any:
        warnings.warn(f"{arguments[0]}: a value was cut", RuntimeWarning, stacklevel=1)
        return read_raw(*arguments, **options)

    monkeypatch.setattr(pyogrio.raw, "read", complain)
    found, [told] = read(path)
    assert (told.code, told.severity, told.message) == (
        "file-doubtful",
        "warning",
        "a.shp: a value was cut",
    )
    check_same(found)


def test_names_that_a_shapefile_cuts(tmp_path: Path) -> None:
    cut = {"opportunit": ["1"], "kind": ["school"], "name_zh": ["小学"]}
    point = gpd.points_from_xy([106.3], [29.5])
    gpd.GeoDataFrame(cut, geometry=point, crs=4326).to_file(tmp_path / "a.shp", engine="pyogrio")
    table, faults = read_layer(tmp_path / "a.shp", OPPORTUNITIES)
    assert faults == []
    assert table["opportunity_id"].tolist() == ["1"]


def test_any_columns_will_do_where_only_one_is_asked_for(tmp_path: Path) -> None:
    (tmp_path / "a.csv").write_text("名称,lon,lat,jobs\n甲,106.3,29.5,7\n", encoding="gb18030")
    [feature], _ = read_features(tmp_path / "a.csv", None)
    assert (
        feature["properties"] == {"名称": "甲", "jobs": 7.0} or feature["properties"]["jobs"] == 7
    )


Spoil = Callable[[Path], Path]


def table(text: str, encoding: str = "utf-8") -> Spoil:
    def spoil(folder: Path) -> Path:
        (folder / "a.csv").write_text(text, encoding=encoding)
        return folder / "a.csv"

    return spoil


def damaged_text(folder: Path) -> Path:
    path = save(folder / "a.csv")
    path.write_bytes(path.read_bytes().replace("西永".encode(), "西永".encode()[:-1]))
    return path


def without(ending: str) -> Spoil:
    def spoil(folder: Path) -> Path:
        save(folder / "a.shp").with_suffix(ending).unlink()
        return folder / "a.shp"

    return spoil


def cut(ending: str, keep: float) -> Spoil:
    def spoil(folder: Path) -> Path:
        path = save(folder / f"a{'.gpkg' if ending == '.gpkg' else '.shp'}").with_suffix(ending)
        content = path.read_bytes()
        path.write_bytes(content[: int(len(content) * keep)])
        return folder / f"a{'.gpkg' if ending == '.gpkg' else '.shp'}"

    return spoil


def wrong_page(folder: Path) -> Path:
    path = folder / "a.shp"
    layer().to_file(path, engine="pyogrio", encoding="GBK")
    path.with_suffix(".cpg").write_text("UTF-8")
    return path


def two_layers(folder: Path) -> Path:
    for name in ("one", "two"):
        layer().to_file(folder / "a.gpkg", layer=name, engine="pyogrio")
    return folder / "a.gpkg"


def saved(name: str, datum: str) -> Spoil:
    return lambda folder: save(folder / name, datum)


HEAD = "place_id,name_zh,category,lon,lat"
WRONG: list[tuple[Spoil, Datum, str, str]] = [
    (saved("a.shp", "EPSG:4544"), None, "crs-wrong", "the datum EPSG:4544"),
    (saved("a.gpkg", "EPSG:4544"), "EPSG:4545", "crs-wrong", "CM 108E"),
    (saved("a.geojson", "EPSG:4544"), "gcj02", "crs-wrong", "WGS 84"),
    (saved("a.csv", "EPSG:4544"), "EPSG:4523", "crs-wrong", "m east"),
    (saved("a.csv", "EPSG:4544"), "wgs84", "crs-wrong", "longitude"),
    (saved("a.csv", "EPSG:4544"), None, "crs-missing", "[datums]"),
    (without(".prj"), None, "crs-missing", "[datums]"),
    (without(".dbf"), None, "file-missing", ".shp"),
    (without(".shx"), None, "file-missing", ".shp"),
    (cut(".shp", 0.6), None, "file-unreadable", "whole"),
    (cut(".dbf", 0.7), None, "file-unreadable", ""),
    (cut(".gpkg", 0.1), None, "file-unreadable", "whole"),
    (wrong_page, None, "file-unreadable", "GB18030"),
    (two_layers, None, "layer-unclear", "one layer"),
    (damaged_text, "wgs84", "file-unreadable", "GB18030"),
    (table(HEAD + "\nA,金凤,park,106.3,29.5\n", "utf-16"), None, "file-unreadable", "GB18030"),
    (table("place_id,name_zh,category\nA,金凤,park\n"), None, "column-missing", "lng, lat"),
    (table(HEAD + ",lat\nA,金凤,park,106.3,29.5,1\n"), None, "id-duplicate", "once"),
    (table(HEAD + "\nA,金凤,park,106.3,29.5,1\n"), None, "value-wrong-type", "5 cells"),
    (table(HEAD + "\n"), None, "file-empty", "one or more"),
    (table(HEAD + "\nA,金凤,park,东,29.5\n"), None, "geometry-wrong-type", "Point"),
    (table(HEAD + "\nA,金凤,park,,\n"), None, "geometry-wrong-type", "Point"),
    (table(HEAD + ",categor\nA,金凤,park,106,29,1\n"), None, "key-unknown", "category"),
    (table(HEAD + "\nA,金凤,castle,106.3,29.5\n"), None, "value-unknown", "park"),
    (table(HEAD + "\nA,,park,106.3,29.5\n"), None, "key-missing", "text"),
    (table(HEAD + "\nA,金凤,park,nan,29.5\n"), None, "geometry-wrong-type", "Point"),
    (lambda folder: folder / "none.shp", None, "file-missing", ""),
    (lambda folder: folder / "none.xls", None, "file-kind-unknown", ".gpkg"),
]


@pytest.mark.parametrize(
    ("spoil", "datum", "code", "allowed"), WRONG, ids=[f"{n}-{w[2]}" for n, w in enumerate(WRONG)]
)
def test_each_wrong_file_is_named(
    tmp_path: Path, spoil: Spoil, datum: Datum, code: str, allowed: str
) -> None:
    path = spoil(tmp_path)
    _, faults = read(path, datum)
    found = [fault for fault in faults if fault.code == code and fault.file == path.name]
    assert found, [str(fault) for fault in faults]
    assert any(allowed in fault.allowed for fault in found), found
    assert found[0].severity == "error"
    assert str(tmp_path) not in json.dumps([str(fault) for fault in faults])


def test_screenlines_in_gbk_are_read_and_told(tmp_path: Path) -> None:
    text = "screenline_id,name_zh,peak_volume,confidence\nz,中梁山,16000,assumed\n\n"
    path = tmp_path / "screenlines.csv"
    path.write_bytes(text.encode("gbk"))
    table, faults = read_screenlines(path)
    assert [fault.code for fault in faults] == ["encoding-gbk"]
    assert table[["screenline_id", "name_zh", "peak_volume"]].to_numpy().tolist() == [
        ["z", "中梁山", 16_000.0]
    ]
