"""Values of every subset of the players: the characteristic function of their game."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

import numpy as np
import pandas as pd

from analysis.attribution.measures import AttributionMeasures, Origins, every_zone
from analysis.attribution.network.additive_network import AdditiveNetwork, additive_network
from analysis.attribution.network.package import Package
from analysis.graph.conditions import Conditions
from analysis.graph.travel import Travel
from analysis.routing.linked_points import LinkedPoints
from analysis.routing.router import times_between
from analysis.routing.subsets.added_arcs import Cutoff, SumRequest
from analysis.routing.subsets.subset_sums import renumber_bits, subset_sums

VALUE_COLUMNS = ("measure", "mode", "period", "area_id")
"""Columns that describe each column of the values."""
NEAR_CORE, PLACE_SECS = "near_core", "place_secs"
"""The two measures besides accessibility, see `AttributionMeasures`."""


def _zone_request(wanted: AttributionMeasures, origins: Origins) -> SumRequest:
    """The sums over zones: people and opportunities within cutoffs, and the core."""
    zones, places = wanted.zones, len(wanted.zones) + np.arange(len(wanted.places))
    core = places[wanted.places.index.get_loc(wanted.core)]
    counts = [
        Cutoff(np.append(zones[m.opportunity].to_numpy(dtype=float), 0.0), m.value)
        for m in wanted.measures
    ]
    core_only = np.append(np.zeros(len(zones)), 1.0)
    counts.append(Cutoff(core_only, wanted.near_secs))
    areas = zones["area_id"].to_numpy(dtype=object)[origins.at]
    weights = origins.people[:, np.newaxis] * wanted.inside(areas)
    destinations = np.append(np.arange(len(zones)), core)
    return SumRequest(origins.at, destinations, counts, weights)


def _place_request(wanted: AttributionMeasures, timed: np.ndarray) -> SumRequest:
    """The sums of times between pairs of places; `timed` (bool, places x places) selects pairs."""
    places = len(wanted.zones) + np.arange(len(wanted.places))
    inside = wanted.inside(np.array(wanted.place_areas, dtype=object)).astype(float)
    return SumRequest(places, places, [], inside, timed)


def _zone_measures(
    sums: np.ndarray, wanted: AttributionMeasures, request: SumRequest
) -> dict[str, np.ndarray]:
    """Values from the sums over zones: subsets x areas, by measure."""
    people = request.weights.sum(axis=0)
    population = np.where(people > 0, people, np.nan)
    values = {m.name: sums[:, k] / population for k, m in enumerate(wanted.measures)}
    return values | {NEAR_CORE: sums[:, -1]}


def _place_measures(
    sums: np.ndarray, timed: np.ndarray, request: SumRequest
) -> dict[str, np.ndarray]:
    """Values from the sums over places; NaN for areas that reach no other place."""
    pairs = (timed.sum(axis=1) - 1) @ request.weights
    secs = np.full(sums[:, 0].shape, np.nan)
    np.divide(-sums[:, 0], pairs, out=secs, where=pairs > 0)
    return {PLACE_SECS: secs}


def _values_of_all_players(values: np.ndarray, active: Sequence[int], players: int) -> np.ndarray:
    """Values of the subsets of all players from those of the active players."""
    subsets = np.arange(2**players)
    return np.asarray(values[renumber_bits(subsets, np.array(active, dtype=np.int64))])


@dataclass(frozen=True)
class Values:
    """The values of every subset.

    Attributes
    ----------
    table
        float64, 2 ** players x columns; rows of infeasible subsets (a required player is missing)
        are undefined. Higher values are better: times are negative.
    columns
        `VALUE_COLUMNS`, a row for each column.
    """

    table: np.ndarray
    columns: pd.DataFrame


def values_table(by_measure: dict[str, np.ndarray], areas: Sequence[str], travel: Travel) -> Values:
    """The values of one mode: subsets x areas by measure, without areas that have no value."""
    rows = [(name, travel.mode, travel.period, area) for name in by_measure for area in areas]
    values = np.concatenate(list(by_measure.values()), axis=1)
    known = ~np.isnan(values).any(axis=0)
    columns = pd.DataFrame(rows, columns=list(VALUE_COLUMNS)).loc[known]
    return Values(values[:, known], columns.reset_index(drop=True))


def zone_values(
    wanted: AttributionMeasures, network: AdditiveNetwork, travel: Travel, origins: Origins
) -> Values:
    """Accessibility of zones with every subset of the active players, weighted by people."""
    request = _zone_request(wanted, origins)
    limit = max([m.value for m in wanted.measures] + [wanted.near_secs])
    sums = subset_sums(network.linked, network.additions, request, limit=limit)
    return values_table(_zone_measures(sums, wanted, request), wanted.areas, travel)


def reached_places(wanted: AttributionMeasures, linked: LinkedPoints, limit: float) -> np.ndarray:
    """Whether places reach each other: bool, places x places."""
    places = len(wanted.zones) + np.arange(len(wanted.places))
    secs = times_between(linked, limit=limit, origins=places, destinations=places)
    return np.asarray(np.isfinite(secs))


def place_values(
    wanted: AttributionMeasures,
    network: AdditiveNetwork,
    travel: Travel,
    limit: float,
    *,
    timed: np.ndarray,
) -> Values:
    """Times between some pairs of places with every subset of the active players."""
    request = _place_request(wanted, timed)
    sums = subset_sums(network.linked, network.additions, request, limit=limit)
    return values_table(_place_measures(sums, timed, request), wanted.areas, travel)


def all_values(
    package: Package,
    wanted: AttributionMeasures,
    *,
    travels: Sequence[Travel],
    conditions: Conditions,
    origins: Origins | None = None,
    reached: Mapping[Travel, np.ndarray] | None = None,
) -> Values:
    """Every measure, mode and planning area, for every subset of the players.

    Parameters
    ----------
    package, wanted
        Players and measures.
    travels
        Modes and periods.
    conditions
        Peak volumes and assumptions; `max_trip_secs` is the limit of times between places.
    origins
        Every zone, if not given.
    reached
        bool, places x places, by mode: pairs that reach each other with nothing built. If not
        given, pairs that do so without any of the players.

    Raises
    ------
    NotAdditiveError
        If a project removes or slows something.
    """
    values, columns = [], []
    limit = conditions.assumptions.max_trip_secs
    zone_origins = origins or every_zone(wanted)
    for travel in travels:
        network = additive_network(package, wanted.points, travel=travel, conditions=conditions)
        given = None if reached is None else reached[travel]
        timed = reached_places(wanted, network.linked, limit) if given is None else given
        for part in (
            zone_values(wanted, network, travel, zone_origins),
            place_values(wanted, network, travel, limit, timed=timed),
        ):
            values.append(_values_of_all_players(part.table, network.active, len(package.players)))
            columns.append(part.columns)
    return Values(np.concatenate(values, axis=1), pd.concat(columns, ignore_index=True))
