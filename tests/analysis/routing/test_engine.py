"""The engine on graphs drawn at random: both its ways of searching are networkx, to the last unit.

`sketches` draws the graphs, `engine_questions` asks. Costs are whole units here, so
nothing is nearly equal.
"""

from __future__ import annotations

from dataclasses import replace

import numpy as np
import pytest
from engine_checks import check_is_networkx, from_0_to_1, line_of
from engine_questions import SEEDS, Asked, everyone
from hypothesis import given
from hypothesis import strategies as st
from hypothesis_settings import examples
from networkx_costs import check_within_half_a_unit_an_arc, networkx_costs
from sketches import MOST, Pieces, Sketch, in_units, random_sketch, sketches

from analysis.routing.arcs import FAR, STEP_SECS, Scale
from analysis.routing.bucket_queue import NONE, BucketQueue
from analysis.routing.router import times_between
from analysis.routing.shortest_paths import paths_from


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
