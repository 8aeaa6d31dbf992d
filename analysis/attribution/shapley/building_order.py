"""Orders of building with a budget of one player a year."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from analysis.attribution.shapley.game import AnyGame, Game
from analysis.attribution.shapley.values import NO_PLAYERS, subset_sizes


@dataclass(frozen=True)
class BuildingOrder:
    """An order of building, one player a year.

    Attributes
    ----------
    names
        The players, first built first.
    yearly
        float64, one a year: the gain over nothing built, from the first year on.
    """

    names: tuple[str, ...]
    yearly: np.ndarray

    @property
    def benefit(self) -> float:
        """The sum over the years."""
        return float(self.yearly.sum())


def _required_before(required: np.ndarray) -> list[int]:
    """Bits of the players required before each player, except for mutual requirements."""
    masks = required.tolist()
    return [
        sum(1 << k for k, other in enumerate(masks) if mask >> k & 1 and not other >> player & 1)
        for player, mask in enumerate(masks)
    ]


def _buildable(game: AnyGame, built: int) -> list[int]:
    """Players that can be built next, in the order of their names."""
    before = _required_before(game.required)
    players = sorted(range(len(game.names)), key=lambda player: game.names[player])
    return [p for p in players if not built >> p & 1 and not before[p] & ~built]


def _order(game: AnyGame, column: int, worth: np.ndarray | None) -> BuildingOrder:
    """The order that maximises, each year, the year's gain plus the worth of what may follow.

    `worth` is the largest sum of later gains after each subset; without it only the year's gain
    counts.
    """
    built, names, yearly = 0, [], []
    start = game.values_of(NO_PLAYERS)[0, column]
    for _ in game.names:
        choices = _buildable(game, built)
        after = built | np.left_shift(1, np.array(choices, dtype=np.int64))
        gains = game.values_of(after)[:, column] - start
        most = int(np.argmax(gains if worth is None else gains + worth[after]))
        built = int(after[most])
        names.append(game.names[choices[most]])
        yearly.append(gains[most])
    return BuildingOrder(tuple(names), np.array(yearly, dtype=np.float64))


def greedy_order(game: AnyGame, column: int) -> BuildingOrder:
    """The greedy order: each year the player with the largest immediate gain.

    A player is built after those that it requires; players that require each other can be built in
    any order, and take effect once all are built. Ties go to the first by name.

    Examples
    --------
    >>> from analysis.attribution.shapley.game import game
    >>> values = np.array([0, 2, 0, 2, 1, 3, 9, 11], dtype=float)[:, None]
    >>> order = greedy_order(game(("road", "tunnel", "line"), values, np.zeros(3, int)), 0)
    >>> order.names, order.yearly.tolist()
    (('road', 'line', 'tunnel'), [2.0, 3.0, 11.0])
    """
    return _order(game, column, None)


def _later_gains(game: Game, column: int) -> np.ndarray:
    """The largest sum over the years after each subset: float64, 2 ** players."""
    players = len(game.names)
    gains = game.values[:, column] - game.values[0, column]
    before, sizes = _required_before(game.required), subset_sizes(players)
    worth = np.zeros(2**players)
    for size in reversed(range(players)):
        subsets = np.flatnonzero(sizes == size)
        best = np.full(len(subsets), -np.inf)
        for player in range(players):
            after = subsets | 1 << player
            allowed = (after != subsets) & (before[player] & ~subsets == 0)
            best[allowed] = np.maximum(best, gains[after] + worth[after])[allowed]
        worth[subsets] = best
    return worth


def best_order(game: Game, column: int) -> BuildingOrder:
    """The order with the largest sum of the yearly values.

    Exact, over all subsets (Held and Karp, "A dynamic programming approach to sequencing
    problems", Journal of the Society for Industrial and Applied Mathematics 10, 1962). Rules and
    ties as for `greedy_order`.

    Examples
    --------
    >>> from analysis.attribution.shapley.game import game
    >>> values = np.array([0, 2, 0, 2, 1, 3, 9, 11], dtype=float)[:, None]
    >>> order = best_order(game(("road", "tunnel", "line"), values, np.zeros(3, int)), 0)
    >>> order.names, order.yearly.tolist()
    (('line', 'tunnel', 'road'), [1.0, 9.0, 11.0])
    """
    return _order(game, column, _later_gains(game, column))


def order_gap(greedy: BuildingOrder, best: BuildingOrder) -> float | None:
    """The loss of the greedy order as a share of the best; None if the best gains nothing.

    Examples
    --------
    >>> few, most = np.array([2.0, 3.0, 11.0]), np.array([1.0, 9.0, 11.0])
    >>> order_gap(BuildingOrder((), few), BuildingOrder((), most)).__round__(3)
    0.238
    """
    if best.benefit <= 0:
        return None
    # orders with equal benefits can differ by rounding
    return max(best.benefit - greedy.benefit, 0.0) / best.benefit
