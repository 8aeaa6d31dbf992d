"""Stops out of order, spurs, and speeds that no vehicle has, of lines written by hand."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from pathlib import Path

import geopandas as gpd
import pytest
from coordinates import CRS, point
from network_parts import project, route

from geo.crs import lonlat_of
from layers.files.transit import read_transit
from layers.network import TransportNetwork
from layers.planned.steps import first_services
from layers.roads import no_roads
from layers.stop_order import order_faults, speed_faults
from layers.transit import no_stops

KM = {"A": (0, 0), "B": (3, 0), "C": (6, 0), "D": (3, 9), "E": (9, 0), "b": (3.03, 0)}
PLACES = {name: point(1e3 * x, 1e3 * y) for name, (x, y) in KM.items()}


def table(folder: Path, stops: str, hop_secs: Sequence[float | str]) -> Path:
    rows = ["route_id,route_name,stop_sequence,stop_id,stop_name,lon,lat,hop_secs"]
    for number, (stop, secs) in enumerate(zip(stops, ["", *hop_secs], strict=True)):
        lon, lat = lonlat_of(PLACES[stop].x, PLACES[stop].y, CRS)
        rows.append(f"7,七路,{number},{stop},{stop},{lon},{lat},{secs}")
    (folder / "t.csv").write_text("\n".join(rows), encoding="utf-8")
    return folder / "t.csv"


@pytest.mark.parametrize("stops", ["ABDBC", "ADA", "ABDbC", "ABDBCEC", "DBD"])
def test_a_line_there_and_back_is_a_warning(tmp_path: Path, stops: str) -> None:
    """Whatever its times are: it is meant so."""
    for secs in (["900"] * (len(stops) - 1), ["60"] * (len(stops) - 1), [""] * (len(stops) - 1)):
        _, (line,), _, faults = read_transit([table(tmp_path, stops, secs)], CRS)
        assert "".join(line.stop_ids) == stops
        assert {fault.severity for fault in faults} == {"warning"}
        assert "station-out-of-order" in {fault.code for fault in faults}


def test_a_stop_off_the_way_that_is_reached_in_time_is_a_warning(tmp_path: Path) -> None:
    """B D C: the bus does not stop again at the junction."""
    _, _, _, faults = read_transit([table(tmp_path, "ABDCE", [300, 900, 900, 300])], CRS)
    assert [(f.code, f.severity) for f in faults] == [("station-out-of-order", "warning")]
    _, _, _, faults = read_transit([table(tmp_path, "ABDCE", [300, 100, 100, 300])], CRS)
    told = {(f.code, f.severity) for f in faults}
    assert told >= {("station-out-of-order", "error"), ("hop-too-fast", "warning")}


def test_a_stop_that_fits_elsewhere_is_an_error() -> None:
    places = PLACES | {"F": point(20e3, 0)}
    (fault,) = order_faults(route("7", "AFBCE", 900), places, "t.csv")
    assert (fault.code, fault.severity) == ("station-out-of-order", "error")
    assert fault.message == "stop 'F' makes a detour of 34000 m; after 'E' it would be 11000 m"
    (fault,) = order_faults(route("7", "ABCFE", 900), places, "t.csv")
    assert (fault.severity, fault.message[-28:]) == (
        "warning",
        "stop 'F' makes a detour of 22000 m"[-28:],
    )


def test_projects_may_have_spurs() -> None:
    places = gpd.GeoSeries(PLACES, crs=CRS)
    spur = project("P", routes=[route("7", "ABDBC", 900)], stops_at=places)
    nothing = TransportNetwork(no_roads(CRS), no_stops(CRS), ())
    step = first_services(nothing).with_project(spur)
    assert [(f.code, f.severity) for f in step.faults] == [("station-out-of-order", "warning")]


@pytest.mark.parametrize(
    ("kind", "kph", "told"),
    [
        *((3, 115, False), (3, 125, True), (800, 125, True), (704, 125, True), (11, 125, True)),
        *((1, 125, False), (1, 185, True), (401, 185, True), (2, 400, False), (2, 460, True)),
        *((0, 125, True), (12, 125, True), (4, 125, True), (6, 65, True), (109, 185, False)),
        *((1_100, 800, False), (1_700, 400, False)),
    ],
)
def test_each_kind_of_vehicle_has_its_limit(kind: int, kph: float, told: bool) -> None:  # noqa: FBT001
    line = route("7", "AB", 3_000 / kph * 3.6, route_type=kind)
    faults = speed_faults(line, PLACES, "t.csv")
    assert [fault.code for fault in faults] == (["hop-too-fast"] if told else [])


def test_a_line_is_told_once_with_its_fastest_hop() -> None:
    line = replace(route("7", "ABCE", [30, 20, 60]), route_name="七路")
    (fault,) = speed_faults(line, PLACES, "t.csv")
    assert fault.message == (
        "七路: from 'B' to 'C' 3000 m in 20 s, 540 km/h; 3 of 3 hops are too fast"
    )
    assert (fault.feature, fault.allowed, fault.value) == ("7", "bus: up to 120 km/h", 540.0)


def test_times_of_feeds_may_be_rounded() -> None:
    line = route("7", "AB", 60)
    assert [f.code for f in speed_faults(line, PLACES, "t.csv")] == ["hop-too-fast"]
    assert speed_faults(line, PLACES, "f.zip", of_feed=True) == []
    told = speed_faults(route("7", "AB", 25), PLACES, "f.zip", of_feed=True)
    assert [f.code for f in told] == ["hop-too-fast"]


def test_a_line_slower_than_a_walk_is_told_but_no_ferry() -> None:
    slow = route("7", "ABC", 3_700)
    (fault,) = speed_faults(slow, PLACES, "t.csv")
    assert (fault.code, fault.severity, fault.value) == ("line-too-slow", "warning", 2.9)
    assert speed_faults(replace(slow, route_type=4), PLACES, "t.csv") == []
    assert speed_faults(route("7", "ABC", 3_500), PLACES, "t.csv") == []
