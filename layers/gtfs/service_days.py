"""The day of a feed that stands for all: the one wanted, or the nearest normal one like it."""

from __future__ import annotations

import datetime as dt
from collections.abc import Mapping
from dataclasses import dataclass

import numpy as np
import pandas as pd
from scipy.sparse import csr_array

from geo.faults import Fault
from layers.gtfs.tables.calendar import Calendar, as_date, read_calendar

WORKDAYS = 5
"""Number of workdays: Monday to Friday are 0 to 4."""
NEAR_DAYS = 28
"""A day is compared with those of the same weekday up to four weeks before and after."""
FEWEST_LIKE = 3
"""With fewer of them, workdays are compared with all workdays of these weeks."""
UNLIKE, VERY_UNLIKE = 0.1, 0.5
"""A day is an event if its departures by route differ from the usual ones by more than this share;
the second if it is compared with other weekdays, which differ anyway."""


@dataclass(frozen=True)
class WantedDay:
    """The day whose timetable a study wants.

    Attributes
    ----------
    date
        The day.
    exactly
        Whether it is taken as it is, an event or a Sunday too, as long as something runs.
    """

    date: dt.date
    exactly: bool = False


@dataclass(frozen=True)
class ServiceDay:
    """The day that was taken, and the services of that day and of the day before."""

    date: dt.date
    today: set[str]
    day_before: set[str]


def _departures(calendar: Calendar, vehicles: pd.DataFrame) -> np.ndarray:
    """Departures by route and day: routes x days."""
    service = calendar.services.get_indexer(vehicles["service_id"])
    known = service >= 0
    route, routes = pd.factorize(vehicles["route_id"][known])
    # most services are of one route: a dense table of large feeds would take gigabytes
    by_service = csr_array(
        (vehicles["vehicles"].to_numpy()[known], (route, service[known])),
        shape=(len(routes), len(calendar.services)),
    )
    counts: np.ndarray = by_service @ calendar.runs.astype(float)
    return counts


def _difference(day: int, counts: np.ndarray, weekdays: np.ndarray) -> tuple[float, float]:
    """By what share a day's departures differ from the usual ones, and what share is allowed."""
    near = np.arange(max(0, day - NEAR_DAYS), min(len(weekdays), day + NEAR_DAYS + 1))
    near = near[counts[:, near].any(axis=0)]
    like, allowed = near[weekdays[near] == weekdays[day]], UNLIKE
    if len(like) < FEWEST_LIKE and weekdays[day] < WORKDAYS:
        like, allowed = near[weekdays[near] < WORKDAYS], VERY_UNLIKE
    usual = np.median(counts[:, like], axis=1)
    return float(np.abs(counts[:, day] - usual).sum() / max(usual.sum(), 1.0)), allowed


def _is_normal(day: int, counts: np.ndarray, weekdays: np.ndarray) -> bool:
    difference, allowed = _difference(day, counts, weekdays)
    return difference <= allowed


def _by_nearness(days: np.ndarray, calendar: Calendar, wanted: dt.date) -> np.ndarray:
    """Days (numbers) by distance, the same weekday first, workdays with workdays."""
    weekdays = calendar.weekdays[days]
    gap = np.abs((calendar.days[days] - np.datetime64(wanted)).astype(int))
    other_weekday = weekdays != wanted.weekday()
    other_kind = (weekdays < WORKDAYS) != (wanted.weekday() < WORKDAYS)
    ordered: np.ndarray = days[np.lexsort([gap, other_weekday, other_kind])]
    return ordered


def _taken(calendar: Calendar, counts: np.ndarray, wanted: WantedDay | None) -> int | None:
    """The number of the day that is taken."""
    runs, weekdays = counts.any(axis=0), calendar.weekdays
    candidates = np.flatnonzero(runs & (weekdays < WORKDAYS))
    if wanted is None:
        best = candidates[np.argsort(-counts[:, candidates].sum(axis=0), kind="stable")]
    else:
        if wanted.exactly:
            asked = np.flatnonzero(runs & (calendar.days == np.datetime64(wanted.date)))
            if len(asked):
                return int(asked[0])
            candidates = candidates if wanted.date.weekday() < WORKDAYS else np.flatnonzero(runs)
        best = _by_nearness(candidates, calendar, wanted.date)
    normal = (int(day) for day in best if _is_normal(int(day), counts, weekdays))
    return next(normal, int(best[0]) if len(best) else None)


def _outside_fault(calendar: Calendar, wanted: WantedDay, taken: dt.date, file: str) -> list[Fault]:
    """A warning if the wanted day is not in the feed, or nothing runs on it though it was asked."""
    key = "service_date" if wanted.exactly else "baseline_date"
    outside = not calendar.first <= wanted.date <= calendar.last
    if not outside and (not wanted.exactly or taken == wanted.date):
        return []
    found = "is outside the feed" if outside else "has no service"
    message = f"{key} {wanted.date} {found}: the timetable of {taken:%A} {taken} was taken"
    allowed = f"{calendar.first} to {calendar.last}"
    return [Fault(file, "", "service-date-outside", message, allowed, "warning")]


def service_day(
    tables: Mapping[str, pd.DataFrame],
    vehicles: pd.DataFrame,
    wanted: WantedDay | None,
    file: str,
) -> tuple[ServiceDay | None, list[Fault]]:
    """The service day of a feed.

    A day that is wanted exactly is taken if anything runs on it. Else a day is taken that runs
    normally: its departures by route differ by at most `UNLIKE` from the median of the days of the
    same weekday within `NEAR_DAYS`. It is the wanted day if that is a normal workday, else the
    nearest normal one of the same weekday, else the nearest workday.

    Parameters
    ----------
    tables
        `calendar`, `calendar_dates` or both, checked.
    vehicles
        `route_id`, `service_id` and `vehicles` of each trip.
    wanted
        None for the normal workday with most vehicles.
    file
        The name of the feed.

    Returns
    -------
    ServiceDay
        None if nothing runs on a workday.
    list of Fault
        `service-empty` (an error) or `service-date-outside` (a warning).
    """
    calendar = read_calendar(tables, None if wanted is None else wanted.date)
    counts = None if calendar is None else _departures(calendar, vehicles)
    taken = None if calendar is None or counts is None else _taken(calendar, counts, wanted)
    if calendar is None or taken is None:
        where = f"{file}/{next(name for name in ('calendar', 'calendar_dates') if name in tables)}"
        message, allowed = "no trip runs on a weekday", "service on Monday to Friday"
        return None, [Fault(f"{where}.txt", "", "service-empty", message, allowed)]
    date = as_date(calendar.days[taken])
    before = date - dt.timedelta(days=1)
    day = ServiceDay(date, calendar.services_on(date), calendar.services_on(before))
    return day, [] if wanted is None else _outside_fault(calendar, wanted, date, file)
