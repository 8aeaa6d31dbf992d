"""Random feeds: the timetable that is read equals one that is worked out call by call."""

from __future__ import annotations

import datetime as dt
import tempfile
from dataclasses import dataclass, field
from pathlib import Path

import pytest
from coordinates import CRS
from gtfs_feeds import CALENDAR, TIMES_HEAD, Feed, feed, packed
from hypothesis import assume, given
from hypothesis import strategies as st
from hypothesis_settings import examples

from layers.gtfs.reading import read_gtfs
from layers.gtfs.service_days import WantedDay

TUESDAY = WantedDay(dt.date(2026, 1, 13), exactly=True)
DAY = 86_400
EAST = {name: 0.01 * n for n, name in enumerate("ABCDE")}
STOPS = "stop_id,stop_name,stop_lat,stop_lon\n" + "".join(
    f"{name},{name},29.5,{106 + east}\n" for name, east in EAST.items()
)
SERVICES = {"M": "1,0", "T": "0,1", "B": "1,1"}
"""On Monday, on Tuesday, on both."""


@dataclass
class Trip:
    """A trip: its service, stops, seconds (None where blank) and spans."""

    service: str
    stops: list[str]
    secs: list[int | None]
    spans: list[tuple[int, int, int, int]] = field(default_factory=list)

    def clock(self) -> list[int]:
        """Seconds at every call, blank ones by distance."""
        way = [0.0]
        for a, b in zip(self.stops, self.stops[1:], strict=False):
            way.append(way[-1] + abs(EAST[b] - EAST[a]))
        found = []
        for at, secs in enumerate(self.secs):
            if secs is not None:
                found.append(float(secs))
                continue
            a = max(n for n in range(at) if self.secs[n] is not None)
            b = min(n for n in range(at, len(self.secs)) if self.secs[n] is not None)
            start, end = self.secs[a], self.secs[b]
            assert start is not None
            assert end is not None
            found.append(start + (end - start) * (way[at] - way[a]) / (way[b] - way[a]))
        return [round(secs) for secs in found]


@st.composite
def trips(draw: st.DrawFn) -> Trip:
    count = draw(st.integers(2, 6))
    stops = [draw(st.sampled_from("ABCDE"))]
    while len(stops) < count:
        stops.append(draw(st.sampled_from([s for s in "ABCDE" if s != stops[-1]])))
    secs = [draw(st.integers(0, 100_000)) * 1 + 1]
    for _ in stops[1:]:
        secs.append(secs[-1] + draw(st.integers(601, 4_000)))
    blank = [0 < n < count - 1 and draw(st.booleans()) for n in range(count)]
    found = Trip(
        draw(st.sampled_from(list(SERVICES))),
        stops,
        [None if b else s for b, s in zip(blank, secs, strict=True)],
    )
    start = draw(st.integers(0, 90_000))
    for _ in range(draw(st.integers(0, 2))):
        end = start + draw(st.integers(1, 9_000))
        found.spans.append((start, end, draw(st.integers(300, 4_000)), draw(st.integers(0, 1))))
        start = end + draw(st.integers(0, 900))
    return found


def clock_text(secs: int | None) -> str:
    return "" if secs is None else f"{secs // 3600:02d}:{secs // 60 % 60:02d}:{secs % 60:02d}"


def tables(drawn: list[Trip]) -> Feed:
    times, spans, rows = TIMES_HEAD, "trip_id,start_time,end_time,headway_secs,exact_times\n", ""
    for number, trip in enumerate(drawn):
        rows += f"R,{trip.service},t{number}\n"
        for place, (stop, secs) in enumerate(zip(trip.stops, trip.secs, strict=True)):
            times += f"t{number},{clock_text(secs)},{clock_text(secs)},{stop},{place}\n"
        for start, end, headway, exact in trip.spans:
            spans += f"t{number},{clock_text(start)},{clock_text(end)},{headway},{exact}\n"
    head = CALENDAR.splitlines()[0]
    weeks = "".join(f"{s},{days},0,0,0,0,0,20260105,20260131\n" for s, days in SERVICES.items())
    return feed(
        "A",
        stops=STOPS,
        stop_times=times,
        trips="route_id,service_id,trip_id\n" + rows,
        calendar=f"{head}\n{weeks}",
        frequencies=spans,
    )


def expected(drawn: list[Trip]) -> list[tuple[object, ...]]:
    """Headway, start and end, and stops with seconds, of every vehicle."""
    found = []
    for trip in drawn:
        clock = trip.clock()
        for days, shift in (("TB", 0), ("MB", -DAY)):
            if trip.service not in days:
                continue
            runs = [(clock[0], 0, 0, 0)] if not trip.spans else []
            for start, end, headway, exact in trip.spans:
                departures = range(start, end, headway) if exact else [start]
                of_span = (0, 0, 0) if exact else (headway, start + shift, end + shift)
                runs += [(leaves, *of_span) for leaves in departures]
            for leaves, headway, start, end in runs:
                moved = [secs - clock[0] + leaves + shift for secs in clock]
                last = moved[-1] + (end - start - 1 if headway else 0)
                if last > 0:
                    calls = tuple(zip(trip.stops, moved, strict=True))
                    found.append((headway, start, end, calls))
    return sorted(found)


@examples(40, quick=13)
@given(st.lists(trips(), min_size=1, max_size=6))
def test_every_call_of_every_vehicle(drawn: list[Trip]) -> None:
    assume(any(trip.service in "TB" for trip in drawn))
    with tempfile.TemporaryDirectory() as folder:
        (read,) = read_gtfs(packed(Path(folder) / "f.zip", tables(drawn)), CRS, wanted=TUESDAY)
    wanted = expected(drawn)
    table = read.timetable
    found = []
    for number, trip in table.trips.iterrows():
        calls = table.calls[table.calls["trip"] == number]
        assert (calls["arrival_secs"] == calls["departure_secs"]).all()
        rows = tuple(zip(calls["stop_id"], calls["arrival_secs"].tolist(), strict=True))
        found.append((trip["headway_secs"], trip["start_secs"], trip["end_secs"], rows))
    by_route = {route.route_id: set(route.stop_ids) for route in read.routes}
    assert set(table.trips["route_id"]) == set(by_route)
    assert [row[:3] for row in sorted(found)] == [row[:3] for row in wanted]
    for one, other in zip(sorted(found), wanted, strict=True):
        assert [stop for stop, _ in one[3]] == [stop for stop, _ in other[3]]  # type: ignore[attr-defined]
        assert [s for _, s in one[3]] == pytest.approx([s for _, s in other[3]], abs=1)  # type: ignore[attr-defined]
