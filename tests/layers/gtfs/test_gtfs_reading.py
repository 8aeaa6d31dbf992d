"""What is read of a GTFS feed."""

from __future__ import annotations

import zipfile
from math import inf
from pathlib import Path

import pytest
from coordinates import CRS
from gtfs_feeds import ROUTES, SOUND, STOPS, TRIPS_HEAD, feed, packed, read, routes_of
from shapely.geometry import LineString

from layers.files.transit import read_transit
from layers.gtfs.reading import read_gtfs


def test_a_service(tmp_path: Path) -> None:
    table, (bus,), faults = read(tmp_path, SOUND)
    assert faults == []
    assert (bus.route_id, bus.route_name, bus.line, bus.route_type) == ("R", "7", "7", 3)
    assert (bus.stop_ids, bus.hop_secs) == (("A", "B", "C"), (120, 180))
    assert (bus.headway_peak_secs, bus.headway_offpeak_secs) == (7_200, 21_600)
    assert (bus.bidirectional, bus.confidence, bus.assumed_fields) == (False, "published", ())
    assert bus.shape is None
    assert list(table["stop_name"]) == ["甲", "乙", "丙"]
    assert set(table["confidence"]) == {"published"}


def test_stays_are_no_hop_and_means_of_runs_count(tmp_path: Path) -> None:
    trips = [
        f"A 07:0{n}:00, B 07:{n + secs:02d}:00 07:20:00, C 07:25:00"
        for n, secs in enumerate([2, 3, 7])
    ]
    (bus,) = routes_of(tmp_path, feed(*trips))
    assert bus.hop_secs == (240, 300)
    assert bus.dwell_secs == (0, 900, 0)  # 18, 16 and 11 minutes
    assert bus.headway_peak_secs == 2_400


def test_hops_take_a_second_at_least(tmp_path: Path) -> None:
    (bus,) = routes_of(tmp_path, feed("A 07:00:01, B 07:00:01, C 07:01:31"))
    assert bus.hop_secs == (1, 90)


def test_blank_times_by_straight_distance_or_by_shape_distance(tmp_path: Path) -> None:
    (bus,) = routes_of(tmp_path, feed("A 07:00:00, B, C 07:03:00"))
    assert bus.hop_secs == pytest.approx((60, 120), abs=0.2)
    times = "trip_id,arrival_time,departure_time,stop_id,stop_sequence,shape_dist_traveled\n"
    rows = "t0,07:00:00,07:00:00,A,1,0\nt0,,,B,2,5\nt0,07:03:00,,C,3,6\n"
    (bus,) = routes_of(tmp_path, feed("A 07:00:00", stop_times=times + rows))
    assert bus.hop_secs == (150, 30)


def test_a_period_without_departures_has_no_headway(tmp_path: Path) -> None:
    (bus,) = routes_of(tmp_path, feed("A 07:00:00, B 07:02:00", "A 08:00:00, B 08:02:00"))
    assert (bus.headway_peak_secs, bus.headway_offpeak_secs) == (3_600, inf)
    assert (bus.runs_in("peak"), bus.runs_in("offpeak")) == (True, False)
    assert bus.assumed_fields == ()


def test_the_end_of_a_period_is_outside(tmp_path: Path) -> None:
    (bus,) = routes_of(tmp_path, feed("A 09:00:00, B 09:02:00", "A 10:00:00, B 10:02:00"))
    assert (bus.headway_peak_secs, bus.headway_offpeak_secs) == (inf, 21_600)
    assert bus.day_headway_secs == 21_600


def test_frequencies(tmp_path: Path) -> None:
    often = (
        "trip_id,start_time,end_time,headway_secs\n"
        "t0,06:00:00,08:00:00,600\nt0,08:00:00,09:00:00,300\nt0,09:00:00,25:00:00,420\n"
    )
    (bus,) = routes_of(tmp_path, feed("A 00:00:00, B 00:02:00", frequencies=often))
    assert (bus.headway_peak_secs, bus.headway_offpeak_secs) == (400, 420)


def test_night_services_have_trips_but_no_headways(tmp_path: Path) -> None:
    _, (bus,), faults = read(tmp_path, feed("A 23:00:00, B 23:02:00"))
    assert (bus.headway_peak_secs, bus.headway_offpeak_secs) == (inf, inf)
    assert [(f.code, f.severity) for f in faults] == [("route-not-running", "warning")]


def test_a_route_that_runs_one_way_in_the_evening_is_not_told(tmp_path: Path) -> None:
    routes = routes_of(tmp_path, feed("A 07:00:00, B 07:02:00", "B 17:00:00, A 17:02:00"))
    assert [r.headway_peak_secs for r in routes] == [7_200, inf]


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
        "s,29.5,106.03,3\ns,29.5,106.0,1\ns,29.503,106.01,2\none,29.5,106,1\n",
    }
    table, (bus,), faults = read(tmp_path, tables)
    assert faults == []
    assert isinstance(bus.shape, LineString)
    assert len(bus.shape.coords) == 3
    assert bus.shape.distance(table.geometry["A"]) < 1e-6


def test_a_normal_weekday(tmp_path: Path) -> None:
    one, two = "A 07:00:00, B 07:02:00", "A 08:00:00, B 08:02:00"
    dates = "service_id,date,exception_type\nS,20260107,2\nX,20260108,1\nX,20260110,1\n"
    trips = TRIPS_HEAD + "R,S,t0,0\nR,X,t1,0\n"
    (bus,) = routes_of(tmp_path, feed(one, two, trips=trips, calendar_dates=dates))
    assert bus.headway_peak_secs == 7_200  # Thursday the 8th has both: an event
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
    (found,) = read_gtfs(path, CRS)
    assert found.faults == []
    assert len(found.routes) == 1


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
    table, routes, _, faults = read_transit([one, two, own], CRS)
    assert faults == []
    assert [(r.route_id, r.stop_ids) for r in routes] == [
        ("one:R", ("one:A", "B", "C")),
        ("two:R", ("two:A", "two:B", "two:C")),
        ("R", ("A", "D")),
    ]
    assert table.index.is_unique
