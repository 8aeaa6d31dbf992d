"""Stops beside each other: lines that serve two such places share their frequencies.

Operators often give one pole an id each. A traveller there takes whichever line comes first, and
walks the few metres to its pole; so every line that serves a place of two stops counts in the best
set of lines between them (`analysis.graph.common_lines`), with these walks added to its ride.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from typing import NamedTuple

import geopandas as gpd
import numpy as np
import pandas as pd
import shapely

from analysis.graph.common_lines import LEG_COLUMNS, Rides, best_legs, joined, quickest, rides_of
from layers.assumptions import Assumptions
from layers.transit import Period, TransitRoute

SAME_PLACE_M = 30.0
"""Poles this near are one place to wait at: one sees the vehicle and is there in time."""


@dataclass(frozen=True, eq=False)
class Poles:
    """Which stops stand beside each other.

    Attributes
    ----------
    stop_ids
        All stops.
    start, end
        Positions of two stops within `SAME_PLACE_M`, each pair in both directions; no stop with
        itself.
    secs
        The walk between them.
    """

    stop_ids: pd.Index
    start: np.ndarray
    end: np.ndarray
    secs: np.ndarray

    def beside(self, stop_ids: Iterable[str]) -> set[str]:
        """Some stops, and those beside them."""
        named = set(stop_ids)
        near = self.end[self.stop_ids[self.start].isin(list(named))]
        return named | set(self.stop_ids[near].tolist())


def poles_of(stops: gpd.GeoSeries, assumptions: Assumptions) -> Poles:
    """The stops that stand beside each other.

    Parameters
    ----------
    stops
        Projected points indexed by `stop_id`.
    assumptions
        `detour`, `walk_mps`; `max_direct_walk_m`, if it is less than `SAME_PLACE_M`.
    """
    points = stops.to_numpy()
    limit_m = min(SAME_PLACE_M, assumptions.max_direct_walk_m)
    pairs = shapely.STRtree(points).query(points, predicate="dwithin", distance=limit_m)
    start, end = pairs[:, pairs[0] != pairs[1]]
    metres = shapely.distance(points[start], points[end])
    return Poles(stops.index, start, end, metres * assumptions.detour / assumptions.walk_mps)


class _Beside(NamedTuple):
    """By number of a stop, with `first`: the stops beside it, itself included, and the walks."""

    first: np.ndarray
    stop: np.ndarray
    secs: np.ndarray

    @property
    def sizes(self) -> np.ndarray:
        """Number of stops beside each stop."""
        return np.diff(self.first)


def _beside(poles: Poles, stops: Sequence[str]) -> _Beside:
    """The stops beside each of some stops; numbers are positions among these."""
    place = pd.Index(stops, dtype=object).get_indexer(poles.stop_ids)
    start, end = place[poles.start], place[poles.end]
    known = (start >= 0) & (end >= 0)
    itself = np.arange(len(stops))
    start, end = np.append(start[known], itself), np.append(end[known], itself)
    secs = np.append(poles.secs[known], np.zeros(len(stops)))
    order = np.lexsort([end, start])
    first = np.searchsorted(start[order], np.arange(len(stops) + 1))
    return _Beside(first, end[order], secs[order])


def _spread(rides: Rides, beside: _Beside) -> tuple[Rides, np.ndarray]:
    """Rides from and to all stops beside theirs, and whether each is between its own stops.

    Rides without a stop beside either of their own are left out: they share nothing here.
    """
    total = len(beside.sizes)
    start, end = np.divmod(rides.pair, total)
    kept = np.flatnonzero(beside.sizes[start] + beside.sizes[end] > 2)  # noqa: PLR2004 - each itself
    start, end = start[kept], end[kept]
    by_end = beside.sizes[end]
    ways = beside.sizes[start] * by_end
    ride = np.repeat(np.arange(len(kept)), ways)
    number = np.arange(len(ride)) - np.repeat(np.cumsum(ways) - ways, ways)
    on = beside.first[start[ride]] + number // by_end[ride]
    off = beside.first[end[ride]] + number % by_end[ride]
    begin, finish = beside.stop[on], beside.stop[off]
    secs = rides.secs[kept][ride] + beside.secs[on] + beside.secs[off]
    spread = Rides(begin * total + finish, secs, rides.headway_secs[kept][ride])
    real = np.flatnonzero(begin != finish)
    own = (begin == start[ride]) & (finish == end[ride])
    return spread.at(real), own[real]


def _legs_of(
    routes: Sequence[TransitRoute], stops: Sequence[str], *, period: Period, beside: _Beside
) -> Rides:
    """Rides between pairs of stops that one line serves itself and another one beside them."""
    number = {stop: place for place, stop in enumerate(stops)}
    tables, served, moved = [], [], []
    for route in routes:
        spread, own = _spread(rides_of(route, period, number), beside)
        served.append(spread.pair[own])
        moved.append(spread.pair[~own])
        tables.append(quickest(spread))
    rides = joined(tables)
    both = np.intersect1d(np.concatenate(served), np.concatenate(moved))
    return rides.at(np.flatnonzero(np.isin(rides.pair, both)))


def pole_legs(
    routes: Iterable[TransitRoute], period: Period, wait_share: float, poles: Poles
) -> pd.DataFrame:
    """Legs between pairs of stops beside which other lines stop too.

    A leg is between two stops that a line serves itself. Only lines with the same way from street
    to platform share: one cannot wait at a bus stop and in a metro station at once.

    Parameters
    ----------
    routes, period, wait_share
        As for `analysis.graph.common_lines.common_legs`.
    poles
        Stops beside each other.

    Returns
    -------
    DataFrame
        `analysis.graph.common_lines.LEG_COLUMNS`.
    """
    near = set(poles.stop_ids[poles.start].tolist())
    some = [route for route in routes if not near.isdisjoint(route.stop_ids)]
    stops = sorted({stop for route in some for stop in route.stop_ids})
    tables = [pd.DataFrame(columns=list(LEG_COLUMNS))] * (not some)
    beside = _beside(poles, stops)
    for access in sorted({route.stop_access_secs for route in some}):
        alike = [route for route in some if route.stop_access_secs == access]
        rides = _legs_of(alike, stops, period=period, beside=beside)
        tables.append(best_legs(rides, stops, wait_share))
    return pd.concat(tables, ignore_index=True)
