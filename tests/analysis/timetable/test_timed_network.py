"""Networks with a timetable in the questions: times, isochrones, edges, by hand."""

from __future__ import annotations

from dataclasses import replace

import numpy as np
import pytest
from ascii_worlds import world
from coordinates import point
from easy_values import conditions, easy
from network_parts import route
from random_timetables import timetable_of

from analysis.graph.conditions import Conditions
from analysis.graph.routable_network import routable_network
from analysis.graph.travel import Band, Travel
from analysis.isochrones import isochrones
from analysis.routing.one_to_all import times_to_nearest
from analysis.routing.router import times_between
from analysis.surface.reach import reach_from
from analysis.timetable.departure_window import DepartureWindow, Windows
from analysis.travel_time import travel_times
from layers.network import TransportNetwork

WORLD = world("""
A---B---C---D
""")  # 1 km each
START, END = 25_200, 32_400
UNDER = conditions(easy(max_trip_secs=10_800.0))


def buses(stops: str, *, headway: int, first: int = START - 3_600, **hops: int) -> tuple:
    """Trips and calls of a line: a bus every so often, so many seconds a hop."""
    trips, calls = [], []
    for number, leaves in enumerate(range(first, END + 7_200, headway)):
        trips.append((f"t{number}", "bus", "bus", -1, 0, 0, 0))
        for place, stop in enumerate(stops):
            secs = leaves + place * hops.get("secs", 100)
            calls.append((number, stop, secs, secs, True, True))
    return trips, calls


def network(stops: str = "ABCD", *, headway: int = 600) -> TransportNetwork:
    """The world with a bus line that has a timetable."""
    trips, calls = buses(stops, headway=headway)
    line = route("bus", stops, 100, headway_secs=headway, bidirectional=False)
    base = WORLD.network(line)
    return replace(base, timetable=timetable_of(trips, calls, []))


def secs(asked: TransportNetwork, band: Band = "expected", under: Conditions = UNDER) -> np.ndarray:
    """Seconds between the four places."""
    travel = Travel("transit", "peak", band)
    routable = routable_network(asked, WORLD.at("ABCD"), travel=travel, conditions=under)
    return times_between(routable.linked, limit=10_800.0)


@pytest.mark.parametrize(("band", "share"), [("best", 0.05), ("expected", 0.5), ("worst", 0.95)])
def test_the_wait_is_a_percentile_of_a_uniform_one(band: Band, share: float) -> None:
    times = secs(network(), band)
    assert times[0].tolist() == [0, 600 * share + 100, 600 * share + 200, 600 * share + 300]
    # against the direction of the bus one walks
    assert times[3].tolist() == [3_000, 2_000, 1_000, 0]


def test_one_moment_is_asked_exactly() -> None:
    # a bus leaves A at 07:10:00
    moment = DepartureWindow(START + 590, START + 590)
    assert secs(network(), under=replace(UNDER, windows=Windows(moment)))[0, 3] == 310


def test_arriving_by_a_moment_counts_from_the_latest_departure() -> None:
    # the bus of 07:10:00 is at D at 07:15:00; who must be there at 07:16 leaves at 07:10
    moment = DepartureWindow(START + 960, START + 960, arrive_by=True)
    assert secs(network(), under=replace(UNDER, windows=Windows(moment)))[0, 3] == 360


def test_who_knows_the_timetable_does_not_wait() -> None:
    window = DepartureWindow(START, END, planned=True)
    times = secs(network(), "worst", replace(UNDER, windows=Windows(window)))
    # departures stand in the middle of a minute: half of one is waited at most
    assert 300 <= times[0, 3] <= 330


def test_tables_have_a_row_or_a_reason_for_each_pair() -> None:
    points = WORLD.at("AD")
    points["far"] = point(0, 30_000)
    found = travel_times(network(), points, travel=Travel("transit"), conditions=UNDER)
    assert found.table["secs"].tolist() == [600.0, 3_000.0]
    assert set(found.missing["reason"]) == {"too_far_from_network"}
    assert len(found.missing) == 4


def test_an_isochrone_has_what_can_be_reached_by_the_time() -> None:
    asked = network()
    at = WORLD.at("A")
    travel = Travel("transit")
    area = isochrones(
        asked, at, travel=travel, conditions=UNDER, cutoffs_secs=[550.0, 650.0]
    ).areas.geometry
    # the bus is at D after 600 s: from there one walks 50 m within 650 s
    assert not area.iloc[0].intersects(WORLD.at("D").iloc[0])
    assert area.iloc[1].covers(WORLD.at("D").iloc[0])
    assert area.iloc[1].buffer(1e-6).covers(area.iloc[0])


def test_times_at_street_ends_are_those_of_points_there() -> None:
    routable = routable_network(
        network(), WORLD.at("ABCD"), travel=Travel("transit"), conditions=UNDER
    )
    reach = reach_from(routable, 0, 10_800.0)
    ends = dict(zip(routable.streets.table["u"], reach.streets[0], strict=True))
    ends |= dict(zip(routable.streets.table["v"], reach.streets[1], strict=True))
    times = times_between(routable.linked, limit=10_800.0)[0]
    assert [ends[name] for name in "ABCD"] == times.tolist()
    assert reach.spots[4:].tolist() == [np.inf, *times[1:]]


def test_the_nearest_of_several_vertices_is_reached_by_vehicle_too() -> None:
    routable = routable_network(
        network(), WORLD.at("ABCD"), travel=Travel("transit"), conditions=UNDER
    )
    table = routable.streets.table
    vertex = int(table.loc[table["v"] == "D", "head"].iloc[0])
    nearest = times_to_nearest(routable.linked, np.array([vertex]), limit=10_800.0)
    assert nearest.tolist() == times_between(routable.linked, limit=10_800.0)[:, 3].tolist()
