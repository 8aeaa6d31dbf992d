"""GTFS feeds: read, with everything wrong with them, and written."""

from __future__ import annotations

import datetime as dt
import subprocess
import sys
import tempfile
import zipfile
from pathlib import Path
from typing import Any

import geopandas as gpd
import gtfs_kit
import pytest
from coordinates import CRS, point
from hypothesis import given
from hypothesis import strategies as st
from hypothesis_settings import examples
from network_parts import route, stops
from shapely.geometry import LineString

import layers.gtfs.feed
from geo.faults import Fault
from layers.files.transit import read_transit
from layers.gtfs.columns import MOST_FAULTS
from layers.gtfs.reading import read_gtfs
from layers.gtfs.writing import write_gtfs
from layers.transit import TransitRoute

Feed = dict[str, str]
DATES = (dt.date(2026, 1, 1), dt.date(2026, 12, 31))
STOPS = "stop_id,stop_name,stop_lat,stop_lon\nA,甲,29.5,106.0\nB,乙,29.5,106.01\nC,丙,29.5,106.03\n"
ROUTES = "route_id,route_short_name,route_long_name,route_type\nR,7,Seven,3\n"
CALENDAR = (
    "service_id,monday,tuesday,wednesday,thursday,friday,saturday,sunday,start_date,end_date\n"
    "S,1,1,1,1,1,0,0,20260105,20260131\n"
)
TRIPS_HEAD = "route_id,service_id,trip_id,direction_id\n"
TIMES_HEAD = "trip_id,arrival_time,departure_time,stop_id,stop_sequence\n"


def trip(trip_id: str, *calls: str) -> str:
    """Rows of stop times: `A 07:00:00`, or `A 07:00:00 07:00:30`, or `A` for a blank."""
    rows = []
    for number, call in enumerate(calls, start=1):
        stop, *times = call.split()
        arrive, depart = (times * 2)[:2] if times else ("", "")
        rows.append(f"{trip_id},{arrive},{depart},{stop},{number}\n")
    return "".join(rows)


def feed(*trips: str, directions: str = "", **tables: str) -> Feed:
    """Tables with trips t0, t1, … of route R; others may be given instead."""
    count = len(trips)
    ways = directions or "0" * count
    rows = "".join(f"R,S,t{n},{way}\n" for n, way in enumerate(ways))
    times = "".join(trip(f"t{n}", *calls.split(", ")) for n, calls in enumerate(trips))
    plain = {
        "stops": STOPS,
        "routes": ROUTES,
        "trips": TRIPS_HEAD + rows,
        "stop_times": TIMES_HEAD + times,
        "calendar": CALENDAR,
    }
    return {**plain, **tables}


SOUND = feed("A 07:00:00, B 07:02:00, C 07:05:00", "A 11:00:00, B 11:02:00, C 11:05:00")


def packed(path: Path, tables: Feed, encoding: str = "utf-8") -> Path:
    with zipfile.ZipFile(path, "w", zipfile.ZIP_DEFLATED) as archive:
        for name, text in tables.items():
            archive.writestr(f"{name}.txt", text.encode(encoding))
    return path


def read(tmp_path: Path, tables: Feed) -> tuple[gpd.GeoDataFrame, list[TransitRoute], list[Fault]]:
    return read_gtfs(packed(tmp_path / "f.zip", tables), CRS)


def routes_of(tmp_path: Path, tables: Feed) -> list[TransitRoute]:
    _, routes, faults = read(tmp_path, tables)
    assert faults == []
    return routes


# What is read ---------------------------------------------------------------------------------


def test_a_service(tmp_path: Path) -> None:
    table, (bus,), faults = read(tmp_path, SOUND)
    assert faults == []
    assert (bus.route_id, bus.route_name, bus.line, bus.route_type) == ("R", "7", "7", 3)
    assert (bus.stop_ids, bus.hop_secs) == (("A", "B", "C"), (120, 180))
    assert (bus.headway_peak_secs, bus.headway_offpeak_secs) == (7_200, 14_400)
    assert (bus.bidirectional, bus.confidence, bus.assumed_fields) == (False, "published", ())
    assert bus.shape is None
    assert list(table["stop_name"]) == ["甲", "乙", "丙"]
    assert set(table["confidence"]) == {"published"}


def test_stays_are_no_hop_and_the_median_counts(tmp_path: Path) -> None:
    trips = [
        f"A 07:0{n}:00, B 07:{n + secs:02d}:00 07:20:00, C 07:25:00"
        for n, secs in enumerate([2, 3, 9])
    ]
    (bus,) = routes_of(tmp_path, feed(*trips))
    assert bus.hop_secs == (180, 300)
    assert bus.headway_peak_secs == 2_400


def test_hops_take_a_second_at_least(tmp_path: Path) -> None:
    (bus,) = routes_of(tmp_path, feed("A 07:00:00, B 07:00:00, C 07:01:00"))
    assert bus.hop_secs == (1, 60)


def test_blank_times_by_straight_distance_or_by_shape_distance(tmp_path: Path) -> None:
    (bus,) = routes_of(tmp_path, feed("A 07:00:00, B, C 07:03:00"))
    assert bus.hop_secs == pytest.approx((60, 120), abs=0.2)
    times = "trip_id,arrival_time,departure_time,stop_id,stop_sequence,shape_dist_traveled\n"
    rows = "t0,07:00:00,07:00:00,A,1,0\nt0,,,B,2,5\nt0,07:03:00,,C,3,6\n"
    (bus,) = routes_of(tmp_path, feed("A 07:00:00", stop_times=times + rows))
    assert bus.hop_secs == (150, 30)


def test_a_period_without_departures_takes_the_other_headway(tmp_path: Path) -> None:
    (bus,) = routes_of(tmp_path, feed("A 07:00:00, B 07:02:00", "A 08:00:00, B 08:02:00"))
    assert (bus.headway_peak_secs, bus.headway_offpeak_secs) == (3_600, 3_600)
    assert bus.assumed_fields == ("headway_offpeak_secs",)


def test_the_end_of_a_period_is_outside_and_headways_are_clipped(tmp_path: Path) -> None:
    (bus,) = routes_of(tmp_path, feed("A 09:00:00, B 09:02:00", "A 10:00:00, B 10:02:00"))
    assert bus.assumed_fields == ("headway_peak_secs",)
    assert bus.headway_offpeak_secs == 14_400
    often = "trip_id,start_time,end_time,headway_secs\nt0,06:00:00,22:00:00,5\n"
    (bus,) = routes_of(tmp_path, feed("A 07:00:00, B 07:02:00", frequencies=often))
    assert (bus.headway_peak_secs, bus.headway_offpeak_secs) == (30, 30)


def test_frequencies(tmp_path: Path) -> None:
    often = (
        "trip_id,start_time,end_time,headway_secs\n"
        "t0,06:00:00,08:00:00,600\nt0,08:00:00,09:00:00,300\nt0,09:00:00,25:00:00,420\n"
    )
    (bus,) = routes_of(tmp_path, feed("A 00:00:00, B 00:02:00", frequencies=often))
    assert (bus.headway_peak_secs, bus.headway_offpeak_secs) == (400, 420)


def test_night_services_are_left_out_with_a_warning(tmp_path: Path) -> None:
    _, routes, faults = read(tmp_path, feed("A 23:00:00, B 23:02:00"))
    assert routes == []
    assert [(f.code, f.severity) for f in faults] == [("route-not-running", "warning")]


def test_branches_and_short_turns_are_services(tmp_path: Path) -> None:
    tables = feed(
        *("A 07:00:00, B 07:02:00, C 07:04:00", "A 07:30:00, B 07:32:00, C 07:34:00"),
        *("A 07:10:00, B 07:12:00", "A 07:20:00, C 07:22:00"),
        routes=ROUTES + "R:2,8,,3\n",
    )
    routes = routes_of(tmp_path, tables)
    assert [(r.route_id, "".join(r.stop_ids)) for r in routes] == [
        *(("R", "ABC"), ("R:3", "AB"), ("R:4", "AC"))
    ]


@pytest.mark.parametrize(
    ("back", "count"),
    [
        ("C 07:01:00, B 07:04:00, A 07:06:00", 1),
        ("C 07:01:00, B 07:04:36, A 07:06:36", 1),  # 216 s for 180 s
        ("C 07:01:00, B 07:05:00, A 07:07:00", 2),  # 240 s for 180 s
        ("C 11:01:00, B 11:04:00, A 11:06:00", 2),  # at another time of day
        ("C 07:01:00, A 07:06:00", 2),
    ],
)
def test_opposite_directions_are_joined_if_alike(tmp_path: Path, back: str, count: int) -> None:
    there = "A 07:00:00, B 07:02:00, C 07:05:00"
    routes = routes_of(tmp_path, feed(there, back, directions="01"))
    assert [r.bidirectional for r in routes] == [count == 1] * count
    assert routes[0].stop_ids == ("A", "B", "C")


def test_unlike_headways_are_not_joined(tmp_path: Path) -> None:
    trips = ["A 07:00:00, B 07:02:00", "B 07:00:00, A 07:02:00", "B 08:00:00, A 08:02:00"]
    routes = routes_of(tmp_path, feed(*trips, directions="011"))
    assert [r.headway_peak_secs for r in routes] == [3_600, 7_200]


def test_closed_lines_repeat_their_first_stop(tmp_path: Path) -> None:
    (bus,) = routes_of(tmp_path, feed("A 07:00:00, B 07:02:00, C 07:04:00, A 07:09:00"))
    assert bus.stop_ids == ("A", "B", "C", "A")
    assert not bus.bidirectional


def test_shapes_are_projected(tmp_path: Path) -> None:
    tables = SOUND | {
        "trips": "route_id,service_id,trip_id,shape_id\nR,S,t0,s\nR,S,t1,s\n",
        "shapes": "shape_id,shape_pt_lat,shape_pt_lon,shape_pt_sequence\n"
        "s,29.5,106.03,3\ns,29.5,106.0,1\ns,29.51,106.01,2\none,29.5,106,1\n",
    }
    table, (bus,), faults = read(tmp_path, tables)
    assert faults == []
    assert isinstance(bus.shape, LineString)
    assert len(bus.shape.coords) == 3
    assert bus.shape.distance(table.geometry["A"]) < 1e-6


def test_the_weekday_with_most_trips(tmp_path: Path) -> None:
    one, two = "A 07:00:00, B 07:02:00", "A 08:00:00, B 08:02:00"
    dates = "service_id,date,exception_type\nS,20260107,2\nX,20260108,1\nX,20260110,1\n"
    trips = TRIPS_HEAD + "R,S,t0,0\nR,X,t1,0\n"
    (bus,) = routes_of(tmp_path, feed(one, two, trips=trips, calendar_dates=dates))
    assert bus.headway_peak_secs == 3_600  # Thursday the 8th has both
    alone = feed(one, two, trips=trips, calendar_dates=dates)
    del alone["calendar"]
    alone["trips"] = trips.replace("R,S", "R,X")
    (bus,) = routes_of(tmp_path, alone)
    assert bus.headway_peak_secs == 3_600


def test_extended_types_long_names_and_no_names(tmp_path: Path) -> None:
    head = "route_id,route_long_name,route_type\n"
    (bus,) = routes_of(tmp_path, SOUND | {"routes": head + "R,Seven,704\n"})
    assert (bus.route_name, bus.line, bus.route_type) == ("Seven", "", 704)
    (bus,) = routes_of(tmp_path, SOUND | {"routes": head + "R,,704\n"})
    assert bus.route_name == "R"


def test_platforms_have_their_own_place_and_stations_are_no_stops(tmp_path: Path) -> None:
    head = "stop_id,stop_name,stop_lat,stop_lon,location_type,parent_station\n"
    rows = "A,a,29.5,106,0,P\nB,b,29.5,106.01,,P\nC,c,29.5,106.03,,\nP,p,29.6,106.005,1,\n"
    table, _, faults = read(tmp_path, SOUND | {"stops": head + rows})
    assert faults == []
    assert list(table.index) == ["A", "B", "C"]
    assert table.geometry["B"].x - table.geometry["A"].x == pytest.approx(969, abs=2)


def test_a_bom_spaces_and_a_folder(tmp_path: Path) -> None:
    path = tmp_path / "f.zip"
    with zipfile.ZipFile(path, "w") as archive:
        for name, text in SOUND.items():
            spaced = text.replace(",", ", ", 1)
            archive.writestr(f"feed/{name}.txt", ("\ufeff" + spaced).encode())
    _, routes, faults = read_gtfs(path, CRS)
    assert faults == []
    assert len(routes) == 1


def test_a_comma_at_the_end_of_every_row(tmp_path: Path) -> None:
    head, *rows = STOPS.splitlines()
    text = "\n".join([head, *(f"{row}," for row in rows)])
    table, _, faults = read(tmp_path, SOUND | {"stops": text})
    assert faults == []
    assert list(table.index) == ["A", "B", "C"]


def test_ids_that_clash_get_the_name_of_the_file(tmp_path: Path) -> None:
    one, two = packed(tmp_path / "one.zip", SOUND), packed(tmp_path / "two.zip", SOUND)
    head = "route_id,route_name,stop_sequence,stop_id,stop_name,lon,lat\n"
    own = tmp_path / "own.csv"
    own.write_text(head + "R,r,1,A,a,106,29.5\nR,r,2,D,d,106.01,29.5\n", encoding="utf-8")
    table, routes, faults = read_transit([one, two, own], CRS)
    assert faults == []
    assert [(r.route_id, r.stop_ids) for r in routes] == [
        ("one:R", ("one:A", "B", "C")),
        ("two:R", ("two:A", "two:B", "two:C")),
        ("R", ("A", "D")),
    ]
    assert table.index.is_unique


# What is wrong --------------------------------------------------------------------------------


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
    assert any(str(fault).startswith(f"error {said}") for fault in faults), faults


def test_a_fault_leaves_only_its_trip_out(tmp_path: Path) -> None:
    _, (bus,), faults = read(tmp_path, changed("stop_times", "B,2", "Z,2"))
    assert len(faults) == 1
    assert bus.assumed_fields == ("headway_peak_secs",)


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
    _, routes, faults = read_transit([path], CRS)
    assert routes == []
    assert [(f.file, f.feature, f.code) for f in faults] == [("f.zip", "B", "stop-unplaced")]
    table, routes, faults = read_transit([path], CRS, repair=True)
    assert [f.severity for f in faults] == ["warning"]
    assert len(routes) == 1
    share = table.geometry["A"].distance(table.geometry["B"])
    assert share == pytest.approx(0.4 * table.geometry["A"].distance(table.geometry["C"]))


def test_what_is_no_feed(tmp_path: Path) -> None:
    none, text = tmp_path / "none.zip", tmp_path / "text.zip"
    text.write_text("no zip", encoding="utf-8")
    for path, code in ((none, "file-missing"), (text, "file-unreadable")):
        table, routes, faults = read_gtfs(path, CRS)
        assert (len(table), routes, [f.code for f in faults]) == (0, [], [code])


def test_another_encoding(tmp_path: Path) -> None:
    _, routes, faults = read_gtfs(packed(tmp_path / "f.zip", SOUND, "gbk"), CRS)
    assert routes == []
    assert [(f.file, f.code) for f in faults] == [("f.zip/stops.txt", "file-unreadable")]


@pytest.mark.parametrize("at", [0.2, 0.4, 0.6, 0.8, 0.95])
def test_a_damaged_zip_is_told(tmp_path: Path, at: float) -> None:
    path = packed(tmp_path / "f.zip", SOUND)
    content = bytearray(path.read_bytes())
    start = int(at * len(content))
    content[start : start + 30] = bytes(30)
    path.write_bytes(content)
    _, _, faults = read_gtfs(path, CRS)
    assert "file-unreadable" in {f.code for f in faults} or not faults


def test_zip_bombs_are_not_opened(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    path = packed(tmp_path / "f.zip", SOUND | {"fares": " " * 100_000})
    monkeypatch.setattr(layers.gtfs.feed, "BOMB_BYTES", 50_000)
    assert [(f.file, f.code) for f in read_gtfs(path, CRS)[2]] == [
        ("f.zip/fares.txt", "file-too-large")
    ]
    monkeypatch.setattr(layers.gtfs.feed, "BOMB_BYTES", 10**9)
    monkeypatch.setattr(layers.gtfs.feed, "MOST_BYTES", 99_999)
    assert [f.code for f in read_gtfs(path, CRS)[2]] == ["file-too-large"]


def test_an_encrypted_table(tmp_path: Path) -> None:
    path = packed(tmp_path / "f.zip", SOUND)
    content = path.read_bytes().replace(
        b"PK\x01\x02\x14\x03\x14\x00\x00", b"PK\x01\x02\x14\x03\x14\x00\x01"
    )
    path.write_bytes(content)
    assert {f.message for f in read_gtfs(path, CRS)[2]} == {"it is encrypted"}


# What is written ------------------------------------------------------------------------------

SPOTS = {name: (k % 4 * 900.0, k // 4 * 700.0) for k, name in enumerate("ABCDEFGH")}


def table_of(names: str | list[str]) -> gpd.GeoDataFrame:
    return stops(gpd.GeoSeries({name: point(*SPOTS[name]) for name in names}, crs=CRS))


def written(path: Path, *routes: TransitRoute) -> gpd.GeoDataFrame:
    used = sorted({stop for item in routes for stop in item.stop_ids})
    table = table_of(used)
    write_gtfs(path, table, routes, agency_name='重庆, "公交"', dates=DATES)
    return table


@st.composite
def services(draw: st.DrawFn) -> list[TransitRoute]:
    found = []
    for number in range(draw(st.integers(1, 4))):
        ids = draw(st.lists(st.sampled_from("ABCDEFGH"), min_size=2, max_size=6, unique=True))
        ids += ids[:1] if len(ids) > 2 and draw(st.booleans()) else []
        hops = [float(draw(st.integers(1, 3_000))) for _ in ids[1:]]
        values = {
            "headway_offpeak_secs": float(draw(st.integers(30, 14_400))),
            "bidirectional": draw(st.booleans()),
            "route_type": draw(st.sampled_from([1, 3, 704])),
            "confidence": "published",
        }
        headway = float(draw(st.integers(30, 14_400)))
        found.append(route(f"r{number}", ids, hops, headway_secs=headway, **values))
    return found


@given(services())
@examples(25)
def test_what_is_written_is_read_again(routes: list[TransitRoute]) -> None:
    with tempfile.TemporaryDirectory() as folder:
        path = Path(folder) / "out.zip"
        table = written(path, *routes)
        again, found, faults = read_gtfs(path, CRS)
    assert faults == []
    assert found == routes
    assert list(again.index) == list(table.index)
    assert again.geometry.distance(table.geometry, align=False).max() < 0.2
    assert list(again["stop_name"]) == list(table["stop_name"])


def test_gtfs_kit_reads_what_is_written(tmp_path: Path) -> None:
    line = LineString([point(*SPOTS["A"]), point(100, 100), point(*SPOTS["B"])])
    path = tmp_path / "out.zip"
    written(path, route("7", "ABC", shape=line), route("8", "ABA", bidirectional=False))
    found = gtfs_kit.read_feed(path, dist_units="m")
    assert len(found.trips) == 3
    assert found.agency["agency_name"].iloc[0] == '重庆, "公交"'
    assert found.agency["agency_timezone"].iloc[0] == "Asia/Shanghai"
    assert len(found.get_dates()) == 365
    assert set(found.frequencies["exact_times"]) == {0}
    assert len(found.frequencies) == 15
    assert set(found.trips["shape_id"].dropna()) == set(found.shapes["shape_id"]) == {"7-0", "7-1"}
    assert found.compute_trip_stats()["num_stops"].tolist() == [3, 3, 3]


def test_the_same_bytes_each_time_and_nothing_if_it_fails(tmp_path: Path) -> None:
    one, two = tmp_path / "one.zip", tmp_path / "two.zip"
    written(one, route("7", "ABC"))
    written(two, route("7", "ABC"))
    assert one.read_bytes() == two.read_bytes()
    spoilt = route("7", "ABC", headway_secs=float("nan"))
    with pytest.raises(ValueError, match="NaN"):
        written(one, spoilt)
    assert one.read_bytes() == two.read_bytes()
    assert sorted(tmp_path.iterdir()) == [one, two]


def test_gtfs_kit_is_loaded_for_feeds_only() -> None:
    code = "import sys, scicity.inputs.baseline; assert 'gtfs_kit' not in sys.modules"
    subprocess.run([sys.executable, "-c", code], check=True)
