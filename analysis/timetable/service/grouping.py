"""Trips grouped to lines: of two trips of a line the earlier one is as good everywhere.

So a search need not know who is on a later trip of a line once they are on an earlier one. Neither
may a trip overtake another, nor lead on (to a trip on which one stays on board) where an earlier
one does not.
"""

from __future__ import annotations

import numpy as np

from analysis.timetable.service.vehicles import Vehicles

Course = tuple[bytes, ...]
"""The same for trips with the same stops, bans, route, phase and ways into the vehicle."""


class _Trips:
    """Trips that can be compared."""

    def __init__(self, vehicles: Vehicles) -> None:
        trips = vehicles.trips
        self._calls, self._first = vehicles.calls, vehicles.first
        self._same = np.column_stack([trips.route, trips.phase, trips.board_secs, trips.leave_secs])
        self._onward: dict[int, list[int]] = {}
        for one, other in vehicles.stays.tolist():
            self._onward.setdefault(one, []).append(other)
        self._courses: dict[int, Course] = {}
        self._answers: dict[tuple[int, int], bool] = {}

    def part(self, trip: int) -> slice:
        """The calls of a trip."""
        return slice(self._first[trip], self._first[trip + 1])

    def course(self, trip: int) -> Course:
        """The course of a trip."""
        if trip not in self._courses:
            calls, part = self._calls, self.part(trip)
            tables = (calls.stop[part], calls.pickup[part], calls.drop_off[part])
            course = (self._same[trip].tobytes(), *(table.tobytes() for table in tables))
            self._courses[trip] = course
        return self._courses[trip]

    def ends(self, trip: int) -> tuple[int, int]:
        """When a trip departs first, and arrives last."""
        part = self.part(trip)
        return int(self._calls.depart[part][0]), int(self._calls.arrive[part][-1])

    def _overtakes(self, trip: int, earlier: int) -> bool:
        """Whether a trip is anywhere before an earlier one of its course."""
        here, there = self.part(trip), self.part(earlier)
        times = (self._calls.depart, self._calls.arrive)
        return any(bool((time[here] < time[there]).any()) for time in times)

    def adds_nothing(self, trip: int, earlier: int) -> bool:
        """Whether whoever is on an earlier trip of the same course needs this one nowhere.

        The trips that follow are looked at in turn: blocks are long, so answers are kept.
        """
        asked, at = [(trip, earlier)], 0
        answer = True
        while answer and at < len(asked):
            known = self._answers.get(asked[at])
            further = self._further(*asked[at]) if known is None else [] if known else None
            answer = further is not None
            asked += further or []
            at += 1
        self._answers.update(dict.fromkeys(asked[:at], answer))
        return answer

    def _further(self, trip: int, earlier: int) -> list[tuple[int, int]] | None:
        """Pairs of trips that follow two trips; None if the later one adds something."""
        if self._overtakes(trip, earlier):
            return None
        firsts = {self.course(onward): onward for onward in self._onward.get(earlier, ())}
        onwards = self._onward.get(trip, ())
        if any(self.course(onward) not in firsts for onward in onwards):
            return None
        pairs = [(onward, firsts[self.course(onward)]) for onward in onwards]
        return [pair for pair in pairs if pair[0] != pair[1]]


def trips_in_lines(vehicles: Vehicles, numbers: np.ndarray) -> list[list[int]]:
    """Trips by line, in order of time.

    Parameters
    ----------
    vehicles
        All trips.
    numbers
        Those that are used; with two calls at least.
    """
    trips = _Trips(vehicles)
    courses: dict[Course, list[int]] = {}
    for number in numbers.tolist():
        courses.setdefault(trips.course(number), []).append(number)
    return [
        line
        for course in courses.values()
        for line in _split(sorted(course, key=trips.ends), trips)
    ]


def _split(course: list[int], trips: _Trips) -> list[list[int]]:
    """Trips of one course as lines: each joins the first line to which it adds nothing."""
    lines: list[list[int]] = []
    for number in course:
        for line in lines:
            if trips.adds_nothing(number, line[-1]):
                line.append(number)
                break
        else:
            lines.append([number])
    return lines
