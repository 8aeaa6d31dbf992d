"""Checks of the order of a route's stops: detours and speeds that are not plausible."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

import numpy as np
import shapely
from shapely.geometry.base import BaseGeometry

from geo.faults import Fault

DETOUR_JUMP = 4.0
"""A stop is out of order if the way by it is longer than this multiple of the way without it."""
FASTEST_KPH = 450.0
"""No train is faster from stop to stop (the fastest maglev runs at 430 km/h)."""
JUMP_MIN_M = 5_000.0
"""Shorter detours are ordinary bus routing."""


def order_faults(
    route_id: str, stop_ids: Sequence[str], places: Mapping[str, BaseGeometry], file: str
) -> list[Fault]:
    """Faults of stops that do not exist, and of stops out of order.

    A stop is out of order if the way by it is longer than `DETOUR_JUMP` times the way without it,
    and longer by more than `JUMP_MIN_M`.

    Parameters
    ----------
    route_id, stop_ids
        A route and its stops in order.
    places
        Projected points of the existing stops, by id.
    file
        The file of the route.
    """
    unknown = [stop for stop in stop_ids if stop not in places]
    if unknown:
        return [
            Fault(file, route_id, "id-unknown", f"stop {stop!r} does not exist") for stop in unknown
        ]
    points = np.array([places[stop] for stop in stop_ids], dtype=object)
    outside = ~np.isfinite(shapely.get_x(points))
    if outside.any():
        stop, allowed = stop_ids[int(np.flatnonzero(outside)[0])], "a place near the study area"
        message = f"stop {stop!r} lies where the study's system has no coordinates"
        return [Fault(file, route_id, "crs-wrong", message, allowed)]
    hop = shapely.distance(points[:-1], points[1:])
    via_stop, direct = hop[:-1] + hop[1:], shapely.distance(points[:-2], points[2:])
    jumps = (via_stop > DETOUR_JUMP * direct) & (via_stop - direct > JUMP_MIN_M)
    allowed = f"up to {JUMP_MIN_M:.0f} m: check the order"
    faults = []
    for at in np.flatnonzero(jumps).tolist():
        excess = via_stop[at] - direct[at]
        message = f"stop {stop_ids[at + 1]!r} makes a detour of {excess:.0f} m"
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

    The last stop of a route cannot be out of order by `order_faults`, but its speed can show it.

    Parameters
    ----------
    route_id, stop_ids, hop_secs
        A route, its stops in order and the seconds between them.
    places
        Projected points of the existing stops, by id; routes with other stops are skipped.
    file
        The file of the route.
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
