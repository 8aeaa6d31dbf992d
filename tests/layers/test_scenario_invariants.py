"""Whatever the projects: those that only add make no trip longer, and their order is nothing.

The model are Conveyal R5's `ScenarioInvariantTests`.
"""

from __future__ import annotations

from itertools import pairwise

import geopandas as gpd
import numpy as np
import pytest
from coordinates import CRS, point
from easy_values import conditions, easy
from hypothesis import assume, given
from hypothesis_settings import examples
from network_parts import project, route
from planned_projects import SNAP_M, Planned, network_with, random_plans
from travel_times_between import times

from analysis.accessibility import cumulative_opportunities, gravity
from analysis.graph.travel import MODES, Mode
from analysis.routing.arcs import STEP_SECS
from layers.network import TransportNetwork

UNDER = conditions(easy(snap_limit_m=500.0, max_direct_walk_m=400.0, detour=1.3))
each_mode = pytest.mark.parametrize("mode", MODES)


def secs_of(network: TransportNetwork, places: gpd.GeoSeries, mode: Mode) -> np.ndarray:
    return times(network, places, mode=mode, under=UNDER).to_numpy()


def longest_loss(without: np.ndarray, with_it: np.ndarray) -> float:
    """By how much a trip is longer with than without; a trip that is gone counts infinite."""
    had = np.isfinite(without)
    return float(np.max(with_it[had] - without[had]))


@each_mode
@examples(25, quick=8)
@given(random_plans())
def test_a_project_that_only_adds_makes_no_trip_longer(mode: Mode, plan: Planned) -> None:
    """Nor does it lower what anybody reaches; neither the first project nor the second."""
    baseline, places, (one, other) = plan
    networks = [baseline, network_with(baseline, one), network_with(baseline, one, other)]
    secs = [secs_of(network, places, mode) for network in networks]
    jobs = np.array([1.0, 2.0, 4.0])
    for without, with_it in pairwise(secs):
        assert longest_loss(without, with_it) <= STEP_SECS / 2
        for cutoff in (300.0, 900.0, 2_700.0):
            reached = cumulative_opportunities(with_it, jobs, cutoff + STEP_SECS / 2)
            assert (reached >= cumulative_opportunities(without, jobs, cutoff)).all()
        assert (gravity(with_it, jobs, 600.0) >= gravity(without, jobs, 600.0) - STEP_SECS).all()


@each_mode
@examples(25, quick=8)
@given(random_plans())
def test_the_order_of_independent_projects_changes_no_time(mode: Mode, plan: Planned) -> None:
    """Independent: neither has an end near the other."""
    baseline, places, (one, other) = plan
    if len(one.roads) and len(other.roads):
        assume(one.roads.union_all().distance(other.roads.union_all()) > SNAP_M)
    here, there = network_with(baseline, one, other), network_with(baseline, other, one)
    first, second = secs_of(here, places, mode), secs_of(there, places, mode)
    assert (np.isinf(first) == np.isinf(second)).all()
    had = np.isfinite(first)
    assert np.abs(first[had] - second[had]).max() <= 1e-9


@each_mode
@examples(25, quick=8)
@given(random_plans())
def test_an_unrelated_project_changes_nothing(mode: Mode, plan: Planned) -> None:
    """A bus line in another city."""
    baseline, places, _ = plan
    far = gpd.GeoSeries({"x": point(80_000, 0), "y": point(81_000, 0)}, crs=CRS)
    away = project("away", routes=[route("away", "xy")], stops_at=far)
    with_it = secs_of(network_with(baseline, away), places, mode)
    assert (with_it == secs_of(baseline, places, mode)).all()
