"""What must not change, and what may only get better.

The model are R5's `ScenarioInvariantTests`: the empty scenario is the baseline, an unrelated
change changes nothing, and what only adds makes no trip longer. Here they hold for both ways of
searching, in every mode and band, with one node order for baseline and scenario, as a study has
it. (`test_scenarios` holds them for scenarios, `test_travel_times` against an oracle.)

On bare graphs costs are whole units, so "nothing" means not one unit. In networks a split street
is rounded in two parts: half a unit an arc.
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
from engines import (
    MOST,
    Asked,
    Pieces,
    Sketch,
    everyone,
    in_units,
    networkx_paths,
    random_sketch,
    sketches,
)
from hypothesis import assume, given
from hypothesis import strategies as st
from hypothesis_settings import examples
from network_parts import project, route, stops
from planned_projects import Planned, applied, network_with, random_plans
from random_roads import split_street
from test_travel_times import TRAVELS, UNDER, random_worlds

from analysis.graph.conditions import Conditions
from analysis.graph.routable_network import MODES, Travel, compile_network
from analysis.routing.arcs import STEP_SECS
from analysis.routing.hierarchy.cache import Hierarchies
from layers.network import TransportNetwork
from layers.roads import RoadNetwork, road_network, streets
from layers.transit import TransitRoute

SEEDS = st.integers(0, 2**32 - 1)
GRAPHS = sketches(streets=[1, 6, 15, 40], beside=[0, 6], count=[3, 9])
LONGEST = MOST - 1


def costs_of(sketch: Sketch, hierarchies: Hierarchies | None = None) -> np.ndarray:
    """Units between all points, by both ways of searching."""
    points = everyone(sketch)
    asked = Asked(sketch.trips(hierarchies), LONGEST, np.resize(points, 66), points)
    return asked.both_ways()[: sketch.count]


# Bare graphs --------------------------------------------------------------------------------


def renumbered(sketch: Sketch, place: np.ndarray, ids: np.ndarray | None = None) -> Sketch:
    """With vertex k called place[k]."""
    arcs = replace(sketch.arcs, start=place[sketch.arcs.start], end=place[sketch.arcs.end])
    out = replace(sketch.out, end=place[sketch.out.end])
    into = replace(sketch.into, end=place[sketch.into.end])
    return replace(sketch, arcs=arcs, out=out, into=into, ids=ids)


def shuffled(random: np.random.Generator, sketch: Sketch) -> np.ndarray:
    """Other numbers, on streets and beside them."""
    beside = np.arange(sketch.streets, sketch.vertices)
    return np.concatenate([random.permutation(sketch.streets), random.permutation(beside)])


@examples(30)
@given(GRAPHS, SEEDS)
def test_numbers_and_names_of_vertices_change_nothing(sketch: Sketch, seed: int) -> None:
    """Nor does the order in which arcs and legs are told."""
    random = np.random.default_rng(seed)
    names = random.permutation(10 * sketch.streets)[: sketch.streets]
    other = renumbered(sketch, shuffled(random, sketch), names)
    arcs, out, into, straight = (
        Pieces(*(part[order] for part in vars(pieces).values()))
        for pieces in (other.arcs, other.out, other.into, other.straight)
        for order in [random.permutation(len(pieces.cost))]
    )
    other = replace(other, arcs=arcs, out=out, into=into, straight=straight)
    np.testing.assert_array_equal(costs_of(sketch), costs_of(other))


@examples(30)
@given(GRAPHS, SEEDS)
def test_the_order_of_points_changes_nothing(sketch: Sketch, seed: int) -> None:
    place = np.random.default_rng(seed).permutation(sketch.count)
    moved = {
        name: replace(getattr(sketch, name), start=place[getattr(sketch, name).start])
        for name in ("out", "into", "straight")
    }
    moved["straight"] = replace(moved["straight"], end=place[moved["straight"].end])
    found = costs_of(replace(sketch, **moved))
    np.testing.assert_array_equal(found[np.ix_(place, place)], costs_of(sketch))


@examples(30)
@given(GRAPHS, GRAPHS, SEEDS)
def test_a_part_that_nothing_joins_changes_nothing(
    sketch: Sketch, other: Sketch, seed: int
) -> None:
    """Another city among the same numbers, with its points: neither reaches the other."""
    streets, vertices = sketch.streets + other.streets, sketch.vertices + other.vertices
    numbers = np.arange(vertices)
    mine = np.concatenate([numbers[: sketch.streets], streets + numbers[: vertices - streets]])
    mine = mine[: sketch.vertices]
    rest = np.setdiff1d(numbers, mine)
    one, two = renumbered(sketch, mine), renumbered(other, rest)
    count = sketch.count + other.count

    def shifted(pieces: Pieces, ends: int = 0) -> Pieces:
        return replace(pieces, start=pieces.start + sketch.count, end=pieces.end + ends)

    both = replace(
        one,
        streets=streets,
        vertices=vertices,
        count=count,
        arcs=one.arcs.and_also(two.arcs),
        out=one.out.and_also(shifted(two.out)),
        into=one.into.and_also(shifted(two.into)),
        straight=one.straight.and_also(shifted(two.straight, sketch.count)),
    )
    both = renumbered(both, shuffled(np.random.default_rng(seed), both))
    found, here = costs_of(both), slice(0, sketch.count)
    there = slice(sketch.count, count)
    np.testing.assert_array_equal(found[here, here], costs_of(sketch))
    np.testing.assert_array_equal(found[there, there], costs_of(other))
    assert (found[here, there] > LONGEST).all()
    assert (found[there, here] > LONGEST).all()


def with_split_arcs(sketch: Sketch, shares: np.ndarray, *, whole: bool) -> Sketch:
    """Every arc between two streets passes a new street vertex, that share of its cost along."""
    arcs = sketch.arcs
    split = (arcs.start < sketch.streets) & (arcs.end < sketch.streets)
    count = int(split.sum())
    place = np.arange(sketch.vertices)
    place[sketch.streets :] += count
    moved = renumbered(sketch, place)
    new = sketch.streets + np.arange(count)
    first = arcs.cost[split] * shares[:count]
    first = np.floor(first).astype(np.int64) if whole else first
    kept = Pieces(*(part[~split] for part in vars(moved.arcs).values()))
    there = Pieces(moved.arcs.start[split], new, first)
    on = Pieces(new, moved.arcs.end[split], arcs.cost[split] - first)
    made = kept.and_also(there).and_also(on)
    sizes = {"streets": sketch.streets + count, "vertices": sketch.vertices + count}
    return replace(moved, arcs=made, **sizes)


@examples(30)
@given(GRAPHS, SEEDS)
def test_splitting_arcs_in_whole_units_changes_nothing(sketch: Sketch, seed: int) -> None:
    """What is next to too long is left out: its parts would not be."""
    fits = sketch.arcs.cost < MOST
    sketch = replace(sketch, arcs=Pieces(*(part[fits] for part in vars(sketch.arcs).values())))
    shares = np.random.default_rng(seed).random(len(sketch.arcs.cost))
    split = with_split_arcs(sketch, shares, whole=True)
    np.testing.assert_array_equal(costs_of(sketch), costs_of(split))


@examples(30)
@given(SEEDS)
def test_splitting_arcs_anywhere_changes_half_a_unit_an_arc(seed: int) -> None:
    """On the ways before and after."""
    random = np.random.default_rng(seed)
    drawn = random_sketch(seed, streets=12, beside=5, count=6, density=2.0)
    secs = {
        name: replace(pieces, cost=random.uniform(0, drawn.scale.longest / 30, len(pieces.cost)))
        for name in ("arcs", "out", "into", "straight")
        for pieces in [getattr(drawn, name)]
    }
    exact = replace(drawn, **secs)
    split = with_split_arcs(exact, random.random(len(exact.arcs.cost)), whole=False)
    was, now = (costs_of(in_units(sketch)) for sketch in (exact, split))
    (_, arcs_was), (_, arcs_now) = networkx_paths(exact), networkx_paths(split)
    both = (was <= LONGEST) & (now <= LONGEST)
    assert both.mean() > 0
    allowed = (arcs_was + 2 * arcs_now) / 2
    assert (np.abs(was - now)[both] <= allowed[both]).all()


@examples(30)
@given(GRAPHS, SEEDS)
def test_arcs_only_help(sketch: Sketch, seed: int) -> None:
    """With one order for both: never a unit longer; taken away again, all is as it was."""
    random, shared = np.random.default_rng(seed), Hierarchies()
    streets = np.arange(sketch.streets)
    new = Pieces(
        random.choice(streets, 5), random.choice(sketch.vertices, 5), random.integers(0, 10**6, 5)
    )
    more = replace(sketch, arcs=sketch.arcs.and_also(new))
    before, after = costs_of(sketch, shared), costs_of(more, shared)
    assert (after <= before).all()
    np.testing.assert_array_equal(after, costs_of(more))
    np.testing.assert_array_equal(costs_of(sketch, shared), before)
    dearer = replace(sketch, arcs=replace(sketch.arcs, cost=sketch.arcs.cost + 1))
    assert (costs_of(dearer, shared) >= before).all()


# Networks -----------------------------------------------------------------------------------

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
    trips = compile_network(network, places, travel=travel, conditions=under).trips
    points, scale = np.arange(len(places)), trips.graph.scale
    limit = int(scale.cutoff(scale.longest))
    found = Asked(trips, limit, np.resize(points, 66), points).both_ways()
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
