"""Ways along streets from where travellers come onto them: a street's ends, or midway."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numba import njit

from analysis.areas.lines import StreetLines
from analysis.paths.graph import STEP_SECS


@dataclass(frozen=True)
class Entries:
    """Where travellers come onto streets midway, in the order of streets and fractions.

    Attributes
    ----------
    street, fraction, secs
        Position of the street; how far along it; at what time.
    """

    street: np.ndarray
    fraction: np.ndarray
    secs: np.ndarray


def entries(street: np.ndarray, fraction: np.ndarray, secs: np.ndarray) -> Entries:
    """Entries in their order; those never reached are left out."""
    order = np.lexsort((secs, fraction, street))
    order = order[np.isfinite(secs[order])]
    return Entries(street[order].astype(np.int64), fraction[order], secs[order])


@dataclass(frozen=True)
class Rays:
    """Parts of streets, each as it is travelled: no place belongs to two of them.

    They stand in the order of streets and, within a street, of fractions. The time at a place is
    `secs` plus `cost` times the fraction of the street between it and `start`.

    Attributes
    ----------
    street
        int64, position of the street.
    start, end
        Fractions of the street where a part is come to and where it ends; `end` is smaller if
        it is travelled backwards.
    secs
        The time at `start`.
    cost
        Seconds for the whole street that way.
    """

    street: np.ndarray
    start: np.ndarray
    end: np.ndarray
    secs: np.ndarray
    cost: np.ndarray


@njit(cache=True, nogil=True)
def _meeting(
    fore: tuple, cost: float, back: tuple, back_cost: float, low: float, high: float
) -> float:
    """Where travellers from the two sides meet; `fore` and `back` are times and fractions."""
    if not np.isfinite(fore[0]):
        return low
    if not np.isfinite(back[0]):
        return high
    if cost + back_cost <= 0:
        return high if fore[0] <= back[0] else low
    met = (back[0] - fore[0] + back_cost * back[1] + cost * fore[1]) / (cost + back_cost)
    return min(max(met, low), high)


@njit(cache=True, nogil=True)
def _better(source: tuple, cost: float, time: float, place: float) -> tuple:
    """The better of two sources (time, fraction) one way, compared at the later one's place."""
    if not np.isfinite(cost):
        return source
    if np.isfinite(source[0]) and source[0] + cost * abs(place - source[1]) <= time:
        return source
    return time, place


@njit(cache=True, nogil=True)
def _put(found: tuple, n: int, street: int, ends: tuple, secs: float, cost: float) -> int:
    """Append a ray; how many there are now."""
    found[0][n], found[1][n], found[2][n], found[3][n] = street, ends[0], ends[1], secs
    found[4][n] = cost
    return n + 1


@njit(cache=True, nogil=True)
def _along(street: int, ends: tuple, costs: tuple, midway: tuple, found: tuple, n: int) -> int:
    """Append the rays of one street; `midway` are fractions and times of its entries."""
    forward, backward = costs
    at, secs = midway
    low = 0.0
    fore = (ends[0] if np.isfinite(forward) else np.inf, 0.0)
    for part in range(at.size + 1):
        high = 1.0 if part == at.size else at[part]
        back = (ends[1] if np.isfinite(backward) else np.inf, 1.0)
        for later in range(at.size - 1, part - 1, -1):
            back = _better(back, backward, secs[later], at[later])
        met = _meeting(fore, forward, back, backward, low, high)
        if np.isfinite(fore[0]) and met > low:
            time = fore[0] + forward * (low - fore[1])
            n = _put(found, n, street, (low, met), time, forward)
        if np.isfinite(back[0]) and met < high:
            time = back[0] + backward * (back[1] - high)
            n = _put(found, n, street, (high, met), time, backward)
        if part < at.size:
            fore = _better(fore, forward, secs[part], at[part])
        low = high
    return n


@njit(cache=True, nogil=True)
def _all_rays(ends: tuple, costs: tuple, times: np.ndarray, midway: tuple) -> tuple:
    tail, head = ends
    streets, at, late = midway
    most = 2 * streets.size
    for street in range(tail.size):
        if np.isfinite(times[tail[street]]) or np.isfinite(times[head[street]]):
            most += 2
    start, end, secs, cost = (np.empty(most), np.empty(most), np.empty(most), np.empty(most))
    found = (np.empty(most, np.int64), start, end, secs, cost)
    n, entry = 0, 0
    for street in range(tail.size):
        after = entry
        while after < streets.size and streets[after] == street:
            after += 1
        own = (times[tail[street]], times[head[street]])
        if after > entry or np.isfinite(own[0]) or np.isfinite(own[1]):
            here = (at[entry:after], late[entry:after])
            n = _along(street, own, (costs[0][street], costs[1][street]), here, found, n)
        entry = after
    return found, n


def rays(lines: StreetLines, times: np.ndarray, midway: Entries) -> Rays:
    """The ways along the streets.

    Parameters
    ----------
    lines
        The streets.
    times
        Seconds at each vertex; infinite where not reached.
    midway
        Where travellers come onto streets but at their ends.
    """
    found, count = _all_rays(
        (lines.tail, lines.head),
        (lines.forward, lines.backward),
        times,
        (midway.street, midway.fraction, midway.secs),
    )
    return Rays(*(part[:count] for part in found))


@njit(cache=True, nogil=True)
def _parts(rays: tuple, limit: float, tolerance: float) -> tuple:
    """Parts travelled within a limit; those of a street that touch are made one."""
    streets, start, end, secs, cost = rays
    street, low, high = np.empty(secs.size, np.int64), np.empty(secs.size), np.empty(secs.size)
    n = 0
    for ray in range(secs.size):
        left = limit - secs[ray]
        if left <= 0:
            continue
        a, b = start[ray], end[ray]
        if cost[ray] * abs(b - a) > left + tolerance:
            b = a + left / cost[ray] if a < b else a - left / cost[ray]
        a, b = min(a, b), max(a, b)
        if n > 0 and street[n - 1] == streets[ray] and high[n - 1] == a:
            high[n - 1] = b
        elif b > a:
            street[n], low[n], high[n] = streets[ray], a, b
            n += 1
    return street[:n], low[:n], high[:n]


def parts_within(ways: Rays, limit: float) -> tuple[np.ndarray, np.ndarray, np.ndarray]:
    """The parts of streets that are reached within a limit.

    Returns
    -------
    street, from_fraction, to_fraction
        Those whose end is reached less than half of `STEP_SECS` late are reached to the end.
    """
    arrays = (ways.street, ways.start, ways.end, ways.secs, ways.cost)
    street, low, high = _parts(arrays, limit, STEP_SECS / 2)
    return street, low, high
