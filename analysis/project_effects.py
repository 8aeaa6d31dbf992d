"""What each project changes: on its own, and as the last of a package."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass

import geopandas as gpd
import numpy as np
import pandas as pd

from analysis.change import SAME_SECS
from analysis.graph.conditions import Conditions
from analysis.graph.routable_network import routable_network
from analysis.graph.street_times import walk_times
from analysis.graph.travel import Travel
from analysis.travel_time import travel_time_matrix
from layers.caching import cached_by_identity
from layers.network import TransportNetwork
from layers.projects import Project
from layers.roads import RoadNetwork
from layers.scenarios import Plans, with_required

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


class _Matrices:
    """Times between places by car and by transit, computed only where networks differ.

    By car a network's stops and routes do not count, so networks that share their roads share
    their times. By transit they also need equal stops and routes, and equal streets to walk on.

    Parameters
    ----------
    places, conditions
        As for `project_effects`.
    """

    def __init__(self, places: gpd.GeoSeries, conditions: Conditions) -> None:
        self._places, self._conditions = places, conditions
        self._by_car = cached_by_identity(self._drive)
        self._known: list[tuple[TransportNetwork, np.ndarray]] = []

    def of(self, network: TransportNetwork) -> tuple[np.ndarray, ...]:
        """A matrix for each of `TRAVELS`."""
        return self._by_car(network.roads), self._by_transit(network)

    def kept(self, network: TransportNetwork) -> tuple[np.ndarray, ...]:
        """The same, to be compared with for networks to come."""
        times = self.of(network)
        self._known.append((network, times[1]))
        return times

    def _drive(self, roads: RoadNetwork) -> np.ndarray:
        nowhere = gpd.GeoDataFrame(geometry=[], crs=self._places.crs)
        return self._times(TransportNetwork(roads, nowhere, ()), TRAVELS[0])

    def _by_transit(self, network: TransportNetwork) -> np.ndarray:
        for other, times in self._known:
            if self._rides_alike(network, other):
                return times
        return self._times(network, TRAVELS[1])

    def _rides_alike(self, one: TransportNetwork, other: TransportNetwork) -> bool:
        """Whether nothing differs that counts by transit."""
        stops = one.stops is other.stops or one.stops.equals(other.stops)
        if not stops or one.routes != other.routes:
            return False
        walks = (walk_times(n.roads, self._conditions.assumptions).table for n in (one, other))
        return next(walks).equals(next(walks))

    def _times(self, network: TransportNetwork, travel: Travel) -> np.ndarray:
        limit = self._conditions.assumptions.max_trip_secs
        routable = routable_network(
            network, self._places, travel=travel, conditions=self._conditions
        )
        return travel_time_matrix(routable, limit)


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


@dataclass(frozen=True)
class ProjectSet:
    """The projects whose effects are found, and those that stand already.

    Attributes
    ----------
    projects
        All projects, by id.
    project_ids
        The package: those that are built together.
    built_ids
        Projects of the baseline scenario; the network does not hold them yet.
    """

    projects: Mapping[str, Project]
    project_ids: Sequence[str]
    built_ids: Sequence[str] = ()

    def alone(self, project_id: str) -> list[str]:
        """What is built with one project and all that it requires."""
        required = with_required([project_id], self.projects)
        return [*self.built_ids, *(p for p in required if p not in self.built_ids)]

    def without(self, project_id: str) -> list[str]:
        """What is built without a project and without those that require it."""
        others = [
            p for p in self.project_ids if project_id not in with_required([p], self.projects)
        ]
        return [*self.built_ids, *others]


def project_effects(
    network: TransportNetwork,
    points: gpd.GeoSeries,
    *,
    conditions: Conditions,
    package: ProjectSet,
    tick: Callable[[], None] = lambda: None,
) -> pd.DataFrame:
    """Changes of the times between points by project, by car and by transit at the peak.

    Parameters
    ----------
    network
        Without any project.
    points
        Points in the network's CRS, indexed by id.
    conditions
        Peak volumes and assumptions.
    package
        The projects, and those of the baseline.
    tick
        Called after each project, for a progress bar.

    Returns
    -------
    DataFrame
        `EFFECT_COLUMNS`. `comparison` is `alone` (the project with what it requires, against the
        baseline) or `last` (the package against the package without the project and without
        those that require it). `pairs_opened` have a time only with the project.

    Raises
    ------
    BadInputError
        If the points are in another CRS than the network or an id stands twice, or with every
        fault of the projects.
    """
    if points.empty:
        return pd.DataFrame(columns=list(EFFECT_COLUMNS))
    plans = Plans(network, package.projects, conditions.assumptions.portal_snap_m)
    matrices = _Matrices(points, conditions)

    # both live on, so that networks that share their roads share their times
    baseline = plans.network_with(package.built_ids)
    whole = plans.network_with([*package.built_ids, *package.project_ids])
    nothing_built, all_built = matrices.kept(baseline), matrices.kept(whole)
    rows = []
    for project_id in package.project_ids:
        alone = matrices.of(plans.network_with(package.alone(project_id)))
        rest = matrices.of(plans.network_with(package.without(project_id)))
        pairs = {"alone": (nothing_built, alone), "last": (rest, all_built)}
        for comparison, (without, with_it) in pairs.items():
            for travel, a, b in zip(TRAVELS, without, with_it, strict=True):
                figures = _effect(a, b, points.index.to_numpy())
                rows.append((project_id, comparison, travel.mode, travel.period, *figures))
        tick()
    return pd.DataFrame.from_records(rows, columns=list(EFFECT_COLUMNS))


def changes_nothing(effects: pd.DataFrame) -> list[str]:
    """Projects that change no time when they come last."""
    last = effects.loc[effects["comparison"] == "last"]
    count = last["pairs_quicker"] + last["pairs_slower"] + last["pairs_opened"]
    total = count.groupby(last["project_id"], sort=False).sum()
    return list(total.index[total == 0])
