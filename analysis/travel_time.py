"""Travel times between points, and the reason where there is none."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import geopandas as gpd
import numpy as np
import pandas as pd

from analysis.graph.conditions import Conditions
from analysis.graph.routable_network import RoutableNetwork, routable_network
from analysis.graph.travel import Travel
from analysis.routing.router import times_between
from analysis.routing.shortest_paths import has_path
from geo.faults import BadInputError, Fault, shown
from layers.network import TransportNetwork

TRAVEL_TIME_COLUMNS = ("from_id", "to_id", "secs")
MISSING_COLUMNS = ("from_id", "to_id", "reason")
REASONS = ("too_far_from_network", "beyond_cutoff", "different_component")


@dataclass(frozen=True)
class TravelTimes:
    """Times between points, and the pairs without one.

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


def missing_reasons(
    routable: RoutableNetwork, origins: np.ndarray, destinations: np.ndarray
) -> np.ndarray:
    """Why pairs of points have no time: no path at all, one beyond the limit, or no street near.

    Parameters
    ----------
    routable
        The network with the points.
    origins, destinations
        Positions of points, one of each a pair.

    Returns
    -------
    ndarray
        One of `REASONS` a pair.
    """
    snapped = np.zeros(len(routable.points), dtype=bool)
    snapped[routable.snaps["point"]] = True
    from_these, row = np.unique(origins, return_inverse=True)
    reachable = np.zeros((len(from_these), len(routable.points)), dtype=bool)
    for number, point in enumerate(from_these):
        reachable[number] = has_path(routable.linked, point)
    is_connected = reachable[row, destinations]
    reason = np.where(is_connected, "beyond_cutoff", "different_component")
    return np.where(snapped[origins] & snapped[destinations], reason, "too_far_from_network")


def travel_times(
    network: TransportNetwork,
    points: gpd.GeoSeries,
    *,
    travel: Travel,
    conditions: Conditions,
    origins: Sequence[str] | None = None,
    destinations: Sequence[str] | None = None,
) -> TravelTimes:
    """Times between points, each pair once a direction.

    Parameters
    ----------
    network
        Roads, stops and routes.
    points
        Points in the network's CRS, indexed by id.
    travel
        Mode, period and waiting.
    conditions
        Peak volumes and assumptions; `max_trip_secs` is the limit, doubled for the worst band:
        waiting a whole headway each time at most doubles the expected time.
    origins, destinations
        Ids of points; all of them if not given.

    Returns
    -------
    TravelTimes
        Seconds; no row from a point to itself.

    Raises
    ------
    BadInputError
        If the points are in another CRS than the network, if an id stands twice, or if an origin
        or destination is no point.
    """
    routable = routable_network(network, points, travel=travel, conditions=conditions)
    starts, ends = (positions_of(points, ids) for ids in (origins, destinations))
    # by timetable the wait is in the percentile, not added to every boarding
    doubled = travel.band == "worst" and routable.linked.timed is None
    limit_secs = (2 if doubled else 1) * conditions.assumptions.max_trip_secs
    secs = times_between(routable.linked, limit=limit_secs, origins=starts, destinations=ends)
    row, column = np.nonzero(starts[:, np.newaxis] != ends)
    reached, start, end = np.isfinite(secs[row, column]), starts[row], ends[column]
    ids = points.index.to_numpy()
    pairs = pd.DataFrame({"from_id": ids[start], "to_id": ids[end]})
    table = pairs.assign(secs=secs[row, column]).loc[reached]
    reasons = missing_reasons(routable, start[~reached], end[~reached])
    missing = pairs.loc[~reached].assign(reason=reasons)
    return TravelTimes(table.reset_index(drop=True), missing.reset_index(drop=True))


def positions_of(points: gpd.GeoSeries, ids: Sequence[str] | None) -> np.ndarray:
    """Positions of some points by their ids."""
    if ids is None:
        return np.arange(len(points))
    ids = [ids] if isinstance(ids, str) else list(ids)
    positions = points.index.get_indexer(list(ids))
    unknown = [shown(name) for name, at in zip(ids, positions, strict=True) if at < 0]
    if unknown:
        allowed = "ids of the points"
        raise BadInputError([Fault("points", "", "id-unknown", ", ".join(unknown), allowed)])
    return np.asarray(positions)
