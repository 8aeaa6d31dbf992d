"""Games of projects: shares and pairs, against their definitions and axioms."""

from __future__ import annotations

from itertools import combinations
from math import factorial

import numpy as np
import pytest
from games import (
    NAMES,
    average_over_orders,
    mask,
    members,
    plain_game,
    random_game,
    renamed,
    standing,
    worth,
)
from hypothesis import given
from hypothesis import strategies as st
from hypothesis_settings import examples

from analysis.attribution.shapley.feasible import feasible_part, requirements
from analysis.attribution.shapley.game import game
from analysis.attribution.shapley.pairs import PAIR_COLUMNS, first_interactions, interactions
from analysis.attribution.shapley.values import first_in, last_in, shapley_values

SEEDS = st.integers(0, 2**32 - 1)


@examples(60)
@given(seed=SEEDS, players=st.integers(1, 7))
def test_feasible_parts_are_what_is_left_when_the_lacking_go(seed: int, players: int) -> None:
    """Also where players require each other in a circle."""
    direct = np.random.default_rng(seed).integers(0, 2**players, players)
    direct &= np.random.default_rng(seed + 1).integers(0, 2**players, players)
    closed = requirements(direct)
    parts = feasible_part(closed)
    for subset in range(2**players):
        assert members(int(parts[subset])) == standing(members(subset), direct)
    for player in range(players):
        reached = members(int(direct[player]))
        while more := {k for r in reached for k in members(int(direct[r]))} - reached:
            reached |= more
        assert members(int(closed[player])) == reached


@examples(40)
@given(seed=SEEDS, players=st.integers(1, 6))
def test_shares_are_those_of_the_definitions(seed: int, players: int) -> None:
    found, values, direct = random_game(np.random.default_rng(seed), players, columns=2)
    expected = average_over_orders(values, direct)
    assert shapley_values(found) == pytest.approx(expected, rel=1e-9, abs=1e-9)
    everyone = set(range(players))
    for player in range(players):
        needed = members(int(requirements(direct)[player])) | {player}
        first = worth(values, direct, needed) - values[0]
        last = values[-1] - worth(values, direct, everyone - {player})
        assert (first_in(found)[player] == first).all()
        assert (last_in(found)[player] == last).all()
    assert (found.change == values[-1] - values[0]).all()


@examples(40)
@given(seed=SEEDS, players=st.integers(1, 10), base=st.sampled_from([0.0, 1e4, 1e7]))
def test_shapley_values_add_up_to_the_change(seed: int, players: int, base: float) -> None:
    rng = np.random.default_rng(seed)
    values = base + rng.random((2**players, 3))
    values[-1] = values[0] + 0.5 + rng.random(3)
    found = game(NAMES[:players], values, random_game(rng, players)[2])
    assert shapley_values(found).sum(axis=0) == pytest.approx(found.change, rel=1e-9, abs=0)


@examples(30)
@given(seed=SEEDS, players=st.integers(2, 7))
def test_axioms_of_shapley(seed: int, players: int) -> None:
    """Who is alike gets alike, who adds nothing gets nothing, and sums of games are sums."""
    rng = np.random.default_rng(seed)
    one, two = rng.random((2, 2**players, 1))
    subsets = np.arange(2**players)
    low, high = subsets & 1, (subsets >> 1) & 1
    swapped = (subsets & ~3) | (low << 1) | high
    nothing = np.zeros(players, dtype=np.int64)

    def values_of(values: np.ndarray) -> np.ndarray:
        return shapley_values(game(NAMES[:players], values, nothing))

    alike = values_of(one + one[swapped])
    assert alike[0] == pytest.approx(alike[1], rel=1e-12)
    assert values_of(one[subsets & ~2])[1] == 0
    assert values_of(one + two) == pytest.approx(values_of(one) + values_of(two), abs=1e-12)


@examples(30)
@given(seed=SEEDS, players=st.integers(2, 6))
def test_interactions_are_those_of_the_definition(seed: int, players: int) -> None:
    found, values, direct = random_game(np.random.default_rng(seed), players)
    table = interactions(found, 0)
    assert tuple(table.columns) == PAIR_COLUMNS
    pairs = list(combinations(range(players), 2))
    assert len(table) == len(pairs)
    required = requirements(direct)

    def at(built: set[int]) -> float:
        return float(worth(values, direct, built)[0])

    for (i, j), row in zip(pairs, table.itertuples(), strict=True):
        index = 0.0
        for subset in range(2**players):
            s = members(subset)
            if s.isdisjoint({i, j}):
                weight = factorial(len(s)) * factorial(players - len(s) - 2)
                added = at(s | {i, j}) - at(s | {i}) - at(s | {j}) + at(s)
                index += weight / factorial(players - 1) * added
        assert (row.first, row.second) == (NAMES[i], NAMES[j])
        assert row.interaction == pytest.approx(index, rel=1e-9, abs=1e-9)
        needed = [members(int(required[k])) | {k} for k in (i, j)]
        assert row.first_alone == at(needed[0]) - at(set())
        assert row.second_alone == at(needed[1]) - at(set())
        assert row.together == at(needed[0] | needed[1]) - at(set())
        assert (row.kind == "requires") == (i in needed[1] or j in needed[0])


@examples(20)
@given(seed=SEEDS, players=st.integers(2, 6))
def test_the_order_of_players_changes_nothing(seed: int, players: int) -> None:
    rng = np.random.default_rng(seed)
    found, _, _ = random_game(rng, players)
    order = rng.permutation(players)
    other = renamed(found, order)
    for share in (shapley_values, first_in, last_in):
        assert share(other) == pytest.approx(share(found)[order], rel=1e-12, abs=1e-9)
    for pairs_of in (interactions, first_interactions):
        tables = []
        for which in (found, other):
            table = pairs_of(which, 0)
            keys = [frozenset(pair) for pair in zip(table["first"], table["second"], strict=True)]
            tables.append(table.set_index([keys])[["together", "interaction", "kind"]])
        one, same = tables[0], tables[1].loc[tables[0].index]
        assert (one["kind"] == same["kind"]).all()
        for column in ("together", "interaction"):
            assert same[column].to_numpy() == pytest.approx(one[column].to_numpy(), abs=1e-9)


def test_gloves() -> None:
    """Two left gloves and a right one; a pair is worth 1."""
    gloves = plain_game([0, 0, 0, 0, 0, 1, 1, 1])
    assert shapley_values(gloves).ravel() == pytest.approx([1 / 6, 1 / 6, 4 / 6], abs=1e-12)
    assert first_in(gloves).ravel().tolist() == [0, 0, 0]
    assert last_in(gloves).ravel().tolist() == [0, 0, 1]
    pairs = interactions(gloves, 0)
    assert pairs["interaction"].to_numpy() == pytest.approx([-0.5, 0.5, 0.5], abs=1e-12)
    assert pairs["kind"].tolist() == ["replace", "together_only", "together_only"]


@pytest.mark.parametrize("needed", [0b0011, 0b0111, 0b1011, 0b1111])
def test_unanimity(needed: int) -> None:
    """Worth 1 once all of some are there: they share alike, and each pair of them 1 / (t - 1)."""
    unanimity = plain_game([float(needed & ~s == 0) for s in range(16)])
    team = members(needed)
    shares = [1 / len(team) if k in team else 0 for k in range(4)]
    assert shapley_values(unanimity).ravel() == pytest.approx(shares, abs=1e-12)
    expected = [1 / (len(team) - 1) if {i, j} <= team else 0 for i, j in combinations(range(4), 2)]
    table = interactions(unanimity, 0)
    assert table["interaction"].to_numpy() == pytest.approx(expected, abs=1e-12)
    work = "together_only" if len(team) == 2 else "help"
    assert table["kind"].tolist() == [work if index else "apart" for index in expected]


def test_substitutes_replace_each_other() -> None:
    either = plain_game([max([0, *((5, 3)[k] for k in members(s))]) for s in range(4)])
    row = interactions(either, 0).iloc[0]
    assert row["kind"] == "replace"
    assert row["interaction"] == -3


@pytest.mark.parametrize(
    ("values", "kind"),
    [
        ([0, 10, 20, 30], "apart"),
        ([0, 10, 20, 30.29], "apart"),
        ([0, 10, 20, 30.31], "help"),
        ([0, 10, 20, 29.71], "apart"),
        ([0, 10, 20, 29.69], "replace"),
        ([0, 9.9, 9.9, 100], "together_only"),
        ([0, 10, 1, 100], "help"),
        ([0, -20, 3, 100], "together_only"),
        ([0, 5, 0, 0], "replace"),
        ([100, 100, 100, 100 + 1e-13], "apart"),
        ([0.1, 0.3, 0.4, 0.1 + (0.3 - 0.1) + (0.4 - 0.1)], "apart"),
    ],
)
def test_kinds_of_pairs(values: list[float], kind: str) -> None:
    """At the edges of each kind; two players alone have one context only."""
    for pairs_of in (interactions, first_interactions):
        assert pairs_of(plain_game(values), 0)["kind"].tolist() == [kind]


def test_what_both_require_makes_them_no_replacements() -> None:
    """Two roads of 3 from a tunnel of 8: each alone brings 11, both 14."""
    worth_of = np.array([8.0, 3.0, 3.0])
    values = [sum(worth_of[k] for k in members(s)) for s in range(8)]
    roads = game(("tunnel", "north", "south"), np.array(values)[:, None], np.array([0, 1, 1]))
    for pairs_of in (interactions, first_interactions):
        table = pairs_of(roads, 0)
        assert table["kind"].tolist() == ["requires", "requires", "apart"]
        assert table["first_alone"].tolist() == [8, 8, 11]
        assert table["together"].tolist() == [11, 11, 14]
    # of the 3 that a road brings, half is the tunnel's
    assert shapley_values(roads).ravel() == pytest.approx([11, 1.5, 1.5], abs=1e-12)


def test_groups_that_require_each_other_come_as_one() -> None:
    values = np.array([0, 5, 7, 10], dtype=float)[:, None]
    both = game(("a", "b"), values, np.array([0b10, 0b01]))
    assert both.values.ravel().tolist() == [0, 0, 0, 10]
    assert shapley_values(both).ravel().tolist() == [5, 5]
    assert first_in(both).ravel().tolist() == last_in(both).ravel().tolist() == [10, 10]
    assert interactions(both, 0)["kind"].tolist() == ["requires"]


def test_one_player_has_the_change_and_no_pair() -> None:
    alone = plain_game([4, 7])
    for share in (shapley_values, first_in, last_in):
        assert share(alone).tolist() == [[3.0]]
    table = interactions(alone, 0)
    assert table.empty
    assert tuple(table.columns) == PAIR_COLUMNS


def test_columns_are_games_of_their_own() -> None:
    found, values, direct = random_game(np.random.default_rng(3), 5, columns=4)
    for column in range(4):
        single = game(NAMES[:5], values[:, [column]], direct)
        assert shapley_values(found)[:, column] == pytest.approx(shapley_values(single).ravel())
        assert interactions(found, column).equals(interactions(single, 0))


@pytest.mark.parametrize(
    ("names", "shape", "required", "message"),
    [
        ((), (1, 1), [], "needs players"),
        (("a", "a"), (4, 1), [0, 0], "name of its own"),
        (("a", "b"), (3, 1), [0, 0], "4 rows"),
        (("a", "b"), (4,), [0, 0], "4 rows"),
        (("a", "b"), (4, 1), [0], "mask"),
        (("a", "b"), (4, 1), [0, 4], "mask"),
        (("a", "b"), (4, 1), [0, -1], "mask"),
    ],
)
def test_what_does_not_fit_together_is_refused(
    names: tuple[str, ...], shape: tuple[int, ...], required: list[int], message: str
) -> None:
    with pytest.raises(ValueError, match=message):
        game(names, np.zeros(shape), np.array(required, dtype=np.int64))


def test_values_that_count_must_be_finite() -> None:
    values = np.array([0, np.nan, 0, 1.0])[:, None]
    assert np.isfinite(game(("a", "b"), values, np.array([2, 0])).values).all()
    with pytest.raises(ValueError, match="finite"):
        game(("a", "b"), values, np.array([0, 0]))


def test_making_a_game_changes_nothing_given() -> None:
    values, required = np.arange(8.0)[:, None], np.array([0, 1, 2])
    made = game(("a", "b", "c"), values, required)
    shapley_values(made)
    interactions(made, 0)
    assert values.ravel().tolist() == list(range(8))
    assert required.tolist() == [0, 1, 2]
    assert made.required.tolist() == [0, 1, mask({0, 1})]
