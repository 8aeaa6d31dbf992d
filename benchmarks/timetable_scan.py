"""A plain scan over all hops of a day, one origin and one departure at a time.

It shares walks with the product and nothing else: no lines, no changes found before, no lanes.
"""

from __future__ import annotations

from itertools import pairwise

import numpy as np

from analysis.timetable.service.walks import Rows, walks
from analysis.timetable.timed_points import TimedPoints
from layers.network import TransportNetwork

NEVER = 10**9
ORIGINS, SAMPLES = (0, 7, 1_234), (0, 29, 59)
MOST_RIDES = 20


def _hops(network: TransportNetwork, start: int, end: int) -> list[tuple[int, ...]]:
    """Departure, arrival, stop, next stop and trip of every hop within a time, by departure."""
    stop = {name: at for at, name in enumerate(network.stops.index)}
    calls = network.timetable.calls
    columns = ("trip", "departure_secs", "arrival_secs", "stop_id")
    hops, last, ready = [], -1, 0
    rows = list(zip(*(calls[name].tolist() for name in columns), strict=True))
    for (trip, departs, _, here), (other, _, arrives, there) in pairwise(rows):
        leaves = max(departs, ready) if trip == last else departs
        # a ride takes a second at least, and what follows on the trip waits for it
        last, ready = trip, max(arrives, leaves + 1)
        if trip == other and start <= leaves <= end:
            hops.append((leaves, ready, stop[here], stop[there], trip))
    return sorted(hops)


def _row(table: Rows, place: int) -> tuple[np.ndarray, np.ndarray]:
    entries = slice(table.first[place], table.first[place + 1])
    return table.to[entries], table.secs[entries]


def _round(hops: list[tuple[int, ...]], ready: np.ndarray) -> np.ndarray:
    """When one alights at each stop, riding once from where one is ready."""
    at: list[int] = ready.tolist()
    alight, aboard = np.full(len(at), NEVER), set()
    for leaves, reaches, here, there, trip in hops:
        if trip in aboard or at[here] <= leaves:
            aboard.add(trip)
            alight[there] = min(alight[there], reaches)
    return alight


class PlainScan:
    """Earliest arrivals by rounds, as many as rides are allowed.

    Parameters
    ----------
    timed
        Points, stops and the window.
    limit_secs
        Longest travel time.
    """

    def __init__(self, timed: TimedPoints, limit_secs: int) -> None:
        search = timed.search
        self.limit_secs, self.rides = limit_secs, search.window.max_rides or MOST_RIDES
        times = search.window.times
        self.hops = _hops(search.network, int(times.min()), int(times.max()) + limit_secs)
        walk_secs = search.prepared(limit_secs).walk_secs
        points = np.arange(search.points)
        stops = np.arange(search.points, search.points + search.stops)
        self.stops = search.stops
        self.between = walks(timed.walkers, stops, stops, walk_secs)
        self.egress = walks(timed.walkers, stops, points, walk_secs)
        self.access = walks(timed.walkers, points, stops, walk_secs)
        self.direct = walks(timed.walkers, points, points, walk_secs)

    def secs(self, origin: int, moment: int) -> np.ndarray:
        """Seconds to every point; `NEVER` beyond the limit."""
        best = np.full(len(self.access.first) - 1, NEVER)
        to, secs = _row(self.direct, origin)
        best[to] = secs
        ready = np.full(self.stops, NEVER)
        to, secs = _row(self.access, origin)
        ready[to] = moment + secs
        known = np.full(self.stops, NEVER)
        for _ in range(self.rides):
            alight = _round(self.hops, ready)
            new = np.flatnonzero(alight < known)
            if not len(new):
                break
            known[new] = alight[new]
            ready[:] = NEVER
            for stop in new:
                to, secs = _row(self.between, stop)
                ready[to] = np.minimum(ready[to], known[stop] + secs)
                to, secs = _row(self.egress, stop)
                best[to] = np.minimum(best[to], known[stop] - moment + secs)
        return np.where(best <= self.limit_secs, best, NEVER)


def differences(timed: TimedPoints, limit_secs: int) -> int:
    """The largest difference of some origins and departures to all points, seconds."""
    scan, everyone = PlainScan(timed, limit_secs), np.arange(timed.search.points)
    origins = np.array([origin for origin in ORIGINS if origin < len(everyone)])
    found = np.empty((len(origins), len(everyone), len(SAMPLES)), dtype=np.int64)

    def visit(positions: np.ndarray, secs: np.ndarray) -> None:
        found[positions] = secs[:, :, list(SAMPLES)].transpose(1, 0, 2)

    timed.visit_samples(visit, limit=limit_secs, origins=origins, destinations=everyone)
    found[found > limit_secs] = NEVER
    times = timed.search.window.times
    wanted = [[scan.secs(origin, int(times[k])) for k in SAMPLES] for origin in origins]
    return int(np.abs(found - np.array(wanted).transpose(0, 2, 1)).max())
