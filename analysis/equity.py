"""Equity: the distribution of access over people, and of its change.

Input is the table of zones from `scicity.results.run_results.accessibility_results`: for every
measure, mode and period a column for the baseline, the scenario and the change. Only cumulative
measures are allowed: higher values are better and none is negative. Zones without people are
ignored.
"""

from __future__ import annotations

from collections.abc import Collection, Iterator, Sequence
from dataclasses import dataclass

import numpy as np
import pandas as pd

from analysis.change import EVERYWHERE, measure_stem
from analysis.distribution import equal_parts, palma, summary
from analysis.graph.travel import Mode
from layers.transit import Period

SPREAD_COLUMNS = (
    "measure",
    "mode",
    "period",
    "area_id",
    "network",
    "people",
    "mean",
    "p10",
    "p25",
    "p50",
    "p75",
    "p90",
    "gini",
    "palma",
)
GAIN_COLUMNS = (
    "measure",
    "mode",
    "period",
    "grouping",
    "group",
    "people",
    "people_share",
    "baseline_mean",
    "change_mean",
    "gain_share",
)
CORE_RING_COLUMNS = (
    "measure",
    "mode",
    "period",
    "core_people",
    "ring_people",
    "core_baseline",
    "core_scenario",
    "core_change",
    "ring_baseline",
    "ring_scenario",
    "ring_change",
    "baseline_ratio",
    "scenario_ratio",
)
PERCENTILES = (10, 25, 50, 75, 90)
NETWORKS = ("baseline", "scenario")
AREA, QUINTILE = "area_id", "quintile"
"""Groupings of people."""
QUINTILES = 5
NO_GAIN = 1e-9
"""A net gain below this share of all gains and losses is rounding error."""


@dataclass(frozen=True)
class _Access:
    """A measure of one mode in every populated zone, in baseline and scenario."""

    labels: tuple[str, str, str]
    areas: np.ndarray
    people: np.ndarray
    baseline: np.ndarray
    scenario: np.ndarray

    @property
    def change(self) -> np.ndarray:
        """Gain of each zone; negative for a loss."""
        return self.scenario - self.baseline

    def groups(self) -> Iterator[tuple[str, str, np.ndarray]]:
        """Grouping, group, and the number of people of each zone in it."""
        for area in np.unique(self.areas):
            yield AREA, str(area), np.where(self.areas == area, self.people, 0.0)
        parts = equal_parts(self.baseline, self.people, QUINTILES)
        for number, people in enumerate(parts, start=1):
            yield QUINTILE, str(number), people


def _accesses(
    zones: pd.DataFrame, measures: Sequence[str], travels: Sequence[tuple[Mode, Period]]
) -> Iterator[_Access]:
    """Every measure of every requested mode and period."""
    populated = zones.loc[zones["population"] > 0]
    areas = populated["area_id"].to_numpy(dtype=str)
    people = populated["population"].to_numpy(dtype=float)
    for measure in measures if len(populated) else ():
        for mode, period in travels:
            stem = measure_stem(measure, mode, period)
            columns = (populated[f"{stem}_{name}"].to_numpy(dtype=float) for name in NETWORKS)
            yield _Access((measure, mode, period), areas, people, *columns)


def _spread(values: np.ndarray, people: np.ndarray) -> tuple[float, ...]:
    """The figures of one row of `spread`, from the column `people` on."""
    figures = summary(pd.Series(values), pd.Series(people), PERCENTILES)
    figures["palma"] = palma(values, people)
    return tuple(figures[name] for name in SPREAD_COLUMNS[5:])


def spread(
    zones: pd.DataFrame, measures: Sequence[str], *, travels: Sequence[tuple[Mode, Period]]
) -> pd.DataFrame:
    """Distribution of access over people in baseline and scenario, by planning area and in total.

    Parameters
    ----------
    zones
        `area_id`, `population` and the columns of `analysis.change.accessibility_change`.
    measures
        Names of cumulative measures.
    travels
        Modes and periods.

    Returns
    -------
    DataFrame
        `SPREAD_COLUMNS`; `network` is `baseline` or `scenario`, `area_id` of the row over all
        people is `analysis.change.EVERYWHERE`. Percentiles and mean in the unit of the measure;
        Gini and Palma as in `analysis.distribution`, Palma NaN where the worst-off 40 % reach
        nothing. Areas without people have no row.
    """
    rows = []
    for access in _accesses(zones, measures, travels):
        for area in (*np.unique(access.areas), EVERYWHERE):
            inside = (access.areas == area) | (area == EVERYWHERE)
            for network, values in zip(NETWORKS, (access.baseline, access.scenario), strict=True):
                figures = _spread(values[inside], access.people[inside])
                rows.append((*access.labels, str(area), network, *figures))
    return pd.DataFrame.from_records(rows, columns=list(SPREAD_COLUMNS))


def gain_shares(
    zones: pd.DataFrame, measures: Sequence[str], *, travels: Sequence[tuple[Mode, Period]]
) -> pd.DataFrame:
    """Shares of the gain by planning area and by quintile of baseline access.

    The gain of a group is the sum of the changes of its people, losses included.

    Parameters
    ----------
    zones, measures, travels
        As for `spread`.

    Returns
    -------
    DataFrame
        `GAIN_COLUMNS`. `grouping` is `area_id` (`group` is the area) or `quintile` (`group` is `1`,
        the fifth of the people who reach least in the baseline, to `5`; a zone that lies across a
        cut is divided, see `analysis.distribution.equal_parts`). Within a grouping `people_share`
        and `gain_share` each add up to 1; `gain_share` is NaN where gains and losses cancel out. A
        share is negative for a group that loses while the total gains.
    """
    rows = []
    for access in _accesses(zones, measures, travels):
        gain = access.people * access.change
        total = gain.sum() if abs(gain.sum()) > NO_GAIN * np.abs(gain).sum() else np.nan
        for grouping, group, group_people in access.groups():
            people, group_gain = group_people.sum(), group_people @ access.change
            means = group_people @ access.baseline / people, group_gain / people
            share = people / access.people.sum()
            rows.append(
                (*access.labels, grouping, group, people, share, *means, group_gain / total)
            )
    return pd.DataFrame.from_records(rows, columns=list(GAIN_COLUMNS))


def _ratio(core: float, ring: float) -> float:
    return core / ring if ring else float("nan")


def core_and_ring(
    zones: pd.DataFrame,
    measures: Sequence[str],
    *,
    travels: Sequence[tuple[Mode, Period]],
    core_ids: Collection[str],
) -> pd.DataFrame:
    """Access of people in the core, and of people in all other areas (the ring).

    Parameters
    ----------
    zones, measures, travels
        As for `spread`.
    core_ids
        Planning areas of the core.

    Returns
    -------
    DataFrame
        `CORE_RING_COLUMNS`: people, their means in baseline and scenario, and the mean change;
        `baseline_ratio` and `scenario_ratio` are the core's mean over the ring's, NaN where the
        ring reaches nothing. No rows if the core or the ring has no people.
    """
    rows = []
    for access in _accesses(zones, measures, travels):
        core = np.isin(access.areas, list(core_ids))
        if core.all() or not core.any():
            continue
        people = [access.people[inside].sum() for inside in (core, ~core)]
        means = [
            float(np.average(values[inside], weights=access.people[inside]))
            for inside in (core, ~core)
            for values in (access.baseline, access.scenario, access.change)
        ]
        ratios = _ratio(means[0], means[3]), _ratio(means[1], means[4])
        rows.append((*access.labels, *people, *means, *ratios))
    return pd.DataFrame.from_records(rows, columns=list(CORE_RING_COLUMNS))
