"""Links that are a part of the way back of buses which pass the gateway."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

import numpy as np

from analysis.buses.links.link_search import FIRST_RADIUS_M, Link, LinkSearch
from analysis.buses.network.hop_courses import gateways_on
from analysis.routing.arcs import Scale
from analysis.routing.linked_points import Connectors, LinkedPoints
from analysis.routing.one_to_all import times_to_points


@dataclass(frozen=True)
class ReturnPath:
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


def return_paths(search: LinkSearch) -> Iterator[ReturnPath]:
    """What is left of a cycle, for each hop over the gateway."""
    ways, n = search.bus.ways, search.count
    nothing = np.zeros(1)
    for arc in ways.arcs_over(search.gateway_id).tolist():
        out = search.buses(ways.heads[[arc]], nothing, reverse=False)
        home = search.buses(ways.tails[[arc]] + n, nothing, reverse=True)
        left = search.max_m - float(ways.metres[arc])
        yield ReturnPath(np.minimum(out[:n], out[n:]), out[n:], home[n:], home[:n], left)


def _ends(search: LinkSearch, home: ReturnPath) -> tuple[np.ndarray, np.ndarray]:
    """Stop areas at which a link may start and end, for all that roads tell."""
    area = search.bus.area_of_point
    start, end = (
        _to_points(linked, metres[area], home.left_m)[: len(area)]
        for linked, metres in (
            (search.roads.backward, home.home),
            (search.roads.forward, home.out),
        )
    )
    starts = search.by_area(start) + home.out <= home.left_m
    ends = search.by_area(end) + home.home <= home.left_m
    return np.flatnonzero(starts), ends


def _to_points(linked: LinkedPoints, metres: np.ndarray, limit_m: float) -> np.ndarray:
    """Metres from stops, each with metres of its own, by road to all points."""
    own, at = _added(linked.access, metres, linked.graph.scale)
    use = own <= limit_m
    found = times_to_points(linked, (at[use], own[use]), limit=limit_m)
    beside, there = _added(linked.direct, metres, linked.graph.scale)
    np.minimum.at(found, there, beside)
    return found


def _added(legs: Connectors, metres: np.ndarray, scale: Scale) -> tuple[np.ndarray, np.ndarray]:
    """Metres at the far end of the legs of stops, each with metres of its own, and that end."""
    owner = np.repeat(np.arange(len(legs.first) - 1), np.diff(legs.first))
    known = owner < len(metres)
    return metres[owner[known]] + legs.costs[known] / scale.per_sec, legs.at[known]


@dataclass(frozen=True, order=True)
class StopPair:
    """Metres by road, stop areas, and stops (points)."""

    metres: float
    start: int
    end: int
    stop: int
    other: int


def _pairs(
    search: LinkSearch, home: ReturnPath, between: tuple[np.ndarray, np.ndarray], radius_m: float
) -> list[StopPair]:
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
    search: LinkSearch, home: ReturnPath, start: int, ends: np.ndarray, *, radius_m: float
) -> list[StopPair]:
    """The pairs of stops of one area and some others within a road distance."""
    area, found = search.bus.area_of_point, []
    nearest: dict[int, StopPair] = {}
    for stop in search.bus.points_of_area[start].tolist():
        metres = search.roads.metres_between(np.array([stop]), radius_m)[: len(area)]
        for other in np.flatnonzero((metres <= radius_m) & ends[area]).tolist():
            pair = StopPair(float(metres[other]), start, int(area[other]), stop, other)
            if home.total(start, pair.end, crosses=False) + pair.metres <= home.left_m:
                nearest[pair.end] = min(nearest.get(pair.end, pair), pair)
            elif home.total(start, pair.end, crosses=True) + pair.metres <= home.left_m:
                found.append(pair)
    return [*found, *nearest.values()]


def return_link(search: LinkSearch, home: ReturnPath, most: float) -> Link | None:
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
