"""Travel by timetable in plain Python: rounds over all trips, nothing left out in advance."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Any

import numpy as np

from analysis.timetable.service.phases import ANY_PHASE
from analysis.timetable.service.vehicles import Vehicles
from layers.network import TransportNetwork
from layers.timetable import FORBIDDEN, TIMED

NEVER = 10**9
Known = dict[tuple[int, int], int]
"""The earliest moment after alighting, by stop and route."""
Ready = Callable[[int, int], float]
"""From when on one can board at a stop on a route."""


class Changes:
    """Seconds from one stop and route to another, from walks and the rules of a timetable.

    Parameters
    ----------
    network
        Stops, routes and rules.
    walks
        Seconds between stops; infinite where there is no walk, or a longer one than allowed.
    mirrored
        Whether time is reversed: from is to.
    """

    def __init__(self, network: TransportNetwork, walks: np.ndarray, *, mirrored: bool) -> None:
        self._walks, self._mirrored = walks, mirrored
        self._stop = {stop: at for at, stop in enumerate(network.stops.index)}
        self._route = {route.route_id: at for at, route in enumerate(network.routes)}
        self._rules = list(network.timetable.transfers.itertuples())

    def _rank(self, rule: Any, one: tuple[int, int], other: tuple[int, int]) -> int:
        """How many routes a rule names; -1 if it says nothing of two stops and routes."""
        ends = self._stop[rule.from_stop_id], self._stop[rule.to_stop_id]
        named = ((rule.from_route_id, one[1]), (rule.to_route_id, other[1]))
        fits = all(not name or self._route.get(name) == at for name, at in named)
        rank = sum(bool(name) for name, _ in named)
        return rank if fits and ends == (one[0], other[0]) else -1

    def secs(self, one: tuple[int, int], other: tuple[int, int]) -> float:
        """Seconds of a change between (stop, route) and (stop, route)."""
        walk = self._walks[one[0], other[0]]
        ends = (other, one) if self._mirrored else (one, other)
        ranks = [self._rank(rule, *ends) for rule in self._rules]
        if max(ranks, default=-1) < 0:
            return float(walk)
        # of rules that name as many routes the last counts
        rule = self._rules[max(k for k, rank in enumerate(ranks) if rank == max(ranks))]
        if rule.rule == FORBIDDEN:
            return NEVER
        return 0 if rule.rule == TIMED else max(rule.min_secs, walk if np.isfinite(walk) else 0)


@dataclass
class _Round:
    """One round: everybody rides once, from where they are ready."""

    vehicles: Vehicles
    ready: Ready
    phase: int

    def __post_init__(self) -> None:
        """Ride every trip, then those on which riders stay on board."""
        self.found: Known = {}
        trips = self.vehicles.trips
        runs = [n for n, phase in enumerate(trips.phase) if phase in (ANY_PHASE, self.phase)]
        waiting = [trip for trip in runs if self._ride(trip, aboard=False)]
        stayed: set[int] = set()
        while waiting:
            trip = waiting.pop()
            onward = {b for a, b in self.vehicles.stays.tolist() if a == trip} - stayed
            stayed |= onward
            for other in onward & set(runs):
                self._ride(other, aboard=True)
                waiting.append(other)

    def _ride(self, trip: int, *, aboard: bool) -> bool:
        """Ride a trip; whether anybody is on board at its end."""
        calls, trips = self.vehicles.calls, self.vehicles.trips
        first, last = self.vehicles.first[trip], self.vehicles.first[trip + 1] - 1
        for call in range(first, last + 1 if last > first else first):
            stop, route = int(calls.stop[call]), int(trips.route[trip])
            if aboard and calls.drop_off[call] and call > first:
                moment = int(calls.arrive[call] + trips.leave_secs[trip])
                self.found[stop, route] = min(self.found.get((stop, route), NEVER), moment)
            by = calls.depart[call] - trips.board_secs[trip]
            if call < last and calls.pickup[call] and self.ready(stop, route) <= by:
                aboard = True
        return aboard


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
    best: np.ndarray = moment + walks["direct"]
    known: Known = {}

    def from_street(stop: int, _: int) -> float:
        return float(moment + walks["access"][stop])

    def from_vehicles(stop: int, route: int) -> float:
        times = (time + changes.secs(at, (stop, route)) for at, time in before.items())
        return min(times, default=NEVER)

    for number in range(max_rides):
        before = dict(known)
        found = _Round(vehicles, from_vehicles if number else from_street, phase).found
        new = {at: time for at, time in found.items() if time < known.get(at, NEVER)}
        for (stop, _), time in new.items():
            best = np.minimum(best, time + walks["egress"][stop])
        if not new:
            break
        known |= new
    return best
