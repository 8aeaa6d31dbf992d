"""Feeds that are kept between runs are those that were read."""

from __future__ import annotations

import datetime as dt
from pathlib import Path

import pandas as pd
import pytest
from coordinates import CRS
from gtfs_feeds import SOUND, Feed, feed, packed

import layers.files.feed_store
from geo.faults import Fault
from layers.files.feed_store import stored_gtfs
from layers.gtfs.reading import GtfsFeed, read_gtfs
from layers.gtfs.service_days import WantedDay

RULES = "from_stop_id,to_stop_id,transfer_type,min_transfer_time\nA,B,2,300\n"
SHAPES = (
    "shape_id,shape_pt_lat,shape_pt_lon,shape_pt_sequence\n"
    "s,29.5,106.0,1\ns,29.501,106.01,2\ns,29.5,106.03,3\n"
)
FEEDS: dict[str, Feed] = {
    "sound": SOUND,
    "blank time, rules, shape": feed("A 07:00:00, B, C 07:05:00", transfers=RULES, shapes=SHAPES),
    "a stop nowhere": SOUND | {"stops": SOUND["stops"].replace("29.5,106.01", ",")},
    "a faulty trip": SOUND | {"stop_times": SOUND["stop_times"].replace("07:02:00,07:02", "x,y")},
    "no trip": SOUND | {"calendar": SOUND["calendar"].replace("S,1,1,1,1,1", "S,0,0,0,0,0")},
    "headways": SOUND
    | {"frequencies": "trip_id,start_time,end_time,headway_secs\nt0,06:00:00,10:00:00,600\n"},
    "unreadable": {"nothing": ""},
}


def details(fault: Fault) -> tuple:
    """All of a fault, with what comparing leaves out."""
    return (fault, fault.place, fault.value, fault.hint)


def assert_same(found: list[GtfsFeed], wanted: list[GtfsFeed]) -> None:
    assert len(found) == len(wanted)
    for one, other in zip(found, wanted, strict=True):
        assert one.name == other.name
        assert one.routes == other.routes
        assert [*map(details, one.faults)] == [*map(details, other.faults)]
        assert one.timetable.service_dates == other.timetable.service_dates
        pd.testing.assert_frame_equal(one.stops, other.stops)
        for table in ("trips", "calls", "transfers"):
            pd.testing.assert_frame_equal(
                getattr(one.timetable, table), getattr(other.timetable, table)
            )


def never(*_: object, **__: object) -> list[GtfsFeed]:
    pytest.fail("the feed was read again")


@pytest.mark.parametrize("name", FEEDS)
def test_a_stored_feed_is_the_feed(
    name: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    path, folder = packed(tmp_path / "f.zip", FEEDS[name]), tmp_path / "store"
    wanted = read_gtfs(path, CRS)
    assert_same(stored_gtfs(path, CRS, folder=folder), wanted)
    monkeypatch.setattr(layers.files.feed_store, "read_gtfs", never)
    assert_same(stored_gtfs(path, CRS, folder=folder), wanted)


def test_another_content_day_or_datum_is_read_anew(tmp_path: Path) -> None:
    path, folder = packed(tmp_path / "f.zip", SOUND), tmp_path / "store"
    stored_gtfs(path, CRS, folder=folder)
    saturday = WantedDay(dt.date(2026, 1, 10), exactly=True)
    for datum, day in ((None, saturday), ("gcj02", None)):
        found = stored_gtfs(path, CRS, datum, wanted=day, folder=folder)
        assert_same(found, read_gtfs(path, CRS, datum, wanted=day))
    packed(path, feed("A 07:00:00, C 07:05:00"))
    assert_same(stored_gtfs(path, CRS, folder=folder), read_gtfs(path, CRS))
    assert len(list(folder.iterdir())) == 4


def test_other_code_reads_anew(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    path, folder = packed(tmp_path / "f.zip", SOUND), tmp_path / "store"
    stored_gtfs(path, CRS, folder=folder)
    monkeypatch.setattr(layers.files.feed_store, "code_state", lambda *_: "other")
    stored_gtfs(path, CRS, folder=folder)
    assert len(list(folder.iterdir())) == 2


def test_a_damaged_store_is_replaced(tmp_path: Path) -> None:
    path, folder = packed(tmp_path / "f.zip", SOUND), tmp_path / "store"
    wanted = stored_gtfs(path, CRS, folder=folder)
    (file,) = folder.iterdir()
    whole = file.read_bytes()
    for damaged in (b"", whole[:500], whole[:2_000] + bytes(100) + whole[2_100:]):
        file.write_bytes(damaged)
        assert_same(stored_gtfs(path, CRS, folder=folder), wanted)
    assert len(file.read_bytes()) == len(whole)


def test_a_folder_that_cannot_be_written_to_is_no_fault(tmp_path: Path) -> None:
    path = packed(tmp_path / "f.zip", SOUND)
    (tmp_path / "file").write_text("no folder")
    assert_same(stored_gtfs(path, CRS, folder=tmp_path / "file"), read_gtfs(path, CRS))


def test_a_feed_that_cannot_be_opened_is_told_as_by_the_reader(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Another program holds it, or it is not there: no traceback."""

    def held(_: Path) -> str:
        raise PermissionError

    path = packed(tmp_path / "f.zip", SOUND)
    gone = tmp_path / "gone.zip"
    assert_same(stored_gtfs(gone, CRS, folder=tmp_path / "store"), read_gtfs(gone, CRS))
    monkeypatch.setattr(layers.files.feed_store, "sha256", held)
    assert_same(stored_gtfs(path, CRS, folder=tmp_path / "store"), read_gtfs(path, CRS))


def test_a_store_that_cannot_be_changed_is_read(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    def refused(*_: object, **__: object) -> None:
        raise PermissionError

    path, folder = packed(tmp_path / "f.zip", SOUND), tmp_path / "store"
    wanted = stored_gtfs(path, CRS, folder=folder)
    monkeypatch.setattr(Path, "touch", refused)
    monkeypatch.setattr(layers.files.feed_store, "read_gtfs", never)
    assert_same(stored_gtfs(path, CRS, folder=folder), wanted)
