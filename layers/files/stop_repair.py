"""Stops without a position, or at an impossible one: reported, or placed between neighbours."""

from __future__ import annotations

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass
from math import dist
from typing import NamedTuple

import geopandas as gpd
import numpy as np
from shapely.geometry import Point

from geo.faults import Fault
from layers.route_types import FASTEST_KPH, is_bus
from layers.transit import TransitRoute

FASTEST_BUS_KPH = FASTEST_KPH["bus"]
LEAST_DETOUR_M = 1_000.0
"""A shorter detour may be an artefact of times in whole minutes."""
LEAST_ACCURACY_M = 100.0

Places = Mapping[str, tuple[float, float]]


class _Calls(NamedTuple):
    """The calls of a route with the seconds since the first; a circular route runs three times."""

    ids: tuple[str, ...]
    clock: list[float]
    calls: range


@dataclass(frozen=True, order=True)
class _Gap:
    """The nearest placed neighbours of a stop, and its share of the time between them."""

    length_m: float
    before: str
    after: str
    share: float

    @property
    def accuracy_m(self) -> float:
        """Half the distance between the two neighbours, at least `LEAST_ACCURACY_M`."""
        return max(self.length_m / 2, LEAST_ACCURACY_M)


def _calls(route: TransitRoute) -> _Calls:
    ids = route.stop_ids
    hops = tuple(np.add(route.hop_secs, route.stands_secs[:-1]).tolist())
    calls = range(len(ids))
    if len(ids) > 2 and ids[0] == ids[-1]:  # noqa: PLR2004
        one_round = ids[:-1]
        calls = range(len(one_round), 2 * len(one_round))
        ids, hops = one_round * 3, (hops * 3)[:-1]
    return _Calls(ids, [0.0, *np.cumsum(hops).tolist()], calls)


def _neighbours(route_calls: _Calls, at: int, anchors: Collection[str]) -> tuple[int, int] | None:
    """The nearest calls before and after at other stops that are anchors."""
    ids, here = route_calls.ids, route_calls.ids[at]

    def first(order: range) -> int | None:
        for k in order:
            if ids[k] != here and ids[k] in anchors:
                return k
        return None

    before, after = first(range(at - 1, -1, -1)), first(range(at + 1, len(ids)))
    return None if before is None or after is None else (before, after)


def _jumps(route_calls: _Calls, at: int, places: Places) -> bool | None:
    """Whether no bus can serve a stop in time; None if it is not between two placed stops."""
    pair = _neighbours(route_calls, at, places)
    if pair is None:
        return None
    before, here, after = (places[route_calls.ids[k]] for k in (pair[0], at, pair[1]))
    distance_in, distance_out, direct = dist(before, here), dist(here, after), dist(before, after)
    if distance_in + distance_out - direct <= LEAST_DETOUR_M:
        return False
    left, called, reached = (route_calls.clock[k] for k in (pair[0], at, pair[1]))
    reach_in, reach_out = (
        secs * FASTEST_BUS_KPH / 3.6 for secs in (called - left, reached - called)
    )
    return distance_in > reach_in and distance_out > reach_out and direct <= reach_in + reach_out


def find_jumps(routes: Sequence[TransitRoute], places: Places) -> list[str]:
    """Stops that no bus can reach in time, although it could run between their neighbours.

    A stop jumps if the straight lines from and to its neighbours both imply more than
    `FASTEST_BUS_KPH` and the line between the neighbours does not, at no less than half of the
    bus calls at the stop.

    Parameters
    ----------
    routes
        All routes; only bus routes count.
    places
        Projected coordinates of the stops with a position.
    """
    verdicts: dict[str, list[bool]] = {}
    for route in routes:
        if not is_bus(route.route_type):
            continue
        route_calls = _calls(route)
        for at in route_calls.calls:
            verdict = _jumps(route_calls, at, places) if route_calls.ids[at] in places else None
            if verdict is not None:
                verdicts.setdefault(route_calls.ids[at], []).append(verdict)
    return [stop for stop, seen in verdicts.items() if any(seen) and 2 * sum(seen) >= len(seen)]


def _gaps(
    routes: Sequence[TransitRoute], wanted: Collection[str], anchors: Places
) -> dict[str, _Gap]:
    """The shortest gap around each wanted stop; stops without a gap are left out."""
    gaps: dict[str, _Gap] = {}
    for route in routes:
        route_calls = _calls(route)
        for at in route_calls.calls:
            stop = route_calls.ids[at]
            pair = _neighbours(route_calls, at, anchors) if stop in wanted else None
            if pair is None or route_calls.ids[pair[0]] == route_calls.ids[pair[1]]:
                continue
            before, here, after = (route_calls.clock[k] for k in (pair[0], at, pair[1]))
            ends = route_calls.ids[pair[0]], route_calls.ids[pair[1]]
            length = dist(*(anchors[end] for end in ends))
            gap = _Gap(length, *ends, (here - before) / (after - before))
            gaps[stop] = min(gaps.get(stop, gap), gap)
    return gaps


def _with_placed_stops(
    stops: gpd.GeoDataFrame, gaps: Mapping[str, _Gap], anchors: Places
) -> gpd.GeoDataFrame:
    """A copy with the stops of `gaps` placed in their gaps."""
    table = stops.copy()
    for stop, gap in gaps.items():
        a, b = np.array(anchors[gap.before]), np.array(anchors[gap.after])
        table.loc[stop, "geometry"] = Point(a + gap.share * (b - a))
        table.loc[stop, "accuracy_m"] = gap.accuracy_m
        table.loc[stop, "confidence"] = "assumed"
    return table


def _fault(stop: str, code: str, gap: _Gap | None, file: str) -> Fault:
    """The fault of a stop; an error only if it stays without a position."""
    message = {
        "stop-unplaced": "it has no coordinates",
        "stop-jump": f"no bus gets there and away below {FASTEST_BUS_KPH:g} km/h",
    }[code]
    if gap is not None:
        where = f"{gap.before!r} and {gap.after!r}, ± {gap.accuracy_m:.0f} m"
        return Fault(file, stop, code, f"{message}: placed between {where}", severity="warning")
    allowed = "check its coordinates, or repair_stops = true in [study]"
    severity = "error" if code == "stop-unplaced" else "warning"
    return Fault(file, stop, code, message, allowed, severity)  # type: ignore[arg-type]


def sound_stops(
    stops: gpd.GeoDataFrame,
    routes: Sequence[TransitRoute],
    *,
    repair: bool,
    files: Mapping[str, str],
) -> tuple[gpd.GeoDataFrame, list[Fault]]:
    """The stops with a position, and faults of stops without one or at an impossible one.

    Parameters
    ----------
    stops
        Indexed by `stop_id`, projected; a stop may have no geometry.
    routes
        The routes that serve them.
    repair
        Whether such stops are placed between the nearest well placed stops of a route, by their
        share of the time; of several routes the one with the nearest such stops counts.
        `accuracy_m` is then half the distance between those (at least 100 m), `confidence` is
        assumed.
    files
        The file of each stop, for faults.

    Returns
    -------
    GeoDataFrame
        Stops with geometry.
    list of Fault
        `stop-unplaced` (an error unless repaired) and `stop-jump` (a warning).
    """
    nowhere = stops.geometry.isna() | stops.geometry.is_empty
    placed_ids = stops.index[~nowhere]
    points = stops.geometry[~nowhere]
    places = dict(zip(placed_ids, zip(points.x, points.y, strict=True), strict=True))
    codes = dict.fromkeys(stops.index[nowhere], "stop-unplaced")
    codes |= dict.fromkeys(find_jumps(routes, places), "stop-jump")
    anchors = {stop: place for stop, place in places.items() if stop not in codes}
    gaps = _gaps(routes, codes, anchors) if repair else {}
    faults = [_fault(stop, code, gaps.get(stop), files[stop]) for stop, code in codes.items()]
    table = _with_placed_stops(stops, gaps, anchors)
    return table[~(nowhere & ~table.index.isin(list(gaps)))], faults
