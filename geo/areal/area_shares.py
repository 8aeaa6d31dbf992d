"""Areal weighting: counts spread evenly over source polygons and summed in target polygons."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
import shapely
from shapely.geometry.base import BaseGeometry

from geo.areal.convex_overlap import common_areas, convex_rings


@dataclass(frozen=True)
class AreaShares:
    """The share of a source polygon's area that lies in a target: one row for each such pair.

    Attributes
    ----------
    source, target
        Positions of the polygons.
    share
        Above 0, at most 1.
    """

    source: np.ndarray
    target: np.ndarray
    share: np.ndarray


def _areas_of_pairs(
    sources: np.ndarray, targets: np.ndarray, source: np.ndarray, target: np.ndarray
) -> np.ndarray:
    """The common area of each pair, square units."""
    areas = np.zeros(len(source))
    convex_source, source_rings = convex_rings(sources)
    convex_target, target_rings = convex_rings(targets)
    both_convex = convex_source[source] & convex_target[target]
    source_ring, target_ring = np.cumsum(convex_source) - 1, np.cumsum(convex_target) - 1
    areas[both_convex] = common_areas(
        source_rings[source_ring[source[both_convex]]],
        target_rings[target_ring[target[both_convex]]],
    )
    rest = ~both_convex
    areas[rest] = shapely.area(shapely.intersection(sources[source[rest]], targets[target[rest]]))
    return areas


def area_shares(sources: np.ndarray, targets: np.ndarray) -> AreaShares:
    """The exact share of every source's area that lies in each target.

    Parameters
    ----------
    sources, targets
        Valid polygons or multipolygons in one projected CRS.

    Returns
    -------
    AreaShares
        Sorted by target, then source; pairs that only touch are left out.

    Examples
    --------
    >>> cell = np.array([shapely.box(0, 0, 4, 1)])
    >>> halves = np.array([shapely.box(0, 0, 3, 9), shapely.box(3, 0, 9, 9)])
    >>> area_shares(cell, halves).share
    array([0.75, 0.25])
    """
    source, target = shapely.STRtree(targets).query(sources)
    order = np.lexsort((source, target))
    source, target = source[order], target[order]
    shapely.prepare(targets)
    # these two predicates settle most pairs, so that few need an intersection
    meets = shapely.intersects(targets[target], sources[source])
    source, target = source[meets], target[meets]
    cut = ~shapely.covers(targets[target], sources[source])
    share = np.ones(len(source))
    area = _areas_of_pairs(sources, targets, source[cut], target[cut])
    share[cut] = area / shapely.area(sources)[source[cut]]
    some = share > 0
    return AreaShares(source[some], target[some], share[some])


def spread_counts(counts: np.ndarray, sources: np.ndarray, targets: np.ndarray) -> np.ndarray:
    """The count in each target, if every source's count is spread evenly over its area.

    The part of a source outside all targets is not counted; where targets overlap, it is counted
    in each.

    Examples
    --------
    >>> cells = np.array([shapely.box(0, 0, 2, 2), shapely.box(2, 0, 4, 2)])
    >>> spread_counts(np.array([100.0, 10.0]), cells, np.array([shapely.box(1, 0, 3, 2)]))
    array([55.])
    """
    shares = area_shares(sources, targets)
    parts = counts[shares.source] * shares.share
    return np.bincount(shares.target, weights=parts, minlength=len(targets))


def count_inside(
    counts: np.ndarray, sources: np.ndarray, place: BaseGeometry
) -> tuple[float, float]:
    """The count of the sources that meet an area, and the part of it that lies inside.

    It intersects with the area as a whole and shares no code with `spread_counts`, so that each
    can check the other.

    Examples
    --------
    >>> cells = shapely.box([0, 2, 8], [0, 0, 8], [2, 4, 9], [2, 2, 9])
    >>> count_inside(np.array([100.0, 10.0, 1.0]), cells, shapely.box(1, 0, 3, 2))
    (110.0, 55.0)
    """
    shapely.prepare(place)
    near = shapely.intersects(place, sources)
    counts, sources = counts[near], sources[near]
    cut = ~shapely.covers(place, sources)
    share = np.ones(len(sources))
    common = shapely.area(shapely.intersection(sources[cut], place))
    share[cut] = common / shapely.area(sources[cut])
    # sources that only touch the area from outside do not meet it
    return float(counts[share > 0].sum()), float((counts * share).sum())
