"""Closing links: the shortest road between two stop areas that puts a gateway on a loop.

A link is run by buses in both directions between two stop areas that buses serve already. It
closes a gateway if, with it, there is a cycle as `analysis.buses.loops` defines it. Two kinds of
cycles can come about:

- the link itself passes the gateway, and buses that do not lead back across another one;
- the link does not pass it, but is a part of the way back of buses that do.

Both are searched exactly: the shortest link of either kind is found, or there is none.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

import numpy as np

from analysis.buses.courses import gateways_on
from analysis.buses.graph import BusGraph
from analysis.buses.roads import Roads, Way, roads_of
from analysis.paths.graph import Graph
from analysis.paths.points import Trips
from analysis.paths.vertices import times_to_points, times_to_vertices

FIRST_RADIUS_M = 500.0
NO_AREA = -1
"""A station is in no stop area."""


@dataclass(frozen=True)
class Link:
    """A link between the stop areas `start` and `end` (their numbers), and its path."""

    gateway_id: str
    start: int
    end: int
    way: Way
    gateways: tuple[str, ...]

    @property
    def rank(self) -> tuple[float, int, int]:
        """Shortest first; of equally long ones always the same."""
        return (self.way.length_m, self.start, self.end)


@dataclass(frozen=True)
class _Search:
    """One gateway, the roads without it and the buses without it."""

    bus: BusGraph
    gateway_id: str
    roads: Roads
    rest: Graph
    max_m: float

    @property
    def count(self) -> int:
        return self.bus.ways.count

    def by_area(self, metres: np.ndarray) -> np.ndarray:
        """The smallest of the metres at the stops of each stop area."""
        area = self.bus.area_of_point
        found = np.full(self.count, np.inf)
        np.minimum.at(found, area, metres[: len(area)])
        return found

    def stop_at(self, area: int, metres: np.ndarray) -> int:
        """The stop of a stop area with the smallest metres."""
        points = self.bus.points_of_area[area]
        return int(points[metres[points].argmin()])

    def buses(self, starts: np.ndarray, metres: np.ndarray, *, reverse: bool) -> np.ndarray:
        """Metres by bus from some vertices of the graph (or to them), each with its own."""
        graph = self.rest.reversed if reverse else self.rest
        use = metres <= self.max_m
        return times_to_vertices(graph, (starts[use], metres[use]), limit=self.max_m)


# Links that pass the gateway ------------------------------------------------------------------


def _gates(search: _Search) -> Iterator[tuple[int, int]]:
    """The gates of the gateway in each direction in which buses may pass them."""
    table = search.bus.gates.table
    on = table.loc[table["gateway_id"] == search.gateway_id]
    graph = search.bus.question.trips.graph
    for tail, head in zip(on["tail"].tolist(), on["head"].tolist(), strict=True):
        for a, b in ((tail, head), (head, tail)):
            if b in graph.heads[graph.first[a] : graph.first[a + 1]]:
                yield a, b


def _nearest_pair(
    search: _Search, before: np.ndarray, after: np.ndarray, most: float
) -> tuple[int, int] | None:
    """Stop areas with the least `before[start] + after[end]` below `most` that buses join.

    Buses lead from `end` back to `start` across another gateway, all in all within the limit.
    """
    n = search.count
    areas = np.arange(n)
    back = before + search.buses(areas, after, reverse=False)[n:]
    on = after + search.buses(areas + n, before, reverse=True)[:n]
    ends = on <= search.max_m
    if not ends.any():
        return None
    least = float(after[ends].min())
    starts = np.flatnonzero(back <= search.max_m)
    best = None
    for start in starts[np.argsort(before[starts], kind="stable")].tolist():
        if before[start] + least >= most:
            break
        ways = search.buses(np.array([start + n]), before[[start]], reverse=True)[:n]
        fits = (ways + after <= search.max_m) & (areas != start)
        if fits.any():
            end = int(np.where(fits, after, np.inf).argmin())
            if before[start] + after[end] < most:
                most, best = float(before[start] + after[end]), (start, end)
    return best


def _within(search: _Search, radius_m: float) -> Link | None:
    """The shortest link through the gateway that leaves it by no more than some metres."""
    best, most = None, search.max_m
    for gate in _gates(search):
        before = search.roads.metres_from(gate[0], radius_m, reverse=True)
        after = search.roads.metres_from(gate[1], radius_m)
        pair = _nearest_pair(search, search.by_area(before), search.by_area(after), most)
        if pair:
            stops = search.stop_at(pair[0], before), search.stop_at(pair[1], after)
            way = search.roads.way_through(*stops, gate, radius_m)
            passed = gateways_on(search.bus.gates, way.vertices)
            link = Link(search.gateway_id, *pair, way, passed)
            most = way.length_m
            best = link if best is None or link.rank < best.rank else best
    return best


def _through(search: _Search) -> Link | None:
    """The shortest link through the gateway: looked for ever farther around it."""
    radius, best = FIRST_RADIUS_M, None
    while radius < search.max_m and (best is None or best.way.length_m > radius):
        radius = min(4 * radius, search.max_m)
        best = _within(search, radius)
    return best


# Links on the way back ------------------------------------------------------------------------


@dataclass(frozen=True)
class _Home:
    """What is left of a cycle once a hop over the gateway is taken.

    `out` and `home`: metres by bus from its end and to its start, by stop area; `..._across` those
    of ways that pass another gateway (`out`, `home`: with or without). `left_m`: what a link may
    add.
    """

    out: np.ndarray
    out_across: np.ndarray
    home: np.ndarray
    home_across: np.ndarray
    left_m: float

    def total(self, start: int, end: int, *, crosses: bool) -> float:
        """Metres by bus with a link from `start` to `end`."""
        if crosses:
            return float(self.out[start] + self.home[end])
        return float(
            min(
                self.out_across[start] + self.home[end],
                self.out[start] + self.home_across[end],
            )
        )


def _homes(search: _Search) -> Iterator[_Home]:
    ways, n = search.bus.ways, search.count
    nothing = np.zeros(1)
    for arc in ways.arcs_over(search.gateway_id).tolist():
        out = search.buses(ways.heads[[arc]], nothing, reverse=False)
        home = search.buses(ways.tails[[arc]] + n, nothing, reverse=True)
        left = search.max_m - float(ways.metres[arc])
        yield _Home(np.minimum(out[:n], out[n:]), out[n:], home[n:], home[:n], left)


def _ends(search: _Search, home: _Home) -> tuple[np.ndarray, np.ndarray]:
    """Stop areas at which a link may start and end, for all that roads tell."""
    area = search.bus.area_of_point
    start, end = (
        _to_points(trips, metres[area], home.left_m)[: len(area)]
        for trips, metres in (
            (search.roads.backward, home.home),
            (search.roads.forward, home.out),
        )
    )
    starts = search.by_area(start) + home.out <= home.left_m
    ends = search.by_area(end) + home.home <= home.left_m
    return np.flatnonzero(starts), ends


def _to_points(trips: Trips, metres: np.ndarray, limit_m: float) -> np.ndarray:
    """Metres from stops, each with metres of its own, by road to all points."""
    owner = np.repeat(np.arange(trips.count), np.diff(trips.out.first))
    known = owner < len(metres)
    own = np.full(len(owner), np.inf)
    own[known] = metres[owner[known]] + trips.out.costs[known] / trips.graph.scale.per_sec
    use = own <= limit_m
    return times_to_points(trips, (trips.out.at[use], own[use]), limit=limit_m)


@dataclass(frozen=True, order=True)
class _Pair:
    """Metres by road, stop areas, and stops (points)."""

    metres: float
    start: int
    end: int
    stop: int
    other: int


def _pairs(
    search: _Search, home: _Home, between: tuple[np.ndarray, np.ndarray], radius_m: float
) -> list[_Pair]:
    """Pairs of stop areas within a road distance that may lead home, nearest first.

    If the link must cross a border, all stops of either area count: of an area astride the border
    only some lie across a gateway. Else the nearest two do.
    """
    starts, ends = between
    found = []
    for start in starts.tolist():
        stops = search.bus.points_of_area[start]
        by_area = search.by_area(search.roads.metres_between(stops, radius_m))
        total = by_area + home.out[start] + home.home
        fits = ends & (by_area <= radius_m) & (total <= home.left_m)
        fits[start] = False
        if fits.any():
            found += _stop_pairs(search, home, start, fits, radius_m=radius_m)
    return sorted(found)


def _stop_pairs(
    search: _Search, home: _Home, start: int, ends: np.ndarray, *, radius_m: float
) -> list[_Pair]:
    """The pairs of stops of one area and some others within a road distance."""
    area, found = search.bus.area_of_point, []
    nearest: dict[int, _Pair] = {}
    for stop in search.bus.points_of_area[start].tolist():
        metres = search.roads.metres_between(np.array([stop]), radius_m)[: len(area)]
        for other in np.flatnonzero((metres <= radius_m) & ends[area]).tolist():
            pair = _Pair(float(metres[other]), start, int(area[other]), stop, other)
            if home.total(start, pair.end, crosses=False) + pair.metres <= home.left_m:
                nearest[pair.end] = min(nearest.get(pair.end, pair), pair)
            elif home.total(start, pair.end, crosses=True) + pair.metres <= home.left_m:
                found.append(pair)
    return [*found, *nearest.values()]


def _completing(search: _Search, home: _Home, most: float) -> Link | None:
    """The shortest link that leads home; only those below `most` are looked for."""
    starts, ends = _ends(search, home)
    radius, seen = FIRST_RADIUS_M, -1.0
    limit = min(most, home.left_m)
    while len(starts) and ends.any() and seen < limit:
        within = min(radius, limit)
        for pair in _pairs(search, home, (starts, ends), within):
            if pair.metres <= seen:
                continue
            way = search.roads.way(pair.stop, pair.other, within)
            passed = gateways_on(search.bus.gates, way.vertices)
            total = home.total(pair.start, pair.end, crosses=bool(passed)) + pair.metres
            if total <= home.left_m:
                return Link(search.gateway_id, pair.start, pair.end, way, passed)
        seen, radius = within, 2 * radius
    return None


def closing_link(bus: BusGraph, gateway_id: str, max_loop_km: float) -> Link | None:
    """The shortest link that would close a gateway; None if none can.

    Parameters
    ----------
    bus
        Stop areas, hops and roads.
    gateway_id
        A gateway that is not closed.
    max_loop_km
        Longest cycle that counts as a loop, kilometres.
    """
    rest = bus.ways.without(gateway_id)
    search = _Search(bus, gateway_id, roads_of(bus, gateway_id), rest, max_loop_km * 1000)
    best = _through(search)
    for home in _homes(search):
        most = best.way.length_m if best else search.max_m
        link = _completing(search, home, most)
        if link and (best is None or link.rank < best.rank):
            best = link
    return best


def feeding_link(
    bus: BusGraph,
    stop_id: str,
    *,
    sides: tuple[str, str],
    areas: np.ndarray,
    max_km: float,
) -> Link | None:
    """The shortest road from a station to a bus stop in the other area, across their border.

    Parameters
    ----------
    bus
        Stop areas, hops and roads; the station is one of its stations.
    stop_id
        The station.
    sides
        The two planning areas of the border. A station in neither has no link.
    areas
        The planning area of each point of the bus graph.
    max_km
        Longer ones are not looked for.
    """
    point = int(bus.question.points.index.get_loc(f"station:{stop_id}"))
    if areas[point] not in sides:
        return None
    there = sides[1] if areas[point] == sides[0] else sides[0]
    roads, border = roads_of(bus), "|".join(sorted(sides))
    count = len(bus.area_of_stop)
    metres = roads.metres_between(np.array([point]), max_km * 1000)[:count]
    metres = np.where(areas[:count] == there, metres, np.inf)
    for stop in np.argsort(metres, kind="stable").tolist():
        if not np.isfinite(metres[stop]):
            return None
        way = roads.way(point, stop, max_km * 1000)
        passed = gateways_on(bus.gates, way.vertices)
        if any(gateway.startswith(f"{border}:") for gateway in passed):
            return Link("", NO_AREA, int(bus.area_of_point[stop]), way, passed)
    return None
