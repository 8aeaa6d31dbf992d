"""Findings about the feeds of a study: the day of each, and which lines run by a timetable."""

from __future__ import annotations

import datetime as dt
from collections.abc import Sequence

from layers.network import TransportNetwork
from layers.transit import TransitRoute
from scicity.inputs.baseline import wanted_day
from scicity.inputs.study import Study
from scicity.report.finding import Finding

MOST_NAMED = 5
"""Lines that a finding names."""
WEEKDAYS_ZH = "一二三四五六日"


def _day(feed: str, taken: dt.date, wanted: dt.date | None) -> Finding:
    zh = f"{feed}：采用 {taken}（周{WEEKDAYS_ZH[taken.weekday()]}）的时刻表"
    en = f"{feed}: the timetable of {taken:%A} {taken}"
    if wanted is not None and taken != wanted:
        zh += f"；{wanted} 不在有效期内，或不是正常工作日"
        en += f"; {wanted} is outside the feed or not a normal workday of it"
    return Finding("service-day", feed, zh, en)


def _clock(secs: int) -> str:
    return f"{secs // 3600:02}:{secs // 60 % 60:02}"


def _lines(routes: Sequence[TransitRoute]) -> str:
    """The number of lines, and the names of some."""
    names = sorted({route.line or route.route_name for route in routes})
    named = ", ".join(names[:MOST_NAMED]) + (", …" if len(names) > MOST_NAMED else "")
    return f"{len(names)} ({named})" if names else "0"


def timetable_findings(study: Study, network: TransportNetwork) -> list[Finding]:
    """Which lines of a scenario's network run by a timetable, and which by their headway."""
    if not network.has_timetable:
        return []
    timed = network.timetable.route_ids
    by_clock = _lines([route for route in network.routes if route.route_id in timed])
    by_headway = _lines([route for route in network.routes if route.route_id not in timed])
    window = study.conditions.windows.peak
    hours = f"{_clock(window.start_secs)}-{_clock(window.end_secs)}"
    share = f"{window.percentile:g}"
    zh = f"按时刻表运行的线路：{by_clock}；按发车间隔：{by_headway}。"
    zh += f"公交出行时间为 {hours} 各分钟出发的第 {share} 百分位"
    en = f"lines by timetable: {by_clock}; by headway: {by_headway}."
    en += f" Times by transit are percentile {share} of the departures of {hours}"
    return [Finding("timetable", study.settings.study.scenario, zh, en)]


def feed_findings(study: Study) -> list[Finding]:
    """The service day of each feed, and which lines of the study's scenario run by it."""
    wanted = wanted_day(study.settings)
    date = None if wanted is None else wanted.date
    days = study.baseline.timetable.service_dates
    found = [_day(feed, taken, date) for feed, taken in days.items()]
    network = study.network(study.settings.study.scenario) if found else study.baseline
    return found + timetable_findings(study, network)
