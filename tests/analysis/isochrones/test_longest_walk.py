"""Isochrones by timetable keep a longest walk, as times do."""

from __future__ import annotations

from dataclasses import replace

import geopandas as gpd
import numpy as np
import pytest
import shapely
from ascii_worlds import world
from easy_values import conditions, easy
from hypothesis import assume, given
from hypothesis import strategies as st
from hypothesis_settings import examples
from network_parts import route
from random_timetables import random_timetables
from regular_buses import with_buses

from analysis.graph.conditions import Conditions
from analysis.graph.network_edge import touches_edge
from analysis.graph.routable_network import routable_network
from analysis.graph.travel import Travel
from analysis.isochrones import isochrones, isochrones_on
from analysis.routing.router import times_between
from analysis.surface.reach import reach_from
from analysis.surface.reached_streets import reached_streets
from analysis.surface.time_grid import time_grid
from analysis.timetable.departure_window import DepartureWindow, Windows
from layers.network import TransportNetwork

WORLD = world("A---B---C---D---E")  # 1 km each
LINE = with_buses(WORLD.network(route("bus", "AD", 300)), "bus")
TRANSIT = Travel("transit")
START = 25_200


def under(window: DepartureWindow, limit_secs: float = 10_800.0) -> Conditions:
    """Easy values and a window."""
    fine = easy(max_trip_secs=limit_secs, surface_cell_m=20.0, max_offroad_m=20.0)
    return replace(conditions(fine), windows=Windows(window))


def streets_between(network: TransportNetwork, most: float | None) -> float:
    """Metres of streets that one is on within 50 minutes from A, where a bus is just leaving."""
    window = DepartureWindow(START, START, max_walk_secs=most)
    found = isochrones(
        network, WORLD.at("A"), travel=TRANSIT, conditions=under(window), cutoffs_secs=[3_000]
    )
    return float(shapely.length(shapely.union_all(found.streets.geometry.to_numpy())))


@pytest.mark.parametrize(
    ("most", "metres"), [(None, 4_000), (400.0, 1_200), (1_200.0, 3_600 - 200)]
)
def test_streets_end_where_the_longest_walk_does(most: float | None, metres: float) -> None:
    """At D after 300 s, then on foot both ways; from A one way; walks meet with 1,500 s."""
    assert streets_between(LINE, most) == pytest.approx(metres, abs=1)


def test_the_area_ends_there_too() -> None:
    window = DepartureWindow(START, START, max_walk_secs=400.0)
    areas = isochrones(
        LINE, WORLD.at("A"), travel=TRANSIT, conditions=under(window), cutoffs_secs=[3_000]
    ).areas
    west, _, east, _ = areas.total_bounds
    d = WORLD.at("D").iloc[0]
    assert west == pytest.approx(WORLD.at("A").iloc[0].x - 20, abs=21)
    assert east == pytest.approx(d.x + 400, abs=45)
    assert areas.geometry.iloc[0].intersects(d)
    assert not areas.geometry.iloc[0].intersects(WORLD.at("B").iloc[0])


@pytest.mark.parametrize("most", [1.0, 150.0, 400.0])
def test_neither_areas_nor_grids_go_farther_off_the_streets(most: float) -> None:
    """With all the time there is and open ground a kilometre around: discs about A and D."""
    wide = easy(max_trip_secs=10_800.0, surface_cell_m=20.0, max_offroad_m=1_000.0)
    windows = Windows(DepartureWindow(START, START, max_walk_secs=most))
    asked = replace(conditions(wide), windows=windows)
    routable = routable_network(LINE, WORLD.at("A"), travel=TRANSIT, conditions=asked)
    discs = shapely.union_all(WORLD.at("AD").buffer(most).to_numpy())
    found = isochrones_on(routable, "A", cutoffs_secs=[3_000]).areas.geometry.iloc[0]
    assert discs.buffer(45).covers(found)
    assert found.buffer(45).covers(discs)
    grid = time_grid(routable, "A", limit_secs=3_000.0)
    cells = np.isfinite(grid.secs).sum() * grid.cell_m**2
    assert cells == pytest.approx(discs.area, rel=0.05, abs=5 * grid.cell_m**2)


def test_the_edge_of_the_network_is_not_seen_beyond_the_longest_walk() -> None:
    """E is the edge: 1 km from the last stop."""
    seen = []
    for most in (None, 900.0, 1_100.0):
        window = DepartureWindow(START, START, max_walk_secs=most)
        asked = routable_network(LINE, WORLD.at("B"), travel=TRANSIT, conditions=under(window))
        seen.append(bool(touches_edge(asked, limit_secs=6_000.0, edge_m=10.0)[0]))
    assert seen == [True, False, True]


@examples(40)
@given(
    random_timetables(headway_lines=True),
    st.sampled_from([None, 0.0, 300.0, 1_500.0]),
    st.booleans(),
    st.sampled_from([None, 1, 2]),
)
def test_street_ends_have_the_times_of_points_there(
    drawn: tuple[TransportNetwork, gpd.GeoSeries],
    most: float | None,
    planned: bool,  # noqa: FBT001
    rides: int | None,
) -> None:
    """Places on the nodes of the network: one may not walk farther to a street's end than to it.

    Times between points are in whole seconds for each of up to three walks.
    """
    network, _ = drawn
    nodes = network.roads.nodes.geometry
    places = gpd.GeoSeries(nodes.to_numpy(), index=[f"p{n}" for n in nodes.index], crs=nodes.crs)
    window = DepartureWindow(
        START, START + 1_200, planned=planned, max_rides=rides, max_walk_secs=most
    )
    asked = routable_network(network, places, travel=TRANSIT, conditions=under(window))
    assume(len(asked.streets.table))
    times = times_between(asked.linked, limit=7_200.0)[0]
    reach = reach_from(asked, 0, 7_200.0)
    for end, column in (("u", 0), ("v", 1)):
        at = [places.index.get_loc(f"p{node}") for node in asked.streets.table[end]]
        found, points = reach.streets[column], times[at]
        both = np.isfinite(found) & np.isfinite(points)
        np.testing.assert_allclose(found[both], points[both], atol=2.0)
        assert (np.isfinite(found) == np.isfinite(points)).all()
    lengths = [
        reached_streets(reach, asked.streets.table, [c]).length.sum() for c in (600.0, 3_600.0)
    ]
    assert lengths[0] <= lengths[1] + 1e-6
