"""What the network has with some players, found by a search of its own."""

from __future__ import annotations

import numpy as np

from analysis.accessibility import cumulative_opportunities
from analysis.attribution.measures import AttributionMeasures
from analysis.attribution.subset_values import NEAR_CORE, PLACE_SECS, Values, values_table
from analysis.graph.conditions import Conditions
from analysis.graph.routable_network import Travel, routable_network
from analysis.travel_time import travel_time_matrix
from layers.network import TransportNetwork


def point_times(
    network: TransportNetwork,
    wanted: AttributionMeasures,
    *,
    travel: Travel,
    conditions: Conditions,
) -> np.ndarray:
    """Seconds between all points of a question, infinite beyond `max_trip_secs`."""
    compiled = routable_network(network, wanted.points, travel=travel, conditions=conditions)
    return travel_time_matrix(compiled, conditions.assumptions.max_trip_secs)


def direct_values(
    secs: np.ndarray,
    wanted: AttributionMeasures,
    travel: Travel,
    *,
    reached: np.ndarray,
    limit: float,
) -> Values:
    """The columns of `analysis.attribution.subset_values.all_values` for one mode and one network.

    Parameters
    ----------
    secs
        `point_times` of the network.
    wanted
        What is asked.
    travel
        Written to the columns.
    reached
        bool, places x places: which reach each other with nothing built.
    limit
        `max_trip_secs`: what they take if something built has parted them.

    Returns
    -------
    Values
        One row.
    """
    zones = len(wanted.zones)
    people = wanted.zones["population"].to_numpy(dtype=float)
    inside = wanted.inside(wanted.zones["area_id"].to_numpy(dtype=object))
    lived = people[:, np.newaxis] * inside
    by_measure = {
        m.name: cumulative_opportunities(
            secs[:zones, :zones], wanted.zones[m.opportunity].to_numpy(dtype=float), m.value
        )
        @ lived
        / lived.sum(axis=0)
        for m in wanted.measures
    }
    core = zones + wanted.places.index.get_loc(wanted.core)
    near = cumulative_opportunities(secs[:zones, [core]], np.ones(1), wanted.near_secs)
    by_measure[NEAR_CORE] = near @ lived
    between = np.where(reached, np.minimum(secs[zones:, zones:], limit), 0.0).sum(axis=1)
    others = reached.sum(axis=1) - 1
    home = wanted.inside(np.array(wanted.place_areas, dtype=object)).astype(float)
    pairs = others @ home
    mean = np.full(len(pairs), np.nan)
    np.divide(-(between @ home), pairs, out=mean, where=pairs > 0)
    by_measure[PLACE_SECS] = mean
    rows = {name: values[np.newaxis] for name, values in by_measure.items()}
    return values_table(rows, wanted.areas, travel)
