"""Times between time points: blank ones, and those of several stops in one minute."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, replace

import numpy as np

from layers.gtfs.visits import Visits

MINUTE = 60.0

Places = Mapping[str, tuple[float, float]]
"""Projected coordinates of the stops with a position."""


def _cumulative(steps: np.ndarray, visits: Visits) -> np.ndarray:
    """Sums of steps from the first call of each trip; the step into a first call is nothing."""
    steps = steps.copy()
    steps[visits.first] = 0.0
    total = np.cumsum(steps)
    return total - np.repeat(total[visits.first], visits.counts)


def _has(by_call: np.ndarray, visits: Visits) -> np.ndarray:
    """By call, whether every call of its trip fulfils a condition."""
    good = np.logical_and.reduceat(by_call, visits.first)
    return np.repeat(good, visits.counts)


def hop_metres(visits: Visits, places: Places) -> np.ndarray:
    """The straight distance into each call, metres; nan where a stop has no position.

    It is 0 for the first call of a trip.
    """
    xy = np.array([places.get(stop, (np.nan, np.nan)) for stop in visits.stop_ids])
    at = xy.reshape(-1, 2)[visits.stop]
    metres = np.hypot(*np.diff(at, axis=0, prepend=at[:1]).T)
    metres[visits.first] = 0.0
    return metres


def distances(visits: Visits, metres: np.ndarray) -> np.ndarray:
    """How far each call is along its trip: as tagged, else straight, else by number of calls.

    Tagged distances count if they rise from call to call; straight ones if all stops of the trip
    have a position. The units differ from trip to trip.
    """
    tagged = visits.distance
    is_first = np.zeros(len(tagged), dtype=bool)
    is_first[visits.first] = True
    with np.errstate(invalid="ignore"):
        rises = is_first | (np.diff(tagged, prepend=np.nan) > 0)
    is_tagged = _has(rises & ~np.isnan(tagged), visits)
    is_straight = _has(~np.isnan(metres), visits)
    straight = _cumulative(np.where(np.isnan(metres), 0.0, metres), visits)
    evenly = np.arange(len(tagged)) - np.repeat(visits.first, visits.counts)
    return np.where(is_tagged, tagged, np.where(is_straight, straight, evenly))


@dataclass(frozen=True)
class _Points:
    """The calls with a time; the time points among which others are interpolated."""

    at: np.ndarray
    trip: np.ndarray


def _whole_minute_trips(visits: Visits, known: np.ndarray) -> np.ndarray:
    """By call, whether all times of its trip are whole minutes."""
    whole = ~known | ((visits.arrive % MINUTE == 0) & (visits.depart % MINUTE == 0))
    return _has(whole, visits)


def _without_repeats(visits: Visits) -> Visits:
    """Blank times where a trip of whole minutes gives several calls the same minute.

    The first call of a minute keeps its time; in the last minute of a trip the last call does, and
    the first is put as early in the minute before as it has calls. Such times are cut or rounded,
    so a vehicle would jump from stop to stop and then stand.
    """
    known = ~np.isnan(visits.arrive)
    at = np.flatnonzero(known & _whole_minute_trips(visits, known))
    trip = visits.trip[at]
    clock = visits.arrive[at]
    moves = visits.depart[at] != clock
    same = np.append(
        [False], (np.diff(trip) == 0) & (np.diff(clock) == 0) & ~moves[1:] & ~moves[:-1]
    )
    if not same.any():
        return visits
    group = np.cumsum(~same) - 1
    begins = np.flatnonzero(~same)
    ends = np.append(begins[1:], len(at)) - 1
    is_last = np.append(trip[begins[1:]] != trip[begins[:-1]], [True])
    is_first = np.append([True], trip[begins[1:]] != trip[begins[:-1]])
    size = ends - begins + 1
    arrive, depart = visits.arrive.copy(), visits.depart.copy()
    keeps_last = is_last & ~is_first & (size > 1)
    arrive[at[same]] = depart[at[same]] = np.nan
    # the whole trip in one minute: it ends within that minute
    whole = is_last & is_first & (size > 1)
    early = clock[begins] - MINUTE * (size - 1) / size * keeps_last
    late = clock[begins] + MINUTE * (size - 1) / size * whole
    arrive[at[begins]], depart[at[begins]] = (
        early,
        np.where(moves[begins], depart[at[begins]], early),
    )
    stays = keeps_last | whole
    arrive[at[ends[stays]]] = depart[at[ends[stays]]] = late[stays]
    del group
    return replace(visits, arrive=arrive, depart=depart)


def with_all_times(visits: Visits, metres: np.ndarray) -> Visits:
    """Calls with whole seconds everywhere, interpolated by distance between time points.

    Parameters
    ----------
    visits
        Valid trips: their first and last call have times.
    metres
        See `hop_metres`.

    Returns
    -------
    Visits
        Blank times lie between the departure before and the arrival after, by `distances`, or
        evenly where these do not rise. In trips of whole minutes, calls of one minute are spread
        likewise; see the guide of data formats.
    """
    if not len(visits.stop):
        return visits
    spread = _without_repeats(visits)
    arrive, depart = spread.arrive.copy(), spread.depart.copy()
    blank = np.isnan(arrive)
    if blank.any():
        number = np.arange(len(blank))
        before = np.maximum.accumulate(np.where(blank, 0, number))
        after = np.minimum.accumulate(np.where(blank, len(blank), number)[::-1])[::-1]
        at, a, b = number[blank], before[blank], after[blank]
        far = distances(visits, metres)
        length, way = far[b] - far[a], far[at] - far[a]
        share = np.where(length > 0, way / np.where(length > 0, length, 1.0), (at - a) / (b - a))
        arrive[at] = depart[at] = depart[a] + share * (arrive[b] - depart[a])
    return replace(spread, arrive=np.rint(arrive), depart=np.rint(depart))
