"""What must not change on bare graphs, and what may only get better.

Costs are whole units, so "nothing" means not one unit; an arc that is split anywhere is
rounded in two parts. `test_invariants` holds the same for networks.
"""

from __future__ import annotations

from dataclasses import replace

import numpy as np
from engine_questions import Asked, everyone
from hypothesis import given
from hypothesis import strategies as st
from hypothesis_settings import examples
from networkx_costs import networkx_paths
from sketches import MOST, Pieces, Sketch, in_units, random_sketch, sketches

from analysis.routing.hierarchy.cache import Hierarchies

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
