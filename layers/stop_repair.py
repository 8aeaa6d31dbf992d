"""Stops that are nowhere or where no bus can go: told, or placed between their neighbours."""

from __future__ import annotations

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass
from math import dist
from typing import NamedTuple

import geopandas as gpd
import numpy as np
from shapely.geometry import Point

from geo.faults import Fault
from layers.transit import BUS, TransitRoute

FASTEST_BUS_KPH = 120.0
"""China's limit on motorways (Road Traffic Safety Law's regulations, article 78)."""
LEAST_DETOUR_M = 1_000.0
"""A shorter way out and back may come from times that are told in whole minutes."""
LEAST_ACCURACY_M = 100.0
TROLLEYBUS = 11
BUS_TYPES = frozenset((BUS, TROLLEYBUS, *range(700, 801)))
"""Buses in GTFS, extended types (700 to 800) too."""

Places = Mapping[str, tuple[float, float]]


class _Way(NamedTuple):
    """Calls with the seconds since the first; a closed line goes round three times."""

    ids: tuple[str, ...]
    clock: np.ndarray
    calls: range


@dataclass(frozen=True, order=True)
class _Gap:
    """The nearest neighbours of a stop that are placed, and its share of the time between."""

    length_m: float
    before: str
    after: str
    share: float

    @property
    def accuracy_m(self) -> float:
        """Half the way between the two."""
        return max(self.length_m / 2, LEAST_ACCURACY_M)


def _way(route: TransitRoute) -> _Way:
    ids, hops = route.stop_ids, route.hop_secs
    calls = range(len(ids))
    if len(ids) > 2 and ids[0] == ids[-1]:  # noqa: PLR2004
        round_trip = ids[:-1]
        calls = range(len(round_trip), 2 * len(round_trip))
        ids, hops = round_trip * 3, (hops * 3)[:-1]
    return _Way(ids, np.concatenate([[0.0], np.cumsum(hops)]), calls)


def _neighbours(way: _Way, at: int, anchors: Collection[str]) -> tuple[int, int] | None:
    """The nearest calls on both sides at other stops that are placed."""
    here = way.ids[at]

    def first(order: range) -> int | None:
        return next((k for k in order if way.ids[k] in anchors and way.ids[k] != here), None)

    before, after = first(range(at - 1, -1, -1)), first(range(at + 1, len(way.ids)))
    return None if before is None or after is None else (before, after)


def _jumps(way: _Way, at: int, places: Places) -> bool | None:
    """Whether a bus cannot get to a stop and away in time; None if it is not between two."""
    pair = _neighbours(way, at, places)
    if pair is None:
        return None
    before, here, after = (places[way.ids[k]] for k in (pair[0], at, pair[1]))
    secs = np.diff(way.clock[[pair[0], at, pair[1]]])
    reach = secs * FASTEST_BUS_KPH / 3.6
    there, back, direct = dist(before, here), dist(here, after), dist(before, after)
    detour = there + back - direct > LEAST_DETOUR_M
    return bool(detour and there > reach[0] and back > reach[1] and direct <= reach.sum())


def find_jumps(routes: Sequence[TransitRoute], places: Places) -> list[str]:
    """Stops where no bus can be in time, though it could go on without them.

    A stop jumps if the straight ways from and to its neighbours both imply more than
    `FASTEST_BUS_KPH`, the way between the neighbours does not, and this is so for at least half
    of the calls of buses there.

    Parameters
    ----------
    routes
        Only buses count.
    places
        Projected coordinates of the stops that have some.
    """
    verdicts: dict[str, list[bool]] = {}
    for route in routes:
        if route.route_type not in BUS_TYPES:
            continue
        way = _way(route)
        for at in way.calls:
            verdict = _jumps(way, at, places) if way.ids[at] in places else None
            if verdict is not None:
                verdicts.setdefault(way.ids[at], []).append(verdict)
    return [stop for stop, said in verdicts.items() if any(said) and 2 * sum(said) >= len(said)]


def _gaps(
    routes: Sequence[TransitRoute], wanted: Collection[str], anchors: Places
) -> dict[str, _Gap]:
    """The shortest gap in which each stop lies; stops that lie in none are left out."""
    found: dict[str, _Gap] = {}
    for route in routes:
        way = _way(route)
        for at in way.calls:
            stop = way.ids[at]
            pair = _neighbours(way, at, anchors) if stop in wanted else None
            if pair is None or way.ids[pair[0]] == way.ids[pair[1]]:
                continue
            before, here, after = way.clock[[pair[0], at, pair[1]]].tolist()
            ends = way.ids[pair[0]], way.ids[pair[1]]
            length = dist(*(anchors[end] for end in ends))
            gap = _Gap(length, *ends, (here - before) / (after - before))
            found[stop] = min(found.get(stop, gap), gap)
    return found


def _placed(stops: gpd.GeoDataFrame, gaps: Mapping[str, _Gap], anchors: Places) -> gpd.GeoDataFrame:
    """A copy with stops put into their gaps."""
    table = stops.copy()
    for stop, gap in gaps.items():
        a, b = np.array(anchors[gap.before]), np.array(anchors[gap.after])
        table.loc[stop, "geometry"] = Point(a + gap.share * (b - a))
        table.loc[stop, "accuracy_m"] = gap.accuracy_m
        table.loc[stop, "confidence"] = "assumed"
    return table


def _fault(stop: str, code: str, gap: _Gap | None, file: str) -> Fault:
    """What is said of a stop; it stops a run only if it is nowhere."""
    said = {
        "stop-unplaced": "it has no coordinates",
        "stop-jump": f"no bus gets there and away below {FASTEST_BUS_KPH:g} km/h",
    }[code]
    if gap is not None:
        where = f"{gap.before!r} and {gap.after!r}, ± {gap.accuracy_m:.0f} m"
        return Fault(file, stop, code, f"{said}: placed between {where}", severity="warning")
    allowed = "check its coordinates, or repair_stops = true in [study]"
    severity = "error" if code == "stop-unplaced" else "warning"
    return Fault(file, stop, code, said, allowed, severity)  # type: ignore[arg-type]


def sound_stops(
    stops: gpd.GeoDataFrame,
    routes: Sequence[TransitRoute],
    *,
    repair: bool,
    files: Mapping[str, str],
) -> tuple[gpd.GeoDataFrame, list[Fault]]:
    """The stops that have a place, and those that are nowhere or where no bus can go.

    Parameters
    ----------
    stops
        Indexed by `stop_id`, projected; a stop may have no geometry.
    routes
        The services that call there.
    repair
        Whether such stops are put between the nearest stops of a service that are well placed,
        by their share of the time; of several services the one with the nearest such stops.
        `accuracy_m` is then half the way between those (100 m at least), `confidence` assumed.
    files
        The file of each stop, for faults.

    Returns
    -------
    GeoDataFrame
        Stops with geometry.
    list of Fault
        `stop-unplaced` (an error unless placed) and `stop-jump` (a warning).
    """
    nowhere = stops.geometry.isna() | stops.geometry.is_empty
    placed = stops.index[~nowhere]
    points = stops.geometry[~nowhere]
    places = dict(zip(placed, zip(points.x, points.y, strict=True), strict=True))
    codes = dict.fromkeys(stops.index[nowhere], "stop-unplaced")
    codes |= dict.fromkeys(find_jumps(routes, places), "stop-jump")
    anchors = {stop: place for stop, place in places.items() if stop not in codes}
    gaps = _gaps(routes, codes, anchors) if repair else {}
    faults = [_fault(stop, code, gaps.get(stop), files[stop]) for stop, code in codes.items()]
    table = _placed(stops, gaps, anchors)
    return table[~(nowhere & ~table.index.isin(list(gaps)))], faults
