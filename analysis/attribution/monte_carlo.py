"""Shares of the change under many drawn sets of the assumed values."""

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
from analysis.graph.routable_network import Travel
from layers.projects import Project

ORIGINS = 300
"""Zones that stand for all in the draws."""
SMALL = 0.01
"""Players who bring less than this share of every change of a mode keep their central values."""


@dataclass(frozen=True)
class MonteCarloInputs:
    """Who is judged by what, under which assumed values.

    Attributes
    ----------
    package, wanted
        Players and measures.
    travels
        Modes and periods.
    conditions
        With the central values.
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
    """What came of each draw.

    Attributes
    ----------
    columns
        `analysis.attribution.subset_values.VALUE_COLUMNS`, of everywhere only.
    shapley
        float64, draws x players x columns.
    change
        float64, draws x columns: of the whole package.
    """

    columns: pd.DataFrame
    shapley: np.ndarray
    change: np.ndarray


def _kept(exact: Game, of_mode: np.ndarray) -> list[int]:
    """Players who matter in some columns (bool), or all if nobody does."""
    shares, change = shapley_values(exact)[:, of_mode], exact.change[of_mode]
    matter = (np.abs(shares) > SMALL * np.abs(change)).any(axis=1)
    return np.flatnonzero(matter if matter.any() else ~matter).tolist()


class _OneMode:
    """The players who matter in one mode, while assumed values change.

    Parameters
    ----------
    asking
        As for `sampled_shares`.
    travel
        The mode.
    exact
        The game of this mode with central values, all zones and all players.
    kept
        The players who matter.
    """

    def __init__(
        self, asking: MonteCarloInputs, travel: Travel, exact: Game, kept: Sequence[int]
    ) -> None:
        self._asking = replace(asking, package=asking.package.part(kept), travels=[travel])
        self._kept, self._exact = list(kept), exact
        self._number = {k: at for at, k in enumerate(kept)}
        self._central, self.columns = self._game([])

    def _game(self, levels: Sequence[tuple[Variable, int]]) -> tuple[Game, pd.DataFrame]:
        asking, wanted = self._asking, self._asking.wanted
        package, conditions = perturbed(
            asking.package, asking.conditions, levels, projects=asking.projects
        )
        found = all_values(
            package,
            wanted,
            travels=asking.travels,
            conditions=conditions,
            origins=sampled_zones(wanted, ORIGINS),
        )
        names = [player.player_id for player in package.players]
        drawn = game(names, found.table, package.required)
        return everywhere_only(drawn, found.columns), _everywhere(found.columns)

    def _own(self, levels: Sequence[tuple[Variable, int]]) -> list[tuple[Variable, int]]:
        """Levels of what is common and of the players who matter, by their numbers here."""
        own = [(v, level) for v, level in levels if v.player is None]
        for variable, level in levels:
            if variable.player in self._number:
                player = self._number[variable.player]
                own.append((replace(variable, player=player), level))
        return own

    def drawn(self, levels: Sequence[tuple[Variable, int]]) -> tuple[np.ndarray, np.ndarray]:
        """Shapley values (players x columns) and change (columns) with some assumed values."""
        found, _ = self._game(self._own(levels))
        shapley = shapley_values(self._exact)
        shapley[self._kept] += shapley_values(found) - shapley_values(self._central)
        return shapley, self._exact.change + found.change - self._central.change


def sampled_shares(
    asking: MonteCarloInputs,
    variables: Sequence[Variable],
    *,
    levels: np.ndarray,
    exact: Game,
    columns: pd.DataFrame,
    tick: Callable[[], None] = lambda: None,
) -> MonteCarloShares:
    """Shapley values under drawn assumed values.

    A draw is asked from `ORIGINS` zones that stand for all, and about the players who matter in a
    mode; what it differs there from the central values is added to what all zones and players
    have with these (a control variate), so that neither shifts a central figure.

    Parameters
    ----------
    asking
        Players, measures and central values.
    variables
        What is drawn, each by itself.
    levels
        int, draws x variables, see `analysis.attribution.uncertainty.drawn_levels`.
    exact, columns
        The game with central values and all zones, and what its columns are.
    tick
        Called after each draw.
    """
    whole, about = everywhere_only(exact, columns), _everywhere(columns)
    modes, order = [], []
    for travel in asking.travels:
        of_mode = ((about["mode"] == travel.mode) & (about["period"] == travel.period)).to_numpy()
        part = replace(whole, values=whole.of(np.arange(2 ** len(whole.names)))[:, of_mode])
        kept = _kept(whole, of_mode)
        modes.append(_OneMode(asking, travel, part, kept))
        order.append(np.flatnonzero(of_mode))
    shapley, change = [], []
    for row in levels.tolist():
        at = list(zip(variables, row, strict=True))
        found = [mode.drawn(at) for mode in modes]
        shapley.append(np.concatenate([shares for shares, _ in found], axis=1))
        change.append(np.concatenate([total for _, total in found]))
        tick()
    kept_columns = about.iloc[np.concatenate(order)].reset_index(drop=True)
    return MonteCarloShares(kept_columns, np.array(shapley), np.array(change))


def _everywhere(columns: pd.DataFrame) -> pd.DataFrame:
    return columns.loc[columns["area_id"] == EVERYWHERE].reset_index(drop=True)


def everywhere_only(found: Game, columns: pd.DataFrame) -> Game:
    """A game with the columns of the whole study area alone."""
    whole = (columns["area_id"] == EVERYWHERE).to_numpy()
    every = np.arange(2 ** len(found.names))
    return replace(found, values=found.of(every)[:, whole])
