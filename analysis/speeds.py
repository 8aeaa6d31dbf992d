"""How long each street takes, by mode and period."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

import geopandas as gpd
import numpy as np
import pandas as pd

from analysis.screenlines import screenline_loads
from layers.assumptions import Assumptions
from layers.roads import MOTORWAYS, RoadNetwork, streets
from layers.transit import Period

NO_STOPPING = MOTORWAYS
"""Streets that one cannot leave, but for another street."""
FERRY = "ferry"
"""`highway` of ferry lines: everybody takes the time of the boat."""


@dataclass(frozen=True)
class StreetTimes:
    """The streets of one mode.

    Attributes
    ----------
    table
        One row a street: `osmid`, `u`, `v`, `length`, `tunnel`, `bridge`, `highway`, `can_stop`
        (whether one can get on and off midway), `can_end` (whether at its ends),
        `secs_forward`, `secs_backward` (infinite where it cannot be used), geometry.
    connector_mps
        Speed off the streets, metres a second.
    """

    table: gpd.GeoDataFrame
    connector_mps: float


def _speed_factors(highway: pd.Series, factors: Mapping[str, float]) -> np.ndarray:
    """The class's factor; a link takes its road's, an unknown class the default."""
    road: list[str] = highway.str.removesuffix("_link").tolist()
    fallback = factors.get("default", 1.0)
    factors = {FERRY: 1.0, **factors}
    values: np.ndarray = np.array([factors.get(name, fallback) for name in road])
    return values


def _with_stopping(table: gpd.GeoDataFrame) -> gpd.GeoDataFrame:
    never = table["highway"].isin(NO_STOPPING)
    closed = table["tunnel"].astype(bool) | table["bridge"].astype(bool)
    closed |= table["highway"] == FERRY
    return table.assign(can_stop=~(closed | never), can_end=~never)


def drive_speeds_kph(
    roads: RoadNetwork, volumes: pd.DataFrame, period: Period, assumptions: Assumptions
) -> np.ndarray:
    """Speed of a car on each of `streets(roads)`, km/h.

    The speed limit times the class's factor for the period. At the peak a crossing of a
    screenline takes its off-peak speed divided by 1 + alpha (v/c)^beta instead.
    """
    table = streets(roads)
    limit = table["maxspeed"].to_numpy(dtype=float)
    offpeak = limit * _speed_factors(table["highway"], assumptions.offpeak_speed_factor)
    if period == "offpeak":
        return offpeak
    peak = limit * _speed_factors(table["highway"], assumptions.peak_speed_factor)
    loads = screenline_loads(roads, volumes, assumptions).set_index("screenline_id")
    crossing = table["screenline"].map(loads["speed_factor"]).to_numpy(dtype=float)
    return np.where(np.isnan(crossing), peak, offpeak * crossing)


def drive_times(
    roads: RoadNetwork, volumes: pd.DataFrame, period: Period, assumptions: Assumptions
) -> StreetTimes:
    """Streets as a car takes them."""
    table = _with_stopping(streets(roads))
    secs = table["length"] / (drive_speeds_kph(roads, volumes, period, assumptions) / 3.6)
    backward = secs.where(~table["oneway"].astype(bool), np.inf)
    times = table.assign(secs_forward=secs, secs_backward=backward)
    times = times.loc[times["drive"].astype(bool)].reset_index(drop=True)
    return StreetTimes(times, assumptions.drive_connector_kph / 3.6)


def walk_times(roads: RoadNetwork, assumptions: Assumptions) -> StreetTimes:
    """Streets as a walker takes them, both ways; on a ferry he takes its time."""
    table = streets(roads)
    table = _with_stopping(table.loc[table["walk"].astype(bool)])
    walking = table["length"] / assumptions.walk_mps
    secs = walking.where(table["highway"] != FERRY, table["travel_time"])
    times = table.reset_index(drop=True).assign(
        secs_forward=secs.to_numpy(), secs_backward=secs.to_numpy()
    )
    return StreetTimes(times, assumptions.walk_mps)


def bus_lengths(roads: RoadNetwork) -> StreetTimes:
    """Streets that buses may use, with metres in place of seconds."""
    table = streets(roads)
    table = _with_stopping(table.loc[table["bus"].astype(bool)]).reset_index(drop=True)
    backward = table["length"].where(~table["oneway"].astype(bool), np.inf)
    times = table.assign(secs_forward=table["length"], secs_backward=backward)
    return StreetTimes(times, 1.0)
