"""Networks of subsets of the players, and values computed subset by subset."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass

import numpy as np
import pandas as pd

from analysis.attribution.direct_values import direct_values, point_times
from analysis.attribution.measures import AttributionMeasures
from analysis.attribution.network.package import scenario_of
from analysis.attribution.network.players import Player
from analysis.attribution.shapley.feasible import feasible_part, requirements
from analysis.attribution.shapley.game import AnyGame, game
from analysis.attribution.shapley.lazy_game import LazyGame
from analysis.attribution.shapley.sampling import sampled_shapley_values
from analysis.attribution.shapley.values import shapley_values
from analysis.attribution.subset_values import Values
from analysis.graph.travel import Travel
from layers.network import TransportNetwork
from layers.scenarios import Applied
from scicity.inputs.pair import Pair
from scicity.inputs.study import Study

SEED = 244
"""Seed of sampled orders and draws, so that runs are reproducible."""


@dataclass(frozen=True)
class Networks:
    """Networks of subsets of the players, built on demand; bit k of `built` is player k."""

    study: Study
    pair: Pair
    players: tuple[Player, ...]

    def applied(self, built: int) -> Applied:
        """The baseline with the players of a subset applied."""
        base = self.study.scenarios[self.pair.baseline_id].project_ids
        ids = self.study.scenarios[self.pair.scenario_id].project_ids
        scenario = scenario_of(self.players, built, base_ids=base, project_ids=ids)
        return self.study.plans.applied(scenario)

    def network(self, built: int) -> TransportNetwork:
        """Network of a subset."""
        return self.applied(built).network


class SubsetEvaluator:
    """Values of subsets, with the columns of `analysis.attribution.subset_values.all_values`.

    Parameters
    ----------
    networks, wanted, travels
        Players, measures and travels.
    """

    def __init__(
        self, networks: Networks, wanted: AttributionMeasures, travels: Sequence[Travel]
    ) -> None:
        self._networks, self._wanted, self._travels = networks, wanted, travels
        zones, baseline = len(wanted.zones), networks.network(0)
        secs = [self._secs(baseline, travel) for travel in travels]
        self._reached = [np.isfinite(times[zones:, zones:]) for times in secs]
        columns = [part.columns for part in self._parts(secs)]
        self.columns = pd.concat(columns, ignore_index=True)

    def _secs(self, network: TransportNetwork, travel: Travel) -> np.ndarray:
        conditions = self._networks.study.conditions
        return point_times(network, self._wanted, travel=travel, conditions=conditions)

    def _parts(self, secs: Sequence[np.ndarray]) -> list[Values]:
        limit = self._networks.study.settings.assumptions.max_trip_secs
        return [
            direct_values(times, self._wanted, travel, reached=reached, limit=limit)
            for times, travel, reached in zip(secs, self._travels, self._reached, strict=True)
        ]

    def values(self, built: int) -> np.ndarray:
        """Values of a subset, one a row of `columns`."""
        network = self._networks.network(built)
        secs = [self._secs(network, travel) for travel in self._travels]
        return np.concatenate([part.table[0] for part in self._parts(secs)])


@dataclass(frozen=True)
class SolvedGame:
    """Shapley values of a game, with the values of its subsets.

    Attributes
    ----------
    game
        Values of all subsets, or of those in sampled orders.
    exact
        Whether all subsets were computed.
    shapley, error
        players x columns: Shapley values, and the half width of their interval (0 if exact).
    """

    game: AnyGame
    exact: bool
    shapley: np.ndarray
    error: np.ndarray


def subsets_of_orders(players: int, orders: int) -> int:
    """Maximum number of subsets in sampled orders of building.

    Examples
    --------
    >>> subsets_of_orders(2, 4)
    12
    """
    return orders * (players + 1)


def solve_game(
    names: Sequence[str], value: Callable[[int], np.ndarray], required: np.ndarray, *, orders: int
) -> SolvedGame:
    """Shapley values from all subsets if they are no more than those in sampled orders.

    Parameters
    ----------
    names, value, required
        As for `analysis.attribution.shapley.lazy_game.LazyGame`; one player is allowed.
    orders
        Number of orders of building to sample if there are more subsets.
    """
    if 2 ** len(names) <= subsets_of_orders(len(names), orders):
        parts, part_of = np.unique(feasible_part(requirements(required)), return_inverse=True)
        full_game = game(
            names, np.stack([value(part) for part in parts.tolist()])[part_of], required
        )
        shapley = shapley_values(full_game)
        return SolvedGame(full_game, exact=True, shapley=shapley, error=np.zeros_like(shapley))
    lazy_game = LazyGame(names, value, required)
    sampled = sampled_shapley_values(lazy_game, orders=orders, seed=SEED)
    return SolvedGame(lazy_game, exact=False, shapley=sampled.values, error=sampled.half_widths)
