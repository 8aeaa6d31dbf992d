"""A cooperative game: what the network has with every subset of the players built."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Protocol

import numpy as np

from analysis.attribution.shapley.feasible import feasible_part, requirements


class AnyGame(Protocol):
    """A game that tells the values of some subsets: `Game`, or `LazyGame` for many players."""

    @property
    def names(self) -> tuple[str, ...]:
        """The players' names."""

    @property
    def required(self) -> np.ndarray:
        """int64, one a player: whom it requires, directly or through others."""

    def of(self, subsets: np.ndarray) -> np.ndarray:
        """float64, subsets x columns: the values of the subsets' feasible parts."""


@dataclass(frozen=True)
class Game:
    """The values of all subsets. More is better.

    Attributes
    ----------
    names
        The players.
    values
        float64, 2 ** players x columns, in the columns' own units. Row s is what the feasible
        part of the players k with bit k set in s brings about.
    required
        int64, one a player: bit k set if it requires player k, directly or through others.
    """

    names: tuple[str, ...]
    values: np.ndarray
    required: np.ndarray

    def of(self, subsets: np.ndarray) -> np.ndarray:
        """The values of some subsets: float64, subsets x columns."""
        return self.values[subsets]

    @property
    def change(self) -> np.ndarray:
        """What all players together change: float64, one a column."""
        return self.values[-1] - self.values[0]


def game(names: Sequence[str], values: np.ndarray, required: np.ndarray) -> Game:
    """The game in which a player without what it requires is as good as not built.

    Parameters
    ----------
    names
        One a player, each once.
    values
        2 ** players x columns: what the network has with exactly the players of row s built.
        Rows of subsets that are not feasible are not looked at.
    required
        int64, one a player: bit k set if it requires player k; what those require need not be
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
    closed = requirements(required)
    standing = np.asarray(values, dtype=np.float64)[feasible_part(closed)]
    if not np.isfinite(standing).all():
        raise ValueError("values must be finite")
    return Game(tuple(names), standing, closed)
