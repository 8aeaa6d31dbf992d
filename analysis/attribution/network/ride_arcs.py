"""Rides from stop to stop without leaving the vehicle, as links between ends."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np
import pandas as pd

from analysis.attribution.network.nodes import ArcTable, NodeNumbers
from analysis.attribution.network.package import BASELINE, Package
from analysis.graph.routable_network import WAIT_SHARE, Travel
from analysis.graph.transit_arcs import StopVertices, add_services, service_runs
from analysis.routing.arcs import FAR, Arcs
from analysis.routing.hierarchy.cache import Hierarchies, StreetNodes
from analysis.routing.linked_points import Connectors, LinkedPoints, connectors
from analysis.routing.router import visit_times
from layers.transit import TransitRoute


def planned_routes(package: Package) -> frozenset[str]:
    """Ids of the players' routes and of all into which their vehicles go on, by way of others."""
    routes = package.network.routes
    owners = package.route_owners.tolist()
    found = {r.route_id for r, owner in zip(routes, owners, strict=True) if owner != BASELINE}
    before = 0
    while len(found) > before:
        before = len(found)
        for route in routes:
            joined = {route.route_id, *route.through_routes}
            found |= joined if joined & found else set()
    return frozenset(found)


def planned_stops(package: Package) -> np.ndarray:
    """Positions of the stops between which players can change a ride."""
    ids = planned_routes(package)
    called = {
        s for route in package.network.routes if route.route_id in ids for s in route.stop_ids
    }
    return np.flatnonzero(package.network.stops.index.isin(called))


def _on(vertices: np.ndarray) -> Connectors:
    """A point on each vertex."""
    each, free = np.arange(len(vertices), dtype=np.int32), np.zeros(len(vertices), np.int32)
    return connectors(each, vertices.astype(np.int32), free, len(vertices))


def ride_links(
    routes: Sequence[TransitRoute],
    stop_ids: pd.Index,
    at: np.ndarray,
    *,
    ends: NodeNumbers,
    travel: Travel,
    longest: float,
) -> ArcTable:
    """Rides on some routes, the wait and the ways through the stations among them.

    Parameters
    ----------
    routes
        Services; lines that serve the same two stops combine.
    stop_ids
        All stops.
    at
        Positions of those between which rides are looked for.
    ends
        Their numbers.
    travel
        Period and band.
    longest
        Seconds, the scale of the links' units.
    """
    arcs = Arcs()
    board, leave = arcs.vertices(len(at)), arcs.vertices(len(at))
    ids = stop_ids[at].tolist()
    asked = set(ids)
    routes = [route for route in routes if len(asked.intersection(route.stop_ids)) > 1]
    # every other stop is a place of its own where nobody asks
    others = {stop for route in routes for stop in route.stop_ids} - asked
    elsewhere = dict(zip(sorted(others), arcs.vertices(len(others)).tolist(), strict=True))
    stops = StopVertices(
        elsewhere | dict(zip(ids, board.tolist(), strict=True)),
        elsewhere | dict(zip(ids, leave.tolist(), strict=True)),
    )
    runs = service_runs(routes, arcs)
    add_services(runs, arcs, stops, period=travel.period, wait_share=WAIT_SHARE[travel.band])
    nobody = np.empty(0, np.int32)
    nodes = StreetNodes(nobody, nobody.astype(float), nobody.astype(float))
    none = connectors(nobody, nobody, nobody, len(at))
    graph = arcs.graph(longest, streets=0)
    riders = LinkedPoints(graph, _on(board), _on(leave), none, nodes, Hierarchies())
    table = np.full((len(at), len(at)), FAR, np.int32)

    def fill(positions: np.ndarray, units: np.ndarray) -> None:
        table[positions] = units.T

    visit_times(riders, fill, limit=longest)
    start, end = np.nonzero(table < FAR - 1)
    return ArcTable(ends.board + at[start], ends.leave + at[end], table[start, end])
