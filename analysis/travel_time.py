"""Travel times between points, and the reason where there is none."""

from __future__ import annotations

from dataclasses import dataclass

import geopandas as gpd
import numpy as np
import pandas as pd

from analysis.graph.conditions import Conditions
from analysis.graph.routable_network import RoutableNetwork, Travel, routable_network
from analysis.routing.router import times_between
from analysis.routing.shortest_paths import has_path
from layers.network import TransportNetwork

TRAVEL_TIME_COLUMNS = ("from_id", "to_id", "secs")
MISSING_COLUMNS = ("from_id", "to_id", "reason")
REASONS = ("too_far_from_network", "beyond_cutoff", "different_component")


@dataclass(frozen=True)
class TravelTimes:
    """Answers and what could not be answered.

    Attributes
    ----------
    table
        `TRAVEL_TIME_COLUMNS`, one row a pair that is reached within the limit.
    missing
        `MISSING_COLUMNS`, one row for every other pair.
    """

    table: pd.DataFrame
    missing: pd.DataFrame


def travel_time_matrix(routable: RoutableNetwork, limit_secs: float) -> np.ndarray:
    """Seconds from every point to every point.

    Returns
    -------
    ndarray
        points x points, float64, rows are origins; infinite beyond the limit. From a point to
        itself it is 0.
    """
    return times_between(routable.linked, limit=limit_secs)


def _reasons(routable: RoutableNetwork, rows: np.ndarray, columns: np.ndarray) -> np.ndarray:
    """Why the pairs have no time: no way at all, one beyond the limit, or no street near."""
    joined = np.zeros(len(routable.points), dtype=bool)
    joined[routable.snaps["point"]] = True
    from_these, row = np.unique(rows, return_inverse=True)
    ever = np.zeros((len(from_these), len(routable.points)), dtype=bool)
    for number, point in enumerate(from_these):
        ever[number] = has_path(routable.linked, point)
    is_way = ever[row, columns]
    reason = np.where(is_way, "beyond_cutoff", "different_component")
    return np.where(joined[rows] & joined[columns], reason, "too_far_from_network")


def travel_times(
    network: TransportNetwork, places: gpd.GeoSeries, *, travel: Travel, conditions: Conditions
) -> TravelTimes:
    """Times between all places, each pair once a direction.

    Parameters
    ----------
    network
        Roads, stops and routes.
    places
        Projected points, indexed by id.
    travel
        Mode, period and waiting.
    conditions
        Peak volumes and assumptions; `max_trip_secs` is the limit, doubled for the worst band:
        waiting a whole headway each time at most doubles the expected time.
    """
    routable = routable_network(network, places, travel=travel, conditions=conditions)
    stretch = 2 if travel.band == "worst" else 1
    secs = travel_time_matrix(routable, stretch * conditions.assumptions.max_trip_secs)
    rows, columns = np.nonzero(~np.eye(len(places), dtype=bool))
    found = np.isfinite(secs[rows, columns])
    ids = places.index.to_numpy()
    pairs = {"from_id": ids[rows], "to_id": ids[columns]}
    table = pd.DataFrame(pairs | {"secs": secs[rows, columns]}).loc[found]
    missing = pd.DataFrame(pairs).loc[~found]
    missing = missing.assign(reason=_reasons(routable, rows[~found], columns[~found]))
    return TravelTimes(table.reset_index(drop=True), missing.reset_index(drop=True))
