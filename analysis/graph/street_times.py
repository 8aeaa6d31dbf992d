"""Travel times along streets, by mode and period."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

import geopandas as gpd
import numpy as np
import pandas as pd

from analysis.graph.screenlines import screenline_loads
from layers.assumptions import Assumptions
from layers.caching import cached_by_identity
from layers.roads import MOTORWAYS, RoadNetwork
from layers.transit import Period

NO_STOPPING = MOTORWAYS
"""Classes of streets that travellers can leave for another street only."""
FERRY = "ferry"
"""`highway` of ferries: every mode takes the boat's time."""


@dataclass(frozen=True)
class StreetTimes:
    """The streets of one mode.

    Attributes
    ----------
    table
        One row a street: the columns of `layers.roads.streets`, `from_node` and `to_node` (start
        and end: rows of the network's `nodes`, which keep their position in every scenario),
        `linkable` (whether points may join it midway), `linkable_at_ends` (whether at its ends),
        `secs_forward`, `secs_backward` (infinite where it cannot be used).
    connector_mps
        Speed off the streets, metres a second.
    """

    table: gpd.GeoDataFrame
    connector_mps: float


@dataclass(frozen=True)
class _Usable:
    """The streets that a mode may use: their positions, and their table without seconds."""

    positions: np.ndarray
    table: gpd.GeoDataFrame

    def times(self, forward: np.ndarray, backward: np.ndarray, connector_mps: float) -> StreetTimes:
        """The streets with seconds; the arrays have one value a street of the whole network."""
        secs = {"secs_forward": forward[self.positions], "secs_backward": backward[self.positions]}
        return StreetTimes(self.table.assign(**secs), connector_mps)


def _usable(roads: RoadNetwork, user: str) -> _Usable:
    positions = np.flatnonzero(roads.drawn[user].to_numpy(dtype=bool))
    is_whole = len(positions) == len(roads.drawn)
    table = roads.drawn if is_whole else roads.drawn.iloc[positions].reset_index(drop=True)
    not_linkable = table["highway"].isin(NO_STOPPING).to_numpy()
    ends_only = table["tunnel"].to_numpy(dtype=bool) | table["bridge"].to_numpy(dtype=bool)
    ends_only |= (table["highway"] == FERRY).to_numpy(dtype=bool)
    start, end = roads.ends[positions].T
    columns = {
        "from_node": start,
        "to_node": end,
        "linkable": ~(ends_only | not_linkable),
        "linkable_at_ends": ~not_linkable,
    }
    return _Usable(positions, table.assign(**columns))


@cached_by_identity
def _drivable(roads: RoadNetwork) -> _Usable:
    return _usable(roads, "drive")


@cached_by_identity
def _walkable(roads: RoadNetwork) -> _Usable:
    return _usable(roads, "walk")


@cached_by_identity
def _for_buses(roads: RoadNetwork) -> _Usable:
    return _usable(roads, "bus")


@cached_by_identity
def _classes(roads: RoadNetwork) -> tuple[np.ndarray, list[str]]:
    """The class number of each street and the class names; a link road has its road's class."""
    number, names = pd.factorize(roads.drawn["highway"].str.removesuffix("_link"))
    return number, list(names)


def _speed_factors(roads: RoadNetwork, factors: Mapping[str, float]) -> np.ndarray:
    """The speed factor of each street's class; an unknown class has the default."""
    number, names = _classes(roads)
    fallback = factors.get("default", 1.0)
    by_class = {FERRY: 1.0, **factors}
    values = np.array([by_class.get(name, fallback) for name in names], dtype=float)
    return np.asarray(values[number])


def drive_speeds_kph(
    roads: RoadNetwork, volumes: pd.DataFrame, period: Period, assumptions: Assumptions
) -> np.ndarray:
    """Speed of a car on each of `streets(roads)`, km/h.

    The speed limit times the class's factor for the period. At the peak a crossing of a
    screenline takes its off-peak speed divided by 1 + alpha (v/c)^beta instead.
    """
    limit = roads.drawn["maxspeed"].to_numpy(dtype=float)
    offpeak = limit * _speed_factors(roads, assumptions.offpeak_speed_factor)
    if period == "offpeak":
        return offpeak
    peak = limit * _speed_factors(roads, assumptions.peak_speed_factor)
    loads = screenline_loads(roads, volumes, assumptions).set_index("screenline_id")
    screenline = roads.drawn["screenline"]
    crossing = np.flatnonzero(screenline.notna())
    slowdown = screenline.iloc[crossing].map(loads["speed_factor"]).to_numpy(dtype=float)
    known = ~np.isnan(slowdown)
    peak[crossing[known]] = offpeak[crossing[known]] * slowdown[known]
    return peak


def drive_times(
    roads: RoadNetwork, volumes: pd.DataFrame, period: Period, assumptions: Assumptions
) -> StreetTimes:
    """Drive times."""
    kph = drive_speeds_kph(roads, volumes, period, assumptions)
    secs = roads.drawn["length"].to_numpy(dtype=float) / (kph / 3.6)
    backward = _two_way(roads, secs)
    return _drivable(roads).times(secs, backward, assumptions.drive_connector_kph / 3.6)


def _two_way(roads: RoadNetwork, cost: np.ndarray) -> np.ndarray:
    """The cost against the digitised direction: infinite in one-way streets."""
    return np.where(roads.drawn["oneway"].to_numpy(dtype=bool), np.inf, cost)


def walk_times(roads: RoadNetwork, assumptions: Assumptions) -> StreetTimes:
    """Walk times, the same in both directions; ferries take the boat's time."""
    walking = roads.drawn["length"].to_numpy(dtype=float) / assumptions.walk_mps
    on_boat = (roads.drawn["highway"] == FERRY).to_numpy(dtype=bool)
    secs = np.where(on_boat, roads.drawn["travel_time"].to_numpy(dtype=float), walking)
    return _walkable(roads).times(secs, secs, assumptions.walk_mps)


def bus_lengths(roads: RoadNetwork) -> StreetTimes:
    """Streets that buses may use, with metres in place of seconds."""
    metres = roads.drawn["length"].to_numpy(dtype=float)
    return _for_buses(roads).times(metres, _two_way(roads, metres), 1.0)


def bus_times(
    roads: RoadNetwork, volumes: pd.DataFrame, period: Period, assumptions: Assumptions
) -> StreetTimes:
    """The streets of `bus_lengths` with the seconds of a bus without stops."""
    kph = drive_speeds_kph(roads, volumes, period, assumptions) / assumptions.bus_slower
    secs = roads.drawn["length"].to_numpy(dtype=float) / (kph / 3.6)
    return _for_buses(roads).times(secs, _two_way(roads, secs), 1.0)
