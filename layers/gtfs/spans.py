"""The vehicles of a day: every departure of every trip, and services with a headway."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

import numpy as np
import pandas as pd

from layers.gtfs.visits import Visits, ranges

DAY_SECS = 86_400
VEHICLE_COLUMNS = ("visit", "shift_secs", "headway_secs", "start_secs", "end_secs")


def frequency_spans(tables: Mapping[str, pd.DataFrame]) -> pd.DataFrame:
    """The spans of frequencies.txt.

    Returns
    -------
    DataFrame
        `trip_id`, `start_time`, `end_time`, `headway_secs` (seconds), `is_exact` and `departures`
        (vehicles, fractional if the departures are not exact). A span with a fault has no
        vehicles: the times of its trip are those of none.
    """
    columns = ["trip_id", "start_time", "end_time", "headway_secs", "exact_times"]
    table = tables.get("frequencies", pd.DataFrame(columns=[*columns, "sound"], dtype=object))
    sound = table["sound"].to_numpy(dtype=bool)
    spans = table[columns].astype(dict.fromkeys(columns[1:], float)).reset_index(drop=True)
    is_exact = (spans.pop("exact_times") == 1) | ~sound
    spans.loc[~sound, ["start_time", "end_time", "headway_secs"]] = (0.0, 0.0, 1.0)
    share = (spans["end_time"] - spans["start_time"]) / spans["headway_secs"]
    return spans.assign(is_exact=is_exact, departures=np.where(is_exact, np.ceil(share), share))


def vehicles_by_trip(trip_ids: pd.Series, spans: pd.DataFrame) -> np.ndarray:
    """How many vehicles each trip stands for: 1, or those of its spans."""
    counts = spans.groupby("trip_id")["departures"].sum()
    return trip_ids.map(counts).fillna(1.0).to_numpy(dtype=float)


@dataclass(frozen=True)
class _Day:
    """Which trips run, and by how much their clock is moved."""

    runs: np.ndarray
    shift_secs: int


def _plain(day: _Day, with_spans: np.ndarray) -> pd.DataFrame:
    """Trips that run once."""
    visit = np.flatnonzero(day.runs & ~with_spans)
    nothing = np.zeros(len(visit), dtype=int)
    shift = np.full(len(visit), day.shift_secs)
    return pd.DataFrame(dict(zip(VEHICLE_COLUMNS, (visit, shift, *[nothing] * 3), strict=True)))


def _repeated(visits: Visits, day: _Day, spans: pd.DataFrame) -> pd.DataFrame:
    """Trips of spans: one row a departure if it is exact, else one a span."""
    place = pd.Series(np.arange(len(visits.first)), index=visits.trips["trip_id"])
    visit = place.reindex(spans["trip_id"], fill_value=-1).to_numpy()
    used = (visit >= 0) & day.runs[visit] if len(day.runs) else visit >= 0
    visit, spans = visit[used], spans[used]
    exact = spans["is_exact"].to_numpy(dtype=bool)
    start, end, headway = (
        spans[name].to_numpy().astype(int) for name in ("start_time", "end_time", "headway_secs")
    )
    counts = np.where(exact, spans["departures"].to_numpy(), 1).astype(int)
    row = np.repeat(np.arange(len(counts)), counts)
    leaves = start[row] + ranges(np.zeros(len(counts), dtype=int), counts) * headway[row]
    first = visits.depart[visits.first[visit]].astype(int)
    moved = np.where(exact, 0, 1)[row]
    return pd.DataFrame(
        {
            "visit": visit[row],
            "shift_secs": leaves - first[row] + day.shift_secs,
            "headway_secs": headway[row] * moved,
            "start_secs": (start[row] + day.shift_secs) * moved,
            "end_secs": (end[row] + day.shift_secs) * moved,
        }
    )


def vehicles_of_day(
    visits: Visits, spans: pd.DataFrame, *, today: np.ndarray, day_before: np.ndarray
) -> pd.DataFrame:
    """The vehicles of a day, and those of the day before that still run after midnight.

    Parameters
    ----------
    visits
        Trips with times at all calls.
    spans
        See `frequency_spans`.
    today, day_before
        By trip, whether it runs on these days.

    Returns
    -------
    DataFrame
        `VEHICLE_COLUMNS`: the trip of `visits`, the seconds to add to its times, and the headway
        with its start and end (0 without); in order of trips, then of time.
    """
    with_spans = visits.trips["trip_id"].isin(spans["trip_id"]).to_numpy(dtype=bool)
    days = (_Day(today, 0), _Day(day_before, -DAY_SECS))
    parts = [
        part for day in days for part in (_plain(day, with_spans), _repeated(visits, day, spans))
    ]
    table = pd.concat(parts, ignore_index=True).astype(int)
    visit = table["visit"].to_numpy()
    lasting = (table["end_secs"] - table["start_secs"]).clip(lower=1) - 1
    end = visits.arrive[visits.last[visit]] + table["shift_secs"] + lasting
    return table[end > 0].sort_values(["visit", "shift_secs"], kind="stable", ignore_index=True)
