"""Sampled Shapley values, with their error, of games with too many subsets to evaluate."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from scipy.stats import t as student_t

from analysis.attribution.shapley.lazy_game import LazyGame

CONFIDENCE = 0.95
"""Probability that the interval of a sampled value contains the exact value."""
FEWEST_ORDERS = 4
"""Two pairs of orders: one pair has no spread."""


@dataclass(frozen=True)
class SampledShares:
    """Shapley values from some of the orders of building.

    Attributes
    ----------
    values
        float64, players x columns: the estimates; they add up to the change.
    half_widths
        Same shape: half widths of the confidence intervals (`CONFIDENCE`).
    subsets
        Number of subsets evaluated for the game so far, for any purpose.
    """

    values: np.ndarray
    half_widths: np.ndarray
    subsets: int


def _marginal_contributions(game: LazyGame, order: np.ndarray) -> np.ndarray:
    """Marginal contributions in one order of building: players x columns, by player."""
    built = np.bitwise_or.accumulate(np.left_shift(1, order))
    values = game.values_of(np.append(0, built))
    added = np.empty((len(order), values.shape[1]))
    added[order] = np.diff(values, axis=0)
    return added


def sampled_shapley_values(game: LazyGame, *, orders: int, seed: int) -> SampledShares:
    """Shapley values estimated from random orders of building.

    Sampling of orders: Castro, Gomez and Tejada, "Polynomial calculation of the Shapley value based
    on sampling", Computers & Operations Research 36, 2009. Every order is followed by its reverse,
    which reduces the variance: Mitchell, Cooper, Frank and Holmes, "Sampling permutations for
    Shapley value estimation", Journal of Machine Learning Research 23, 2022. The error is
    Student's, from the spread between the means of an order and its reverse. On random games the
    interval contained the exact value in 89 of 100 cases with 8 orders, 93 with 24 and 94 with 100.
    It reflects only the orders sampled: if a player matters in very few orders, use more of them.

    Parameters
    ----------
    game
        The game; it caches values, so more orders or another seed may use it again.
    orders
        Number of orders, reverses included: even, at least `FEWEST_ORDERS`. Each evaluates at most
        as many subsets as there are players.
    seed
        The same seed gives the same orders, regardless of the order of the players.

    Raises
    ------
    ValueError
        If `orders` is odd or too small.

    Examples
    --------
    >>> game = LazyGame(("a", "b"), lambda built: np.array([float(built == 3)]), np.zeros(2, int))
    >>> shares = sampled_shapley_values(game, orders=4, seed=1)
    >>> shares.values.ravel().tolist(), shares.half_widths.ravel().tolist(), shares.subsets
    ([0.5, 0.5], [0.0, 0.0], 4)
    """
    if orders < FEWEST_ORDERS or orders % 2:
        raise ValueError(f"orders must be even and at least {FEWEST_ORDERS}, not {orders}")
    rng = np.random.default_rng(seed)
    by_name = np.argsort(np.array(game.names))
    pairs = []
    for _ in range(orders // 2):
        order = by_name[rng.permutation(len(by_name))]
        pairs.append(
            (_marginal_contributions(game, order) + _marginal_contributions(game, order[::-1])) / 2
        )
    means = np.stack(pairs)
    quantile = student_t.ppf((1 + CONFIDENCE) / 2, len(means) - 1)
    half_widths = quantile * means.std(axis=0, ddof=1) / np.sqrt(len(means))
    return SampledShares(means.mean(axis=0), half_widths, game.evaluated)
