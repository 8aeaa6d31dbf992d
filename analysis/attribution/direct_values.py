"""What the network has with some players, found by a search of its own."""

from __future__ import annotations

import numpy as np

from analysis.accessibility import cumulative_opportunities
from analysis.attribution.measures import Question
from analysis.attribution.subset_values import NEAR_CORE, PLACE_SECS, Values, values_table
from analysis.graph.conditions import Conditions
from analysis.graph.routable_network import Travel, compile_network
from analysis.travel_time import travel_time_matrix
from layers.network import TransportNetwork


def point_times(
    network: TransportNetwork, question: Question, *, travel: Travel, conditions: Conditions
) -> np.ndarray:
    """Seconds between all points of a question, infinite beyond `max_trip_secs`."""
    compiled = compile_network(network, question.points, travel=travel, conditions=conditions)
    return travel_time_matrix(compiled, conditions.assumptions.max_trip_secs)


def direct_values(
    secs: np.ndarray, question: Question, travel: Travel, *, reached: np.ndarray, limit: float
) -> Values:
    """The columns of `analysis.attribution.subset_values.all_values` for one mode and one network.

    Parameters
    ----------
    secs
        `point_times` of the network.
    question
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
    zones = len(question.zones)
    people = question.zones["population"].to_numpy(dtype=float)
    inside = question.inside(question.zones["area_id"].to_numpy(dtype=object))
    lived = people[:, np.newaxis] * inside
    by_measure = {
        m.name: cumulative_opportunities(
            secs[:zones, :zones], question.zones[m.opportunity].to_numpy(dtype=float), m.value
        )
        @ lived
        / lived.sum(axis=0)
        for m in question.measures
    }
    core = zones + question.places.index.get_loc(question.core)
    near = cumulative_opportunities(secs[:zones, [core]], np.ones(1), question.near_secs)
    by_measure[NEAR_CORE] = near @ lived
    between = np.where(reached, np.minimum(secs[zones:, zones:], limit), 0.0).sum(axis=1)
    others = reached.sum(axis=1) - 1
    home = question.inside(np.array(question.place_areas, dtype=object)).astype(float)
    pairs = others @ home
    mean = np.full(len(pairs), np.nan)
    np.divide(-(between @ home), pairs, out=mean, where=pairs > 0)
    by_measure[PLACE_SECS] = mean
    rows = {name: values[np.newaxis] for name, values in by_measure.items()}
    return values_table(rows, question.areas, travel)
