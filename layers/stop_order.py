"""Whether a route's stops are in an order that one would ride."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

import numpy as np
import shapely
from shapely.geometry.base import BaseGeometry

from geo.faults import Fault

DETOUR_JUMP = 4.0
"""A stop that makes a route this many times longer than leaving it out is out of order."""
FASTEST_KPH = 450.0
"""No train goes faster from stop to stop (the quickest maglev runs at 430)."""
JUMP_MIN_M = 5_000.0
"""Shorter detours are ordinary bus routing."""


def order_faults(
    route_id: str, stop_ids: Sequence[str], places: Mapping[str, BaseGeometry], file: str
) -> list[Fault]:
    """Stops that do not exist, and stations out of order.

    A station is out of order where going by it takes more than `DETOUR_JUMP` times the way
    without it and more than `JUMP_MIN_M` longer.

    Parameters
    ----------
    route_id, stop_ids
        A route and its stops in order.
    places
        Projected points of the stops that there are, by id.
    file
        Where the route stands.
    """
    unknown = [stop for stop in stop_ids if stop not in places]
    if unknown:
        return [
            Fault(file, route_id, "id-unknown", f"stop {stop!r} does not exist") for stop in unknown
        ]
    points = np.array([places[stop] for stop in stop_ids], dtype=object)
    away = ~np.isfinite(shapely.get_x(points))
    if away.any():
        stop, allowed = stop_ids[int(np.flatnonzero(away)[0])], "a place near the study area"
        message = f"stop {stop!r} lies where the study's system has no coordinates"
        return [Fault(file, route_id, "crs-wrong", message, allowed)]
    hop = shapely.distance(points[:-1], points[1:])
    by_way, direct = hop[:-1] + hop[1:], shapely.distance(points[:-2], points[2:])
    jumps = (by_way > DETOUR_JUMP * direct) & (by_way - direct > JUMP_MIN_M)
    allowed = f"up to {JUMP_MIN_M:.0f} m: check the order"
    faults = []
    for at in np.flatnonzero(jumps).tolist():
        far = by_way[at] - direct[at]
        message = f"stop {stop_ids[at + 1]!r} makes a detour of {far:.0f} m"
        faults.append(Fault(file, route_id, "station-out-of-order", message, allowed))
    return faults


def speed_faults(
    route_id: str,
    stop_ids: Sequence[str],
    hop_secs: Sequence[float],
    *,
    places: Mapping[str, BaseGeometry],
    file: str,
) -> list[Fault]:
    """A warning for every hop that would be quicker than `FASTEST_KPH`.

    The last stop of a line can be far off and yet in order, so speeds tell.

    Parameters
    ----------
    route_id, stop_ids, hop_secs
        A route, its stops in order and the seconds between them.
    places
        Projected points of the stops that there are, by id; others are passed over.
    file
        Where the route stands.
    """
    if not all(stop in places for stop in stop_ids):
        return []
    points = np.array([places[stop] for stop in stop_ids], dtype=object)
    kph = shapely.distance(points[:-1], points[1:]) / np.array(hop_secs, dtype=float) * 3.6
    faults = []
    for hop in np.flatnonzero(kph > FASTEST_KPH).tolist():
        message = f"from {stop_ids[hop]!r} to {stop_ids[hop + 1]!r} at {kph[hop]:.0f} km/h"
        where, allowed = (file, route_id, "hop-too-fast"), f"up to {FASTEST_KPH:g} km/h"
        value = round(float(kph[hop]), 1)
        faults.append(Fault(*where, message, allowed, "warning", value=value))
    return faults
