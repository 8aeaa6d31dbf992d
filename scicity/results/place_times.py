"""Travel times between the named places of a study, in the baseline and in the scenario."""

from __future__ import annotations

from dataclasses import dataclass

import pandas as pd

from analysis.change import (
    BandedTimes,
    place_time_change,
    place_times_missing,
)
from analysis.graph.travel import Band, Mode, Travel
from analysis.travel_time import TravelTimes, travel_times
from layers.network import TransportNetwork
from layers.transit import Period
from scicity.inputs.pair import Pair
from scicity.inputs.study import Study

PLACE_TRAVELS: tuple[tuple[Mode, Period], ...] = (
    ("walk", "peak"),
    ("drive", "peak"),
    ("drive", "offpeak"),
    ("transit", "peak"),
    ("transit", "offpeak"),
)
"""Modes and periods of the table of places; walking does not depend on the period."""


@dataclass(frozen=True)
class PlaceTimes:
    """Times between named places (`analysis.change.PLACE_TIME_COLUMNS`), and missing pairs.

    `by_scenario` also has pairs with a time in only one scenario: `from_id`, `to_id`, `secs`,
    `mode`, `period`, `scenario`.
    """

    times: pd.DataFrame
    missing: pd.DataFrame
    by_scenario: pd.DataFrame


def _banded_times(
    study: Study, network: TransportNetwork, mode: Mode, period: Period
) -> BandedTimes:
    def times(band: Band) -> TravelTimes:
        travel = Travel(mode, period, band)
        return travel_times(network, study.place_points, travel=travel, conditions=study.conditions)

    expected = times("expected")
    if mode != "transit":
        return BandedTimes(expected, expected, expected)
    return BandedTimes(expected, times("best"), times("worst"))


def place_results(study: Study, pair: Pair) -> PlaceTimes:
    """Times between all named places by mode and period, in baseline and scenario."""
    times, missing, by_scenario = [], [], []
    for mode, period in PLACE_TRAVELS:
        baseline = _banded_times(study, pair.baseline, mode, period)
        scenario = _banded_times(study, pair.scenario, mode, period)
        times.append(place_time_change(baseline, scenario, mode=mode, period=period))
        for name, banded in ((pair.baseline_id, baseline), (pair.scenario_id, scenario)):
            table = place_times_missing(banded.expected, mode=mode, period=period, scenario=name)
            missing.append(table)
            label = {"mode": mode, "period": period, "scenario": name}
            by_scenario.append(banded.expected.table.assign(**label))
    return PlaceTimes(
        *(pd.concat(part, ignore_index=True) for part in (times, missing, by_scenario))
    )
