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
        forward and backward, infinite where not reached, or closed; then how many seconds one may
        travel on from its start and from its end, infinite without a longest walk.
    entries
        Places where travellers from the origin or from a stop enter a street, in the order of the
        streets: street, fraction, seconds, and how many seconds one may travel on.
    spots
        Seconds at each point of the network (0 at the origin, infinite at the others), then at each
        of its stops.
    """

    streets: tuple[np.ndarray, np.ndarray, np.ndarray, np.ndarray, np.ndarray, np.ndarray]
    entries: tuple[np.ndarray, np.ndarray, np.ndarray, np.ndarray]
    spots: np.ndarray


def longest_walk_secs(routable: RoutableNetwork) -> float:
    """Longest single walk that is asked for, infinite without one."""
    timed = routable.linked.timed
    return np.inf if timed is None else timed.max_walk_secs


def _entries(routable: RoutableNetwork, snaps: pd.DataFrame, spot_secs: np.ndarray) -> pd.DataFrame:
    off_street = snaps["distance_m"].to_numpy() * routable.off_street_secs_per_m
    secs = spot_secs[snaps["point"].to_numpy()] + off_street
    left = longest_walk_secs(routable) - off_street
    return snaps[["street", "fraction"]].assign(secs=secs, left=left)[
        np.isfinite(secs) & (left >= 0)
    ]


def _vertex_and_stop_times(
    routable: RoutableNetwork, point: int, limit_secs: float
) -> tuple[np.ndarray, np.ndarray, np.ndarray]:
    """Seconds to every street vertex and to every stop; what one may travel on from a vertex."""
    timed = routable.linked.timed
    if timed is not None:
        return timed.vertex_times(point, limit=limit_secs)
    secs = vertex_times(routable.linked, point, limit=limit_secs)
    return secs, secs[routable.stops["vertex"].to_numpy(dtype=int)], np.full(len(secs), np.inf)


def walks_of(reach: Reach, most_secs: float) -> Reach:
    """Seconds of the shortest single walk: from the origin, or from a stop that is reached.

    What is not reached by a walk of at most `most_secs` is infinite.
    """
    _, _, ahead, behind, tail_left, head_left = reach.streets
    street, fraction, _, entry_left = reach.entries
    return Reach(
        (most_secs - tail_left, most_secs - head_left, ahead, behind, tail_left, head_left),
        (street, fraction, most_secs - entry_left, entry_left),
        np.where(np.isfinite(reach.spots), 0.0, np.inf),
    )


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
    secs, stop_secs, left = _vertex_and_stop_times(routable, point, limit_secs)
    point_secs = np.full(len(routable.points), np.inf)
    point_secs[point] = 0.0
    entries = [
        _entries(routable, snaps, spot_secs)
        for snaps, spot_secs in ((routable.snaps, point_secs), (routable.stop_snaps, stop_secs))
    ]
    table = routable.streets.table
    tail, head = table["tail"].to_numpy(), table["head"].to_numpy()
    travel = (table["secs_forward"].to_numpy(), table["secs_backward"].to_numpy())
    streets = (secs[tail], secs[head], *travel, left[tail], left[head])
    sorted_entries = pd.concat(entries).sort_values("street", kind="stable")
    street, fraction, entry_secs, entry_left = (
        sorted_entries[name].to_numpy() for name in ("street", "fraction", "secs", "left")
    )
    spots = np.concatenate([point_secs, stop_secs])
    return Reach(streets, (street, fraction, entry_secs, entry_left), spots)
