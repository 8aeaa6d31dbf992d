"""Studies with rasters of people and layers of other counts."""

from __future__ import annotations

import json
import shutil
from pathlib import Path

import numpy as np
import pytest
import shapely
from population_files import by_area, cut_short, edited, layer, plain, raster_of, spread, tif
from rasterio.transform import Affine

from scicity.cli import main
from scicity.inputs.read_study import bundled_study, read_study
from scicity.inputs.study import Study
from scicity.outputs.run_record import input_hashes
from scicity.settings.settings import read_settings


@pytest.mark.parametrize(
    ("entry", "code", "feature"),
    [
        ('{ file = "../jobs.tif" }', "path-outside-study", "opportunities"),
        ('{ file = "a.tif", column = "jobs" }', "opportunity-unclear", "opportunities.parks"),
        ('{ file = "a.tif", places = ["park"] }', "opportunity-unclear", "opportunities.parks"),
        ('{ column = "jobs" }', "opportunity-unclear", "opportunities.parks"),
        ("{ }", "opportunity-unclear", "opportunities.parks"),
        ("{ file = 3 }", "value-wrong-type", "opportunities.parks"),
        ('{ file = "a.tif" }\npopulation = { file = "b.tif" }', "id-duplicate", "population"),
    ],
)
def test_an_opportunity_is_said_in_one_way(copy: Path, entry: str, code: str, feature: str) -> None:
    parks = 'parks = { name_zh = "园区", name_en = "parks", places = ["park", "science"] }'
    edited(copy, parks, f"parks = {entry}")
    _, faults = read_settings(copy)
    assert [f.code for f in faults] == [code]
    assert feature in faults[0].feature


# A whole study ------------------------------------------------------------------------------


def small_study(folder: Path) -> Path:
    """The bundled study without its projects, which zones do not look at."""
    ignored = shutil.ignore_patterns("build", "source", "__pycache__", "projects")
    shutil.copytree(bundled_study(), folder, ignore=ignored)
    (folder / "projects").mkdir()
    path = folder / "study.toml"
    text = path.read_text(encoding="utf-8")
    start, end = text.index("[scenarios.plan]"), text.index("[assumptions.")
    plan = '[scenarios.plan]\nname_zh = "x"\nname_en = "x"\nprojects = []\n'
    path.write_text(text[:start] + plan + text[end:], encoding="utf-8")
    return folder


@pytest.fixture(scope="module")
def raster_folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A study with a raster of people, jobs by polygon and a raster of beds."""
    folder = small_study(tmp_path_factory.mktemp("raster") / "my 研究")
    rows = np.random.default_rng(6).uniform(0, 90, (200, 110))
    lonlat = Affine(0.01, 0, 105.7, 0, -0.01, 30.3)
    profile = {"crs": "EPSG:4326", "nodata": -99999}
    tif(folder / "places/people.tif", rows, lonlat, **profile)
    tif(folder / "places/beds.tif", rows / 10, lonlat, **profile)
    shapes = [shapely.box(632_000, 3_270_000, 634_000, 3_272_000)]
    layer(folder / "places/jobs.geojson", shapes, jobs=[2048])
    edited(folder, "places/population.geojson", "places/people.tif")
    edited(
        folder,
        "[opportunities]\n",
        '[opportunities]\nbeds = { file = "places/beds.tif" }\n'
        'jobs = { file = "places/jobs.geojson", column = "jobs" }\n',
    )
    return folder


@pytest.fixture(scope="module")
def raster_study(raster_folder: Path) -> Study:
    return read_study(raster_folder)


def test_the_areas_of_a_study_hold_what_its_raster_holds(
    raster_study: Study, raster_folder: Path
) -> None:
    zones, areas = raster_study.zones(), raster_study.area.areas
    outline = raster_study.area.outline
    raster = raster_of(raster_folder / "places/people.tif", outline)
    wanted = dict(zip(areas["area_id"], spread(raster, areas.geometry), strict=True))
    assert by_area(zones) == pytest.approx(wanted, rel=1e-6)
    assert zones["population"].sum() == pytest.approx(raster_study.totals["population"].inside)
    assert zones["beds"].sum() == pytest.approx(zones["population"].sum() / 10)
    assert zones["jobs"].sum() == pytest.approx(2048)
    assert {"schools", "parks"} <= set(zones.columns)


def test_files_of_counts_are_inputs_of_the_study(raster_study: Study, raster_folder: Path) -> None:
    """They are hashed, and copied with the study."""
    hashes = input_hashes(raster_folder, raster_study)
    assert {"places/people.tif", "places/beds.tif", "places/jobs.geojson"} <= set(hashes)
    assert "places/population.geojson" not in hashes


def test_a_study_tells_what_its_files_of_counts_lack(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    """A cut raster and jobs without their column, together, with nothing else on the screen."""
    folder = small_study(tmp_path / "study")
    lonlat = Affine(0.01, 0, 105.7, 0, -0.01, 30.3)
    path = tif(folder / "places/people.tif", np.ones((200, 110)), lonlat, crs="EPSG:4326")
    cut_short(path, 0.5)
    plain(folder / "places/jobs.geojson", json.dumps({"type": "FeatureCollection", "features": []}))
    edited(folder, "places/population.geojson", "places/people.tif")
    now = '[opportunities]\njobs = { file = "places/jobs.geojson" }\n'
    edited(folder, "[opportunities]\n", now)
    assert main(["check", "--study", str(folder)]) == 2
    said = capsys.readouterr()
    words = " ".join(said.out.split())
    assert "error file-unreadable people.tif" in words
    assert "error file-empty jobs.geojson" in words
    assert "2 faults" in said.out
    assert said.err == ""
