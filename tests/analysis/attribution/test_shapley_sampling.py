"""Shapley values from some orders, against those from all subsets."""

from __future__ import annotations

import numpy as np
import pytest
from games import NAMES, random_game, renamed
from hypothesis import given
from hypothesis import strategies as st
from hypothesis_settings import examples

from analysis.attribution.shapley.feasible import feasible_part
from analysis.attribution.shapley.game import Game
from analysis.attribution.shapley.lazy_game import AskedGame
from analysis.attribution.shapley.pairs import first_interactions
from analysis.attribution.shapley.sampling import sampled_shapley_values
from analysis.attribution.shapley.values import first_in, last_in, shapley_values


class Asking:
    """Answers from a known game and keeps what it was asked."""

    def __init__(self, known: Game) -> None:
        self.known = known
        self.asked: list[int] = []

    def __call__(self, built: int) -> np.ndarray:
        self.asked.append(built)
        return self.known.values[built]


def asked_game(known: Game) -> tuple[AskedGame, Asking]:
    asking = Asking(known)
    return AskedGame(known.names, asking, known.required), asking


@examples(30)
@given(
    seed=st.integers(0, 2**32 - 1), players=st.integers(2, 9), orders=st.sampled_from([4, 6, 40])
)
def test_estimates_add_up_and_ask_feasible_subsets_once(
    seed: int, players: int, orders: int
) -> None:
    known, _, _ = random_game(np.random.default_rng(seed), players, columns=2)
    game, asking = asked_game(known)
    found = sampled_shapley_values(game, orders=orders, seed=seed)
    assert found.values.sum(axis=0) == pytest.approx(known.change, rel=1e-9, abs=0)
    assert len(set(asking.asked)) == len(asking.asked) == found.subsets
    assert found.subsets <= min(2**players, orders * players)
    assert set(asking.asked) <= set(feasible_part(known.required).tolist())
    again = sampled_shapley_values(asked_game(known)[0], orders=orders, seed=seed)
    assert (again.values == found.values).all()
    assert (again.half_widths == found.half_widths).all()


def test_the_stated_error_holds_in_95_of_100_cases() -> None:
    inside, width, error = [], [], []
    for seed in range(300):
        known, _, _ = random_game(np.random.default_rng(seed), 6)
        found = sampled_shapley_values(asked_game(known)[0], orders=24, seed=seed)
        off = np.abs(found.values - shapley_values(known))
        inside.extend((off <= found.half_widths + 1e-9).ravel())
        width.append(found.half_widths.mean())
        error.append(off.mean())
    assert 0.88 < np.mean(inside) < 0.99
    # the mean of |N(0, 1)| is 0.80, and Student's quantile with 11 degrees of freedom 2.20
    assert np.mean(error) / np.mean(width) == pytest.approx(0.80 / 2.20, rel=0.1)


def test_the_stated_error_is_student_s() -> None:
    """The first two pairs of orders follow from their mean and error, the third from the next."""
    known, _, _ = random_game(np.random.default_rng(8), 6)
    two, three = (
        sampled_shapley_values(asked_game(known)[0], orders=orders, seed=1) for orders in (4, 6)
    )
    off = two.half_widths / 12.7062
    third = 3 * three.values - 2 * two.values
    pairs = np.stack([two.values - off, two.values + off, third])
    expected = 4.30265 * np.sqrt(pairs.var(axis=0, ddof=1) / 3)
    assert three.half_widths == pytest.approx(expected, rel=1e-4)


def test_more_orders_come_closer() -> None:
    known, _, _ = random_game(np.random.default_rng(5), 8)
    few, many = (
        sampled_shapley_values(asked_game(known)[0], orders=orders, seed=1) for orders in (40, 4000)
    )
    assert many.half_widths.mean() == pytest.approx(few.half_widths.mean() / 10, rel=0.3)
    off = np.abs(many.values - shapley_values(known))
    assert (off <= 2 * many.half_widths).all()


def test_pairs_need_no_more_than_an_order_and_its_reverse() -> None:
    """Where players act in pairs only, the mean of an order and its reverse is exact."""
    rng = np.random.default_rng(11)
    acts = np.triu(rng.random((9, 9)))
    built = (np.arange(2**9)[:, None] >> np.arange(9)) & 1
    values = np.einsum("si,ij,sj->s", built, acts, built)[:, None]
    known = Game(NAMES[:9], values, np.zeros(9, dtype=np.int64))
    found = sampled_shapley_values(asked_game(known)[0], orders=4, seed=0)
    assert found.values == pytest.approx(shapley_values(known), abs=1e-9)
    assert found.half_widths == pytest.approx(np.zeros((9, 1)), abs=1e-9)


@examples(20)
@given(seed=st.integers(0, 2**32 - 1), players=st.integers(2, 8))
def test_first_in_and_last_in_are_exact_and_cheap(seed: int, players: int) -> None:
    known, _, _ = random_game(np.random.default_rng(seed), players, columns=2)
    game, asking = asked_game(known)
    assert (first_in(game) == first_in(known)).all()
    assert (last_in(game) == last_in(known)).all()
    assert len(asking.asked) <= 2 * players + 2
    pairs = first_interactions(game, 1)
    assert pairs.equals(first_interactions(known, 1))


def test_pairs_of_many_players_need_few_values() -> None:
    names = [f"project {k}" for k in range(40)]
    game = AskedGame(names, lambda built: np.array([built.bit_count() ** 2.0]), np.zeros(40, int))
    assert set(first_interactions(game, 0)["interaction"]) == {2.0}
    assert game.looked_at == 1 + 40 + 40 * 39 // 2 + 1
    found = sampled_shapley_values(game, orders=4, seed=0)
    assert found.values == pytest.approx(np.full((40, 1), 40.0))


def test_the_order_of_players_changes_nothing() -> None:
    rng = np.random.default_rng(2)
    known, _, _ = random_game(rng, 7)
    order = rng.permutation(7)
    one, other = (
        sampled_shapley_values(asked_game(which)[0], orders=10, seed=3)
        for which in (known, renamed(known, order))
    )
    assert (other.values == one.values[order]).all()
    another_seed = sampled_shapley_values(asked_game(known)[0], orders=10, seed=4)
    assert (another_seed.values != one.values).any()


@pytest.mark.parametrize("orders", [-2, 0, 2, 5])
def test_orders_come_with_their_reverse(orders: int) -> None:
    known, _, _ = random_game(np.random.default_rng(0), 3)
    with pytest.raises(ValueError, match="even and at least 4"):
        sampled_shapley_values(asked_game(known)[0], orders=orders, seed=0)


@pytest.mark.parametrize(
    ("names", "required", "message"),
    [
        (["a"], [0], "2 to 62 players"),
        (["a", "a"], [0, 0], "different names"),
        ([str(k) for k in range(63)], [0] * 63, "2 to 62 players"),
        (["a", "b"], [0], "mask for each"),
    ],
)
def test_what_does_not_fit_together_is_refused(
    names: list[str], required: list[int], message: str
) -> None:
    with pytest.raises(ValueError, match=message):
        AskedGame(names, lambda built: np.array([float(built)]), np.array(required))
