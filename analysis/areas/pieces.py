"""Straight pieces of what is travelled along, and how long it takes from them to places off them.

From a piece one goes on straight, at w seconds a metre and R metres at most. Along a piece the time
rises by `slope` seconds a metre. Off its end it is left in the direction whose sine is
slope / w, as by Snell's law: leaving earlier or later would take longer. So the least of
max(T(p) + w |x - p| - c, w (|x - p| - R)) over the points p of a piece has a closed form; it is
left at the place nearest to x as long as time does not matter, that is T(p) <= c - w R.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numba import njit

from analysis.areas.bins import Bins, bins_over
from analysis.areas.lines import StreetLines
from analysis.areas.rays import Rays

X, Y, EAST, NORTH, LENGTH, SECS, SLOPE, PER_SLOPE, LEAD = range(9)
"""Rows of a table of pieces: start, direction, metres, the time at the start, seconds a metre and
their inverse, and how many metres earlier it is left for each metre that a place lies beside."""
ROWS = 9
STEEP = 1e12
"""Stands for infinite, where zero times it shall be zero."""
BESIDE_M = 1e-6
"""Places on the line of a piece count as so far beside it, so that `STEEP` works there."""
BIN_SHARE = 0.75
"""Width of bins, and the longest piece, as a share of R: what was quickest."""


@dataclass(frozen=True)
class OffRoad:
    """How one goes on from the streets.

    Attributes
    ----------
    secs_per_m
        Detour included.
    most_m
        The farthest one goes.
    """

    secs_per_m: float
    most_m: float


@dataclass(frozen=True)
class Pieces:
    """Straight pieces in the order of the bins that their middles lie in.

    Attributes
    ----------
    table
        float64, `ROWS` x pieces.
    bins
        No piece is longer than they are wide.
    first
        int64, bins + 1: the first piece of each bin.
    earliest
        The least time in each bin, seconds.
    off_road
        What `LEAD` was reckoned with.
    """

    table: np.ndarray
    bins: Bins
    first: np.ndarray
    earliest: np.ndarray
    off_road: OffRoad


@njit(cache=True, nogil=True)
def _straight(table: np.ndarray, n: int, line: tuple, secs: float, slope: float, w: float) -> int:
    """Append a straight line, cut into pieces; how many there are now."""
    x, y, east, north, metres, longest = line
    lead = STEEP if slope >= w else min(slope / np.sqrt(w * w - slope * slope), STEEP)
    at = 0.0
    while at < metres:
        table[n, X], table[n, Y] = x + east * at, y + north * at
        table[n, EAST], table[n, NORTH], table[n, LENGTH] = east, north, min(longest, metres - at)
        table[n, SECS], table[n, SLOPE] = secs + slope * at, slope
        table[n, PER_SLOPE], table[n, LEAD] = min(1 / max(slope, 1 / STEEP), STEEP), lead
        n += 1
        at += longest
    return n


@njit(cache=True, nogil=True)
def _cut(ray: tuple, shape: tuple, metres: float, limits: tuple, table: np.ndarray, n: int) -> int:
    """Append one ray of a street; `shape` are its places."""
    start, end, secs, cost = ray
    x, y, along = shape
    longest, w = limits
    for step in range(x.size - 1):
        # backwards the street's steps are taken from their far ends
        a, b = (step, step + 1) if start < end else (step + 1, step)
        low, high = along[a], along[b]
        if start < end:
            p, q = max(low, start), min(high, end)
        else:
            p, q = min(low, start), max(high, end)
        if (q - p) * (end - start) <= 0 or low == high:
            continue
        east, north = x[b] - x[a], y[b] - y[a]
        length, share = np.hypot(east, north), (p - low) / (high - low)
        if length == 0:
            continue
        line = (
            x[a] + share * east,
            y[a] + share * north,
            east / length,
            north / length,
            length * (q - p) / (high - low),
            longest,
        )
        n = _straight(table, n, line, secs + cost * abs(p - start), cost / metres, w)
    return n


@njit(cache=True, nogil=True)
def _most(rays: tuple, first: np.ndarray, length_m: np.ndarray, longest: float) -> int:
    """No fewer than the pieces that rays are cut into."""
    streets, start, end = rays[:3]
    most = 0
    for ray in range(streets.size):
        street = streets[ray]
        most += first[street + 1] - first[street]
        most += int(length_m[street] * abs(end[ray] - start[ray]) / longest) + 1
    return most


@njit(cache=True, nogil=True)
def _pieces(
    rays: tuple, lines: tuple, can_stop: np.ndarray, spots: tuple, limits: tuple
) -> np.ndarray:
    """All rays that one can leave, cut, and the spots; pieces x `ROWS`."""
    streets, start, end, secs, cost = rays
    first, x, y, along, length_m = lines
    most = _most(rays, first, length_m, limits[0]) + spots[0].size
    table = np.empty((most, ROWS))
    n = 0
    for ray in range(streets.size):
        street = streets[ray]
        if can_stop[street] and length_m[street] > 0:
            here = slice(first[street], first[street + 1])
            one = (start[ray], end[ray], secs[ray], cost[ray])
            shape = (x[here], y[here], along[here])
            n = _cut(one, shape, length_m[street], limits, table, n)
    for spot in range(spots[0].size):
        table[n] = 0.0
        table[n, EAST] = 1.0
        table[n, X], table[n, Y], table[n, SECS] = spots[0][spot], spots[1][spot], spots[2][spot]
        n += 1
    return table[:n]


@njit(cache=True, nogil=True)
def _sorted(table: np.ndarray, bins: Bins) -> tuple:
    """The table by rows, in the order of bins, and where each bin begins."""
    count = bins.columns * bins.rows
    bin_of, first = np.empty(table.shape[0], np.int64), np.zeros(count + 1, np.int64)
    earliest = np.full(count, np.inf)
    for n in range(table.shape[0]):
        half = table[n, LENGTH] / 2
        column = int((table[n, X] + half * table[n, EAST] - bins.x) / bins.width)
        row = int((table[n, Y] + half * table[n, NORTH] - bins.y) / bins.width)
        own = min(row, bins.rows - 1) * bins.columns + min(column, bins.columns - 1)
        bin_of[n] = own
        first[own + 1] += 1
        earliest[own] = min(earliest[own], table[n, SECS])
    for own in range(count):
        first[own + 1] += first[own]
    place, by_row = first.copy(), np.empty((ROWS, table.shape[0]))
    for n in range(table.shape[0]):
        at = place[bin_of[n]]
        place[bin_of[n]] += 1
        for row in range(ROWS):
            by_row[row, at] = table[n, row]
    return by_row, first, earliest


def _ends(lines: StreetLines, times: np.ndarray) -> tuple[np.ndarray, np.ndarray, np.ndarray]:
    """Where one comes out of streets that one leaves at their ends only, with the times."""
    closed = np.flatnonzero(lines.can_end & ~lines.can_stop)
    place = np.concatenate([lines.first[closed], lines.first[closed + 1] - 1])
    secs = times[np.concatenate([lines.tail[closed], lines.head[closed]])]
    reached = np.isfinite(secs)
    return lines.x[place[reached]], lines.y[place[reached]], secs[reached]


def pieces(
    lines: StreetLines,
    ways: Rays,
    *,
    times: np.ndarray,
    spots: tuple[np.ndarray, np.ndarray, np.ndarray],
    off_road: OffRoad,
    cell_m: float,
) -> Pieces:
    """All places where one can leave the network, with their times, as straight pieces.

    Parameters
    ----------
    lines
        The streets: those one can leave midway count whole, tunnels and bridges with their ends,
        motorways not.
    ways, times
        What is reached of them, and when their ends are.
    spots
        Places off the streets: x, y and seconds; not empty.
    off_road
        How one goes on.
    cell_m
        How finely it will be looked at.
    """
    longest = max(BIN_SHARE * off_road.most_m, 2 * cell_m)
    outlets = _ends(lines, times)
    places = tuple(np.concatenate(part) for part in zip(spots, outlets, strict=True))
    table = _pieces(
        (ways.street, ways.start, ways.end, ways.secs, ways.cost),
        (lines.first, lines.x, lines.y, lines.along, lines.length_m),
        lines.can_stop,
        places,
        (longest, off_road.secs_per_m),
    )
    half = table[:, LENGTH] / 2
    x, y = table[:, X] + half * table[:, EAST], table[:, Y] + half * table[:, NORTH]
    bins = bins_over(x, y, longest)
    by_row, first, earliest = _sorted(table, bins)
    return Pieces(by_row, bins, first, earliest, off_road)
