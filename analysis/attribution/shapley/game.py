"""A cooperative game: values of the network with every coalition (subset of players) built."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Protocol

import numpy as np

from analysis.attribution.shapley.feasible import feasible_part, requirements


class AnyGame(Protocol):
    """A game that returns the values of subsets: `Game`, or `LazyGame` for many players."""

    @property
    def names(self) -> tuple[str, ...]:
        """The players' names."""

    @property
    def required(self) -> np.ndarray:
        """int64, one a player: bits of the players required, directly or through others."""

    def values_of(self, subsets: np.ndarray) -> np.ndarray:
        """float64, subsets x columns: the values of the subsets' feasible parts."""


@dataclass(frozen=True)
class Game:
    """The values of all subsets. Higher values are better.

    Attributes
    ----------
    names
        The players.
    values
        float64, 2 ** players x columns, in the columns' units. Row s is the value of the feasible
        part of the subset of players k with bit k set in s.
    required
        int64, one a player: bit k set if it requires player k, directly or through others.
    """

    names: tuple[str, ...]
    values: np.ndarray
    required: np.ndarray

    def values_of(self, subsets: np.ndarray) -> np.ndarray:
        """The values of some subsets: float64, subsets x columns."""
        return self.values[subsets]

    @property
    def change(self) -> np.ndarray:
        """The change made by all players together: float64, one a column."""
        return self.values[-1] - self.values[0]


def game(names: Sequence[str], values: np.ndarray, required: np.ndarray) -> Game:
    """The game in which a player has no effect unless the players it requires are built.

    Parameters
    ----------
    names
        One a player, each once.
    values
        2 ** players x columns: values of the network with exactly the players of row s built. Rows
        of infeasible subsets are ignored.
    required
        int64, one a player: bit k is set if it requires player k; indirect requirements need not be
        repeated.

    Raises
    ------
    ValueError
        If names, values and required do not fit together, or a value is not finite.

    Examples
    --------
    >>> values = np.array([[10.0], [13.0], [99.0], [18.0]])
    >>> bridge = game(("bridge", "bus on it"), values, np.array([0b00, 0b01]))
    >>> bridge.values.ravel().tolist(), bridge.change.tolist()
    ([10.0, 13.0, 10.0, 18.0], [8.0])
    """
    players = len(names)
    if not players or len(set(names)) < players:
        raise ValueError("a game needs players, and a name of its own for each")
    if np.shape(values)[:-1] != (2**players,):
        raise ValueError(f"{players} players need {2**players} rows of values")
    if np.shape(required) != (players,) or np.any(np.asarray(required) >> players):
        raise ValueError(f"required must be a mask of the {players} players for each of them")
    all_required = requirements(required)
    feasible_values = np.asarray(values, dtype=np.float64)[feasible_part(all_required)]
    if not np.isfinite(feasible_values).all():
        raise ValueError("values must be finite")
    return Game(tuple(names), feasible_values, all_required)
