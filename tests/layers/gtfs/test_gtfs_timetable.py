"""The timetable of a feed: trips, calls, frequencies, blocks and transfers."""

from __future__ import annotations

import datetime as dt
import zipfile
from pathlib import Path

import pandas as pd
import pytest
from coordinates import CRS
from gtfs_feeds import ROUTES, SOUND, STOPS, Feed, feed, packed

from geo.faults import Fault
from layers.files.transit import read_transit
from layers.gtfs.reading import read_gtfs
from layers.gtfs.service_days import WantedDay
from layers.timetable import CALL_COLUMNS, TRANSFER_COLUMNS, TRIP_COLUMNS, Timetable

BLOCKS = "route_id,service_id,trip_id,block_id\n"
TRANSFERS = (
    "from_stop_id,to_stop_id,from_route_id,to_route_id,from_trip_id,to_trip_id,"
    "transfer_type,min_transfer_time\n"
)


WEDNESDAY = WantedDay(dt.date(2026, 1, 14))


def timetable(tmp_path: Path, tables: Feed) -> tuple[Timetable, list[Fault]]:
    (found,) = read_gtfs(packed(tmp_path / "f.zip", tables), CRS, wanted=WEDNESDAY)
    return found.timetable, found.faults


def clocks(table: Timetable) -> list[list[tuple[str, int, int]]]:
    columns = ["stop_id", "arrival_secs", "departure_secs"]
    return [
        list(calls[columns].itertuples(index=False, name=None))
        for _, calls in table.calls.groupby("trip")
    ]


def test_trips_and_calls(tmp_path: Path) -> None:
    table, faults = timetable(tmp_path, SOUND)
    assert faults == []
    for found, columns in (
        (table.trips, TRIP_COLUMNS),
        (table.calls, CALL_COLUMNS),
        (table.transfers, TRANSFER_COLUMNS),
    ):
        assert tuple(found.columns) == columns
    assert list(table.trips["trip_id"]) == ["t0", "t1"]
    assert set(table.trips["name"]) == {"7"}
    assert clocks(table)[0] == [("A", 25_200, 25_200), ("B", 25_320, 25_320), ("C", 25_500, 25_500)]
    assert table.calls[["pickup", "drop_off"]].to_numpy().all()
    assert table.route_ids == {"R"}


def test_ids_keep_their_zeros(tmp_path: Path) -> None:
    stops = STOPS.replace("A,", "01,").replace("B,", "1,")
    times = SOUND["stop_times"].replace(",A,", ",01,").replace(",B,", ",1,")
    table, faults = timetable(tmp_path, SOUND | {"stops": stops, "stop_times": times})
    assert faults == []
    assert list(table.calls["stop_id"]) == ["01", "1", "C"] * 2


def test_exact_spans_are_trips(tmp_path: Path) -> None:
    """A span holds departures from its start to before its end, whatever its length."""
    spans = (
        "trip_id,start_time,end_time,headway_secs,exact_times\n"
        "t0,07:10:00,07:11:00,3600,1\nt0,08:00:00,08:20:00,600,1\nt0,08:20:00,08:29:59,600,1\n"
    )
    table, _ = timetable(tmp_path, feed("A 00:00:00, B 00:02:00", frequencies=spans))
    starts = [calls[0][2] for calls in clocks(table)]
    assert starts == [25_800, 28_800, 29_400, 30_000]
    assert list(table.trips["trip_id"])[:2] == ["t0@07:10:00", "t0@08:00:00"]
    assert (table.trips["headway_secs"] == 0).all()


def test_other_spans_are_services_with_a_headway(tmp_path: Path) -> None:
    spans = (
        "trip_id,start_time,end_time,headway_secs\n"
        "t0,06:00:00,09:00:00,600\nt0,22:00:00,25:00:00,900\n"
    )
    table, _ = timetable(tmp_path, feed("A 05:00:00, B 05:02:00", frequencies=spans))
    columns = ["headway_secs", "start_secs", "end_secs"]
    rows = list(table.trips[columns].itertuples(index=False, name=None))
    # the third is of the day before: its last buses leave at one o'clock
    assert sorted(rows) == [(600, 21_600, 32_400), (900, -7_200, 3_600), (900, 79_200, 90_000)]
    first = table.calls.groupby("trip")["departure_secs"].first()
    assert list(first) == list(table.trips["start_secs"])


def test_calls_without_boarding(tmp_path: Path) -> None:
    """One may not alight at A nor board at C; at B one does neither, so the bus passes it."""
    times = "trip_id,arrival_time,departure_time,stop_id,stop_sequence,pickup_type,drop_off_type\n"
    rows = (
        "t0,07:00:00,07:00:00,A,1,2,1\nt0,07:02:00,07:02:00,B,2,1,1\nt0,07:05:00,07:05:00,C,3,1,\n"
    )
    dead = "t1,08:00:00,08:00:00,A,1,1,1\nt1,08:05:00,08:05:00,C,2,1,0\n"
    two = ("A 07:00:00, B 07:02:00", "A 08:00:00, B 08:02:00")
    table, faults = timetable(tmp_path, feed(*two, stop_times=times + rows + dead))
    columns = ["stop_id", "pickup", "drop_off"]
    calls = list(table.calls[columns].itertuples(index=False, name=None))
    assert calls == [("A", True, False), ("C", False, True)]
    (fault,) = faults
    assert fault.code == "feed-part-unused"
    assert "by arrangement (taken as allowed) 1, trips that nobody may ride 1" in fault.message


NEAR = STOPS + "D,丁,29.5005,106.03\n"


@pytest.mark.parametrize(
    ("second", "block", "linked"),
    [
        ("C 07:10:00, A 07:20:00", "b", True),
        ("C 07:05:00, A 07:20:00", "b", True),  # at once
        ("D 07:10:00, A 07:20:00", "b", True),  # 55 m further
        ("B 07:10:00, A 07:20:00", "b", False),  # 2 km away
        ("C 07:10:00, A 07:20:00", "c", False),
        ("C 07:04:00, A 07:20:00", "b", False),  # before it arrives
    ],
)
def test_riders_stay_on_board_in_a_block(
    tmp_path: Path, second: str, block: str, *, linked: bool
) -> None:
    trips = BLOCKS + f"R,S,t0,b\nR,S,t1,{block}\n"
    table, faults = timetable(
        tmp_path, feed("A 07:00:00, C 07:05:00", second, trips=trips, stops=NEAR)
    )
    assert list(table.trips["next_trip"]) == [1 if linked else -1, -1]
    overlap = "07:04" in second
    assert [f.code for f in faults] == ["block-overlap"] * overlap


def test_nobody_rides_by_way_of_the_depot(tmp_path: Path) -> None:
    times = "trip_id,arrival_time,departure_time,stop_id,stop_sequence,pickup_type,drop_off_type\n"
    rows = (
        "t0,07:00:00,,A,1,,\nt0,07:05:00,,C,2,,\nt0,07:06:00,,D,3,1,1\n"
        "t1,07:20:00,,C,1,,\nt1,07:25:00,,A,2,,\n"
    )
    tables = feed("A", "C", stop_times=times + rows, stops=NEAR)
    tables["trips"] = BLOCKS + "R,S,t0,b\nR,S,t1,b\n"
    assert list(timetable(tmp_path, tables)[0].trips["next_trip"]) == [-1, -1]
    tables["stop_times"] = times + rows.replace("D,3,1,1", "D,3,,")
    assert list(timetable(tmp_path, tables)[0].trips["next_trip"]) == [1, -1]


def test_in_seat_transfers(tmp_path: Path) -> None:
    two = ("A 07:00:00, C 07:05:00", "C 07:10:00, A 07:20:00")
    linked = feed(*two, transfers=TRANSFERS + ",,,,t0,t1,4,\n")
    assert list(timetable(tmp_path, linked)[0].trips["next_trip"]) == [1, -1]
    parted = feed(
        *two, transfers=TRANSFERS + ",,,,t0,t1,5,\n", trips=BLOCKS + "R,S,t0,b\nR,S,t1,b\n"
    )
    assert list(timetable(tmp_path, parted)[0].trips["next_trip"]) == [-1, -1]


def test_transfers(tmp_path: Path) -> None:
    """A station stands for its stops, unless two stops have a rule of their own."""
    head = "stop_id,stop_name,stop_lat,stop_lon,location_type,parent_station\n"
    stops = "A,a,29.5,106,0,P\nB,b,29.5,106.01,,P\nC,c,29.5,106.03,,\nP,p,29.5,106.005,1,\n"
    rules = (
        "P,C,,,,,2,300\nB,C,,,,,2,60\nC,A,R,R,,,3,\nC,B,,,,,1,\nA,B,,,,,0,\n"
        "A,C,,,t0,t1,2,9\nA,B,,,,,2,\n"
    )
    table, faults = timetable(
        tmp_path, SOUND | {"stops": head + stops, "transfers": TRANSFERS + rules}
    )
    rows = list(table.transfers.itertuples(index=False, name=None))
    assert rows == [
        ("A", "C", "", "", "minimum", 300),
        ("B", "C", "", "", "minimum", 60),
        ("C", "A", "R", "R", "forbidden", 0),
        ("C", "B", "", "", "timed", 0),
    ]
    (fault,) = faults
    assert "transfers between trips 1, incomplete transfers 1" in fault.message


def test_rules_of_a_route_hold_for_all_its_patterns(tmp_path: Path) -> None:
    tables = feed(
        *("A 07:00:00, B 07:02:00", "A 07:00:00, C 07:05:00"),
        transfers=TRANSFERS + "B,C,R,,,,2,60\n",
    )
    rules = timetable(tmp_path, tables)[0].transfers
    assert list(rules["from_route_id"]) == ["R", "R:2"]


def test_on_demand_trips_are_left_out(tmp_path: Path) -> None:
    times = SOUND["stop_times"].replace("stop_sequence\n", "stop_sequence,location_group_id\n")
    rows = "\n".join(line if "location" in line else f"{line}," for line in times.splitlines())
    tables = SOUND | {"stop_times": f"{rows}\nflex,,,,1,G\nflex,,,,2,G\n"}
    tables["trips"] += "R,S,flex,0\n"
    table, (fault,) = timetable(tmp_path, tables)
    assert len(table.trips) == 2
    assert (fault.code, fault.severity) == ("trip-on-demand", "warning")
    assert "1 trips run on demand, left out: flex" in fault.message


def test_what_is_not_used_is_told_once(tmp_path: Path) -> None:
    extra = {"fare_attributes": "fare_id,price\nf,2\ng,3\n", "pathways": "pathway_id\np\n"}
    _, (fault,) = timetable(tmp_path, SOUND | extra | {"feed_info": "feed_lang\nzh\n"})
    assert str(fault) == "warning feed-part-unused f.zip: not used: fare_attributes 2, pathways 1"


def test_two_feeds_in_folders_of_one_zip(tmp_path: Path) -> None:
    path = tmp_path / "both.zip"
    with zipfile.ZipFile(path, "w") as archive:
        for folder in ("op1", "op2", "__MACOSX"):
            for name, text in SOUND.items():
                archive.writestr(f"{folder}/{name}.txt", text)
    stops, routes, table, faults = read_transit([path], CRS)
    assert faults == []
    assert [route.route_id for route in routes] == ["R", "op2:R"]
    assert [route.feed_route_id for route in routes] == ["R", "op2:R"]
    assert sorted(stops.index) == ["A", "B", "C", "op2:A", "op2:B", "op2:C"]
    assert list(table.service_dates) == ["both.zip/op1", "both.zip/op2"]
    assert table.route_ids == {"R", "op2:R"}
    assert set(table.calls["stop_id"]) == set(stops.index)


def test_several_feeds_make_one_timetable(tmp_path: Path) -> None:
    """Ids are renamed in calls and rules as in stops and routes, and blocks stay together."""
    tables = feed(
        *("A 07:00:00, C 07:05:00", "C 07:10:00, A 07:20:00"),
        trips=BLOCKS + "R,S,t0,b\nR,S,t1,b\n",
        transfers=TRANSFERS + "A,C,R,,,,2,60\n",
        routes=ROUTES,
    )
    one, two = packed(tmp_path / "one.zip", tables), packed(tmp_path / "two.zip", tables)
    _, routes, table, _ = read_transit([one, two], CRS)
    assert list(table.trips["next_trip"]) == [1, -1, 3, -1]
    assert table.route_ids == {route.route_id for route in routes}
    assert list(table.transfers["from_stop_id"].unique()) == ["A", "two:A"]
    assert set(table.transfers["from_route_id"]) <= table.route_ids
    second = table.of_routes({r for r in table.route_ids if r.startswith("two:")})
    assert list(second.trips["next_trip"]) == [1, -1]
    assert isinstance(second.calls, pd.DataFrame)
