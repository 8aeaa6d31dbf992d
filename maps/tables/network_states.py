"""What the page knows of every state of the network: who reaches whom in how many minutes."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field

from maps.tables.packed_times import PackedTimes


@dataclass(frozen=True)
class State:
    """A state of the network that a reader can choose.

    Attributes
    ----------
    state_id
        Short and unique.
    kind
        `baseline`, `year` (what of the plan is open by then), `scenario` or `project` (one project
        with what it requires).
    zh, en
        Its name.
    year
        The last year of the state, for kind `year`.
    project_ids
        Projects that are open in it.
    times
        Number of its table by mode.
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
    """Something that zones hold and that can be reached.

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
    """Where classes of cumulative opportunities end, of levels and of changes.

    Attributes
    ----------
    mode, column, minutes
        What is measured.
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
        The baseline, then the scenario that is compared with it, then others; none at all: the
        page answers no questions.
    scenario_id
        The state that the page shows at first.
    tables
        points x points, whole minutes begun (uint8, 255 where not reached); points are the places
        of the page, then its zones, in their orders.
    counts
        What can be reached.
    minutes
        Cutoffs.
    breaks
        For every mode, count and cutoff.
    left_out
        States that found no room: Chinese and English names.
    """

    states: tuple[State, ...] = ()
    scenario_id: str = ""
    tables: tuple[PackedTimes, ...] = ()
    counts: tuple[Count, ...] = ()
    minutes: tuple[int, ...] = ()
    breaks: tuple[Breaks, ...] = ()
    left_out: tuple[tuple[str, str], ...] = ()
