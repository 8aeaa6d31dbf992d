"""Buses with a timetable that feed a spine: waits over the window's departures."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

import pytest
from ascii_worlds import world
from bus_worlds import WEST_EAST
from easy_values import conditions, easy
from network_parts import route
from regular_buses import with_buses

from analysis.buses.feeding import feeding
from analysis.timetable.departure_window import DepartureWindow, Windows
from layers.network import TransportNetwork

LINE = world("A---B---C---D")
METRO = 1
SPINE = route("7", "CD", line="7", route_type=METRO)
TO_C = LINE.network(SPINE, route("1", "AC", 120))
HOUR = 3_600


def minutes(network: TransportNetwork, catchment_m: float = 500.0, **window: Any) -> list[float]:
    """From the west to C, half a kilometre east of the border, from seven to nine."""
    windows = Windows(replace(DepartureWindow(7 * HOUR, 9 * HOUR), **window))
    assumed = conditions(easy(unfed_station_m=1_000.0, bus_catchment_m=catchment_m))
    under = replace(assumed, windows=windows)
    found = feeding(network, WEST_EAST, spines=["7"], conditions=under)
    return found["minutes"].dropna().tolist()


@pytest.mark.parametrize(("percentile", "wait_secs"), [(5.0, 30), (50.0, 300), (95.0, 570)])
def test_the_wait_is_a_percentile_of_the_window(percentile: float, wait_secs: float) -> None:
    """A bus every ten minutes; without any timetable half a headway is waited, always."""
    timed = with_buses(TO_C, "1")
    assert minutes(timed, percentile=percentile) == [pytest.approx((wait_secs + 120) / 60)]
    assert minutes(TO_C, percentile=percentile) == [pytest.approx(7)]
    # beside lines with a timetable one without is as lucky as they are
    both = with_buses(LINE.network(SPINE, route("1", "AC", 120), route("2", "BA", 60)), "2")
    assert minutes(both, percentile=percentile) == [pytest.approx((wait_secs + 120) / 60)]


def test_who_knows_the_timetable_does_not_wait() -> None:
    """Departures stand in the middle of a minute: half of one is waited."""
    timed = with_buses(TO_C, "1")
    assert minutes(timed, planned=True, percentile=95.0) == [pytest.approx((30 + 120) / 60)]
    both = with_buses(LINE.network(SPINE, route("1", "AC", 120), route("2", "BA", 60)), "2")
    assert minutes(both, planned=True) == [pytest.approx(2)]


def test_arriving_by_a_moment_counts_from_the_latest_departure() -> None:
    """The bus of 08:00 is there at 08:02; who must be there at 08:09 leaves at 08:00."""
    at = 8 * HOUR + 540
    window = {"start_secs": at, "end_secs": at, "arrive_by": True}
    assert minutes(with_buses(TO_C, "1"), **window) == [pytest.approx(9)]


def test_a_line_that_runs_outside_the_peak_feeds_in_its_own_window() -> None:
    """Its headway is of the hours from seven to nine, where it has none."""
    late = route("1", "AC", 120, headway_secs=float("inf"))
    timed = with_buses(LINE.network(SPINE, late), "1")
    assert minutes(timed, start_secs=13 * HOUR, end_secs=14 * HOUR) == [pytest.approx(7)]


def test_nobody_walks_farther_than_asked() -> None:
    """From B, a kilometre from C: 1,000 s."""
    to_b = with_buses(LINE.network(SPINE, route("1", "AB", 120)), "1")
    assert minutes(to_b, 1_100.0, max_walk_secs=1_001.0) == [pytest.approx(7 + 1_000 / 60)]
    assert minutes(to_b, 1_100.0, max_walk_secs=999.0) == []


def test_nobody_boards_or_alights_where_that_is_not_allowed() -> None:
    timed = with_buses(TO_C, "1")
    for column in ("pickup", "drop_off"):
        calls = timed.timetable.calls.assign(**{column: False})
        assert minutes(replace(timed, timetable=replace(timed.timetable, calls=calls))) == []


def test_a_bus_that_has_left_feeds_nobody() -> None:
    """The last one leaves at half past seven: three quarters of the departures are too late."""
    timed = with_buses(TO_C, "1")
    early = timed.timetable.calls["departure_secs"] < 7.5 * HOUR + 300
    calls = timed.timetable.calls[early]
    trips = replace(timed, timetable=replace(timed.timetable, calls=calls))
    assert minutes(trips) == []
    # three departures wait 30 s, three 90 s, …: the twelfth of 120 waits 210, the next 270 s
    assert minutes(trips, percentile=10.0) == [pytest.approx((240 + 120) / 60)]
