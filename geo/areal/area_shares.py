"""Counts spread evenly over polygons, and how much of them lies where."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
import shapely
from shapely.geometry.base import BaseGeometry

from geo.areal.convex_overlap import common_areas, convex_rings


@dataclass(frozen=True)
class Shares:
    """Which part of a source's area lies in a target: arrays with a row for every such pair.

    Attributes
    ----------
    source, target
        Positions.
    share
        Above 0, at most 1.
    """

    source: np.ndarray
    target: np.ndarray
    share: np.ndarray


def _areas_of_pairs(
    sources: np.ndarray, targets: np.ndarray, source: np.ndarray, target: np.ndarray
) -> np.ndarray:
    """The area in common of each pair, square units."""
    areas = np.zeros(len(source))
    convex_source, rings = convex_rings(sources)
    convex_target, others = convex_rings(targets)
    both = convex_source[source] & convex_target[target]
    ring_at, other_at = np.cumsum(convex_source) - 1, np.cumsum(convex_target) - 1
    areas[both] = common_areas(rings[ring_at[source[both]]], others[other_at[target[both]]])
    rest = ~both
    areas[rest] = shapely.area(shapely.intersection(sources[source[rest]], targets[target[rest]]))
    return areas


def area_shares(sources: np.ndarray, targets: np.ndarray) -> Shares:
    """Which part of every source's area lies in each target, exactly.

    Parameters
    ----------
    sources, targets
        Valid polygons or multipolygons in one projected system.

    Returns
    -------
    Shares
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
    # most pairs are told by these two without cutting anything
    meets = shapely.intersects(targets[target], sources[source])
    source, target = source[meets], target[meets]
    cut = ~shapely.covers(targets[target], sources[source])
    share = np.ones(len(source))
    area = _areas_of_pairs(sources, targets, source[cut], target[cut])
    share[cut] = area / shapely.area(sources)[source[cut]]
    some = share > 0
    return Shares(source[some], target[some], share[some])


def spread_counts(counts: np.ndarray, sources: np.ndarray, targets: np.ndarray) -> np.ndarray:
    """The count in each target, where every source's count is spread evenly over its area.

    What of a source lies in no target is counted nowhere; where targets overlap, twice.

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
    """The counts of the sources that meet a place, and what of them lies inside it.

    It cuts with the place as a whole and shares nothing with `spread_counts` but the rule, so
    that one can check the other.

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
    # cells that only touch the place from outside are none of its neighbours' people
    return float(counts[share > 0].sum()), float((counts * share).sum())
