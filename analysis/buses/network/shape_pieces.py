"""The parts of a route's shape between its stops."""

from __future__ import annotations

from collections.abc import Mapping
from itertools import pairwise
from types import MappingProxyType

import geopandas as gpd
import numpy as np
import shapely
from shapely.geometry import LineString, Point
from shapely.geometry.base import BaseGeometry
from shapely.ops import substring

from analysis.graph.routable_network import RoutableNetwork
from layers.gtfs.shape_fit import OFF_SHAPE_M
from layers.transit import TransitRoute

NEAR_TIMES = 3.0
NEAR_M = 2_000.0
"""First search limit: this multiple of the straight-line distance, plus this constant."""
TINY_M = 1e-9
NO_LIMITS: Mapping[str, float] = MappingProxyType({})
BESIDE_M = 1.0
"""Tolerance when comparing the distances of a stop to places on a course."""


def _begins_at(shape: LineString, stop: Point) -> bool:
    """Whether a course begins where it is nearest to a stop (within `BESIDE_M`)."""
    start = Point(shape.coords[0])
    return bool(start.distance(stop) <= shape.distance(stop) + BESIDE_M)


def _first_passage(course: np.ndarray, stop: Point) -> float:
    """Metres along a course (points x 2) to its first place nearest to a stop.

    If a course passes a stop twice, the first passage counts, unless a later one is more than
    `BESIDE_M` nearer.

    Examples
    --------
    >>> there_and_back = np.array([[0.0, 0.0], [100.0, 0.0], [0.0, 0.0]])
    >>> _first_passage(there_and_back, Point(60, 5))
    60.0
    """
    position = np.array([stop.x, stop.y])
    start, step = course[:-1], np.diff(course, axis=0)
    metres = np.hypot(*step.T)
    if not metres.sum():
        return 0.0
    along = ((position - start) * step).sum(axis=1) / np.maximum(metres, TINY_M) ** 2
    share = np.clip(along, 0.0, 1.0)
    distances = np.hypot(*(start + step * share[:, None] - position).T)
    # the first segment within the tolerance; where it ends, the next one may be nearer still
    first = int((distances <= distances.min() + BESIDE_M).argmax())
    nearest = first + int(distances[first : first + 2].argmin())
    return float(metres[:nearest].sum() + share[nearest] * metres[nearest])


def _onwards(shape: LineString, since: float, upto: float, stop: Point) -> float:
    """Metres along a shape to its first passage by a stop, searched between two such places."""
    ahead = substring(shape, since, min(upto, shape.length))
    return since + _first_passage(np.array(ahead.coords), stop)


def shape_limits(routable: RoutableNetwork) -> dict[str, float]:
    """How far a shape may pass each stop and still be the vehicle's way there, metres.

    `OFF_SHAPE_M` from the stop's place on the street: stops of uncertain place lie far from any,
    and the shapes of planned lines follow streets.

    Parameters
    ----------
    routable
        The streets with stops, and stations as `station:` and their ids, as points.
    """
    snaps = routable.snaps
    ids = routable.points.index[snaps["point"].to_numpy(dtype=int)]
    limits = snaps["distance_m"].to_numpy(dtype=float) + OFF_SHAPE_M
    return {
        str(stop).removeprefix("station:"): limit
        for stop, limit in zip(ids, limits.tolist(), strict=True)
    }


def shape_pieces(
    route: TransitRoute,
    shape: LineString,
    places: gpd.GeoSeries,
    limits: Mapping[str, float] = NO_LIMITS,
) -> list[BaseGeometry | None]:
    """The parts of a shape between consecutive stops.

    Each stop is searched from the previous one onwards, within a limit, so that shapes which pass a
    place twice use the right passage. A shape that begins (ends) where it is nearest to its first
    (last) stop uses that place, even if it passes the stop elsewhere too. None to and from a stop
    that the shape passes farther away than its limit (`OFF_SHAPE_M` if it has none), or not after
    the stops before: there it is not the vehicle's way.
    """
    pieces: list[BaseGeometry | None] = []
    stops = places.loc[list(route.stop_ids)].to_numpy()
    limit_m = np.array([limits.get(stop, OFF_SHAPE_M) for stop in route.stop_ids])
    near = shapely.distance(stops, shape) <= limit_m
    begins_there = _begins_at(shape, stops[0])
    since = 0.0 if begins_there else float(shapely.line_locate_point(shape, stops[0]))
    since, here = (since, True) if near[0] else (0.0, False)
    ends_there = _begins_at(shape.reverse(), stops[-1])
    for number, (stop, next_stop) in enumerate(pairwise(stops), start=1):
        if not near[number]:
            pieces.append(None)
            here = False
            continue
        limit = since + NEAR_TIMES * float(shapely.distance(stop, next_stop)) + NEAR_M
        upto = _onwards(shape, since, limit if here else shape.length, next_stop)
        if number == len(stops) - 1 and ends_there:
            upto = shape.length
        found = shape.interpolate(upto).distance(next_stop) <= limit_m[number]
        pieces.append(substring(shape, since, upto) if here and found else None)
        since, here = (upto, True) if found else (since, False)
    return pieces
