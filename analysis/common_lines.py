"""Routes that serve the same two stops: their frequencies combine.

A traveller between two stops takes whichever attractive route comes first. Chriqui and Robillard,
"Common bus lines", Transportation Science 9(2), 1975: sort the routes by ride time and add them
as long as that shortens the expected time.
"""

from __future__ import annotations

from collections.abc import Iterable

import numpy as np
import pandas as pd

from layers.transit import Period, TransitRoute

LEG_COLUMNS = ("from_stop", "to_stop", "secs", "routes")


def _rides(route: TransitRoute, period: Period) -> pd.DataFrame:
    """Every ride without change on a route, with the way in and out of its platforms."""
    called, hops = list(route.stop_ids), list(route.hop_secs)
    if called[0] == called[-1]:
        # on a closed line a ride may lead past the first stop
        called, hops = called + called[1:], hops + hops
    stops = np.array(called, dtype=object)
    at = np.concatenate([[0.0], np.cumsum(hops)])
    start, end = np.triu_indices(len(stops), k=1)
    if route.bidirectional:
        start, end = np.concatenate([start, end]), np.concatenate([end, start])
    extra = 2 * route.stop_access_secs + route.boarding_secs
    return pd.DataFrame(
        {
            "from_stop": stops[start],
            "to_stop": stops[end],
            "ride_secs": np.abs(at[end] - at[start]) + extra,
            "headway_secs": route.headway_secs(period),
            "route_id": route.route_id,
        }
    )


def expected_secs(ride_secs: np.ndarray, headway_secs: np.ndarray, wait_share: float) -> float:
    """Wait and ride with the best set of routes.

    Parameters
    ----------
    ride_secs, headway_secs
        One value a route.
    wait_share
        Share of the combined headway that is waited: 0 best, 0.5 expected, 1 worst.

    Examples
    --------
    >>> expected_secs(np.array([600.0, 600.0]), np.array([600.0, 600.0]), 0.5)
    750.0
    >>> round(expected_secs(np.array([600.0, 6000.0]), np.array([600.0, 60.0]), 0.5), 6)
    900.0
    """
    order = np.argsort(ride_secs, kind="stable")
    frequency = 1 / headway_secs[order]
    total = np.cumsum(frequency)
    secs = (wait_share + np.cumsum(frequency * ride_secs[order])) / total
    return float(secs.min())


def common_legs(routes: Iterable[TransitRoute], period: Period, wait_share: float) -> pd.DataFrame:
    """Legs between two stops that more than one route serves.

    Returns
    -------
    DataFrame
        `LEG_COLUMNS`: seconds from street to street (access, expected wait, ride, egress) and how
        many routes serve the leg.
    """
    tables = [_rides(route, period) for route in routes]
    if not tables:
        return pd.DataFrame(columns=list(LEG_COLUMNS))
    rides = pd.concat(tables, ignore_index=True)
    rides = rides.loc[rides["from_stop"] != rides["to_stop"]]
    rides = rides.sort_values("ride_secs", kind="stable")
    # the quickest ride of a route that passes a stop twice
    rides = rides.drop_duplicates(["from_stop", "to_stop", "route_id"])
    shared = rides[rides.duplicated(["from_stop", "to_stop"], keep=False)]
    legs = [
        (
            start,
            end,
            expected_secs(
                group["ride_secs"].to_numpy(), group["headway_secs"].to_numpy(), wait_share
            ),
            len(group),
        )
        for (start, end), group in shared.groupby(["from_stop", "to_stop"], sort=True)
    ]
    return pd.DataFrame.from_records(legs, columns=list(LEG_COLUMNS))
