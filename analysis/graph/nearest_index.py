"""What is nearest to points, looked for once: trees that serve several tables of streets.

Scenarios leave most streets as they are, and a street that stays is the very same line. So the
tree of one table serves another that has nearly the same lines.
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
"""A tree serves streets of which at most this share is other than its own, and the other way."""
A_LITTLE_MORE = 1 + 1e-9
"""So that rounding loses nothing that is at a limit."""
KEPT = 8
"""The points for which a tree remembers what is nearest: the last used ones."""


class NearestPairs(NamedTuple):
    """Of points, by position: the place or street found, and how far off it is (metres)."""

    point: np.ndarray
    at: np.ndarray
    distance_m: np.ndarray

    def where(self, chosen: np.ndarray) -> NearestPairs:
        """Some of them."""
        return NearestPairs(self.point[chosen], self.at[chosen], self.distance_m[chosen])

    def first(self, group: np.ndarray | None = None) -> NearestPairs:
        """The nearest of each point (and group), of equally near ones the first.

        Examples
        --------
        >>> two = np.array([0, 0])
        >>> found = NearestPairs(two, np.array([7, 3]), np.array([5.0, 5.0]))
        >>> found.first().at.tolist(), found.first(group=np.array([1, 2])).at.tolist()
        ([3], [7, 3])
        """
        of = np.zeros(len(self.at), dtype=np.int64) if group is None else group
        # ties go to the lowest position, so that the answer does not depend on the tree's order
        order = np.lexsort((self.at, self.distance_m, of, self.point))
        new = np.ones(len(order), dtype=bool)
        new[1:] = (np.diff(self.point[order]) != 0) | (np.diff(of[order]) != 0)
        return self.where(order[new])


def together(*found: NearestPairs) -> NearestPairs:
    """What was found in several ways."""
    return NearestPairs(*(np.concatenate(columns) for columns in zip(*found, strict=True)))


def memory_of(shapes: gpd.GeoSeries) -> tuple[int, ...]:
    """Where an array of geometries lies; while it does, no other lies there."""
    array = shapes.to_numpy()
    return (array.__array_interface__["data"][0], len(array), *array.strides)


class PlaceTree:
    """Places in a tree, and what was nearest to the points last asked about."""

    def __init__(self, places: np.ndarray) -> None:
        self.places = places
        self._found: LruCache[tuple[gpd.GeoSeries, NearestPairs]] = LruCache(KEPT)

    @cached_property
    def _tree(self) -> shapely.STRtree:
        return shapely.STRtree(self.places)

    def nearest(self, points: gpd.GeoSeries, limit_m: float) -> NearestPairs:
        """The nearest place to each point that has one within the limit."""

        def found() -> tuple[gpd.GeoSeries, NearestPairs]:
            (point, place), away = self._tree.query_nearest(
                points.to_numpy(), max_distance=limit_m, return_distance=True
            )
            # pandas leaves memory as it is while it is shared
            return points.copy(deep=False), NearestPairs(point, place, away).first()

        return self._found.get((*memory_of(points), limit_m), found)[1]

    def within(self, points: np.ndarray, limits_m: np.ndarray) -> NearestPairs:
        """All places within the limit of each point."""
        # a little more is asked of the tree than counts, and then judged by one measure of distance
        near = limits_m * A_LITTLE_MORE
        point, place = self._tree.query(points, predicate="dwithin", distance=near)
        away = shapely.distance(self.places[place], points[point])
        return NearestPairs(point, place, away).where(away <= limits_m[point])


class TreeView(NamedTuple):
    """A tree, and the street of one table that each of its places is, or `NONE`."""

    tree: PlaceTree
    street: np.ndarray

    def nearest(self, points: gpd.GeoSeries, limit_m: float) -> NearestPairs:
        """The nearest place to each point: its street, or `NONE`."""
        found = self.tree.nearest(points, limit_m)
        return found._replace(at=self.street[found.at])

    def within(self, points: np.ndarray, limits_m: np.ndarray) -> NearestPairs:
        """All streets within the limit of each point."""
        found = self.tree.within(points, limits_m)
        found = found._replace(at=self.street[found.at])
        return found.where(found.at != NONE)


def meeting_places(lines: np.ndarray, midway: np.ndarray) -> np.ndarray:
    """Where streets can be met: anywhere (`midway`), or at their two ends."""
    places, closed = lines.copy(), np.flatnonzero(~midway)
    ends = np.stack([shapely.get_point(lines[closed], at) for at in (0, -1)], axis=1)
    # both ends as one geometry, so that a street stays one entry of the tree
    places[closed] = shapely.multipoints(ends)
    return places


def fractions_along(lines: np.ndarray, places: np.ndarray, points: np.ndarray) -> np.ndarray:
    """How far along its line (0 to 1) each point meets the place on it that is nearest."""
    feet = shapely.get_point(shapely.shortest_line(places, points), 0)
    return np.asarray(shapely.line_locate_point(lines, feet, normalized=True))


class SharedTree:
    """The tree of the streets of one table, to serve others too.

    Parameters
    ----------
    lines, midway
        The streets, and whether each can be met anywhere or at its ends only.
    """

    def __init__(self, lines: np.ndarray, midway: np.ndarray) -> None:
        self.tree = PlaceTree(meeting_places(lines, midway))
        self._lines = lines
        names = _names(lines)
        self._place = np.argsort(names)
        self._names, self._midway = names[self._place], midway[self._place]

    def places_of(self, lines: np.ndarray, midway: np.ndarray) -> np.ndarray | None:
        """Of each street its place in the tree, or `NONE`; None if too many are others."""
        most = max(len(lines), len(self._names))
        if not min(len(lines), len(self._names)):
            return None
        names = _names(lines)
        # a number beyond the last one is compared with the last one, and differs
        at = np.minimum(np.searchsorted(self._names, names), len(self._names) - 1)
        same = (self._names[at] == names) & (self._midway[at] == midway)
        place = np.where(same, self._place[at], NONE)
        # of equally near streets the first counts, which holds only where the order is the same
        in_order = (np.diff(place[same]) > 0).all()
        return place if in_order and same.sum() >= (1 - MOST_OTHER) * most else None


def _names(lines: np.ndarray) -> np.ndarray:
    """Numbers that tell lines apart while they live."""
    return np.fromiter(map(id, lines), dtype=np.int64, count=len(lines))
