"""Which services of a GTFS feed run on which day."""

from __future__ import annotations

import datetime as dt
from collections.abc import Mapping
from dataclasses import dataclass

import numpy as np
import pandas as pd

from layers.gtfs.tables.columns import WEEKDAYS

REACH_DAYS = 400
"""Days around the wanted one that are looked at: a little more than a year."""
NO_DAY = np.datetime64("NaT", "D")
WEEKDAY_OF_EPOCH = 3
"""1970-01-01 was a Thursday; Monday is 0."""


def as_days(texts: pd.Series) -> np.ndarray:
    """Days of texts such as 20190513."""
    days = pd.to_datetime(texts, format="%Y%m%d", errors="coerce")
    return days.to_numpy().astype("datetime64[D]")


def as_date(day: np.datetime64) -> dt.date:
    """The day as Python has it."""
    return day.astype("datetime64[D]").astype(object)


@dataclass(frozen=True)
class Calendar:
    """The services of a feed on a run of days.

    Attributes
    ----------
    services
        Ids.
    days
        Consecutive days (datetime64).
    runs
        Services x days: whether it runs.
    first, last
        The first and the last day of the whole feed.
    """

    services: pd.Index
    days: np.ndarray
    runs: np.ndarray
    first: dt.date
    last: dt.date

    @property
    def weekdays(self) -> np.ndarray:
        """The day of the week of each day; Monday is 0."""
        return (self.days.astype("datetime64[D]").astype(int) + WEEKDAY_OF_EPOCH) % 7

    def services_on(self, day: dt.date) -> set[str]:
        """The services that run on a day; none outside of `days`."""
        at = np.flatnonzero(self.days == np.datetime64(day))
        return set(self.services[self.runs[:, at].any(axis=1)])


def _span_of(days: np.ndarray, wanted: dt.date | None) -> np.ndarray:
    """The days of the feed, or those around a wanted one."""
    first, last = days.min(), days.max()
    if wanted is None:
        low, high = first, min(last, first + REACH_DAYS)
    else:
        near = min(max(np.datetime64(wanted), first), last)
        low, high = max(first, near - REACH_DAYS), min(last, near + REACH_DAYS)
    return np.arange(low, high + 1)


def read_calendar(tables: Mapping[str, pd.DataFrame], wanted: dt.date | None) -> Calendar | None:
    """The calendar of a feed around a day; None if no service has a day.

    Parameters
    ----------
    tables
        `calendar`, `calendar_dates` or both, checked.
    wanted
        A day; None for the first `REACH_DAYS` of the feed.
    """
    sound = {
        n: tables[n][tables[n]["sound"]] for n in ("calendar", "calendar_dates") if n in tables
    }
    weekly = sound.get("calendar", pd.DataFrame(columns=["service_id", "start_date", "end_date"]))
    dated = sound.get("calendar_dates", pd.DataFrame(columns=["service_id", "date"]))
    start, end = as_days(weekly["start_date"]), as_days(weekly["end_date"])
    dates = as_days(dated["date"])
    known = np.concatenate([start[start <= end], end[start <= end], dates])
    if not len(known):
        return None
    days = _span_of(known, wanted)
    services = pd.Index(pd.unique(pd.concat([weekly["service_id"], dated["service_id"]])))
    runs = np.zeros((len(services), len(days)), dtype=bool)
    calendar = Calendar(services, days, runs, as_date(known.min()), as_date(known.max()))
    if len(weekly):
        pattern = weekly[list(WEEKDAYS)].to_numpy(dtype=float) == 1
        inside = (days >= start[:, None]) & (days <= end[:, None])
        row = services.get_indexer(weekly["service_id"])
        runs[row] = inside & pattern[:, calendar.weekdays]
    _add_exceptions(calendar, dated, dates)
    return calendar


def _add_exceptions(calendar: Calendar, dated: pd.DataFrame, dates: np.ndarray) -> None:
    """Put the days of calendar_dates.txt into `runs`; days outside of it are passed over."""
    if not len(dated):
        return
    column = (dates - calendar.days[0]).astype(int)
    inside = (column >= 0) & (column < len(calendar.days))
    row = calendar.services.get_indexer(dated["service_id"])
    added = dated["exception_type"].to_numpy() == 1
    calendar.runs[row[inside], column[inside]] = added[inside]
