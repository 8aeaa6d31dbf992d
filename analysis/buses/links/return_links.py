"""Links on the return path of a loop whose buses pass the gateway already."""

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
    """The return path of a cycle after one hop over the gateway.

    `out` and `back`: metres by bus from the hop's end and to its start, by stop area; `..._across`:
    metres of paths that pass another gateway (`out`, `back`: with or without one). `left_m`: metres
    left for the rest of the cycle.
    """

    out: np.ndarray
    out_across: np.ndarray
    back: np.ndarray
    back_across: np.ndarray
    left_m: float

    def total(self, start: int, end: int, *, crosses: bool) -> float:
        """Metres by bus with a link from `start` to `end`; `crosses`: the link passes a gateway."""
        if crosses:
            return float(self.out[start] + self.back[end])
        return float(
            min(
                self.out_across[start] + self.back[end],
                self.out[start] + self.back_across[end],
            )
        )


def return_paths(search: LinkSearch) -> Iterator[ReturnPath]:
    """The return path for each hop over the gateway."""
    hop_arcs, n = search.bus.hop_arcs, search.count
    no_metres = np.zeros(1)
    for arc in hop_arcs.arcs_over(search.gateway_id).tolist():
        out = search.bus_metres(hop_arcs.heads[[arc]], no_metres, reverse=False)
        back = search.bus_metres(hop_arcs.tails[[arc]] + n, no_metres, reverse=True)
        left = search.max_m - float(hop_arcs.metres[arc])
        yield ReturnPath(np.minimum(out[:n], out[n:]), out[n:], back[n:], back[:n], left)


def _ends(search: LinkSearch, return_path: ReturnPath) -> tuple[np.ndarray, np.ndarray]:
    """Stop areas where a link may start (positions) and end (bool), by road distances."""
    area = search.bus.area_of_point
    start, end = (
        _to_points(linked, metres[area], return_path.left_m)[: len(area)]
        for linked, metres in (
            (search.roads.backward, return_path.back),
            (search.roads.forward, return_path.out),
        )
    )
    starts = search.by_area(start) + return_path.out <= return_path.left_m
    ends = search.by_area(end) + return_path.back <= return_path.left_m
    return np.flatnonzero(starts), ends


def _to_points(linked: LinkedPoints, metres: np.ndarray, limit_m: float) -> np.ndarray:
    """Metres by road to all points from stops with initial metres."""
    initial, at = _connector_ends(linked.access, metres, linked.graph.scale)
    within = initial <= limit_m
    at_points = times_to_points(linked, (at[within], initial[within]), limit=limit_m)
    direct, ends = _connector_ends(linked.direct, metres, linked.graph.scale)
    np.minimum.at(at_points, ends, direct)
    return at_points


def _connector_ends(
    connectors: Connectors, metres: np.ndarray, scale: Scale
) -> tuple[np.ndarray, np.ndarray]:
    """Metres at the far ends of the connectors of stops with initial metres, and these ends."""
    owner = np.repeat(np.arange(len(connectors.first) - 1), np.diff(connectors.first))
    use = owner < len(metres)
    return metres[owner[use]] + connectors.costs[use] / scale.per_sec, connectors.at[use]


@dataclass(frozen=True, order=True)
class StopPair:
    """Metres by road, two stop areas, and their stops (points)."""

    metres: float
    start: int
    end: int
    stop: int
    other: int


def _pairs(
    search: LinkSearch,
    path: ReturnPath,
    between: tuple[np.ndarray, np.ndarray],
    radius_m: float,
) -> list[StopPair]:
    """Pairs of stop areas within a road distance that may complete the cycle, nearest first.

    If the link must cross a border, all pairs of stops of the two areas count, because an area on
    both sides of the border has only some stops across a gateway. Else only the nearest pair
    counts.
    """
    starts, ends = between
    pairs = []
    for start in starts.tolist():
        stops = search.bus.points_of_area[start]
        by_area = search.by_area(search.roads.metres_between(stops, radius_m))
        total = by_area + path.out[start] + path.back
        allowed = ends & (by_area <= radius_m) & (total <= path.left_m)
        allowed[start] = False
        if allowed.any():
            pairs += _stop_pairs(search, path, start, allowed, radius_m=radius_m)
    return sorted(pairs)


def _stop_pairs(
    search: LinkSearch, path: ReturnPath, start: int, ends: np.ndarray, *, radius_m: float
) -> list[StopPair]:
    """Pairs of stops of one area and of other areas within a road distance."""
    area, pairs = search.bus.area_of_point, []
    nearest: dict[int, StopPair] = {}
    for stop in search.bus.points_of_area[start].tolist():
        metres = search.roads.metres_between(np.array([stop]), radius_m)[: len(area)]
        for other in np.flatnonzero((metres <= radius_m) & ends[area]).tolist():
            pair = StopPair(float(metres[other]), start, int(area[other]), stop, other)
            if path.total(start, pair.end, crosses=False) + pair.metres <= path.left_m:
                nearest[pair.end] = min(nearest.get(pair.end, pair), pair)
            elif path.total(start, pair.end, crosses=True) + pair.metres <= path.left_m:
                pairs.append(pair)
    return [*pairs, *nearest.values()]


def return_link(search: LinkSearch, return_path: ReturnPath, limit_m: float) -> Link | None:
    """The shortest link, below `limit_m` metres, that completes a cycle."""
    starts, ends = _ends(search, return_path)
    radius, done = FIRST_RADIUS_M, -1.0
    limit = min(limit_m, return_path.left_m)
    while len(starts) and ends.any() and done < limit:
        radius_now = min(radius, limit)
        for pair in _pairs(search, return_path, (starts, ends), radius_now):
            if pair.metres <= done:
                continue
            path = search.roads.path(pair.stop, pair.other, radius_now)
            gateways = gateways_on(search.bus.gates, path.vertices)
            total = return_path.total(pair.start, pair.end, crosses=bool(gateways)) + pair.metres
            if total <= return_path.left_m:
                return Link(search.gateway_id, pair.start, pair.end, path, gateways)
        done, radius = radius_now, 2 * radius
    return None
