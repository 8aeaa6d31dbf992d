"""Travel times of the lanes of a search, from the moments at which they alight."""

from __future__ import annotations

import numpy as np

from analysis.kernels import inlined, kernel
from analysis.timetable.service.lines import NEVER
from analysis.timetable.service.walks import Rows

AGAIN = 8
"""Walks after which the latest arrival of all lanes is looked up again."""


@kernel
def earliest(ride: np.ndarray, least: np.ndarray) -> int:
    """The first arrival of any lane at each stop, and of all."""
    first = NEVER
    for stop in range(ride.shape[0]):
        low = np.uint16(NEVER)
        for lane in range(ride.shape[1]):
            low = min(low, ride[stop, lane])
        least[stop] = low
        first = min(first, int(low))
    return first


@kernel
def _latest(row: np.ndarray) -> int:
    high = np.uint16(0)
    for lane in range(row.size):
        high = max(high, row[lane])
    return int(high)


@kernel
def _alight(row: np.ndarray, walked: tuple, egress: Rows, target: int) -> None:
    """Lower the arrivals of a row by the walks from stops to a target, shortest first.

    A stop that nobody reaches early enough, and all farther ones if nobody alights anywhere early
    enough, can lower nothing.
    """
    ride, least, first = walked
    high = _latest(row)
    since = 0
    for entry in range(egress.first[target], egress.first[target + 1]):
        stop, secs = egress.to[entry], egress.secs[entry]
        if first + secs >= high:
            break
        if least[stop] + secs >= high:
            continue
        walk = np.uint16(secs)
        for lane in range(row.size):
            arrival = np.uint16(ride[stop, lane] + walk)
            row[lane] = min(row[lane], arrival)
        since += 1
        if since == AGAIN:
            high, since = _latest(row), 0


@inlined
def _set_out(row: np.ndarray, on_foot: np.ndarray, times: tuple) -> None:
    """Arrivals of those who walk all the way, else too late: by origin, then by departure."""
    departs, too_late, limit = times
    if departs.size == 1:
        # loops over a single departure would take longer than what is in them
        for lane in range(on_foot.size):
            walks = on_foot[lane] <= limit
            row[lane] = np.uint16(departs[0] + on_foot[lane]) if walks else too_late[0]
        return
    for number in range(on_foot.size):
        lanes = row[number * departs.size : (number + 1) * departs.size]
        lanes[:] = too_late
        if on_foot[number] <= limit:
            for departure in range(departs.size):
                lanes[departure] = np.uint16(departs[departure] + on_foot[number])


@inlined
def _spent(row: np.ndarray, times: tuple, found: np.ndarray) -> None:
    """Seconds from departing to arriving: origins x departures."""
    departs, too_late, _ = times
    if departs.size == 1:
        for lane in range(found.shape[0]):
            late = row[lane] >= too_late[0]
            found[lane, 0] = np.uint16(NEVER) if late else np.uint16(row[lane] - departs[0])
        return
    for number in range(found.shape[0]):
        lanes = row[number * departs.size : (number + 1) * departs.size]
        for departure in range(departs.size):
            late = lanes[departure] >= too_late[departure]
            secs = np.uint16(lanes[departure] - departs[departure])
            found[number, departure] = np.uint16(NEVER) if late else secs


@kernel
def travel_secs(
    asked: tuple[int, int, np.ndarray, int],
    walked: tuple[np.ndarray, np.ndarray, int],
    walks: tuple[Rows, np.ndarray],
    secs: np.ndarray,
) -> None:
    """Travel times of all departures of some origins to all targets.

    Parameters
    ----------
    asked
        The first and the last origin but one, the moments of their departures, and the longest
        travel time.
    walked
        Of `analysis.timetable.sweep.alighting.settle`, and `earliest`.
    walks
        By target the stops and walks from there, and walks all the way: targets x origins, uint16.
    secs
        uint16, targets x those origins x departures; `NEVER` where not reached within the limit.
    """
    start, end, moments, limit = asked
    egress, direct = walks
    row = np.zeros(walked[0].shape[1], np.uint16)
    times = moments.astype(np.uint16), (moments + limit + 1).astype(np.uint16), np.uint16(limit)
    for target in range(secs.shape[0]):
        _set_out(row, direct[target, start:end], times)
        _alight(row, walked, egress, target)
        _spent(row, times, secs[target])
