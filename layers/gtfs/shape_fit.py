"""Shapes of a feed beside the stops of their trips: those of other lines are not used."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace

import geopandas as gpd
import numpy as np
import shapely
from shapely.geometry import LineString

from geo.faults import Fault
from layers.transit import TransitRoute

OFF_SHAPE_M = 500.0
"""A shape that passes a stop farther away than this is not the vehicle's way there."""
LEAST_SHARE = 0.5
"""A shape that passes a smaller share of the stops within `OFF_SHAPE_M` is another line's."""
SURELY_BACK = 2
"""A shape runs against its trips if so many times more hops lead back along it than on."""


def _runs_back(shape: LineString, points: np.ndarray) -> bool:
    """Whether stops in the order of their trips lead back along a shape.

    Loops lead back once, and lines there and back as often as on: these are left as they are.

    Examples
    --------
    >>> shape = LineString([(0, 0), (9, 0)])
    >>> _runs_back(shape, shapely.points([[8, 1], [5, 0], [2, 0]]))
    True
    >>> _runs_back(shape, shapely.points([[2, 1], [5, 0], [2, 0]]))
    False
    """
    steps = np.diff(shapely.line_locate_point(shape, points))
    on, back = int((steps > 0).sum()), int((steps < 0).sum())
    return back > SURELY_BACK * on


def _off_message(route: TransitRoute, metres: np.ndarray, stop_ids: Sequence[str]) -> str:
    off, worst = metres > OFF_SHAPE_M, int(metres.argmax())
    return (
        f"the shape of {route.route_name} passes {off.sum()} of {len(off)} stops farther away than"
        f" {OFF_SHAPE_M:g} m, {stop_ids[worst]!r} at {metres[worst]:.0f} m"
    )


def _fitted(
    route: TransitRoute, shape: LineString, stops: gpd.GeoSeries, file: str
) -> tuple[TransitRoute, list[Fault]]:
    """A route with its shape turned round or taken away if need be, and a warning if so."""
    placed = [s for s in route.stop_ids if s in stops.index and stops[s] is not None]
    points = stops.loc[placed].to_numpy()
    metres = shapely.distance(points, shape)
    near = metres <= OFF_SHAPE_M
    where, allowed = (
        (f"{file}/shapes.txt", route.route_id, "shape-off-stops"),
        f"0 to {OFF_SHAPE_M:g} m",
    )
    if near.sum() < LEAST_SHARE * len(near):
        message = f"{_off_message(route, metres, placed)}: it is not used"
        return replace(route, shape=None), [Fault(*where, message, allowed, "warning")]
    faults = []
    if not near.all():
        message = f"{_off_message(route, metres, placed)}: it is not used to and from there"
        faults.append(Fault(*where, message, allowed, "warning"))
    if _runs_back(shape, points[near]):
        message = f"the shape of {route.route_name} runs against its trips: it is turned round"
        faults.append(Fault(*where, message, "in the direction of the trips", "warning"))
        route = replace(route, shape=shape.reverse())
    return route, faults


def with_fitting_shapes(
    routes: Sequence[TransitRoute], stops: gpd.GeoSeries, file: str
) -> tuple[list[TransitRoute], list[Fault]]:
    """Routes of a feed without shapes that cannot be theirs.

    A shape that passes fewer than half of a route's stops within `OFF_SHAPE_M` is taken away: then
    the route's course is found as without a shape. One that misses fewer stops stays, and hops to
    and from these find their way by road (`analysis.buses.network.hop_courses`). One that runs
    against the trips is turned round.

    Parameters
    ----------
    routes
        Routes of one feed.
    stops
        Projected points by `stop_id`; a stop may have none.
    file
        The feed's name, for faults.

    Returns
    -------
    list of TransitRoute
    list of Fault
        `shape-off-stops`, warnings.
    """
    fitted, faults = [], []
    for route in routes:
        kept = route
        if route.shape is not None:
            kept, shape_faults = _fitted(route, route.shape, stops, file)
            faults += shape_faults
        fitted.append(kept)
    return fitted, faults
