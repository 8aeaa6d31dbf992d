"""States of the network on the page, with their travel times."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field

from maps.tables.packed_times import PackedTimes
from maps.tables.packed_ways import PlaceWays


@dataclass(frozen=True)
class State:
    """A state of the network that a reader can choose.

    Attributes
    ----------
    state_id
        Short and unique.
    kind
        `baseline`, `year` (the part of the plan open by then), `scenario` or `project` (one
        project with the projects that it requires).
    zh, en
        Its name.
    year
        The last year of the state, for kind `year`.
    project_ids
        Projects that are open.
    times
        Index of its table in `PageTimes.tables`, by mode.
    """

    state_id: str
    kind: str
    zh: str
    en: str
    year: int | None
    project_ids: tuple[str, ...]
    times: Mapping[str, int] = field(default_factory=dict)


@dataclass(frozen=True)
class Count:
    """A kind of opportunities in the zones.

    Attributes
    ----------
    column
        Column of `PageTables.accessibility`.
    zh, en
        Its name.
    """

    column: str
    zh: str
    en: str


@dataclass(frozen=True)
class Breaks:
    """Class breaks of cumulative opportunities, of levels and of changes.

    Attributes
    ----------
    mode, column, minutes
        Mode, opportunities and cutoff.
    levels, changes
        Ascending; changes hold for gains and losses alike.
    """

    mode: str
    column: str
    minutes: int
    levels: tuple[float, ...]
    changes: tuple[float, ...]


@dataclass(frozen=True)
class PageTimes:
    """All travel times on the page.

    Attributes
    ----------
    states
        The baseline, then the scenario compared with it, then others; empty: the page has no form.
    scenario_id
        State that the page shows first.
    tables
        points x points, minutes rounded up (uint8, 255 where not reached); points are the places
        of the page, then its zones, in their orders.
    counts
        Kinds of opportunities.
    minutes
        Cutoffs, minutes.
    breaks
        Of every mode, count and cutoff.
    left_out
        Chinese and English names of states left out for lack of room.
    ways
        By which way one travels by transit between the places, in some of the states.
    """

    states: tuple[State, ...] = ()
    scenario_id: str = ""
    tables: tuple[PackedTimes, ...] = ()
    counts: tuple[Count, ...] = ()
    minutes: tuple[int, ...] = ()
    breaks: tuple[Breaks, ...] = ()
    left_out: tuple[tuple[str, str], ...] = ()
    ways: PlaceWays = field(default_factory=PlaceWays)
