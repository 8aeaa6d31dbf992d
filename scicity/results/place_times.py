"""Travel times between the named places of a study, in the baseline and in the scenario."""

from __future__ import annotations

from dataclasses import dataclass

import pandas as pd

from analysis.change import (
    BandedTimes,
    place_time_change,
    place_times_missing,
)
from analysis.graph.routable_network import Band, Mode, Travel
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
    """Times between named places: `analysis.change.PLACE_TIME_COLUMNS`, and what is missing.

    `each` has also the pairs with a time in one scenario only: `from_id`, `to_id`, `secs`, `mode`,
    `period`, `scenario`.
    """

    times: pd.DataFrame
    missing: pd.DataFrame
    each: pd.DataFrame


def _banded(study: Study, network: TransportNetwork, mode: Mode, period: Period) -> BandedTimes:
    def times(band: Band) -> TravelTimes:
        travel = Travel(mode, period, band)
        return travel_times(network, study.place_points, travel=travel, conditions=study.conditions)

    expected = times("expected")
    if mode != "transit":
        return BandedTimes(expected, expected, expected)
    return BandedTimes(expected, times("best"), times("worst"))


def place_results(study: Study, pair: Pair) -> PlaceTimes:
    """Times between all named places for every mode and period, before and after."""
    times, missing, each = [], [], []
    for mode, period in PLACE_TRAVELS:
        was = _banded(study, pair.baseline, mode, period)
        now = _banded(study, pair.scenario, mode, period)
        times.append(place_time_change(was, now, mode=mode, period=period))
        for name, banded in ((pair.baseline_id, was), (pair.scenario_id, now)):
            table = place_times_missing(banded.expected, mode=mode, period=period, scenario=name)
            missing.append(table)
            label = {"mode": mode, "period": period, "scenario": name}
            each.append(banded.expected.table.assign(**label))
    return PlaceTimes(*(pd.concat(part, ignore_index=True) for part in (times, missing, each)))
