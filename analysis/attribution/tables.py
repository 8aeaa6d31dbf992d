"""Tables of a game: changes, shares, pairs, orders and their uncertainty."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

import numpy as np
import pandas as pd

from analysis.attribution.monte_carlo import MonteCarloShares
from analysis.attribution.shapley.building_order import (
    BuildingOrder,
    best_order,
    greedy_order,
    order_gap,
)
from analysis.attribution.shapley.game import AnyGame, Game
from analysis.attribution.shapley.pairs import PAIR_COLUMNS, first_interactions, interactions
from analysis.attribution.shapley.values import NO_PLAYERS, all_players, first_in, last_in
from analysis.attribution.subset_values import VALUE_COLUMNS
from analysis.change import EVERYWHERE

ABOUT = ("measure", "mode", "period")
"""Columns that identify a row, besides the area."""
CHANGE_COLUMNS = (*VALUE_COLUMNS, "baseline", "scenario", "gain", "low", "high")
SHARE_COLUMNS = (
    *VALUE_COLUMNS,
    "player_id",
    "first_in",
    "last_in",
    "shapley",
    "shapley_error",
    "share",
)
PAIR_TABLE_COLUMNS = (*ABOUT, *PAIR_COLUMNS)
ORDER_COLUMNS = (*ABOUT, "order", "year", "player_id", "gain", "gap")
BAND_COLUMNS = (*ABOUT, "player_id", "central", "low", "high", "top_three")
CERTAINTY_COLUMNS = (*ABOUT, "first", "second", "holds", "robust")
TORNADO_COLUMNS = (*ABOUT, "name", "central", "low", "high")
ROBUST = 0.95
"""A conclusion is robust if it holds in at least this share of the draws."""
TOP = 3
BAND = (5, 95)
"""Percentiles of the draws given as the band of a figure."""


def change_table(game: AnyGame, columns: pd.DataFrame) -> pd.DataFrame:
    """The change made by the whole package.

    Returns
    -------
    DataFrame
        `CHANGE_COLUMNS`, a row for each of `columns`. Times are seconds, negative in `baseline` and
        `scenario`; `gain` is positive for an improvement. `low` and `high` are missing, see
        `banded_changes`.
    """
    baseline, scenario = game.values_of(np.append(NO_PLAYERS, all_players(game)))
    figures = {"baseline": baseline, "scenario": scenario, "gain": scenario - baseline}
    return columns.assign(**figures, low=np.nan, high=np.nan)


def banded_changes(changes: pd.DataFrame, draws: MonteCarloShares) -> pd.DataFrame:
    """The changes with percentiles `BAND` of the draws' gains, for the whole study area."""
    low, high = np.percentile(draws.change, BAND, axis=0)
    bands = draws.columns[list(VALUE_COLUMNS)].assign(low=low, high=high)
    return changes.drop(columns=["low", "high"]).merge(bands, how="left")


def share_table(
    game: AnyGame, columns: pd.DataFrame, shapley: np.ndarray, error: np.ndarray
) -> pd.DataFrame:
    """Each player's share of each change.

    Parameters
    ----------
    game, columns
        The values and their columns.
    shapley, error
        players x columns: Shapley values and the half width of their 95 % interval, 0 if exact.

    Returns
    -------
    DataFrame
        `SHARE_COLUMNS`, in the units of the measure, improvements positive; `share` is the share of
        the whole gain, missing where the package changes nothing.
    """
    gain = (game.values_of(all_players(game)) - game.values_of(NO_PLAYERS))[0]
    first, last = first_in(game), last_in(game)
    tables = []
    for k, name in enumerate(game.names):
        share = np.full(len(gain), np.nan)
        np.divide(shapley[k], gain, out=share, where=gain != 0)
        figures = {
            "player_id": name,
            "first_in": first[k],
            "last_in": last[k],
            "shapley": shapley[k],
            "shapley_error": error[k],
            "share": share,
        }
        tables.append(columns.assign(**figures))
    return pd.concat(tables, ignore_index=True)[list(SHARE_COLUMNS)]


def _everywhere(columns: pd.DataFrame) -> Iterator[tuple[int, dict[str, str]]]:
    """Positions of the columns of the whole study area, with their `ABOUT` values."""
    whole = columns.loc[columns["area_id"] == EVERYWHERE]
    for at, row in zip(whole.index.tolist(), whole.to_dict("records"), strict=True):
        yield at, {name: row[name] for name in ABOUT}


def pair_table(game: AnyGame, columns: pd.DataFrame) -> pd.DataFrame:
    """Interactions of pairs of players in the whole study area: `PAIR_TABLE_COLUMNS`."""
    tables = []
    for at, about in _everywhere(columns):
        pairs = interactions(game, at) if isinstance(game, Game) else first_interactions(game, at)
        tables.append(pairs.assign(**about))
    return pd.concat(tables, ignore_index=True)[list(PAIR_TABLE_COLUMNS)]


def _order_rows(order: BuildingOrder, kind: str, gap: float | None) -> pd.DataFrame:
    years = np.arange(1, len(order.names) + 1)
    figures = {"order": kind, "year": years, "player_id": order.names, "gain": order.yearly}
    return pd.DataFrame(figures).assign(gap=np.nan if gap is None else gap)


def order_table(game: AnyGame, columns: pd.DataFrame) -> pd.DataFrame:
    """Orders of building one player a year.

    Returns
    -------
    DataFrame
        `ORDER_COLUMNS`: the greedy order and, where every subset is known, the best one; the gain
        of each year over nothing built; the loss of the greedy order over all years, as a share of
        the best (missing where nothing is gained).
    """
    tables = []
    for at, about in _everywhere(columns):
        greedy = greedy_order(game, at)
        if not isinstance(game, Game):
            tables.append(_order_rows(greedy, "greedy", None).assign(**about))
            continue
        best = best_order(game, at)
        gap = order_gap(greedy, best)
        for kind, order in (("greedy", greedy), ("best", best)):
            tables.append(_order_rows(order, kind, gap).assign(**about))
    return pd.concat(tables, ignore_index=True)[list(ORDER_COLUMNS)]


def _ranks(shapley: np.ndarray) -> np.ndarray:
    """The number of players with a larger Shapley value, by draw and player."""
    return np.asarray((shapley[:, np.newaxis, :] > shapley[:, :, np.newaxis]).sum(axis=2))


def band_table(draws: MonteCarloShares, names: Sequence[str], central: np.ndarray) -> pd.DataFrame:
    """The band of each player's share.

    Parameters
    ----------
    draws
        The Monte Carlo results.
    names
        Names of the players.
    central
        players x columns: Shapley values with central values.

    Returns
    -------
    DataFrame
        `BAND_COLUMNS`: percentiles `BAND` of the draws; `top_three` is the share of the draws in
        which fewer than three players have a larger value.
    """
    tables = []
    for at, about in _everywhere(draws.columns):
        shapley = draws.shapley[:, :, at]
        low, high = np.percentile(shapley, BAND, axis=0)
        figures = {
            "player_id": list(names),
            "central": central[:, at],
            "low": low,
            "high": high,
            "top_three": ((_ranks(shapley) < TOP) & (shapley > 0)).mean(axis=0),
        }
        tables.append(pd.DataFrame(figures).assign(**about))
    return pd.concat(tables, ignore_index=True)[list(BAND_COLUMNS)]


def certainty_table(
    draws: MonteCarloShares, names: Sequence[str], central: np.ndarray
) -> pd.DataFrame:
    """Whether one player contributes more than another under the assumed values' uncertainty.

    Returns
    -------
    DataFrame
        `CERTAINTY_COLUMNS`: each pair once, the player with the larger central value first, ties
        left out; `holds` is the share of the draws in which this player has more, `robust` whether
        that is at least `ROBUST`.
    """
    rows = []
    for at, about in _everywhere(draws.columns):
        order = np.argsort(-central[:, at], kind="stable").tolist()
        for place, one in enumerate(order):
            for other in order[place + 1 :]:
                if central[one, at] <= central[other, at]:
                    continue
                holds = float((draws.shapley[:, one, at] > draws.shapley[:, other, at]).mean())
                figures = {"first": names[one], "second": names[other], "holds": holds}
                rows.append(about | figures | {"robust": holds >= ROBUST})
    return pd.DataFrame(rows, columns=list(CERTAINTY_COLUMNS))
