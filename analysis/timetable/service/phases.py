"""Lines with a headway and no clock, as vehicles in a few phases.

The time at which vehicles of such a line come is uniform within its headway. The line stands as
several sets of vehicles, each with its own shift; a traveller meets one of them, and the
distribution over travellers has the waits of all. The shifts are a Latin hypercube: each line has
one in every eighth (or quarter) of its headway, in an order of its own that depends on its id only.
So lines meet one another in many ways, and adding a line changes no other.
"""

from __future__ import annotations

import hashlib
from collections.abc import Iterator, Mapping, Sequence
from typing import NamedTuple

import numpy as np

from analysis.timetable.departure_window import STEP_SECS
from analysis.timetable.service.courses import Course

ANY_PHASE = -1
"""Stands for all phases: trips with a clock run in each."""
FEW = 16
"""With fewer departures than this each one is asked in every phase."""


class Phasing(NamedTuple):
    """How lines without a clock are met.

    Attributes
    ----------
    phases
        How many there are.
    shared
        Whether each departure meets one of the phases, that of its minute of the clock; else each
        meets all.
    """

    phases: int
    shared: bool


def phasing_for(departures: int, *, planned: bool) -> Phasing:
    """Eight phases for few departures, four for many: then each departure meets one of them.

    Who knows the timetable compares their departure with the next in the same phase, so all have
    to be there.

    Examples
    --------
    >>> phasing_for(1, planned=False), phasing_for(60, planned=False)
    (Phasing(phases=8, shared=False), Phasing(phases=4, shared=True))
    """
    if departures < FEW:
        return Phasing(8, shared=False)
    return Phasing(4, shared=not planned)


def phase_shifts(key: str, headway_secs: float, phasing: Phasing) -> np.ndarray:
    """The shifts of a line, seconds: one in every part of its headway, ordered by its id.

    Where phases are shared by the minutes of the clock, minute t meets phase j = t mod n. The
    shift of a phase is then moved, by half of n minutes at most, onto minutes of the form
    j + p(j) + n k with p a permutation: so the waits of all the minutes of a window fill a whole
    number of headways evenly, one wait in every minute of it, as if the vehicles had one phase.
    Below the minute, whose middle departures are, each phase has a part of its own.

    Examples
    --------
    >>> np.sort(phase_shifts("7", 600, Phasing(8, shared=False))).tolist()
    [37.5, 112.5, 187.5, 262.5, 337.5, 412.5, 487.5, 562.5]
    >>> minutes = np.arange(60)
    >>> shifts = phase_shifts("7", 600, Phasing(4, shared=True))
    >>> waits = (shifts[minutes % 4] - 60 * minutes - 30) % 600
    >>> np.unique((waits // 60).astype(int), return_counts=True)[1].tolist()
    [6, 6, 6, 6, 6, 6, 6, 6, 6, 6]
    """
    seed = int.from_bytes(hashlib.blake2b(key.encode(), digest_size=8).digest(), "big")
    rng, count = np.random.default_rng(seed), phasing.phases
    shifts = (rng.permutation(count) + 0.5) / count * headway_secs
    if phasing.shared:
        minute = np.arange(count) + rng.permutation(count)
        part = (rng.permutation(count) + 0.5) / count
        near = (minute + 0.5 + part) * STEP_SECS
        turn = count * STEP_SECS
        shifts = near + turn * np.rint((shifts - near) / turn)
    return np.asarray(shifts % headway_secs)


def _continues(one: Course, other: Course) -> bool:
    """Whether vehicles of a course go on as another: through routes, and loops as themselves."""
    if one.span or other.span or one.stops[-1] != other.stops[0]:
        return False
    return other.route in one.through and (one is other or one.route != other.route)


def _shifts(found: Sequence[Course], phasing: Phasing) -> np.ndarray:
    """Seconds by which each course's vehicles are shifted in each phase: courses x phases.

    Where vehicles continue as another line, that one leaves when they arrive.
    """
    shifts = np.zeros((len(found), phasing.phases))
    for place, course in enumerate(found):
        shifts[place] = phase_shifts(course.key, course.headway_secs, phasing)
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
    found: Sequence[Course], within: tuple[float, float], phasing: Phasing
) -> dict[tuple[int, int], np.ndarray]:
    """When vehicles leave the first stop of each course in each phase.

    Parameters
    ----------
    found
        The courses.
    within
        Seconds: all vehicles on the way between these moments.
    phasing
        How the lines are met.

    Returns
    -------
    dict of ndarray
        int64 seconds, by position of the course and phase.
    """
    shifts = _shifts(found, phasing)
    return {
        (place, phase): _leaves(course, float(shifts[place, phase]), within)
        for place, course in enumerate(found)
        if len(course.stops) > 1
        for phase in range(phasing.phases)
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
    phases = sorted({phase for _, phase in leaving})
    for one, course in ends:
        for other, following in ends:
            if not _continues(course, following):
                continue
            for phase in phases:
                arrivals = leaving[one, phase] + course.arrive[-1]
                leaves = leaving[other, phase]
                before = np.searchsorted(arrivals, leaves, side="right") - 1
                is_new = np.diff(before, prepend=-1) > 0
                vehicle = np.arange(len(leaves))
                yield one, other, phase, np.column_stack([before, vehicle])[is_new & (before >= 0)]
