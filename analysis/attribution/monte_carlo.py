"""Monte Carlo: Shapley values under random draws of the assumed values."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, replace

import numpy as np
import pandas as pd

from analysis.attribution.measures import AttributionMeasures, sampled_zones
from analysis.attribution.network.package import Package
from analysis.attribution.shapley.game import Game, game
from analysis.attribution.shapley.values import shapley_values
from analysis.attribution.subset_values import all_values
from analysis.attribution.uncertainty import Variable, perturbed
from analysis.change import EVERYWHERE
from analysis.graph.conditions import Conditions
from analysis.graph.travel import Travel
from layers.projects import Project

ORIGINS = 300
"""Number of sampled origin zones in the draws."""
SMALL = 0.01
"""Players with less than this share of every change of a mode keep their central values."""


@dataclass(frozen=True)
class MonteCarloInputs:
    """Players, measures and assumed values of a Monte Carlo run.

    Attributes
    ----------
    package, wanted
        Players and measures.
    travels
        Modes and periods.
    conditions
        Conditions with the central values.
    projects
        By id.
    """

    package: Package
    wanted: AttributionMeasures
    travels: Sequence[Travel]
    conditions: Conditions
    projects: Mapping[str, Project]


@dataclass(frozen=True)
class MonteCarloShares:
    """Shapley values and change of each draw.

    Attributes
    ----------
    columns
        `analysis.attribution.subset_values.VALUE_COLUMNS`, rows of the whole study area only.
    shapley
        float64, draws x players x columns.
    change
        float64, draws x columns: change made by the whole package.
    """

    columns: pd.DataFrame
    shapley: np.ndarray
    change: np.ndarray


def _kept(exact: Game, in_mode: np.ndarray) -> list[int]:
    """Players who matter in some columns (bool), or all players if none matters."""
    shares, change = shapley_values(exact)[:, in_mode], exact.change[in_mode]
    matter = (np.abs(shares) > SMALL * np.abs(change)).any(axis=1)
    return np.flatnonzero(matter if matter.any() else ~matter).tolist()


class _OneMode:
    """The game of the players who matter in one mode, under varying assumed values.

    Parameters
    ----------
    inputs
        As for `sampled_shares`.
    travel
        The mode.
    exact
        The game of this mode with central values, all zones and all players.
    kept
        The players who matter.
    """

    def __init__(
        self, inputs: MonteCarloInputs, travel: Travel, exact: Game, kept: Sequence[int]
    ) -> None:
        self._inputs = replace(inputs, package=inputs.package.reduced_to(kept), travels=[travel])
        self._kept, self._exact = list(kept), exact
        self._number = {k: position for position, k in enumerate(kept)}
        self._central, self.columns = self._game([])

    def _game(self, levels: Sequence[tuple[Variable, int]]) -> tuple[Game, pd.DataFrame]:
        inputs, wanted = self._inputs, self._inputs.wanted
        package, conditions = perturbed(
            inputs.package, inputs.conditions, levels, projects=inputs.projects
        )
        values = all_values(
            package,
            wanted,
            travels=inputs.travels,
            conditions=conditions,
            origins=sampled_zones(wanted, ORIGINS),
        )
        names = [player.player_id for player in package.players]
        sampled_game = game(names, values.table, package.required)
        return everywhere_only(sampled_game, values.columns), _everywhere(values.columns)

    def _kept_levels(self, levels: Sequence[tuple[Variable, int]]) -> list[tuple[Variable, int]]:
        """Levels of common values and of the players who matter, renumbered."""
        kept_levels = [(v, level) for v, level in levels if v.player is None]
        for variable, level in levels:
            if variable.player in self._number:
                player = self._number[variable.player]
                kept_levels.append((replace(variable, player=player), level))
        return kept_levels

    def sampled(self, levels: Sequence[tuple[Variable, int]]) -> tuple[np.ndarray, np.ndarray]:
        """Shapley values (players x columns) and change (columns) with some assumed values."""
        sampled_game, _ = self._game(self._kept_levels(levels))
        shapley = shapley_values(self._exact)
        shapley[self._kept] += shapley_values(sampled_game) - shapley_values(self._central)
        return shapley, self._exact.change + sampled_game.change - self._central.change


def sampled_shares(
    inputs: MonteCarloInputs,
    variables: Sequence[Variable],
    *,
    levels: np.ndarray,
    exact: Game,
    columns: pd.DataFrame,
    tick: Callable[[], None] = lambda: None,
) -> MonteCarloShares:
    """Shapley values under random draws of the assumed values.

    A draw is computed for a sample of `ORIGINS` zones and for the players who matter in a mode. Its
    difference from the same game with central values is added to the exact Shapley values of all
    zones and players (a control variate), so that neither simplification shifts a central figure.

    Parameters
    ----------
    inputs
        Players, measures and central values.
    variables
        The variables, drawn independently.
    levels
        int, draws x variables, see `analysis.attribution.uncertainty.drawn_levels`.
    exact, columns
        The game with central values and all zones, and its columns.
    tick
        Called after each draw.
    """
    whole, about = everywhere_only(exact, columns), _everywhere(columns)
    modes, order = [], []
    for travel in inputs.travels:
        in_mode = ((about["mode"] == travel.mode) & (about["period"] == travel.period)).to_numpy()
        part = replace(whole, values=whole.values_of(np.arange(2 ** len(whole.names)))[:, in_mode])
        kept = _kept(whole, in_mode)
        modes.append(_OneMode(inputs, travel, part, kept))
        order.append(np.flatnonzero(in_mode))
    shapley, change = [], []
    for row in levels.tolist():
        at = list(zip(variables, row, strict=True))
        results = [mode.sampled(at) for mode in modes]
        shapley.append(np.concatenate([shares for shares, _ in results], axis=1))
        change.append(np.concatenate([total for _, total in results]))
        tick()
    kept_columns = about.iloc[np.concatenate(order)].reset_index(drop=True)
    return MonteCarloShares(kept_columns, np.array(shapley), np.array(change))


def _everywhere(columns: pd.DataFrame) -> pd.DataFrame:
    return columns.loc[columns["area_id"] == EVERYWHERE].reset_index(drop=True)


def everywhere_only(full_game: Game, columns: pd.DataFrame) -> Game:
    """The game with the columns of the whole study area only."""
    is_everywhere = (columns["area_id"] == EVERYWHERE).to_numpy()
    subsets = np.arange(2 ** len(full_game.names))
    return replace(full_game, values=full_game.values_of(subsets)[:, is_everywhere])
