"""Which points look over the edge of the network, or are off it altogether.

The former may reach more than the data knows; the latter reach nothing but themselves.
"""

from __future__ import annotations

import numpy as np
import shapely

from analysis.graph.routable_network import RoutableNetwork
from analysis.routing.one_to_all import times_to_nearest


def _edge_vertices(routable: RoutableNetwork, edge_m: float) -> np.ndarray:
    """Street ends within `edge_m` of the hull around all streets."""
    table = routable.streets.table
    lines = table.geometry.to_numpy()
    hull = shapely.convex_hull(shapely.geometrycollections(lines)).boundary
    near_tail = shapely.distance(shapely.get_point(lines, 0), hull) <= edge_m
    near_head = shapely.distance(shapely.get_point(lines, -1), hull) <= edge_m
    vertices = np.concatenate([table["tail"][near_tail], table["head"][near_head]])
    return np.unique(vertices.astype(int))


def touches_edge(routable: RoutableNetwork, *, limit_secs: float, edge_m: float) -> np.ndarray:
    """Which points look over the network's edge: they could reach more than the data knows.

    Parameters
    ----------
    routable
        Its points are looked at.
    limit_secs
        The largest cutoff.
    edge_m
        How near the hull of the network counts as its edge, metres.

    Returns
    -------
    ndarray
        bool, one a point: whether it reaches a street end near the edge within the limit.
    """
    edge = _edge_vertices(routable, edge_m)
    return np.isfinite(times_to_nearest(routable.linked, edge, limit=limit_secs))


def off_network(routable: RoutableNetwork) -> np.ndarray:
    """Which points are off the network: no street within `snap_limit_m`, no stop to walk to.

    Parameters
    ----------
    routable
        Its points are looked at.

    Returns
    -------
    ndarray
        bool, one a point.
    """
    return np.diff(routable.linked.access.first) == 0
