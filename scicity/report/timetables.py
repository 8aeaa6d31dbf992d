"""What the report says of timetables: days, lines, and which departures times stand for."""

from __future__ import annotations

import datetime as dt
from collections.abc import Sequence

from analysis.graph.travel import Band
from analysis.timetable.departure_window import LUCK_PERCENTILES, DepartureWindow
from layers.network import TransportNetwork
from layers.transit import Period, TransitRoute
from scicity.inputs.baseline import wanted_day
from scicity.inputs.study import Study
from scicity.report.finding import Finding

MOST_NAMED = 5
"""Lines that a text names."""
MINUTE_SECS = 60
MEDIAN = 50.0
WEEKDAYS_ZH = "一二三四五六日"


def _clock(secs: int) -> str:
    return f"{secs // 3600:02}:{secs // 60 % 60:02}"


def _hours(window: DepartureWindow) -> tuple[str, str]:
    """The moments of a window: departures or arrivals, in Chinese and in English."""
    start, end = _clock(window.start_secs), _clock(window.end_secs)
    if window.start_secs == window.end_secs:
        if window.arrive_by:
            return f"须在 {start} 前到达", f"trips that arrive by {start}"
        return f"{start} 出发", f"the departure at {start}"
    if window.arrive_by:
        return f"须在 {start}–{end} 到达", f"trips that must arrive from {start} to {end}"
    return f"{start}–{end} 每分钟出发", f"the departures of each minute from {start} to {end}"


def _limits(window: DepartureWindow) -> tuple[list[str], list[str]]:
    """What else is asked than any way at random, in Chinese and in English."""
    zh, en = list[str](), list[str]()
    if window.planned:
        zh.append("出行者按时刻表出门")
        en.append("travellers know the timetable")
    if window.max_rides is not None:
        zh.append(f"至多乘 {window.max_rides} 次车")
        en.append(f"at most {window.max_rides} vehicle{'s' if window.max_rides > 1 else ''}")
    if window.max_walk_secs is not None:
        minutes = f"{window.max_walk_secs / MINUTE_SECS:g}"
        zh.append(f"每段步行至多 {minutes} 分钟")
        en.append(f"no walk longer than {minutes} min")
    return zh, en


def departures_words(
    study: Study, period: Period = "peak", *, band: Band = "expected"
) -> tuple[str, str]:
    """Which departures a transit time stands for, in Chinese and in English.

    Empty if no line has a timetable: then one waits half a headway.
    """
    if not study.baseline.has_timetable:
        return "", ""
    window = study.conditions.windows.of(period)
    days = sorted({str(day) for day in study.baseline.timetable.service_dates.values()})
    percentile = LUCK_PERCENTILES.get(band, window.percentile)
    share, is_median = f"percentile {percentile:g}", percentile == MEDIAN
    hours_zh, hours_en = _hours(window)
    limits_zh, limits_en = _limits(window)
    zh = (
        f"{'、'.join(days)} {hours_zh}的第 {percentile:g} 百分位{'（中位数）' if is_median else ''}"
    )
    en = f"the median ({share})" if is_median else share
    en += f" over {hours_en} on {' and '.join(days)}"
    return "，".join([zh, *limits_zh]), ", ".join([en, *limits_en])


def departures_sentence(study: Study) -> tuple[str, str]:
    """What transit times at the peak are, as a sentence each without its full stop; or empty."""
    zh, en = departures_words(study)
    return (f"公交时间取 {zh}", f"Transit times are {en}") if zh else ("", "")


def waiting_words(study: Study) -> tuple[str, str]:
    """How transit waits in results, as sentences in Chinese and in English."""
    zh, en = departures_sentence(study)
    if not zh:
        return (
            "公交时间按发车间隔一半计候车；最好与最差见 place_times.csv。",
            "Transit waits half a headway; best and worst are in place_times.csv.",
        )
    off_zh, off_en = _hours(study.conditions.windows.offpeak)
    best, worst = (f"{LUCK_PERCENTILES[band]:g}" for band in ("best", "worst"))
    chinese = f"{zh}；平峰时段为{off_zh}。place_times.csv 中的最好（best）与最差（worst）"
    chinese += f"为第 {best} 与第 {worst} 百分位。没有时刻表的线路在发车间隔内任一时刻等可能到站。"
    english = f"{en}; off the peak {off_en}. Best and worst in place_times.csv are percentiles"
    english += (
        f" {best} and {worst}. A line without a timetable comes at any moment of its headway alike."
    )
    return chinese, english


def _name(route: TransitRoute) -> str:
    return route.line or route.route_name


def _named(names: Sequence[str], comma: str) -> str:
    """Some of the names."""
    return comma.join(names[:MOST_NAMED]) + (f"{comma}…" if len(names) > MOST_NAMED else "")


def line_words(network: TransportNetwork) -> tuple[str, str]:
    """How many lines run by a timetable and how many by a headway, with some names.

    A line that has a clock on some of its trips counts among the former. Empty if none has one.
    """
    if not network.has_timetable:
        return "", ""
    trips = network.timetable.trips
    clocked = set(trips.loc[trips["headway_secs"] == 0, "route_id"])
    timed = {_name(route) for route in network.routes if route.route_id in clocked}
    by_clock = sorted(timed)
    by_headway = sorted({_name(route) for route in network.routes} - timed)
    zh = f"{len(by_clock)} 条线路按时刻表运行（{_named(by_clock, '、')}）"
    en = f"lines by timetable: {len(by_clock)} ({_named(by_clock, ', ')})"
    if by_headway:
        zh += f"，{len(by_headway)} 条按发车间隔（{_named(by_headway, '、')}）"
        en += f"; by headway: {len(by_headway)} ({_named(by_headway, ', ')})"
    return zh, en


def _day(feed: str, taken: dt.date, wanted: dt.date | None) -> Finding:
    zh = f"{feed}：采用 {taken}（周{WEEKDAYS_ZH[taken.weekday()]}）的时刻表"
    en = f"{feed}: the timetable of {taken:%A} {taken}"
    if wanted is not None and taken != wanted:
        zh += f"；{wanted} 不在有效期内，或不是正常工作日"
        en += f"; {wanted} is outside the feed or not a normal workday of it"
    return Finding("service-day", feed, zh, en)


def timetable_findings(study: Study, network: TransportNetwork) -> list[Finding]:
    """Which lines of a scenario's network run by a timetable, and which by their headway."""
    if not network.has_timetable:
        return []
    return [Finding("timetable", study.settings.study.scenario, *line_words(network))]


def feed_findings(study: Study) -> list[Finding]:
    """The service day of each feed, and which lines of the study's scenario run by it."""
    wanted = wanted_day(study.settings)
    date = None if wanted is None else wanted.date
    days = study.baseline.timetable.service_dates
    found = [_day(feed, taken, date) for feed, taken in days.items()]
    network = study.network(study.settings.study.scenario) if found else study.baseline
    return found + timetable_findings(study, network)
