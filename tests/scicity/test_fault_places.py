"""Faults of layers in other datums are where they are in WGS 84."""

from __future__ import annotations

import json
from collections.abc import Callable
from pathlib import Path

import geopandas as gpd
import numpy as np
import pytest
import shapely
from bad_inputs.base import edit, load, make_base, save, toml
from coordinates import CRS
from pyproj import Transformer
from shapely.geometry import mapping, shape

from geo.bd09 import bd09_from_gcj02
from geo.formats.geometries import place_of
from geo.gcj02 import gcj02_from_wgs84
from layers.files.transit_csv import read_transit_csv
from layers.places import PLACES, read_points
from scicity.cli import main

SURVEYED = Transformer.from_crs("EPSG:4326", "EPSG:4544", always_xy=True)
TRUE = (106.3, 29.6)
ROW = {"place_id": "A", "name_zh": "甲", "category": "none"}
WAYS: dict[str, Callable[[float, float], tuple[float, float]]] = {
    "gcj02": lambda x, y: tuple(map(float, gcj02_from_wgs84(x, y))),
    "bd09": lambda x, y: tuple(map(float, bd09_from_gcj02(*gcj02_from_wgs84(x, y)))),
    "EPSG:4544": lambda x, y: tuple(map(float, SURVEYED.transform(x, y))),
}
NEAR = 2e-7
"""Degrees: two centimetres."""


def geojson(path: Path, x: float, y: float) -> None:
    geometry = {"type": "Point", "coordinates": [x, y]}
    feature = {"type": "Feature", "properties": ROW, "geometry": geometry}
    save(path, {"type": "FeatureCollection", "features": [feature]})


def table(path: Path, x: float, y: float) -> None:
    names = "x,y" if x > 1_000 else "lng,lat"
    path.write_text(f"{','.join(ROW)},{names}\n{','.join(ROW.values())},{x!r},{y!r}\n", "utf-8")


def shapefile(path: Path, x: float, y: float) -> None:
    crs = "EPSG:4544" if x > 1_000 else "EPSG:4490"
    gpd.GeoDataFrame([ROW], geometry=[shapely.Point(x, y)], crs=crs).to_file(path, engine="pyogrio")


@pytest.mark.parametrize("datum", WAYS)
@pytest.mark.parametrize(
    ("name", "write"),
    [("a.geojson", geojson), ("a.csv", table), ("a.shp", shapefile), ("a.gpkg", shapefile)],
)
def test_a_wrong_feature_is_where_it_is(
    tmp_path: Path, datum: str, name: str, write: Callable[[Path, float, float], None]
) -> None:
    write(tmp_path / name, *WAYS[datum](*TRUE))
    _, faults = read_points(tmp_path / name, PLACES, CRS, datum)
    assert [fault.code for fault in faults] == ["value-unknown"]
    assert faults[0].place == pytest.approx(TRUE, abs=NEAR)


@pytest.mark.parametrize("datum", ["gcj02", "bd09"])
def test_a_row_that_moves_a_stop_is_where_it_is(tmp_path: Path, datum: str) -> None:
    calls = [((106.2, 29.6), "A"), ((106.25, 29.6), "B"), (TRUE, "A")]
    rows = [
        f"R,线,{n},{stop},站,{x!r},{y!r}"
        for n, (spot, stop) in enumerate(calls)
        for x, y in [WAYS[datum](*spot)]
    ]
    head = "route_id,route_name,stop_sequence,stop_id,stop_name,lon,lat"
    path = tmp_path / "bus.csv"
    path.write_text("\n".join([head, *rows]), encoding="utf-8")
    (fault,) = (f for f in read_transit_csv(path, CRS, datum)[2] if f.code == "stop-moved")
    assert fault.place == pytest.approx(TRUE, abs=NEAR)


def moved(path: Path, way: Callable[[float, float], tuple[float, float]]) -> None:
    content = load(path)
    for feature in content["features"]:
        line = shapely.transform(
            shape(feature["geometry"]), lambda xy: np.array([way(*spot) for spot in xy.tolist()])
        )
        feature["geometry"] = mapping(line)
    save(path, content)


def test_the_layer_of_faults_is_wgs84(tmp_path: Path) -> None:
    folder, rail = make_base(tmp_path / "study"), "network/rail.geojson"
    station, line = (
        next(f for f in load(folder / rail)["features"] if f["properties"]["element"] == kind)
        for kind in ("station", "route")
    )
    edit(rail, lambda c: first(c, station).update(accuracy_m=-1))(folder)
    edit(rail, lambda c: first(c, line).update(hop_secs=[]))(folder)
    moved(folder / rail, WAYS["gcj02"])
    toml("[scenarios.today]", '[datums]\ntransit = "gcj02"\n\n[scenarios.today]')(folder)
    out = tmp_path / "out"
    assert main(["check", "--study", str(folder), "--out", str(out)]) == 2
    told = json.loads((out / "check.geojson").read_text(encoding="utf-8"))["features"]
    found = {f["properties"]["feature"]: f["geometry"]["coordinates"] for f in told}
    for feature, name in ((station, "stop_id"), (line, "route_id")):
        true = place_of(feature["geometry"])
        assert found[feature["properties"][name]] == pytest.approx(true, abs=NEAR)


def first(content: dict, feature: dict) -> dict:
    """The properties of the same feature."""
    wanted = feature["properties"]
    return next(f["properties"] for f in content["features"] if f["properties"] == wanted)
