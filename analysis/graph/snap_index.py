"""Snap index: the places where points may join the streets of a table, in trees."""

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
    concat_pairs,
    fractions_along,
    meeting_places,
    memory_of,
)
from layers.caching import LruCache

KEPT = 8
"""Number of street tables whose index is cached: the last used ones."""


class _Rules(NamedTuple):
    """Streets linkable midway, streets linkable at their ends only, and projects (0: existing)."""

    midway: np.ndarray
    ends: np.ndarray
    project: np.ndarray

    def same_as(self, other: _Rules) -> bool:
        return all(np.array_equal(*arrays) for arrays in zip(self, other, strict=True))


def _rules(streets: gpd.GeoDataFrame) -> _Rules:
    owner = streets["project_id"]
    planned = np.flatnonzero((owner != "").to_numpy(dtype=bool))
    project = np.zeros(len(streets), dtype=np.int64)
    project[planned] = 1 + pd.factorize(owner.iloc[planned], sort=True)[0]
    midway = streets["linkable"].to_numpy(dtype=bool)
    return _Rules(midway, streets["linkable_at_ends"].to_numpy(dtype=bool) & ~midway, project)


class SnapIndex:
    """The places where points may join the streets of one table.

    Parameters
    ----------
    streets
        As for `analysis.graph.snapping.find_links`.
    trees
        Trees of other tables, one of which may serve this table too.
    """

    def __init__(self, streets: gpd.GeoDataFrame, trees: Iterable[SharedTree]) -> None:
        # a shallow copy keeps the memory in use, so that its address stays a valid key
        self._kept = streets.geometry.copy(deep=False)
        self._lines, self._rules = self._kept.to_numpy(), _rules(streets)
        usable, planned = self._rules.midway | self._rules.ends, self._rules.project > 0
        self.tree, self._views = self._existing(np.flatnonzero(usable & ~planned), trees)
        self._planned = self._view_of(np.flatnonzero(usable & planned))

    def _places(self, street: np.ndarray) -> np.ndarray:
        return meeting_places(self._lines[street], self._rules.midway[street])

    def _view_of(self, streets: np.ndarray) -> TreeView:
        return TreeView(PlaceTree(self._places(streets)), streets)

    def _existing(
        self, streets: np.ndarray, trees: Iterable[SharedTree]
    ) -> tuple[SharedTree, tuple[TreeView, ...]]:
        """The tree of this or another table, with a second tree of streets that it lacks."""
        lines, midway = self._lines[streets], self._rules.midway[streets]
        for tree in trees:
            place = tree.places_of(lines, midway)
            if place is not None:
                known = place != NONE
                street_of_place = np.full(len(tree.tree.places), NONE)
                street_of_place[place[known]] = streets[known]
                return tree, (TreeView(tree.tree, street_of_place), self._view_of(streets[~known]))
        tree = SharedTree(lines, midway)
        return tree, (TreeView(tree.tree, streets),)

    def fit(self, streets: gpd.GeoDataFrame) -> bool:
        """Whether streets with the same lines in memory have the same rules."""
        return self._rules.same_as(_rules(streets))

    def nearest(self, points: gpd.GeoSeries, limit_m: float) -> NearestPairs:
        """The nearest street to each point within the limit (metres)."""
        existing = self._nearest_existing(points, limit_m)
        return concat_pairs(existing, self._planned_near(points, existing, limit_m)).first()

    def all_near(self, points: gpd.GeoSeries, limit_m: float) -> NearestPairs:
        """The nearest existing street to each point, and that of each project if nearer still."""
        existing = self._nearest_existing(points, limit_m)
        planned = self._planned_near(points, existing, limit_m)
        nearer = planned.distance_m < _limits(existing, len(points), limit_m)[planned.point]
        planned = planned.where(nearer)
        planned = planned.first(group=self._rules.project[planned.at])
        pairs = concat_pairs(existing, planned)
        return pairs.where(np.lexsort((pairs.at, pairs.point)))

    def _nearest_existing(self, points: gpd.GeoSeries, limit_m: float) -> NearestPairs:
        """The nearest existing street to each point that has one within the limit."""
        geometries = points.to_numpy()
        pairs = concat_pairs(*(view.nearest(points, limit_m) for view in self._views))
        nearest = pairs.where(pairs.at != NONE).first()
        unmatched = np.unique(pairs.point[pairs.at == NONE])
        if not len(unmatched):
            return nearest
        # the nearest place in the tree is not in this table: search again, no farther than needed
        limits = _limits(nearest, len(geometries), limit_m)[unmatched]
        around = self._views[0].within(geometries[unmatched], limits)
        return concat_pairs(nearest, around._replace(point=unmatched[around.point])).first()

    def _planned_near(
        self, points: gpd.GeoSeries, existing: NearestPairs, limit_m: float
    ) -> NearestPairs:
        """All planned streets that are not farther than the nearest existing one."""
        limits = _limits(existing, len(points), limit_m)
        return self._planned.within(points.to_numpy(), limits)

    def fractions(self, points: gpd.GeoSeries, pairs: NearestPairs) -> np.ndarray:
        """Fraction of each street at the projection of its point: 0 at its start, 1 at its end."""
        joined_points = points.to_numpy()[pairs.point]
        return fractions_along(self._lines[pairs.at], self._places(pairs.at), joined_points)


def _limits(pairs: NearestPairs, count: int, limit_m: float) -> np.ndarray:
    """Distance of the pair of each point, or the limit where it has none; metres."""
    limits = np.full(count, limit_m, dtype=float)
    limits[pairs.point] = pairs.distance_m
    return limits


_RECENT: LruCache[SnapIndex] = LruCache(KEPT)


def snap_index_of(streets: gpd.GeoDataFrame) -> SnapIndex:
    """The snap index of a table of streets, cached by its lines and rules."""

    def new_index() -> SnapIndex:
        recent = reversed(_RECENT.values())
        return SnapIndex(streets, list({id(index.tree): index.tree for index in recent}.values()))

    return _RECENT.get(
        memory_of(streets.geometry), new_index, fits=lambda index: index.fit(streets)
    )
