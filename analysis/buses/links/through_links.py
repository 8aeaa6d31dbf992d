"""Links that pass the gateway which they close."""

from __future__ import annotations

from collections.abc import Iterator

import numpy as np

from analysis.buses.links.link_search import FIRST_RADIUS_M, Link, LinkSearch
from analysis.buses.network.hop_courses import gateways_on


def _gates(search: LinkSearch) -> Iterator[tuple[int, int]]:
    """The gates of the gateway in each direction in which buses may pass them."""
    table = search.bus.gates.table
    on = table.loc[table["gateway_id"] == search.gateway_id]
    graph = search.bus.routable.linked.graph
    for tail, head in zip(on["tail"].tolist(), on["head"].tolist(), strict=True):
        for a, b in ((tail, head), (head, tail)):
            if b in graph.heads[graph.first[a] : graph.first[a + 1]]:
                yield a, b


def _nearest_pair(
    search: LinkSearch, before: np.ndarray, after: np.ndarray, most: float
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


def _within(search: LinkSearch, radius_m: float) -> Link | None:
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


def through_link(search: LinkSearch) -> Link | None:
    """The shortest link through the gateway: looked for ever farther around it."""
    radius, best = FIRST_RADIUS_M, None
    while radius < search.max_m and (best is None or best.way.length_m > radius):
        radius = min(4 * radius, search.max_m)
        best = _within(search, radius)
    return best
