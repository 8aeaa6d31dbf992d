"""Travellers of a window: the moments and phases that each origin is asked for."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from functools import cached_property
from typing import NamedTuple

import numpy as np

from analysis.timetable.service.lines import LONGEST_SCOPE_SECS
from analysis.timetable.service.phases import PHASES
from analysis.timetable.sweep.rows import LANES, WORDS

FEW = 2 * PHASES
"""With fewer departures than this each one is asked in every phase."""


class Scope(NamedTuple):
    """A part of the window, short enough for one table of events.

    Attributes
    ----------
    base
        Its first moment.
    samples
        int64: the samples that lie in it.
    """

    base: int
    samples: np.ndarray


class Batch(NamedTuple):
    """The lanes of one search.

    Attributes
    ----------
    scope
        Number of the scope.
    origin
        int32, a lane: number of the origin in its group; -1 for an empty lane.
    moment
        int32, a lane: seconds after the scope's base.
    place
        int64, a lane: where its times belong, group by origin, then by sample; -1 if empty.
    """

    scope: int
    origin: np.ndarray
    moment: np.ndarray
    place: np.ndarray


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
    has_phases
        Whether there are such lines.
    """

    times: np.ndarray
    phases: np.ndarray
    limit_secs: int
    has_phases: bool

    @property
    def count(self) -> int:
        """Number of samples of an origin."""
        return len(self.times)

    @cached_property
    def scopes(self) -> list[Scope]:
        """The window in parts."""
        span = LONGEST_SCOPE_SECS - self.limit_secs
        start = int(self.times.min())
        part = (self.times - start) // span
        return [
            Scope(int(self.times[part == number].min()), np.flatnonzero(part == number))
            for number in np.unique(part).tolist()
        ]

    @cached_property
    def group(self) -> int:
        """Number of origins that are searched together."""
        most = 1
        for scope in self.scopes:
            if self.has_phases:
                most = max(most, WORDS * int(np.bincount(self.phases[scope.samples]).max()))
            else:
                most = max(most, len(scope.samples))
        return max(LANES // most, 1)

    @cached_property
    def batches(self) -> list[Batch]:
        """The searches that a group of origins needs."""
        return [batch for number in range(len(self.scopes)) for batch in self._of_scope(number)]

    def _of_scope(self, number: int) -> Iterator[Batch]:
        scope = self.scopes[number]
        lanes, room = (WORDS, LANES // WORDS) if self.has_phases else (1, LANES)
        words = []
        for phase in range(lanes):
            mine = scope.samples[self.phases[scope.samples] == phase]
            origin, sample = (grid.ravel() for grid in np.meshgrid(
                np.arange(self.group), mine, indexing="ij"
            ))  # fmt: skip
            words.append((origin, sample))
        searches = max(-(-len(origin) // room) for origin, _ in words)
        for search in range(searches):
            yield self._batch(number, [(o[search * room :][:room], s[search * room :][:room])
                                       for o, s in words], room)  # fmt: skip

    def _batch(self, scope: int, words: list[tuple[np.ndarray, np.ndarray]], room: int) -> Batch:
        origins, places = np.full(LANES, -1, np.int32), np.full(LANES, -1, np.int64)
        moments = np.zeros(LANES, np.int32)
        for word, (origin, sample) in enumerate(words):
            lanes = slice(word * room, word * room + len(origin))
            origins[lanes] = origin
            moments[lanes] = self.times[sample] - self.scopes[scope].base
            places[lanes] = origin * self.count + sample
        return Batch(scope, origins, moments, places)


def samples(times: np.ndarray, *, limit_secs: int, has_phases: bool) -> Samples:
    """The samples of some departures.

    Without lines that have a headway and no clock there is one a departure. With them the
    departures are shared out: the first eighth of the window meets such lines in their first
    phase, and so on; so each phase meets many departures and the other way round. Few departures
    meet every phase.

    Examples
    --------
    >>> some = samples(np.arange(32), limit_secs=60, has_phases=True)
    >>> some.count, some.phases[[0, 3, 4, 31]].tolist()
    (32, [0, 0, 1, 7])
    >>> samples(np.array([0]), limit_secs=60, has_phases=True).count
    8
    """
    if not has_phases:
        phases = np.zeros(len(times), dtype=np.int64)
    elif len(times) < FEW:
        times, phases = np.tile(times, PHASES), np.repeat(np.arange(PHASES), len(times))
    else:
        phases = np.arange(len(times)) * PHASES // len(times)
    return Samples(np.asarray(times), phases.astype(np.int8), limit_secs, has_phases)
