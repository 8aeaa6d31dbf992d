"""Pairs of players: interactions and requirements."""

from __future__ import annotations

from itertools import combinations

import numpy as np
import pandas as pd

from analysis.attribution.shapley.feasible import with_required
from analysis.attribution.shapley.game import AnyGame, Game
from analysis.attribution.shapley.values import NO_PLAYERS, all_players, chances_before, first_in

PAIR_COLUMNS = (
    "first",
    "second",
    "first_alone",
    "second_alone",
    "together",
    "interaction",
    "kind",
)
ALONE_SHARE = 0.1
"""A pair is `together_only` if each alone gains less than this share of their joint gain."""
ABOUT_ZERO = 0.01
"""An interaction within this share of the package's change counts as zero."""
ROUNDING = 1e-9
"""So does one within this share of the values themselves, if the package changes nothing."""


def _pairs(game: AnyGame) -> tuple[np.ndarray, np.ndarray]:
    """Positions of the first and the second of every pair."""
    first, second = np.triu_indices(len(game.names), k=1)
    return first, second


def _tolerance(game: AnyGame, column: int) -> float:
    """The largest interaction that counts as zero."""
    baseline, scenario = game.values_of(np.append(NO_PLAYERS, all_players(game)))[:, column]
    return float(
        ABOUT_ZERO * abs(scenario - baseline) + ROUNDING * max(abs(baseline), abs(scenario))
    )


def _kinds(game: AnyGame, table: pd.DataFrame, tolerance: float) -> np.ndarray:
    """The kind of every pair: the first kind that applies."""
    first, second = _pairs(game)
    requires = ((game.required[first] >> second) | (game.required[second] >> first)) & 1 == 1
    alone = table[["first_alone", "second_alone"]].max(axis=1)
    enough = table["together"] > tolerance
    conditions = {
        "requires": requires,
        "together_only": enough & (alone < ALONE_SHARE * table["together"]),
        "help": table["interaction"] > tolerance,
        "replace": table["interaction"] < -tolerance,
    }
    return np.select([np.asarray(c) for c in conditions.values()], list(conditions), "apart")


def _pair_table(game: AnyGame, column: int, interaction: np.ndarray) -> pd.DataFrame:
    first, second = _pairs(game)
    names, whole = np.array(game.names, dtype=object), with_required(game.required)
    alone = first_in(game)[:, column]
    joint_gain = (game.values_of(whole[first] | whole[second]) - game.values_of(NO_PLAYERS))[
        :, column
    ]
    figures = (names[first], names[second], alone[first], alone[second], joint_gain, interaction)
    table = pd.DataFrame(dict(zip(PAIR_COLUMNS, figures, strict=False)))
    return table.assign(kind=_kinds(game, table, _tolerance(game, column)))


def interactions(game: Game, column: int) -> pd.DataFrame:
    """Interaction of every pair of players, averaged over the other players built.

    The interaction is the Shapley interaction index (`shapley_interactions`).

    Parameters
    ----------
    game
        A game in which higher values are better.
    column
        Column of the values.

    Returns
    -------
    DataFrame
        `PAIR_COLUMNS`, a row for each pair, in the players' order. `first_alone`, `second_alone`
        and `together` are gains over nothing built, each player with those it requires; they and
        `interaction` are in the column's unit. `kind` is the first that applies: `requires` (one
        requires the other), `together_only` (each alone gains less than `ALONE_SHARE` of their
        joint gain), `help` (interaction positive), `replace` (negative), `apart` (about zero:
        within `ABOUT_ZERO` of the change of the whole package).

    Examples
    --------
    Two tunnels serve the same people; a road gains 2 regardless of the tunnels.

    >>> from analysis.attribution.shapley.game import game
    >>> values = np.array([0, 6, 6, 6, 2, 8, 8, 8], dtype=float)[:, None]
    >>> table = interactions(game(("north", "south", "road"), values, np.zeros(3, int)), 0)
    >>> table[["first", "second", "interaction", "kind"]]
       first second  interaction     kind
    0  north  south         -6.0  replace
    1  north   road          0.0    apart
    2  south   road          0.0    apart
    """
    return _pair_table(game, column, shapley_interactions(game, column))


def first_interactions(game: AnyGame, column: int) -> pd.DataFrame:
    """Interaction of every pair with nothing else built, for games with too many subsets.

    The interaction is the joint gain minus the gain of each alone; players that both require count
    once. It needs a value for each pair, not for each subset.

    Returns
    -------
    DataFrame
        `PAIR_COLUMNS`, as of `interactions`.
    """
    first, second = _pairs(game)
    whole = with_required(game.required)
    one, other = whole[first], whole[second]
    both, only_one, only_other, neither = (
        game.values_of(subsets)[:, column] for subsets in (one | other, one, other, one & other)
    )
    return _pair_table(game, column, (both - only_other) - (only_one - neither))


def shapley_interactions(game: Game, column: int) -> np.ndarray:
    """The Shapley interaction index of every pair of players.

    The increase of one player's marginal contribution by the other, averaged over the players that
    precede both, in all orders in which the two are adjacent (Owen, "Multilinear extensions of
    games", Management Science 18, 1972; Grabisch and Roubens, "An axiomatic approach to the concept
    of interaction among players in cooperative games", International Journal of Game Theory 28,
    1999).

    Returns
    -------
    ndarray
        float64, in the column's unit, one a pair: first with second, first with third, and on.

    Examples
    --------
    Two tunnels serve the same people; a road gains 2 regardless of the tunnels.

    >>> from analysis.attribution.shapley.game import game
    >>> values = np.array([0, 6, 6, 6, 2, 8, 8, 8], dtype=float)[:, None]
    >>> shapley_interactions(game(("north", "south", "road"), values, np.zeros(3, int)), 0)
    array([-6.,  0.,  0.])
    """
    players, values = len(game.names), np.asarray(game.values)[:, column]
    chances = chances_before(players - 2) if players > 1 else np.empty(0)
    indices = []
    for i, j in combinations(range(players), 2):
        by_membership = values.reshape(-1, 2, 2 ** (j - i - 1), 2, 2**i)
        both, only_j = by_membership[:, 1, :, 1], by_membership[:, 1, :, 0]
        only_i, neither = by_membership[:, 0, :, 1], by_membership[:, 0, :, 0]
        interaction = (both - only_j) - (only_i - neither)
        indices.append((interaction.ravel() * chances).sum())
    return np.array(indices, dtype=np.float64)
