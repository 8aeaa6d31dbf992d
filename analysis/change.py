"""Change between baseline and scenario: times between places, and accessibility."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

import geopandas as gpd
import pandas as pd

from analysis.distribution import summary
from analysis.routing.arcs import STEP_SECS
from analysis.travel_time import TravelTimes

PLACE_TIME_COLUMNS = (
    "from_id",
    "to_id",
    "mode",
    "period",
    "baseline_secs",
    "scenario_secs",
    "change_secs",
    "baseline_best_secs",
    "baseline_worst_secs",
    "scenario_best_secs",
    "scenario_worst_secs",
)
PLACE_MISSING_COLUMNS = ("from_id", "to_id", "mode", "period", "scenario", "reason")
BY_AREA_COLUMNS = (
    "area_id",
    "mode",
    "period",
    "measure",
    "people",
    "baseline_mean",
    "scenario_mean",
    "change_mean",
    "baseline_p10",
    "scenario_p10",
    "baseline_p50",
    "scenario_p50",
    "baseline_p90",
    "scenario_p90",
    "baseline_gini",
    "scenario_gini",
)
EVERYWHERE = "all"
"""`area_id` of the row over the whole study area."""
SAME_SECS = 10 * STEP_SECS
"""Smaller differences are rounding errors: a joint that splits a street changes its rounding."""


@dataclass(frozen=True)
class BandedTimes:
    """Times of one scenario with the band of waiting: no wait, and a whole headway each time."""

    expected: TravelTimes
    best: TravelTimes
    worst: TravelTimes

    def table(self, name: str) -> pd.DataFrame:
        """One row a pair with `<name>_secs`, `<name>_best_secs` and `<name>_worst_secs`."""
        keys = ["from_id", "to_id"]
        table = self.expected.table.rename(columns={"secs": f"{name}_secs"})
        for band, times in (("best", self.best), ("worst", self.worst)):
            renamed = times.table.rename(columns={"secs": f"{name}_{band}_secs"})
            table = table.merge(renamed, on=keys, how="left")
        return table


def place_time_change(
    baseline: BandedTimes, scenario: BandedTimes, *, mode: str, period: str
) -> pd.DataFrame:
    """Times between places in baseline and scenario, for pairs with a time in both.

    Returns
    -------
    DataFrame
        `PLACE_TIME_COLUMNS`; a negative change is an improvement.
    """
    both = baseline.table("baseline").merge(scenario.table("scenario"), on=["from_id", "to_id"])
    change = both["scenario_secs"] - both["baseline_secs"]
    change = change.where(change.abs() > SAME_SECS, 0.0)
    table = both.assign(mode=mode, period=period, change_secs=change)
    return table[list(PLACE_TIME_COLUMNS)]


def place_times_missing(
    times: TravelTimes, *, mode: str, period: str, scenario: str
) -> pd.DataFrame:
    """Pairs without a time in one scenario, with the reason: `PLACE_MISSING_COLUMNS`."""
    table = times.missing.assign(mode=mode, period=period, scenario=scenario)
    return table[list(PLACE_MISSING_COLUMNS)]


def _by_area(
    values: pd.DataFrame, zones: gpd.GeoDataFrame, areas: Sequence[str]
) -> dict[tuple[str, str], dict[str, float]]:
    """Summaries by area and measure."""
    summaries = {}
    for area in (*areas, EVERYWHERE):
        inside = (zones["area_id"] == area) if area != EVERYWHERE else zones["area_id"].notna()
        for measure in values.columns:
            figures = summary(values.loc[inside, measure], zones.loc[inside, "population"])
            summaries[area, str(measure)] = figures
    return summaries


def accessibility_by_area(
    zones: gpd.GeoDataFrame, values: Mapping[str, pd.DataFrame], *, mode: str, period: str
) -> pd.DataFrame:
    """Population-weighted figures for every planning area and for the whole study area.

    Parameters
    ----------
    zones
        `area_id`, `population`.
    values
        `baseline` and `scenario`: one column a measure, in the order of the zones.
    mode, period
        Written to the rows.

    Returns
    -------
    DataFrame
        `BY_AREA_COLUMNS`; missing figures (no people with a value) are NaN. `change_mean` is over
        the people with a value in both networks, `people` counts those with one in the scenario.
    """
    areas = sorted(zones["area_id"].unique())
    baseline = _by_area(values["baseline"], zones, areas)
    scenario = _by_area(values["scenario"], zones, areas)
    change = _by_area(values["scenario"] - values["baseline"], zones, areas)
    rows = []
    for (area, measure), figures in baseline.items():
        scenario_figures = scenario[area, measure]
        row: dict[str, str | float] = {
            "area_id": area,
            "mode": mode,
            "period": period,
            "measure": measure,
        }
        row |= {f"baseline_{key}": value for key, value in figures.items()}
        row |= {f"scenario_{key}": value for key, value in scenario_figures.items()}
        row["people"] = scenario_figures["people"]
        row["change_mean"] = change[area, measure].get("mean", float("nan"))
        rows.append(row)
    return pd.DataFrame(rows).reindex(columns=list(BY_AREA_COLUMNS))


def measure_stem(measure: str, mode: str, period: str) -> str:
    """Prefix of the columns of a measure in the table of zones.

    Examples
    --------
    >>> measure_stem("people_2700", "drive", "peak")
    'people_2700_drive_peak'
    """
    return f"{measure}_{mode}_{period}"


def accessibility_change(
    baseline: pd.DataFrame, scenario: pd.DataFrame, *, mode: str, period: str
) -> pd.DataFrame:
    """Columns `<measure>_<mode>_<period>_baseline`, `…_scenario` and `…_change` for every zone."""
    columns = {}
    for measure in baseline.columns:
        stem = measure_stem(str(measure), mode, period)
        columns[f"{stem}_baseline"] = baseline[measure]
        columns[f"{stem}_scenario"] = scenario[measure]
        columns[f"{stem}_change"] = scenario[measure] - baseline[measure]
    return pd.DataFrame(columns)
