"""Itineraries against the travel times that they explain."""

from __future__ import annotations

from dataclasses import replace

import geopandas as gpd
import numpy as np
import pytest
from easy_values import conditions, easy
from hypothesis import given
from hypothesis_settings import examples
from random_timetables import START, random_timetables

from analysis.graph.travel import Travel
from analysis.timetable.departure_window import DepartureWindow, Windows
from analysis.windows.itinerary import itinerary
from analysis.windows.travel_times import window_times
from layers.network import TransportNetwork

TRANSIT = Travel("transit")


@pytest.mark.parametrize("arrive_by", [False, True])
@pytest.mark.parametrize("headway_lines", [False, True])
def test_legs_add_up_to_the_best_time(*, arrive_by: bool, headway_lines: bool) -> None:
    window = DepartureWindow(START, START + 900, arrive_by=arrive_by)
    under = replace(conditions(easy(max_trip_secs=7_200.0)), windows=Windows(window))
    rides = 0

    @given(random_timetables(headway_lines=headway_lines))
    @examples(20)
    def check(world: tuple[TransportNetwork, gpd.GeoSeries]) -> None:
        nonlocal rides
        network, _ = world
        # at stops, so that vehicles are of use
        two = network.stops.geometry.iloc[:2].rename({"a": "here", "b": "there"})
        found = window_times(network, two, travel=TRANSIT, conditions=under)
        legs = itinerary(network, two, travel=TRANSIT, conditions=under)
        there = found.table[found.table["from_id"] == two.index[0]]
        assert len(legs) == 0 if there.empty else legs["secs"].sum() == there["best_secs"].item()
        assert (legs["secs"] > 0).all()
        np.testing.assert_array_equal(legs["arrive_secs"].iloc[:-1], legs["depart_secs"].iloc[1:])
        rides += int((legs["kind"] == "ride").sum())

    check()
    assert rides > 0
