"""Itineraries of small worlds by hand, and where lines have headways only."""

from __future__ import annotations

from dataclasses import replace

import geopandas as gpd
import numpy as np
import pytest
from ascii_worlds import world
from coordinates import point
from easy_values import conditions, easy
from hypothesis import given
from hypothesis_settings import examples
from network_parts import route
from random_timetables import timetable_of
from random_worlds import random_worlds

from analysis.graph.routable_network import routable_network
from analysis.graph.travel import Travel
from analysis.itineraries.itinerary import Itinerary, Moment, itinerary
from analysis.itineraries.trips import trips
from analysis.timetable.departure_window import DepartureWindow, Windows
from analysis.travel_time import travel_time_matrix
from geo.faults import BadInputError
from layers.network import TransportNetwork

WORLD = world("""
A---B---C---D
""")  # 1 km each
SEVEN = 25_200
UNDER = conditions(easy(max_trip_secs=10_800.0))
TRANSIT = Travel("transit")


def timed(*trips: tuple[str, str, int], follows: dict[int, int] | None = None) -> TransportNetwork:
    """Trips by route, stops and departure, 100 s a hop, on routes of those names."""
    rows, calls, routes = [], [], {}
    for number, (name, stops, leaves) in enumerate(trips):
        following = (follows or {}).get(number, -1)
        rows.append((f"t{number}", name, name, following, 0, 0, 0))
        for place, stop in enumerate(stops):
            secs = leaves + 100 * place
            calls.append((number, stop, secs, secs, True, True))
        routes[name] = route(name, stops, 100, headway_secs=600, bidirectional=False)
    base = WORLD.network(*routes.values())
    return replace(base, timetable=timetable_of(rows, calls, []))


def ask(
    network: TransportNetwork,
    letters: str = "AD",
    moment: Moment | None = None,
    windows: Windows | None = None,
) -> Itinerary:
    under = replace(UNDER, windows=windows or UNDER.windows)
    return itinerary(
        network,
        WORLD.at(letters).rename(str.lower),
        travel=TRANSIT,
        conditions=under,
        between=(letters[0].lower(), letters[1].lower()),
        moment=moment,
    )


def told(found: Itinerary) -> list[tuple]:
    columns = ["kind", "from_id", "to_id", "route_id", "trip_id", "secs", "stops_passed"]
    return [*found.legs[columns].itertuples(index=False, name=None)]


def test_a_wait_is_before_the_ride_and_a_walk_at_the_ends() -> None:
    found = ask(timed(("7", "ABC", SEVEN + 600)), moment=Moment(depart_secs=SEVEN))
    assert told(found) == [
        ("walk", "a", "A", "", "", 0.0, 0),
        ("wait", "A", "A", "", "", 600.0, 0),
        ("ride", "A", "C", "7", "t0", 200.0, 1),
        ("walk", "C", "d", "", "", 1_000.0, 0),
    ]
    assert found.secs == 1_800
    assert found.has_clock
    assert found.legs["depart_secs"].tolist() == [SEVEN, SEVEN, SEVEN + 600, SEVEN + 800]


def test_to_arrive_by_a_time_one_is_there_early() -> None:
    found = ask(timed(("7", "ABCD", SEVEN)), moment=Moment(arrive_secs=SEVEN + 500))
    assert told(found)[-1] == ("wait", "d", "d", "", "", 200.0, 0)
    assert found.secs == 500
    assert found.legs["arrive_secs"].iloc[-1] == SEVEN + 500


def test_of_two_equally_early_the_later_and_then_the_one_of_fewer_rides() -> None:
    # t0 leaves first; t1 and t2 are a change at B; t3 goes all the way as late as t1
    network = timed(
        ("slow", "ABC", SEVEN + 10),
        ("7", "AB", SEVEN + 300),
        ("8", "BCD", SEVEN + 400),
        ("9", "ABCD", SEVEN + 300),
    )
    assert [row[4] for row in told(ask(network, moment=Moment(SEVEN))) if row[4]] == ["t3"]


def test_staying_on_board_is_one_ride() -> None:
    network = timed(("7", "AB", SEVEN + 60), ("8", "BCD", SEVEN + 200), follows={0: 1})
    ride = [row for row in told(ask(network, moment=Moment(SEVEN))) if row[0] == "ride"]
    assert ride == [("ride", "A", "D", "7 > 8", "t0 > t1", 340.0, 2)]


def test_the_best_and_the_middle_departure_of_a_window() -> None:
    # departures at half minutes; the only vehicle leaves at 07:10
    network = timed(("7", "ABCD", SEVEN + 600))
    windows = Windows(DepartureWindow(SEVEN, SEVEN + 600))
    best, median = (
        ask(network, moment=Moment(take=t), windows=windows) for t in ("best", "median")
    )  # type: ignore[arg-type]
    assert (best.secs, median.secs) == (330, 570)
    planned = Windows(DepartureWindow(SEVEN, SEVEN + 600, planned=True))
    late = ask(network, moment=Moment(take="median"), windows=planned)
    assert late.secs == 330


def test_without_a_way_there_is_a_reason() -> None:
    points = WORLD.at("A").rename(str.lower)
    points["far"] = point(0, 30_000)
    found = itinerary(
        timed(("7", "AB", SEVEN)), points, travel=TRANSIT, conditions=UNDER, between=("a", "far")
    )
    assert (len(found.legs), found.secs, found.reason) == (0, 0, "too_far_from_network")
    short = replace(UNDER, assumptions=easy(max_trip_secs=600.0))
    beyond = itinerary(
        WORLD.network(), WORLD.at("AD"), travel=TRANSIT, conditions=short, between=("A", "D")
    )
    assert beyond.reason == "beyond_cutoff"


def test_only_transit_has_itineraries_and_only_one_time() -> None:
    with pytest.raises(BadInputError, match="mode: it is 'drive'"):
        itinerary(
            WORLD.network(),
            WORLD.at("AD"),
            travel=Travel("drive"),
            conditions=UNDER,
            between=("A", "D"),
        )
    with pytest.raises(BadInputError, match="one of both"):
        Moment(SEVEN, SEVEN)


# Lines with headways only -------------------------------------------------------------------


def test_expected_waits_and_ways_to_the_platform() -> None:
    metro = route("1", "ABD", [100, 120], headway_secs=300, stop_access_secs=60, boarding_secs=30)
    found = ask(WORLD.network(metro))
    assert told(found) == [
        ("walk", "a", "A", "", "", 60.0, 0),
        ("wait", "A", "A", "", "", 180.0, 0),
        ("ride", "A", "D", "1", "", 220.0, 1),
        ("walk", "D", "d", "", "", 60.0, 0),
    ]
    assert (found.secs, found.has_clock) == (520, False)
    late = ask(WORLD.network(metro), moment=Moment(arrive_secs=SEVEN))
    assert late.legs["arrive_secs"].iloc[-1] == SEVEN


def test_of_common_lines_one_takes_the_first_that_comes() -> None:
    lines = [route(name, "AD", 200, headway_secs=600) for name in "12"]
    lines.append(route("3", "AD", 2_000, headway_secs=600))
    ride = told(ask(WORLD.network(*lines)))
    assert ride[1:3] == [
        ("wait", "A", "A", "", "", 150.0, 0),
        ("ride", "A", "D", "1 | 2", "", 200.0, 0),
    ]


def test_a_through_route_is_one_ride() -> None:
    one = route("1", "AB", 100, headway_secs=300, through_routes=("2",))
    two = route("2", "BD", 150, headway_secs=600)
    ride = [row for row in told(ask(WORLD.network(one, two))) if row[0] == "ride"]
    # as many vehicles go on as the less frequent line has
    assert ride == [("ride", "A", "D", "1 > 2", "", 400.0, 1)]


@given(random_worlds())
@examples(40)
def test_expected_legs_add_up_to_the_travel_time(
    drawn: tuple[TransportNetwork, gpd.GeoSeries],
) -> None:
    network, places = drawn
    routable = routable_network(network, places, travel=TRANSIT, conditions=UNDER)
    times = travel_time_matrix(routable, 10_800.0)
    everyone = np.arange(len(places))
    ends = (everyone, everyone)
    for trip in trips(network, routable, TRANSIT, limit=10_800.0, ends=ends):
        secs = times[trip.origin, trip.destination]
        assert bool(trip.legs) == np.isfinite(secs)
        if trip.legs:
            assert sum(leg.secs for leg in trip.legs) == pytest.approx(secs, abs=1e-6)
            assert all(leg.secs >= 0 for leg in trip.legs)
            assert (trip.legs[0].start, trip.legs[-1].end) == (trip.origin, trip.destination)
