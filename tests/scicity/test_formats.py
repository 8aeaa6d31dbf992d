"""Further formats of results, read back by the tools that planners use."""

from __future__ import annotations

import json
import os
import shutil
import subprocess
from pathlib import Path

import geopandas as gpd
import numpy as np
import pyarrow.parquet as pq
import pytest
import rasterio
import shapely
from page_worlds import accessibility, projects

from analysis.graph.routable_network import routable_network
from analysis.graph.travel import Travel
from analysis.isochrones import isochrones_on
from analysis.surface.time_grid import TimeGrid, time_grid
from scicity.inputs.study import Study
from scicity.outputs.files import LayerFile, write_csv
from scicity.outputs.formats import ALSO, EXCEL, FORMATS, mark_for_excel, write_also
from scicity.outputs.time_rasters import NO_DATA, waiting_bands, write_time_raster

CUTOFFS = (900.0, 1800.0, 3600.0)


def gdal(tool: str, *arguments: str | Path) -> str:
    """What a tool of GDAL says; it must say it without an error."""
    program = shutil.which(tool)
    if program is None:
        assert "CI" not in os.environ, "CI must have gdal-bin"
        pytest.skip(f"no {tool} on this machine")
    done = subprocess.run([program, *arguments], capture_output=True, text=True, check=True)
    assert "ERROR" not in done.stderr
    return done.stdout


@pytest.fixture(scope="module")
def folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    path = tmp_path_factory.mktemp("also")
    layers = [
        LayerFile("accessibility", accessibility()),
        LayerFile("projects", projects()),
        LayerFile("nothing", projects().iloc[:0]),
    ]
    write_also(layers, ALSO, path)
    return path


def test_every_layer_is_there_in_every_format(folder: Path) -> None:
    names = ("accessibility", "projects_line", "projects_point")
    endings = (".fgb", ".parquet", ".kml", ".dxf")
    assert {path.name for path in folder.iterdir()} == {n + e for n in names for e in endings}
    assert len(endings) == len(FORMATS)


@pytest.mark.parametrize("ending", [".fgb", ".kml", ".dxf"])
@pytest.mark.parametrize("name", ["accessibility", "projects_line", "projects_point"])
def test_ogrinfo_opens_it(folder: Path, name: str, ending: str) -> None:
    said = gdal("ogrinfo", "-ro", "-so", "-al", folder / f"{name}{ending}")
    count = {"accessibility": 4, "projects_line": 3, "projects_point": 2}[name]
    assert f"Feature Count: {count}" in said


def test_columns_and_places_survive(folder: Path) -> None:
    for ending in (".fgb", ".parquet"):
        path = folder / f"accessibility{ending}"
        back = gpd.read_parquet(path) if ending == ".parquet" else gpd.read_file(path)
        back = back.sort_values("zone_id", ignore_index=True)
        assert list(back["population"]) == list(accessibility()["population"])
        assert shapely.equals_exact(back.geometry, accessibility().geometry, 1e-9).all()
        assert back.crs == "EPSG:4326"


def test_geoparquet_is_of_version_1_1_with_boxes(folder: Path) -> None:
    told = pq.read_schema(folder / "accessibility.parquet").metadata[b"geo"]
    geo = json.loads(told)
    assert geo["version"] == "1.1.0"
    assert "bbox" in geo["columns"]["geometry"]["covering"]


def test_tables_begin_with_the_mark_that_excel_needs(tmp_path: Path) -> None:
    table = projects()[["project_name_zh"]]
    write_csv(table, tmp_path / "a.csv")
    plain = (tmp_path / "a.csv").read_bytes()
    mark_for_excel(tmp_path)
    assert (tmp_path / "a.csv").read_bytes() == b"\xef\xbb\xbf" + plain
    assert EXCEL in ALSO


# Travel-time surfaces -----------------------------------------------------------------------


@pytest.fixture(scope="module", params=["transit", "drive"])
def surface(study: Study, request: pytest.FixtureRequest) -> tuple[TimeGrid, gpd.GeoDataFrame]:
    """Times on a grid, and the isochrones of the same question."""
    origin_id = study.settings.study.origin
    origin = study.place_points.loc[[origin_id]]
    network, conditions = study.baseline, study.conditions
    routable = routable_network(
        network, origin, travel=Travel(request.param), conditions=conditions
    )
    grid = time_grid(routable, origin_id, limit_secs=max(CUTOFFS))
    return grid, isochrones_on(routable, origin_id, cutoffs_secs=CUTOFFS).areas


@pytest.mark.slow
def test_isochrones_are_the_contours_of_the_surface(
    surface: tuple[TimeGrid, gpd.GeoDataFrame],
) -> None:
    grid, areas = surface
    rows, columns = grid.secs.shape
    x = grid.west + (np.arange(columns) + 0.5) * grid.cell_m
    y = grid.north - (np.arange(rows) + 0.5) * grid.cell_m
    for row in areas.itertuples():
        shapely.prepare(row.geometry)
        inside = shapely.contains_xy(row.geometry, *np.meshgrid(x, y))
        within = grid.secs <= row.cutoff_secs
        # only cells at the contour may be told apart: it covers part of a cell around each point
        edge = shapely.distance(row.geometry.boundary, shapely.points(*np.meshgrid(x, y)))
        assert (inside == within)[edge > 1.5 * grid.cell_m].all()
        assert within.sum() * grid.cell_m**2 == pytest.approx(row.geometry.area, rel=0.1)


def test_a_geotiff_says_its_units_and_where_nothing_is_reached(
    surface: tuple[TimeGrid, gpd.GeoDataFrame], tmp_path: Path
) -> None:
    grid, _ = surface
    path = tmp_path / "time.tif"
    write_time_raster({"expected": grid, "best": grid}, path)
    with rasterio.open(path) as file:
        assert file.nodata == NO_DATA
        assert file.units == ("s", "s")
        assert file.descriptions == ("travel time, expected waiting", "travel time, best waiting")
        assert file.crs.to_epsg() == 32648
        band = file.read(1, masked=True)
        assert (band.mask == ~np.isfinite(grid.secs)).all()
        assert band.max() <= max(CUTOFFS)
        row, column = np.unravel_index(np.argmin(grid.secs), grid.secs.shape)
        x, y = file.xy(row, column)
        assert (x, y) == pytest.approx(
            (
                grid.west + (column + 0.5) * grid.cell_m,
                grid.north - (row + 0.5) * grid.cell_m,
            )
        )
    said = gdal("gdalinfo", "-stats", path)
    assert "NoData Value=-1" in said
    assert "Unit Type: s" in said


def test_grids_of_different_reach_lie_on_each_other(tmp_path: Path) -> None:
    near = TimeGrid(np.array([[60.0]]), 200.0, 300.0, 100.0, "EPSG:32648")
    far = TimeGrid(np.array([[120.0, 90.0], [np.inf, 30.0]]), 100.0, 400.0, 100.0, "EPSG:32648")
    write_time_raster({"expected": far, "best": near}, tmp_path / "a.tif")
    with rasterio.open(tmp_path / "a.tif") as file:
        assert file.read(1).tolist() == [[120, 90], [NO_DATA, 30]]
        assert file.read(2).tolist() == [[NO_DATA, NO_DATA], [NO_DATA, 60]]
    assert waiting_bands("drive") == ("expected",)
    assert waiting_bands("transit")[0] == "expected"
