"""Tornado table: the gain with each assumed value at its low and high, the others central."""

from __future__ import annotations

from collections.abc import Callable, Sequence

import numpy as np
import pandas as pd

from analysis.attribution.direct_values import direct_values, point_times
from analysis.attribution.monte_carlo import MonteCarloInputs
from analysis.attribution.tables import ABOUT, TORNADO_COLUMNS
from analysis.attribution.uncertainty import Variable, perturbed
from analysis.change import EVERYWHERE


def _changes(inputs: MonteCarloInputs, levels: Sequence[tuple[Variable, int]]) -> pd.DataFrame:
    """The package's change in the whole study area at some levels: `ABOUT` and `gain`."""
    package, conditions = perturbed(
        inputs.package, inputs.conditions, levels, projects=inputs.projects
    )
    zones, tables = len(inputs.wanted.zones), []
    limit = conditions.assumptions.max_trip_secs
    for travel in inputs.travels:
        baseline_secs, scenario_secs = (
            point_times(
                package.network_with(built), inputs.wanted, travel=travel, conditions=conditions
            )
            for built in (0, 2 ** len(package.players) - 1)
        )
        reached = np.isfinite(baseline_secs[zones:, zones:])
        baseline, scenario = (
            direct_values(secs, inputs.wanted, travel, reached=reached, limit=limit)
            for secs in (baseline_secs, scenario_secs)
        )
        tables.append(scenario.columns.assign(gain=scenario.table[0] - baseline.table[0]))
    changes = pd.concat(tables, ignore_index=True)
    return changes.loc[changes["area_id"] == EVERYWHERE, [*ABOUT, "gain"]].reset_index(drop=True)


def tornado_table(
    inputs: MonteCarloInputs,
    variables: Sequence[Variable],
    *,
    tick: Callable[[], None] = lambda: None,
) -> pd.DataFrame:
    """The package's gain with one assumed value low or high at a time.

    Parameters
    ----------
    inputs
        Players, measures and central values.
    variables
        The variables; those with one name, of all players, vary together.
    tick
        Called after each name.

    Returns
    -------
    DataFrame
        `TORNADO_COLUMNS`: the gain with all values central, and with `name` low and high; the
        names of each measure by how far the gain swings, widest first.
    """
    central = _changes(inputs, []).rename(columns={"gain": "central"})
    tables = []
    for name in dict.fromkeys(v.uncertain.name for v in variables):
        named = [v for v in variables if v.uncertain.name == name]
        low, high = (_changes(inputs, [(v, level) for v in named])["gain"] for level in (-1, 1))
        tables.append(central.assign(name=name, low=low, high=high))
        tick()
    if not tables:
        return pd.DataFrame(columns=list(TORNADO_COLUMNS))
    table = pd.concat(tables, ignore_index=True)
    swing = -(table["high"] - table["low"]).abs()
    first = (
        table[list(ABOUT)]
        .agg("|".join, axis=1)
        .map(
            {
                key: n
                for n, key in enumerate(dict.fromkeys(central[list(ABOUT)].agg("|".join, axis=1)))
            }
        )
    )
    order = np.lexsort([swing.to_numpy(), first.to_numpy()])
    return table.iloc[order].reset_index(drop=True)[list(TORNADO_COLUMNS)]
