"""Travel times of the lanes of a search, from the moments at which they alight."""

from __future__ import annotations

import numpy as np

from analysis.kernels import kernel
from analysis.timetable.service.lines import NEVER
from analysis.timetable.service.walks import Rows
from analysis.timetable.sweep.rows import LANES

AGAIN = 8
"""Walks after which the latest arrival of all lanes is looked up again."""


@kernel
def earliest(ride: np.ndarray, least: np.ndarray) -> int:
    """The first arrival of any lane at each stop, and of all."""
    first = NEVER
    for stop in range(ride.shape[0]):
        low = np.uint16(NEVER)
        for lane in range(LANES):
            low = min(low, ride[stop, lane])
        least[stop] = low
        first = min(first, int(low))
    return first


@kernel
def _latest(row: np.ndarray) -> int:
    high = np.uint16(0)
    for lane in range(LANES):
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
        for lane in range(LANES):
            arrival = np.uint16(ride[stop, lane] + walk)
            row[lane] = min(row[lane], arrival)
        since += 1
        if since == AGAIN:
            high, since = _latest(row), 0


@kernel
def travel_secs(
    lanes: tuple[np.ndarray, np.ndarray, np.ndarray, int],
    walked: tuple[np.ndarray, np.ndarray, int],
    walks: tuple[Rows, np.ndarray],
    secs: np.ndarray,
) -> None:
    """Travel times of all lanes to all targets.

    Parameters
    ----------
    lanes
        Origin, moment and place of each lane (see `analysis.timetable.samples.Batch`), and the
        longest travel time.
    walked
        Of `analysis.timetable.sweep.sweeps.settle`, and `earliest`.
    walks
        By target the stops and walks from there, and walks all the way: origins x targets, uint16.
    secs
        uint16, targets x places; `NEVER` where not reached within the limit.
    """
    origins, moments, places, limit = lanes
    egress, direct = walks
    row, too_late = np.empty(LANES, np.uint16), np.empty(LANES, np.uint16)
    for lane in range(LANES):
        too_late[lane] = moments[lane] + limit + 1 if origins[lane] >= 0 else 0
    for target in range(secs.shape[0]):
        for lane in range(LANES):
            row[lane] = too_late[lane]
            if origins[lane] >= 0 and direct[origins[lane], target] <= limit:
                row[lane] = moments[lane] + direct[origins[lane], target]
        _alight(row, walked, egress, target)
        for lane in range(LANES):
            if places[lane] >= 0:
                late = row[lane] >= too_late[lane]
                secs[target, places[lane]] = NEVER if late else row[lane] - moments[lane]
