"""One way for each pair of points: of a window the best or the middle one, or the shortest path."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Literal, NamedTuple

import numpy as np

from analysis.graph.routable_network import RoutableNetwork
from analysis.graph.travel import Travel
from analysis.itineraries.by_headway import HeadwayLegs
from analysis.itineraries.by_timetable import TimetableLegs
from analysis.itineraries.legs import Leg
from analysis.timetable.journeys import Journeys
from analysis.timetable.samples import Samples
from analysis.timetable.search import TimetableSearch
from analysis.timetable.service.lines import NEVER
from analysis.timetable.statistics import leave_late
from analysis.timetable.timed_points import TimedPoints
from layers.network import TransportNetwork

Take = Literal["best", "median"]
TAKES: tuple[Take, ...] = ("best", "median")
"""Of the departures of a window the one with the shortest travel time, or the middle one."""


class Trip(NamedTuple):
    """A way from a point to another, by their positions; no legs where there is none."""

    origin: int
    destination: int
    legs: list[Leg]


def trips(
    network: TransportNetwork,
    routable: RoutableNetwork,
    travel: Travel,
    *,
    limit: float,
    ends: tuple[np.ndarray, np.ndarray],
    take: Take = "best",
) -> Iterator[Trip]:
    """A way by transit from each origin to each destination.

    Parameters
    ----------
    network
        Stops, routes and timetable.
    routable
        The same network with the points.
    travel
        Period and waiting with which it was made.
    limit
        Longest travel time, seconds.
    ends
        Positions of origins and of destinations.
    take
        Which departure of the window, where vehicles run by a timetable. Of equal ones the first.

    Yields
    ------
    Trip
        One a pair, in no order that matters. By timetable its seconds are the travel time of one
        sample of the window, else the expected travel time from second 0.
    """
    timed = routable.linked.timed
    if isinstance(timed, TimedPoints):
        yield from _timed_trips(network, timed.search, limit=limit, ends=ends, take=take)
        return
    told = HeadwayLegs(network, routable, travel)
    origins, destinations = (at.tolist() for at in ends)
    for origin in origins:
        ways = told.paths(origin, destinations, limit=limit)
        for destination, legs in zip(destinations, ways, strict=True):
            yield Trip(origin, destination, legs or [])


def _timed_trips(
    network: TransportNetwork,
    search: TimetableSearch,
    *,
    limit: float,
    ends: tuple[np.ndarray, np.ndarray],
    take: Take,
) -> Iterator[Trip]:
    """The same by timetable."""
    arrives = search.window.arrive_by
    starts, targets = ends[::-1] if arrives else ends
    samples, secs = _taken(search, limit, (starts, targets), take)
    journeys = Journeys(search, limit, origins=starts, destinations=targets)
    told = TimetableLegs(network, journeys.vehicles, search.points)
    for start, target, within_secs in _with_bounds(samples, secs):
        origin, destination = int(starts[start]), int(targets[target])
        origin, destination = (destination, origin) if arrives else (origin, destination)
        sample, legs = int(samples[start, target]), []
        if secs[start, target] != NEVER:
            found = journeys.journey(start, target, sample, within_secs=within_secs)
            legs = told.legs(found, origin, destination) if found else []
        yield Trip(origin, destination, legs)


def _with_bounds(samples: np.ndarray, secs: np.ndarray) -> Iterator[tuple[int, int, int]]:
    """All pairs, those with one start and sample in a row, and the longest time of these."""
    for start in range(len(samples)):
        for sample in np.unique(samples[start]):
            here = np.flatnonzero(samples[start] == sample)
            times = secs[start, here]
            longest = int(times[times != NEVER].max(initial=0))
            for target in here.tolist():
                yield start, target, longest


def _taken(
    search: TimetableSearch, limit: float, ends: tuple[np.ndarray, np.ndarray], take: Take
) -> tuple[np.ndarray, np.ndarray]:
    """The sample of each pair (starts x targets), and its travel time."""
    starts, targets = ends
    samples = np.zeros((len(starts), len(targets)), dtype=np.int64)
    taken = np.full(samples.shape, NEVER, dtype=np.uint16)
    asked = search.prepared(limit).samples

    def visit(positions: np.ndarray, secs: np.ndarray) -> None:
        judged = secs.copy()
        if search.window.planned:
            leave_late(judged, asked.times)
        if take == "best":
            chosen = judged.argmin(axis=2)
        else:
            order = np.argsort(judged, axis=2, kind="stable")
            chosen = order[:, :, (asked.count - 1) // 2]
        if search.window.planned:
            chosen = _latest(chosen, secs, asked)
        samples[positions] = chosen.T
        taken[positions] = np.take_along_axis(secs, chosen[:, :, None], axis=2)[:, :, 0].T

    search.visit(visit, limit_secs=limit, origins=starts, destinations=targets)
    return samples, taken


def _latest(chosen: np.ndarray, secs: np.ndarray, asked: Samples) -> np.ndarray:
    """The last sample of the same phase that arrives at the moment of a chosen one."""
    arrives = np.where(secs == NEVER, -1, secs + asked.times)
    mine = np.take_along_axis(arrives, chosen[:, :, None], axis=2)
    same = (arrives == mine) & (asked.phases == asked.phases[chosen][:, :, None])
    return np.asarray(asked.count - 1 - same[:, :, ::-1].argmax(axis=2))
