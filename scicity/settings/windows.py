"""Windows of departures as one writes them: times of day."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import replace
from typing import Any

from analysis.graph.conditions import Conditions
from analysis.timetable.departure_window import DepartureWindow, Windows
from geo.faults import BadInputError, Fault, check_faults, shown
from scicity.settings.sections import StudySettings

STUDY_FILE = "study.toml"
MEDIAN = 50.0
CLOCK = re.compile(r"^([0-3]?\d|4[0-7]):([0-5]\d)(?::([0-5]\d))?$")
"""Hours up to 47: of the service day and the night after it."""


def clock_secs(text: Any, argument: str) -> int:
    """Seconds after midnight of a time of day.

    Raises
    ------
    BadInputError
        If it is no `HH:MM` or `HH:MM:SS`.

    Examples
    --------
    >>> clock_secs("07:30", "window"), clock_secs("25:00:10", "window")
    (27000, 90010)
    """
    found = CLOCK.match(text) if isinstance(text, str) else None
    if not found:
        message, allowed = f"it is {shown(text)}", "HH:MM, 00:00 to 47:59"
        raise BadInputError([Fault(argument, "", "value-wrong-type", message, allowed)])
    hours, minutes, secs = (int(part or 0) for part in found.groups())
    return 3_600 * hours + 60 * minutes + secs


def window_of(times: Any, **options: Any) -> DepartureWindow:
    """A window from its first and last time of day, or one moment.

    Parameters
    ----------
    times
        `("07:00", "09:00")` or `"07:30"`.
    options
        Further attributes of `DepartureWindow`.

    Raises
    ------
    BadInputError

    Examples
    --------
    >>> window_of("07:30").times.tolist(), len(window_of(("07:00", "09:00")).times)
    ([27000], 120)
    """
    ends = [times] if isinstance(times, str) else times
    if not isinstance(ends, Sequence) or len(ends) not in (1, 2):
        message, allowed = f"it is {shown(times)}", '("07:00", "09:00") or "07:30"'
        raise BadInputError([Fault("window", "", "value-wrong-type", message, allowed)])
    start, end = (clock_secs(text, "window") for text in (ends[0], ends[-1]))
    return DepartureWindow(start, end, **options)


def moment_or_window(
    window: DepartureWindow, depart: str | None, arrive_by: str | None
) -> DepartureWindow:
    """One moment of departure or of arrival; without either the window.

    Raises
    ------
    BadInputError
        If both are given, or one is no time of day.
    """
    if depart is not None and arrive_by is not None:
        message, allowed = "depart and arrive_by", "one of them"
        raise BadInputError([Fault("arrive_by", "", "value-unknown", message, allowed)])
    if depart is not None:
        secs = clock_secs(depart, "depart")
        return replace(window, start_secs=secs, end_secs=secs, arrive_by=False)
    if arrive_by is not None:
        secs = clock_secs(arrive_by, "arrive_by")
        return replace(window, start_secs=secs, end_secs=secs, arrive_by=True)
    return window


def study_windows(study: StudySettings) -> Windows:
    """The windows of a study.

    Raises
    ------
    BadInputError
        With what is wrong with both.
    """
    windows, faults = [], []
    for name in ("window", "window_offpeak"):
        try:
            windows.append(
                window_of(
                    list(getattr(study, name)),
                    arrive_by=study.arrive_by,
                    planned=study.departure == "planned",
                    max_rides=study.max_rides,
                    max_walk_secs=study.max_walk_secs,
                    percentile=study.percentile,
                )
            )
        except BadInputError as error:
            faults += [replace(f, file=STUDY_FILE, feature=f"study.{name}") for f in error.faults]
    check_faults(faults)
    return Windows(*windows)


def window_faults(study: StudySettings) -> list[Fault]:
    """What is wrong with the windows of a study."""
    try:
        study_windows(study)
    except BadInputError as error:
        return list(error.faults)
    return []


def unused_warnings(study: StudySettings) -> list[Fault]:
    """Keys of departures that a study without a timetable has and does not use."""
    asked = {
        "arrive_by": study.arrive_by,
        "departure": study.departure == "planned",
        "percentile": study.percentile != MEDIAN,
        "max_rides": study.max_rides is not None,
        "max_walk_secs": study.max_walk_secs is not None,
    }
    message, allowed = "no route has a timetable: it changes nothing", "with a GTFS feed"
    return [
        Fault(STUDY_FILE, f"study.{key}", "option-unused", message, allowed, "warning")
        for key, is_asked in asked.items()
        if is_asked
    ]


def with_window(conditions: Conditions, window: DepartureWindow) -> Conditions:
    """The conditions with one window for both periods."""
    return replace(conditions, windows=Windows(window, window))
