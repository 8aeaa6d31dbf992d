"""Prepared services that are kept between runs give the same travel times."""

from __future__ import annotations

import tempfile
from dataclasses import replace
from pathlib import Path

import geopandas as gpd
import numpy as np
import pytest
from ascii_worlds import world
from easy_values import conditions, easy
from hypothesis import given
from hypothesis import strategies as st
from hypothesis_settings import examples
from network_parts import route
from random_timetables import START, random_timetables, timetable_of

from analysis.graph.routable_network import routable_network
from analysis.graph.travel import Travel
from analysis.routing.linked_points import LinkedPoints
from analysis.timetable import preparing
from analysis.timetable.departure_window import DepartureWindow
from analysis.timetable.prepared import PreparedNetworks
from analysis.timetable.search import TimetableSearch
from analysis.timetable.service.scoped import ScopedService
from layers.network import TransportNetwork

LIMIT_SECS = 7_200
UNDER = conditions(easy(max_trip_secs=float(LIMIT_SECS)))
MOMENT = DepartureWindow(START, START)


def linked(network: TransportNetwork, places: gpd.GeoSeries) -> LinkedPoints:
    everyone = gpd.GeoSeries([*places, *network.stops.geometry], crs=places.crs)
    return routable_network(network, everyone, travel=Travel("walk"), conditions=UNDER).linked


def secs(
    network: TransportNetwork,
    places: gpd.GeoSeries,
    window: DepartureWindow,
    folder: Path | None = None,
) -> np.ndarray:
    """Seconds between all places, a search of its own that may read a store."""
    kept, walkers = PreparedNetworks(folder), linked(network, places)
    search = TimetableSearch(network, walkers, period="peak", window=window, kept=kept)
    points = np.arange(len(places))
    found = np.empty((len(points), len(points), search.prepared(LIMIT_SECS).samples.count))

    def visit(positions: np.ndarray, times: np.ndarray) -> None:
        found[positions] = times.transpose(1, 0, 2)

    search.visit(visit, limit_secs=LIMIT_SECS, origins=points, destinations=points)
    return found


def stored(folder: Path) -> list[Path]:
    return sorted(folder.glob("services-*.npz"))


@examples(30, quick=8)
@given(
    city=random_timetables(headway_lines=True),
    minutes=st.sampled_from([0, 20]),
    arrive_by=st.booleans(),
    most=st.sampled_from([None, 300.0]),
)
def test_a_search_with_stored_services_finds_the_same(
    *,
    city: tuple[TransportNetwork, gpd.GeoSeries],
    minutes: int,
    arrive_by: bool,
    most: float | None,
) -> None:
    window = DepartureWindow(START, START + 60 * minutes, arrive_by=arrive_by, max_walk_secs=most)
    with tempfile.TemporaryDirectory() as name, pytest.MonkeyPatch.context() as patch:
        folder = Path(name)
        wanted = secs(*city, window)
        np.testing.assert_array_equal(secs(*city, window, folder), wanted)
        assert len(stored(folder)) == 1
        patch.setattr(preparing.Preparation, "_services", prepared_again)
        np.testing.assert_array_equal(secs(*city, window, folder), wanted)


def prepared_again(*_: object) -> list[ScopedService]:
    pytest.fail("the services were prepared again")


@examples(20, quick=6)
@given(random_timetables(headway_lines=True), st.data())
def test_what_differs_is_prepared_anew(
    city: tuple[TransportNetwork, gpd.GeoSeries], data: st.DataObject
) -> None:
    """A store of one network and window never answers for another."""
    network, places = city
    route = data.draw(st.sampled_from(network.routes))
    others = tuple(other for other in network.routes if other is not route)
    calls = network.timetable.calls
    late = replace(network.timetable, calls=calls.assign(pickup=~calls["pickup"]))
    slower = tuple(
        replace(line, headway_peak_secs=line.headway_peak_secs + 60) for line in network.routes
    )
    networks = [
        network,
        replace(network, routes=others),
        replace(network, routes=slower),
        replace(network, timetable=late),
    ]
    windows = [MOMENT, DepartureWindow(START + 60, START + 60), replace(MOMENT, arrive_by=True)]
    with tempfile.TemporaryDirectory() as name:
        for window in windows:
            for asked in networks:
                found = secs(asked, places, window, Path(name))
                np.testing.assert_array_equal(found, secs(asked, places, window))


def test_walks_between_stops_are_part_of_the_key(tmp_path: Path) -> None:
    """From A to B, on foot to C, on to D: the vehicle is caught only where C is near."""
    streets = world("""
    A---B---C---D
    """)  # 1 km each
    lines = [route(stops, stops, 100, bidirectional=False) for stops in ("AB", "CD")]
    trips = [("t0", "AB", "", -1, 0, 0, 0), *((f"t{n}", "CD", "", -1, 0, 0, 0) for n in (1, 2))]
    starts = enumerate([(START, "AB"), (START + 700, "CD"), (START + 3_000, "CD")])
    calls = [
        (trip, stop, leaves + 100 * place, leaves + 100 * place, True, True)
        for trip, (leaves, stops) in starts
        for place, stop in enumerate(stops)
    ]
    far = replace(streets.network(*lines), timetable=timetable_of(trips, calls, []))
    at = far.stops.geometry.copy()
    at["C"] = at["B"]
    near = replace(far, stops=far.stops.set_geometry(at))
    for asked, wanted in ((far, 2_100), (near, 800), (far, 2_100)):
        assert secs(asked, streets.at("AD"), MOMENT, tmp_path)[0, 1, 0] == wanted


@examples(5, quick=3)
@given(random_timetables())
def test_rides_percentile_and_places_need_no_new_services(
    city: tuple[TransportNetwork, gpd.GeoSeries],
) -> None:
    network, places = city
    with tempfile.TemporaryDirectory() as name:
        secs(network, places, MOMENT, Path(name))
        secs(network, places, replace(MOMENT, max_rides=1, percentile=95.0), Path(name))
        secs(network, places.iloc[:1], MOMENT, Path(name))
        assert len(stored(Path(name))) == 1


@examples(5, quick=2)
@given(random_timetables())
def test_a_damaged_store_is_replaced(city: tuple[TransportNetwork, gpd.GeoSeries]) -> None:
    wanted = secs(*city, MOMENT)
    with tempfile.TemporaryDirectory() as name:
        folder = Path(name)
        secs(*city, MOMENT, folder)
        (file,) = stored(folder)
        whole = file.read_bytes()
        for damaged in (b"", whole[:300], whole[:-200], b"x" * len(whole)):
            file.write_bytes(damaged)
            np.testing.assert_array_equal(secs(*city, MOMENT, folder), wanted)
            assert file.read_bytes() == whole
        assert [path.name for path in folder.iterdir()] == [file.name]
