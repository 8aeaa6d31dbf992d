"""Trip patterns: trips of a route with the same sequence of stops, their times and frequency."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, replace

import numpy as np
import pandas as pd

from layers.gtfs.trips import Visits
from layers.transit import Period

WINDOWS: Mapping[Period, tuple[float, float]] = {
    "peak": (7 * 3_600.0, 9 * 3_600.0),
    "offpeak": (10 * 3_600.0, 16 * 3_600.0),
}
"""Departures from the first stop between these times count for a period (end excluded)."""
SHORTEST_HEADWAY_SECS, LONGEST_HEADWAY_SECS = 30.0, 14_400.0
ALIKE = 0.2
"""Two directions are one route if their times differ by at most this share."""


@dataclass(frozen=True)
class Pattern:
    """Trips of one route in one direction with the same stops.

    Attributes
    ----------
    route_id, direction
        As in GTFS; the direction is -1 if not given.
    stop_ids, hop_secs
        As in `TransitRoute`.
    departures
        Number of departures in each period; may be fractional for trips of frequencies.txt.
    shape_id
        The most common shape of its trips, or empty.
    bidirectional
        Whether it represents the opposite direction too.
    """

    route_id: str
    direction: int
    stop_ids: tuple[str, ...]
    hop_secs: tuple[float, ...]
    departures: Mapping[Period, float]
    shape_id: str
    bidirectional: bool = False

    @property
    def runs(self) -> bool:
        """Whether there is a departure in any of the periods."""
        return any(self.departures.values())

    def headway_secs(self, period: Period) -> float:
        """Seconds between departures; those of the other period if this one has none."""
        count = self.departures[period]
        if not count:
            other: Period = "offpeak" if period == "peak" else "peak"
            return self.headway_secs(other)
        start, end = WINDOWS[period]
        secs = round((end - start) / count, 6)
        return min(max(secs, SHORTEST_HEADWAY_SECS), LONGEST_HEADWAY_SECS)


Spans = Mapping[str, Sequence[tuple[float, float, float]]]
"""By trip: start, end and headway (seconds) of each span in which the trip is repeated."""


def frequency_spans(tables: Mapping[str, pd.DataFrame]) -> Spans:
    """The spans of frequencies.txt by trip; empty without the table."""
    if "frequencies" not in tables:
        return {}
    table = tables["frequencies"]
    columns = ["trip_id", "start_time", "end_time", "headway_secs"]
    spans: dict[str, list[tuple[float, float, float]]] = {}
    for trip, *span in table.loc[table["sound"], columns].itertuples(index=False):
        spans.setdefault(str(trip), []).append((span[0], span[1], span[2]))
    return spans


def _departures(
    window: tuple[float, float], first: float, spans: Sequence[tuple[float, float, float]]
) -> float:
    """Number of departures of one trip in a window.

    Examples
    --------
    >>> _departures((0, 7_200), 600, []), _departures((0, 7_200), 7_200, [])
    (1.0, 0.0)
    >>> _departures((0, 7_200), 600, [(3_600, 36_000, 600)])
    6.0
    """
    start, end = window
    if not spans:
        return float(start <= first < end)
    return sum(
        max(0.0, min(end, span_end) - max(start, span_start)) / secs
        for span_start, span_end, secs in spans
    )


def _pattern(
    key: tuple[str, int, tuple[str, ...]], numbers: Sequence[int], visits: Visits, spans: Spans
) -> Pattern:
    starts = visits.starts[list(numbers)]
    rows = starts[:, None] + np.arange(len(key[2]))
    hops = visits.arrive[rows[:, 1:]] - visits.depart[rows[:, :-1]]
    secs = np.maximum(np.median(hops, axis=0), 1.0).round(1)
    ids = [visits.trip_ids[n] for n in numbers]
    first = visits.depart[starts].tolist()
    counts = {
        period: sum(
            _departures(window, secs, spans.get(trip, ()))
            for trip, secs in zip(ids, first, strict=True)
        )
        for period, window in WINDOWS.items()
    }
    return Pattern(*key, tuple(secs.tolist()), counts, "")


def find_patterns(
    visits: Visits, trips: pd.DataFrame, services: set[str], spans: Spans
) -> list[Pattern]:
    """The patterns of the trips of some services, in order of their first trip.

    Parameters
    ----------
    visits
        The calls of all trips.
    trips
        trips.txt, checked.
    services
        The services that run on the day.
    spans
        See `frequency_spans`.
    """
    trip_rows = trips.drop_duplicates("trip_id").set_index("trip_id")
    trip_rows = trip_rows.reindex(list(visits.trip_ids))
    runs = trip_rows["service_id"].isin(services).to_numpy()
    directions = trip_rows["direction_id"].fillna(-1).astype(int)
    groups: dict[tuple[str, int, tuple[str, ...]], list[int]] = {}
    for number, (route, direction) in enumerate(
        zip(trip_rows["route_id"], directions, strict=True)
    ):
        if runs[number]:
            stop_ids = visits.stops[visits.starts[number] : visits.starts[number + 1]]
            groups.setdefault((route, direction, tuple(stop_ids)), []).append(number)
    shapes = trip_rows["shape_id"].to_numpy()
    return [
        replace(_pattern(key, numbers, visits, spans), shape_id=_commonest(shapes[numbers]))
        for key, numbers in groups.items()
    ]


def _commonest(texts: Iterable[str]) -> str:
    """The most common text; of several the first in alphabetical order."""
    counts = pd.Series(list(texts)).value_counts()
    return str(min(counts.index[counts == counts.max()]))


def _is_similar(one: Sequence[float], other: Sequence[float]) -> bool:
    a, b = np.array(one), np.array(other)
    return bool((np.abs(a - b) <= ALIKE * np.maximum(a, b)).all())


def _is_opposite(one: Pattern, other: Pattern) -> bool:
    """Whether two patterns are the two directions of one service."""
    return (
        one.stop_ids == other.stop_ids[::-1]
        and _is_similar(one.hop_secs, other.hop_secs[::-1])
        and all((one.departures[p] > 0) == (other.departures[p] > 0) for p in WINDOWS)
        and _is_similar(
            [one.headway_secs(p) for p in WINDOWS], [other.headway_secs(p) for p in WINDOWS]
        )
    )


def _merged(one: Pattern, other: Pattern) -> Pattern:
    """Both directions as one pattern, with the means of times and departures."""
    hops = np.mean([one.hop_secs, other.hop_secs[::-1]], axis=0).round(1)
    counts = {p: (one.departures[p] + other.departures[p]) / 2 for p in WINDOWS}
    return replace(one, hop_secs=tuple(hops.tolist()), departures=counts, bidirectional=True)


def merged_directions(patterns: Sequence[Pattern]) -> list[Pattern]:
    """The patterns of one route, the most frequent first; opposite directions are merged."""
    remaining = sorted(
        patterns, key=lambda p: (-sum(p.departures.values()), p.direction, p.stop_ids)
    )
    merged: list[Pattern] = []
    while remaining:
        one = remaining.pop(0)
        back = next((n for n, other in enumerate(remaining) if _is_opposite(one, other)), None)
        merged.append(one if back is None else _merged(one, remaining.pop(back)))
    return merged
