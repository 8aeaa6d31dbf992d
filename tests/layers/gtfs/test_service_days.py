"""The day whose timetable is taken of a feed."""

from __future__ import annotations

import datetime as dt
from pathlib import Path

import pytest
from coordinates import CRS
from gtfs_feeds import CALENDAR, TRIPS_HEAD, Feed, feed, packed

from layers.gtfs.reading import GtfsFeed, read_gtfs
from layers.gtfs.service_days import WantedDay

WEDNESDAY = dt.date(2026, 1, 14)
YEAR = CALENDAR.replace("20260131", "20261231")
EVENT = "service_id,date,exception_type\n" + "".join(f"X,202601{day},1\n" for day in (14, 24))


def on(tmp_path: Path, tables: Feed, day: dt.date | None, *, exactly: bool = False) -> GtfsFeed:
    wanted = None if day is None else WantedDay(day, exactly=exactly)
    (found,) = read_gtfs(packed(tmp_path / "f.zip", tables), CRS, wanted=wanted)
    return found


def taken(found: GtfsFeed) -> dt.date:
    return found.timetable.service_dates["f.zip"]


def with_event() -> Feed:
    """A bus every workday, and one more on Wednesday the 14th and Saturday the 24th."""
    trips = TRIPS_HEAD + "R,S,t0,0\nR,X,t1,0\n"
    two = ("A 07:00:00, B 07:02:00", "A 08:00:00, B 08:02:00")
    return feed(*two, trips=trips, calendar=YEAR, calendar_dates=EVENT)


def test_the_wanted_day_is_taken_if_it_is_normal(tmp_path: Path) -> None:
    found = on(tmp_path, with_event(), dt.date(2026, 1, 15))
    assert taken(found) == dt.date(2026, 1, 15)
    assert found.faults == []


def test_an_event_stands_for_itself_only(tmp_path: Path) -> None:
    found = on(tmp_path, with_event(), WEDNESDAY)
    assert taken(found) == dt.date(2026, 1, 7)  # the Wednesday before; the 21st is as near
    assert len(found.timetable.trips) == 1
    asked = on(tmp_path, with_event(), WEDNESDAY, exactly=True)
    assert taken(asked) == WEDNESDAY
    assert len(asked.timetable.trips) == 2
    assert asked.faults == []


def test_a_weekend_is_taken_if_it_is_asked_for(tmp_path: Path) -> None:
    saturday = dt.date(2026, 1, 24)
    assert taken(on(tmp_path, with_event(), saturday)).weekday() < 5
    assert taken(on(tmp_path, with_event(), saturday, exactly=True)) == saturday


def test_nothing_runs_on_the_day_that_is_asked_for(tmp_path: Path) -> None:
    found = on(tmp_path, with_event(), dt.date(2026, 2, 1), exactly=True)
    assert [f.code for f in found.faults] == ["service-date-outside"]
    assert "has no service" in found.faults[0].message


@pytest.mark.parametrize(
    ("day", "like"),
    [(dt.date(2030, 5, 1), dt.date(2026, 12, 30)), (dt.date(2020, 5, 1), dt.date(2026, 1, 9))],
)
def test_a_feed_of_other_years(tmp_path: Path, day: dt.date, like: dt.date) -> None:
    found = on(tmp_path, with_event(), day)
    assert taken(found) == like
    assert like.weekday() == day.weekday()
    (fault,) = found.faults
    assert (fault.code, fault.severity) == ("service-date-outside", "warning")
    assert fault.allowed == "2026-01-05 to 2026-12-31"
    assert f"{like}" in fault.message


def test_vehicles_count_and_not_rows(tmp_path: Path) -> None:
    """Monday to Thursday a trip of 24 buses, on Friday two trips."""
    calendar = (
        CALENDAR.replace("S,1,1,1,1,1", "S,1,1,1,1,0") + "F,0,0,0,0,1,0,0,20260105,20260131\n"
    )
    often = "trip_id,start_time,end_time,headway_secs\nt0,07:00:00,09:00:00,300\n"
    found = on(
        tmp_path,
        feed(
            *("A 07:00:00, B 07:02:00", "A 07:00:00, B 07:02:00", "A 08:00:00, B 08:02:00"),
            trips=TRIPS_HEAD + "R,S,t0,0\nR,F,t1,0\nR,F,t2,0\n",
            calendar=calendar,
            frequencies=often,
        ),
        None,
    )
    assert taken(found).weekday() < 4
    assert found.routes[0].headway_peak_secs == 300


@pytest.mark.parametrize("one_a_day", [False, True])
def test_calendar_dates_alone(tmp_path: Path, *, one_a_day: bool) -> None:
    """The same on every workday of January, by one service or by one a day; more on the 14th."""
    days = [dt.date(2026, 1, 1) + dt.timedelta(days=n) for n in range(31)]
    workdays = [day for day in days if day.weekday() < 5]
    names = {day: f"S{day.day}" if one_a_day else "S" for day in workdays}
    dates = "service_id,date,exception_type\n" + "".join(
        f"{names[day]},{day:%Y%m%d},1\n" for day in workdays
    )
    trips = "".join(f"R,{name},t{name},0\n" for name in dict.fromkeys(names.values()))
    tables = feed(
        *["A 07:00:00, B 07:02:00"] * 2,
        trips=TRIPS_HEAD + trips + "R,X,t1,0\n",
        calendar_dates=dates + "X,20260114,1\n",
    )
    tables["stop_times"] = tables["stop_times"].split("t0")[0] + "".join(
        f"{t},07:0{n}:00,07:0{n}:00,{stop},{n}\n"
        for t in (*(f"t{name}" for name in dict.fromkeys(names.values())), "t1")
        for n, stop in enumerate("AB")
    )
    del tables["calendar"]
    assert taken(on(tmp_path, tables, WEDNESDAY)) == dt.date(2026, 1, 7)
    assert taken(on(tmp_path, tables, dt.date(2026, 1, 16))) == dt.date(2026, 1, 16)


def test_a_holiday_and_a_short_feed(tmp_path: Path) -> None:
    """A Monday with one bus of two is no Monday; in a feed of a week every day is what it is."""
    dates = "service_id,date,exception_type\nX,20260112,2\n"
    calendar = CALENDAR + CALENDAR.splitlines()[1].replace("S,", "X,") + "\n"
    trips = TRIPS_HEAD + "R,S,t0,0\nR,X,t1,0\n"
    two = ("A 07:00:00, B 07:02:00", "A 08:00:00, B 08:02:00")
    tables = feed(*two, trips=trips, calendar=calendar, calendar_dates=dates)
    assert taken(on(tmp_path, tables, dt.date(2026, 1, 12))) == dt.date(2026, 1, 5)
    week = feed(*two, trips=trips, calendar=calendar.replace("20260131", "20260109"))
    assert taken(on(tmp_path, week, dt.date(2026, 1, 7))) == dt.date(2026, 1, 7)


def test_trips_of_the_day_before_run_on(tmp_path: Path) -> None:
    late = ("A 23:50:00, B 24:10:00", "A 23:40:00, B 23:50:00", "A 25:00:00, B 25:20:00")
    found = on(tmp_path, feed(*late), WEDNESDAY)
    table = found.timetable
    first = table.calls.groupby("trip")["departure_secs"].first()
    assert sorted(first.tolist()) == [-600, 3_600, 85_200, 85_800, 90_000]
    assert len(set(table.trips["trip_id"])) == 5
    # on a Monday nothing runs on from Sunday
    assert len(on(tmp_path, feed(*late), dt.date(2026, 1, 12)).timetable.trips) == 3
