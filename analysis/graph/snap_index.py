"""Where points can come onto streets: tables of streets as trees of such places."""

from __future__ import annotations

from collections.abc import Iterable
from typing import NamedTuple

import geopandas as gpd
import numpy as np
import pandas as pd

from analysis.graph.nearest_index import (
    NONE,
    NearestPairs,
    PlaceTree,
    SharedTree,
    TreeView,
    fractions_along,
    meeting_places,
    memory_of,
    together,
)
from layers.caching import LruCache

KEPT = 8
"""Tables of streets that are remembered, the last used ones."""


class _Rules(NamedTuple):
    """Which streets can be met anywhere, which at their ends, and whose they are (0: existing)."""

    midway: np.ndarray
    ends: np.ndarray
    project: np.ndarray

    def same_as(self, other: _Rules) -> bool:
        return all(np.array_equal(*both) for both in zip(self, other, strict=True))


def _rules(streets: gpd.GeoDataFrame) -> _Rules:
    owner = streets["project_id"]
    planned = np.flatnonzero((owner != "").to_numpy(dtype=bool))
    project = np.zeros(len(streets), dtype=np.int64)
    project[planned] = 1 + pd.factorize(owner.iloc[planned], sort=True)[0]
    midway = streets["linkable"].to_numpy(dtype=bool)
    return _Rules(midway, streets["linkable_at_ends"].to_numpy(dtype=bool) & ~midway, project)


class SnapIndex:
    """Where points can come onto the streets of one table.

    Parameters
    ----------
    streets
        As for `analysis.graph.snapping.find_links`.
    roots
        Trees of other tables, one of which may serve this one too.
    """

    def __init__(self, streets: gpd.GeoDataFrame, roots: Iterable[SharedTree]) -> None:
        # pandas leaves memory as it is while it is shared
        self._kept = streets.geometry.copy(deep=False)
        self._lines, self._rules = self._kept.to_numpy(), _rules(streets)
        usable, planned = self._rules.midway | self._rules.ends, self._rules.project > 0
        self.root, self._layers = self._existing(np.flatnonzero(usable & ~planned), roots)
        self._planned = self._own(np.flatnonzero(usable & planned))

    def _places(self, street: np.ndarray) -> np.ndarray:
        return meeting_places(self._lines[street], self._rules.midway[street])

    def _own(self, street: np.ndarray) -> TreeView:
        return TreeView(PlaceTree(self._places(street)), street)

    def _existing(
        self, street: np.ndarray, roots: Iterable[SharedTree]
    ) -> tuple[SharedTree, tuple[TreeView, ...]]:
        """A tree of this or another table, and one of the streets that are not in that."""
        lines, midway = self._lines[street], self._rules.midway[street]
        for root in roots:
            place = root.places_of(lines, midway)
            if place is not None:
                known = place != NONE
                own = np.full(len(root.tree.places), NONE)
                own[place[known]] = street[known]
                return root, (TreeView(root.tree, own), self._own(street[~known]))
        root = SharedTree(lines, midway)
        return root, (TreeView(root.tree, street),)

    def fit(self, streets: gpd.GeoDataFrame) -> bool:
        """Whether streets whose lines lie in the same memory follow the same rules."""
        return self._rules.same_as(_rules(streets))

    def nearest(self, points: gpd.GeoSeries, limit_m: float) -> NearestPairs:
        """The nearest street to each point that has one within the limit."""
        existing = self._nearest_existing(points, limit_m)
        return together(existing, self._planned_near(points, existing, limit_m)).first()

    def all_near(self, points: gpd.GeoSeries, limit_m: float) -> NearestPairs:
        """The nearest existing street to each point, and that of each project if nearer still."""
        existing = self._nearest_existing(points, limit_m)
        planned = self._planned_near(points, existing, limit_m)
        nearer = planned.distance_m < _limits(existing, len(points), limit_m)[planned.point]
        planned = planned.where(nearer)
        planned = planned.first(group=self._rules.project[planned.at])
        found = together(existing, planned)
        return found.where(np.lexsort((found.at, found.point)))

    def _nearest_existing(self, points: gpd.GeoSeries, limit_m: float) -> NearestPairs:
        """The nearest existing street to each point that has one within the limit."""
        array = points.to_numpy()
        found = together(*(layer.nearest(points, limit_m) for layer in self._layers))
        standing = found.where(found.at != NONE).first()
        stranded = np.unique(found.point[found.at == NONE])
        if not len(stranded):
            return standing
        # the nearest in the tree is not in this table: what else is there, no farther than need be
        limits = _limits(standing, len(array), limit_m)[stranded]
        around = self._layers[0].within(array[stranded], limits)
        return together(standing, around._replace(point=stranded[around.point])).first()

    def _planned_near(
        self, points: gpd.GeoSeries, existing: NearestPairs, limit_m: float
    ) -> NearestPairs:
        """All planned streets that are not farther than the nearest existing one."""
        limits = _limits(existing, len(points), limit_m)
        return self._planned.within(points.to_numpy(), limits)

    def fractions(self, points: gpd.GeoSeries, found: NearestPairs) -> np.ndarray:
        """How far along its street each point meets it: 0 at its start, 1 at its end."""
        there = points.to_numpy()[found.point]
        return fractions_along(self._lines[found.at], self._places(found.at), there)


def _limits(found: NearestPairs, points: int, limit_m: float) -> np.ndarray:
    """How far off what was found for each point is, or the limit."""
    limits = np.full(points, limit_m, dtype=float)
    limits[found.point] = found.distance_m
    return limits


_RECENT: LruCache[SnapIndex] = LruCache(KEPT)


def snap_index_of(streets: gpd.GeoDataFrame) -> SnapIndex:
    """Where points can come onto streets; made once for the same lines under the same rules."""

    def made() -> SnapIndex:
        known = reversed(_RECENT.values())
        return SnapIndex(streets, list({id(one.root): one.root for one in known}.values()))

    return _RECENT.get(memory_of(streets.geometry), made, fits=lambda known: known.fit(streets))
