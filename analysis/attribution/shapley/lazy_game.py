"""A game of many players, whose values are found only when asked for."""

from __future__ import annotations

from collections.abc import Callable, Sequence

import numpy as np

from analysis.attribution.shapley.feasible import MOST_PLAYERS, feasible_parts, requirements

FEWEST_PLAYERS = 2


class LazyGame:
    """Looks at the feasible part of each subset once.

    Parameters
    ----------
    names
        One a player, each once.
    value
        What the network has, one a column, with exactly these players built: bit k of the number
        is player k. It is asked about feasible subsets only.
    required
        int64, one a player: bit k set if it requires player k; what those require need not be
        repeated.

    Raises
    ------
    ValueError
        If names occur twice, or there are fewer than two players or more than an int64 has bits.

    Examples
    --------
    >>> two = LazyGame(("a", "b"), lambda built: np.array([built * 10.0]), np.array([0, 1]))
    >>> two.of(np.array([0b00, 0b01, 0b10, 0b11])).ravel().tolist(), two.looked_at
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

    def of(self, subsets: np.ndarray) -> np.ndarray:
        """The values of some subsets: float64, subsets x columns."""
        parts = feasible_parts(subsets, self.required).tolist()
        for part in parts:
            if part not in self._known:
                self._known[part] = np.asarray(self._value(part), dtype=np.float64)
        return np.stack([self._known[part] for part in parts])

    @property
    def looked_at(self) -> int:
        """How many subsets have been looked at."""
        return len(self._known)
