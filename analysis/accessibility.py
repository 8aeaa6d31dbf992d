"""Accessibility: what every zone can reach."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

import geopandas as gpd
import numpy as np
import pandas as pd

from analysis.graph.conditions import Conditions
from analysis.graph.routable_network import routable_network
from analysis.graph.travel import Travel
from analysis.impedance import negative_exponential
from analysis.kernels import kernel
from analysis.measures import Measure
from analysis.routing.arcs import STEP_SECS, Scale
from analysis.routing.linked_points import LinkedPoints
from analysis.routing.router import visit_times
from geo.faults import BadInputError, Fault, check_faults, shown
from geo.points import crs_mismatch_faults, listed_ids
from layers.network import TransportNetwork


@kernel
def _summed(weights: np.ndarray, counts: np.ndarray, sums: np.ndarray) -> None:
    """Add up for every origin, destination by destination: always in the same order."""
    for destination in range(weights.shape[0]):
        for origin in range(weights.shape[1]):
            sums[origin] += weights[destination, origin] * counts[destination]


@kernel
def _counted(
    times: np.ndarray, counts: np.ndarray, most: np.int32 | float, sums: np.ndarray
) -> None:
    """Add up what lies within a cutoff, in the same order as `_summed`; times in any unit."""
    for destination in range(times.shape[0]):
        count = counts[destination]
        for origin in range(times.shape[1]):
            sums[origin] += count if times[destination, origin] <= most else 0.0


def _weighted(weights: np.ndarray, opportunities: np.ndarray) -> np.ndarray:
    """The weighted sum of opportunities for each row (origin)."""
    sums = np.zeros(len(weights))
    _summed(np.ascontiguousarray(weights.T), opportunities, sums)
    return sums


def cumulative_opportunities(
    secs: np.ndarray, opportunities: np.ndarray, cutoff_secs: float
) -> np.ndarray:
    """How much each origin reaches within the cutoff (to half of `STEP_SECS`).

    Examples
    --------
    >>> cumulative_opportunities(np.array([[0.0, 700.0]]), np.array([2.0, 4.0]), 600).tolist()
    [2.0]
    """
    sums = np.zeros(len(secs))
    _counted(np.ascontiguousarray(secs.T), opportunities, cutoff_secs + STEP_SECS / 2, sums)
    return sums


def gravity(secs: np.ndarray, opportunities: np.ndarray, half_secs: float) -> np.ndarray:
    """What each origin reaches, each counted half as much with every `half_secs`.

    Examples
    --------
    >>> gravity(np.array([[0.0, 1200.0]]), np.array([2.0, 4.0]), 1200).tolist()
    [4.0]
    """
    return _weighted(negative_exponential(secs, half_secs), opportunities)


def nearest_secs(secs: np.ndarray, opportunities: np.ndarray, k: int) -> np.ndarray:
    """Seconds from each origin to its k-th nearest opportunity; NaN where it reaches fewer.

    Examples
    --------
    >>> nearest_secs(np.array([[0.0, 700.0]]), np.array([1.0, 1.0]), 2).tolist()
    [700.0]
    """
    places = np.flatnonzero(opportunities)
    if len(places) == 0:
        return np.full(len(secs), np.nan)
    to_places = secs[:, places]
    order = np.argsort(to_places, axis=1, kind="stable")
    ranked = np.take_along_axis(to_places, order, axis=1)
    enough = np.cumsum(opportunities[places][order], axis=1) >= k
    kth = ranked[np.arange(len(secs)), enough.argmax(axis=1)]
    return np.where(enough.any(axis=1) & np.isfinite(kth), kth, np.nan)


def _measured(units: np.ndarray, scale: Scale, count: np.ndarray, measure: Measure) -> np.ndarray:
    """A measure of each column (origin) of units."""
    if measure.kind == "cumulative":
        sums = np.zeros(units.shape[1])
        _counted(units, count, scale.cutoff(measure.value), sums)
        return sums
    if measure.kind == "gravity":
        return gravity(scale.secs(units).T, count, measure.value)
    return nearest_secs(scale.secs(units).T, count, int(measure.value))


def accessibility_on(
    linked: LinkedPoints, zones: gpd.GeoDataFrame, measures: Sequence[Measure], *, limit_secs: float
) -> pd.DataFrame:
    """Every measure for every zone, on points that are linked to a network already.

    The matrix of all times never stands in memory.

    Parameters
    ----------
    linked
        Its points are the zones, in their order.
    zones
        Counts of what can be reached, by column.
    measures
        What to compute.
    limit_secs
        Nothing farther counts: the largest cutoff.

    Returns
    -------
    DataFrame
        One column a measure, in the order of the zones.

    Raises
    ------
    BadInputError
        If there are not as many points as zones.
    """
    if linked.count != len(zones):
        message, allowed = f"{len(zones)} rows", f"one for each of the {linked.count} points"
        raise BadInputError([Fault("zones", "", "value-out-of-range", message, allowed)])
    counts = {m.opportunity: zones[m.opportunity].to_numpy(dtype=float) for m in measures}
    columns = {measure.name: np.empty(linked.count) for measure in measures}

    def visit(positions: np.ndarray, units: np.ndarray) -> None:
        for measure in measures:
            count = counts[measure.opportunity]
            columns[measure.name][positions] = _measured(units, linked.graph.scale, count, measure)

    visit_times(linked, visit, limit=limit_secs)
    return pd.DataFrame(columns)


def _zone_faults(zones: gpd.GeoDataFrame, measures: Sequence[Measure], crs: Any) -> list[Fault]:
    """Columns that are not there, another CRS, and measures that share a name."""
    needed = ["zone_id", *(measure.opportunity for measure in measures)]
    faults = [
        Fault("zones", "", "column-missing", f"no column {shown(name)}", "see the measures")
        for name in dict.fromkeys(needed)
        if name not in zones.columns
    ]
    faults += crs_mismatch_faults(zones.crs, crs, "zones")
    names = [measure.name for measure in measures]
    twice = sorted({name for name in names if names.count(name) > 1})
    if twice:
        message = f"{listed_ids(twice)} twice"
        faults.append(Fault("measures", "", "id-duplicate", message, "each name once"))
    return faults


def check_zones(zones: gpd.GeoDataFrame, measures: Sequence[Measure], crs: Any) -> gpd.GeoSeries:
    """The middles of zones, indexed by `zone_id`.

    Raises
    ------
    BadInputError
        If the zones are in another CRS, or lack a column that a measure counts.
    """
    check_faults(_zone_faults(zones, measures, crs))
    return zones.set_index("zone_id").geometry.centroid


def accessibility(
    network: TransportNetwork,
    zones: gpd.GeoDataFrame,
    *,
    travel: Travel,
    conditions: Conditions,
    measures: Sequence[Measure],
    limit_secs: float,
) -> pd.DataFrame:
    """Every measure for every zone: what is reached from the middle of each.

    Parameters
    ----------
    network
        Roads, stops and routes.
    zones
        Polygons in the network's CRS with `zone_id` and a column of counts for each opportunity
        that a measure names.
    travel
        Mode, period and waiting.
    conditions
        Peak volumes and assumptions.
    measures
        What to compute.
    limit_secs
        Seconds; nothing farther counts, in no measure.

    Returns
    -------
    DataFrame
        One column a measure (counts, or seconds for `nearest`), one row a zone in their order.

    Raises
    ------
    BadInputError
        If the zones are in another CRS than the network, or if a `zone_id` stands twice.
    """
    middles = check_zones(zones, measures, network.crs)
    routable = routable_network(network, middles, travel=travel, conditions=conditions)
    return accessibility_on(routable.linked, zones, measures, limit_secs=limit_secs)
