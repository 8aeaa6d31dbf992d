"""Assumptions that make times easy to compute by hand, and peak volumes."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

import pandas as pd

from analysis.graph.conditions import Conditions
from layers.assumptions import Assumptions
from layers.screenlines import VOLUME_COLUMNS

EASY = replace(
    Assumptions(),
    walk_speed_kph=3.6,
    drive_connector_kph=36.0,
    detour=1.0,
    max_direct_walk_m=0.0,
    max_trip_secs=43_200.0,
    peak_speed_factor={"default": 0.5},
    offpeak_speed_factor={"default": 1.0},
)


def easy(**values: Any) -> Assumptions:
    """The easy values with some of them changed."""
    return replace(EASY, **values)


def peak_volumes(**by_screenline: float) -> pd.DataFrame:
    """Cars an hour by screenline; none if nothing is named."""
    rows = [(name, name, name, cars, "assumed", "", "") for name, cars in by_screenline.items()]
    return pd.DataFrame.from_records(rows, columns=list(VOLUME_COLUMNS))


# Asking -------------------------------------------------------------------------------------


def conditions(assumptions: Assumptions = EASY, **by_screenline: float) -> Conditions:
    """Assumptions and peak volumes."""
    return Conditions(peak_volumes(**by_screenline), assumptions)
