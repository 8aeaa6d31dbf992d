"""Travel times as whole minutes in one byte, for pages with the times between all zones."""

from __future__ import annotations

import numpy as np

from analysis.graph.routable_network import RoutableNetwork
from analysis.routing.arcs import STEP_SECS
from analysis.travel_time import travel_time_matrix

BEYOND = 255
"""The value of pairs that are not reached within the limit."""
MOST_MINUTES = 254
MINUTE = 60


def whole_minutes(secs: np.ndarray) -> np.ndarray:
    """Seconds rounded up to minutes: a time within a cutoff of whole minutes stays within it.

    Half of `STEP_SECS` is tolerated, as in cumulative opportunities (`analysis.accessibility`), so
    that both count the same trips.

    Parameters
    ----------
    secs
        Any shape; infinite where not reached.

    Returns
    -------
    ndarray
        uint8, the same shape; `BEYOND` where not reached within `MOST_MINUTES`.

    Examples
    --------
    >>> whole_minutes(np.array([0.0, 1.0, 60.0, 60.5, np.inf])).tolist()
    [0, 1, 1, 2, 255]
    """
    minutes = np.ceil((secs - STEP_SECS / 2) / MINUTE)
    return np.where(minutes <= MOST_MINUTES, minutes, BEYOND).astype(np.uint8)


def travel_minutes(routable: RoutableNetwork, limit_secs: float) -> np.ndarray:
    """Whole minutes from every point to every point.

    Parameters
    ----------
    routable
        Network and points.
    limit_secs
        Longer trips are `BEYOND`.

    Returns
    -------
    ndarray
        points x points, uint8 (`whole_minutes`), rows are origins.
    """
    return whole_minutes(travel_time_matrix(routable, limit_secs))
