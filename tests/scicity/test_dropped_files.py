"""What planners drop into a study: it gives right times, or a report of all that is to be mended.

The same small study twice: as GeoJSON in WGS 84, and with places and points of interest as AMap
exports them, surveyed roads in a Shapefile and buses as a GTFS feed.
"""

from __future__ import annotations

import json
import shutil
from collections.abc import Sequence
from pathlib import Path
from typing import Any

import geopandas as gpd
import pandas as pd
from bad_inputs.base import load, make_base, save, toml

from geo.gcj02 import gcj02_from_wgs84
from layers.files.transit import read_transit
from layers.gtfs.writing import DECIMALS, write_gtfs
from scicity.cli import main
from scicity.inputs.pair import network_pair
from scicity.inputs.read_study import bundled_study, read_study
from scicity.results.place_times import place_results

SAME_SECS = 0.01
"""Times differ by less: datums round by less than a millimetre."""
BUSES = 6
SHAPES = ("nodes", "edges")
KEYS = ["from_id", "to_id", "mode", "period"]
TIMES = ["baseline_secs", "scenario_secs"]
DATUMS = '[datums]\nplaces = "gcj02"\nclinics = "gcj02"\n'
SURVEYED = 'road_nodes = "EPSG:4544"\nroad_edges = "EPSG:4544"\n'
CLINICS = 'clinics = { file = "places/clinics.geojson" }\n'


def plain(folder: Path) -> Path:
    """A study in WGS 84, all GeoJSON: round coordinates, hops and headways of buses."""
    make_base(folder)
    for name in ("places/places", "network/bus"):
        save(folder / f"{name}.geojson", load(bundled_study() / f"{name}.geojson"))
    toml('"network/rail.geojson"]', '"network/rail.geojson", "network/bus.geojson"]')(folder)
    toml("[opportunities]\n", f"[opportunities]\n{CLINICS}")(folder)
    path = folder / "network/bus.geojson"
    content = load(path)
    routes = [f for f in content["features"] if f["properties"]["element"] == "route"][:BUSES]
    for feature in routes:
        told = feature["properties"]
        told.update(headway_peak_secs=600, headway_offpeak_secs=1200, stop_access_secs=0)
        told["assumed_fields"] = []
    served = {stop for route in routes for stop in route["properties"]["stop_ids"]}
    stops = [f for f in content["features"] if f["properties"].get("stop_id") in served]
    for feature in stops:
        lonlat = feature["geometry"]["coordinates"]
        feature["geometry"]["coordinates"] = [round(degrees, DECIMALS) for degrees in lonlat]
    save(path, content | {"features": [*stops, *routes]})
    clinics = load(folder / "places/opportunities.geojson")
    for number, feature in enumerate(clinics["features"]):
        feature["properties"] = {"name": f"卫生院{number}", "adname": "沙坪坝区"}
    save(folder / "places/clinics.geojson", clinics)
    return folder


def amap_table(path: Path, columns: Sequence[str], *, joined: bool = False) -> None:
    """A layer of points as AMap exports it: GCJ-02, GBK, and columns of its own."""
    frame = gpd.read_file(path)
    lng, lat = gcj02_from_wgs84(frame.geometry.x, frame.geometry.y)
    table = pd.DataFrame(frame[list(columns)])
    table = (
        table.assign(
            location=[f"{x!r},{y!r}" for x, y in zip(lng.tolist(), lat.tolist(), strict=True)]
        )
        if joined
        else table.assign(lng=lng, lat=lat)
    )
    table.to_csv(path.with_suffix(".csv"), index=False, encoding="gbk")
    path.unlink()


def surveyed(path: Path) -> None:
    """A Shapefile of CGCS2000 / 3-degree Gauss-Krueger zone 105E; yes and no are 1 and 0."""
    frame = gpd.read_file(path).drop(columns=["source"])
    flags = frame.select_dtypes("bool").columns
    frame = frame.astype(dict.fromkeys(flags, int))
    cut = {name: name[:10] for name in frame.columns}
    frame.rename(columns=cut).to_crs("EPSG:4544").to_file(
        path.with_suffix(".shp"), engine="pyogrio", encoding="GBK"
    )
    path.unlink()


def feed(path: Path, crs: str) -> None:
    stops, routes, _, faults = read_transit([path], crs)
    assert faults == []
    days = (pd.Timestamp("2022-04-18").date(), pd.Timestamp("2022-04-24").date())
    write_gtfs(path.with_suffix(".zip"), stops, routes, agency_name="公交", dates=days)
    path.unlink()


def dropped(folder: Path, *, datums: str) -> Path:
    """The same study from the files that planners have."""
    plain(folder)
    known = ["place_id", "name_zh", "name_en", "category", "existing", "accuracy_m"]
    amap_table(folder / "places/places.geojson", known)
    amap_table(folder / "places/clinics.geojson", ["name", "adname"], joined=True)
    for name in SHAPES:
        surveyed(folder / f"network/road_{name}.geojson")
        toml(f"road_{name}.geojson", f"road_{name}.shp")(folder)
    feed(folder / "network/bus.geojson", "EPSG:32648")
    toml("places/places.geojson", "places/places.csv")(folder)
    toml("places/clinics.geojson", "places/clinics.csv")(folder)
    toml("network/bus.geojson", "network/bus.zip")(folder)
    toml("[scenarios.today]", f"{datums}\n[scenarios.today]")(folder)
    return folder


def study_times(folder: Path) -> pd.DataFrame:
    study = read_study(folder)
    settings = study.settings.study
    found = place_results(study, network_pair(study, settings.baseline, settings.scenario)).times
    return found.set_index(KEYS).sort_index()


def report(folder: Path, out: Path) -> tuple[int, list[dict[str, Any]]]:
    """What the check exits with, and what it tells."""
    code = main(["check", "--study", str(folder), "--out", str(out)])
    told: list[dict[str, Any]] = json.loads((out / "check.json").read_text("utf-8"))["faults"]
    return code, told


def named(told: Sequence[dict[str, Any]]) -> list[tuple[str, str]]:
    return sorted((fault["code"], fault["file"]) for fault in told)


def broken_call(folder: Path) -> None:
    """A time that is none, in the feed."""
    path, tables = folder / "network/bus.zip", folder / "tables"
    shutil.unpack_archive(path, tables)
    calls = (tables / "stop_times.txt").read_text(encoding="utf-8").splitlines()
    calls[2] = calls[2].replace(":", "：")
    (tables / "stop_times.txt").write_text("\n".join(calls), encoding="utf-8")
    path.unlink()
    shutil.make_archive(str(path.with_suffix("")), "zip", tables)
    shutil.rmtree(tables)


GUESSED = [("encoding-gbk", "clinics.csv"), ("encoding-gbk", "places.csv")]


def test_they_give_the_times_of_plain_files(tmp_path: Path) -> None:
    folder = dropped(tmp_path / "研究", datums=DATUMS + SURVEYED)
    code, told = report(folder, tmp_path / "out")
    assert (code, named(told)) == (1, GUESSED)
    true, found = study_times(plain(tmp_path / "plain")), study_times(folder)
    assert len(true) > 10_000
    assert found.index.equals(true.index)
    assert (found[TIMES] - true[TIMES]).abs().to_numpy().max() < SAME_SECS
    both = [read_study(path).zones()["clinics"] for path in (tmp_path / "plain", folder)]
    assert both[0].tolist() == both[1].tolist()
    assert both[0].sum() > 0


def test_every_mistake_is_told_at_once_with_what_to_do(tmp_path: Path) -> None:
    folder = dropped(tmp_path / "研究", datums=DATUMS)
    for name in SHAPES:
        (folder / f"network/road_{name}.prj").unlink()
    broken_call(folder)
    path = folder / "places/places.csv"
    path.write_bytes(path.read_bytes().replace(b"category", b"kind", 1))
    code, told = report(folder, tmp_path / "out")
    assert code == 2
    roads = [(code, f"road_{n}.shp") for code in ("crs-missing", "crs-wrong") for n in SHAPES]
    table = [("key-missing", "places.csv"), ("key-unknown", "places.csv")]
    call = ("value-wrong-type", "bus.zip/stop_times.txt")
    assert set(named(told)) == {*GUESSED, *roads, *table, call}
    said = {(fault["code"], fault["file"]): fault for fault in told}
    assert said["crs-missing", "road_edges.shp"]["allowed"] == "its datum in [datums]"
    assert "all 799 features" in said["crs-wrong", "road_edges.shp"]["message"]
    assert "all 72 features" in said["key-missing", "places.csv"]["message"]
    assert "row 3" in said[call]["feature"]
    assert all(fault["mend_zh"] and fault["mend_en"] for fault in told)


def test_a_datum_that_is_not_declared_is_told_beside_other_faults(tmp_path: Path) -> None:
    folder = dropped(tmp_path / "研究", datums=f"[datums]\n{SURVEYED}")
    broken_call(folder)
    code, told = report(folder, tmp_path / "out")
    assert code == 1  # a trip of the feed is left out: the study goes on
    (suspect,) = (fault for fault in told if fault["code"] == "datum-suspect")
    assert suspect["allowed"] == 'if so, places = "gcj02" in [datums]'
    assert named(told)[-1] == ("value-wrong-type", "bus.zip/stop_times.txt")


def test_a_wrong_datum_is_told_with_the_right_one(tmp_path: Path) -> None:
    folder = dropped(tmp_path / "研究", datums=DATUMS + SURVEYED.replace("4544", "4545"))
    _, told = report(folder, tmp_path / "out")
    hints = [f["allowed"] for f in told if f["code"] == "crs-wrong" and not f["feature"]]
    assert sum("in [datums] the datum EPSG:4544" in hint for hint in hints) == len(SHAPES)
