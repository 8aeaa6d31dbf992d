"""Stops without a place, and stops where no bus can be in time."""

from __future__ import annotations

import json
from dataclasses import replace
from pathlib import Path
from typing import Any

import geopandas as gpd
import pytest
from coordinates import CRS, point
from network_parts import areas_of, route, stops
from shapely.geometry import Point

from layers.files.stop_repair import find_jumps, sound_stops
from layers.files.transit import read_transit
from layers.transit import TransitRoute
from scicity.inputs.baseline import read_baseline
from scicity.inputs.read_study import bundled_study
from scicity.settings.parsing import parse_settings

AttributionRows = tuple[gpd.GeoDataFrame, list[Any]]


def row_of_stops(**km: float | tuple[float, float] | None) -> gpd.GeoDataFrame:
    """Stops by km east (and south); None for one without a place."""
    spots = {
        name: None
        if at is None
        else point(*(1e3 * v for v in (at if isinstance(at, tuple) else (at, 0))))
        for name, at in km.items()
    }
    placed = stops(gpd.GeoSeries({n: p or Point(0, 0) for n, p in spots.items()}, crs=CRS))
    placed.loc[[n for n, p in spots.items() if p is None], "geometry"] = None
    return placed


def told(table: gpd.GeoDataFrame, *routes: TransitRoute, repair: bool = False) -> AttributionRows:
    return sound_stops(table, routes, repair=repair, files=dict.fromkeys(table.index, "a.csv"))


def test_a_stop_without_a_place_is_an_error_and_left_out() -> None:
    table, faults = told(row_of_stops(A=0, B=None, C=2), route("r", "ABC"))
    assert [(f.file, f.feature, f.code, f.severity) for f in faults] == [
        ("a.csv", "B", "stop-unplaced", "error")
    ]
    assert list(table.index) == ["A", "C"]


def test_repair_places_by_share_of_time() -> None:
    given = row_of_stops(A=0, B=None, C=2)
    table, faults = told(given, route("r", "ABC", [30, 90]), repair=True)
    assert table.geometry["B"].distance(point(500, 0)) < 1e-6
    assert table.loc["B", "accuracy_m"] == 1_000
    assert table.loc["B", "confidence"] == "assumed"
    assert table.loc["B", "name_status"] == given.loc["B", "name_status"]
    assert [(f.code, f.severity) for f in faults] == [("stop-unplaced", "warning")]
    assert given.geometry.isna().sum() == 1


def test_several_in_a_row_and_the_least_accuracy() -> None:
    table, _ = told(row_of_stops(A=0, B=None, C=None, D=0.09), route("r", "ABCD"), repair=True)
    assert table.geometry["B"].distance(point(30, 0)) < 1e-6
    assert table.geometry["C"].distance(point(60, 0)) < 1e-6
    assert set(table.loc[["B", "C"], "accuracy_m"]) == {100}


def test_the_shortest_gap_counts_whatever_the_order_of_routes() -> None:
    given = row_of_stops(A=0, B=None, C=2, D=(0, 8), E=(1, 8.0))
    wide, narrow = route("w", "ABC"), route("n", "DBE")
    for pair in ((wide, narrow), (narrow, wide)):
        table, _ = told(given, *pair, repair=True)
        assert table.geometry["B"].distance(point(500, 8_000)) < 1e-6


@pytest.mark.parametrize("ids", ["BAC", "ACB", "ABA"])
def test_a_stop_that_is_not_between_two_stays_an_error(ids: str) -> None:
    table, faults = told(row_of_stops(A=0, B=None, C=2), route("r", ids), repair=True)
    assert [(f.code, f.severity) for f in faults] == [("stop-unplaced", "error")]
    assert "B" not in table.index


def test_the_first_stop_of_a_closed_line_has_two_neighbours() -> None:
    table, _ = told(row_of_stops(A=None, B=1, C=3), route("r", "ABCA"), repair=True)
    assert table.geometry["A"].distance(point(2_000, 0)) < 1e-6


def test_a_jump_is_a_warning_and_stays_where_it_is_unless_repaired() -> None:
    given, bus = row_of_stops(A=0, B=(1, 9), C=2), route("r", "ABC", 120)
    table, faults = told(given, bus)
    assert [(f.feature, f.code, f.severity) for f in faults] == [("B", "stop-jump", "warning")]
    assert table.geometry["B"] == given.geometry["B"]
    mended, faults = told(given, bus, repair=True)
    assert mended.geometry["B"].distance(point(1_000, 0)) < 1e-6
    assert "placed between 'A' and 'C', ± 1000 m" in faults[0].message


@pytest.mark.parametrize(
    ("table", "hops", "values"),
    [
        ({"A": 0, "B": (1, 9), "C": 2}, 400, {}),  # slow enough
        ({"A": 0, "B": 9, "C": 18}, 120, {}),  # all of it is fast
        ({"A": 0, "B": (0.1, 0.4), "C": 0.2}, 1, {}),  # times in whole minutes
        ({"A": 0, "B": (1, 9), "C": 2}, 120, {"route_type": 2}),  # no bus
    ],
)
def test_what_is_no_jump(table: dict[str, Any], hops: float, values: dict[str, Any]) -> None:
    assert told(row_of_stops(**table), route("r", "ABC", hops, **values))[1] == []


def test_half_of_the_calls_must_say_so() -> None:
    places = {"A": (0.0, 0.0), "B": (1e3, 9e3), "C": (2e3, 0.0)}
    fast, slow = route("f", "ABC", 120), route("s", "ABC", 900)
    assert find_jumps([fast, slow], places) == ["B"]
    assert find_jumps([fast, slow, route("t", "ABC", 900)], places) == []


def test_extended_bus_types_count() -> None:
    places = {"A": (0.0, 0.0), "B": (1e3, 9e3), "C": (2e3, 0.0)}
    assert find_jumps([route("f", "ABC", 120, route_type=704)], places) == ["B"]


def geojson(path: Path) -> Path:
    """A route whose second station has no geometry."""
    lonlat = {"A": [106.0, 29.5], "B": None, "C": [106.02, 29.5]}
    features = [
        {
            "type": "Feature",
            "properties": {"element": "station", "stop_id": name, "stop_name": name},
            "geometry": at and {"type": "Point", "coordinates": at},
        }
        for name, at in lonlat.items()
    ]
    line = {"type": "LineString", "coordinates": [lonlat["A"], lonlat["C"]]}
    properties = {
        "element": "route",
        "route_id": "r",
        "route_name": "r",
        "route_type": 3,
        "stop_ids": ["A", "B", "C"],
        "hop_secs": [60, 60],
        "headway_peak_secs": 600,
        "headway_offpeak_secs": 600,
    }
    features.append({"type": "Feature", "properties": properties, "geometry": line})
    content = {"type": "FeatureCollection", "features": features}
    path.write_text(json.dumps(content), encoding="utf-8")
    return path


def test_stations_of_geojson_may_be_without_geometry_if_they_are_repaired(tmp_path: Path) -> None:
    path = geojson(tmp_path / "bus.geojson")
    _, routes, _, faults = read_transit([path], CRS)
    assert [f.code for f in faults] == ["geometry-wrong-type", "id-unknown"]
    assert routes == []
    table, routes, _, faults = read_transit([path], CRS, repair=True)
    assert [(f.code, f.severity) for f in faults] == [("stop-unplaced", "warning")]
    assert [r.route_id for r in routes] == ["r"]
    assert table.geometry["B"].distance(table.geometry["A"]) > 900


@pytest.mark.parametrize("repair", [False, True])
def test_the_study_says_whether_stops_are_repaired(tmp_path: Path, *, repair: bool) -> None:
    source = bundled_study()
    text = (source / "study.toml").read_text(encoding="utf-8")
    text = text.replace("[study]", f"[study]\nrepair_stops = {str(repair).lower()}", 1)
    settings, faults = parse_settings(text, tmp_path)
    assert faults == []
    assert settings is not None
    path = geojson(tmp_path / "bus.geojson")
    files = replace(settings.files, transit=(path.name,))
    area = areas_of({"core": point(0, 0).buffer(9_000)})
    _, found = read_baseline(replace(settings, files=files), area)
    codes = {fault.code for fault in found if fault.file == path.name}
    assert codes == ({"stop-unplaced"} if repair else {"geometry-wrong-type", "id-unknown"})
