"""What each project changes: on its own, and as the last of a package."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass

import geopandas as gpd
import numpy as np
import pandas as pd

from analysis.change import SAME_SECS
from analysis.compiled import Travel
from analysis.travel_time import Conditions, compiled, travel_time_matrix
from layers.network import TransportNetwork
from layers.projects import Project
from layers.scenarios import Scenario, apply_scenario, with_required

EFFECT_COLUMNS = (
    "project_id",
    "comparison",
    "mode",
    "period",
    "pairs",
    "pairs_quicker",
    "pairs_slower",
    "pairs_opened",
    "mean_change_secs",
    "largest_gain_secs",
    "largest_gain_from",
    "largest_gain_to",
)
COMPARISONS = ("alone", "last")
TRAVELS = (Travel("drive", "peak"), Travel("transit", "peak"))


@dataclass(frozen=True)
class Package:
    """Projects that are judged together, on one baseline."""

    baseline: TransportNetwork
    projects: Mapping[str, Project]
    project_ids: Sequence[str]


def _times(
    network: TransportNetwork, places: gpd.GeoSeries, conditions: Conditions
) -> list[np.ndarray]:
    """A matrix for each of `TRAVELS`."""
    limit = conditions.assumptions.max_trip_secs
    return [
        travel_time_matrix(compiled(network, places, travel=travel, conditions=conditions), limit)
        for travel in TRAVELS
    ]


def _effect(without: np.ndarray, with_it: np.ndarray, ids: np.ndarray) -> tuple[object, ...]:
    """The figures of one row, from `pairs` on."""
    both = np.isfinite(without) & np.isfinite(with_it) & ~np.eye(len(ids), dtype=bool)
    change = np.zeros_like(without)
    change[both] = with_it[both] - without[both]
    change[np.abs(change) <= SAME_SECS] = 0.0
    opened = int((np.isinf(without) & np.isfinite(with_it)).sum())
    row, column = np.unravel_index(change.argmin(), change.shape)
    gains = change[row, column] < 0
    return (
        int(both.sum()),
        int((change < 0).sum()),
        int((change > 0).sum()),
        opened,
        float(change[both].mean()) if both.any() else 0.0,
        float(-change[row, column]),
        ids[row] if gains else None,
        ids[column] if gains else None,
    )


def _applied(package: Package, ids: Sequence[str], snap_m: float) -> TransportNetwork:
    scenario = Scenario("", "", "", tuple(ids))
    return apply_scenario(
        package.baseline, scenario, projects=package.projects, portal_snap_m=snap_m
    ).network


def _without(package: Package, project_id: str) -> list[str]:
    """The package without a project and those that require it."""
    return [
        other
        for other in package.project_ids
        if project_id not in with_required([other], package.projects)
    ]


def project_effects(
    package: Package,
    places: gpd.GeoSeries,
    *,
    conditions: Conditions,
    tick: Callable[[], None] = lambda: None,
) -> pd.DataFrame:
    """Changes of the times between places by project, at the peak.

    Parameters
    ----------
    package
        Baseline, projects and which of them are judged.
    places
        Projected points, indexed by id.
    conditions
        Peak volumes and assumptions.
    tick
        Called after each project, for a progress bar.

    Returns
    -------
    DataFrame
        `EFFECT_COLUMNS`. `comparison` is `alone` (the project with what it requires, against the
        baseline) or `last` (the package against the package without the project and without
        those that require it). `pairs_opened` have a time only with the project.
    """
    snap_m = conditions.assumptions.portal_snap_m
    ids = places.index.to_numpy()
    before = _times(package.baseline, places, conditions)
    whole = _times(_applied(package, package.project_ids, snap_m), places, conditions)
    rows = []
    for project_id in package.project_ids:
        alone = _applied(package, with_required([project_id], package.projects), snap_m)
        rest = _applied(package, _without(package, project_id), snap_m)
        pairs = {
            "alone": (before, _times(alone, places, conditions)),
            "last": (_times(rest, places, conditions), whole),
        }
        for comparison, (without, with_it) in pairs.items():
            for travel, a, b in zip(TRAVELS, without, with_it, strict=True):
                figures = _effect(a, b, ids)
                rows.append((project_id, comparison, travel.mode, travel.period, *figures))
        tick()
    return pd.DataFrame.from_records(rows, columns=list(EFFECT_COLUMNS))


def changes_nothing(effects: pd.DataFrame) -> list[str]:
    """Projects that change no time when they come last."""
    last = effects.loc[effects["comparison"] == "last"]
    count = last["pairs_quicker"] + last["pairs_slower"] + last["pairs_opened"]
    total = count.groupby(last["project_id"], sort=False).sum()
    return list(total.index[total == 0])
