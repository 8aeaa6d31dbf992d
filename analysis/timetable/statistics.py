"""What a travel time is over the departures of a window: percentiles, mean, best, share."""

from __future__ import annotations

import numpy as np

from analysis.kernels import inlined, kernel
from analysis.timetable.service.lines import NEVER

VECTOR = 32
"""Values of 16 bits that are compared at once."""
TOO_LATE = np.uint16(65_535)


@inlined
def _count_up_to(row: np.ndarray, limit: np.uint16) -> np.int64:
    """How many values are no greater; counted in 16 bits, as wide as the values."""
    count = np.uint16(0)
    for sample in range(row.size):
        count = np.uint16(count + np.uint16(row[sample] <= limit))
    return np.int64(count)


@inlined
def _ranked(row: np.ndarray, rank: int, low: np.int64, high: np.int64) -> np.int64:
    """The value of a rank (0 is the least), between two that enclose it, by halving."""
    while low < high:
        middle = (low + high) >> 1
        below = _count_up_to(row, np.uint16(middle))
        if below > rank:
            high = middle
        else:
            low = middle + 1
    return low


@inlined
def _next(row: np.ndarray, rank: int, value: np.int64) -> np.int64:
    """The value of the next rank, where `value` is that of a rank."""
    limit, above = np.uint16(value), np.uint16(NEVER)
    if _count_up_to(row, limit) > rank + 1:
        return value
    for sample in range(row.size):
        above = min(above, row[sample] if row[sample] > limit else np.uint16(NEVER))
    return np.int64(above)


@kernel
def percentiles(secs: np.ndarray, places: np.ndarray, found: np.ndarray) -> None:
    """Percentiles of travel times; infinite where fewer departures arrive.

    Parameters
    ----------
    secs
        uint16, destinations x origins x samples; `NEVER` where not reached.
    places
        float64, ascending: see `places_of`.
    found
        float64, percentiles x destinations x origins: the result.
    """
    samples = secs.shape[2]
    if samples == 1:
        found[:] = np.where(secs[:, :, 0] == NEVER, np.inf, secs[:, :, 0].astype(np.float64))
        return
    # values that no count includes fill the last vector
    row = np.full(-(-samples // VECTOR) * VECTOR, TOO_LATE)
    for target in range(secs.shape[0]):
        for origin in range(secs.shape[1]):
            least, most = np.uint16(NEVER), np.uint16(0)
            for sample in range(samples):
                row[sample] = secs[target, origin, sample]
                least, most = min(least, row[sample]), max(most, row[sample])
            low, high = np.int64(least), np.int64(most)
            for number in range(places.size):
                rank = int(places[number])
                share = places[number] - rank
                low = _ranked(row, rank, low, high)
                value = float(low)
                if low == NEVER:
                    value = np.inf
                elif share > 0:
                    above = _next(row, rank, low)
                    value = np.inf if above == NEVER else low + share * (above - low)
                found[number, target, origin] = value


def places_of(wanted: np.ndarray, samples: int) -> np.ndarray:
    """Where percentiles lie among the ordered times of samples, from 0.

    Sample k of n stands for the share from k / n to (k + 1) / n and lies in its middle; between
    two samples lies what is between (Hazen's rule; Hyndman and Fan 1996, definition 5). So waits
    for a vehicle every ten minutes, asked each minute at its middle, have exactly the percentiles
    of a uniform wait.

    Examples
    --------
    >>> places_of(np.array([0.0, 50.0, 95.0]), 10).tolist()
    [0.0, 4.5, 9.0]
    """
    middles = np.asarray(wanted, dtype=float) / 100 * samples - 0.5
    return np.clip(middles, 0, samples - 1)


@kernel
def summaries(secs: np.ndarray, found: np.ndarray) -> None:
    """Best and mean time of the departures that arrive, and their share.

    Parameters
    ----------
    secs
        As for `percentiles`.
    found
        float64, 3 x destinations x origins: the result; the times are infinite if none arrives.
    """
    samples = secs.shape[2]
    for target in range(secs.shape[0]):
        for origin in range(secs.shape[1]):
            total, count, best = 0, 0, NEVER
            for sample in range(samples):
                value = secs[target, origin, sample]
                if value != NEVER:
                    total, count, best = total + value, count + 1, min(best, value)
            found[0, target, origin] = float(best) if count else np.inf
            found[1, target, origin] = total / count if count else np.inf
            found[2, target, origin] = count / samples


@kernel
def leave_late(secs: np.ndarray, times: np.ndarray) -> None:
    """Let travellers who know the timetable leave as late as they can without arriving later.

    The time of a sample becomes that of the last one of the same phase that arrives at the same
    moment: waiting at home is no travel. Changes `secs`.

    Parameters
    ----------
    secs
        As for `percentiles`.
    times
        int64, a sample: its moment; ascending within a phase.
    """
    for target in range(secs.shape[0]):
        for origin in range(secs.shape[1]):
            row = secs[target, origin]
            following = row[times.size - 1]
            for sample in range(times.size - 2, -1, -1):
                own, later = row[sample], times[sample + 1] - times[sample]
                if later > 0 and following != NEVER and own == following + later:
                    row[sample] = row[sample + 1]
                following = own
