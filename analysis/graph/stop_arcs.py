"""Stops of a network as vertices, with the routes that serve them."""

from __future__ import annotations

import numpy as np

from analysis.graph.connectors import (
    SnappedPoints,
    access_connectors,
    direct_connectors,
    egress_connectors,
)
from analysis.graph.poles import poles_of
from analysis.graph.transit_arcs import StopVertices, add_services, service_runs
from analysis.graph.travel import WAIT_SHARE, Travel
from analysis.routing.arcs import Arcs
from layers.assumptions import Assumptions
from layers.network import TransportNetwork


def add_stops(
    arcs: Arcs,
    network: TransportNetwork,
    stops: SnappedPoints,
    *,
    travel: Travel,
    assumptions: Assumptions,
) -> tuple[np.ndarray, np.ndarray]:
    """Add stops and routes; return the vertices where one boards and where one alights.

    Each stop has two, so that no path leads through a stop from street to street.
    """
    ids = network.stops.index
    board = arcs.vertices(len(ids))
    runs = service_runs(network.routes, arcs)
    alight = arcs.vertices(len(ids))
    from_stops, to_stops = access_connectors(stops), egress_connectors(stops)
    arcs.add(to_stops.end, board[to_stops.start], to_stops.secs)
    arcs.add(alight[from_stops.start], from_stops.end, from_stops.secs)
    transfers = direct_connectors(stops, stops, assumptions, walking=True)
    arcs.add(alight[transfers.start], board[transfers.end], transfers.secs)
    vertices = StopVertices(
        dict(zip(ids, board.tolist(), strict=True)), dict(zip(ids, alight.tolist(), strict=True))
    )
    wait_share, poles = WAIT_SHARE[travel.band], poles_of(network.stops.geometry, assumptions)
    add_services(runs, arcs, vertices, period=travel.period, wait_share=wait_share, poles=poles)
    return board, alight
