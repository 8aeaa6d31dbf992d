"""GTFS feeds with everything wrong with them."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest
from coordinates import CRS
from gtfs_feeds import ROUTES, SOUND, STOPS, Feed, feed, packed, read

import layers.gtfs.tables.zips
from layers.files.transit import read_transit
from layers.gtfs.reading import read_gtfs
from layers.gtfs.tables.cells import MOST_FAULTS


def without(table: str) -> Feed:
    return {name: text for name, text in SOUND.items() if name != table}


def changed(table: str, old: str, new: str) -> Feed:
    assert old in SOUND[table]
    return SOUND | {table: SOUND[table].replace(old, new, 1)}


FREQUENCIES = "trip_id,start_time,end_time,headway_secs\n"
FAULTS: list[tuple[Any, str]] = [
    (without("stop_times"), "file-missing f.zip/stop_times.txt"),
    (without("calendar"), "file-missing f.zip/calendar.txt"),
    (
        changed("stop_times", "B,2", "Z,2"),
        "id-unknown f.zip/stop_times.txt t0 (row 3): stop_id 'Z'",
    ),
    (
        changed("stop_times", "t0,", "t9,"),
        "id-unknown f.zip/stop_times.txt t9 (row 2): trip_id 't9'",
    ),
    (changed("trips", "R,S", "Q,S"), "id-unknown f.zip/trips.txt t0 (row 2): route_id 'Q'"),
    (changed("trips", "R,S", "R,T"), "id-unknown f.zip/trips.txt t0 (row 2): service_id 'T'"),
    (changed("trips", "t1", "t0"), "id-duplicate f.zip/trips.txt t0 (row 3): a second trip_id"),
    (changed("stops", "B,乙", "A,乙"), "id-duplicate f.zip/stops.txt A (row 3): a second stop_id"),
    (
        changed("stops", "29.5,106.01", "99.5,106.01"),
        "value-out-of-range f.zip/stops.txt B (row 3)",
    ),
    (changed("stops", "29.5,106.01", "north,106.01"), "value-wrong-type f.zip/stops.txt B (row 3)"),
    (changed("stops", "stop_id", "id"), "column-missing f.zip/stops.txt: there is no column"),
    (changed("routes", "Seven,3", "Seven,bus"), "value-wrong-type f.zip/routes.txt R (row 2)"),
    (changed("routes", "Seven,3", "Seven,1800"), "value-out-of-range f.zip/routes.txt R (row 2)"),
    (changed("routes", "Seven,3", "Seven,"), "key-missing f.zip/routes.txt R (row 2): route_type"),
    (
        changed("stop_times", "07:02:00,07:02", "7h,07:02"),
        "value-wrong-type f.zip/stop_times.txt t0",
    ),
    (changed("stop_times", "07:02:00,07:02", "06:02:00,07:02"), "times-backwards f.zip/stop_times"),
    (changed("stop_times", "07:00:00,07:00:00", ","), "key-missing f.zip/stop_times.txt t0: its"),
    (changed("stop_times", "B,2", "B,1"), "id-duplicate f.zip/stop_times.txt t0 (row 3): a second"),
    (changed("calendar", "20260131", "2026-1-31"), "value-wrong-type f.zip/calendar.txt S (row 2)"),
    (changed("calendar", "S,1,1,1,1,1", "S,0,0,0,0,0"), "service-empty f.zip/calendar.txt"),
    (changed("calendar", "S,1", "S,2"), "value-out-of-range f.zip/calendar.txt S (row 2): monday"),
    (feed("A 07:00:00", "A 07:00:00, B 07:02:00"), "trip-too-short f.zip/stop_times.txt t0"),
    (feed("A 07:00:00, B 07:02:00", directions="00"), "trip-too-short f.zip/stop_times.txt t1"),
    (SOUND | {"frequencies": FREQUENCIES + "t9,07:00:00,08:00:00,60\n"}, "id-unknown f.zip/freq"),
    (SOUND | {"frequencies": FREQUENCIES + "t0,08:00:00,07:00:00,60\n"}, "times-backwards f.zip/f"),
    (
        SOUND | {"frequencies": FREQUENCIES + "t0,07:00:00,08:00:00,0\n"},
        "value-out-of-range f.zip/",
    ),
    (SOUND | {"frequencies": FREQUENCIES + "t0,07:00:00,08:00:00,99999\n"}, "value-out-of-range f"),
    (SOUND | {"stops": STOPS + 'D,"d,1,2\n'}, "file-unreadable f.zip/stops.txt"),
]


@pytest.mark.parametrize(("tables", "said"), FAULTS)
def test_every_fault(tmp_path: Path, tables: Feed, said: str) -> None:
    _, _, faults = read(tmp_path, tables)
    assert any(str(fault).split(" ", 1)[1].startswith(said) for fault in faults), faults


def test_a_fault_leaves_only_its_trip_out(tmp_path: Path) -> None:
    _, (bus,), faults = read(tmp_path, changed("stop_times", "B,2", "Z,2"))
    assert len(faults) == 1
    assert not bus.runs_in("peak")


def test_all_faults_at_once_and_the_many_are_counted(tmp_path: Path) -> None:
    bad = "".join(f"S{n},s,north,106\n" for n in range(MOST_FAULTS + 7))
    tables = SOUND | {"stops": STOPS + bad, "routes": ROUTES + "Q,q,q,bus\n"}
    _, routes, faults = read(tmp_path, tables)
    assert len(routes) == 1
    assert len(faults) == MOST_FAULTS + 2
    assert {f.file for f in faults} == {"f.zip/stops.txt", "f.zip/routes.txt"}
    assert "and 7 more" in {f.message for f in faults}


@pytest.mark.parametrize("place", [",", "0,0", "29.5,"])
def test_a_stop_without_coordinates(tmp_path: Path, place: str) -> None:
    path = packed(tmp_path / "f.zip", changed("stops", "29.5,106.01", place))
    _, routes, _, faults = read_transit([path], CRS)
    assert routes == []
    assert [(f.file, f.feature, f.code) for f in faults] == [("f.zip", "B", "stop-unplaced")]
    table, routes, _, faults = read_transit([path], CRS, repair=True)
    assert [f.severity for f in faults] == ["warning"]
    assert len(routes) == 1
    share = table.geometry["A"].distance(table.geometry["B"])
    assert share == pytest.approx(0.4 * table.geometry["A"].distance(table.geometry["C"]))


def test_what_is_no_feed(tmp_path: Path) -> None:
    none, text = tmp_path / "none.zip", tmp_path / "text.zip"
    text.write_text("no zip", encoding="utf-8")
    for path, code in ((none, "file-missing"), (text, "file-unreadable")):
        (found,) = read_gtfs(path, CRS)
        assert (len(found.stops), found.routes) == (0, [])
        assert [f.code for f in found.faults] == [code]


def test_another_encoding(tmp_path: Path) -> None:
    (found,) = read_gtfs(packed(tmp_path / "f.zip", SOUND, "gbk"), CRS)
    assert found.routes == []
    assert [(f.file, f.code) for f in found.faults] == [("f.zip/stops.txt", "file-unreadable")]


@pytest.mark.parametrize("at", [0.2, 0.4, 0.6, 0.8, 0.95])
def test_a_damaged_zip_is_told(tmp_path: Path, at: float) -> None:
    path = packed(tmp_path / "f.zip", SOUND)
    content = bytearray(path.read_bytes())
    start = int(at * len(content))
    content[start : start + 30] = bytes(30)
    path.write_bytes(content)
    faults = read_gtfs(path, CRS)[0].faults
    assert "file-unreadable" in {f.code for f in faults} or not faults


def test_zip_bombs_are_not_opened(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    path = packed(tmp_path / "f.zip", SOUND | {"fares": " " * 100_000})
    monkeypatch.setattr(layers.gtfs.tables.zips, "BOMB_BYTES", 50_000)
    assert [(f.file, f.code) for f in read_gtfs(path, CRS)[0].faults] == [
        ("f.zip/fares.txt", "file-too-large")
    ]
    monkeypatch.setattr(layers.gtfs.tables.zips, "BOMB_BYTES", 10**9)
    monkeypatch.setattr(layers.gtfs.tables.zips, "MOST_BYTES", 99_999)
    assert [f.code for f in read_gtfs(path, CRS)[0].faults] == ["file-too-large"]


def test_an_encrypted_table(tmp_path: Path) -> None:
    path = packed(tmp_path / "f.zip", SOUND)
    content = path.read_bytes().replace(
        b"PK\x01\x02\x14\x03\x14\x00\x00", b"PK\x01\x02\x14\x03\x14\x00\x01"
    )
    path.write_bytes(content)
    assert {f.message for f in read_gtfs(path, CRS)[0].faults} == {"it is encrypted"}
