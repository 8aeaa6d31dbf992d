"""The busiest weekday of a GTFS feed, and the services that run on it."""

from __future__ import annotations

import datetime as dt
from collections.abc import Mapping

import pandas as pd

WORKDAYS = 5
"""Number of workdays: Monday to Friday are 0 to 4."""


def _day(text: str) -> dt.date:
    return dt.datetime.strptime(text, "%Y%m%d").date()  # noqa: DTZ007 - a day, not a moment


def _candidates(calendar: pd.DataFrame, exceptions: pd.DataFrame) -> list[dt.date]:
    """Weekdays that represent all: those of the week after every change of service."""
    day = dt.timedelta(days=1)
    changes = {_day(text) for text in (*calendar["start_date"], *exceptions["date"])}
    changes |= {_day(text) + day for text in (*calendar["end_date"], *exceptions["date"])}
    week = {change + day * n for change in changes for n in range(7)}
    return sorted(date for date in week if date.weekday() < WORKDAYS)


def busiest_weekday(
    tables: Mapping[str, pd.DataFrame], trips_of: Mapping[str, int]
) -> tuple[dt.date, set[str]] | None:
    """The weekday with most trips (the first, if several), and the services that run on it.

    Parameters
    ----------
    tables
        `calendar`, `calendar_dates` or both, as `layers.gtfs.feed.read_tables` returns them.
    trips_of
        The number of trips of each service.

    Returns
    -------
    tuple of date and set of str
        None if no trip runs on a weekday.
    """
    from gtfs_kit import Feed  # noqa: PLC0415 - slow to load

    empty = pd.DataFrame({"service_id": [], "start_date": [], "end_date": [], "date": []})
    sound = {name: table[table["sound"]] for name, table in tables.items()}
    calendar = sound.get("calendar")
    exceptions = sound.get("calendar_dates")
    feed = Feed(dist_units="m", calendar=calendar, calendar_dates=exceptions)
    most, busiest = 0, None
    for date in _candidates(
        empty if calendar is None else calendar, empty if exceptions is None else exceptions
    ):
        services = set(feed.get_active_services(f"{date:%Y%m%d}"))
        count = sum(trips_of.get(service, 0) for service in services)
        if count > most:
            most, busiest = count, (date, services)
    return busiest
