"""What every zone can reach."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import geopandas as gpd
import numpy as np
import pandas as pd
import shapely

from analysis.compiled import Compiled
from analysis.impedance import negative_exponential, step
from analysis.shortest_paths import times_from

ORIGINS_AT_ONCE = 256
"""Zones asked about together: times to every vertex of a street network are many."""


@dataclass(frozen=True)
class Measure:
    """One number for every zone.

    Attributes
    ----------
    name
        Stem of the columns: `people_2700`, `people_gravity`, `hospitals_nearest`.
    kind
        `cumulative` (count within a cutoff), `gravity` (weighted by a negative exponential) or
        `nearest` (seconds to the k-th nearest).
    opportunity
        Column of the zones that is reached.
    value
        Seconds of the cutoff or of the half-life; k for `nearest`.
    """

    name: str
    kind: str
    opportunity: str
    value: float


def default_measures(
    opportunities: Sequence[str], cutoffs_secs: Sequence[float], gravity_half_secs: float
) -> list[Measure]:
    """People within every cutoff, the rest within the middle one, gravity and nearest.

    Examples
    --------
    >>> [m.name for m in default_measures(["hospitals"], [1800, 2700], 1200)]
    ['people_1800', 'people_2700', 'people_gravity', 'hospitals_2700', 'hospitals_nearest']
    """
    middle = sorted(cutoffs_secs)[len(cutoffs_secs) // 2]
    measures = [
        Measure(f"people_{cutoff:g}", "cumulative", "population", cutoff) for cutoff in cutoffs_secs
    ]
    measures.append(Measure("people_gravity", "gravity", "population", gravity_half_secs))
    for name in opportunities:
        measures.append(Measure(f"{name}_{middle:g}", "cumulative", name, middle))
        measures.append(Measure(f"{name}_nearest", "nearest", name, 1))
    return measures


def cumulative_opportunities(
    secs: np.ndarray, opportunities: np.ndarray, cutoff_secs: float
) -> np.ndarray:
    """How much each origin reaches within the cutoff.

    Examples
    --------
    >>> cumulative_opportunities(np.array([[0.0, 700.0]]), np.array([2.0, 4.0]), 600).tolist()
    [2.0]
    """
    return np.asarray(step(secs, cutoff_secs) @ opportunities)


def gravity(secs: np.ndarray, opportunities: np.ndarray, half_secs: float) -> np.ndarray:
    """What each origin reaches, each counted half as much with every `half_secs`.

    Examples
    --------
    >>> gravity(np.array([[0.0, 1200.0]]), np.array([2.0, 4.0]), 1200).tolist()
    [4.0]
    """
    return np.asarray(negative_exponential(secs, half_secs) @ opportunities)


def nearest_secs(secs: np.ndarray, opportunities: np.ndarray, k: int) -> np.ndarray:
    """Seconds from each origin to its k-th nearest opportunity; NaN where it reaches fewer.

    Examples
    --------
    >>> nearest_secs(np.array([[0.0, 700.0]]), np.array([1.0, 1.0]), 2).tolist()
    [700.0]
    """
    order = np.argsort(secs, axis=1, kind="stable")
    ranked = np.take_along_axis(secs, order, axis=1)
    enough = np.cumsum(opportunities[order], axis=1) >= k
    at = enough.argmax(axis=1)
    found = ranked[np.arange(len(secs)), at]
    return np.where(enough.any(axis=1) & np.isfinite(found), found, np.nan)


def accessibility(
    secs: np.ndarray, zones: gpd.GeoDataFrame, measures: Sequence[Measure]
) -> pd.DataFrame:
    """Every measure for every zone.

    Parameters
    ----------
    secs
        zones x zones seconds, infinite where not reached.
    zones
        Counts of what can be reached, by column.
    measures
        What to compute.

    Returns
    -------
    DataFrame
        One column a measure, in the order of the zones.
    """
    columns = {}
    for measure in measures:
        count = zones[measure.opportunity].to_numpy(dtype=float)
        if measure.kind == "cumulative":
            columns[measure.name] = cumulative_opportunities(secs, count, measure.value)
        elif measure.kind == "gravity":
            columns[measure.name] = gravity(secs, count, measure.value)
        else:
            columns[measure.name] = nearest_secs(secs, count, int(measure.value))
    return pd.DataFrame(columns)


@dataclass(frozen=True)
class ZoneTimes:
    """Times between all zones, and which zones look over the network's edge.

    Attributes
    ----------
    secs
        zones x zones; infinite beyond the limit.
    touches_edge
        Zones that reach a street end near the edge of the network within the limit: they could
        reach more than the data knows.
    """

    secs: np.ndarray
    touches_edge: np.ndarray


def _edge_vertices(question: Compiled, edge_m: float) -> np.ndarray:
    """Street ends within `edge_m` of the hull around all streets."""
    table = question.streets.table
    lines = table.geometry.to_numpy()
    hull = shapely.convex_hull(shapely.geometrycollections(lines)).boundary
    near_tail = shapely.distance(shapely.get_point(lines, 0), hull) <= edge_m
    near_head = shapely.distance(shapely.get_point(lines, -1), hull) <= edge_m
    vertices = np.concatenate([table["tail"][near_tail], table["head"][near_head]])
    return np.unique(vertices.astype(int))


def zone_times(question: Compiled, limit_secs: float, edge_m: float) -> ZoneTimes:
    """Times between all the points of a compiled network.

    Parameters
    ----------
    question
        Its points are the zones' middles.
    limit_secs
        The largest cutoff asked about.
    edge_m
        How near the hull of the network counts as its edge, metres.
    """
    edge = _edge_vertices(question, edge_m)
    secs, touches = [], []
    for start in range(0, len(question.origins), ORIGINS_AT_ONCE):
        some = question.origins[start : start + ORIGINS_AT_ONCE]
        times = times_from(question.graph, some, limit=limit_secs)
        secs.append(times[:, question.destinations])
        touches.append(np.isfinite(times[:, edge]).any(axis=1))
    none = np.empty((0, len(question.destinations)))
    touches_edge = np.concatenate([np.empty(0, dtype=bool), *touches])
    return ZoneTimes(np.concatenate([none, *secs]), touches_edge)
