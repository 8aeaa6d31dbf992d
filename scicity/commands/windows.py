"""Options of departures: the window, the day, and limits of a trip by timetable."""

from __future__ import annotations

import argparse
import datetime as dt
from collections.abc import Sequence
from typing import Any

from analysis.graph.travel import Band
from geo.faults import Fault, check_faults
from layers.transit import PERIODS, Period
from scicity.console import say
from scicity.inputs.study import Study
from scicity.report.timetables import departures_words, line_words

MINUTE_SECS = 60
OPTIONS = (
    *("--window", "--date", "--arrive-by", "--planned"),
    *("--percentile", "--percentiles", "--max-rides", "--max-walk"),
)
"""Options that mean nothing without a timetable."""


def _window(text: str) -> tuple[str, ...]:
    return tuple(part.strip() for part in text.split("-"))


def add_windows(parser: argparse.ArgumentParser) -> None:
    """Add the options of departures; they take the place of keys in `[study]`."""
    group = add_trip_limits(parser)
    group.add_argument(
        "--arrive-by", action="store_true", help="the times are those of arrival at the latest"
    )
    group.add_argument(
        "--planned",
        action="store_true",
        help="travellers know the timetable: no wait before the first vehicle",
    )
    group.add_argument("--percentile", type=float, metavar="P", help="of the departures (50)")


def add_trip_limits(parser: argparse.ArgumentParser) -> argparse._ArgumentGroup:
    """Add the window, the day and limits of a trip; return their group."""
    group = add_day(parser)
    group.add_argument(
        "--window",
        type=_window,
        metavar="HH:MM-HH:MM",
        help="departures over which times are distributed, or one moment HH:MM",
    )
    group.add_argument("--max-rides", type=int, metavar="N", help="vehicles at most")
    group.add_argument("--max-walk", type=float, metavar="MINUTES", help="longest single walk")
    return group


def add_day(parser: argparse.ArgumentParser) -> argparse._ArgumentGroup:
    """Add the day of a timetable; return its group."""
    group = parser.add_argument_group("departures, where transit has a timetable (a GTFS feed)")
    group.add_argument(
        "--date", type=dt.date.fromisoformat, metavar="YYYY-MM-DD", help="day of the timetable"
    )
    return group


def instead_of_settings(arguments: argparse.Namespace) -> dict[str, Any]:
    """The values of `[study]` that options replace."""
    given = {
        "window": getattr(arguments, "window", None),
        "window_offpeak": getattr(arguments, "window", None),
        "service_date": getattr(arguments, "date", None),
        "arrive_by": getattr(arguments, "arrive_by", False) or None,
        "departure": "planned" if getattr(arguments, "planned", False) else None,
        "percentile": getattr(arguments, "percentile", None),
        "max_rides": getattr(arguments, "max_rides", None),
    }
    walk = getattr(arguments, "max_walk", None)
    given["max_walk_secs"] = None if walk is None else MINUTE_SECS * walk
    return {name: value for name, value in given.items() if value is not None}


def check_departures_count(study: Study, arguments: argparse.Namespace) -> None:
    """Refuse options of departures that would change nothing.

    Raises
    ------
    BadInputError
        If nothing runs by a timetable, or the mode asked about is no vehicle that does.
    """
    values = {name: getattr(arguments, name[2:].replace("-", "_"), None) for name in OPTIONS}
    given = [name for name, value in values.items() if value is not None and value is not False]
    mode = getattr(arguments, "mode", "transit")
    if not study.baseline.has_timetable:
        message = "no route of the study has a timetable"
        allowed = "a study with a GTFS feed in transit of [files]"
    elif mode != "transit":
        message, allowed = f"--mode {mode} knows no timetable", "--mode transit"
    else:
        return
    check_faults([Fault(name, "", "option-unused", message, allowed) for name in given])


def say_departures(
    study: Study, scenario_id: str, *, periods: Sequence[Period] = PERIODS, band: Band = "expected"
) -> None:
    """Print which departures transit times stand for, and which lines have a timetable.

    Parameters
    ----------
    study
        Nothing is printed if no line of it has a timetable.
    scenario_id
        Whose lines.
    periods
        Those that were asked about.
    band
        Luck with waiting that was asked about.
    """
    for period in periods:
        _, departures = departures_words(study, period, band=band)
        if departures:
            say(f"transit {period}: {departures}")
    _, lines = line_words(study.network(scenario_id))
    if lines:
        say(lines)
