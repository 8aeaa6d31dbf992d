"""Options of departures: the window, the day, and limits of a trip by timetable."""

from __future__ import annotations

import argparse
import datetime as dt
from typing import Any

from geo.faults import BadInputError, Fault
from scicity.inputs.study import Study

MINUTE_SECS = 60


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
    group = parser.add_argument_group("departures, where transit has a timetable (a GTFS feed)")
    group.add_argument(
        "--window",
        type=_window,
        metavar="HH:MM-HH:MM",
        help="departures over which times are distributed, or one moment HH:MM",
    )
    group.add_argument(
        "--date", type=dt.date.fromisoformat, metavar="YYYY-MM-DD", help="day of the timetable"
    )
    group.add_argument("--max-rides", type=int, metavar="N", help="vehicles at most")
    group.add_argument("--max-walk", type=float, metavar="MINUTES", help="longest single walk")
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


def check_has_timetable(study: Study, instead: dict[str, Any]) -> None:
    """Refuse options of departures where nothing runs by a timetable.

    Raises
    ------
    BadInputError
    """
    if instead and not study.baseline.has_timetable:
        message = f"{', '.join(instead)} asked, but no route of the study has a timetable"
        allowed = "a study with a GTFS feed in transit of [files]"
        raise BadInputError([Fault("options", "", "value-unknown", message, allowed)])
