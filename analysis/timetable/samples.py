"""Travellers of a window: the moments and phases that each origin is asked for."""

from __future__ import annotations

from dataclasses import dataclass
from functools import cached_property
from typing import NamedTuple

import numpy as np

from analysis.timetable.departure_window import STEP_SECS
from analysis.timetable.service.lines import LONGEST_SCOPE_SECS
from analysis.timetable.service.phases import Phasing
from analysis.timetable.sweep.rows import WORDS, Fields, fields_for

LANES = 512
"""Departures of origins whose arrivals are kept at a time: so many fit the processor's caches."""


class Scope(NamedTuple):
    """Departures that meet the same vehicles: of a part of the window, and of a phase.

    Attributes
    ----------
    base
        The first moment of the part, which is short enough for one table of events.
    samples
        int64: the samples that lie in it; one after the other.
    phase
        The phase of the lines without a clock.
    """

    base: int
    samples: np.ndarray
    phase: int


class Departures(NamedTuple):
    """The departures of a scope, as a search takes them.

    Attributes
    ----------
    moments
        int32: seconds after the scope's base; ascending.
    fields
        How words are divided; all scopes alike.
    """

    moments: np.ndarray
    fields: Fields


@dataclass(frozen=True, eq=False)
class Samples:
    """Moments and phases at which every origin is asked, by phase, then by time.

    Attributes
    ----------
    times
        int64 seconds.
    phases
        int8: the phase of the lines without a clock; all 0 where there are none.
    limit_secs
        Longest travel time.
    """

    times: np.ndarray
    phases: np.ndarray
    limit_secs: int

    @property
    def count(self) -> int:
        """Number of samples of an origin."""
        return len(self.times)

    @cached_property
    def scopes(self) -> list[Scope]:
        """The window in parts, and these by phase; phases of the same part follow one another."""
        span = LONGEST_SCOPE_SECS - self.limit_secs
        start = int(self.times.min())
        part = (self.times - start) // span
        found = []
        for number in np.unique(part).tolist():
            base = int(self.times[part == number].min())
            for phase in np.unique(self.phases[part == number]).tolist():
                mine = np.flatnonzero((part == number) & (self.phases == phase))
                found.append(Scope(base, mine, phase))
        return found

    @cached_property
    def departures(self) -> list[Departures]:
        """The departures of each scope."""
        fields = fields_for(max(len(scope.samples) for scope in self.scopes))
        return [
            Departures((self.times[scope.samples] - scope.base).astype(np.int32), fields)
            for scope in self.scopes
        ]

    @property
    def group(self) -> int:
        """Number of origins that are searched together."""
        return self.departures[0].fields.in_word * WORDS

    @property
    def part(self) -> int:
        """Number of origins whose arrivals are looked up together: those of some words."""
        in_word = self.departures[0].fields.in_word
        departures = max(len(scope.samples) for scope in self.scopes)
        return in_word * min(max(LANES // (in_word * departures), 1), WORDS)


def samples(times: np.ndarray, *, limit_secs: int, phasing: Phasing | None) -> Samples:
    """The samples of some departures.

    Parameters
    ----------
    times
        int64 seconds, ascending; negative if time is reversed.
    limit_secs
        Longest travel time.
    phasing
        How lines without a clock are met; None without such lines: one sample a departure then.

    Examples
    --------
    >>> some = samples(np.arange(0, 480, 60), limit_secs=60, phasing=Phasing(4, shared=True))
    >>> some.times.tolist(), some.phases.tolist()
    ([0, 240, 60, 300, 120, 360, 180, 420], [0, 0, 1, 1, 2, 2, 3, 3])
    >>> samples(np.array([0]), limit_secs=60, phasing=Phasing(8, shared=False)).count
    8
    """
    if phasing is None:
        phases = np.zeros(len(times), dtype=np.int64)
    elif phasing.shared:
        minute = np.abs(times) // STEP_SECS % phasing.phases
        order = np.argsort(minute, kind="stable")
        times, phases = times[order], minute[order]
    else:
        every = np.arange(phasing.phases)
        times, phases = np.tile(times, phasing.phases), np.repeat(every, len(times))
    return Samples(np.asarray(times), phases.astype(np.int8), limit_secs)
