"""Links that pass the gateway that they close."""

from __future__ import annotations

from collections.abc import Iterator

import numpy as np

from analysis.buses.links.link_search import FIRST_RADIUS_M, Link, LinkSearch
from analysis.buses.network.hop_courses import gateways_on


def _gates(search: LinkSearch) -> Iterator[tuple[int, int]]:
    """The gates of the gateway, in each direction open to buses."""
    table = search.bus.gates.table
    gates = table.loc[table["gateway_id"] == search.gateway_id]
    graph = search.bus.routable.linked.graph
    for tail, head in zip(gates["tail"].tolist(), gates["head"].tolist(), strict=True):
        for start, end in ((tail, head), (head, tail)):
            if end in graph.heads[graph.first[start] : graph.first[start + 1]]:
                yield start, end


def _nearest_pair(
    search: LinkSearch, before: np.ndarray, after: np.ndarray, limit: float
) -> tuple[int, int] | None:
    """Connected stop areas with the least `before[start] + after[end]` below `limit`.

    Buses return from `end` to `start` across another gateway, the whole cycle within the limit.
    """
    count = search.count
    areas = np.arange(count)
    cycle_at_start = before + search.bus_metres(areas, after, reverse=False)[count:]
    cycle_at_end = after + search.bus_metres(areas + count, before, reverse=True)[:count]
    ends = cycle_at_end <= search.max_m
    if not ends.any():
        return None
    least = float(after[ends].min())
    starts = np.flatnonzero(cycle_at_start <= search.max_m)
    best = None
    for start in starts[np.argsort(before[starts], kind="stable")].tolist():
        if before[start] + least >= limit:
            break
        return_m = search.bus_metres(np.array([start + count]), before[[start]], reverse=True)[
            :count
        ]
        allowed = (return_m + after <= search.max_m) & (areas != start)
        if allowed.any():
            end = int(np.where(allowed, after, np.inf).argmin())
            if before[start] + after[end] < limit:
                limit, best = float(before[start] + after[end]), (start, end)
    return best


def _link_within(search: LinkSearch, radius_m: float) -> Link | None:
    """The shortest link through the gateway whose ends are within a radius of it, metres."""
    best, limit = None, search.max_m
    for gate in _gates(search):
        before = search.roads.metres_from(gate[0], radius_m, reverse=True)
        after = search.roads.metres_from(gate[1], radius_m)
        pair = _nearest_pair(search, search.by_area(before), search.by_area(after), limit)
        if pair:
            stops = search.stop_at(pair[0], before), search.stop_at(pair[1], after)
            path = search.roads.path_through(*stops, gate, radius_m)
            gateways = gateways_on(search.bus.gates, path.vertices)
            link = Link(search.gateway_id, *pair, path, gateways)
            limit = path.length_m
            best = link if best is None or link.rank < best.rank else best
    return best


def through_link(search: LinkSearch) -> Link | None:
    """The shortest link through the gateway, searched within increasing radii."""
    radius, best = FIRST_RADIUS_M, None
    while radius < search.max_m and (best is None or best.path.length_m > radius):
        radius = min(4 * radius, search.max_m)
        best = _link_within(search, radius)
    return best
