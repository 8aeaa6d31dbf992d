"""Trip patterns: trips of a route with the same sequence of stops, their times and frequency."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field, replace

import numpy as np

from layers.gtfs.blocks import Vehicles
from layers.gtfs.visits import Visits
from layers.transit import Period

WINDOWS: Mapping[Period, tuple[float, float]] = {
    "peak": (7 * 3_600.0, 9 * 3_600.0),
    "offpeak": (10 * 3_600.0, 16 * 3_600.0),
}
"""Departures from the first stop between these times count for a period (end excluded)."""
ALIKE = 0.2
"""Two directions are one route if their times differ by at most this share."""


@dataclass(frozen=True)
class Pattern:
    """Vehicles of one route in one direction with the same stops.

    Attributes
    ----------
    route_id, direction
        As in GTFS; the direction is -1 if not given.
    stop_ids, hop_secs, dwell_secs
        As in `TransitRoute`.
    departures
        Number of departures in each period; may be fractional for trips of frequencies.txt.
    shape_id
        The most common shape of its trips, or empty.
    vehicles
        Numbers of its vehicles.
    bidirectional
        Whether it represents the opposite direction too.
    """

    route_id: str
    direction: int
    stop_ids: tuple[str, ...]
    hop_secs: tuple[float, ...]
    dwell_secs: tuple[float, ...]
    departures: Mapping[Period, float]
    shape_id: str
    vehicles: tuple[int, ...] = field(repr=False)
    bidirectional: bool = False

    @property
    def runs(self) -> bool:
        """Whether there is a departure in any of the periods."""
        return any(self.departures.values())

    def headway_secs(self, period: Period) -> float:
        """Seconds between departures; infinite if nothing departs in the period."""
        count = self.departures[period]
        if not count:
            return float("inf")
        start, end = WINDOWS[period]
        return round((end - start) / count, 6)


def departures(vehicles: Vehicles, window: tuple[float, float]) -> np.ndarray:
    """The departures of each vehicle in a window: one, or those of its headway."""
    start, end = window
    leaves, table = vehicles.leaves, vehicles.table
    headway = table["headway_secs"].to_numpy()
    shared = np.minimum(end, table["end_secs"]) - np.maximum(start, table["start_secs"])
    return np.where(
        headway > 0,
        np.maximum(shared, 0.0) / np.maximum(headway, 1),
        (start <= leaves) & (leaves < end),
    )


def _times(visits: Visits, rows: np.ndarray, weights: np.ndarray) -> tuple[np.ndarray, np.ndarray]:
    """Hops and standing times, seconds, of the mean run.

    Means of whole runs, not of hops: times in whole minutes distort every hop, but hardly the sum.
    """
    arrive, depart = visits.arrive[rows], visits.depart[rows]
    begin = depart[:, :1]
    arrival = np.average(arrive - begin, axis=0, weights=weights)
    departure = np.average(depart - begin, axis=0, weights=weights)
    hops = np.maximum(arrival[1:] - departure[:-1], 1.0).round(1)
    dwell = (departure - arrival).round(1)
    dwell[[0, -1]] = 0.0
    return hops, dwell


def _pattern(
    key: tuple[str, int, tuple[str, ...]],
    numbers: np.ndarray,
    vehicles: Vehicles,
    *,
    shapes: np.ndarray,
    counts: Mapping[Period, np.ndarray],
) -> Pattern:
    """A pattern; its times are those of the peak, of the other period, or of the whole day.

    `shapes` are those of the vehicles, `counts` their departures in each period.
    """
    visits = vehicles.visits
    of_periods = {period: count[numbers] for period, count in counts.items()}
    weights = next((w for w in of_periods.values() if w.any()), np.ones(len(numbers)))
    rows = visits.first[vehicles.visit[numbers]][:, None] + np.arange(len(key[2]))
    hops, dwell = _times(visits, rows, weights)
    sums = {period: float(count.sum()) for period, count in of_periods.items()}
    stands = tuple(dwell.tolist()) if dwell.any() else ()
    return Pattern(
        *key,
        tuple(hops.tolist()),
        stands,
        sums,
        _commonest(shapes[numbers]),
        tuple(numbers.tolist()),
    )


def find_patterns(vehicles: Vehicles) -> list[Pattern]:
    """The patterns of the vehicles of a day, in order of their first trip."""
    visits = vehicles.visits
    routes = visits.trips["route_id"].to_numpy(dtype=object)
    directions = visits.trips["direction_id"].fillna(-1).astype(int).to_numpy()
    used = np.zeros(len(routes), dtype=bool)
    used[vehicles.visit] = True
    keys: dict[tuple[str, int, bytes], int] = {}
    group = np.full(len(routes), -1)
    for trip in np.flatnonzero(used).tolist():
        stops = visits.stop[visits.starts[trip] : visits.starts[trip + 1]].tobytes()
        group[trip] = keys.setdefault((routes[trip], directions[trip], stops), len(keys))
    counts = {period: departures(vehicles, window) for period, window in WINDOWS.items()}
    shapes = vehicles.column("shape_id")
    by_vehicle = group[vehicles.visit]
    order = np.argsort(by_vehicle, kind="stable")
    parts = np.split(order, np.flatnonzero(np.diff(by_vehicle[order])) + 1) if len(order) else []
    return [
        _pattern(
            (route, int(direction), tuple(visits.stop_ids[np.frombuffer(stops, np.int64)])),
            numbers,
            vehicles,
            shapes=shapes,
            counts=counts,
        )
        for (route, direction, stops), numbers in zip(keys, parts, strict=True)
    ]


def _commonest(texts: Iterable[str]) -> str:
    """The most common text; of several the first in alphabetical order."""
    counts = Counter(texts)
    most = max(counts.values())
    return min(text for text, count in counts.items() if count == most)


def _is_similar(one: Sequence[float], other: Sequence[float]) -> bool:
    a, b = np.array(one), np.array(other)
    return bool((np.abs(a - b) <= ALIKE * np.maximum(a, b)).all())


def _headways(pattern: Pattern) -> list[float]:
    """The headways of the periods in which it runs."""
    return [pattern.headway_secs(p) for p in WINDOWS if pattern.departures[p]]


def _run_secs(pattern: Pattern) -> list[float]:
    """The time of the whole run, with its standing times."""
    return [sum(pattern.hop_secs) + sum(pattern.dwell_secs)]


def _is_opposite(one: Pattern, other: Pattern) -> bool:
    """Whether two patterns are the two directions of one service."""
    return (
        one.stop_ids == other.stop_ids[::-1]
        and _is_similar(one.hop_secs, other.hop_secs[::-1])
        and all((one.departures[p] > 0) == (other.departures[p] > 0) for p in WINDOWS)
        and _is_similar(_headways(one), _headways(other))
        and _is_similar(*(_run_secs(p) for p in (one, other)))
    )


def _merged(one: Pattern, other: Pattern) -> Pattern:
    """Both directions as one pattern, with the means of times and departures."""
    hops = np.mean([one.hop_secs, other.hop_secs[::-1]], axis=0).round(1)
    dwell: tuple[float, ...] = ()
    if one.dwell_secs or other.dwell_secs:
        still = (0.0,) * len(one.stop_ids)
        both = [one.dwell_secs or still, (other.dwell_secs or still)[::-1]]
        dwell = tuple(np.mean(both, axis=0).round(1).tolist())
    return replace(
        one,
        hop_secs=tuple(hops.tolist()),
        dwell_secs=dwell,
        departures={p: (one.departures[p] + other.departures[p]) / 2 for p in WINDOWS},
        vehicles=(*one.vehicles, *other.vehicles),
        bidirectional=True,
    )


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
