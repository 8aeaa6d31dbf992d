"""Vehicles that go on as others: an earlier one that does not is no substitute."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace

import geopandas as gpd
import numpy as np
import pytest
from ascii_worlds import world
from easy_values import conditions, easy
from hypothesis import given
from hypothesis import strategies as st
from hypothesis_settings import examples
from network_parts import route
from random_timetables import timetable_of
from timetable_oracle import Changes, earliest

from analysis.graph.routable_network import routable_network
from analysis.graph.travel import Travel
from analysis.routing.router import times_between
from analysis.timetable.departure_window import DepartureWindow
from analysis.timetable.search import TimetableSearch
from analysis.timetable.service.lines import NEVER
from analysis.timetable.service.phases import phasing_for
from analysis.timetable.service.vehicles import vehicles
from layers.network import TransportNetwork

WORLD = world("""
A---B---C---D
""")  # 1 km each
SEVEN, LIMIT_SECS = 25_200, 10_800
Call = tuple[str, int, bool, bool]
"""Stop, seconds after seven, whether one may board and alight."""


def network(trips: Sequence[tuple[str, Sequence[Call], int]]) -> TransportNetwork:
    """Trips: their route, calls, and the number of the trip on which riders stay (or -1)."""
    rows = [(f"t{n}", name, name, follows, 0, 0, 0) for n, (name, _, follows) in enumerate(trips)]
    calls = [
        (number, stop, SEVEN + secs, SEVEN + secs, *may)
        for number, (_, called, _) in enumerate(trips)
        for stop, secs, *may in called
    ]
    courses = {name: [call[0] for call in called] for name, called, _ in trips}
    routes = [
        route(name, stops, 60, headway_secs=600, bidirectional=False)
        for name, stops in courses.items()
    ]
    return replace(WORLD.network(*routes), timetable=timetable_of(rows, calls, []))


def ride(stops: str, leaves: int, *, board: bool = True, alight: bool = True) -> list[Call]:
    """Calls every 100 s; one may not board at the first stop, or alight at the last, if said so."""
    last = len(stops) - 1
    return [
        (stop, leaves + 100 * n, board or n > 0, alight or n < last) for n, stop in enumerate(stops)
    ]


def searched(asked: TransportNetwork, points: gpd.GeoSeries, window: DepartureWindow) -> np.ndarray:
    """Seconds by the search, and by rounds over all trips: 2 x origins x destinations."""
    everyone = gpd.GeoSeries([*points, *asked.stops.geometry], crs=points.crs)
    under = conditions(easy(max_trip_secs=float(LIMIT_SECS)))
    walkers = routable_network(asked, everyone, travel=Travel("walk"), conditions=under).linked
    search = TimetableSearch(asked, walkers, period="peak", window=window)
    n = len(points)
    found = np.empty((2, n, n), dtype=np.int64)

    def visit(positions: np.ndarray, secs: np.ndarray) -> None:
        found[0, positions] = secs[:, :, 0].T

    both = np.arange(n)
    search.visit(visit, limit_secs=LIMIT_SECS, origins=both, destinations=both)
    walks = np.rint(times_between(walkers, limit=LIMIT_SECS))
    runs = vehicles(
        asked, period="peak", within=(0, 2 * SEVEN), phasing=phasing_for(1, planned=False)
    )
    moment = window.start_secs
    if window.arrive_by:
        runs, walks, moment = runs.mirrored(), walks.T, -moment
    changes = Changes(asked, walks[n:, n:], mirrored=window.arrive_by)
    for origin in range(n):
        ways = {"access": walks[origin, n:], "egress": walks[n:, :n], "direct": walks[origin, :n]}
        rides = window.max_rides or 20
        arrivals = earliest(runs, changes, ways, moment=moment, phase=0, max_rides=rides)
        secs = arrivals - moment
        found[1, origin] = np.where(secs <= LIMIT_SECS, secs, NEVER)
    return found


CASES = {
    # the first vehicle ends at B, the next one goes on to D
    "with one ride": (
        [
            ("7", ride("AB", 60), -1),
            ("7", ride("AB", 200), 2),
            ("8", ride("BCD", 350), -1),
        ],
        1,
        550,
    ),
    "where one may not alight": (
        [
            ("7", ride("AB", 60, alight=False), -1),
            ("7", ride("AB", 200, alight=False), 2),
            ("8", ride("BCD", 350), -1),
        ],
        None,
        550,
    ),
    # 11 is at C before 9, but only 9 goes on to D
    "after a change to the slower vehicle": (
        [
            ("7", ride("AB", 60), -1),
            ("11", ride("BC", 180), -1),
            ("9", ride("BC", 200), 3),
            ("10", ride("CD", 320, board=False), -1),
        ],
        None,
        420,
    ),
}


@pytest.mark.parametrize("case", CASES)
def test_the_vehicle_that_goes_on_is_taken(case: str) -> None:
    trips, max_rides, secs = CASES[case]
    window = DepartureWindow(SEVEN, SEVEN, max_rides=max_rides)
    assert searched(network(trips), WORLD.at("AD"), window)[:, 0, 1].tolist() == [secs, secs]


@st.composite
def blocks(draw: st.DrawFn) -> TransportNetwork:
    """A few trips of a few lines, most of which go on as another where they end."""
    courses = ["AB", "AB", "BC", "BC", "CD", "BCD", "CB"]
    trips = []
    for _ in range(draw(st.integers(3, 9))):
        stops = draw(st.sampled_from(courses))
        may = {name: draw(st.sampled_from([True, True, False])) for name in ("board", "alight")}
        trips.append((stops, ride(stops, draw(st.integers(0, 30)) * 50, **may), -1))
    linked = []
    for stops, calls, _ in trips:
        onward = [
            n
            for n, (other, called, _) in enumerate(trips)
            if other[0] == stops[-1] and called[0][1] >= calls[-1][1]
        ]
        linked.append((stops, calls, draw(st.sampled_from([-1, *onward, *onward]))))
    return network(linked)


@examples(150, quick=50)
@given(blocks(), st.booleans(), st.sampled_from([None, 1, 2]))
def test_random_blocks_are_as_by_rounds(
    asked: TransportNetwork,
    arrive_by: bool,  # noqa: FBT001 - drawn
    max_rides: int | None,
) -> None:
    moment = SEVEN + (2_000 if arrive_by else 0)
    window = DepartureWindow(moment, moment, arrive_by=arrive_by, max_rides=max_rides)
    found, expected = searched(asked, WORLD.at("ABCD"), window)
    np.testing.assert_array_equal(found, expected)
