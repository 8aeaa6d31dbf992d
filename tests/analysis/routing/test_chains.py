"""Vehicles' ways are ridden without rows of their own: with the costs that all others find."""

from __future__ import annotations

from dataclasses import replace

import numpy as np
import pytest
from engine_checks import check_is_networkx
from engine_questions import SEEDS
from hypothesis import given
from hypothesis import strategies as st
from hypothesis_settings import examples
from sketches import Pieces, Sketch, random_sketch

from analysis.routing.arcs import FAR
from analysis.routing.sweep.vehicle_chains import chains

STREETS, STOPS = 12, 6


def _route(random: np.random.Generator, first: int) -> list[tuple[int, int, float]]:
    """A vehicle that calls at some stops, at each of which one arrives, then departs.

    Where one boards at a stop and where one leaves it come after the streets.
    """
    calls = random.integers(0, STOPS, random.integers(2, 9))
    arcs = [(first + k, first + k + 1, 0) for k in range(2 * len(calls) - 1)]
    arcs += [(STREETS + stop, first + 2 * k + 1, 0) for k, stop in enumerate(calls)]
    arcs += [(first + 2 * k, STREETS + STOPS + stop, 0) for k, stop in enumerate(calls)]
    if random.random() < 0.3:
        arcs.append((first + 2 * len(calls) - 1, first, 0))
    return arcs


def served(seed: int, *, hung: bool) -> Sketch:
    """Streets with stops and vehicles, some of which go on as others; points on both if `hung`."""
    random = np.random.default_rng(seed)
    board = STREETS + np.arange(STOPS)
    arcs = [(int(random.integers(STREETS)), int(stop), 0) for stop in board]
    arcs += [(int(stop + STOPS), int(random.integers(STREETS)), 0) for stop in board]
    first, ends = STREETS + 2 * STOPS, []
    for _ in range(random.integers(1, 6)):
        arcs += _route(random, first)
        last = max(max(arc[:2]) for arc in arcs)
        ends.append((first, last))
        first = last + 1
    for _ in range(random.integers(0, 4)):
        one, other = random.integers(len(ends), size=2)
        arcs.append((ends[one][1], ends[other][0], 0))
    drawn = random_sketch(seed, streets=STREETS, beside=first - STREETS, count=8, density=0.0)
    walk = random_sketch(seed, streets=STREETS, beside=0, count=8, density=1.5)
    routes = Pieces.of(arcs)
    most = random.choice([3, 1_000, int(2e8)])
    routes = replace(routes, cost=random.integers(0, most, len(arcs)))
    points = drawn if hung else walk
    return replace(drawn, arcs=walk.arcs.and_also(routes), out=points.out, into=points.into)


@pytest.mark.parametrize("reverse", [False, True])
@examples(150)
@given(seed=SEEDS, hung=st.booleans())
def test_riding_costs_what_networkx_says(seed: int, *, hung: bool, reverse: bool) -> None:
    check_is_networkx(served(seed, hung=hung), seed, reverse=reverse)


def test_most_of_a_vehicle_is_passed_through() -> None:
    """A line of three stops, each way; points hang on streets only."""
    rows, held = 2, np.zeros(20, dtype=np.bool_)
    # street 0 to stop 2 (boards), vehicle 8 to 13, stop 5 (leave) to street 1
    tails = np.array([0, 2, 8, 9, 10, 11, 12, 12, 5])
    heads = np.array([2, 9, 9, 10, 11, 12, 13, 5, 1])
    costs = np.arange(9, dtype=np.int32) + 1
    found = chains((tails, heads, costs), held, rows, 1)
    assert np.flatnonzero(found.passed).tolist() == [8, 9, 10, 11, 12, 13]
    assert found.links.tolist() == [FAR, 3, 4, 5, 6, 7]
    held[11] = True
    found = chains((tails, heads, costs), held, rows, 1)
    assert np.flatnonzero(found.passed).tolist() == [8, 9, 10, 12, 13]
    assert found.links.tolist() == [FAR, 3, 4, FAR, 7]
    back = chains((heads, tails, costs), held, rows, -1)
    assert back.links.tolist() == [FAR, 7, FAR, 4, 3]
