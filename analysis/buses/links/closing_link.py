"""Closing links: the shortest road path between two stop areas that puts a gateway on a loop.

Buses run on a link in both directions between two stop areas that have buses already. It closes a
gateway if it creates a cycle as defined in `analysis.buses.loops`. There are two kinds of cycles:

- the link itself passes the gateway, and existing buses return across another one;
- the link does not pass the gateway, but is part of the return path of buses that do.

Both searches are exact: they find the shortest link of either kind if there is one.
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
"""The area number of a station, which is in no stop area."""


def closing_link(bus: BusGraph, gateway_id: str, max_loop_km: float) -> Link | None:
    """The shortest link that closes a gateway; None if there is none.

    Parameters
    ----------
    bus
        Stop areas, hops and roads.
    gateway_id
        A gateway that is open or unserved.
    max_loop_km
        Longest cycle that counts as a loop, kilometres.
    """
    graph = bus.hop_arcs.without(gateway_id)
    search = LinkSearch(bus, gateway_id, roads_of(bus, gateway_id), graph, max_loop_km * 1000)
    best = through_link(search)
    for return_path in return_paths(search):
        limit = best.path.length_m if best else search.max_m
        link = return_link(search, return_path, limit)
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
    """The shortest road path from a station to a bus stop in the other area, across their border.

    Parameters
    ----------
    bus
        Stop areas, hops and roads; the station is one of its stations.
    stop_id
        The station.
    sides
        The two planning areas of the border; a station outside both has no link.
    areas
        The planning area of each point of the bus graph.
    max_km
        Upper limit of the length.
    """
    point = int(bus.routable.points.index.get_loc(f"station:{stop_id}"))
    if areas[point] not in sides:
        return None
    other_area = sides[1] if areas[point] == sides[0] else sides[0]
    roads, border = roads_of(bus), "|".join(sorted(sides))
    count = len(bus.area_of_stop)
    metres = roads.metres_between(np.array([point]), max_km * 1000)[:count]
    metres = np.where(areas[:count] == other_area, metres, np.inf)
    for stop in np.argsort(metres, kind="stable").tolist():
        if not np.isfinite(metres[stop]):
            return None
        path = roads.path(point, stop, max_km * 1000)
        gateways = gateways_on(bus.gates, path.vertices)
        if any(gateway.startswith(f"{border}:") for gateway in gateways):
            return Link("", NO_AREA, int(bus.area_of_point[stop]), path, gateways)
    return None
