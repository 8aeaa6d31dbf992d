"""A game of many players, whose values are computed only when needed."""

from __future__ import annotations

from collections.abc import Callable, Sequence

import numpy as np

from analysis.attribution.shapley.feasible import MOST_PLAYERS, feasible_parts, requirements

FEWEST_PLAYERS = 2


class LazyGame:
    """A game that computes and caches the value of each feasible subset.

    Parameters
    ----------
    names
        One a player, each once.
    value
        Values of the network, one a column, with exactly these players built: bit k of the argument
        is player k. Called for feasible subsets only.
    required
        int64, one a player: bit k is set if it requires player k; indirect requirements need not be
        repeated.

    Raises
    ------
    ValueError
        If names occur twice, or there are fewer than two players or more than an int64 has bits.

    Examples
    --------
    >>> two = LazyGame(("a", "b"), lambda built: np.array([built * 10.0]), np.array([0, 1]))
    >>> two.values_of(np.array([0b00, 0b01, 0b10, 0b11])).ravel().tolist(), two.evaluated
    ([0.0, 10.0, 0.0, 30.0], 3)
    """

    def __init__(
        self, names: Sequence[str], value: Callable[[int], np.ndarray], required: np.ndarray
    ) -> None:
        if not FEWEST_PLAYERS <= len(set(names)) == len(names) <= MOST_PLAYERS:
            limits = f"{FEWEST_PLAYERS} to {MOST_PLAYERS}"
            raise ValueError(f"a game to be asked needs {limits} players of different names")
        if np.shape(required) != (len(names),):
            raise ValueError("required must be a mask for each player")
        self.names = tuple(names)
        self.required = requirements(required)
        self._value = value
        self._known: dict[int, np.ndarray] = {}

    def values_of(self, subsets: np.ndarray) -> np.ndarray:
        """The values of some subsets: float64, subsets x columns."""
        parts = feasible_parts(subsets, self.required).tolist()
        for part in parts:
            if part not in self._known:
                self._known[part] = np.asarray(self._value(part), dtype=np.float64)
        return np.stack([self._known[part] for part in parts])

    @property
    def evaluated(self) -> int:
        """Number of subsets evaluated so far."""
        return len(self._known)
