"""Rides from stop to stop without leaving the vehicle, as arcs between nodes."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np

from analysis.attribution.network.nodes import ArcTable, NodeNumbers
from analysis.attribution.network.package import BASELINE, Package
from analysis.graph.poles import Poles
from analysis.graph.transit_arcs import StopVertices, add_services, service_runs
from analysis.graph.travel import WAIT_SHARE, Travel
from analysis.routing.arcs import FAR, Arcs
from analysis.routing.hierarchy.cache import Hierarchies, StreetNodes
from analysis.routing.linked_points import Connectors, LinkedPoints, connectors
from analysis.routing.router import visit_times
from layers.transit import TransitRoute


def planned_routes(package: Package) -> frozenset[str]:
    """Ids of the players' routes and of all routes that their vehicles continue as."""
    routes = package.network.routes
    owners = package.route_owners.tolist()
    route_ids = {r.route_id for r, owner in zip(routes, owners, strict=True) if owner != BASELINE}
    count = 0
    while len(route_ids) > count:
        count = len(route_ids)
        for route in routes:
            connected = {route.route_id, *route.through_routes}
            route_ids |= connected if connected & route_ids else set()
    return frozenset(route_ids)


def planned_stops(package: Package, poles: Poles) -> np.ndarray:
    """Positions of the stops between which players can change rides.

    Parameters
    ----------
    package
        The players.
    poles
        Stops beside each other: a line changes the rides at stops beside its own too.
    """
    ids = planned_routes(package)
    stop_ids = {
        s for route in package.network.routes if route.route_id in ids for s in route.stop_ids
    }
    return np.flatnonzero(package.network.stops.index.isin(list(poles.beside(stop_ids))))


def _connectors_at(vertices: np.ndarray) -> Connectors:
    """Connectors of one point at each vertex, at no cost."""
    points, no_cost = np.arange(len(vertices), dtype=np.int32), np.zeros(len(vertices), np.int32)
    return connectors(points, vertices.astype(np.int32), no_cost, len(vertices))


def ride_arcs(
    routes: Sequence[TransitRoute],
    poles: Poles,
    at: np.ndarray,
    *,
    numbers: NodeNumbers,
    travel: Travel,
    longest: float,
) -> ArcTable:
    """Ride arcs on some routes, with waits and stop access included.

    Parameters
    ----------
    routes
        Routes; those that serve the same two stops combine.
    poles
        All stops, and which stand beside each other.
    at
        Positions of the stops between which rides are searched.
    numbers
        The numbering of nodes.
    travel
        Period and band.
    longest
        Seconds, the scale of the arcs' units.
    """
    arcs = Arcs()
    board, leave = arcs.vertices(len(at)), arcs.vertices(len(at))
    ids = poles.stop_ids[at].tolist()
    requested = set(ids)
    sharing = poles.beside(requested)
    routes = [route for route in routes if len(sharing.intersection(route.stop_ids)) > 1]
    # each other stop has one vertex for boarding and alighting; no ride is requested there
    others = {stop for route in routes for stop in route.stop_ids} - requested
    other_vertices = dict(zip(sorted(others), arcs.vertices(len(others)).tolist(), strict=True))
    stops = StopVertices(
        other_vertices | dict(zip(ids, board.tolist(), strict=True)),
        other_vertices | dict(zip(ids, leave.tolist(), strict=True)),
    )
    runs = service_runs(routes, arcs)
    wait_share = WAIT_SHARE[travel.band]
    add_services(runs, arcs, stops, period=travel.period, wait_share=wait_share, poles=poles)
    no_vertices = np.empty(0, np.int32)
    nodes = StreetNodes(no_vertices, no_vertices.astype(float), no_vertices.astype(float))
    no_connectors = connectors(no_vertices, no_vertices, no_vertices, len(at))
    graph = arcs.graph(longest, streets=0)
    riders = LinkedPoints(
        graph, _connectors_at(board), _connectors_at(leave), no_connectors, nodes, Hierarchies()
    )
    table = np.full((len(at), len(at)), FAR, np.int32)

    def fill(positions: np.ndarray, units: np.ndarray) -> None:
        table[positions] = units.T

    visit_times(riders, fill, limit=longest)
    start, end = np.nonzero(table < FAR - 1)
    return ArcTable(numbers.board + at[start], numbers.leave + at[end], table[start, end])
