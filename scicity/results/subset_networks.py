"""The network of every subset of the players, and values that are found subset by subset."""

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
from analysis.graph.routable_network import Travel
from layers.network import TransportNetwork
from layers.scenarios import Applied
from scicity.inputs.pair import Pair
from scicity.inputs.study import Study

SEED = 244
"""Of sampled orders and of draws, so that two runs are the same."""


@dataclass(frozen=True)
class Networks:
    """The network of every subset of the players, each put together when it is asked for."""

    study: Study
    pair: Pair
    players: tuple[Player, ...]

    def applied(self, built: int) -> Applied:
        """The baseline with the players of a subset."""
        base = self.study.scenarios[self.pair.baseline_id].project_ids
        ids = self.study.scenarios[self.pair.scenario_id].project_ids
        chosen = scenario_of(self.players, built, base_ids=base, project_ids=ids)
        return self.study.plans.applied(chosen)

    def of(self, built: int) -> TransportNetwork:
        """Its network."""
        return self.applied(built).network


class Searches:
    """The columns of `all_values` (`analysis.attribution.subset_values`), subset by subset.

    Parameters
    ----------
    networks, wanted, travels
        Who is judged by what.
    """

    def __init__(
        self, networks: Networks, wanted: AttributionMeasures, travels: Sequence[Travel]
    ) -> None:
        self._networks, self._wanted, self._travels = networks, wanted, travels
        zones, before = len(wanted.zones), networks.of(0)
        secs = [self._secs(before, travel) for travel in travels]
        self._reached = [np.isfinite(found[zones:, zones:]) for found in secs]
        columns = [part.columns for part in self._parts(secs)]
        self.columns = pd.concat(columns, ignore_index=True)

    def _secs(self, network: TransportNetwork, travel: Travel) -> np.ndarray:
        conditions = self._networks.study.conditions
        return point_times(network, self._wanted, travel=travel, conditions=conditions)

    def _parts(self, secs: Sequence[np.ndarray]) -> list[Values]:
        limit = self._networks.study.settings.assumptions.max_trip_secs
        return [
            direct_values(found, self._wanted, travel, reached=reached, limit=limit)
            for found, travel, reached in zip(secs, self._travels, self._reached, strict=True)
        ]

    def of(self, built: int) -> np.ndarray:
        """The row of a subset."""
        network = self._networks.of(built)
        secs = [self._secs(network, travel) for travel in self._travels]
        return np.concatenate([part.table[0] for part in self._parts(secs)])


@dataclass(frozen=True)
class Searched:
    """A game whose values were found one by one.

    Attributes
    ----------
    game
        Of all subsets, or of those that were asked for.
    exact
        Whether of all.
    shapley, error
        players x columns: Shapley values, and the half width of their interval (0 if exact).
    """

    game: AnyGame
    exact: bool
    shapley: np.ndarray
    error: np.ndarray


def subsets_of_orders(players: int, orders: int) -> int:
    """How many subsets sampled orders of building look at, at most.

    Examples
    --------
    >>> subsets_of_orders(2, 4)
    12
    """
    return orders * (players + 1)


def searched(
    names: Sequence[str], value: Callable[[int], np.ndarray], required: np.ndarray, *, orders: int
) -> Searched:
    """Shapley values from every subset, if sampled orders would look at as many.

    Parameters
    ----------
    names, value, required
        As for `analysis.attribution.shapley.lazy_game.LazyGame`; one player will do.
    orders
        How many orders of building are sampled if there are more subsets.
    """
    if 2 ** len(names) <= subsets_of_orders(len(names), orders):
        parts, at = np.unique(feasible_part(requirements(required)), return_inverse=True)
        every = game(names, np.stack([value(part) for part in parts.tolist()])[at], required)
        shapley = shapley_values(every)
        return Searched(every, exact=True, shapley=shapley, error=np.zeros_like(shapley))
    asked = LazyGame(names, value, required)
    found = sampled_shapley_values(asked, orders=orders, seed=SEED)
    return Searched(asked, exact=False, shapley=found.values, error=found.half_widths)
