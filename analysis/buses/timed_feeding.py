"""Rides to a station by buses with a timetable: wait, ride and walk over a window's departures."""

from __future__ import annotations

from collections.abc import Mapping

import numpy as np
import pandas as pd

from analysis.timetable.departure_window import DepartureWindow
from analysis.timetable.service.lines import NEVER
from analysis.timetable.statistics import leave_late, percentiles, places_of
from layers.timetable import Timetable

Connections = dict[str, list[tuple[float, float]]]
"""By stop: when a bus leaves it, and when one is at the station by it at best."""


def clocked_calls(timetable: Timetable) -> dict[str, pd.DataFrame]:
    """The calls of the trips with a clock, by route.

    A route that also has trips with a headway and no clock is left out: it waits by its headway.
    """
    trips = timetable.trips
    unclocked = set(trips.loc[trips["headway_secs"] > 0, "route_id"])
    route = trips["route_id"].to_numpy()[timetable.calls["trip"].to_numpy(dtype=int)]
    return {
        str(name): calls for name, calls in timetable.calls.groupby(route) if name not in unclocked
    }


def _connections(calls: pd.DataFrame, walk_secs: Mapping[str, float]) -> Connections:
    """Where and when a route's buses can be boarded to the station."""
    found: Connections = {}
    for _, trip in calls.groupby("trip", sort=False):
        arrival = np.inf
        for call in reversed(list(trip.itertuples())):
            if call.stop_id in walk_secs:
                there = call.arrival_secs + walk_secs[call.stop_id]
                arrival = min(arrival, there) if call.drop_off else arrival
            elif call.pickup and np.isfinite(arrival):
                found.setdefault(call.stop_id, []).append((call.departure_secs, arrival))
    return found


def _sampled(pairs: list[tuple[float, float]], window: DepartureWindow) -> np.ndarray:
    """Whole seconds for each moment of the window, uint16; `NEVER` without a bus."""
    leave, arrive = np.array(pairs).T
    times = window.times.astype(float)
    if window.arrive_by:  # the same with time reversed: arrivals are departures
        leave, arrive, times = -arrive, -leave, -times[::-1]
    order = np.argsort(leave, kind="stable")
    soonest = np.minimum.accumulate(np.append(arrive[order], np.inf)[::-1])[::-1]
    secs = np.rint(soonest[np.searchsorted(leave[order], times)] - times)
    return np.where(secs < NEVER, secs, NEVER).astype(np.uint16)


def timed_rides(
    calls: pd.DataFrame, walk_secs: Mapping[str, float], window: DepartureWindow
) -> dict[str, float]:
    """Seconds from each stop of a route to the station: wait, ride and walk.

    The window's percentile over its moments, as of other travel times by timetable.

    Parameters
    ----------
    calls
        Of the route's trips, `layers.timetable.CALL_COLUMNS`.
    walk_secs
        Seconds from each stop near the station to it; nobody leaves from there by bus.
    window
        Departures, or arrivals at the station.

    Returns
    -------
    dict of float
        By stop; those without a bus for that share of the moments are not in it.
    """
    found = _connections(calls, walk_secs)
    if not found:
        return {}
    secs = np.stack([_sampled(pairs, window) for pairs in found.values()])[np.newaxis]
    times = np.sort(-window.times) if window.arrive_by else window.times
    if window.planned:
        leave_late(secs, times)
    places = places_of(np.array([window.percentile]), len(times))
    ranked = np.empty((1, 1, len(found)))
    percentiles(secs, places, ranked)
    return {
        stop: float(value)
        for stop, value in zip(found, ranked[0, 0], strict=True)
        if np.isfinite(value)
    }


def headway_wait_secs(headway_secs: float, window: DepartureWindow) -> float:
    """The wait for a line without a clock, beside lines that have one.

    It comes at any moment of its headway alike: the window's percentile is that share of it.

    Examples
    --------
    >>> headway_wait_secs(600, DepartureWindow(0, 600, percentile=95))
    570.0
    >>> headway_wait_secs(600, DepartureWindow(0, 600, planned=True))
    0.0
    """
    return 0.0 if window.planned else headway_secs * window.percentile / 100
