"""Roads and public transport of the bundled data."""

from __future__ import annotations

import csv
import re
from pathlib import Path

import numpy as np
import pytest
from bundled_data import DATA, Record, elements, features, route_files, rows
from pyproj import Geod


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


def test_through_trains_meet_at_an_end() -> None:
    routes = {row["route_id"]: row for path in route_files() for row in elements(path, "route")}
    for route in routes.values():
        for other in route["through_routes"]:
            ends = {route["stop_ids"][0], route["stop_ids"][-1]}
            assert ends & {routes[other]["stop_ids"][0], routes[other]["stop_ids"][-1]}
