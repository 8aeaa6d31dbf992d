"""Findings about the feeds of a study: the day whose timetable was taken of each."""

from __future__ import annotations

import datetime as dt

from scicity.inputs.baseline import wanted_day
from scicity.inputs.study import Study
from scicity.report.finding import Finding

WEEKDAYS_ZH = "一二三四五六日"


def _day(feed: str, taken: dt.date, wanted: dt.date | None) -> Finding:
    zh = f"{feed}：采用 {taken}（周{WEEKDAYS_ZH[taken.weekday()]}）的时刻表"
    en = f"{feed}: the timetable of {taken:%A} {taken}"
    if wanted is not None and taken != wanted:
        zh += f"；{wanted} 不在有效期内，或不是正常工作日"
        en += f"; {wanted} is outside the feed or not a normal workday of it"
    return Finding("service-day", feed, zh, en)


def feed_findings(study: Study) -> list[Finding]:
    """The service day of each feed, one finding a feed."""
    wanted = wanted_day(study.settings)
    date = None if wanted is None else wanted.date
    days = study.baseline.timetable.service_dates
    return [_day(feed, taken, date) for feed, taken in days.items()]
