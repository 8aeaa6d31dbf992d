"""Attribution of a scenario's gain to its projects, with its certainty."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass, field

import numpy as np
import pandas as pd

from analysis.attribution.measures import AttributionMeasures
from analysis.attribution.monte_carlo import MonteCarloInputs, sampled_shares
from analysis.attribution.network.package import Package
from analysis.attribution.network.player_arcs import NotAdditiveError
from analysis.attribution.network.players import Player, required_players
from analysis.attribution.shapley.game import AnyGame, Game, game
from analysis.attribution.shapley.values import shapley_values
from analysis.attribution.subset_values import VALUE_COLUMNS
from analysis.attribution.tables import (
    BAND_COLUMNS,
    CERTAINTY_COLUMNS,
    TORNADO_COLUMNS,
    band_table,
    banded_changes,
    certainty_table,
    change_table,
    order_table,
    pair_table,
    share_table,
)
from analysis.attribution.tornado import tornado_table
from analysis.attribution.uncertainty import Variable, drawn_levels, variables
from analysis.change import EVERYWHERE
from analysis.graph.travel import Travel
from scicity.inputs.pair import ZONE_TRAVELS, Pair
from scicity.inputs.study import Study
from scicity.results.attribution_inputs import attribution_measures, scenario_players
from scicity.results.subset_networks import SEED, Networks, SubsetEvaluator, solve_game
from scicity.results.subset_values import every_subset
from scicity.settings.attribution import uncertain_values

MAX_EXACT = 14
"""With more players, Shapley values come from sampled orders."""
ORDERS = 100
"""Number of sampled orders."""
MOST_DRAWS = 10_000
TRAVELS = tuple(Travel(mode, period) for mode, period in ZONE_TRAVELS)

Tick = Callable[[], None]


@dataclass(frozen=True)
class SamplingEffort:
    """Amount of sampling.

    Attributes
    ----------
    draws
        Monte Carlo draws of the assumed values; none if orders of building are sampled.
    orders
        Orders of building to sample if there are too many players.
    """

    draws: int
    orders: int = ORDERS


@dataclass(frozen=True)
class Attribution:
    """Attribution of a package's gain to its players.

    Attributes
    ----------
    players
        Projects or groups of projects.
    exact
        Whether all subsets were computed.
    draws
        Number of Monte Carlo draws.
    changes, shares, pairs, orders, bands, certainty, tornado
        See `analysis.attribution.tables` and `.tornado`; the last three are empty without draws.
    """

    players: tuple[Player, ...]
    exact: bool
    draws: int
    changes: pd.DataFrame = field(repr=False)
    shares: pd.DataFrame = field(repr=False)
    pairs: pd.DataFrame = field(repr=False)
    orders: pd.DataFrame = field(repr=False)
    bands: pd.DataFrame = field(repr=False)
    certainty: pd.DataFrame = field(repr=False)
    tornado: pd.DataFrame = field(repr=False)


def game_tables(
    any_game: AnyGame, columns: pd.DataFrame, shapley: np.ndarray, error: np.ndarray
) -> dict[str, pd.DataFrame]:
    """Changes, shares, pairs and orders of a game."""
    return {
        "changes": change_table(any_game, columns),
        "shares": share_table(any_game, columns, shapley, error),
        "pairs": pair_table(any_game, columns),
        "orders": order_table(any_game, columns),
    }


def _certainty(
    inputs: MonteCarloInputs,
    uncertain: Sequence[Variable],
    exact: Game,
    changes: pd.DataFrame,
    *,
    draws: int,
    tick: Tick,
) -> dict[str, pd.DataFrame]:
    """Tables of bands, certainty and tornado, and the changes extended by bands."""
    columns = changes[list(VALUE_COLUMNS)]
    levels = drawn_levels(len(uncertain), draws, SEED)
    sampled = sampled_shares(
        inputs, uncertain, levels=levels, exact=exact, columns=columns, tick=tick
    )
    whole = np.flatnonzero((columns["area_id"] == EVERYWHERE).to_numpy())
    central = shapley_values(exact)[:, whole]
    return {
        "changes": banded_changes(changes, sampled),
        "bands": band_table(sampled, exact.names, central),
        "certainty": certainty_table(sampled, exact.names, central),
        "tornado": tornado_table(inputs, uncertain, tick=tick),
    }


def no_certainty() -> dict[str, pd.DataFrame]:
    """The tables of `_certainty` without rows."""
    columns = {
        "bands": BAND_COLUMNS,
        "certainty": CERTAINTY_COLUMNS,
        "tornado": TORNADO_COLUMNS,
    }
    return {name: pd.DataFrame(columns=list(names)) for name, names in columns.items()}


def _from_searches(
    networks: Networks, wanted: AttributionMeasures, *, orders: int, tick: Tick
) -> Attribution:
    """Attribution by searches subset by subset: of all subsets, or of those in sampled orders."""
    required = required_players(networks.players, networks.study.projects)
    evaluator = SubsetEvaluator(networks, wanted, TRAVELS)

    def value(built: int) -> np.ndarray:
        tick()
        return evaluator.values(built)

    solved = solve_game([p.player_id for p in networks.players], value, required, orders=orders)
    tables = game_tables(solved.game, evaluator.columns, solved.shapley, solved.error)
    return Attribution(networks.players, exact=solved.exact, draws=0, **tables, **no_certainty())


def _monte_carlo(
    networks: Networks,
    wanted: AttributionMeasures,
    exact: Game,
    changes: pd.DataFrame,
    *,
    draws: int,
    tick: Tick,
) -> dict[str, pd.DataFrame] | None:
    """Tables of `_certainty` from Monte Carlo draws; None if nothing is uncertain."""
    study, players = networks.study, networks.players
    package = Package(networks.network(2 ** len(players) - 1), players, exact.required)
    uncertain = variables(package, study.projects, uncertain_values(study.settings.uncertain))
    if not uncertain or not draws:
        return None
    inputs = MonteCarloInputs(package, wanted, TRAVELS, study.conditions, study.projects)
    return _certainty(inputs, uncertain, exact, changes, draws=draws, tick=tick)


def _from_all_subsets(
    networks: Networks, wanted: AttributionMeasures, *, draws: int, tick: Tick
) -> Attribution:
    """Attribution from all subsets; Monte Carlo draws only if all players are additive."""
    players = networks.players
    values, additive = every_subset(networks, wanted, TRAVELS)
    required = required_players(players, networks.study.projects)
    exact = game([player.player_id for player in players], values.table, required)
    shapley = shapley_values(exact)
    tables = game_tables(exact, values.columns, shapley, np.zeros_like(shapley))
    draw_count = draws if additive else 0
    certainty = _monte_carlo(
        networks, wanted, exact, tables["changes"], draws=draw_count, tick=tick
    )
    drawn = draw_count if certainty else 0
    return Attribution(players, exact=True, draws=drawn, **(tables | (certainty or no_certainty())))


def attribution_results(
    study: Study, pair: Pair, effort: SamplingEffort, *, tick: Tick = lambda: None
) -> Attribution | None:
    """Attribution of a scenario's gain; None if it adds no project or lacks one of the baseline.

    Parameters
    ----------
    study
        A study without errors.
    pair
        The networks that are compared.
    effort
        Amount of sampling.
    tick
        Called at every step, for a progress bar.
    """
    players = scenario_players(study, pair)
    if not players:
        return None
    wanted = attribution_measures(study)
    networks = Networks(study, pair, players)
    # travel by timetable knows no arcs that could be added up
    timed = networks.network(0).has_timetable
    if timed or len(players) > MAX_EXACT:
        return _from_searches(networks, wanted, orders=effort.orders, tick=tick)
    try:
        return _from_all_subsets(networks, wanted, draws=effort.draws, tick=tick)
    except NotAdditiveError:
        return _from_searches(networks, wanted, orders=effort.orders, tick=tick)
