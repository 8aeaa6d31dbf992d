"""Which project of a scenario brings what, and how sure that is."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass, field

import geopandas as gpd
import numpy as np
import pandas as pd

from analysis.accessibility import default_measures
from analysis.attribution.measures import AttributionMeasures
from analysis.attribution.monte_carlo import MonteCarloInputs, sampled_shares
from analysis.attribution.network.package import Package
from analysis.attribution.network.player_arcs import NotAdditiveError
from analysis.attribution.network.players import Player, players_of, required_players
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
from analysis.graph.routable_network import Travel
from scicity.inputs.pair import ZONE_TRAVELS, Pair
from scicity.inputs.study import Study
from scicity.results.subset_networks import SEED, Networks, Searches, searched
from scicity.results.subset_values import every_subset
from scicity.settings.attribution import groups_of, uncertain_values

MOST_EXACT = 14
"""With more players Shapley values come from sampled orders."""
ORDERS = 100
"""Orders that are sampled."""
MOST_DRAWS = 10_000
TRAVELS = tuple(Travel(mode, period) for mode, period in ZONE_TRAVELS)

Tick = Callable[[], None]


@dataclass(frozen=True)
class SamplingEffort:
    """How much is looked at.

    Attributes
    ----------
    draws
        Drawn sets of assumed values; none are drawn if values of subsets are sampled.
    orders
        Orders of building that are sampled where there are too many players.
    """

    draws: int
    orders: int = ORDERS


@dataclass(frozen=True)
class Attribution:
    """What each player of a package brings.

    Attributes
    ----------
    players
        Projects or groups of them.
    exact
        Whether every subset was looked at.
    draws
        How many sets of assumed values were drawn.
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


def attribution_measures(study: Study) -> AttributionMeasures:
    """People and opportunities within the study's cutoffs, people near the core, place times."""
    settings = study.settings.study
    half_secs = study.settings.assumptions.gravity_half_secs
    measures = default_measures(
        list(study.settings.opportunities), settings.accessibility_cutoffs_secs, half_secs
    )
    places = study.places[["place_id", "geometry"]]
    areas = study.area.areas[["area_id", "geometry"]]
    inside = gpd.sjoin(places, areas, how="left").drop_duplicates("place_id")
    return AttributionMeasures(
        zones=study.zones(),
        places=study.place_points,
        place_areas=inside["area_id"].fillna("").tolist(),
        core=settings.origin,
        measures=[m for m in measures if m.kind == "cumulative"],
        near_secs=float(settings.near_core_secs),
    )


def scenario_players(study: Study, pair: Pair) -> tuple[Player, ...]:
    """The projects that a scenario adds to the baseline, or their groups.

    None if the scenario lacks something of the baseline: then it does not only add to it.
    """
    before = set(study.scenarios[pair.baseline_id].project_ids)
    ids = study.scenarios[pair.scenario_id].project_ids
    added = [p for p in ids if p not in before] if before <= set(ids) else []
    return players_of(added, groups_of(study.settings.groups), study.projects)


def game_tables(
    found: AnyGame, columns: pd.DataFrame, shapley: np.ndarray, error: np.ndarray
) -> dict[str, pd.DataFrame]:
    """Changes, shares, pairs and orders of a game."""
    return {
        "changes": change_table(found, columns),
        "shares": share_table(found, columns, shapley, error),
        "pairs": pair_table(found, columns),
        "orders": order_table(found, columns),
    }


def _certainty(
    asking: MonteCarloInputs,
    drawn: Sequence[Variable],
    exact: Game,
    changes: pd.DataFrame,
    *,
    draws: int,
    tick: Tick,
) -> dict[str, pd.DataFrame]:
    """Bands, robust conclusions and the tornado; the changes of all columns with their bands."""
    columns = changes[list(VALUE_COLUMNS)]
    levels = drawn_levels(len(drawn), draws, SEED)
    found = sampled_shares(asking, drawn, levels=levels, exact=exact, columns=columns, tick=tick)
    whole = np.flatnonzero((columns["area_id"] == EVERYWHERE).to_numpy())
    central = shapley_values(exact)[:, whole]
    return {
        "changes": banded_changes(changes, found),
        "bands": band_table(found, exact.names, central),
        "certainty": certainty_table(found, exact.names, central),
        "tornado": tornado_table(asking, drawn, tick=tick),
    }


def no_certainty() -> dict[str, pd.DataFrame]:
    """The tables of `_certainty` without rows."""
    columns = {
        "bands": BAND_COLUMNS,
        "certainty": CERTAINTY_COLUMNS,
        "tornado": TORNADO_COLUMNS,
    }
    return {name: pd.DataFrame(columns=list(own)) for name, own in columns.items()}


def _searched(
    networks: Networks, wanted: AttributionMeasures, *, orders: int, tick: Tick
) -> Attribution:
    """Each subset by searches of its own: every one, or those of some orders of building."""
    required = required_players(networks.players, networks.study.projects)
    searches = Searches(networks, wanted, TRAVELS)

    def value(built: int) -> np.ndarray:
        tick()
        return searches.of(built)

    found = searched([p.player_id for p in networks.players], value, required, orders=orders)
    tables = game_tables(found.game, searches.columns, found.shapley, found.error)
    return Attribution(networks.players, exact=found.exact, draws=0, **tables, **no_certainty())


def _drawn(
    networks: Networks,
    wanted: AttributionMeasures,
    exact: Game,
    changes: pd.DataFrame,
    *,
    draws: int,
    tick: Tick,
) -> dict[str, pd.DataFrame] | None:
    """Bands and what goes with them; None if nothing is uncertain."""
    study, players = networks.study, networks.players
    package = Package(networks.of(2 ** len(players) - 1), players, exact.required)
    drawn = variables(package, study.projects, uncertain_values(study.settings.uncertain))
    if not drawn or not draws:
        return None
    asking = MonteCarloInputs(package, wanted, TRAVELS, study.conditions, study.projects)
    return _certainty(asking, drawn, exact, changes, draws=draws, tick=tick)


def _exact(
    networks: Networks, wanted: AttributionMeasures, *, draws: int, tick: Tick
) -> Attribution:
    """From every subset; values are drawn only where everybody only adds."""
    players = networks.players
    values, only_add = every_subset(networks, wanted, TRAVELS)
    required = required_players(players, networks.study.projects)
    exact = game([player.player_id for player in players], values.table, required)
    shapley = shapley_values(exact)
    tables = game_tables(exact, values.columns, shapley, np.zeros_like(shapley))
    sets = draws if only_add else 0
    sure = _drawn(networks, wanted, exact, tables["changes"], draws=sets, tick=tick)
    done = sets if sure else 0
    return Attribution(players, exact=True, draws=done, **(tables | (sure or no_certainty())))


def attribution_results(
    study: Study, pair: Pair, effort: SamplingEffort, *, tick: Tick = lambda: None
) -> Attribution | None:
    """What each project of a scenario brings; None if it adds nothing or lacks something.

    Parameters
    ----------
    study
        A study without errors.
    pair
        The networks that are compared.
    effort
        How much is looked at.
    tick
        Called at every step, for a progress bar.
    """
    players = scenario_players(study, pair)
    if not players:
        return None
    wanted = attribution_measures(study)
    networks = Networks(study, pair, players)
    if len(players) > MOST_EXACT:
        return _searched(networks, wanted, orders=effort.orders, tick=tick)
    try:
        return _exact(networks, wanted, draws=effort.draws, tick=tick)
    except NotAdditiveError:
        return _searched(networks, wanted, orders=effort.orders, tick=tick)
