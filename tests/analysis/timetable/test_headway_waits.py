"""Waits for lines with a headway and no clock are those of a traveller who turns up at random."""

from __future__ import annotations

from dataclasses import replace

import numpy as np
import pytest
from ascii_worlds import world
from easy_values import conditions, easy
from network_parts import route
from random_timetables import timetable_of

from analysis.graph.routable_network import routable_network
from analysis.graph.travel import Travel
from analysis.timetable.departure_window import DepartureWindow, Windows
from analysis.windows.travel_times import timed_points_of
from layers.network import TransportNetwork

WORLD = world("""
A---B---C---D
""")  # 1 km each
START = 25_200
CLOCK = timetable_of(
    [("t", "clock", "clock", -1, 0, 0, 0)],
    [(0, "D", 86_400, 86_400, True, True), (0, "C", 86_500, 86_500, True, True)],
    [],
)
"""One trip at midnight: the network has a timetable, and nobody rides by it."""


def waits(asked: TransportNetwork, window: DepartureWindow, ride_secs: float) -> np.ndarray:
    """Seconds of waiting from A to D, or from C where one must be at D, a sample each."""
    clock = route("clock", "DC", 100, headway_secs=600, bidirectional=False)
    whole = replace(asked, routes=(*asked.routes, clock), timetable=CLOCK)
    # nobody walks: 1 km takes longer than any wait
    under = conditions(easy(max_trip_secs=14_400.0, walk_speed_kph=0.2))
    under = replace(under, windows=Windows(window, window))
    travel = Travel("transit")
    routable = routable_network(whole, WORLD.at("AD"), travel=travel, conditions=under)
    found: list[np.ndarray] = []
    timed_points_of(routable).visit_samples(
        lambda _, secs: found.append(secs[0, 0].astype(float)),
        limit=14_400.0,
        origins=np.array([1 if window.arrive_by else 0]),
        destinations=np.array([0 if window.arrive_by else 1]),
    )
    return found[0] - ride_secs


@pytest.mark.parametrize("arrive_by", [False, True])
@pytest.mark.parametrize("minutes", [3, 4, 5, 6, 10, 12, 15, 20, 30, 60])
def test_waits_of_one_line_fill_its_headway(minutes: int, *, arrive_by: bool) -> None:
    line = route("line", "AD", 420, headway_secs=60 * minutes, bidirectional=False)
    window = DepartureWindow(START, START + 3_600, arrive_by=arrive_by)
    found = np.sort(waits(WORLD.network(line), window, 420.0))
    # the sixty waits of an even spread; each lies in its own minute of the headway
    even = (np.arange(60) + 0.5) / 60 * 60 * minutes
    assert np.abs(found - even).max() <= 60
    assert abs(found.mean() - even.mean()) <= 15


@pytest.mark.parametrize("minutes", [7, 8, 9, 11, 25, 45])
def test_a_headway_that_does_not_fit_the_window_is_off_by_little(minutes: int) -> None:
    line = route("line", "AD", 420, headway_secs=60 * minutes, bidirectional=False)
    found = waits(WORLD.network(line), DepartureWindow(START, START + 7_200), 420.0)
    shares = np.percentile(found, [5, 50, 95]) / (60 * minutes)
    assert np.abs(shares - [0.05, 0.5, 0.95]).max() <= 0.1


def test_waits_of_few_departures_are_those_of_eight_shifts() -> None:
    line = route("line", "AD", 420, headway_secs=1_200, bidirectional=False)
    found = waits(WORLD.network(line), DepartureWindow(START, START), 420.0)
    assert np.sort(found // 150).tolist() == [0, 1, 2, 3, 4, 5, 6, 7]


def test_two_lines_meet_in_several_ways() -> None:
    """The mean of two waits over many pairs of lines is that of two uniform ones."""
    means = []
    for number in range(40):
        lines = [
            route(f"{number}-{stops}", stops, 210, headway_secs=1_200, bidirectional=False)
            for stops in ("AC", "CD")
        ]
        found = waits(WORLD.network(*lines), DepartureWindow(START, START + 3_600), 420.0)
        means.append(found.mean())
    # four meetings of a uniform wait each: standard error of one mean 173 s, of forty 27 s
    assert abs(np.mean(means) - 1_200) <= 90
    assert np.std(means) <= 260


def test_who_knows_the_headway_waits_a_minute_at_most() -> None:
    line = route("line", "AD", 420, headway_secs=1_200, bidirectional=False)
    window = DepartureWindow(START, START + 3_600, planned=True)
    found = waits(WORLD.network(line), window, 420.0)
    # the last vehicle of the window is not there to leave late for
    assert (found <= 60).mean() >= 0.6
    assert len(found) == 240
