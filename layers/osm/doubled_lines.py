"""Lines of OpenStreetMap that a study's own files have too: both would be double service."""

from __future__ import annotations

import re
from collections.abc import Iterable, Sequence

import geopandas as gpd
import numpy as np
import shapely

from layers.route_types import Vehicle, vehicle
from layers.transit import TransitRoute

SAME_STOP_M = 300.0
"""Stops of one line lie within this distance of each other in two sources."""
MOST_STOPS = 0.8
"""A line with such a share of its stops at stops of own lines of its kind is one of these."""
SAME_NAME_STOPS = 0.5
"""A line with the number of an own one is that line if it shares so many stops with it."""
ON_RAILS: frozenset[Vehicle] = frozenset(("tram", "metro", "rail", "monorail"))
"""What one source calls metro another may call light rail or monorail."""
_NOT_IN_NUMBERS = re.compile(r"\s|号线|线|路|line", re.IGNORECASE)


def _number(route: TransitRoute) -> str:
    """The number of a line, however it is written.

    Examples
    --------
    >>> import dataclasses
    >>> line = TransitRoute("r", "7路", "", 3, "", ("A", "B"), (60.0,), 600.0, 600.0)
    >>> [_number(dataclasses.replace(line, line=number)) for number in ("", "7", "Line 7", "7号线")]
    ['7', '7', '7', '7']
    """
    return _NOT_IN_NUMBERS.sub("", route.line or route.route_name).casefold()


def _share_near(points: np.ndarray, others: np.ndarray) -> float:
    """The share of points within `SAME_STOP_M` of any of the others."""
    if not len(points) or not len(others):
        return 0.0
    near, _ = shapely.STRtree(others).query(points, predicate="dwithin", distance=SAME_STOP_M)
    return len(set(near.tolist())) / len(points)


class _OwnLines:
    """Lines of the study's files, with the places of their stops."""

    def __init__(self, routes: Sequence[TransitRoute], stops: gpd.GeoDataFrame) -> None:
        self._routes, self._points = routes, stops.geometry
        kinds = {vehicle(route.route_type) for route in routes}
        self._by_kind = {
            kind: self._served(r for r in routes if vehicle(r.route_type) == kind) for kind in kinds
        }

    def _served(self, routes: Iterable[TransitRoute]) -> np.ndarray:
        names = {stop for route in routes for stop in route.stop_ids}
        return self._points[self._points.index.isin(list(names))].to_numpy()

    def has(self, route: TransitRoute, points: np.ndarray) -> bool:
        """Whether a line with stops at these points is one of them."""
        kind = vehicle(route.route_type)
        if _share_near(points, self._by_kind.get(kind, np.array([]))) >= MOST_STOPS:
            return True
        kinds = ON_RAILS if kind in ON_RAILS else {kind}
        number = _number(route)
        alike = [r for r in self._routes if vehicle(r.route_type) in kinds and _number(r) == number]
        return bool(number) and _share_near(points, self._served(alike)) >= SAME_NAME_STOPS


def doubled_lines(
    lines: Sequence[TransitRoute],
    line_stops: gpd.GeoDataFrame,
    *,
    own: Sequence[TransitRoute],
    own_stops: gpd.GeoDataFrame,
) -> list[TransitRoute]:
    """The lines of OpenStreetMap that own files have too.

    A line is one of the study's own if `MOST_STOPS` of its stops lie within `SAME_STOP_M` of stops
    that own lines of its kind of vehicle serve, or if it has the number of an own line of its kind
    (on rails: of any kind) and shares `SAME_NAME_STOPS` of its stops with that one. So a feed of
    all buses takes the place of OpenStreetMap's, a table of one line that of one, and metros stay
    beside a feed of buses.

    Parameters
    ----------
    lines, line_stops
        Of OpenStreetMap; stops are projected and indexed by `stop_id`.
    own, own_stops
        Of the study's files, likewise.
    """
    if not own:
        return []
    own_lines = _OwnLines(own, own_stops)
    return [
        line
        for line in lines
        if own_lines.has(line, line_stops.geometry.loc[list(line.stop_ids)].to_numpy())
    ]


def stops_of_others(
    stops: gpd.GeoDataFrame, lines: Sequence[TransitRoute], without: Sequence[TransitRoute]
) -> gpd.GeoDataFrame:
    """The stops that remain if some of the lines are left out: all but those only they serve."""
    out = {line.route_id for line in without}
    served = {s for line in lines if line.route_id not in out for s in line.stop_ids}
    gone = {stop for line in without for stop in line.stop_ids} - served
    return stops.loc[~stops.index.isin(list(gone))]
