"""Times between time points: blank ones, and those of several stops in one minute."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace

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


def positions(visits: Visits, places: Places) -> np.ndarray:
    """The coordinates of each call (n x 2); nan where a stop has no position."""
    xy = np.array([places.get(stop, (np.nan, np.nan)) for stop in visits.stop_ids])
    xy = np.where(np.isfinite(xy.reshape(-1, 2)), xy.reshape(-1, 2), np.nan)
    at: np.ndarray = xy[visits.stop]
    return at


def hop_metres(visits: Visits, at: np.ndarray) -> np.ndarray:
    """The straight distance into each call, metres; nan where a stop has no position.

    It is 0 for the first call of a trip. `at` is from `positions`.
    """
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
    straight = _cumulative(np.nan_to_num(metres), visits)
    evenly = np.arange(len(tagged)) - np.repeat(visits.first, visits.counts)
    return np.where(is_tagged, tagged, np.where(is_straight, straight, evenly))


def _is_whole(secs: np.ndarray) -> np.ndarray:
    """Whether times are whole minutes."""
    # rounding is much quicker than the remainder of numbers that may be nan
    return secs == np.rint(secs / MINUTE) * MINUTE


def whole_minute_trips(visits: Visits) -> np.ndarray:
    """By call, whether all times of its trip are whole minutes."""
    blank = np.isnan(visits.arrive)
    return _has(blank | (_is_whole(visits.arrive) & _is_whole(visits.depart)), visits)


def _repeats(visits: Visits, at: np.ndarray) -> np.ndarray:
    """Whether each of some calls has the time of the one before, and neither stands."""
    still = visits.depart[at] == visits.arrive[at]
    same = (np.diff(visits.trip[at]) == 0) & (np.diff(visits.arrive[at]) == 0)
    return np.append([False], same & still[1:] & still[:-1])


def _without_repeats(visits: Visits) -> Visits:
    """Blank times where a trip of whole minutes gives several calls the same minute.

    Such times are cut or rounded: a vehicle would jump from stop to stop and then stand. The first
    call of a minute keeps its time. In the last minute of a trip the last call does, and the first
    is put as far into the minute before as it has followers; a trip within one minute ends as far
    into it.
    """
    at = np.flatnonzero(~np.isnan(visits.arrive) & whole_minute_trips(visits))
    repeats = _repeats(visits, at)
    if not repeats.any():
        return visits
    begins = np.flatnonzero(~repeats)
    ends = np.append(begins[1:], len(at)) - 1
    trip = visits.trip[at[begins]]
    is_first, is_last = np.diff(trip, prepend=-1) != 0, np.diff(trip, append=-1) != 0
    several = ends > begins
    part = MINUTE * (ends - begins) / (ends - begins + 1)
    clock = visits.arrive[at[begins]]
    arrive, depart = visits.arrive.copy(), visits.depart.copy()
    arrive[at[repeats]] = depart[at[repeats]] = np.nan
    early = several & is_last & ~is_first
    arrive[at[begins[early]]] = depart[at[begins[early]]] = (clock - part)[early]
    arrive[at[ends[early]]] = depart[at[ends[early]]] = clock[early]
    whole = several & is_last & is_first
    arrive[at[ends[whole]]] = depart[at[ends[whole]]] = (clock + part)[whole]
    return replace(visits, arrive=arrive, depart=depart)


def with_all_times(visits: Visits, at: np.ndarray) -> Visits:
    """Calls with whole seconds everywhere, interpolated by distance between time points.

    Parameters
    ----------
    visits
        Valid trips: their first and last call have times.
    at
        See `positions`.

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
        call, a, b = number[blank], before[blank], after[blank]
        far = distances(visits, hop_metres(visits, at))
        length, way = far[b] - far[a], far[call] - far[a]
        share = np.where(length > 0, way / np.where(length > 0, length, 1.0), (call - a) / (b - a))
        arrive[call] = depart[call] = depart[a] + share * (arrive[b] - depart[a])
    return replace(spread, arrive=np.rint(arrive), depart=np.rint(depart))
