"""The engine on graphs drawn at random: both its ways of searching are networkx, to the last unit.

`engines` draws the graphs and asks. Costs are whole units here, so nothing is nearly equal.
"""

from __future__ import annotations

from dataclasses import replace
from unittest.mock import patch

import geopandas as gpd
import numpy as np
import pytest
from engines import (
    MOST,
    Asked,
    Pieces,
    Sketch,
    asked_of,
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
from hypothesis_settings import examples

from analysis.accessibility import Measure, accessibility
from analysis.routing import router as search
from analysis.routing.arcs import FAR, STEP_SECS, Scale
from analysis.routing.bucket_queue import NONE, BucketQueue
from analysis.routing.router import times_between
from analysis.routing.shortest_paths import paths_from
from analysis.routing.sweep import many_to_many as batches

SEEDS = st.integers(0, 2**32 - 1)


# Both ways are networkx ---------------------------------------------------------------------


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
