"""Travel times and accessibility over the departures of a window."""

from __future__ import annotations

from dataclasses import replace

import geopandas as gpd
import numpy as np
import pytest
from easy_values import conditions, easy
from hypothesis import given
from hypothesis_settings import examples
from random_timetables import START, random_timetables

from analysis.graph.routable_network import routable_network
from analysis.graph.travel import Travel
from analysis.measures import Measure
from analysis.routing.router import times_between
from analysis.timetable.departure_window import DepartureWindow, Windows
from analysis.windows.accessibility import window_accessibility
from analysis.windows.travel_times import window_times
from geo.faults import BadInputError
from layers.network import TransportNetwork

UNDER = conditions(easy(max_trip_secs=7_200.0))
TRANSIT = Travel("transit")


def under(*, minutes: int = 30, arrive_by: bool = False) -> object:
    """Conditions with a window."""
    window = DepartureWindow(START, START + 60 * minutes, arrive_by=arrive_by)
    return replace(UNDER, windows=Windows(window))


def one_by_one(
    network: TransportNetwork, places: gpd.GeoSeries, window: DepartureWindow
) -> np.ndarray:
    """Seconds of each moment of a window, asked alone: moments x origins x destinations."""
    found = []
    for moment in window.times.tolist():
        alone = replace(window, start_secs=moment, end_secs=moment)
        asked = replace(UNDER, windows=Windows(alone))
        routable = routable_network(network, places, travel=TRANSIT, conditions=asked)
        found.append(times_between(routable.linked, limit=7_200.0))
    return np.array(found)


@pytest.mark.parametrize("arrive_by", [False, True])
def test_figures_of_a_window_are_those_of_its_moments(*, arrive_by: bool) -> None:
    @given(random_timetables())
    @examples(8)
    def check(world: tuple[TransportNetwork, gpd.GeoSeries]) -> None:
        network, places = world
        asked = under(minutes=12, arrive_by=arrive_by)
        found = window_times(network, places, travel=TRANSIT, conditions=asked, percentiles=[50, 5])
        secs = one_by_one(network, places, asked.windows.peak)
        at = places.index
        assert len(found.table) + len(found.missing) == len(places) * (len(places) - 1)
        for row in found.table.itertuples():
            each = secs[:, at.get_loc(row.from_id), at.get_loc(row.to_id)]
            arrives = each[np.isfinite(each)]
            assert row.best_secs == arrives.min()
            assert row.mean_secs == pytest.approx(arrives.mean())
            assert row.share_reached == len(arrives) / len(each)
            ranked = np.percentile(np.where(np.isfinite(each), each, 1e9), 50, method="hazen")
            assert (row.p50_secs == pytest.approx(ranked)) or (
                np.isnan(row.p50_secs) and ranked > 1e8
            )

    check()


@given(random_timetables())
@examples(8)
def test_accessibility_at_each_departure(world: tuple[TransportNetwork, gpd.GeoSeries]) -> None:
    network, places = world
    asked = under(minutes=12)
    zones = gpd.GeoDataFrame(
        {"zone_id": list(places.index), "people": [1.0, 2.0, 4.0]},
        geometry=places.to_numpy(),
        crs=places.crs,
    )
    measure = Measure("people_2700", "cumulative", "people", 2_700.0)
    found = window_accessibility(
        network,
        zones,
        travel=TRANSIT,
        conditions=asked,
        measures=[measure],
        percentiles=[5, 50, 95],
    )
    secs = one_by_one(network, places, asked.windows.peak)
    reached = ((secs <= 2_700.0) * zones["people"].to_numpy()).sum(axis=2)
    expected = np.percentile(reached, [5, 50, 95], axis=0, method="hazen").T
    np.testing.assert_allclose(found.to_numpy(), expected)
    assert list(found) == ["people_2700_p5", "people_2700_p50", "people_2700_p95"]


def test_without_a_timetable_there_are_no_departures() -> None:
    @given(random_timetables())
    @examples(1)
    def check(world: tuple[TransportNetwork, gpd.GeoSeries]) -> None:
        network, places = world
        bare = TransportNetwork(network.roads, network.stops, network.routes)
        with pytest.raises(BadInputError, match="timetable"):
            window_times(bare, places, travel=TRANSIT, conditions=UNDER)

    check()


@pytest.mark.parametrize("wrong", [[], [101], ["5"], [-1, 50]])
def test_percentiles_are_numbers_up_to_100(wrong: list) -> None:
    @given(random_timetables())
    @examples(1)
    def check(world: tuple[TransportNetwork, gpd.GeoSeries]) -> None:
        with pytest.raises(BadInputError, match="percentiles"):
            window_times(*world, travel=TRANSIT, conditions=UNDER, percentiles=wrong)

    check()
