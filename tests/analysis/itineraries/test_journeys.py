"""Journeys against the travel times that they explain, on random worlds; choices among equals."""

from __future__ import annotations

from itertools import pairwise

import geopandas as gpd
import numpy as np
import pytest
from easy_values import conditions, easy
from hypothesis import given
from hypothesis import strategies as st
from hypothesis_settings import examples
from random_timetables import START, random_timetables

from analysis.graph.routable_network import RoutableNetwork, routable_network
from analysis.graph.travel import Travel
from analysis.itineraries.by_timetable import TimetableLegs
from analysis.itineraries.legs import RIDE, Leg
from analysis.timetable.departure_window import DepartureWindow
from analysis.timetable.journeys import Journey, Journeys
from analysis.timetable.search import TimetableSearch
from analysis.timetable.service.lines import NEVER
from analysis.timetable.service.vehicles import Vehicles
from layers.network import TransportNetwork

LIMIT_SECS = 7_200
UNDER = conditions(easy(max_trip_secs=float(LIMIT_SECS)))


@st.composite
def windows(draw: st.DrawFn) -> DepartureWindow:
    """Windows of ten minutes or of one moment, with and without limits."""
    return DepartureWindow(
        START,
        START + draw(st.sampled_from([0, 600])),
        arrive_by=draw(st.booleans()),
        max_rides=draw(st.sampled_from([None, 1, 2, 3])),
        max_walk_secs=draw(st.sampled_from([None, 0.0, 300.0, 1_500.0])),
    )


def walked(network: TransportNetwork, places: gpd.GeoSeries) -> RoutableNetwork:
    everyone = gpd.GeoSeries([*places, *network.stops.geometry], crs=places.crs)
    return routable_network(network, everyone, travel=Travel("walk"), conditions=UNDER)


def check_rides(journey: Journey, vehicles: Vehicles, *, arrive_by: bool) -> None:
    """Assert that one boards and alights where one may, in time, and stays where trips go on."""
    calls, trips = vehicles.calls, vehicles.trips
    stays = set(map(tuple, vehicles.stays.tolist()))
    now = journey.leave_secs
    for walk, ride in zip(journey.walks, journey.rides, strict=False):
        now += walk
        first, last = ride[0], ride[-1]
        assert calls.pickup[first.first]
        assert calls.drop_off[last.last]
        assert now <= calls.depart[first.first] - trips.board_secs[first.trip]
        for one, other in pairwise(ride):
            assert (one.trip, other.trip) in stays
        for part in ride:
            assert (calls.trip[part.first : part.last + 1] == part.trip).all()
            assert part.first < part.last
        now = int(calls.arrive[last.last] + trips.leave_secs[last.trip])
    now += journey.walks[-1]
    end = journey.leave_secs + journey.secs
    assert now <= end if arrive_by else now == end


def check_legs(legs: list[Leg], journey: Journey, ends: tuple[int, int]) -> None:
    """Assert that legs follow one another from end to end and add up."""
    assert (legs[0].start, legs[-1].end) == ends
    assert sum(leg.secs for leg in legs) == journey.secs
    assert legs[0].depart_secs == journey.leave_secs
    for leg, following in pairwise(legs):
        assert leg.depart_secs + leg.secs == following.depart_secs
        assert leg.end == following.start
    assert all(leg.secs > 0 or leg.start != leg.end or len(legs) == 1 for leg in legs)
    assert sum(leg.kind == RIDE for leg in legs) == len(journey.rides)


@pytest.mark.parametrize("headway_lines", [False, True])
def test_each_sample_has_a_journey_of_exactly_its_time(*, headway_lines: bool) -> None:
    rides = 0

    @given(random_timetables(headway_lines=headway_lines), windows())
    @examples(25)
    def check(world: tuple[TransportNetwork, gpd.GeoSeries], window: DepartureWindow) -> None:
        nonlocal rides
        network, places = world
        # two stops too, so that vehicles are of use
        points = gpd.GeoSeries([*places[:2], *network.stops.geometry[:2]], crs=places.crs)
        linked = walked(network, points).linked
        search = TimetableSearch(network, linked, period="peak", window=window)
        everyone = np.arange(len(points))
        times = {}
        search.visit(
            lambda at, secs: times.update({int(p): secs[:, k].copy() for k, p in enumerate(at)}),
            limit_secs=LIMIT_SECS,
            origins=everyone,
            destinations=everyone,
        )
        found = Journeys(search, LIMIT_SECS, origins=everyone, destinations=everyone)
        told = TimetableLegs(network, found.vehicles, len(points))
        samples = range(search.prepared(LIMIT_SECS).samples.count)
        for start, end, sample in np.ndindex(len(points), len(points), len(samples)):
            journey = found.journey(start, end, sample)
            assert (NEVER if journey is None else journey.secs) == times[start][end, sample]
            if journey is not None:
                check_rides(journey, found.vehicles, arrive_by=window.arrive_by)
                ends = (end, start) if window.arrive_by else (start, end)
                check_legs(told.legs(journey, *ends), journey, ends)
                assert window.max_rides is None or len(journey.rides) <= window.max_rides
                rides += len(journey.rides)

    check()
    assert rides > 0


@given(random_timetables())
@examples(25)
def test_of_equally_early_arrivals_the_latest_departure_counts(
    world: tuple[TransportNetwork, gpd.GeoSeries],
) -> None:
    """Whoever leaves as late as the first vehicle allows still arrives at the same moment."""
    network, _ = world
    points = gpd.GeoSeries([*network.stops.geometry[:2]], crs=network.crs)
    linked, both = walked(network, points).linked, np.arange(2)

    def journey(moment: int) -> Journey | None:
        search = TimetableSearch(
            network, linked, period="peak", window=DepartureWindow(moment, moment)
        )
        return Journeys(search, LIMIT_SECS, origins=both, destinations=both).journey(0, 1, 0)

    told = journey(START)
    if told is None or not told.rides:
        return
    vehicles = TimetableSearch(
        network, linked, period="peak", window=DepartureWindow(START, START)
    ).prepared(LIMIT_SECS)
    leaves = int(vehicles.vehicles.calls.depart[told.rides[0][0].first]) - told.walks[0]
    later = journey(leaves)
    assert later is not None
    assert later.leave_secs + later.secs == told.leave_secs + told.secs
    latest = journey(leaves + 1)
    assert latest is None or latest.leave_secs + latest.secs > told.leave_secs + told.secs
