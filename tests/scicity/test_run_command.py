"""`scicity run` from end to end on the bundled study."""

from __future__ import annotations

import json
import os
import re
import shutil
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import geopandas as gpd
import pandas as pd
import pyogrio
import pytest
import shapely
from bad_inputs.base import make_base
from run_files import FIGURES, FILES, LAYERS, features, rows

from scicity.cli import main

REPLY = {
    "lines": ["CRT27", "CRT15P1", "CRT15P2", "CRT7P1", "CRT17P1", "CRT5MID", "JT", "CRT19"],
    "hsr": ["YUKUN"],
    "avenue": ["KXDD_P1", "KXDD_P2N", "KXDD_P2S", "KXDD_BB", "KXDD_EXT"],
    "tunnels": ["KXC", "HUXI", "JINFENG_M"],
    "airport": ["AIRPORT_RD"],
    "people mover": ["YUNBA2", "YUNBA3", "YUNBA4"],
    "ports": ["PORT_YZ", "PORT_JL"],
}

NO_BUS = {"bus_loops", "bus_closing_links", "bus_loop_proposals"}
"""Layers that are empty for the corner, where no bus runs."""
whole_plan = pytest.mark.parametrize(
    "out", [pytest.param("bundled", marks=pytest.mark.slow)], indirect=True, scope="module"
)


@pytest.fixture(scope="module", params=["corner", pytest.param("bundled", marks=pytest.mark.slow)])
def out(request: pytest.FixtureRequest, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Path]:
    """Results of one run: of the corner in a quick suite, of the whole study in a slow one."""
    if request.param == "bundled":
        yield request.getfixturevalue("bundled_run")
        return
    folder = tmp_path_factory.mktemp("run") / "结果 corner"
    study = make_base(tmp_path_factory.mktemp("corner") / "study")
    assert main(["run", "--study", str(study), "--draws", "2", "--out", str(folder)]) == 0
    yield folder
    shutil.rmtree(folder)


def is_corner(out: Path) -> bool:
    return out.name.endswith("corner")


def test_every_file_is_there_and_nothing_else(out: Path) -> None:
    assert {path.name for path in out.iterdir()} == FILES
    assert [path.name for path in out.parent.iterdir()] == [out.name]


def positions(coordinates: list[Any]) -> Iterator[list[float]]:
    """Every position of a geometry's coordinates."""
    if coordinates and isinstance(coordinates[0], int | float):
        yield coordinates
        return
    for part in coordinates:
        yield from positions(part)


def decimals(value: float) -> int:
    text = repr(value)
    return len(text.split(".")[1]) if "." in text else 0


@pytest.mark.parametrize("name", LAYERS)
def test_layers_are_rfc_7946(out: Path, name: str) -> None:
    text = (out / f"{name}.geojson").read_text(encoding="utf-8")
    assert "NaN" not in text
    assert "Infinity" not in text
    content = json.loads(text)
    assert set(content) == {"type", "features"}
    ids = [feature["id"] for feature in content["features"]]
    assert len(ids) == len(set(ids))
    assert ids or (is_corner(out) and name in NO_BUS)
    for feature in content["features"]:
        assert set(feature) == {"type", "id", "properties", "geometry"}
        for lon, lat in positions(feature["geometry"]["coordinates"]):
            assert 105 < lon < 108
            assert 28 < lat < 31
            assert max(decimals(lon), decimals(lat)) <= 7


@pytest.mark.parametrize("name", LAYERS)
def test_polygons_are_valid_and_right_handed(out: Path, name: str) -> None:
    frame = gpd.read_file(out / f"{name}.geojson")
    assert frame.crs.to_epsg() == 4326
    assert frame.geometry.is_valid.all()
    parts = shapely.get_parts(frame.geometry.to_numpy())
    for polygon in parts[shapely.get_type_id(parts) == 3]:
        assert polygon.exterior.is_ccw
        assert not any(ring.is_ccw for ring in polygon.interiors)


@pytest.mark.parametrize("name", [*LAYERS, "results.gpkg"])
def test_ogrinfo_opens_every_layer(out: Path, name: str) -> None:
    tool = shutil.which("ogrinfo")
    if tool is None:
        assert "CI" not in os.environ, "CI must have gdal-bin"
        pytest.skip("no ogrinfo on this machine")
    path = out / (name if "." in name else f"{name}.geojson")
    done = subprocess.run([tool, "-so", "-al", path], capture_output=True, text=True, check=True)
    assert "Feature Count" in done.stdout
    assert "ERROR" not in done.stderr


def test_geopackage_holds_the_layers_of_the_files(out: Path) -> None:
    names = [name for name, _ in pyogrio.list_layers(out / "results.gpkg")]
    for name in LAYERS:
        # layers of points and lines stand there as two
        own = {name, f"{name}_point", f"{name}_line"} & set(names)
        in_package = [pyogrio.read_info(out / "results.gpkg", layer=n)["features"] for n in own]
        assert sum(in_package) == len(features(out / f"{name}.geojson"))


def test_columns_are_those_promised(out: Path) -> None:
    isochrones = features(out / "isochrones.geojson")[0]["properties"]
    assert {"scenario", "mode", "origin_id", "cutoff_secs"} <= set(isochrones)
    times = rows(out / "place_times.csv")[0]
    promised = ["from_id", "to_id", "mode", "baseline_secs", "scenario_secs", "change_secs"]
    assert [name for name in times if name in promised] == promised
    missing = rows(out / "place_times_missing.csv")[0]
    assert {"from_id", "to_id", "mode", "reason"} <= set(missing)
    zone = features(out / "accessibility.geojson")[0]["properties"]
    stems = {name.removesuffix("_change") for name in zone if name.endswith("_change")}
    assert len(stems) >= 20
    for stem in stems:
        assert {f"{stem}_baseline", f"{stem}_scenario"} <= set(zone)


def test_isochrones_cover_both_scenarios_modes_and_all_cutoffs(out: Path) -> None:
    found = {
        (p["scenario"], p["mode"], p["cutoff_secs"])
        for p in (f["properties"] for f in features(out / "isochrones.geojson"))
    }
    modes, cutoffs = ("transit", "drive"), (900.0, 1800.0, 2700.0, 3600.0)
    assert found == {(s, m, c) for s in ("today", "plan") for m in modes for c in cutoffs}


def test_every_pair_of_places_has_a_time_or_a_reason(out: Path) -> None:
    times, missing = rows(out / "place_times.csv"), rows(out / "place_times_missing.csv")
    places = {row["from_id"] for row in times} | {row["from_id"] for row in missing}
    for mode, period in {(row["mode"], row["period"]) for row in times}:
        for scenario in ("today", "plan"):
            timed = {
                (r["from_id"], r["to_id"])
                for r in times
                if (r["mode"], r["period"]) == (mode, period)
            }
            without = {
                (r["from_id"], r["to_id"])
                for r in missing
                if (r["mode"], r["period"], r["scenario"]) == (mode, period, scenario)
            }
            assert not timed & without
            if scenario == "today":
                assert len(timed) + len(without) == len(places) * (len(places) - 1)


@whole_plan
@pytest.mark.parametrize("project", [p for group in REPLY.values() for p in group])
def test_every_project_of_the_reply_changes_a_number(out: Path, project: str) -> None:
    """Each with what it requires; line 5 is CRT5MID with JT."""
    drawn = {f["properties"]["project_id"] for f in features(out / "projects.geojson")}
    assert project in drawn
    effects = pd.read_csv(out / "project_effects.csv")
    alone = effects[(effects["project_id"] == project) & (effects["comparison"] == "alone")]
    assert (alone["pairs_quicker"] + alone["pairs_opened"]).sum() > 0


def test_kexuecheng_tunnel_relieves_its_neighbours_at_the_peak(out: Path) -> None:
    loads = pd.read_csv(out / "screenlines.csv").set_index(["screenline_id", "scenario"])
    today, plan = (loads.loc[("zhongliang_middle", s)] for s in ("today", "plan"))
    assert plan["crossings"] == today["crossings"] + 1
    assert plan["volume_to_capacity"] < today["volume_to_capacity"]
    assert plan["speed_factor"] > today["speed_factor"]


def test_nothing_gets_slower_in_the_plan(out: Path) -> None:
    """The plan replaces no road, so no project may take anything away."""
    times = pd.read_csv(out / "place_times.csv")
    assert (times["change_secs"] <= 0).all()
    zones = pd.DataFrame([f["properties"] for f in features(out / "accessibility.geojson")])
    counts = [c for c in zones if c.endswith("_change") and "_nearest_" not in c]
    assert (zones[counts] >= -1e-6).all().all()


@whole_plan
def test_people_of_the_zones_are_the_census(out: Path) -> None:
    zones = features(out / "accessibility.geojson")
    people = sum(f["properties"]["population"] for f in zones)
    assert people == pytest.approx(834887 + 756022 + 1359611 + 1526821 + 1477345, abs=1)


@whole_plan
def test_two_runs_give_the_same_bytes(out: Path, tmp_path: Path) -> None:
    """In a fresh process with another hash seed; only the time stamp of run.json differs."""
    again = tmp_path / "again"
    command = [sys.executable, "-m", "scicity", "run", "--draws", "2", "--out", str(again)]
    subprocess.run(command, check=True, env=os.environ | {"PYTHONHASHSEED": "7"})
    for name in sorted(FILES - {"run.json"}):
        assert (out / name).read_bytes() == (again / name).read_bytes(), name
    first, second = (json.loads((f / "run.json").read_text("utf-8")) for f in (out, again))
    assert first.pop("made")
    assert second.pop("made")
    assert first == second


def test_run_json_records_inputs_and_assumptions(out: Path) -> None:
    record = json.loads((out / "run.json").read_text(encoding="utf-8"))
    assert "study.toml" in record["inputs"]
    assert "projects/KXC.geojson" in record["inputs"]
    for value in record["assumptions"].values():
        assert value["confidence"] in ("published", "derived", "assumed")
        assert value["source"]


@whole_plan
def test_reports_name_areas_projects_and_findings(out: Path) -> None:
    zh, en = ((out / name).read_text("utf-8") for name in ("report.md", "report.en.md"))
    assert "科学城核心区" in zh
    assert "轨道交通19号线" in zh
    assert "渝昆高铁" in zh
    assert "## Which project brings what" in en
    assert len(zh.splitlines()) < 220


@whole_plan
def test_the_first_paragraph_says_who_brings_most_for_whom_and_how_sure(out: Path) -> None:
    zh, en = ((out / name).read_text("utf-8") for name in ("report.md", "report.en.md"))
    first = en.split("\n\n")[3]
    assert first.startswith("By transit most is brought by **Line 27 (express)** (73%; ")
    assert "By car most is brought by **Science Avenue** (60%; " in first
    assert "among the first three: 100%, robust" in first
    assert "of the gain Shapingba District outside the core 46% and Jiulongpo" in first
    assert "only together: Fast road to the new airport (planned) needs Science Avenue" in first
    assert "须有科学大道" in zh.split("\n\n")[3]


def test_the_report_page_holds_its_figures_and_asks_for_nothing(out: Path) -> None:
    page = (out / "report.html").read_text("utf-8")
    assert len(page) < 6e6
    assert page.count('src="data:image/') == page.count("<img ") == len(FIGURES) / 3
    assert not re.search(r"""(src|href|url)\s*[=(]\s*["']?\s*(https?:|//)""", page)
    # whatever it leads to is beside it
    links = set(re.findall(r'href="([^"#]+)"', page))
    assert {"map.html", "results.gpkg", "change_drive.pdf"} < links <= FILES
    for name in (
        "科学城核心区",
        "Science City core",
        "西部槽谷" if is_corner(out) else "轨道交通19号线",
    ):
        assert name in page
