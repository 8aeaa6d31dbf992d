"""Times by timetable from one point to every street vertex, as isochrones need them."""

from __future__ import annotations

import numpy as np

from analysis.routing.arcs import STEP_SECS
from analysis.routing.bucket_queue import BucketQueue
from analysis.routing.linked_points import LinkedPoints
from analysis.timetable.search import TimetableSearch
from analysis.timetable.statistics import places_of


def vertex_times(
    search: TimetableSearch,
    walkers: LinkedPoints,
    point: int,
    *,
    limit: float,
    percentile: float,
) -> tuple[np.ndarray, np.ndarray, np.ndarray]:
    """Percentile of the seconds from a point to every street vertex and to every stop.

    Parameters
    ----------
    search
        Travel times of every departure.
    walkers
        Points, then stops, linked to the streets of walkers.
    point
        Position of the point.
    limit
        Longest travel time, seconds.
    percentile
        Of the departures of the window.

    Returns
    -------
    ndarray, ndarray, ndarray
        float64. Seconds at vertices, then at stops; infinite where not reached within the limit.
        By vertex: how long one may walk on from there, if the window has a longest walk; else
        infinite.
    """
    alight = search.alighting_secs(point, limit_secs=limit)
    reached = np.flatnonzero(np.isfinite(alight).any(axis=1))
    starts = np.concatenate([[point], reached + search.points])
    secs = np.vstack([np.zeros(alight.shape[1]), alight[reached]])
    linked = walkers.reversed if search.window.arrive_by else walkers
    most = search.window.max_walk_secs
    if most is None:
        at_vertices = np.stack([_walked(linked, starts, column, limit) for column in secs.T])
        left = np.full(linked.graph.vertices, np.inf)
    else:
        at_vertices, left = _walked_shortly(linked, starts, secs, (min(most, limit), limit))
    at_stops = alight.T.copy()
    if search.window.planned:
        times = search.prepared(limit).samples.times
        _leave_late(at_vertices, times)
        _leave_late(at_stops, times)
    places = places_of(np.array([percentile]), len(at_stops))
    return _percentile(at_vertices, places), _percentile(at_stops, places), left


def _leave_late(secs: np.ndarray, times: np.ndarray) -> None:
    """See `analysis.timetable.statistics.leave_late`; samples x places, float64."""
    following = secs[-1].copy()
    for sample in range(len(times) - 2, -1, -1):
        own, later = secs[sample].copy(), times[sample + 1] - times[sample]
        if later > 0:
            with np.errstate(invalid="ignore"):
                same = np.abs(own - following - later) < STEP_SECS / 2
            secs[sample] = np.where(same, secs[sample + 1], own)
        following = own


def _walked(linked: LinkedPoints, starts: np.ndarray, secs: np.ndarray, limit: float) -> np.ndarray:
    """Seconds to every vertex, on foot from places where one is after some seconds."""
    is_there = np.isfinite(secs)
    access = linked.access.take(starts[is_there])
    before = np.repeat(secs[is_there], np.diff(access.first))
    costs = access.costs + linked.graph.scale.units(before)
    with BucketQueue(linked.graph, linked.graph.scale.cutoff(limit)) as queue:
        queue.vertex_costs((access.at, costs.astype(np.int32)))
        return queue.secs()


def _walked_shortly(
    linked: LinkedPoints, starts: np.ndarray, secs: np.ndarray, limits: tuple[float, float]
) -> tuple[np.ndarray, np.ndarray]:
    """The same for several samples (starts x samples), by walks up to a longest one.

    Each start is searched on its own: the one from which one gets to a vertex first need not be
    near enough.

    Parameters
    ----------
    linked, starts, secs
        Streets, and when one is at which places.
    limits
        Longest walk, longest travel time, seconds.

    Returns
    -------
    ndarray, ndarray
        samples x vertices: seconds; by vertex: what is left of the longest walk.
    """
    graph, (walk_secs, limit) = linked.graph, limits
    found = np.full((graph.vertices, secs.shape[1]), np.inf)
    left = np.full(graph.vertices, -np.inf)
    with BucketQueue(graph, graph.scale.cutoff(walk_secs)) as queue:
        for start, at_start in zip(starts, secs, strict=True):
            access = linked.access.take(np.array([start]))
            queue.vertex_costs((access.at, access.costs))
            near = np.flatnonzero(queue.dist <= queue.limit)
            walk = graph.scale.secs(queue.dist[near])
            found[near] = np.minimum(found[near], walk[:, np.newaxis] + at_start)
            left[near] = np.maximum(left[near], walk_secs - walk)
    return np.where(found <= limit + STEP_SECS / 2, found, np.inf).T, left


def _percentile(samples: np.ndarray, places: np.ndarray) -> np.ndarray:
    """A percentile of samples x things by `places_of`; infinite where too few are reached."""
    ordered = np.sort(samples, axis=0)
    rank, share = int(places[0]), float(places[0] % 1)
    low, high = ordered[rank], ordered[min(rank + 1, len(ordered) - 1)]
    with np.errstate(invalid="ignore"):
        between = low + share * (high - low)
    return np.where(np.isfinite(low) & (np.isfinite(high) | (share == 0)), between, np.inf)
