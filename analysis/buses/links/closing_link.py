"""Closing links: the shortest road between two stop areas that puts a gateway on a loop.

A link is run by buses in both directions between two stop areas that buses serve already. It
closes a gateway if, with it, there is a cycle as `analysis.buses.loops` defines it. Two kinds of
cycles can come about:

- the link itself passes the gateway, and buses that do not lead back across another one;
- the link does not pass it, but is a part of the way back of buses that do.

Both are searched exactly: the shortest link of either kind is found, or there is none.
"""

from __future__ import annotations

import numpy as np

from analysis.buses.links.link_search import Link, LinkSearch
from analysis.buses.links.return_links import return_link, return_paths
from analysis.buses.links.through_links import through_link
from analysis.buses.network.bus_graph import BusGraph
from analysis.buses.network.hop_courses import gateways_on
from analysis.buses.network.road_paths import roads_of

NO_AREA = -1
"""A station is in no stop area."""


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
    search = LinkSearch(bus, gateway_id, roads_of(bus, gateway_id), rest, max_loop_km * 1000)
    best = through_link(search)
    for home in return_paths(search):
        most = best.way.length_m if best else search.max_m
        link = return_link(search, home, most)
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
    point = int(bus.routable.points.index.get_loc(f"station:{stop_id}"))
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
