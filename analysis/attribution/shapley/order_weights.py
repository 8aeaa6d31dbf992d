"""Who comes before a player in a random order."""

from __future__ import annotations

from math import comb

import numpy as np


def subset_sizes(players: int) -> np.ndarray:
    """How many players every subset has: int64, 2 ** players.

    Examples
    --------
    >>> subset_sizes(2).tolist()
    [0, 1, 1, 2]
    """
    sizes = np.zeros(1, dtype=np.int64)
    for _ in range(players):
        sizes = np.concatenate([sizes, sizes + 1])
    return sizes


def chances_before(others: int) -> np.ndarray:
    """How likely exactly these others stand before a player, if all orders are as likely.

    Of m others it is s! (m - s)! / (m + 1)! for a subset of s of them (Shapley, "A value for
    n-person games", Contributions to the Theory of Games II, 1953).

    Returns
    -------
    ndarray
        float64, 2 ** others; their sum is 1.

    Examples
    --------
    >>> (6 * chances_before(2)).round(12).tolist()
    [2.0, 1.0, 1.0, 2.0]
    """
    of_size = np.array([1 / ((others + 1) * comb(others, size)) for size in range(others + 1)])
    return of_size[subset_sizes(others)]
