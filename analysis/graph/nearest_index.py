"""Nearest-street search with trees that serve several tables of streets.

Scenarios leave most streets as they are, and an unchanged street is the same line object. So the
tree of one table serves another table with nearly the same lines.
"""

from __future__ import annotations

from functools import cached_property
from typing import NamedTuple

import geopandas as gpd
import numpy as np
import shapely

from layers.caching import LruCache

NONE = -1
"""No street of this table."""
MOST_OTHER = 0.1
"""A tree serves a table if at most this share of the lines of either is missing in the other."""
A_LITTLE_MORE = 1 + 1e-9
"""Factor on search distances: rounding must not lose a street exactly at the limit."""
KEPT = 8
"""Number of point sets for which a tree caches the nearest places: the last used ones."""


class NearestPairs(NamedTuple):
    """Pairs of a point and a near place or street: positions, and the distance in metres."""

    point: np.ndarray
    at: np.ndarray
    distance_m: np.ndarray

    def where(self, chosen: np.ndarray) -> NearestPairs:
        """The pairs chosen by a mask or by positions."""
        return NearestPairs(self.point[chosen], self.at[chosen], self.distance_m[chosen])

    def first(self, group: np.ndarray | None = None) -> NearestPairs:
        """The nearest pair of each point (and group); of equally near ones the first.

        Examples
        --------
        >>> two = np.array([0, 0])
        >>> pairs = NearestPairs(two, np.array([7, 3]), np.array([5.0, 5.0]))
        >>> pairs.first().at.tolist(), pairs.first(group=np.array([1, 2])).at.tolist()
        ([3], [7, 3])
        """
        key = np.zeros(len(self.at), dtype=np.int64) if group is None else group
        # ties go to the lowest position, so that the answer does not depend on the tree's order
        order = np.lexsort((self.at, self.distance_m, key, self.point))
        is_first = np.ones(len(order), dtype=bool)
        is_first[1:] = (np.diff(self.point[order]) != 0) | (np.diff(key[order]) != 0)
        return self.where(order[is_first])


def concat_pairs(*tables: NearestPairs) -> NearestPairs:
    """The pairs of several tables, one after another."""
    return NearestPairs(*(np.concatenate(columns) for columns in zip(*tables, strict=True)))


def memory_of(shapes: gpd.GeoSeries) -> tuple[int, ...]:
    """Memory address, length and strides of an array: unique while the array lives."""
    array = shapes.to_numpy()
    return (array.__array_interface__["data"][0], len(array), *array.strides)


class PlaceTree:
    """Places in a tree, with a cache of the nearest places for recent points."""

    def __init__(self, places: np.ndarray) -> None:
        self.places = places
        self._cache: LruCache[tuple[gpd.GeoSeries, NearestPairs]] = LruCache(KEPT)

    @cached_property
    def _tree(self) -> shapely.STRtree:
        return shapely.STRtree(self.places)

    def nearest(self, points: gpd.GeoSeries, limit_m: float) -> NearestPairs:
        """The nearest place to each point within the limit (metres); no pair if there is none."""

        def search() -> tuple[gpd.GeoSeries, NearestPairs]:
            (point, place), distance_m = self._tree.query_nearest(
                points.to_numpy(), max_distance=limit_m, return_distance=True
            )
            # a shallow copy keeps the memory in use, so that its address stays a valid key
            return points.copy(deep=False), NearestPairs(point, place, distance_m).first()

        return self._cache.get((*memory_of(points), limit_m), search)[1]

    def within(self, points: np.ndarray, limits_m: np.ndarray) -> NearestPairs:
        """All places within the limit of each point."""
        # the tree is asked for a little more than counts, which one measure of distance then judges
        reach_m = limits_m * A_LITTLE_MORE
        point, place = self._tree.query(points, predicate="dwithin", distance=reach_m)
        distance_m = shapely.distance(self.places[place], points[point])
        return NearestPairs(point, place, distance_m).where(distance_m <= limits_m[point])


class TreeView(NamedTuple):
    """A tree seen from one table: the street of each of its places, or `NONE`."""

    tree: PlaceTree
    street: np.ndarray

    def nearest(self, points: gpd.GeoSeries, limit_m: float) -> NearestPairs:
        """The street of the place nearest to each point, or `NONE` if not in this table."""
        pairs = self.tree.nearest(points, limit_m)
        return pairs._replace(at=self.street[pairs.at])

    def within(self, points: np.ndarray, limits_m: np.ndarray) -> NearestPairs:
        """All streets within the limit of each point."""
        pairs = self.tree.within(points, limits_m)
        pairs = pairs._replace(at=self.street[pairs.at])
        return pairs.where(pairs.at != NONE)


def meeting_places(lines: np.ndarray, midway: np.ndarray) -> np.ndarray:
    """Geometries to snap to: the whole line where `midway`, else its two ends."""
    places, ends_only = lines.copy(), np.flatnonzero(~midway)
    ends = np.stack([shapely.get_point(lines[ends_only], at) for at in (0, -1)], axis=1)
    # both ends as one geometry, so that a street stays one entry of the tree
    places[ends_only] = shapely.multipoints(ends)
    return places


def fractions_along(lines: np.ndarray, places: np.ndarray, points: np.ndarray) -> np.ndarray:
    """Fraction (0 to 1) of each line at the projection of a point onto its nearest place."""
    feet = shapely.get_point(shapely.shortest_line(places, points), 0)
    return np.asarray(shapely.line_locate_point(lines, feet, normalized=True))


class SharedTree:
    """The tree of the streets of one table, shared with other tables.

    Parameters
    ----------
    lines, midway
        The streets, and whether points may join each anywhere (else at its ends only).
    """

    def __init__(self, lines: np.ndarray, midway: np.ndarray) -> None:
        self.tree = PlaceTree(meeting_places(lines, midway))
        self._lines = lines
        ids = _line_ids(lines)
        self._place = np.argsort(ids)
        self._ids, self._midway = ids[self._place], midway[self._place]

    def places_of(self, lines: np.ndarray, midway: np.ndarray) -> np.ndarray | None:
        """The place of each street in the tree, or `NONE`; None if too many streets differ."""
        larger = max(len(lines), len(self._ids))
        if not min(len(lines), len(self._ids)):
            return None
        ids = _line_ids(lines)
        # a number beyond the last one is compared with the last one, and differs
        at = np.minimum(np.searchsorted(self._ids, ids), len(self._ids) - 1)
        same = (self._ids[at] == ids) & (self._midway[at] == midway)
        place = np.where(same, self._place[at], NONE)
        # ties go to the first place, so shared streets must be in the same order in both tables
        in_order = (np.diff(place[same]) > 0).all()
        return place if in_order and same.sum() >= (1 - MOST_OTHER) * larger else None


def _line_ids(lines: np.ndarray) -> np.ndarray:
    """Object ids: they identify lines while these live."""
    return np.fromiter(map(id, lines), dtype=np.int64, count=len(lines))
