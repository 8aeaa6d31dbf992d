"""Orders of building, against all orders there are."""

from __future__ import annotations

from itertools import permutations

import numpy as np
import pytest
from games import NAMES, members, plain_game, random_requirements, renamed
from hypothesis import given
from hypothesis import strategies as st
from hypothesis_settings import examples

from analysis.attribution.shapley.building_order import (
    BuildingOrder,
    best_order,
    greedy_order,
    order_gap,
)
from analysis.attribution.shapley.game import Game, game
from analysis.attribution.shapley.lazy_game import AskedGame

SEEDS = st.integers(0, 2**32 - 1)


def game_with_ties(seed: int, players: int) -> Game:
    """Whole numbers, so that sums are exact and equal ones are common; some do harm."""
    rng = np.random.default_rng(seed)
    values = rng.integers(-3, 7, (2**players, 1)).astype(float)
    return game(NAMES[:players], values, random_requirements(rng, players))


def all_orders(of: Game) -> dict[tuple[str, ...], list[float]]:
    """The yearly values of each order in which nobody comes before what it requires."""
    found = {}
    for order in permutations(range(len(of.names))):
        built, yearly = 0, []
        for player in order:
            if not members(int(of.required[player])) <= members(built):
                break
            built |= 1 << player
            yearly.append(float(of.values[built, 0] - of.values[0, 0]))
        else:
            found[tuple(of.names[k] for k in order)] = yearly
    return found


@examples(60)
@given(seed=SEEDS, players=st.integers(1, 6))
def test_best_order_is_the_best_of_all(seed: int, players: int) -> None:
    """Of equally good ones the first by name."""
    of = game_with_ties(seed, players)
    orders = all_orders(of)
    found = best_order(of, 0)
    most = max(sum(yearly) for yearly in orders.values())
    assert found.names == min(names for names, yearly in orders.items() if sum(yearly) == most)
    assert found.yearly.tolist() == orders[found.names]
    assert found.benefit == most


@examples(60)
@given(seed=SEEDS, players=st.integers(1, 6))
def test_greedy_order_takes_the_most_each_year(seed: int, players: int) -> None:
    of = game_with_ties(seed, players)
    orders = all_orders(of)
    found = greedy_order(of, 0)
    left = orders
    for year in range(players):
        most = max(yearly[year] for yearly in left.values())
        name = min(names[year] for names, yearly in left.items() if yearly[year] == most)
        left = {names: yearly for names, yearly in left.items() if names[year] == name}
    assert {found.names: found.yearly.tolist()} == left
    asked = AskedGame(of.names, lambda built: of.values[built], of.required) if players > 1 else of
    assert greedy_order(asked, 0).names == found.names
    best = best_order(of, 0)
    assert found.benefit <= best.benefit
    gap = order_gap(found, best)
    if best.benefit > 0:
        assert gap == (best.benefit - found.benefit) / best.benefit
    else:
        assert gap is None


@examples(20)
@given(seed=SEEDS, players=st.integers(2, 7))
def test_the_order_of_players_changes_nothing(seed: int, players: int) -> None:
    of = game_with_ties(seed, players)
    other = renamed(of, np.random.default_rng(seed).permutation(players))
    for order_of in (greedy_order, best_order):
        assert order_of(of, 0).names == order_of(other, 0).names
        assert order_of(of, 0).yearly.tolist() == order_of(other, 0).yearly.tolist()


def test_patience_pays() -> None:
    """Delta brings 2, alpha and foxtrot 1 each and 9 together: greedy begins with delta."""
    of = plain_game([2 * (s & 1) + (0, 1, 1, 9)[s >> 1] for s in range(8)])
    greedy, best = greedy_order(of, 0), best_order(of, 0)
    assert greedy.names == ("delta", "alpha", "foxtrot")
    assert greedy.yearly.tolist() == [2, 3, 11]
    assert best.names == ("alpha", "foxtrot", "delta")
    assert best.yearly.tolist() == [1, 9, 11]
    assert order_gap(greedy, best) == pytest.approx(5 / 21)


def test_what_is_required_comes_first_even_where_it_harms() -> None:
    """A works site of -1 for a line of 5 through it, and a road of 1."""
    site, line, road = -1, 5, 1
    values = [site * (s & 1) + line * (s >> 1 & 1) + road * (s >> 2) for s in range(8)]
    of = game(("site", "line", "road"), np.array(values, float)[:, None], np.array([0, 1, 0]))
    assert greedy_order(of, 0).names == ("road", "site", "line")
    assert best_order(of, 0).names == ("site", "line", "road")


def test_groups_that_require_each_other_count_once_both_are_there() -> None:
    values = np.array([0, 5, 7, 10, 1, 6, 8, 11], dtype=float)[:, None]
    of = game(("a", "b", "c"), values, np.array([0b010, 0b001, 0]))
    greedy, best = greedy_order(of, 0), best_order(of, 0)
    assert (greedy.names, greedy.yearly.tolist()) == (("c", "a", "b"), [1, 1, 11])
    assert (best.names, best.yearly.tolist()) == (("a", "b", "c"), [0, 10, 11])


def test_equal_orders_have_no_gap() -> None:
    order = BuildingOrder(("a", "b"), np.array([0.1, 0.2]))
    better_by_rounding = BuildingOrder(("b", "a"), np.array([0.1, 0.2 + 1e-16]))
    assert order_gap(better_by_rounding, order) == 0.0


def test_another_column_is_another_question() -> None:
    values = np.array([[0, 0], [3, 1], [1, 3], [4, 4]], dtype=float)
    of = game(("a", "b"), values, np.zeros(2, int))
    for order_of in (greedy_order, best_order):
        assert order_of(of, 0).names == ("a", "b")
        assert order_of(of, 1).names == ("b", "a")
