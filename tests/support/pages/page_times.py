"""Times between a place and four zones that are known by heart, in every state of a page."""

from __future__ import annotations

from dataclasses import replace

import numpy as np

from maps.tables.network_states import Breaks, Count, PageTimes, State
from maps.tables.packed_times import packed_times


def minutes_of(state: str, mode: str) -> np.ndarray:
    """Whole minutes from everywhere to everywhere: the place, then four zones in a row.

    A zone is 20 minutes (by car 10) from the next; the plan's line saves 12 a step by transit, and
    the tunnel 3 by car; there is no way into the last zone by transit today. Westwards takes one
    minute more, so that rows are not columns.
    """
    step = {"transit": 20, "drive": 10}[mode]
    if mode == "transit" and state in ("plan", "year_2027", "project_L1"):
        step -= 12
    if mode == "drive" and state in ("plan", "year_2027", "project_T1"):
        step -= 3
    at = np.array([1, 0, 1, 2, 3])
    times = step * np.abs(at[:, None] - at) + (at[:, None] > at)
    if mode == "transit" and step == 20:
        times[:-1, -1] = 255
    np.fill_diagonal(times, 0)
    return times.astype(np.uint8)


STATES: dict[str, State] = {
    "today": State("today", "baseline", "现状", "Today", None, ()),
    "plan": State("plan", "scenario", "规划", "Plan", None, ("T1", "L1")),
    "year_2025": State("year_2025", "year", "2025 年底", "end of 2025", 2025, ()),
    "year_2027": State("year_2027", "year", "2027 年底", "end of 2027", 2027, ("T1", "L1")),
    "project_L1": State("project_L1", "project", "轨道1号线", "Line 1", None, ("L1",)),
    "project_T1": State("project_T1", "project", "一号隧道", "Tunnel 1", None, ("T1",)),
}
COUNTS = (Count("population", "人口", "people"), Count("schools", "学校", "schools"))


def small_times(evil: str = "") -> PageTimes:
    """Times of all `STATES` by both modes."""
    tables, states = [], []
    for state in STATES.values():
        numbers = {}
        for mode in ("transit", "drive"):
            first = [(STATES_FIRST[mode], minutes_of("today", mode))] if states else []
            tables.append(packed_times(minutes_of(state.state_id, mode), first))
            numbers[mode] = len(tables) - 1
        names = {"zh": state.zh + evil, "en": state.en + evil}
        states.append(replace(state, times=numbers, **names))
    breaks = [
        Breaks(mode, count.column, minutes, (10.0, 100.0), (10.0, 1000.0))
        for mode in ("transit", "drive")
        for count in COUNTS
        for minutes in (15, 30, 45)
    ]
    counts = tuple(replace(count, zh=count.zh + evil) for count in COUNTS)
    return PageTimes(tuple(states), "plan", tuple(tables), counts, (15, 30, 45), tuple(breaks))


STATES_FIRST = {"transit": 0, "drive": 1}
"""Numbers of the baseline's tables."""
