"""Travel times over the departures of a window: percentiles, best, mean, share that arrives."""

from __future__ import annotations

from collections.abc import Sequence

import geopandas as gpd
import numpy as np
import pandas as pd

from analysis.graph.conditions import Conditions
from analysis.graph.routable_network import RoutableNetwork, routable_network
from analysis.graph.travel import Travel
from analysis.timetable.statistics import percentiles as ranked
from analysis.timetable.statistics import places_of, summaries
from analysis.timetable.timed_points import TimedPoints
from analysis.travel_time import TravelTimes, missing_reasons, positions_of
from geo.faults import BadInputError, Fault, shown
from layers.network import TransportNetwork

PERCENTILES = (5.0, 25.0, 50.0, 75.0, 95.0)
SUMMARY_COLUMNS = ("best_secs", "mean_secs", "share_reached")


def percentile_columns(percentiles: Sequence[float]) -> list[str]:
    """Names of columns of seconds.

    Examples
    --------
    >>> percentile_columns([5, 97.5])
    ['p5_secs', 'p97.5_secs']
    """
    return [f"p{percentile:g}_secs" for percentile in percentiles]


def check_percentiles(percentiles: Sequence[float]) -> list[float]:
    """Percentiles in ascending order, each once.

    Raises
    ------
    BadInputError
        If one is no number from 0 to 100.
    """
    wrong = [p for p in percentiles if not isinstance(p, int | float) or not 0 <= p <= 100]  # noqa: PLR2004
    if wrong or not len(percentiles):
        message, allowed = f"it is {shown(percentiles)}", "numbers from 0 to 100"
        raise BadInputError([Fault("percentiles", "", "value-out-of-range", message, allowed)])
    return sorted({float(p) for p in percentiles})


def timed_points_of(routable: RoutableNetwork) -> TimedPoints:
    """What finds times by timetable.

    Raises
    ------
    BadInputError
        If the network has no timetable: then there are no departures to look at.
    """
    timed = routable.linked.timed
    if not isinstance(timed, TimedPoints):
        message, allowed = "no route of the network has a timetable", "a GTFS feed; mode transit"
        raise BadInputError([Fault("network", "", "value-unknown", message, allowed)])
    return timed


def _figures(
    timed: TimedPoints, wanted: list[float], limit: float, ends: tuple[np.ndarray, np.ndarray]
) -> np.ndarray:
    """Percentiles, best, mean and share: figures x origins x destinations."""
    arrive_by = timed.search.window.arrive_by
    starts, targets = ends[::-1] if arrive_by else ends
    found = np.empty((len(wanted) + 3, len(starts), len(targets)))
    places = places_of(np.array(wanted), timed.search.prepared(limit).samples.count)

    def visit(positions: np.ndarray, secs: np.ndarray) -> None:
        part = np.empty((len(wanted) + 3, *secs.shape[:2]))
        ranked(secs, places, part[: len(wanted)])
        summaries(secs, part[len(wanted) :])
        found[:, positions] = part.transpose(0, 2, 1)

    timed.visit_samples(visit, limit=limit, origins=starts, destinations=targets)
    return found.transpose(0, 2, 1) if arrive_by else found


def window_times(
    network: TransportNetwork,
    points: gpd.GeoSeries,
    *,
    travel: Travel,
    conditions: Conditions,
    percentiles: Sequence[float] = PERCENTILES,
    ends: tuple[Sequence[str] | None, Sequence[str] | None] = (None, None),
) -> TravelTimes:
    """Travel times by transit over all departures of a window.

    Parameters
    ----------
    network
        Roads, stops, routes and a timetable.
    points
        Points in the network's CRS, indexed by id.
    travel
        By transit; its period says which window of the conditions.
    conditions
        Windows, assumptions; `max_trip_secs` is the limit of each departure.
    percentiles
        0 to 100; by the rule of `analysis.timetable.statistics.places_of`.
    ends
        Ids of origins and of destinations; None for all points.

    Returns
    -------
    TravelTimes
        The table has `from_id`, `to_id`, a column of seconds a percentile (`p5_secs`, …; NaN where
        fewer departures arrive), `best_secs`, `mean_secs` (of the departures that arrive) and
        `share_reached` (their share, 0 to 1): one row a pair of which any departure arrives. The
        other table has the other pairs, with the reason.

    Raises
    ------
    BadInputError
        If the network has no timetable, or with what is wrong with points or percentiles.
    """
    wanted = check_percentiles(percentiles)
    routable = routable_network(network, points, travel=travel, conditions=conditions)
    timed = timed_points_of(routable)
    starts, targets = (positions_of(points, ids) for ids in ends)
    limit = conditions.assumptions.max_trip_secs
    found = _figures(timed, wanted, limit, (starts, targets))
    row, column = np.nonzero(starts[:, np.newaxis] != targets)
    reached = found[-1, row, column] > 0
    ids = points.index.to_numpy()
    pairs = pd.DataFrame({"from_id": ids[starts[row]], "to_id": ids[targets[column]]})
    names = [*percentile_columns(wanted), *SUMMARY_COLUMNS]
    values = found[:, row, column].T
    figures = pd.DataFrame(np.where(np.isfinite(values), values, np.nan), columns=names)
    reasons = missing_reasons(routable, starts[row[~reached]], targets[column[~reached]])
    return TravelTimes(
        pairs.join(figures)[reached].reset_index(drop=True),
        pairs[~reached].assign(reason=reasons).reset_index(drop=True),
    )
