"""Routes that serve the same two stops: their frequencies combine.

A traveller between two stops takes whichever attractive route comes first. Chriqui and Robillard,
"Common bus lines", Transportation Science 9(2), 1975: sort the routes by ride time and add them
as long as that shortens the expected time.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from functools import lru_cache

import numpy as np
import pandas as pd

from layers.transit import Period, TransitRoute

LEG_COLUMNS = ("from_stop", "to_stop", "secs", "routes")


@dataclass(frozen=True)
class Rides:
    """Rides without a transfer.

    Attributes
    ----------
    pair
        Number of the first stop x count of all stops + number of the second.
    secs
        From street to street, without the wait.
    headway_secs
        Of the route.
    """

    pair: np.ndarray
    secs: np.ndarray
    headway_secs: np.ndarray

    def at(self, positions: np.ndarray) -> Rides:
        """The rides at some positions."""
        return Rides(self.pair[positions], self.secs[positions], self.headway_secs[positions])


def joined(tables: Sequence[Rides]) -> Rides:
    """The rides of several tables, one at least, as one table."""
    return Rides(
        np.concatenate([table.pair for table in tables]),
        np.concatenate([table.secs for table in tables]),
        np.concatenate([table.headway_secs for table in tables]),
    )


def quickest(rides: Rides) -> Rides:
    """The quickest ride for each pair of stops, for a route that passes a stop twice."""
    order = np.argsort(rides.secs, kind="stable")
    _, first = np.unique(rides.pair[order], return_index=True)
    return rides.at(np.sort(order[first]))


@lru_cache(maxsize=64)
def _pairs(count: int) -> tuple[np.ndarray, np.ndarray]:
    """All pairs of positions on a route with this number of stops, the earlier one first."""
    start, end = np.triu_indices(count, k=1)
    return start, end


def rides_of(route: TransitRoute, period: Period, number: Mapping[str, int]) -> Rides:
    """Every ride without a transfer on a route, with access to and egress from its platforms."""
    stop_numbers, hops = [number[stop] for stop in route.stop_ids], list(route.hop_secs)
    stands = list(route.stands_secs)
    if route.circulates:
        # on a circular route a ride may lead past the first stop
        stop_numbers, hops = stop_numbers + stop_numbers[1:], hops + hops
        stands += stands[1:]
    stops = np.array(stop_numbers, dtype=np.int64)
    arrive = np.concatenate([[0.0], np.cumsum(hops) + np.cumsum(stands[:-1])])
    depart = arrive + np.array(stands)
    start, end = _pairs(len(stops))
    ride = arrive[end] - depart[start]
    if route.bidirectional:
        start, end = np.concatenate([start, end]), np.concatenate([end, start])
        ride = np.concatenate([ride, ride])
    rides = Rides(
        stops[start] * len(number) + stops[end],
        ride + (2 * route.stop_access_secs + route.boarding_secs),
        np.full(len(start), float(route.headway_secs(period))),
    )
    if len(set(stop_numbers)) == len(stop_numbers):
        return rides
    return quickest(rides.at(np.flatnonzero(stops[start] != stops[end])))


def _shared_rides(rides: Rides) -> Rides:
    """Rides between stops that more than one route serves, by pair of stops, then by time."""
    order = np.argsort(rides.pair)
    repeated = np.flatnonzero(np.diff(rides.pair[order]) == 0)
    is_shared = np.zeros(len(order), dtype=bool)
    is_shared[repeated], is_shared[repeated + 1] = True, True
    shared = rides.at(np.sort(order[is_shared]))
    # equally long rides: the most frequent first, so that the order of the routes does not matter
    return shared.at(np.lexsort([shared.headway_secs, shared.secs, shared.pair]))


def expected_secs(
    ride_secs: np.ndarray, headway_secs: np.ndarray, first: np.ndarray, *, wait_share: float
) -> np.ndarray:
    """Wait and ride with the best set of routes, one value for each group of rides.

    Parameters
    ----------
    ride_secs, headway_secs
        One value a ride; rides of a group are consecutive, the shortest first.
    first
        Where each group starts.
    wait_share
        Share of the combined headway that is waited: 0 best, 0.5 expected, 1 worst.

    Examples
    --------
    >>> secs = expected_secs(
    ...     np.array([600.0, 600.0, 600.0, 6000.0]),
    ...     np.array([600.0, 600.0, 600.0, 60.0]),
    ...     np.array([0, 2]),
    ...     wait_share=0.5,
    ... )
    >>> secs.round(6).tolist()
    [750.0, 900.0]
    """
    count = np.diff(np.append(first, len(ride_secs)))
    frequency = 1 / headway_secs
    by_frequency = frequency * ride_secs
    total, riding = np.zeros(len(first)), np.zeros(len(first))
    best = np.full(len(first), np.inf)
    group = np.arange(len(first))
    for rank in range(count.max(initial=0)):
        group = group[count[group] > rank]
        total[group] += frequency[first[group] + rank]
        riding[group] += by_frequency[first[group] + rank]
        best[group] = np.minimum(best[group], (wait_share + riding[group]) / total[group])
    return best


def common_legs(routes: Iterable[TransitRoute], period: Period, wait_share: float) -> pd.DataFrame:
    """Legs between pairs of stops that more than one route serves.

    Parameters
    ----------
    routes
        Services.
    period
        Period whose headways apply.
    wait_share
        As for `expected_secs`.

    Returns
    -------
    DataFrame
        `LEG_COLUMNS`: seconds from street to street (access, expected wait, ride, egress) and how
        many routes serve the leg; in the order of the stops' ids.
    """
    routes = [route for route in routes if route.runs_in(period)]
    stops = sorted({stop for route in routes for stop in route.stop_ids})
    number = {stop: place for place, stop in enumerate(stops)}
    if not routes:
        return pd.DataFrame(columns=list(LEG_COLUMNS))
    rides = joined([rides_of(route, period, number) for route in routes])
    return best_legs(rides, stops, wait_share)


def best_legs(rides: Rides, stops: Sequence[str], wait_share: float) -> pd.DataFrame:
    """The best set of rides for each pair of stops between which there are several.

    Parameters
    ----------
    rides
        Rides of routes, at most one a route and pair of stops.
    stops
        The stops, by number.
    wait_share
        As for `expected_secs`.

    Returns
    -------
    DataFrame
        `LEG_COLUMNS`, as of `common_legs`.
    """
    rides = _shared_rides(rides)
    first = np.flatnonzero(np.diff(rides.pair, prepend=-1))
    start, end = np.divmod(rides.pair[first], len(stops))
    # an object array: its strings are looked up one by one
    ids = np.array(stops, dtype=object)
    secs = expected_secs(rides.secs, rides.headway_secs, first, wait_share=wait_share)
    count = np.diff(np.append(first, len(rides.pair)))
    stop_columns = (pd.Series(ids[place], dtype=object) for place in (start, end))
    return pd.DataFrame(dict(zip(LEG_COLUMNS, (*stop_columns, secs, count), strict=True)))
