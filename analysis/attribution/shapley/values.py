"""First-in, last-in and Shapley values of the players."""

from __future__ import annotations

from math import comb

import numpy as np

from analysis.attribution.shapley.feasible import players_alone, with_required
from analysis.attribution.shapley.game import AnyGame, Game

NO_PLAYERS = np.zeros(1, dtype=np.int64)
"""The subset without players."""


def all_players(game: AnyGame) -> np.ndarray:
    """The subset of all players, as an array of one."""
    return np.array([2 ** len(game.names) - 1], dtype=np.int64)


def first_in(game: AnyGame) -> np.ndarray:
    """First-in values: each player with those it requires, against nothing built.

    Returns
    -------
    ndarray
        float64, players x columns.
    """
    return game.values_of(with_required(game.required)) - game.values_of(NO_PLAYERS)


def last_in(game: AnyGame) -> np.ndarray:
    """Last-in values: all players, against all without the player and those that require it.

    Returns
    -------
    ndarray
        float64, players x columns.
    """
    coalition = all_players(game)
    # those that require the player are not feasible without it
    return game.values_of(coalition) - game.values_of(coalition ^ players_alone(len(game.names)))


def shapley_values(game: Game) -> np.ndarray:
    """Shapley values: mean marginal contributions over all orders of building.

    They add up to the change. Exact (Shapley, "A value for n-person games", Contributions to
    the Theory of Games II, 1953), in time of players x 2 ** players x columns.

    Returns
    -------
    ndarray
        float64, players x columns, in the columns' units.

    Examples
    --------
    Two tunnels serve the same people; a road gains 2 regardless of the tunnels.

    >>> from analysis.attribution.shapley.game import game
    >>> values = np.array([0, 6, 6, 6, 2, 8, 8, 8], dtype=float)[:, None]
    >>> shapley_values(game(("north", "south", "road"), values, np.zeros(3, int))).round(9)
    array([[3.],
           [3.],
           [2.]])
    """
    players, columns = len(game.names), game.values.shape[1]
    chances = chances_before(players - 1)[:, None]
    shapley = np.empty((players, columns))
    for player in range(players):
        without_and_with = game.values.reshape(-1, 2, 2**player, columns)
        added = (without_and_with[:, 1] - without_and_with[:, 0]).reshape(-1, columns)
        added *= chances
        shapley[player] = added.sum(axis=0)
    return shapley


def subset_sizes(players: int) -> np.ndarray:
    """Number of players in each subset: int64, 2 ** players.

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
    """Probability that exactly these others precede a player, if all orders are equally likely.

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
