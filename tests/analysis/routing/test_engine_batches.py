"""Batches and threads of the engine change nothing."""

from __future__ import annotations

from dataclasses import replace
from unittest.mock import patch

import numpy as np
import pytest
from engine_questions import SEEDS, Asked, asked_of, everyone, in_threads
from hypothesis import given
from hypothesis_settings import examples
from networkx_costs import networkx_costs
from sketches import MOST, Pieces, Sketch, random_sketch, sketches

from analysis.routing import router as search
from analysis.routing.arcs import FAR, Scale
from analysis.routing.bucket_queue import BucketQueue
from analysis.routing.router import times_between
from analysis.routing.sweep import many_to_many as batches


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
