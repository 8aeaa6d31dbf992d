"""Which project of a scenario brings what, and how sure that is."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass, field

import geopandas as gpd
import numpy as np
import pandas as pd

from analysis.accessibility import default_measures
from analysis.attribution.asked_game import AskedGame
from analysis.attribution.direct import direct_values, point_times
from analysis.attribution.draws import Asking, drawn_shares
from analysis.attribution.game import AnyGame, Game, game
from analysis.attribution.labelled import NotAdditiveError
from analysis.attribution.package import Package, scenario_of
from analysis.attribution.players import Player, players_of, required_players
from analysis.attribution.sampling import sampled_shapley_values
from analysis.attribution.shares import shapley_values
from analysis.attribution.tables import (
    band_table,
    certainty_table,
    change_table,
    order_table,
    pair_table,
    share_table,
)
from analysis.attribution.tornado import tornado_table
from analysis.attribution.uncertain import Variable, drawn_levels, variables
from analysis.attribution.values import Question, Values, all_values
from analysis.change import EVERYWHERE
from analysis.compiled import Travel
from layers.network import TransportNetwork
from scicity.pair import ZONE_TRAVELS, Pair
from scicity.settings_attribution import groups_of, uncertain_values
from scicity.study import Study

MOST_EXACT = 14
"""With more players Shapley values come from sampled orders."""
ORDERS = 100
"""Orders that are sampled."""
SEED = 244
"""Of sampled orders and of draws, so that two runs are the same."""
TRAVELS = tuple(Travel(mode, period) for mode, period in ZONE_TRAVELS)

Tick = Callable[[], None]


@dataclass(frozen=True)
class Effort:
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


def attribution_question(study: Study) -> Question:
    """People and opportunities within the study's cutoffs, people near the core, place times."""
    words = study.settings.study
    half_secs = study.settings.assumptions.gravity_half_secs
    measures = default_measures(
        list(study.settings.opportunities), words["accessibility_cutoffs_secs"], half_secs
    )
    places = study.places[["place_id", "geometry"]]
    areas = study.area.areas[["area_id", "geometry"]]
    inside = gpd.sjoin(places, areas, how="left").drop_duplicates("place_id")
    return Question(
        zones=study.zones(),
        places=study.place_points,
        place_areas=inside["area_id"].fillna("").tolist(),
        core=words["origin"],
        measures=[m for m in measures if m.kind == "cumulative"],
        near_secs=float(words["near_core_secs"]),
    )


def judged(study: Study, pair: Pair) -> tuple[Player, ...]:
    """The projects that a scenario adds to the baseline, or their groups."""
    before = set(study.scenarios[pair.baseline_id].project_ids)
    added = [p for p in study.scenarios[pair.scenario_id].project_ids if p not in before]
    return players_of(added, groups_of(study.settings.groups), study.projects)


@dataclass(frozen=True)
class Networks:
    """The network of every subset of the players, each put together when it is asked for."""

    study: Study
    pair: Pair
    players: tuple[Player, ...]

    def of(self, built: int) -> TransportNetwork:
        """With the players of a subset."""
        base = self.study.scenarios[self.pair.baseline_id].project_ids
        ids = self.study.scenarios[self.pair.scenario_id].project_ids
        chosen = scenario_of(self.players, built, base_ids=base, project_ids=ids)
        return self.study.plans.applied(chosen).network


def _asked_game(
    networks: Networks, question: Question, required: np.ndarray, tick: Tick
) -> tuple[AskedGame, pd.DataFrame]:
    """The game in which every value is a search of its own."""
    study, zones = networks.study, len(question.zones)
    reached: dict[str, np.ndarray] = {}
    columns: list[pd.DataFrame] = []

    def one(built: int, travel: Travel) -> Values:
        network = networks.of(built)
        secs = point_times(network, question, travel=travel, conditions=study.conditions)
        reached.setdefault(travel.mode, np.isfinite(secs[zones:, zones:]))
        return direct_values(secs, question, travel, reached=reached[travel.mode])

    def value(built: int) -> np.ndarray:
        tick()
        found = [one(built, travel) for travel in TRAVELS]
        columns.extend(part.columns for part in found if len(columns) < len(TRAVELS))
        return np.concatenate([part.table[0] for part in found])

    asked = AskedGame([p.player_id for p in networks.players], value, required)
    # the empty network first: it says which places reach each other
    asked.of(np.zeros(1, np.int64))
    return asked, pd.concat(columns, ignore_index=True)


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
    asking: Asking,
    drawn: Sequence[Variable],
    exact: Game,
    columns: pd.DataFrame,
    *,
    draws: int,
    tick: Tick,
) -> dict[str, pd.DataFrame]:
    """Bands, robust conclusions and the tornado."""
    levels = drawn_levels(len(drawn), draws, SEED)
    found = drawn_shares(asking, drawn, levels=levels, exact=exact, columns=columns, tick=tick)
    whole = np.flatnonzero((columns["area_id"] == EVERYWHERE).to_numpy())
    central = shapley_values(exact)[:, whole]
    return {
        "bands": band_table(found, exact.names, central),
        "certainty": certainty_table(found, exact.names, central),
        "tornado": tornado_table(asking, drawn, tick=tick),
    }


def no_certainty() -> dict[str, pd.DataFrame]:
    """Empty tables."""
    return {name: pd.DataFrame() for name in ("bands", "certainty", "tornado")}


def _sampled(networks: Networks, question: Question, *, orders: int, tick: Tick) -> Attribution:
    """From some orders of building, each subset by searches of its own."""
    required = required_players(networks.players, networks.study.projects)
    found, columns = _asked_game(networks, question, required, tick)
    shares = sampled_shapley_values(found, orders=orders, seed=SEED)
    tables = game_tables(found, columns, shares.values, shares.half_widths)
    return Attribution(networks.players, exact=False, draws=0, **tables, **no_certainty())


def _exact(
    study: Study, package: Package, question: Question, *, draws: int, tick: Tick
) -> Attribution:
    """From every subset."""
    values = all_values(package, question, travels=TRAVELS, conditions=study.conditions)
    names = [player.player_id for player in package.players]
    exact, columns = game(names, values.table, package.required), values.columns
    shapley = shapley_values(exact)
    tables = game_tables(exact, columns, shapley, np.zeros_like(shapley))
    drawn = variables(package, study.projects, uncertain_values(study.settings.uncertain))
    draws = draws if drawn else 0
    asking = Asking(package, question, TRAVELS, study.conditions, study.projects)
    sure = (
        _certainty(asking, drawn, exact, columns, draws=draws, tick=tick)
        if draws
        else no_certainty()
    )
    return Attribution(package.players, exact=True, draws=draws, **tables, **sure)


def attribution_results(
    study: Study, pair: Pair, effort: Effort, *, tick: Tick = lambda: None
) -> Attribution | None:
    """What each project of a scenario brings; None if the scenario adds nothing.

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
    players = judged(study, pair)
    if not players:
        return None
    question = attribution_question(study)
    networks = Networks(study, pair, players)
    if len(players) > MOST_EXACT:
        return _sampled(networks, question, orders=effort.orders, tick=tick)
    whole = networks.of(2 ** len(players) - 1)
    package = Package(whole, players, required_players(players, study.projects))
    try:
        return _exact(study, package, question, draws=effort.draws, tick=tick)
    except NotAdditiveError:
        return _sampled(networks, question, orders=effort.orders, tick=tick)
