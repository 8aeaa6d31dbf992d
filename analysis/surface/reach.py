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
        Of each street of the question the seconds at its start and at its end, and those that it
        takes forward and backward; infinite where not reached, or closed.
    entries
        Places on streets where travellers come onto them, from the origin or from a stop, in the
        order of the streets: which street, the fraction of it, and seconds.
    spots
        Seconds at each of the question's points (0 at the origin, infinite at the others), then
        at each of its stops.
    """

    streets: tuple[np.ndarray, np.ndarray, np.ndarray, np.ndarray]
    entries: tuple[np.ndarray, np.ndarray, np.ndarray]
    spots: np.ndarray


def _entries(routable: RoutableNetwork, snaps: pd.DataFrame, spot_secs: np.ndarray) -> pd.DataFrame:
    off_street = snaps["distance_m"].to_numpy() * routable.off_street_secs_per_m
    secs = spot_secs[snaps["point"].to_numpy()] + off_street
    return snaps[["street", "fraction"]].assign(secs=secs)[np.isfinite(secs)]


def reach_from(routable: RoutableNetwork, point: int, limit_secs: float) -> Reach:
    """Times over the streets from one of the points asked about.

    Parameters
    ----------
    routable
        A compiled network.
    point
        Position of the origin among its points.
    limit_secs
        Nothing farther is looked for.
    """
    secs = vertex_times(routable.linked, point, limit=limit_secs)
    at_points = np.full(len(routable.points), np.inf)
    at_points[point] = 0.0
    at_stops = secs[routable.stops["vertex"].to_numpy(dtype=int)]
    entries = [
        _entries(routable, snaps, at)
        for snaps, at in ((routable.snaps, at_points), (routable.stop_snaps, at_stops))
    ]
    table = routable.streets.table
    streets = (
        secs[table["tail"].to_numpy()],
        secs[table["head"].to_numpy()],
        table["secs_forward"].to_numpy(),
        table["secs_backward"].to_numpy(),
    )
    together = pd.concat(entries).sort_values("street", kind="stable")
    on, at, since = (together[name].to_numpy() for name in ("street", "fraction", "secs"))
    return Reach(streets, (on, at, since), np.concatenate([at_points, at_stops]))
