"""Small games, and what they are worth by their definitions: sets, fixpoints and all orders."""

from __future__ import annotations

from itertools import permutations

import numpy as np

from analysis.attribution.shapley.game import Game, game

NAMES = (
    "delta",
    "alpha",
    "foxtrot",
    "bravo",
    "echo",
    "charlie",
    "golf",
    "india",
    "hotel",
    "juliet",
)


def members(subset: int) -> set[int]:
    return {k for k in range(subset.bit_length()) if subset >> k & 1}


def mask(players: set[int]) -> int:
    return sum(1 << k for k in players)


def random_requirements(rng: np.random.Generator, players: int) -> np.ndarray:
    """Each player may require some of those before it in a random order."""
    order = rng.permutation(players)
    direct = np.zeros(players, dtype=np.int64)
    for place, player in enumerate(order):
        some = order[:place][rng.random(place) < rng.choice([0.0, 0.2, 0.6])]
        direct[player] = mask(set(some.tolist()))
    return direct


def standing(built: set[int], direct: np.ndarray) -> set[int]:
    """Those left when whoever lacks something is taken away, until nobody does."""
    left = set(built)
    while lacking := {k for k in left if not members(int(direct[k])) <= left}:
        left -= lacking
    return left


def random_game(
    rng: np.random.Generator, players: int, *, columns: int = 1
) -> tuple[Game, np.ndarray, np.ndarray]:
    """The game, and the values and direct requirements it was made of."""
    values = 1000 + 100 * rng.random((2**players, columns))
    values[-1] += 50
    direct = random_requirements(rng, players)
    return game(NAMES[:players], values, direct), values, direct


def plain_game(values: list[float]) -> Game:
    """One column, nobody requires anything."""
    players = len(values).bit_length() - 1
    return game(NAMES[:players], np.array(values, dtype=float)[:, None], np.zeros(players, int))


def worth(values: np.ndarray, direct: np.ndarray, built: set[int]) -> np.ndarray:
    return values[mask(standing(built, direct))]


def average_over_orders(values: np.ndarray, direct: np.ndarray) -> np.ndarray:
    """Shapley values by their definition."""
    players = len(direct)
    of = [worth(values, direct, members(s)) for s in range(2**players)]
    total = np.zeros((players, values.shape[1]))
    orders = list(permutations(range(players)))
    for order in orders:
        built = 0
        for player in order:
            total[player] += of[built | 1 << player] - of[built]
            built |= 1 << player
    return total / len(orders)


def renamed(source: Game, order: np.ndarray) -> Game:
    """The same game with its players listed in another order."""
    players = len(order)

    def moved(subset: int) -> int:
        """A subset of the new players as one of the old."""
        return mask({int(order[k]) for k in members(subset)})

    back = np.argsort(order)
    values = source.values[[moved(s) for s in range(2**players)]]
    required = [mask({int(back[k]) for k in members(int(source.required[old]))}) for old in order]
    return game([source.names[k] for k in order], values, np.array(required, dtype=np.int64))
