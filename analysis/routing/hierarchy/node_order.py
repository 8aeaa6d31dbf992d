"""Node order of a hierarchy: the order in which vertices are contracted."""

from __future__ import annotations

import numpy as np
from routingkit_cch import compute_order_inertial

DEGREE_M = 111_194.9
"""Metres in a degree of latitude: the library expects degrees and only compares them."""


def node_order(x: np.ndarray, y: np.ndarray, tails: np.ndarray, heads: np.ndarray) -> np.ndarray:
    """The rank of each vertex: nested dissection by inertial flow, as RoutingKit computes it.

    Dibbelt, Strasser and Wagner, "Customizable contraction hierarchies", ACM Journal of
    Experimental Algorithmics 21, 2016. It depends on which arcs there are, not on their costs.

    Parameters
    ----------
    x, y
        Projected coordinates, metres.
    tails, heads
        Arcs.

    Returns
    -------
    ndarray
        int32, one a vertex: 0 is contracted first.
    """
    count = len(x)
    if count == 0:
        return np.empty(0, dtype=np.int32)
    order = compute_order_inertial(
        count,
        tails.tolist(),
        heads.tolist(),
        (y / DEGREE_M % 90).tolist(),
        (x / DEGREE_M % 180).tolist(),
    )
    rank = np.empty(count, dtype=np.int32)
    rank[np.asarray(order, dtype=np.int64)] = np.arange(count, dtype=np.int32)
    return rank
