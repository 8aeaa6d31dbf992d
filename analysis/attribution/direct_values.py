"""Values of one subset of players, from a separate search of its network."""

from __future__ import annotations

import numpy as np

from analysis.accessibility import cumulative_opportunities
from analysis.attribution.measures import AttributionMeasures
from analysis.attribution.subset_values import NEAR_CORE, PLACE_SECS, Values, values_table
from analysis.graph.conditions import Conditions
from analysis.graph.routable_network import routable_network
from analysis.graph.travel import Travel
from analysis.travel_time import travel_time_matrix
from layers.network import TransportNetwork


def point_times(
    network: TransportNetwork,
    wanted: AttributionMeasures,
    *,
    travel: Travel,
    conditions: Conditions,
) -> np.ndarray:
    """Seconds between all points of the measures, infinite beyond `max_trip_secs`."""
    routable = routable_network(network, wanted.points, travel=travel, conditions=conditions)
    return travel_time_matrix(routable, conditions.assumptions.max_trip_secs)


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
        The measures.
    travel
        Written to the columns.
    reached
        bool, places x places: pairs that reach each other with nothing built.
    limit
        `max_trip_secs`: the time of such a pair if a project has disconnected it.

    Returns
    -------
    Values
        One row.
    """
    zones = len(wanted.zones)
    people = wanted.zones["population"].to_numpy(dtype=float)
    inside = wanted.inside(wanted.zones["area_id"].to_numpy(dtype=object))
    residents = people[:, np.newaxis] * inside
    by_measure = {
        m.name: cumulative_opportunities(
            secs[:zones, :zones], wanted.zones[m.opportunity].to_numpy(dtype=float), m.value
        )
        @ residents
        / residents.sum(axis=0)
        for m in wanted.measures
    }
    core = zones + wanted.places.index.get_loc(wanted.core)
    near = cumulative_opportunities(secs[:zones, [core]], np.ones(1), wanted.near_secs)
    by_measure[NEAR_CORE] = near @ residents
    between = np.where(reached, np.minimum(secs[zones:, zones:], limit), 0.0).sum(axis=1)
    others = reached.sum(axis=1) - 1
    place_in_area = wanted.inside(np.array(wanted.place_areas, dtype=object)).astype(float)
    pairs = others @ place_in_area
    mean = np.full(len(pairs), np.nan)
    np.divide(-(between @ place_in_area), pairs, out=mean, where=pairs > 0)
    by_measure[PLACE_SECS] = mean
    rows = {name: values[np.newaxis] for name, values in by_measure.items()}
    return values_table(rows, wanted.areas, travel)
