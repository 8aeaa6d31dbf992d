"""Times over the streets from one point."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
import pandas as pd

from analysis.graph.routable_network import RoutableNetwork
from analysis.routing.one_to_all import vertex_times


@dataclass(frozen=True)
class Reach:
    """Times over the streets from one point.

    Attributes
    ----------
    streets
        By street of the routable network: seconds at its start and at its end, and its travel times
        forward and backward; infinite where not reached, or closed.
    entries
        Places where travellers from the origin or from a stop enter a street, in the order of the
        streets: street, fraction, seconds.
    spots
        Seconds at each point of the network (0 at the origin, infinite at the others), then at each
        of its stops.
    """

    streets: tuple[np.ndarray, np.ndarray, np.ndarray, np.ndarray]
    entries: tuple[np.ndarray, np.ndarray, np.ndarray]
    spots: np.ndarray


def _entries(routable: RoutableNetwork, snaps: pd.DataFrame, spot_secs: np.ndarray) -> pd.DataFrame:
    off_street = snaps["distance_m"].to_numpy() * routable.off_street_secs_per_m
    secs = spot_secs[snaps["point"].to_numpy()] + off_street
    return snaps[["street", "fraction"]].assign(secs=secs)[np.isfinite(secs)]


def _vertex_and_stop_times(
    routable: RoutableNetwork, point: int, limit_secs: float
) -> tuple[np.ndarray, np.ndarray]:
    """Seconds to every street vertex and to every stop."""
    timed = routable.linked.timed
    if timed is not None:
        return timed.vertex_times(point, limit=limit_secs)
    secs = vertex_times(routable.linked, point, limit=limit_secs)
    return secs, secs[routable.stops["vertex"].to_numpy(dtype=int)]


def reach_from(routable: RoutableNetwork, point: int, limit_secs: float) -> Reach:
    """Times over the streets from one point.

    Parameters
    ----------
    routable
        A routable network.
    point
        Position of the origin among its points.
    limit_secs
        Upper limit of times.
    """
    secs, stop_secs = _vertex_and_stop_times(routable, point, limit_secs)
    point_secs = np.full(len(routable.points), np.inf)
    point_secs[point] = 0.0
    entries = [
        _entries(routable, snaps, spot_secs)
        for snaps, spot_secs in ((routable.snaps, point_secs), (routable.stop_snaps, stop_secs))
    ]
    table = routable.streets.table
    streets = (
        secs[table["tail"].to_numpy()],
        secs[table["head"].to_numpy()],
        table["secs_forward"].to_numpy(),
        table["secs_backward"].to_numpy(),
    )
    sorted_entries = pd.concat(entries).sort_values("street", kind="stable")
    street, spot_secs, entry_secs = (
        sorted_entries[name].to_numpy() for name in ("street", "fraction", "secs")
    )
    return Reach(streets, (street, spot_secs, entry_secs), np.concatenate([point_secs, stop_secs]))
