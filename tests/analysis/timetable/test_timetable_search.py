"""Travel by timetable against rounds over all trips in plain Python."""

from __future__ import annotations

from dataclasses import dataclass

import geopandas as gpd
import numpy as np
import pytest
from easy_values import conditions, easy
from hypothesis import given
from hypothesis import strategies as st
from hypothesis_settings import examples
from random_timetables import START, random_timetables
from timetable_oracle import Changes, earliest

from analysis.graph.routable_network import routable_network
from analysis.graph.travel import Travel
from analysis.routing.linked_points import LinkedPoints
from analysis.routing.router import times_between
from analysis.timetable import search as search_module
from analysis.timetable.departure_window import DepartureWindow
from analysis.timetable.samples import Samples
from analysis.timetable.search import TimetableSearch
from analysis.timetable.service.lines import NEVER
from analysis.timetable.service.phases import phasing_for
from analysis.timetable.service.vehicles import vehicles
from layers.network import TransportNetwork

LIMIT_SECS = 7_200


@dataclass(frozen=True)
class Asked:
    """A search over random worlds, and walks in whole seconds between all points and stops."""

    search: TimetableSearch
    walks: np.ndarray
    points: int

    def secs(self, limit: float = LIMIT_SECS) -> np.ndarray:
        """Seconds from every point to every point: origins x destinations x samples."""
        points = np.arange(self.points)
        shape = (self.points, self.points, self.search.prepared(limit).samples.count)
        found = np.empty(shape, dtype=np.int64)

        def visit(positions: np.ndarray, secs: np.ndarray) -> None:
            found[positions] = secs.transpose(1, 0, 2)

        self.search.visit(visit, limit_secs=limit, origins=points, destinations=points)
        return found


def ask(network: TransportNetwork, places: gpd.GeoSeries, window: DepartureWindow) -> Asked:
    """A search between places, with the walks that it may use."""
    everyone = gpd.GeoSeries([*places, *network.stops.geometry], crs=places.crs)
    under = conditions(easy(max_trip_secs=float(LIMIT_SECS)))
    walkers = routable_network(network, everyone, travel=Travel("walk"), conditions=under).linked
    search = TimetableSearch(network, walkers, period="peak", window=window)
    most = LIMIT_SECS if window.max_walk_secs is None else min(window.max_walk_secs, LIMIT_SECS)
    secs = np.rint(times_between(walkers, limit=most))
    return Asked(search, secs.T if window.arrive_by else secs, len(places))


def brute_force(asked: Asked) -> np.ndarray:
    """The same as `Asked.secs` by the oracle."""
    search, n = asked.search, asked.points
    window, samples = search.window, search.prepared(LIMIT_SECS).samples
    within = (window.start_secs - LIMIT_SECS, window.end_secs + LIMIT_SECS)
    phasing = phasing_for(len(window.times), planned=window.planned)
    runs = vehicles(search.network, period="peak", within=within, phasing=phasing)
    runs = runs.mirrored() if window.arrive_by else runs
    changes = Changes(search.network, asked.walks[n:, n:], mirrored=window.arrive_by)
    found = np.empty((n, n, samples.count), dtype=np.int64)
    for origin in range(n):
        row = asked.walks[origin]
        walks = {"access": row[n:], "egress": asked.walks[n:, :n], "direct": row[:n]}
        for sample, (moment, phase) in enumerate(zip(samples.times, samples.phases, strict=True)):
            arrivals = earliest(
                runs,
                changes,
                walks,
                moment=int(moment),
                phase=int(phase),
                max_rides=window.max_rides or 20,
            )
            secs = arrivals - moment
            found[origin, :, sample] = np.where(secs <= LIMIT_SECS, secs, NEVER)
    return found


@st.composite
def windows(draw: st.DrawFn) -> DepartureWindow:
    """Windows of twenty minutes or of one moment, with and without limits."""
    return DepartureWindow(
        START,
        START + draw(st.sampled_from([0, 1_200])),
        arrive_by=draw(st.booleans()),
        planned=draw(st.booleans()),
        max_rides=draw(st.sampled_from([None, 1, 2, 3])),
        max_walk_secs=draw(st.sampled_from([None, 0.0, 300.0, 1_500.0])),
    )


def check(world: tuple[TransportNetwork, gpd.GeoSeries], window: DepartureWindow) -> None:
    """Assert that every sample of every pair is as by brute force."""
    asked = ask(*world, window)
    np.testing.assert_array_equal(asked.secs(), brute_force(asked))


@examples(10)
@given(random_timetables(), windows())
def test_times_by_timetable_are_those_of_brute_force(
    world: tuple[TransportNetwork, gpd.GeoSeries], window: DepartureWindow
) -> None:
    check(world, window)


@examples(10)
@given(random_timetables(headway_lines=True), windows())
def test_times_beside_headway_lines_are_those_of_brute_force(
    world: tuple[TransportNetwork, gpd.GeoSeries], window: DepartureWindow
) -> None:
    check(world, window)


@pytest.mark.slow
@pytest.mark.parametrize("headway_lines", [False, True])
def test_a_thousand_worlds_are_as_by_brute_force(*, headway_lines: bool) -> None:
    @given(random_timetables(headway_lines=headway_lines), windows())
    @examples(500)
    def every(world: tuple[TransportNetwork, gpd.GeoSeries], window: DepartureWindow) -> None:
        check(world, window)

    every()


@examples(30, quick=10)
@given(world=random_timetables(headway_lines=True), arrive_by=st.booleans())
def test_who_leaves_later_never_arrives_earlier(
    *, world: tuple[TransportNetwork, gpd.GeoSeries], arrive_by: bool
) -> None:
    asked = ask(*world, DepartureWindow(START, START + 1_800, arrive_by=arrive_by))
    samples = asked.search.prepared(LIMIT_SECS).samples
    arrivals = np.where(asked.secs() < NEVER, asked.secs() + samples.times, NEVER * 10)
    for phase in np.unique(samples.phases):
        assert (np.diff(arrivals[:, :, samples.phases == phase], axis=2) >= 0).all()


@examples(30, quick=10)
@given(random_timetables(), st.data())
def test_a_trip_more_lengthens_no_time(
    world: tuple[TransportNetwork, gpd.GeoSeries], data: st.DataObject
) -> None:
    network, places = world
    kept = {data.draw(st.sampled_from([route.route_id for route in network.routes]))}
    fewer = TransportNetwork(
        network.roads,
        network.stops,
        tuple(route for route in network.routes if route.route_id in kept),
        network.timetable,
    )
    window = DepartureWindow(START, START + 600)
    assert (ask(network, places, window).secs() <= ask(fewer, places, window).secs()).all()


@examples(20, quick=6)
@given(random_timetables(headway_lines=True), windows())
def test_threads_and_groups_of_origins_change_nothing(
    world: tuple[TransportNetwork, gpd.GeoSeries], window: DepartureWindow
) -> None:
    asked = ask(*world, window)
    wanted = asked.secs()
    for threads, group in ((1, 1), (2, 1), (3, 2)):
        with pytest.MonkeyPatch.context() as patch:
            patch.setattr(search_module, "threads", lambda count=threads: count)
            patch.setattr(Samples, "group", group)
            np.testing.assert_array_equal(asked.secs(), wanted)
            np.testing.assert_array_equal(ask(*world, window).secs(), wanted)


@examples(20, quick=6)
@given(random_timetables(headway_lines=True), windows())
def test_walks_there_and_back_are_the_same_walks(
    world: tuple[TransportNetwork, gpd.GeoSeries], window: DepartureWindow
) -> None:
    """Where walkers may go both ways everywhere, walks to stops stand for walks from there."""
    wanted = ask(*world, window).secs()
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(LinkedPoints, "is_symmetric", False)
        np.testing.assert_array_equal(ask(*world, window).secs(), wanted)


@examples(10)
@given(random_timetables())
def test_a_window_in_parts_is_the_window(world: tuple[TransportNetwork, gpd.GeoSeries]) -> None:
    long = DepartureWindow(START - 18_000, START + 18_000)
    asked = ask(*world, long)
    whole, ready = asked.secs(21_600), asked.search.prepared(21_600)
    assert len(ready.services) > 1
    for sample in range(0, len(long.times), 97):
        moment = int(long.times[sample])
        alone = ask(*world, DepartureWindow(moment, moment)).secs(21_600)
        np.testing.assert_array_equal(alone[:, :, 0], whole[:, :, sample])
