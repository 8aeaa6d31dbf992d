"""Studies of a made city of two districts, and of places by their name."""

from __future__ import annotations

from pathlib import Path

import geopandas as gpd
import pytest
import shapely
from gtfs_feeds import SOUND, packed
from helsinki_study import BOX
from overpass_server import PLACE_NAME, OverpassServer, helsinki_file

from geo.osm.elements import Member, OsmElements, Relation, elements_from_dicts
from geo.osm.writing import write_osm_file
from scicity.cli import main
from scicity.inputs.read_study import read_study, study_with_faults
from scicity.inputs.study import Study


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


def test_feeds_come_into_a_new_study(tmp_path: Path) -> None:
    """West of Greenwich, where a box begins with a minus."""
    west, south = -51.2, -30.0
    file = synthetic_file(tmp_path / "city.osm.pbf", west, south)
    at = [(west + k * STEP_DEG, south + 4 * STEP_DEG) for k in (1, 4, 7)]
    stops = "stop_id,stop_name,stop_lat,stop_lon\n" + "".join(
        f"{name},{name},{y},{x}\n" for name, (x, y) in zip("ABC", at, strict=True)
    )
    feed = packed(tmp_path / "buses.zip", SOUND | {"stops": stops})
    folder, box = tmp_path / "new", f"{west - 0.001},{south - 0.001},{west + 0.1},{south + 0.1}"
    made = ["init", str(folder), "--bbox", box, "--osm", str(file), "--gtfs", str(feed)]
    assert main(made) == 0
    study = read_study(folder)
    assert study.baseline.has_timetable
    assert len(study.baseline.timetable.trips) == 2
    assert (folder / "transit" / "buses.zip").read_bytes() == feed.read_bytes()


def test_a_name_is_looked_up_where_there_is_no_file(tmp_path: Path) -> None:
    folder = tmp_path / "named"
    with OverpassServer() as server:
        asked = ["--overpass", server.url, "--nominatim", server.nominatim]
        assert main(["init", str(folder), "--place", PLACE_NAME, *asked]) == 0
    study = read_study(folder)
    assert study.settings.study.name_zh == PLACE_NAME
    assert len(study.baseline.roads.edges) > 1_000


@pytest.mark.parametrize(
    ("options", "code"),
    [
        (["--bbox", "25,60,24,61"], "value-out-of-range"),
        (["--bbox", "a,b"], "value-out-of-range"),
        (["--place", "Nowhere"], "place-unknown"),
        (["--bbox", BOX, "--population", "no.tif"], "file-missing"),
        (["--bbox", "10,10,10.01,10.01"], "osm-empty"),
        (["--bbox", BOX, "--gtfs", "no.zip"], "file-missing"),
        (["--bbox", BOX, "--gtfs", __file__], "file-kind-unknown"),
        (["--bbox", BOX, "--gtfs", "a/no.zip", "--gtfs", "b/no.zip"], "file-missing"),
        (["--gtfs", "no.zip"], "option-unused"),
    ],
)
def test_wishes_that_cannot_be_met(
    tmp_path: Path, capsys: pytest.CaptureFixture[str], options: list[str], code: str
) -> None:
    folder = tmp_path / "new"
    assert main(["init", str(folder), *options, "--osm", str(helsinki_file())]) == 2
    assert code in capsys.readouterr().err
    assert list(tmp_path.iterdir()) == []
