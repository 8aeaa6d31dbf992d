"""Lines with a headway and no clock, as vehicles in a few phases.

The time at which vehicles of such a line come is uniform within its headway. The line stands as
`PHASES` sets of vehicles, each with its own shift; a traveller meets one of them, and the
distribution over travellers has the waits of all. The shifts are a Latin hypercube: each line has
one in every eighth of its headway, in an order of its own that depends on its id only. So lines
meet one another in many ways, and adding a line changes no other.
"""

from __future__ import annotations

import hashlib
from collections.abc import Iterator, Mapping, Sequence

import numpy as np

from analysis.timetable.service.courses import Course

PHASES = 8
"""Shifts of a line."""
ANY_PHASE = -1
"""Stands for all phases: trips with a clock run in each."""


def phase_shares(key: str) -> np.ndarray:
    """The shifts of a line, as shares of its headway: one in every eighth, ordered by its id.

    Examples
    --------
    >>> np.sort(np.floor(phase_shares("7") * PHASES)).tolist()
    [0.0, 1.0, 2.0, 3.0, 4.0, 5.0, 6.0, 7.0]
    """
    seed = int.from_bytes(hashlib.blake2b(key.encode(), digest_size=8).digest(), "big")
    order = np.random.default_rng(seed).permutation(PHASES)
    return np.asarray((order + 0.5) / PHASES)


def _continues(one: Course, other: Course) -> bool:
    """Whether vehicles of a course go on as another: through routes, and loops as themselves."""
    if one.span or other.span or one.stops[-1] != other.stops[0]:
        return False
    return other.route in one.through and (one is other or one.route != other.route)


def _shifts(found: Sequence[Course]) -> np.ndarray:
    """Seconds by which each course's vehicles are shifted in each phase: courses x phases.

    Where vehicles continue as another line, that one leaves when they arrive.
    """
    shifts = np.zeros((len(found), PHASES))
    for place, course in enumerate(found):
        shifts[place] = phase_shares(course.key) * course.headway_secs
        for earlier, other in enumerate(found[:place]):
            if _continues(other, course):
                shifts[place] = shifts[earlier] + other.arrive[-1]
                break
            if _continues(course, other):
                shifts[place] = shifts[earlier] - course.arrive[-1]
                break
        shifts[place] %= course.headway_secs
    return shifts


def _leaves(course: Course, shift: float, within: tuple[float, float]) -> np.ndarray:
    """Seconds at which a course's vehicles leave its first stop."""
    low, high = within[0] - float(course.arrive[-1]), within[1]
    start = shift
    if course.span:
        start += course.span[0]
        low, high = max(low, course.span[0]), min(high, course.span[1] - 1)
    first, last = np.ceil((low - start) / course.headway_secs), (high - start) / course.headway_secs
    numbers = np.arange(first, np.floor(last) + 1)
    return np.asarray(np.rint(start + numbers * course.headway_secs).astype(np.int64))


def departures(
    found: Sequence[Course], within: tuple[float, float]
) -> dict[tuple[int, int], np.ndarray]:
    """When vehicles leave the first stop of each course in each phase.

    Parameters
    ----------
    found
        The courses.
    within
        Seconds: all vehicles on the way between these moments.

    Returns
    -------
    dict of ndarray
        int64 seconds, by position of the course and phase.
    """
    shifts = _shifts(found)
    return {
        (place, phase): _leaves(course, float(shifts[place, phase]), within)
        for place, course in enumerate(found)
        if len(course.stops) > 1
        for phase in range(PHASES)
    }


def through_pairs(
    found: Sequence[Course], leaving: Mapping[tuple[int, int], np.ndarray]
) -> Iterator[tuple[int, int, int, np.ndarray]]:
    """Vehicles that go on as others: each continues the last one that arrived before it leaves.

    Yields
    ------
    tuple
        Positions of two courses, the phase, and pairs of their vehicles (int64, n x 2).
    """
    ends = [(place, course) for place, course in enumerate(found) if len(course.stops) > 1]
    for one, course in ends:
        for other, following in ends:
            if not _continues(course, following):
                continue
            for phase in range(PHASES):
                arrivals = leaving[one, phase] + course.arrive[-1]
                leaves = leaving[other, phase]
                before = np.searchsorted(arrivals, leaves, side="right") - 1
                is_new = np.diff(before, prepend=-1) > 0
                vehicle = np.arange(len(leaves))
                yield one, other, phase, np.column_stack([before, vehicle])[is_new & (before >= 0)]
