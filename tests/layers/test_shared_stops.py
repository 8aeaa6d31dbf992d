"""Lines in a file each that share stops: one stop where it has one place, else both files told."""

from __future__ import annotations

import json
from pathlib import Path

from transit_tables import HEAD

from layers.files.transit import read_transit

CRS = "EPSG:32648"


def table(folder: Path, name: str, *calls: str) -> Path:
    """`stop lon` or `stop` a call; the line has the file's name."""
    rows = [HEAD]
    for number, call in enumerate(calls):
        stop, *lon = call.split()
        at = f"{lon[0]},29.5" if lon else ","
        rows.append(f"{name},{name},{number},{stop},{stop} of {name},{at}")
    path = folder / f"{name}.csv"
    path.write_text("\n".join(rows), encoding="utf-8")
    return path


def test_two_tables_share_a_stop(tmp_path: Path) -> None:
    first = table(tmp_path, "l1", "A 106.0", "B 106.02", "C 106.04")
    second = table(tmp_path, "l2", "D 106.03", "B 106.0201", "E 106.01")
    third = table(tmp_path, "l3", "E 106.01", "B 106.02")
    stops, routes, _, faults = read_transit([first, second, third], CRS)
    assert faults == []
    assert list(stops.index) == ["A", "B", "C", "D", "E"]
    assert stops.loc["B", "stop_name"] == "B of l1"
    assert [route.stop_ids[1] for route in routes] == ["B", "B", "B"]


def test_a_geojson_file_and_a_table_share_a_stop(tmp_path: Path) -> None:
    line = {"element": "route", "route_id": "r", "route_name": "r", "route_type": 3}
    line |= {"stop_ids": ["A", "B"], "hop_secs": [300]}
    line |= {"headway_peak_secs": 600, "headway_offpeak_secs": 600}
    course = {"type": "LineString", "coordinates": [[106.0, 29.5], [106.02, 29.5]]}
    features = [{"type": "Feature", "properties": line, "geometry": course}]
    for name, lon in (("A", 106.0), ("B", 106.02)):
        station = {"element": "station", "stop_id": name, "stop_name": name}
        point = {"type": "Point", "coordinates": [lon, 29.5]}
        features.append({"type": "Feature", "properties": station, "geometry": point})
    path = tmp_path / "rail.geojson"
    path.write_text(json.dumps({"type": "FeatureCollection", "features": features}))
    stops, routes, _, faults = read_transit(
        [path, table(tmp_path, "l", "B 106.02", "C 106.04")], CRS
    )
    assert (faults, list(stops.index), len(routes)) == ([], ["A", "B", "C"], 2)


def test_one_id_at_two_places_names_both_files_and_the_limit(tmp_path: Path) -> None:
    first = table(tmp_path, "l1", "A 106.0", "B 106.02")
    second = table(tmp_path, "l2", "B 106.05", "C 106.06")
    stops, _, _, faults = read_transit([first, second], CRS)
    (fault,) = [fault for fault in faults if fault.severity == "error"]
    assert (fault.file, fault.feature, fault.code) == ("l2.csv", "B", "stop-moved")
    assert fault.message.endswith("m from where it is in l1.csv")
    assert fault.allowed == "0 to 500 m, or another stop_id in l1.csv or l2.csv"
    assert fault.place is not None
    assert stops.index.is_unique


def test_a_stop_may_have_its_position_in_one_file_only(tmp_path: Path) -> None:
    first = table(tmp_path, "l1", "A 106.0", "B", "C 106.04")
    second = table(tmp_path, "l2", "B 106.02", "D 106.03")
    for paths in ([first, second], [second, first]):
        stops, routes, _, faults = read_transit(paths, CRS)
        assert faults == []
        assert len(routes) == 2
        assert stops.loc["B", "stop_name"] == "B of l2"
        assert stops.geometry.notna().all()


def test_two_files_may_not_share_a_route(tmp_path: Path) -> None:
    (tmp_path / "b").mkdir()
    first = table(tmp_path, "l", "A 106.0", "B 106.02")
    second = table(tmp_path / "b", "l", "C 106.0", "D 106.02").rename(tmp_path / "m.csv")
    _, _, _, faults = read_transit([first, second], CRS)
    assert [str(fault) for fault in faults] == [
        "error id-duplicate m.csv l: l.csv has a route of that id too (allowed: once in all files)"
    ]
