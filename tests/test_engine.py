"""The engine on graphs drawn at random: both its ways of searching are networkx, to the last unit.

`engines` draws the graphs and asks. Costs are whole units here, so nothing is nearly equal.
"""

from __future__ import annotations

import json
import os
import subprocess
import sys
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import replace
from itertools import pairwise
from pathlib import Path
from unittest.mock import patch

import geopandas as gpd
import networkx as nx
import numpy as np
import pytest
from engines import (
    MOST,
    Asked,
    Pieces,
    Sketch,
    as_networkx,
    check_within_half_a_unit_an_arc,
    everyone,
    in_threads,
    in_units,
    networkx_costs,
    random_sketch,
    sketches,
)
from hypothesis import given
from hypothesis import strategies as st
from worlds import examples

from analysis.accessibility import Measure, accessibility
from analysis.paths import batches, hierarchies, order, search
from analysis.paths.bucket_queue import NONE, BucketQueue
from analysis.paths.graph import FAR, STEP_SECS, Graph, Scale
from analysis.paths.hierarchies import KEPT, Hierarchies
from analysis.paths.hierarchy import Hierarchy, hierarchy, shortcuts
from analysis.paths.search import times_between, times_from, times_to_nearest, vertex_times
from analysis.paths.space import along_curve
from analysis.paths.ways import has_way, path_to, path_tree, paths_from

ROOT = Path(__file__).parents[1]
SEEDS = st.integers(0, 2**32 - 1)
ORIGINS = (1, 7, 63, 64, 65, 150)
"""Fewer than a batch, one more or less than a whole one, and several."""


# Both ways are networkx ---------------------------------------------------------------------


def asked_of(sketch: Sketch, seed: int, *, reverse: bool = False) -> Asked:
    """Some origins and destinations, some with repetition; a limit that matters.

    The limit is none at all, nothing at all, or exactly the cost of a way, or a unit beside it.
    """
    random = np.random.default_rng(seed)
    origins = random.choice(sketch.count, random.choice(ORIGINS))
    destinations = random.permutation(sketch.count)[: random.integers(0, sketch.count + 1)]
    if len(destinations):
        more = random.integers(0, len(destinations), random.integers(0, 3))
        destinations = np.append(destinations, destinations[more])
    costs = networkx_costs(sketch, everyone(sketch), everyone(sketch))
    way = int(random.choice(costs[costs < MOST]))
    limit = random.choice([MOST - 1, 0, way, max(way - 1, 0), min(way + 1, MOST - 1)])
    return Asked(sketch.trips(), int(limit), origins, destinations, reverse)


def check_is_networkx(sketch: Sketch, seed: int, *, reverse: bool) -> None:
    asked = asked_of(sketch, seed, reverse=reverse)
    wanted = networkx_costs(
        sketch, asked.origins, asked.destinations, limit=asked.limit, reverse=reverse
    )
    np.testing.assert_array_equal(asked.by_queue(), wanted)
    np.testing.assert_array_equal(asked.by_sweeps(), wanted)


@examples(150)
@given(sketch=sketches(), seed=SEEDS, reverse=st.booleans())
def test_both_ways_of_searching_are_networkx(sketch: Sketch, seed: int, *, reverse: bool) -> None:
    check_is_networkx(sketch, seed, reverse=reverse)


@pytest.mark.slow
@examples(3_000)
@given(sketch=sketches(), seed=SEEDS, reverse=st.booleans())
def test_both_ways_of_searching_are_networkx_on_many_graphs(
    sketch: Sketch, seed: int, *, reverse: bool
) -> None:
    check_is_networkx(sketch, seed, reverse=reverse)


@examples(25)
@given(sketches(streets=[120, 300], beside=[0, 40], count=[70]), SEEDS)
def test_larger_graphs_too(sketch: Sketch, seed: int) -> None:
    """Hierarchies of some height; more points than a batch holds."""
    check_is_networkx(sketch, seed, reverse=bool(seed % 2))


@examples(40)
@given(SEEDS, st.sampled_from([60.0, 16_000.0, 250_000.0]))
def test_times_are_right_to_half_a_unit_an_arc(seed: int, longest: float) -> None:
    """Against networkx on seconds that nobody rounded; a limit of the scale is none here."""
    drawn = random_sketch(seed, streets=15, beside=8, count=6, density=2.0)
    random, scale = np.random.default_rng(seed), Scale(longest)
    secs = {
        name: replace(pieces, cost=random.uniform(0, longest / 20, len(pieces.cost)))
        for name in ("arcs", "out", "into", "straight")
        for pieces in [getattr(drawn, name)]
    }
    exact = replace(drawn, **secs, scale=scale)
    whole = in_units(exact)
    found = Asked(whole.trips(), int(scale.cutoff(longest)), *[everyone(whole)] * 2).both_ways()
    check_within_half_a_unit_an_arc(scale.secs(found), exact, whole)


# Corners ------------------------------------------------------------------------------------


def line_of(costs: list[int], **values: object) -> Sketch:
    """Streets one behind the other, both ways; point 0 at the start, 1 at the end, at no cost."""
    count = len(costs)
    there = [(k, k + 1, cost) for k, cost in enumerate(costs)]
    arcs = Pieces.of([*there, *((b, a, cost) for a, b, cost in there)])
    ends = Pieces.of([(0, 0, 0), (1, count, 0)])
    itself = Pieces.of([(0, 0, 0), (1, 1, 0)])
    made = Sketch(count + 1, count + 1, 2, arcs, ends, ends, itself)
    return replace(made, **values)  # type: ignore[arg-type]


def from_0_to_1(sketch: Sketch, limit: int = MOST - 1) -> int:
    """The cost, by both ways of searching, with several origins a batch and one."""
    origins, destinations = np.zeros(70, dtype=int), np.array([1])
    found = Asked(sketch.trips(), limit, origins, destinations).both_ways()
    assert (found == found[0]).all()
    return int(found[0, 0])


@pytest.mark.parametrize("limit", [29, 30, 31])
def test_a_limit_includes_what_costs_as_much(limit: int) -> None:
    assert from_0_to_1(line_of([10, 20]), limit) == (30 if limit >= 30 else FAR)


def test_a_leg_may_be_longer_than_every_street() -> None:
    """A point 500 away from a place with streets of 10."""
    far = Pieces.of([(0, 0, 500), (1, 2, 0)])
    assert from_0_to_1(line_of([10, 10], out=far)) == 520
    assert from_0_to_1(line_of([10, 10], into=far)) == 20
    near_too = far.and_also(Pieces.of([(0, 2, 3)]))
    assert from_0_to_1(line_of([10, 10], out=near_too)) == 3
    assert list(paths_from(line_of([10, 10], out=far).trips(), 0, [1], limit=100.0)) == [
        (pytest.approx(520 / Scale(16_000.0).per_sec), [0, 1, 2])
    ]


def test_what_is_next_to_too_long_is_not_too_long() -> None:
    """Two arcs that together pass the range of costs; each alone does not."""
    most = MOST - 1
    assert from_0_to_1(line_of([most])) == most
    assert from_0_to_1(line_of([most, 1])) == FAR
    assert from_0_to_1(line_of([most, most, most])) == FAR
    assert from_0_to_1(line_of([MOST])) == FAR
    legs_too = Pieces.of([(0, 0, MOST), (1, 1, MOST)])
    assert from_0_to_1(line_of([MOST], out=legs_too, into=legs_too)) == FAR


def test_costs_of_nothing() -> None:
    """Loops of no length do not hold anybody up."""
    ring = line_of([0] * 9)
    assert from_0_to_1(ring) == 0
    assert from_0_to_1(ring, 0) == 0
    looped = replace(ring, arcs=ring.arcs.and_also(Pieces.of([(k, k, 0) for k in range(10)])))
    assert from_0_to_1(looped) == 0


def test_nothing_to_search_in() -> None:
    """No vertices, no legs, no points asked about, nobody who asks."""
    none = Pieces.of([])
    bare = Sketch(0, 0, 2, none, none, none, Pieces.of([(0, 0, 0), (1, 1, 0), (0, 1, 7)]))
    here, nobody = np.arange(2), np.empty(0, dtype=int)
    found = Asked(bare.trips(), 100, here, here).both_ways()
    assert found.tolist() == [[0, 7], [FAR, 0]]
    assert Asked(bare.trips(), 100, here, nobody).both_ways().shape == (2, 0)
    assert Asked(bare.trips(), 100, nobody, here).both_ways().shape == (0, 2)
    legless = line_of([5], out=none, into=none)
    assert from_0_to_1(legless) == FAR


def test_a_vehicle_that_nobody_walks_to() -> None:
    """From a leg onto vehicle 3, to 4 and off it by a leg; streets are elsewhere."""
    arcs = Pieces.of([(0, 1, 1), (3, 4, 50), (4, 3, 60)])
    itself = Pieces.of([(0, 0, 0), (1, 1, 0)])
    on, off = Pieces.of([(0, 3, 7), (1, 4, 7)]), Pieces.of([(1, 4, 2), (0, 3, 2)])
    riding = Sketch(3, 5, 2, arcs, on, off, itself)
    assert from_0_to_1(riding) == 7 + 50 + 2
    back = Asked(riding.trips(), MOST - 1, np.array([0]), np.array([1]), reverse=True)
    assert back.both_ways().tolist() == [[7 + 60 + 2]]


def test_riding_walking_and_riding_again() -> None:
    """Streets 0-1 and 2-3 (10 each); vehicles 4-5 from 1 to 2, 6-7 from 3 back to 0."""
    arcs = Pieces.of(
        [(0, 1, 10), (2, 3, 10), (1, 4, 3), (4, 5, 20), (5, 2, 0), (3, 6, 3), (6, 7, 20), (7, 0, 0)]
    )
    itself = Pieces.of([(0, 0, 0), (1, 1, 0)])
    at = Pieces.of([(0, 0, 1), (1, 3, 1)])
    sketch = Sketch(4, 8, 2, arcs, at, at, itself)
    assert from_0_to_1(sketch) == 1 + 10 + 3 + 20 + 10 + 1
    around = replace(sketch, into=Pieces.of([(1, 0, 1)]), out=Pieces.of([(0, 1, 1)]))
    assert from_0_to_1(around) == 1 + 3 + 20 + 10 + 3 + 20 + 1


def test_more_entries_than_the_queue_holds() -> None:
    """A hub that thirty ways make cheaper one after the other, with thirty vertices behind it."""
    ways, behind, hub = range(1, 31), range(32, 62), 31
    triples = [(0, k, k) for k in ways] + [(k, hub, 100 - 2 * k) for k in ways]
    triples += [(hub, k, 1) for k in behind] + [(62, 63, 10**8)]
    triples += [(hub, k, 1) for k in behind]
    itself = Pieces.of([(0, 0, 0), (1, 1, 0)])
    at = Pieces.of([(0, 0, 0), (1, 61, 0)])
    sketch = Sketch(64, 64, 2, Pieces.of(triples), at, at, itself)
    assert from_0_to_1(sketch) == 30 + 40 + 1
    queue = BucketQueue(sketch.graph, np.int32(MOST - 1))
    seen = queue.vertex_costs((np.array([0], np.int32), np.zeros(1, np.int32)))
    assert seen != NONE
    assert queue.dist[61] == 71


# Cutoffs in seconds -------------------------------------------------------------------------


@examples(40)
@given(SEEDS)
def test_a_cutoff_in_seconds_is_right_to_half_a_step(seed: int) -> None:
    """A trip of just the cutoff is in; one that is longer by a step is out."""
    sketch = random_sketch(seed, streets=12, beside=4, count=5, density=2.0)
    sketch = replace(sketch, scale=Scale(16_000.0))
    trips, per_sec = sketch.trips(), sketch.scale.per_sec
    costs = networkx_costs(sketch, everyone(sketch), everyone(sketch))
    for cost in np.unique(costs[costs <= 15_000 * per_sec]).tolist():
        secs = cost / per_sec
        at = times_between(trips, limit=secs)
        assert (np.isfinite(at) == (costs <= cost + STEP_SECS / 2 * per_sec)).all()
        assert at[costs <= cost].max() == secs
        before = times_between(trips, limit=secs - STEP_SECS)
        assert (np.isfinite(before) == (costs <= cost - STEP_SECS / 2 * per_sec)).all()


@pytest.mark.parametrize("longest", [0.5, 1.0, 59.9, 7_200.0, 16_000.0, 16_383.99985, 1e6, 3e9])
def test_the_scale_holds_what_is_asked(longest: float) -> None:
    """Every cost within the longest is told apart from none; a unit is as small as it can be."""
    scale = Scale(longest)
    assert np.log2(scale.per_sec) % 1 == 0
    assert max(longest, 1.0) * scale.per_sec <= FAR - 2 < 2 * max(longest, 1.0) * scale.per_sec
    assert scale.cutoff(longest) <= scale.cutoff(2 * longest) < scale.units(np.array([np.inf]))[0]
    assert scale.units(np.array([longest]))[0] <= scale.cutoff(longest) < FAR
    assert scale.cutoff(0.0) >= 0
    assert scale.secs(np.array([0, FAR])).tolist() == [0.0, np.inf]
    at = np.linspace(0, longest, 101)
    assert np.abs(scale.secs(scale.units(at)) - at).max() <= 0.5 / scale.per_sec


# Whoever else is asked, however many threads there are ---------------------------------------


@pytest.fixture(scope="module")
def busy() -> Sketch:
    """Three hundred streets with services; two hundred points."""
    return random_sketch(11, streets=300, beside=60, count=200, density=1.6)


@pytest.mark.parametrize("reverse", [False, True])
def test_threads_and_company_change_nothing(busy: Sketch, *, reverse: bool) -> None:
    trips, random = busy.trips(), np.random.default_rng(5)
    asked = Asked(trips, MOST - 1, everyone(busy), everyone(busy), reverse)
    wanted = asked.by_sweeps(1)
    assert 0.02 < np.mean(wanted < FAR) < 1
    with in_threads(1):
        np.testing.assert_array_equal(asked.by_queue(), wanted)
    for threads in (2, 3):
        np.testing.assert_array_equal(asked.by_sweeps(threads), wanted)
        with in_threads(threads):
            np.testing.assert_array_equal(asked.by_queue(), wanted)
    for size in (1, 63, 64, 65, 129, 200):
        origins = random.permutation(busy.count)[:size]
        destinations = random.permutation(busy.count)[: random.integers(1, busy.count)]
        some = replace(asked, origins=origins, destinations=destinations)
        np.testing.assert_array_equal(some.both_ways(), wanted[np.ix_(origins, destinations)])


@pytest.mark.parametrize("whole", [-1.0, 2.0])
@examples(30)
@given(sketch=sketches(streets=[6, 40], count=[9]), seed=SEEDS)
def test_sweeping_all_or_only_what_is_reached(sketch: Sketch, seed: int, whole: float) -> None:
    """Which it is depends on the batch before; here it is always the one or always the other."""
    asked = replace(asked_of(sketch, seed), origins=np.resize(everyone(sketch), 200))
    with patch.object(batches, "WHOLE", whole):
        np.testing.assert_array_equal(asked.by_sweeps(1), asked.by_queue())


def test_batches_that_reach_little_after_ones_that_reach_all_and_before_them() -> None:
    """A batch in a small part (no arc leads out of it), and one in a part of two hundred."""
    large = [(k, k + 1, 3) for k in range(199)] + [(k + 1, k, 4) for k in range(199)]
    small = [(200 + k, 201 + k, 5) for k in range(9)]
    at = np.concatenate([np.arange(64) % 10 + 200, np.arange(128), np.arange(64) % 10 + 200])
    points = np.arange(len(at))
    hang = Pieces(points, at, np.zeros(len(at), dtype=int))
    itself = Pieces(points, points, np.zeros(len(at), dtype=int))
    sketch = Sketch(210, 210, len(at), Pieces.of(large + small), hang, hang, itself)
    wanted = networkx_costs(sketch, points, points)
    trips = sketch.trips()
    ready = batches.Batches(trips, trips.hierarchy, np.int32(MOST - 1), points, False)  # noqa: FBT003
    ready.prepare()
    for order_of_batches in ([0, 1, 2, 3], [1, 0, 2, 3], [3, 1, 0, 0]):
        space = ready.workspace()
        for number in order_of_batches:
            origins = points[64 * number : 64 * number + 64]
            np.testing.assert_array_equal(ready.costs(origins, space).T, wanted[origins])


@examples(30)
@given(sketch=sketches(streets=[15], beside=[6], count=[9]))
def test_asking_changes_nothing_that_was_given(sketch: Sketch) -> None:
    """Neither graph nor legs nor who asks; so asking again gives the same."""
    trips = sketch.trips()
    given_arrays = [trips.graph.first, trips.graph.heads, trips.graph.costs]
    for each in (trips.out, trips.into, trips.straight):
        given_arrays += [each.first, each.at, each.costs]
    asked = Asked(trips, MOST - 1, np.resize(everyone(sketch), 70), everyone(sketch)[::-1].copy())
    given_arrays += [asked.origins, asked.destinations]
    before = [array.copy() for array in given_arrays]
    found = asked.both_ways()
    for was, now in zip(before, given_arrays, strict=True):
        np.testing.assert_array_equal(was, now)
    np.testing.assert_array_equal(asked.both_ways(), found)


@pytest.mark.parametrize("reverse", [False, True])
def test_the_public_question_whichever_way_is_taken(busy: Sketch, *, reverse: bool) -> None:
    """Few origins go through the queue, many through the hierarchy where that is quicker."""
    sketch = replace(busy, scale=Scale(16_000.0))
    some = np.arange(0, 200, 3)
    for quick, costs in ((batches.Batches, {"QUEUE_NS": 1e9}), (BucketQueue, {"FEW": 10**9})):
        trips = sketch.trips()
        with patch.multiple(search, **costs), patch.object(quick, "__init__", autospec=True) as own:
            own.side_effect = RuntimeError("taken")
            with pytest.raises(RuntimeError, match="taken"):
                times_between(trips, limit=9_000.0, origins=some, reverse=reverse)
        with patch.multiple(search, **costs):
            found = times_between(trips, limit=9_000.0, origins=some, reverse=reverse)
        limit = int(sketch.scale.cutoff(9_000.0))
        wanted = networkx_costs(sketch, some, everyone(sketch), limit=limit, reverse=reverse)
        np.testing.assert_array_equal(found, sketch.scale.secs(wanted))


def test_a_fault_in_a_thread_is_not_lost(busy: Sketch) -> None:
    def visit(positions: np.ndarray, block: np.ndarray) -> None:
        raise ZeroDivisionError(f"{positions} {block}")

    with in_threads(2), pytest.raises(ZeroDivisionError):
        search.visit_times(busy.trips(), visit, limit=100.0)


# Hierarchies --------------------------------------------------------------------------------


def eliminated(graph: Graph, rank: np.ndarray) -> set[tuple[int, int]]:
    """Pairs of ranks, lower first, joined after setting aside one vertex after the other."""
    tails, heads, _ = graph.street_arcs
    near: dict[int, set[int]] = {int(r): set() for r in rank}
    for a, b in zip(rank[tails].tolist(), rank[heads].tolist(), strict=True):
        if a != b:
            near[a].add(b)
            near[b].add(a)
    found = set()
    for low in range(len(rank)):
        higher = near.pop(low)
        found |= {(low, high) for high in higher}
        for high in higher:
            near[high] = (near[high] | higher) - {low, high}
    return found


def pairs_of(first: np.ndarray, heads: np.ndarray) -> list[tuple[int, int]]:
    lows = np.repeat(np.arange(len(first) - 1), np.diff(first))
    return list(zip(lows.tolist(), heads.tolist(), strict=True))


STREETS_ONLY = sketches(streets=[1, 2, 15, 40], beside=[0], count=[3])


@examples(40)
@given(STREETS_ONLY, SEEDS)
def test_shortcuts_join_the_neighbours_of_what_is_set_aside(sketch: Sketch, seed: int) -> None:
    """In whatever order that happens."""
    rank = np.random.default_rng(seed).permutation(sketch.streets).astype(np.int32)
    arcs = shortcuts(sketch.graph, rank)
    found = pairs_of(arcs.first, arcs.heads)
    assert found == sorted(eliminated(sketch.graph, rank))


@examples(40)
@given(STREETS_ONLY, SEEDS)
def test_a_hierarchy_keeps_the_arcs_that_are_shortest_ways_and_no_others(
    sketch: Sketch, seed: int
) -> None:
    """Each kept arc costs what the shortest way costs; of equal ways some arc may stay."""
    rank = np.random.default_rng(seed).permutation(sketch.streets).astype(np.int32)
    graph = sketch.graph
    made = hierarchy(graph, shortcuts(graph, rank))
    named = nx.relabel_nodes(as_networkx(replace(sketch, count=0)), dict(enumerate(rank.tolist())))
    ways = dict(nx.all_pairs_dijkstra_path_length(named, weight="cost"))
    for side, upwards in ((made.up, True), (made.down, False)):
        for (low, high), cost in zip(pairs_of(side.first, side.highs), side.costs, strict=True):
            assert cost == (ways[low][high] if upwards else ways[high][low])
    wanted = Hierarchy(made.rank, made.parent, made.down, made.up)
    assert made.reversed == wanted


@examples(40)
@given(sketches(streets=[2, 15, 40]), SEEDS)
def test_any_order_gives_the_same_times(sketch: Sketch, seed: int) -> None:
    """A bad order costs time only."""
    asked = asked_of(sketch, seed)
    rank = np.random.default_rng(seed).permutation(sketch.streets).astype(np.int32)
    graph = asked.trips.graph
    any_order = hierarchy(graph, shortcuts(graph, rank))
    with patch.object(Hierarchies, "of", lambda *_: any_order):
        np.testing.assert_array_equal(asked.by_sweeps(), asked.by_queue())


def test_shortcuts_of_more_streets_serve_fewer() -> None:
    """As `hierarchy` promises: streets that are closed cost nothing new."""
    sketch = random_sketch(3, streets=40, beside=0, count=9, density=2.0)
    rank = np.arange(40, dtype=np.int32)
    every = shortcuts(sketch.graph, rank)
    half = replace(sketch, arcs=Pieces(*(part[::2] for part in vars(sketch.arcs).values())))
    made = hierarchy(half.graph, every)
    with patch.object(Hierarchies, "of", lambda *_: made):
        asked = Asked(half.trips(), MOST - 1, np.resize(everyone(half), 70), everyone(half))
        asked.both_ways()


# One order for all scenarios ----------------------------------------------------------------


@contextmanager
def counted_orders() -> Iterator[list[int]]:
    """How large the orders were that were made."""
    made: list[int] = []

    def noted(x: np.ndarray, *rest: np.ndarray) -> np.ndarray:
        made.append(len(x))
        return order.node_order(x, *rest)

    with patch.object(hierarchies, "node_order", noted):
        yield made


def grown(sketch: Sketch, new: int, seed: int) -> Sketch:
    """With new street vertices on new arcs; vertices and ids are numbered anew, as in a study."""
    random = np.random.default_rng(seed)
    total = sketch.streets + new
    place = random.permutation(total)
    old, added = place[: sketch.streets], place[sketch.streets :]
    ids = np.empty(total, dtype=np.int64)
    ids[old], ids[added] = np.arange(sketch.streets) * 10, np.arange(new) * 10 + 5

    def moved(vertices: np.ndarray) -> np.ndarray:
        street = vertices < sketch.streets
        known = old[np.where(street, vertices, 0)]
        return np.where(street, known, vertices - sketch.streets + total)

    triples = []
    for vertex in added.tolist():
        a, b = random.choice(old, 2).tolist()
        triples += [(a, vertex, 40), (vertex, b, 50), (vertex, a, 60)]
    arcs = replace(sketch.arcs, start=moved(sketch.arcs.start), end=moved(sketch.arcs.end))
    hang = {
        name: replace(getattr(sketch, name), end=moved(getattr(sketch, name).end))
        for name in ("out", "into")
    }
    sizes = {"streets": total, "vertices": sketch.vertices + new}
    return replace(sketch, arcs=arcs.and_also(Pieces.of(triples)), **hang, **sizes, ids=ids)


@examples(30)
@given(SEEDS)
def test_one_order_serves_the_scenarios(seed: int) -> None:
    """New vertices are set aside first; times are those of an order of one's own."""
    baseline = grown(random_sketch(seed, streets=40, beside=8, count=9, density=1.5), 0, seed)
    plan = grown(replace(baseline, ids=None), 4, seed + 1)
    shared, own = Hierarchies(), Hierarchies()
    with counted_orders() as made:
        for sketch in (baseline, plan, baseline):
            asked = Asked(sketch.trips(shared), MOST - 1, *[everyone(sketch)] * 2)
            wanted = networkx_costs(sketch, asked.origins, asked.destinations)
            np.testing.assert_array_equal(asked.both_ways(), np.where(wanted < MOST, wanted, FAR))
        assert made == [40]
        rank = plan.trips(shared).hierarchy.rank
        assert sorted(rank[plan.ids % 10 == 5].tolist()) == [0, 1, 2, 3]
        assert own.of(plan.graph, plan.nodes).rank.shape == (44,)
        assert made == [40, 44]


def test_too_many_new_vertices_get_an_order_of_their_own() -> None:
    """More than a tenth."""
    baseline = random_sketch(1, streets=40, beside=0, count=3, density=1.5)
    shared = Hierarchies()
    with counted_orders() as made:
        for new in (0, 4, 5, 5):
            sketch = grown(baseline, new, new)
            assert shared.knows(sketch.nodes) == (made != [] and (new < 5 or len(made) == 2))
            assert len(sketch.trips(shared).hierarchy.rank) == 40 + new
    assert made == [40, 45]


def test_the_first_scenario_may_have_no_streets() -> None:
    shared = Hierarchies()
    with counted_orders() as made:
        for streets in (0, 15, 0, 15):
            sketch = random_sketch(6, streets=streets, beside=4, count=3, density=2.0)
            asked = Asked(sketch.trips(shared), MOST - 1, *[everyone(sketch)] * 2)
            wanted = networkx_costs(sketch, everyone(sketch), everyone(sketch), limit=MOST - 1)
            np.testing.assert_array_equal(asked.both_ways(), wanted)
        assert made.count(15) == 1


def test_hierarchies_are_remembered_by_costs_and_forgotten_in_turn() -> None:
    """The same object for the same costs; others for others; not more than are kept."""
    sketch = random_sketch(2, streets=15, beside=0, count=3, density=2.0)
    shared = Hierarchies()
    first = sketch.trips(shared).hierarchy
    assert sketch.trips(shared).hierarchy is first
    for more in range(1, KEPT + 1):
        dearer = replace(sketch, arcs=replace(sketch.arcs, cost=sketch.arcs.cost + more))
        other = dearer.trips(shared)
        assert other.hierarchy is not first
        asked = Asked(other, MOST - 1, *[everyone(sketch)] * 2)
        wanted = networkx_costs(dearer, asked.origins, asked.destinations, limit=MOST - 1)
        np.testing.assert_array_equal(asked.both_ways(), wanted)
    assert sketch.trips(shared).hierarchy is not first


def ranks_kept_in(folder: Path, sketch: Sketch) -> np.ndarray:
    return sketch.trips(Hierarchies(folder)).hierarchy.rank


TEXT_IDS = np.array(["n10", "a", "重庆", "b" * 40, *(f"n{k}" for k in range(11, 22))], dtype=object)


@pytest.mark.parametrize("ids", [None, TEXT_IDS], ids=["numbers", "text"])
def test_an_order_is_kept_in_the_folder(tmp_path: Path, ids: np.ndarray | None) -> None:
    """It is found again by what it is of, not by where that stands in memory."""
    sketch = replace(random_sketch(4, streets=15, beside=0, count=3, density=2.0), ids=ids)
    with counted_orders() as made:
        first = ranks_kept_in(tmp_path / "new" / "folder", sketch)
        letters = None if ids is None else np.array([f"{name} "[:-1] for name in ids], object)
        again = ranks_kept_in(tmp_path / "new" / "folder", replace(sketch, ids=letters))
    assert made == [15]
    np.testing.assert_array_equal(first, again)
    assert [file.suffix for file in (tmp_path / "new" / "folder").iterdir()] == [".npy"]


def saved(file: Path, array: np.ndarray) -> None:
    with file.open("wb") as to:
        np.save(to, array)


def zipped(file: Path) -> None:
    with file.open("wb") as to:
        np.savez(to, rank=np.arange(15, dtype=np.int32))


SPOILT: dict[str, Callable[[Path], object]] = {
    "empty": lambda file: file.write_bytes(b""),
    "cut in its head": lambda file: file.write_bytes(file.read_bytes()[:20]),
    "cut in its middle": lambda file: file.write_bytes(file.read_bytes()[:-7]),
    "a text": lambda file: file.write_text("not an order"),
    "a zip": zipped,
    "a broken zip": lambda file: file.write_bytes(b"PK\x03\x04 and so on"),
    "one number": lambda file: saved(file, np.array(15, dtype=np.int32)),
    "a table": lambda file: saved(file, np.arange(15, dtype=np.int32).reshape(3, 5)),
    "of other numbers": lambda file: saved(file, np.arange(15, dtype=np.int64)),
    "of fewer": lambda file: saved(file, np.arange(14, dtype=np.int32)),
    "one twice": lambda file: saved(file, np.minimum(np.arange(15), 13).astype(np.int32)),
    "from one": lambda file: saved(file, np.arange(1, 16, dtype=np.int32)),
}


@pytest.mark.parametrize("name", SPOILT)
def test_a_file_that_is_not_the_order_is_made_again(tmp_path: Path, name: str) -> None:
    sketch = random_sketch(4, streets=15, beside=0, count=3, density=2.0)
    with counted_orders() as made:
        first = ranks_kept_in(tmp_path, sketch)
        file = next(tmp_path.iterdir())
        whole = file.read_bytes()
        SPOILT[name](file)
        np.testing.assert_array_equal(ranks_kept_in(tmp_path, sketch), first)
        assert made == [15, 15]
        assert [kept.read_bytes() for kept in tmp_path.iterdir()] == [whole]


def test_a_folder_that_cannot_be_written_is_no_fault(tmp_path: Path) -> None:
    """A file stands where the folder should be."""
    (tmp_path / "taken").write_text("")
    sketch = random_sketch(4, streets=15, beside=0, count=3, density=2.0)
    assert len(ranks_kept_in(tmp_path / "taken", sketch)) == 15


@examples(30)
@given(sketches(streets=[1, 2, 6, 40], beside=[0], count=[1]), st.sampled_from([0.0, 1e-9, 1e7]))
def test_a_node_order_is_a_permutation(sketch: Sketch, spread: float) -> None:
    """Also of places that all are one, and of graphs that are none."""
    tails, heads, _ = sketch.graph.street_arcs
    rank = order.node_order(sketch.nodes.x * spread, sketch.nodes.y * spread, tails, heads)
    assert rank.dtype == np.int32
    assert sorted(rank.tolist()) == list(range(sketch.streets))
    along = along_curve(sketch.nodes.x * spread, sketch.nodes.y * spread)
    assert sorted(along.tolist()) == list(range(sketch.streets))


# Other questions ----------------------------------------------------------------------------

ONE_ORIGIN = sketches(streets=[1, 6, 15], beside=[0, 6], count=[4])
SHARES = st.sampled_from([0.0, 0.3, 1.0])


def limit_of(sketch: Sketch, share: float) -> tuple[float, int]:
    """A share of the longest time, in seconds and units."""
    secs = share * sketch.scale.longest
    return secs, int(sketch.scale.cutoff(secs))


def table_of(lengths: dict[object, int], names: list[object], sketch: Sketch) -> np.ndarray:
    """Seconds at some vertices; infinite where there are none."""
    return sketch.scale.secs(np.array([lengths.get(name, int(FAR)) for name in names], dtype=int))


@examples(40)
@given(ONE_ORIGIN, SHARES)
def test_times_to_every_vertex(sketch: Sketch, share: float) -> None:
    """From a point, forward and backward, and from a vertex."""
    secs, limit = limit_of(sketch, share)
    graph, trips = as_networkx(sketch), sketch.trips()
    vertices = list(range(sketch.vertices))
    for reverse in (False, True):
        way = graph.reverse() if reverse else graph
        for point in range(sketch.count):
            start = ("to" if reverse else "from", point)
            wanted = nx.single_source_dijkstra_path_length(way, start, limit, weight="cost")
            found = vertex_times(trips, point, limit=secs, reverse=reverse)
            np.testing.assert_array_equal(found, table_of(wanted, vertices, sketch))
        rows = times_from(trips.graph, vertices, limit=secs, reverse=reverse)
        for vertex in vertices:
            wanted = nx.single_source_dijkstra_path_length(way, vertex, limit, weight="cost")
            np.testing.assert_array_equal(rows[vertex], table_of(wanted, vertices, sketch))


def cost_of(graph: nx.DiGraph, path: list[object]) -> int:
    """What a way costs, arc by arc; each of its arcs exists."""
    return sum(graph.edges[a, b]["cost"] for a, b in pairwise(path))


@examples(40)
@given(ONE_ORIGIN, SHARES)
def test_a_path_tree_holds_shortest_paths(sketch: Sketch, share: float) -> None:
    secs, limit = limit_of(sketch, share)
    graph = as_networkx(sketch)
    for source in range(sketch.vertices):
        wanted = nx.single_source_dijkstra_path_length(graph, source, limit, weight="cost")
        times, before = path_tree(sketch.graph, source, limit=secs)
        np.testing.assert_array_equal(times, table_of(wanted, list(range(len(times))), sketch))
        assert before[source] == NONE
        for target in range(sketch.vertices):
            path = path_to(before, target)
            if target in wanted:
                assert path[0] == source
                assert cost_of(graph, path) == wanted[target]
            else:
                assert path == [target]


@examples(40)
@given(ONE_ORIGIN, SHARES)
def test_paths_between_points(sketch: Sketch, share: float) -> None:
    """They cost what they say; straight ones name no vertex, and win where they cost as much."""
    secs, limit = limit_of(sketch, share)
    graph, trips = as_networkx(sketch), sketch.trips()
    targets = [3, 0, 1, 2, 1]
    for point in range(sketch.count):
        wanted = nx.single_source_dijkstra_path_length(graph, ("from", point), limit, weight="cost")
        found = list(paths_from(trips, point, targets, limit=secs))
        assert len(found) == len(targets)
        for target, (time, path) in zip(targets, found, strict=True):
            end = ("to", target)
            assert time == table_of(wanted, [end], sketch)[0]
            if end not in wanted:
                assert path == []
                continue
            assert cost_of(graph, [("from", point), *path, end]) == wanted[end]
            straight = graph.get_edge_data(("from", point), end, {"cost": FAR})["cost"]
            assert (path == []) == (straight == wanted[end])


@examples(40)
@given(ONE_ORIGIN, SHARES, SEEDS)
def test_times_to_the_nearest_of_some_vertices(sketch: Sketch, share: float, seed: int) -> None:
    secs, limit = limit_of(sketch, share)
    some = np.random.default_rng(seed).permutation(sketch.vertices)[: seed % 4]
    graph = as_networkx(replace(sketch, straight=Pieces.of([])))
    wanted = {
        point: nx.single_source_dijkstra_path_length(graph, ("from", point), limit, weight="cost")
        for point in range(sketch.count)
    }
    nearest = [min((wanted[k].get(v, FAR) for v in some.tolist()), default=FAR) for k in wanted]
    found = times_to_nearest(sketch.trips(), some, limit=secs)
    np.testing.assert_array_equal(found, sketch.scale.secs(np.array(nearest)))


@examples(40)
@given(ONE_ORIGIN)
def test_whether_there_is_any_way(sketch: Sketch) -> None:
    """However long: also where the time is past all that can be asked."""
    graph, trips = as_networkx(sketch), sketch.trips()
    for point in range(sketch.count):
        ever = nx.descendants(graph, ("from", point))
        wanted = [("to", other) in ever for other in range(sketch.count)]
        assert has_way(trips, point).tolist() == wanted


# Accessibility ------------------------------------------------------------------------------


def defined(secs: np.ndarray, counts: np.ndarray, measure: Measure) -> np.ndarray:
    """The measure from the matrix of times, as DESIGN section 5 says it."""
    if measure.kind == "cumulative":
        return ((secs <= measure.value + STEP_SECS / 2) * counts).sum(axis=1)
    if measure.kind == "gravity":
        return (0.5 ** (secs / measure.value) * counts).sum(axis=1)
    found = []
    for row in secs:
        each = np.sort(np.repeat(row, counts.astype(int)))
        k = int(measure.value)
        found.append(each[k - 1] if len(each) >= k and np.isfinite(each[k - 1]) else np.nan)
    return np.array(found)


@pytest.mark.parametrize("limit_secs", [900.0, 4_000.0])
def test_accessibility_is_what_the_matrix_of_times_says(limit_secs: float) -> None:
    """By both ways of searching, to the last bit the same; 130 zones are three batches."""
    random = np.random.default_rng(9)
    sketch = random_sketch(17, streets=120, beside=30, count=130, density=2.0)
    size = {name: len(getattr(sketch, name).cost) for name in ("arcs", "out", "into", "straight")}
    per_sec = Scale(16_000.0).per_sec
    costs = {
        name: replace(
            getattr(sketch, name), cost=(random.integers(0, 900, count) * per_sec).astype(int)
        )
        for name, count in size.items()
    }
    sketch = replace(sketch, **costs, scale=Scale(16_000.0))
    zones = gpd.GeoDataFrame(
        {
            "population": random.integers(0, 1_000, 130).astype(float),
            "hospitals": (random.random(130) < 0.05) * 2.0,
            "ports": np.zeros(130),
        }
    )
    measures = [
        *(Measure(f"p{cutoff}", "cumulative", "population", cutoff) for cutoff in (0, 600, 900)),
        Measure("all", "cumulative", "population", 4_000.0),
        Measure("gravity", "gravity", "population", 700.0),
        *(Measure(f"h{k}", "nearest", "hospitals", k) for k in (1, 2, 3)),
        Measure("none", "nearest", "ports", 1),
    ]
    asked = {}
    for name, costs_of in (("queue", {"FEW": 10**9}), ("sweeps", {"QUEUE_NS": 1e9})):
        with patch.multiple(search, **costs_of):
            asked[name] = accessibility(sketch.trips(), zones, measures, limit_secs=limit_secs)
    assert (asked["queue"].to_numpy() == asked["sweeps"].to_numpy()).sum() > 0
    assert asked["queue"].equals(asked["sweeps"])
    secs = times_between(sketch.trips(), limit=limit_secs)
    limit = int(sketch.scale.cutoff(limit_secs))
    wanted = networkx_costs(sketch, everyone(sketch), everyone(sketch), limit=limit)
    np.testing.assert_array_equal(secs, sketch.scale.secs(wanted))
    for measure in measures:
        counts = zones[measure.opportunity].to_numpy()
        found = asked["sweeps"][measure.name].to_numpy()
        np.testing.assert_allclose(found, defined(secs, counts, measure), rtol=1e-12)
    assert asked["sweeps"]["none"].isna().all()
    assert 0 < asked["sweeps"]["h3"].isna().mean() < 1


# Starting up --------------------------------------------------------------------------------

NOTHING_COMPILED = """
import importlib, json, pkgutil
import analysis.compiled, analysis.accessibility, analysis.paths
from numba.core.dispatcher import Dispatcher
for module in pkgutil.iter_modules(analysis.paths.__path__):
    importlib.import_module(f"analysis.paths.{module.name}")
import sys
kernels = {
    f"{name}.{key}": len(value.signatures)
    for name, module in list(sys.modules.items()) if name.startswith("analysis")
    for key, value in vars(module).items() if isinstance(value, Dispatcher)
}
print(json.dumps(kernels))
"""
ANSWERS = """
import json, sys, time
import numpy, pandas, geopandas
start = time.process_time()
import analysis.compiled
from numba.core.dispatcher import Dispatcher
from analysis.paths import search
from analysis.paths.graph import Arcs
from analysis.paths.hierarchies import Hierarchies, StreetNodes
from analysis.paths.points import Trips, legs
arcs = Arcs()
at = arcs.vertices(400)
for step in (1, 20):
    arcs.add(at[:-step], at[step:], 30.0)
    arcs.add(at[step:], at[:-step], 30.0)
graph = arcs.graph(16_000.0)
nodes = StreetNodes(at, (at % 20) * 100.0, (at // 20) * 100.0)
hang = legs(at, at, 0 * at, 400)
trips = Trips(graph, hang, hang, hang, nodes, Hierarchies())
search.FEW, search.QUEUE_NS = json.loads(sys.argv[1])
secs = search.times_between(trips, limit=3_600.0)
taken = time.process_time() - start
kernels = [
    value.stats
    for name, module in list(sys.modules.items()) if name.startswith("analysis")
    for value in vars(module).values() if isinstance(value, Dispatcher)
]
read, compiled = (
    sum(sum(getattr(each, name).values()) for each in kernels)
    for name in ("cache_hits", "cache_misses")
)
found = {"taken": taken, "read": read, "compiled": compiled, "sum": float(secs.sum())}
print(json.dumps(found))
"""
SECOND_SECS = 5.0
"""CPU time of a second process beyond numpy, pandas and geopandas: 1 s here, more elsewhere."""


def printed(code: str, *arguments: str, cache: Path) -> dict[str, float]:
    """What a fresh process prints, with compiled code kept in a folder of its own."""
    environment = {**os.environ, "NUMBA_CACHE_DIR": str(cache), "PYTHONPATH": str(ROOT)}
    command = [sys.executable, "-c", code, *arguments]
    done = subprocess.run(
        command, env=environment, cwd=ROOT, capture_output=True, text=True, check=True
    )
    found: dict[str, float] = json.loads(done.stdout)
    return found


def test_importing_compiles_nothing(tmp_path: Path) -> None:
    kernels = printed(NOTHING_COMPILED, cache=tmp_path)
    assert len(kernels) > 15
    assert set(kernels.values()) == {0}
    assert list(tmp_path.rglob("*.nb?")) == []


def check_second_process(cache: Path, few: int, queue_ns: float) -> None:
    """The first one compiles; the second one reads what is kept, and answers the same."""
    choice = json.dumps([few, queue_ns])
    first, second = (printed(ANSWERS, choice, cache=cache) for _ in range(2))
    assert first["compiled"] > 0
    assert second["compiled"] == 0
    assert second["read"] > 0
    assert first["sum"] == second["sum"]
    assert second["taken"] < SECOND_SECS


def test_the_second_process_compiles_nothing(tmp_path: Path) -> None:
    check_second_process(tmp_path, 10**9, 75.0)


@pytest.mark.slow
def test_the_second_process_compiles_no_sweeps(tmp_path: Path) -> None:
    check_second_process(tmp_path, 0, 1e9)
