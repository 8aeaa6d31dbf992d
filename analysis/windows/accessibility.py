"""Accessibility at each departure of a window, and its percentiles over the departures."""

from __future__ import annotations

from collections.abc import Sequence

import geopandas as gpd
import numpy as np
import pandas as pd

from analysis.accessibility import check_zones
from analysis.graph.conditions import Conditions
from analysis.graph.routable_network import routable_network
from analysis.graph.travel import Travel
from analysis.kernels import kernel
from analysis.measures import Measure
from analysis.windows.travel_times import check_percentiles, timed_points_of
from geo.faults import Fault, check_faults
from layers.network import TransportNetwork

PERCENTILES = (5.0, 50.0, 95.0)


@kernel
def _counted(secs: np.ndarray, counts: np.ndarray, most: np.ndarray, sums: np.ndarray) -> None:
    """Add up what each sample reaches, destination by destination.

    `secs` are destinations x origins x samples, `counts` and `most` a row and a limit a measure,
    `sums` origins x measures x samples.
    """
    for target in range(secs.shape[0]):
        for origin in range(secs.shape[1]):
            for measure in range(most.size):
                count, limit = counts[measure, target], most[measure]
                if count != 0.0:
                    for sample in range(secs.shape[2]):
                        within = secs[target, origin, sample] <= limit
                        sums[origin, measure, sample] += count if within else 0.0


def _faults(measures: Sequence[Measure], conditions: Conditions, travel: Travel) -> list[Fault]:
    faults = [
        Fault("measures", m.name, "value-unknown", f"it is {m.kind}", "cumulative")
        for m in measures
        if m.kind != "cumulative"
    ]
    if conditions.windows.of(travel.period).arrive_by:
        message, allowed = "arrival times are given", "departures: arrive_by = False"
        faults.append(Fault("window", "", "value-out-of-range", message, allowed))
    return faults


def window_accessibility(
    network: TransportNetwork,
    zones: gpd.GeoDataFrame,
    *,
    travel: Travel,
    conditions: Conditions,
    measures: Sequence[Measure],
    percentiles: Sequence[float] = PERCENTILES,
) -> pd.DataFrame:
    """What every zone reaches at each departure of a window, as percentiles over the departures.

    Percentile 5 of accessibility is what one reaches at all but the worst twentieth of the
    departures, with all zones at one departure. That differs from `accessibility`, which counts
    zones by a percentile of the time to each: these times need not be of one departure.

    Parameters
    ----------
    network, zones
        As for `analysis.accessibility.accessibility`; the network has a timetable.
    travel
        By transit; its period says which window of the conditions.
    conditions
        Windows and assumptions.
    measures
        Cumulative ones: counts within cutoffs.
    percentiles
        0 to 100: lower ones are worse departures.

    Returns
    -------
    DataFrame
        A column `<measure>_p<percentile>` each, one row a zone in their order.

    Raises
    ------
    BadInputError
        If the network has no timetable, or with what is wrong with zones, measures, percentiles.
    """
    wanted = check_percentiles(percentiles)
    check_faults(_faults(measures, conditions, travel))
    middles = check_zones(zones, measures, network.crs)
    routable = routable_network(network, middles, travel=travel, conditions=conditions)
    timed = timed_points_of(routable)
    limit = max(measure.value for measure in measures)
    counts = np.array([zones[m.opportunity].to_numpy(dtype=float) for m in measures])
    most = np.array([np.floor(m.value + 0.0005) for m in measures])
    everyone = np.arange(len(zones))
    table = np.empty((len(zones), len(measures), len(wanted)))

    def visit(positions: np.ndarray, secs: np.ndarray) -> None:
        sums = np.zeros((len(positions), len(measures), secs.shape[2]))
        _counted(secs, counts, most, sums)
        table[positions] = np.percentile(sums, wanted, axis=2, method="hazen").transpose(1, 2, 0)

    timed.visit_samples(visit, limit=limit, origins=everyone, destinations=everyone)
    names = [f"{measure.name}_p{p:g}" for measure in measures for p in wanted]
    return pd.DataFrame(table.reshape(len(zones), -1), columns=names)
