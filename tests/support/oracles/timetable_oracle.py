"""Travel by timetable in plain Python: rounds over all trips, nothing left out in advance."""

from __future__ import annotations

from collections.abc import Mapping

import numpy as np

from analysis.timetable.service.phases import ANY_PHASE
from analysis.timetable.service.vehicles import Vehicles
from layers.network import TransportNetwork

INF = 10**9
Known = dict[tuple[int, int], int]
"""The earliest moment at a stop after alighting from a route, by stop and route."""


class Changes:
    """Seconds from one stop and route to another, from walks and the rules of a timetable."""

    def __init__(self, network: TransportNetwork, walks: np.ndarray, most: float) -> None:
        self.walks = walks
        self.most = most
        self.stop = {stop: at for at, stop in enumerate(network.stops.index)}
        self.route = {route.route_id: at for at, route in enumerate(network.routes)}
        self.rules = [
            rule for rule in network.timetable.transfers.itertuples() if self._is_here(rule)
        ]

    def _is_here(self, rule) -> bool:
        return all(name in ("", *self.route) for name in (rule.from_route_id, rule.to_route_id))

    def secs(self, one: tuple[int, int], other: tuple[int, int]) -> float:
        """Seconds of a change between (stop, route) and (stop, route)."""
        walk = self.walks[one[0], other[0]]
        best, found = -1, None
        for rule in self.rules:
            ends = (self.stop[rule.from_stop_id], self.stop[rule.to_stop_id])
            named = [
                (name, self.route.get(name), at[1])
                for name, at in ((rule.from_route_id, one), (rule.to_route_id, other))
            ]
            fits = ends == (one[0], other[0]) and all(not n or r == at for n, r, at in named)
            rank = sum(bool(name) for name, _, _ in named)
            if fits and rank >= best:
                best, found = rank, rule
        if found is None:
            return walk if walk <= self.most else INF
        if found.rule == "forbidden":
            return INF
        if found.rule == "timed":
            return 0
        return max(found.min_secs, walk if walk <= self.most else 0)


def _ride(vehicles: Vehicles, ready, phase: int) -> Known:
    """Who boards by `ready(stop, route)`, and where and when they alight, staying on board too."""
    calls, trips, first = vehicles.calls, vehicles.trips, vehicles.first
    found: Known = {}
    aboard = {}
    stays: dict[int, list[int]] = {}
    for one, other in vehicles.stays.tolist():
        stays.setdefault(one, []).append(other)

    def ride(trip: int, on_board: bool) -> None:
        if aboard.get(trip, False) or trips.phase[trip] not in (ANY_PHASE, phase):
            return
        for call in range(first[trip], first[trip + 1]):
            stop, route = int(calls.stop[call]), int(trips.route[trip])
            if on_board and calls.drop_off[call] and call > first[trip]:
                moment = int(calls.arrive[call] + trips.leave_secs[trip])
                found[stop, route] = min(found.get((stop, route), INF), moment)
            last = call == first[trip + 1] - 1
            by = calls.depart[call] - trips.board_secs[trip]
            if not on_board and not last and calls.pickup[call] and ready(stop, route) <= by:
                on_board = True
        if on_board:
            aboard[trip] = True
            for following in stays.get(trip, ()):
                begin_aboard.append(following)

    begin_aboard: list[int] = []
    for trip in range(len(trips.route)):
        if first[trip + 1] - first[trip] > 1:
            ride(trip, False)
    while begin_aboard:
        trip = begin_aboard.pop()
        if not aboard.get(("whole", trip)):
            aboard["whole", trip] = True
            aboard[trip] = False
            ride(trip, True)
    return found


def earliest(
    vehicles: Vehicles,
    changes: Changes,
    walks: Mapping[str, np.ndarray],
    *,
    moment: int,
    phase: int,
    max_rides: int,
) -> np.ndarray:
    """Earliest arrival at every point from one point.

    `walks` has `access` (seconds to each stop), `egress` (stops x points) and `direct` (to each
    point), infinite where there is no walk or it is too long.
    """
    best = moment + walks["direct"]
    known: Known = {}
    for number in range(max_rides):
        if number == 0:

            def ready(stop: int, _route: int) -> float:
                return moment + walks["access"][stop]
        else:
            before = dict(known)

            def ready(stop: int, route: int, before: Known = before) -> float:
                times = [t + changes.secs(at, (stop, route)) for at, t in before.items()]
                return min(times, default=INF)

        found = _ride(vehicles, ready, phase)
        new = {key: t for key, t in found.items() if t < known.get(key, INF)}
        for (stop, _), moment_there in new.items():
            best = np.minimum(best, moment_there + walks["egress"][stop])
        if not new:
            break
        known = {**known, **new}
    return best
