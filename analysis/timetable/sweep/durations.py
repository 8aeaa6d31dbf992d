"""Travel times of the lanes of a search, from the moments at which they alight."""

from __future__ import annotations

import numpy as np

from analysis.kernels import kernel
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
        Of `analysis.timetable.sweep.sweeps.settle`, and `earliest`.
    walks
        By target the stops and walks from there, and walks all the way: origins x targets, uint16.
    secs
        uint16, targets x those origins x departures; `NEVER` where not reached within the limit.
    """
    start, end, moments, limit = asked
    egress, direct = walks
    ride, count = walked[0], moments.size
    row = np.zeros(ride.shape[1], np.uint16)
    departs, too_late = moments.astype(np.uint16), (moments + limit + 1).astype(np.uint16)
    for target in range(secs.shape[0]):
        for number in range(end - start):
            lanes = row[number * count : (number + 1) * count]
            lanes[:] = too_late
            on_foot = direct[start + number, target]
            if on_foot <= limit:
                for departure in range(count):
                    lanes[departure] = np.uint16(departs[departure] + on_foot)
        _alight(row, walked, egress, target)
        for number in range(end - start):
            lanes, found = row[number * count : (number + 1) * count], secs[target, number]
            for departure in range(count):
                late = lanes[departure] >= too_late[departure]
                spent = np.uint16(lanes[departure] - departs[departure])
                found[departure] = np.uint16(NEVER) if late else spent
