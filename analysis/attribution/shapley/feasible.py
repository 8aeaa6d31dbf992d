"""The feasible part of a coalition: players whose requirements are all present.

This is the conjunctive permission restriction (Gilles, Owen and van den Brink, "Games with
permission structures: the conjunctive approach", International Journal of Game Theory 20, 1992).
"""

from __future__ import annotations

import numpy as np

MOST_PLAYERS = 62
"""A subset is an int64."""


def players_alone(players: int) -> np.ndarray:
    """The subsets of one player each: int64, one a player.

    Examples
    --------
    >>> players_alone(3).tolist()
    [1, 2, 4]
    """
    return np.left_shift(1, np.arange(players, dtype=np.int64))


def requirements(direct: np.ndarray) -> np.ndarray:
    """Players that each player requires, directly or through others.

    Groups of projects can require each other; then each of them also requires itself.

    Parameters
    ----------
    direct
        int64, one a player: bit k set if player k is directly required.

    Returns
    -------
    ndarray
        int64, one a player: the transitive closure (Warshall, "A theorem on Boolean matrices",
        Journal of the ACM 9, 1962).

    Examples
    --------
    >>> requirements(np.array([0b000, 0b001, 0b010])).tolist()
    [0, 1, 3]
    """
    closed = np.array(direct, dtype=np.int64)
    for via in range(len(closed)):
        closed |= np.where((closed >> via) & 1 == 1, closed[via], 0)
    return closed


def with_required(required: np.ndarray) -> np.ndarray:
    """Each player with those it requires: int64 subsets, one a player.

    Examples
    --------
    >>> with_required(np.array([0b00, 0b01])).tolist()
    [1, 3]
    """
    return required | players_alone(len(required))


def feasible_parts(subsets: np.ndarray, required: np.ndarray) -> np.ndarray:
    """The largest part of each subset in which all requirements are present.

    Parameters
    ----------
    subsets
        int64.
    required
        int64, one a player, closed as `requirements` returns them.

    Returns
    -------
    ndarray
        int64, one a subset.

    Examples
    --------
    >>> feasible_parts(np.array([0b10, 0b11]), np.array([0b00, 0b01])).tolist()
    [0, 3]
    """
    parts = np.zeros_like(subsets)
    for player, required_bits in enumerate(required.tolist()):
        is_feasible = required_bits & ~subsets == 0
        parts |= np.where(is_feasible, subsets & (1 << player), 0)
    return parts


def feasible_part(required: np.ndarray) -> np.ndarray:
    """The feasible parts of all subsets of the players: int64, 2 ** players.

    Examples
    --------
    >>> feasible_part(np.array([0b00, 0b01])).tolist()
    [0, 1, 0, 3]
    """
    return feasible_parts(np.arange(2 ** len(required), dtype=np.int64), required)
