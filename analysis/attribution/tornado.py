"""Which assumed value matters most: each at its low and its high, the others central."""

from __future__ import annotations

from collections.abc import Callable, Sequence

import numpy as np
import pandas as pd

from analysis.attribution.direct_values import direct_values, point_times
from analysis.attribution.monte_carlo import MonteCarloInputs
from analysis.attribution.tables import ABOUT, TORNADO_COLUMNS
from analysis.attribution.uncertainty import Variable, perturbed
from analysis.change import EVERYWHERE


def _changes(asking: MonteCarloInputs, levels: Sequence[tuple[Variable, int]]) -> pd.DataFrame:
    """What the whole package changes everywhere with some assumed values: `ABOUT` and `gain`."""
    package, conditions = perturbed(
        asking.package, asking.conditions, levels, projects=asking.projects
    )
    zones, tables = len(asking.wanted.zones), []
    limit = conditions.assumptions.max_trip_secs
    for travel in asking.travels:
        before, after = (
            point_times(package.only(built), asking.wanted, travel=travel, conditions=conditions)
            for built in (0, 2 ** len(package.players) - 1)
        )
        reached = np.isfinite(before[zones:, zones:])
        was, now = (
            direct_values(secs, asking.wanted, travel, reached=reached, limit=limit)
            for secs in (before, after)
        )
        tables.append(now.columns.assign(gain=now.table[0] - was.table[0]))
    found = pd.concat(tables, ignore_index=True)
    return found.loc[found["area_id"] == EVERYWHERE, [*ABOUT, "gain"]].reset_index(drop=True)


def tornado_table(
    asking: MonteCarloInputs,
    variables: Sequence[Variable],
    *,
    tick: Callable[[], None] = lambda: None,
) -> pd.DataFrame:
    """The package's gain with one assumed value low or high at a time.

    Parameters
    ----------
    asking
        Players, measures and central values.
    variables
        What varies; those of one name, of all players, vary together.
    tick
        Called after each name.

    Returns
    -------
    DataFrame
        `TORNADO_COLUMNS`: the gain with all values central, and with `name` low and high; the
        names of each measure by how far the gain swings, widest first.
    """
    central = _changes(asking, []).rename(columns={"gain": "central"})
    tables = []
    for name in dict.fromkeys(v.uncertain.name for v in variables):
        own = [v for v in variables if v.uncertain.name == name]
        low, high = (_changes(asking, [(v, level) for v in own])["gain"] for level in (-1, 1))
        tables.append(central.assign(name=name, low=low, high=high))
        tick()
    if not tables:
        return pd.DataFrame(columns=list(TORNADO_COLUMNS))
    found = pd.concat(tables, ignore_index=True)
    swing = -(found["high"] - found["low"]).abs()
    first = (
        found[list(ABOUT)]
        .agg("|".join, axis=1)
        .map(
            {
                key: n
                for n, key in enumerate(dict.fromkeys(central[list(ABOUT)].agg("|".join, axis=1)))
            }
        )
    )
    order = np.lexsort([swing.to_numpy(), first.to_numpy()])
    return found.iloc[order].reset_index(drop=True)[list(TORNADO_COLUMNS)]
