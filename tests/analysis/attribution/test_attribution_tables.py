"""Tables of shares and draws, from figures made by hand."""

from __future__ import annotations

import numpy as np
import pandas as pd
import pytest

from analysis.attribution.monte_carlo import MonteCarloShares
from analysis.attribution.shapley.game import game
from analysis.attribution.tables import (
    BAND_COLUMNS,
    CERTAINTY_COLUMNS,
    CHANGE_COLUMNS,
    ORDER_COLUMNS,
    PAIR_TABLE_COLUMNS,
    SHARE_COLUMNS,
    band_table,
    banded_changes,
    certainty_table,
    change_table,
    order_table,
    pair_table,
    share_table,
)

NAMES = ("a", "b", "c", "d")
COLUMNS = pd.DataFrame(
    [("people", "drive", "peak", "core"), ("people", "drive", "peak", "all")],
    columns=["measure", "mode", "period", "area_id"],
)
TWENTY = 20


def draws_of(*shares: list[float]) -> MonteCarloShares:
    """The shares of each player in every draw, everywhere."""
    shapley = np.array(shares, dtype=float).T[:, :, np.newaxis]
    columns = COLUMNS.iloc[[1]].reset_index(drop=True)
    return MonteCarloShares(columns, shapley, shapley.sum(axis=1))


def test_bands_are_percentiles() -> None:
    """0 to 100 in 101 draws: the 5th and the 95th percentile."""
    ramp = [float(k) for k in range(101)]
    found = band_table(draws_of(ramp, [7.0] * 101), ["a", "b"], np.array([[1.0], [7.0]]))
    assert tuple(found.columns) == BAND_COLUMNS
    assert found[["central", "low", "high"]].to_numpy().tolist() == [[1, 5, 95], [7, 7, 7]]


def test_the_first_three() -> None:
    """Equal ones share a place; who brings nothing is not among them."""
    draws = draws_of([9, 9, 9, 0], [8, 8, 9, 0], [7, 6, 9, 0], [6, 7, 9, 1])
    found = band_table(draws, list(NAMES), np.zeros((4, 1))).set_index("player_id")["top_three"]
    assert found.to_dict() == {"a": 0.75, "b": 0.75, "c": 0.5, "d": 0.75}


@pytest.mark.parametrize(("lost", "robust"), [(0, True), (1, True), (2, False)])
def test_what_holds_in_nineteen_of_twenty_draws_is_robust(lost: int, *, robust: bool) -> None:
    one = [2.0] * (TWENTY - lost) + [1.0] * lost
    draws = draws_of(one, [1.5] * TWENTY)
    (row,) = certainty_table(draws, ["a", "b"], np.array([[3.0], [1.0]])).itertuples()
    assert (row.first, row.second) == ("a", "b")
    assert row.holds == pytest.approx(1 - lost / TWENTY)
    assert row.robust == robust


def test_whoever_has_more_with_central_values_stands_first() -> None:
    """Equals are left out; a draw in which both have the same does not hold."""
    central = np.array([[1.0], [2.0], [2.0]])
    found = certainty_table(draws_of([1, 1], [1, 2], [3, 3]), ["a", "b", "c"], central)
    assert tuple(found.columns) == CERTAINTY_COLUMNS
    assert found[["first", "second", "holds"]].to_numpy().tolist() == [
        ["b", "a", 0.5],
        ["c", "a", 1.0],
    ]


def test_tables_of_a_game() -> None:
    """Two tunnels replace each other, everywhere 6 of 9; in the core only the first counts."""
    values = np.array([[1, 3], [3, 9], [1, 9], [3, 12]], dtype=float)
    found = game(("a", "b"), values, np.zeros(2, np.int64))
    changes = change_table(found, COLUMNS)
    assert tuple(changes.columns) == CHANGE_COLUMNS
    assert changes[["baseline", "scenario", "gain"]].to_numpy().tolist() == [[1, 3, 2], [3, 12, 9]]
    shapley = np.array([[2, 4.5], [0, 4.5]])
    shares = share_table(found, COLUMNS, shapley, np.array([[0, 1], [2, 3]]))
    assert tuple(shares.columns) == SHARE_COLUMNS
    figures = shares.drop(columns=["measure", "mode", "period"]).to_numpy().tolist()
    assert figures == [
        ["core", "a", 2, 2, 2, 0, 1],
        ["all", "a", 6, 3, 4.5, 1, 0.5],
        ["core", "b", 0, 0, 0, 2, 0],
        ["all", "b", 6, 3, 4.5, 3, 0.5],
    ]
    pairs = pair_table(found, COLUMNS)
    assert tuple(pairs.columns) == PAIR_TABLE_COLUMNS
    assert pairs[["together", "interaction", "kind"]].to_numpy().tolist() == [[9, -3, "replace"]]


def test_the_change_of_the_whole_has_a_band_everywhere_only() -> None:
    found = game(NAMES[:1], np.array([[1.0, 2.0], [4.0, 6.0]]), np.zeros(1, int))
    plain = change_table(found, COLUMNS)
    assert plain[["low", "high"]].isna().all(axis=None)
    draws = draws_of([float(n) for n in range(101)])
    banded = banded_changes(plain, draws)
    assert tuple(banded.columns) == CHANGE_COLUMNS
    assert banded["gain"].tolist() == [3.0, 4.0]
    assert banded.iloc[1][["low", "high"]].tolist() == [5.0, 95.0]
    assert banded.iloc[0][["low", "high"]].isna().all()


def test_a_share_of_nothing_is_missing() -> None:
    same = game(("a",), np.array([[5.0], [5.0]]), np.zeros(1, np.int64))
    one = COLUMNS.iloc[[1]]
    shares = share_table(same, one, np.zeros((1, 1)), np.zeros((1, 1)))
    assert shares["share"].isna().all()


def test_orders_of_a_game() -> None:
    """Greedy takes the road first (2, 3, 11); the line opens the tunnel, so it comes first."""
    values = np.array([0, 2, 0, 2, 1, 3, 9, 11], dtype=float)[:, None]
    found = game(("road", "tunnel", "line"), values, np.zeros(3, np.int64))
    orders = order_table(found, COLUMNS.iloc[[1]].reset_index(drop=True))
    assert tuple(orders.columns) == ORDER_COLUMNS
    by_kind = dict(iter(orders.groupby("order")))
    assert by_kind["greedy"]["player_id"].tolist() == ["road", "line", "tunnel"]
    assert by_kind["best"]["player_id"].tolist() == ["line", "tunnel", "road"]
    assert by_kind["best"]["gain"].tolist() == [1, 9, 11]
    assert by_kind["best"]["year"].tolist() == [1, 2, 3]
    assert orders["gap"].to_numpy() == pytest.approx([5 / 21] * 6)
