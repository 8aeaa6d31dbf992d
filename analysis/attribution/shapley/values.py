"""What each player has of the change: as the first, as the last, and on average."""

from __future__ import annotations

import numpy as np

from analysis.attribution.shapley.feasible import players_alone, with_required
from analysis.attribution.shapley.game import AnyGame, Game
from analysis.attribution.shapley.order_weights import chances_before

NOBODY = np.zeros(1, dtype=np.int64)
"""The subset without players."""


def everybody(game: AnyGame) -> np.ndarray:
    """The subset of all players, as an array of one."""
    return np.array([2 ** len(game.names) - 1], dtype=np.int64)


def first_in(game: AnyGame) -> np.ndarray:
    """Every player with all that it requires, against nothing built.

    Returns
    -------
    ndarray
        float64, players x columns.
    """
    return game.of(with_required(game.required)) - game.of(NOBODY)


def last_in(game: AnyGame) -> np.ndarray:
    """All players, against all without the player and those that require it.

    Returns
    -------
    ndarray
        float64, players x columns.
    """
    everyone = everybody(game)
    # those that require the player are not feasible without it
    return game.of(everyone) - game.of(everyone ^ players_alone(len(game.names)))


def shapley_values(game: Game) -> np.ndarray:
    """What every player adds to those before it, on average over all orders of building.

    They add up to the change. Exact (Shapley, "A value for n-person games", Contributions to
    the Theory of Games II, 1953), in time of players x 2 ** players x columns.

    Returns
    -------
    ndarray
        float64, players x columns, in the columns' units.

    Examples
    --------
    Two tunnels serve the same people; a road brings 2 whatever else is built.

    >>> from analysis.attribution.shapley.game import game
    >>> values = np.array([0, 6, 6, 6, 2, 8, 8, 8], dtype=float)[:, None]
    >>> shapley_values(game(("north", "south", "road"), values, np.zeros(3, int))).round(9)
    array([[3.],
           [3.],
           [2.]])
    """
    players, columns = len(game.names), game.values.shape[1]
    chances = chances_before(players - 1)[:, None]
    found = np.empty((players, columns))
    for player in range(players):
        sides = game.values.reshape(-1, 2, 2**player, columns)
        added = (sides[:, 1] - sides[:, 0]).reshape(-1, columns)
        added *= chances
        found[player] = added.sum(axis=0)
    return found
