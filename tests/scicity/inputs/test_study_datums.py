"""Copies of the bundled study with layers in other datums and files: the same study comes out."""

from __future__ import annotations

import datetime as dt
import shutil
from pathlib import Path

import geopandas as gpd
import numpy as np
import pandas as pd
import pytest
import shapely
from datum_copies import edit, move_file, to_bd09, to_gcj02

from geo.faults import Fault, errors
from geo.gcj02 import gcj02_from_wgs84
from layers.gtfs.reading import read_gtfs
from layers.gtfs.writing import write_gtfs
from scicity.inputs.read_study import bundled_study, read_study, study_with_faults
from scicity.inputs.study import Study
from scicity.outputs.run_record import input_hashes
from scicity.settings.parsing import parse_settings


def check_same(found: gpd.GeoSeries, true: gpd.GeoSeries) -> None:
    assert len(found) == len(true)
    assert shapely.hausdorff_distance(found.array, true.array).max() < 0.01


def amap_places(folder: Path) -> None:
    """A table as AMap exports it: GCJ-02, GBK, its own names of columns."""
    path = folder / "places/places.geojson"
    frame = gpd.read_file(path)
    lng, lat = gcj02_from_wgs84(frame.geometry.x, frame.geometry.y)
    known = ["place_id", "name_zh", "name_en", "category", "existing", "accuracy_m"]
    table = pd.DataFrame(frame[known]).assign(lng=lng, lat=lat)
    table.to_csv(path.with_suffix(".csv"), index=False, encoding="gbk")
    path.unlink()


def surveyed_population(folder: Path) -> None:
    """A Shapefile in CGCS2000 Gauss-Krueger, its texts in GBK and nothing that says so."""
    path = folder / "places/population.geojson"
    frame = gpd.read_file(path)[["town_id", "name_zh", "district_id", "population", "geometry"]]
    frame = frame.rename(columns={"district_id": "district_i"})  # as Shapefiles cut it
    shp = path.with_suffix(".shp")
    frame.to_crs("EPSG:4544").to_file(shp, engine="pyogrio", encoding="GBK")
    shp.with_suffix(".cpg").unlink(missing_ok=True)
    path.unlink()


def test_amap_survey_and_baidu_in_one_study(copy: Path, study: Study) -> None:
    amap_places(copy)
    surveyed_population(copy)
    move_file(copy / "places/opportunities.geojson", to_bd09)
    move_file(copy / "boundaries/areas.geojson", to_gcj02)
    for path in (copy / "projects").glob("*.geojson"):
        move_file(path, to_gcj02)
    datums = (
        'places = "gcj02"\npopulation = "EPSG:4544"\nopportunities = "bd09"\n'
        'areas = "gcj02"\nprojects = "gcj02"'
    )
    renamed = [("places/places.geojson", "places/places.csv")]
    renamed += [("places/population.geojson", "places/population.shp")]
    edit(copy, *renamed, datums=datums)
    read, faults = study_with_faults(copy)
    assert read is not None
    assert not errors(faults), [str(fault) for fault in faults]
    told = [(f.code, f.file) for f in faults if f.code.startswith(("encoding", "datum"))]
    assert sorted(told) == [
        ("encoding-gbk", "places.csv"),
        ("encoding-gbk", "population.shp"),
    ]
    check_same(read.places.geometry, study.places.geometry)
    check_same(read.opportunities.geometry, study.opportunities.geometry)
    check_same(read.area.areas.geometry, study.area.areas.geometry)
    mine, true = (s.counts["population"].table for s in (read, study))
    check_same(mine.geometry, true.geometry)
    assert mine["count"].tolist() == true["count"].tolist()
    for name, project in study.projects.items():
        check_same(read.projects[name].features.geometry, project.features.geometry)
    zones, true_zones = read.zones(), study.zones()
    assert zones["zone_id"].tolist() == true_zones["zone_id"].tolist()
    assert np.abs(zones["population"] - true_zones["population"]).max() < 0.5
    assert "places/population.dbf" in input_hashes(copy, read)


@pytest.mark.parametrize("datum", ["gcj02", "bd09", "EPSG:4544"])
def test_the_whole_network_in_another_datum(copy: Path, study: Study, datum: str) -> None:
    flat = gpd.GeoSeries
    ways = {
        "gcj02": to_gcj02,
        "bd09": to_bd09,
        "EPSG:4544": lambda xy: shapely.get_coordinates(
            flat(gpd.points_from_xy(*xy.T), crs=4326).to_crs("EPSG:4544").array
        ),
    }
    names = ("road_nodes", "road_edges", "rail", "bus")
    for name in names:
        move_file(copy / f"network/{name}.geojson", ways[datum])
    datums = "\n".join(f'{name} = "{datum}"' for name in ("road_nodes", "road_edges", "transit"))
    edit(copy, datums=datums)
    read = read_study(copy)
    check_same(read.baseline.stops.geometry, study.baseline.stops.geometry)
    check_same(read.baseline.roads.drawn.geometry, study.baseline.roads.drawn.geometry)


def test_a_feed_in_gcj02(tmp_path: Path, study: Study) -> None:
    feed, moved = tmp_path / "feed.zip", tmp_path / "amap.zip"
    write_gtfs(
        feed,
        study.baseline.stops,
        study.baseline.routes,
        agency_name="bus",
        dates=(dt.date(2022, 4, 18), dt.date(2022, 4, 24)),
    )
    (true,) = read_gtfs(feed, study.area.crs)
    folder = tmp_path / "tables"
    shutil.unpack_archive(feed, folder)
    stops = pd.read_csv(folder / "stops.txt", dtype=str)
    lon, lat = gcj02_from_wgs84(stops["stop_lon"].astype(float), stops["stop_lat"].astype(float))
    stops.assign(stop_lon=lon, stop_lat=lat).to_csv(folder / "stops.txt", index=False)
    shutil.make_archive(str(moved.with_suffix("")), "zip", folder)
    (found,) = read_gtfs(moved, study.area.crs, "gcj02")
    check_same(found.stops.geometry, true.stops.geometry)
    assert found.routes == true.routes


def section(text: str) -> list[Fault]:
    bundled = (bundled_study() / "study.toml").read_text(encoding="utf-8")
    _, faults = parse_settings(bundled + text, bundled_study())
    return faults


@pytest.mark.parametrize(
    ("text", "code", "allowed"),
    [
        ('[datums]\nplaces = "GCJ-02"', "datum-unknown", "gcj02"),
        ("[datums]\nplaces = 4544", "datum-unknown", "EPSG:4544"),
        ('[datums]\nplace = "gcj02"', "key-unknown", "did you mean places?"),
        ('[datums]\nscreenlines = "gcj02"', "key-unknown", ""),
        ('[datums]\nparks = "gcj02"', "key-unknown", ""),
        ('[datums]\ntransit = ["gcj02"]', "datum-unfit", "a list of 2"),
        ('[datums]\ntransit = ["gcj02", "mars"]', "datum-unknown", "bd09"),
        ('[opportunities.jobs]\nfile = "jobs.tif"\n[datums]\njobs = "gcj02"', "datum-unfit", "own"),
        (
            '[opportunities.areas]\nfile = "jobs.csv"\n[datums]\nareas = "gcj02"',
            "id-duplicate",
            "rename",
        ),
    ],
)
def test_each_wrong_declaration_is_named(text: str, code: str, allowed: str) -> None:
    found = [f for f in section("\n" + text) if f.code == code and f.feature.startswith("datums")]
    assert found
    assert allowed in found[0].allowed


def test_tables_and_feeds_are_in_degrees(copy: Path) -> None:
    edit(copy, ('"network/bus.geojson"', '"network/bus.csv"'), datums='transit = "EPSG:4544"')
    read, faults = study_with_faults(copy)
    assert read is None
    assert [(f.code, f.feature) for f in faults] == [("datum-unfit", "datums.transit")]


def test_sound_declarations() -> None:
    assert section('\n[datums]\ntransit = ["wgs84", "EPSG:4544"]\nprojects = "cgcs2000"') == []
