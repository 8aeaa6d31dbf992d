"""What must not change, and what may only get better.

The model are R5's `ScenarioInvariantTests`: the empty scenario is the baseline, an unrelated
change changes nothing, and what only adds makes no trip longer. Here they hold for both ways of
searching, in every mode and band, with one node order for baseline and scenario, as a study has
it. (`test_scenario_invariants` holds them for scenarios, `test_travel_times` against an oracle.)

A split street is rounded in two parts: half a unit an arc. (`test_engine_invariants` holds the same
for bare graphs.)
"""

from __future__ import annotations

from dataclasses import replace
from itertools import pairwise
from random import Random

import geopandas as gpd
import numpy as np
import pandas as pd
import pytest
from ascii_worlds import STREET, roads_of
from coordinates import CRS, point
from engine_answers import SumRequest
from hypothesis import assume, given
from hypothesis import strategies as st
from hypothesis_settings import examples
from network_parts import project, route, stops
from planned_projects import Planned, applied, network_with, random_plans
from random_roads import split_street
from random_worlds import TRAVELS, random_worlds
from travel_time_oracle import UNDER

from analysis.graph.conditions import Conditions
from analysis.graph.routable_network import routable_network
from analysis.graph.travel import MODES, Travel
from analysis.routing.arcs import STEP_SECS
from analysis.routing.hierarchy.cache import Hierarchies
from layers.network import TransportNetwork
from layers.roads import RoadNetwork, road_network, streets
from layers.transit import TransitRoute

Drawn = tuple[TransportNetwork, gpd.GeoSeries]
EACH_TRAVEL = st.sampled_from(TRAVELS)


def secs_of(
    network: TransportNetwork,
    places: gpd.GeoSeries,
    travel: Travel,
    *,
    shared: Hierarchies | None = None,
) -> np.ndarray:
    """Seconds between all places, by both ways of searching; infinite where there is no way."""
    under = Conditions(UNDER.volumes, UNDER.assumptions, shared or Hierarchies())
    linked = routable_network(network, places, travel=travel, conditions=under).linked
    points, scale = np.arange(len(places)), linked.graph.scale
    limit = int(scale.cutoff(scale.longest))
    found = SumRequest(linked, limit, np.resize(points, 66), points).both_ways()
    return scale.secs(found[: len(points)])


@examples(5)
@given(random_plans(), EACH_TRAVEL)
def test_the_empty_scenario_is_the_baseline(plan: Planned, travel: Travel) -> None:
    """Also if the node order was made for a scenario that has more."""
    baseline, places, projects = plan
    shared = Hierarchies()
    secs_of(network_with(baseline, *projects), places, travel, shared=shared)
    empty = applied(baseline).network
    wanted = secs_of(baseline, places, travel)
    np.testing.assert_array_equal(secs_of(empty, places, travel), wanted)
    np.testing.assert_array_equal(secs_of(empty, places, travel, shared=shared), wanted)


@examples(5)
@given(random_plans(), EACH_TRAVEL)
def test_an_unrelated_change_changes_nothing(plan: Planned, travel: Travel) -> None:
    """A bus line in another city, which comes with its streets."""
    baseline, places, _ = plan
    far = gpd.GeoSeries({"x": point(80_000, 0), "y": point(81_000, 0)}, crs=CRS)
    line = route("away", "xy", through_routes=("bus",))
    away = project("away", routes=[line], stops_at=far)
    wanted = secs_of(baseline, places, travel)
    with_line = network_with(baseline, away)
    np.testing.assert_array_equal(secs_of(with_line, places, travel), wanted)
    own = {**STREET, "u": "x", "v": "y", "osmid": "xy", "name": "xy"}
    there = roads_of(dict(far.items()), [{**own, "geometry": shapely_line(far)}])
    roads = RoadNetwork(
        pd.concat([there.nodes, baseline.roads.nodes]),
        pd.concat([there.edges, baseline.roads.edges]),
    )
    with_streets = replace(with_line, roads=roads)
    np.testing.assert_array_equal(secs_of(with_streets, places, travel), wanted)


def shapely_line(places: gpd.GeoSeries) -> object:
    """From the first to the last."""
    return places.union_all().convex_hull


def check_improvements(plan: Planned, travel: Travel) -> None:
    baseline, places, (one, other) = plan
    networks = [baseline, network_with(baseline, one), network_with(baseline, one, other)]
    shared = Hierarchies()
    secs = [secs_of(network, places, travel, shared=shared) for network in networks]
    for without, with_it in pairwise(secs):
        assert (with_it <= without + STEP_SECS).all()
    np.testing.assert_array_equal(secs_of(networks[-1], places, travel), secs[-1])


@examples(7)
@given(random_plans(), EACH_TRAVEL)
def test_improvements_only_improve(plan: Planned, travel: Travel) -> None:
    """Neither the first project nor the second makes a trip longer by more than a millisecond.

    One node order serves all three; the times are those of an order of one's own, to the bit.
    """
    check_improvements(plan, travel)


@pytest.mark.slow
@examples(200)
@given(random_plans(), EACH_TRAVEL)
def test_two_hundred_improvements(plan: Planned, travel: Travel) -> None:
    check_improvements(plan, travel)


def quicker(item: TransitRoute) -> TransitRoute:
    """Half as long and twice as often."""
    return replace(
        item,
        hop_secs=tuple(secs / 2 for secs in item.hop_secs),
        headway_peak_secs=item.headway_peak_secs / 2,
        headway_offpeak_secs=item.headway_offpeak_secs / 2,
    )


@examples(5)
@given(random_worlds(), EACH_TRAVEL, st.integers(0, 9))
def test_a_quicker_street_or_line_only_improves(drawn: Drawn, travel: Travel, which: int) -> None:
    """Less time along it, or less time until the next comes: costs change, and no arcs."""
    network, places = drawn
    table = streets(network.roads)
    shorter = table.assign(length=table["length"].where(table.index != which % len(table), 1.0))
    roads = road_network(network.roads.nodes, shorter)
    chosen = which % len(network.routes)
    routes = tuple(quicker(item) if k == chosen else item for k, item in enumerate(network.routes))
    before, shared = secs_of(network, places, travel), Hierarchies()
    for better in (replace(network, roads=roads), replace(network, routes=routes)):
        # tunnels of less than 300 m open to walkers: that may move where a point joins
        assume(travel.mode == "drive" or not table["tunnel"].iloc[which % len(table)])
        found = secs_of(better, places, travel, shared=shared)
        assert (found <= before + STEP_SECS).all()


@examples(5)
@given(random_worlds(), EACH_TRAVEL, st.randoms(use_true_random=False))
def test_names_and_order_change_nothing(drawn: Drawn, travel: Travel, random: Random) -> None:
    """Of nodes, streets, stops, routes; to the bit."""
    network, places = drawn
    old = list(network.roads.nodes.index)
    new = dict(zip(old, random.sample([f"m{k}" for k in range(len(old))], len(old)), strict=True))
    table = streets(network.roads)
    order = random.sample(range(len(table)), len(table))
    table = table.iloc[order].assign(u=table["u"].map(new), v=table["v"].map(new))
    nodes = network.roads.nodes.rename(index=new).sort_index()
    other = TransportNetwork(
        road_network(nodes, table.reset_index(drop=True)),
        network.stops.loc[random.sample(list(network.stops.index), len(network.stops))],
        network.routes[::-1],
    )
    np.testing.assert_array_equal(secs_of(other, places, travel), secs_of(network, places, travel))


@examples(5)
@given(random_worlds(), EACH_TRAVEL, st.integers(0, 9), st.sampled_from([0.5, 0.375, 0.3]))
def test_a_split_street_changes_no_time(
    drawn: Drawn, travel: Travel, which: int, share: float
) -> None:
    """By more than half a unit an arc: there are at most as many as vertices. Tunnels stay whole.

    Both are asked with the node order of the whole street, so the new node is set aside first.
    """
    network, places = drawn
    table = streets(network.roads)
    whole = table.index[~table["tunnel"]]
    assume(len(whole))
    number = int(whole[which % len(whole)])
    parts = split_street(table, number, share, "middle")
    middle = table.geometry[number].interpolate(share, normalized=True)
    nodes = pd.concat([network.roads.nodes, roads_of({"middle": middle}, []).nodes])
    split = replace(network, roads=road_network(nodes, parts))
    shared = Hierarchies()
    was = secs_of(network, places, travel, shared=shared)
    now = secs_of(split, places, travel, shared=shared)
    assert (np.isinf(was) == np.isinf(now)).all()
    had = np.isfinite(was)
    assert np.abs(was[had] - now[had]).max() <= STEP_SECS / 2


def test_a_stop_without_a_route_changes_nothing() -> None:
    """It is a place to board nothing."""
    for mode in MODES:
        travel = Travel(mode)
        here = point(0, 0), point(2_000, 0)
        table = [{**STREET, "u": "a", "v": "b", "osmid": "ab", "name": "ab"}]
        places = gpd.GeoSeries({"a": here[0], "b": here[1]}, crs=CRS)
        roads = roads_of(dict(places.items()), [{**table[0], "geometry": shapely_line(places)}])
        line = route("1", "ab", 100)
        network = TransportNetwork(roads, stops(places), (line,))
        unserved = stops(gpd.GeoSeries({"z": point(700, 3)}, crs=CRS))
        more = replace(network, stops=pd.concat([unserved, network.stops]))
        wanted = secs_of(network, places, travel)
        assert np.isfinite(wanted).all()
        np.testing.assert_array_equal(secs_of(more, places, travel), wanted)
