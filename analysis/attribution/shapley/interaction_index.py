"""By how much more a player adds if another one is built."""

from __future__ import annotations

from itertools import combinations

import numpy as np

from analysis.attribution.shapley.game import Game
from analysis.attribution.shapley.order_weights import chances_before


def shapley_interactions(game: Game, column: int) -> np.ndarray:
    """The Shapley interaction index of every pair of players.

    By how much more one adds if the other is built, on average over what stands before both in
    all orders in which they follow each other (Owen, "Multilinear extensions of games",
    Management Science 18, 1972; Grabisch and Roubens, "An axiomatic approach to the concept of
    interaction among players in cooperative games", International Journal of Game Theory 28,
    1999).

    Returns
    -------
    ndarray
        float64, in the column's unit, one a pair: first with second, first with third, and on.

    Examples
    --------
    Two tunnels serve the same people; a road brings 2 whatever else is built.

    >>> from analysis.attribution.shapley.game import game
    >>> values = np.array([0, 6, 6, 6, 2, 8, 8, 8], dtype=float)[:, None]
    >>> shapley_interactions(game(("north", "south", "road"), values, np.zeros(3, int)), 0)
    array([-6.,  0.,  0.])
    """
    players, values = len(game.names), game.values[:, column]
    chances = chances_before(players - 2) if players > 1 else np.empty(0)
    found = []
    for i, j in combinations(range(players), 2):
        sides = values.reshape(-1, 2, 2 ** (j - i - 1), 2, 2**i)
        both, only_j = sides[:, 1, :, 1], sides[:, 1, :, 0]
        only_i, neither = sides[:, 0, :, 1], sides[:, 0, :, 0]
        more = (both - only_j) - (only_i - neither)
        found.append((more.ravel() * chances).sum())
    return np.array(found, dtype=np.float64)
