"""Checks of the order of a route's stops and of the times between them: what is not plausible."""

from __future__ import annotations

from collections.abc import Mapping

import numpy as np
import shapely
from shapely.geometry.base import BaseGeometry

from geo.faults import Fault
from layers.route_types import FASTEST_KPH, vehicle
from layers.transit import TransitRoute

DETOUR_JUMP = 4.0
"""A stop is out of order if the way by it is longer than this multiple of the way without it."""
FASTEST_TRAIN_KPH = FASTEST_KPH["rail"]
"""No train is faster from stop to stop, whatever the kind of vehicle that a feed names."""
JUMP_MIN_M = 5_000.0
"""Shorter detours are ordinary bus routing."""
SPUR_M = 500.0
"""A line that comes back as near to where it left goes there and back: a spur, and no mistake."""
FITS_BETTER = 3.0
"""A stop stands at the wrong place in a line if it makes so much less of a detour elsewhere."""
ROUNDED_SECS = 60.0
"""Times of feeds may be whole minutes: a hop may take this much longer than they say."""
SLOWEST_KPH, SLOW_FROM_M = 3.0, 1_000.0
"""Along the straight lines from stop to stop no line is as slow as a walker; shorter lines may."""
ON_LAND = ("bus", "tram", "metro", "rail", "monorail")
"""Kinds of vehicle that are quicker than walking; ferries over a river may not be."""

Places = Mapping[str, BaseGeometry]


def _detour_elsewhere(metres: np.ndarray, at: int) -> tuple[float, int]:
    """The least detour that a stop makes anywhere else in its line, and the stop to follow.

    Parameters
    ----------
    metres
        Square: from each stop of the line to each other.
    at
        Position of the stop.

    Returns
    -------
    float, int
        Metres, and the position of the stop that it would come after; -1: it would come first.
    """
    others = np.delete(np.arange(len(metres)), at)
    before, after = others[:-1], others[1:]
    detours = metres[at, before] + metres[at, after] - metres[before, after]
    detours[at - 1] = np.inf  # where it stands now
    choices = np.concatenate([[metres[at, others[0]]], detours, [metres[at, others[-1]]]])
    best = int(choices.argmin())
    return float(choices[best]), int(others[best - 1]) if best else -1


def _jump(route: TransitRoute, metres: np.ndarray, at: int, file: str) -> Fault:
    """The fault of a stop that makes a detour: an error only if the line cannot be so."""
    before, here, after = metres[at - 1, at], metres[at, at + 1], metres[at - 1, at + 1]
    excess = before + here - after
    message = f"stop {route.stop_ids[at]!r} makes a detour of {excess:.0f} m"
    limit = FASTEST_KPH[vehicle(route.route_type)] / 3.6
    least, follows = _detour_elsewhere(metres, at)
    too_fast = before > limit * route.hop_secs[at - 1] and here > limit * route.hop_secs[at]
    misplaced = least * FITS_BETTER < excess
    if after > SPUR_M and misplaced:
        where = f"after {route.stop_ids[follows]!r}" if follows >= 0 else "first"
        message += f"; {where} it would be {least:.0f} m"
    is_error = after > SPUR_M and (misplaced or too_fast)
    allowed = f"up to {JUMP_MIN_M:.0f} m: check the order"
    severity = "error" if is_error else "warning"
    where_it_is = (file, route.route_id, "station-out-of-order")
    return Fault(*where_it_is, message, allowed, severity)  # type: ignore[arg-type]


def order_faults(route: TransitRoute, places: Places, file: str) -> list[Fault]:
    """Faults of stops that do not exist, and of stops out of order.

    A stop is out of order if the way by it is longer than `DETOUR_JUMP` times the way without it,
    and longer by more than `JUMP_MIN_M`. That is an error if the stop fits much better elsewhere
    in the line, or cannot be reached in time. Else it is a warning: one can ride a line that
    serves a stop off its way, as one that goes there and back (A B D B C).

    Parameters
    ----------
    route
        A route with one hop fewer than stops.
    places
        Projected points of the existing stops, by id.
    file
        The file of the route.
    """
    route_id, stop_ids = route.route_id, route.stop_ids
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
    jumps = np.flatnonzero(
        (via_stop > DETOUR_JUMP * direct) & (via_stop - direct > JUMP_MIN_M)
    ).tolist()
    if not jumps:
        return []
    metres = shapely.distance(points[:, None], points[None, :])
    return [_jump(route, metres, at + 1, file) for at in jumps]


def _fast_hops(route: TransitRoute, metres: np.ndarray, *, of_feed: bool) -> np.ndarray:
    """Positions of the hops that are too fast for the route's kind of vehicle."""
    secs = np.array(route.hop_secs, dtype=float)
    limit_mps = FASTEST_KPH[vehicle(route.route_type)] / 3.6
    if not of_feed:
        return np.flatnonzero(metres > limit_mps * secs)
    beyond_all = metres > max(FASTEST_TRAIN_KPH / 3.6, limit_mps) * secs
    return np.flatnonzero(beyond_all | (metres > limit_mps * (secs + ROUNDED_SECS)))


def _too_fast(route: TransitRoute, metres: np.ndarray, *, file: str, of_feed: bool) -> list[Fault]:
    """One warning of all hops of a route that are too fast, with the fastest of them."""
    fast, kind = _fast_hops(route, metres, of_feed=of_feed), vehicle(route.route_type)
    if not len(fast):
        return []
    kph = metres / np.array(route.hop_secs, dtype=float) * 3.6
    hop = int(fast[kph[fast].argmax()])
    start, end = route.stop_ids[hop : hop + 2]
    message = (
        f"{route.route_name}: from {start!r} to {end!r} {metres[hop]:.0f} m in"
        f" {route.hop_secs[hop]:g} s, {kph[hop]:.0f} km/h"
    )
    message += f"; {len(fast)} of {len(kph)} hops are too fast" if len(fast) > 1 else ""
    hint = "are hop_secs minutes? they are seconds" if len(fast) == len(kph) > 1 else ""
    where = (file, route.route_id, "hop-too-fast")
    allowed = f"{kind.replace('_', ' ')}: up to {FASTEST_KPH[kind]:g} km/h"
    value = round(float(kph[hop]), 1)
    return [Fault(*where, message, allowed, "warning", value=value, hint=hint)]


def _too_slow(route: TransitRoute, metres: np.ndarray, file: str) -> list[Fault]:
    """A warning if one is quicker on foot along the whole line."""
    total_m, secs = float(metres.sum()), sum(route.hop_secs)
    kph = total_m / secs * 3.6
    if vehicle(route.route_type) not in ON_LAND or total_m < SLOW_FROM_M or kph >= SLOWEST_KPH:
        return []
    message = f"{route.route_name}: {total_m:.0f} m in {secs:.0f} s, {kph:.1f} km/h"
    where, allowed = (file, route.route_id, "line-too-slow"), f"{SLOWEST_KPH:g} km/h or more"
    return [Fault(*where, message, allowed, "warning", value=round(kph, 1))]


def speed_faults(
    route: TransitRoute, places: Places, file: str, *, of_feed: bool = False
) -> list[Fault]:
    """Warnings of a route with hops that no such vehicle can do in time, or slower than walking.

    The last stop of a route cannot be out of order by `order_faults`, but its speed can show it.
    Speeds are those on the straight lines from stop to stop, so the real ones are higher still.

    Parameters
    ----------
    route
        A route; one with stops that do not exist is skipped.
    places
        Projected points of the existing stops, by id.
    file
        The file of the route.
    of_feed
        Whether its times are those of a feed, which may be whole minutes: then hops may take
        `ROUNDED_SECS` longer than said, unless no train is as fast.
    """
    if not all(stop in places for stop in route.stop_ids):
        return []
    points = np.array([places[stop] for stop in route.stop_ids], dtype=object)
    metres = shapely.distance(points[:-1], points[1:])
    slow = [] if of_feed else _too_slow(route, metres, file)
    return _too_fast(route, metres, file=file, of_feed=of_feed) + slow
