"""The legs of a path where lines have headways only: waits are those expected."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from itertools import pairwise
from typing import NamedTuple

import numpy as np

from analysis.graph.poles import poles_of
from analysis.graph.routable_network import RoutableNetwork
from analysis.graph.transit_arcs import service_runs
from analysis.graph.travel import WAIT_SHARE, Travel
from analysis.itineraries.first_that_comes import first_that_comes
from analysis.itineraries.legs import RIDE, WAIT, WALK, Leg, in_a_row
from analysis.routing.arcs import Arcs
from analysis.routing.linked_points import Connectors
from analysis.routing.shortest_paths import paths_from
from layers.network import TransportNetwork

STREET, BOARD, DEPART, ARRIVE, ALIGHT = range(5)


class _Vertices(NamedTuple):
    """What each vertex stands for: its role, its stop and its route (positions, else -1)."""

    role: np.ndarray
    stop: np.ndarray
    route: np.ndarray


def _vertices(network: TransportNetwork, streets: int) -> _Vertices:
    """The vertices in the order in which `analysis.graph.stop_arcs.add_stops` numbers them."""
    arcs, count = Arcs(), len(network.stops)
    position = {stop: at for at, stop in enumerate(network.stops.index)}
    number = {id(route): at for at, route in enumerate(network.routes)}
    arcs.vertices(streets + count)
    runs = service_runs(network.routes, arcs)
    size = int(arcs.vertices(count)[0] if count else streets) + count
    found = _Vertices(*(np.full(size, value) for value in (STREET, -1, -1)))
    stops = np.arange(count)
    found.role[streets : streets + count], found.stop[streets : streets + count] = BOARD, stops
    found.role[size - count :], found.stop[size - count :] = ALIGHT, stops
    for run in runs:
        for role, at in ((ARRIVE, run.arrive), (DEPART, run.depart)):
            found.role[at], found.route[at] = role, number[id(run.route)]
            found.stop[at] = [position[stop] for stop in run.stop_ids]
    return found


class _Told:
    """Legs in the making."""

    def __init__(self, origin: int, depart_secs: float) -> None:
        self.legs: list[Leg] = []
        self.at, self.now, self.walked = origin, depart_secs, 0.0
        self.passed: list[int] = []
        self.routes: list[int] = []
        self.riding = 0.0

    def add(self, leg: Leg) -> None:
        """Add a leg that starts now."""
        self.legs.append(leg)
        self.at, self.now = leg.end, self.now + leg.secs

    def walk_to(self, place: int, more_secs: float = 0.0) -> None:
        """End a walk."""
        self.add(Leg(WALK, self.at, place, self.now, self.walked + more_secs))
        self.walked = 0.0

    def wait(self, secs: float) -> None:
        """Wait where one is."""
        self.add(Leg(WAIT, self.at, self.at, self.now, secs))

    def ride_on(self, stop: int, route: int, secs: float) -> None:
        """Ride to the next stop, or stand, or stay on board as another route."""
        self.riding += secs
        if route not in self.routes:
            self.routes.append(route)
        if not self.passed or self.passed[-1] != stop:
            self.passed.append(stop)

    def alight(self, access_secs: float) -> None:
        """End a ride; back to the street."""
        passed = self.passed[1:] if self.passed[0] == self.at else self.passed
        ride = Leg(RIDE, self.at, self.passed[-1], self.now, self.riding, tuple(self.routes))
        self.add(ride._replace(passed=tuple(passed[:-1])))
        self.passed, self.routes, self.riding = [], [], 0.0
        self.walked = access_secs


class HeadwayLegs:
    """Shortest paths by transit told as legs.

    Parameters
    ----------
    network
        Stops and routes, none of which has a timetable.
    routable
        The same network with the points.
    travel
        Period and waiting with which it was made.
    """

    def __init__(
        self, network: TransportNetwork, routable: RoutableNetwork, travel: Travel
    ) -> None:
        self._routes, self._travel = network.routes, travel
        self._linked = routable.linked
        self._points = len(routable.points)
        self._stop_ids = list(network.stops.index)
        self._poles = poles_of(network.stops.geometry, routable.assumptions)
        self._vertices = _vertices(network, self._linked.graph.streets)

    def paths(
        self, origin: int, destinations: Sequence[int], *, limit: float
    ) -> Iterator[list[Leg] | None]:
        """Legs from one point to others, leaving at second 0; None where there is no way."""
        for end, (secs, path) in zip(
            destinations,
            paths_from(self._linked, origin, destinations, limit=limit),
            strict=True,
        ):
            yield self._legs(origin, end, path, secs) if np.isfinite(secs) else None

    def _legs(self, origin: int, end: int, path: list[int], secs: float) -> list[Leg]:
        told = _Told(origin, 0.0)
        if not path:
            told.walked = secs
        else:
            told.walked = self._connector_secs(self._linked.access, origin, path[0])
            for tail, head in pairwise(path):
                self._tell(told, tail, head)
            told.walked += self._connector_secs(self._linked.egress, end, path[-1])
        told.walk_to(end)
        return in_a_row(told.legs)

    def _connector_secs(self, connectors: Connectors, point: int, vertex: int) -> float:
        row = connectors.take(np.array([point]))
        cost = row.costs[row.at == vertex]
        return float(cost.min()) / self._linked.graph.scale.per_sec

    def _arc_secs(self, tail: int, head: int) -> float:
        graph = self._linked.graph
        row = slice(graph.first[tail], graph.first[tail + 1])
        return float(graph.costs[row][graph.heads[row] == head][0]) / graph.scale.per_sec

    def _tell(self, told: _Told, tail: int, head: int) -> None:
        """Add one arc of the path to the legs."""
        role, stop, route = self._vertices
        secs = self._arc_secs(tail, head)
        there = int(stop[head]) + self._points
        if role[tail] == BOARD and role[head] == ALIGHT:
            self._ride_first_that_comes(told, (int(stop[tail]), int(stop[head])), secs)
        elif role[tail] == BOARD:
            access = self._whole(self._routes[route[head]].stop_access_secs)
            told.walk_to(int(stop[tail]) + self._points, access)
            told.wait(secs - access)
            told.ride_on(there, int(route[head]), 0.0)
        elif role[tail] == ARRIVE and role[head] == ALIGHT:
            told.alight(secs)
        elif role[tail] in {DEPART, ARRIVE}:
            told.ride_on(there, int(route[head]), secs)
        else:
            told.walked += secs

    def _whole(self, secs: float) -> float:
        """Seconds as the graph counts them, so that sums are exact."""
        return float(self._linked.graph.scale.whole(np.array(secs)))

    def _ride_first_that_comes(self, told: _Told, stops: tuple[int, int], secs: float) -> None:
        """Between two stops that several routes serve: the wait is for whichever comes first."""
        start, end = stops
        lines = first_that_comes(
            self._routes,
            (self._stop_ids[start], self._stop_ids[end]),
            self._poles,
            period=self._travel.period,
            wait_share=WAIT_SHARE[self._travel.band],
        )
        access, wait = self._whole(lines.access_secs), self._whole(lines.wait_secs)
        told.walk_to(start + self._points, access)
        told.wait(wait)
        ride = secs - wait - 2 * access
        at = (start + self._points, end + self._points)
        told.add(Leg(RIDE, *at, told.now, ride, lines.routes, is_choice=True))
        told.walked = access
