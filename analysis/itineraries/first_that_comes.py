"""Of several lines between two stops those of which a traveller takes the first that comes."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from typing import NamedTuple

import numpy as np

from analysis.graph.common_lines import quickest, rides_of
from analysis.graph.poles import Poles
from layers.transit import Period, TransitRoute


class _Ride(NamedTuple):
    """One route between two places: seconds from street to street, headway, position."""

    secs: float
    headway_secs: float
    route: int


@dataclass(frozen=True)
class FirstThatComes:
    """The routes of a leg, the quickest first.

    Attributes
    ----------
    routes
        Their positions.
    secs
        Expected seconds from street to street.
    wait_secs
        Of these the wait, with the time of boarding.
    access_secs
        Of these from street to platform; as much again is back to the street.
    """

    routes: tuple[int, ...]
    secs: float
    wait_secs: float
    access_secs: float


def _places(stop: str, poles: Poles) -> dict[str, float]:
    """A stop and those beside it, with the walk to each."""
    beside = np.flatnonzero(poles.start == poles.stop_ids.get_loc(stop))
    ids = poles.stop_ids[poles.end[beside]]
    return {stop: 0.0, **dict(zip(ids, poles.secs[beside].tolist(), strict=True))}


def _rides(
    routes: Sequence[TransitRoute],
    period: Period,
    starts: dict[str, float],
    ends: dict[str, float],
) -> Iterator[_Ride]:
    """The quickest ride of each route from one of some stops to one of others, walks included."""
    for at, route in enumerate(routes):
        if not route.runs_in(period) or starts.keys().isdisjoint(route.stop_ids):
            continue
        ids = sorted(set(route.stop_ids))
        number = {stop: place for place, stop in enumerate(ids)}
        table = quickest(rides_of(route, period, number))
        secs = dict(zip(table.pair.tolist(), table.secs.tolist(), strict=True))
        found = [
            secs[number[a] * len(ids) + number[b]] + walk_to + walk_from
            for a, walk_to in starts.items()
            for b, walk_from in ends.items()
            if a in number and b in number and number[a] * len(ids) + number[b] in secs
        ]
        if found:
            yield _Ride(min(found), float(route.headway_secs(period)), at)


def _best(
    rides: Sequence[_Ride], routes: Sequence[TransitRoute], wait_share: float
) -> FirstThatComes:
    """The best set, as `analysis.graph.common_lines.expected_secs` finds it."""
    ordered = sorted(rides)
    secs, headway = (np.array([ride[k] for ride in ordered]) for k in (0, 1))
    frequency = np.cumsum(1 / headway)
    expected = (wait_share + np.cumsum(secs / headway)) / frequency
    last = int(expected.argmin())
    share = 1 / headway[: last + 1] / frequency[last]
    chosen = [routes[ride.route] for ride in ordered[: last + 1]]
    access, boarding = (
        float(share @ np.array([getattr(route, name) for route in chosen]))
        for name in ("stop_access_secs", "boarding_secs")
    )
    return FirstThatComes(
        tuple(ride.route for ride in ordered[: last + 1]),
        float(expected[last]),
        wait_share / float(frequency[last]) + boarding,
        access,
    )


def first_that_comes(
    routes: Sequence[TransitRoute],
    stops: tuple[str, str],
    poles: Poles,
    *,
    period: Period,
    wait_share: float,
) -> FirstThatComes:
    """The best set of routes between two stops that several serve.

    Of routes that serve the stops themselves, and of those of one way to the platform that serve
    stops beside them (`analysis.graph.poles`): the quicker set, as in the graph.

    Parameters
    ----------
    routes
        All services; some must lead from the first stop to the second.
    stops
        Ids of the two stops.
    poles
        Stops beside each other.
    period
        Period whose headways apply.
    wait_share
        Share of the combined headway that is waited.
    """
    starts, ends = (_places(stop, poles) for stop in stops)
    sets = [list(_rides(routes, period, *({stop: 0.0} for stop in stops)))]
    beside = list(_rides(routes, period, starts, ends))
    for access in sorted({routes[ride.route].stop_access_secs for ride in beside}):
        sets += [[ride for ride in beside if routes[ride.route].stop_access_secs == access]]
    return min((_best(rides, routes, wait_share) for rides in sets if rides), key=lambda s: s.secs)
