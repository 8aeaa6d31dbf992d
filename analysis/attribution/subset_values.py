"""What the network has with every subset of the players: the values of their game."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

import numpy as np
import pandas as pd

from analysis.attribution.measures import AttributionMeasures, Origins, every_zone
from analysis.attribution.network.additive_network import AdditiveNetwork, additive
from analysis.attribution.network.package import Package
from analysis.graph.conditions import Conditions
from analysis.graph.routable_network import Travel
from analysis.routing.linked_points import LinkedPoints
from analysis.routing.router import times_between
from analysis.routing.subsets.added_arcs import Cutoff, SumRequest
from analysis.routing.subsets.subset_sums import renumber_bits, subset_sums

VALUE_COLUMNS = ("measure", "mode", "period", "area_id")
"""What each column of the values is about."""
NEAR_CORE, PLACE_SECS = "near_core", "place_secs"
"""Measures beside those of accessibility, see `AttributionMeasures`."""


def _zone_asked(wanted: AttributionMeasures, origins: Origins) -> SumRequest:
    """People and opportunities within cutoffs, and the core, from zones."""
    zones, places = wanted.zones, len(wanted.zones) + np.arange(len(wanted.places))
    core = places[wanted.places.index.get_loc(wanted.core)]
    counts = [
        Cutoff(np.append(zones[m.opportunity].to_numpy(dtype=float), 0.0), m.value)
        for m in wanted.measures
    ]
    nearby = np.append(np.zeros(len(zones)), 1.0)
    counts.append(Cutoff(nearby, wanted.near_secs))
    areas = zones["area_id"].to_numpy(dtype=object)[origins.at]
    weights = origins.people[:, np.newaxis] * wanted.inside(areas)
    destinations = np.append(np.arange(len(zones)), core)
    return SumRequest(origins.at, destinations, counts, weights)


def _place_asked(wanted: AttributionMeasures, timed: np.ndarray) -> SumRequest:
    """Times between places: bool, places x places, says between which."""
    places = len(wanted.zones) + np.arange(len(wanted.places))
    inside = wanted.inside(np.array(wanted.place_areas, dtype=object)).astype(float)
    return SumRequest(places, places, [], inside, timed)


def _of_zones(
    found: np.ndarray, wanted: AttributionMeasures, asked: SumRequest
) -> dict[str, np.ndarray]:
    """Subsets x areas by measure."""
    people = asked.weights.sum(axis=0)
    some = np.where(people > 0, people, np.nan)
    sums = {m.name: found[:, k] / some for k, m in enumerate(wanted.measures)}
    return sums | {NEAR_CORE: found[:, -1]}


def _of_places(found: np.ndarray, timed: np.ndarray, asked: SumRequest) -> dict[str, np.ndarray]:
    """Likewise; areas from which nothing else is reached have nothing."""
    pairs = (timed.sum(axis=1) - 1) @ asked.weights
    secs = np.full(found[:, 0].shape, np.nan)
    np.divide(-found[:, 0], pairs, out=secs, where=pairs > 0)
    return {PLACE_SECS: secs}


def _spread(values: np.ndarray, active: Sequence[int], players: int) -> np.ndarray:
    """Values of the subsets of all players; those who add nothing change nothing."""
    subsets = np.arange(2**players)
    return np.asarray(values[renumber_bits(subsets, np.array(active, dtype=np.int64))])


@dataclass(frozen=True)
class Values:
    """The values of every subset.

    Attributes
    ----------
    table
        float64, 2 ** players x columns; rows of subsets in which a player lacks what it requires
        mean nothing. More is better: times are below zero.
    columns
        `VALUE_COLUMNS`, a row for each column.
    """

    table: np.ndarray
    columns: pd.DataFrame


def values_table(by_measure: dict[str, np.ndarray], areas: Sequence[str], travel: Travel) -> Values:
    """The values of one mode: subsets x areas by measure, without areas that have none."""
    rows = [(name, travel.mode, travel.period, area) for name in by_measure for area in areas]
    values = np.concatenate(list(by_measure.values()), axis=1)
    known = ~np.isnan(values).any(axis=0)
    columns = pd.DataFrame(rows, columns=list(VALUE_COLUMNS)).loc[known]
    return Values(values[:, known], columns.reset_index(drop=True))


def zone_values(
    wanted: AttributionMeasures, found: AdditiveNetwork, travel: Travel, origins: Origins
) -> Values:
    """What some zones reach with every subset of the active players; means are over people."""
    asked = _zone_asked(wanted, origins)
    limit = max([m.value for m in wanted.measures] + [wanted.near_secs])
    sums = subset_sums(found.linked, found.additions, asked, limit=limit)
    return values_table(_of_zones(sums, wanted, asked), wanted.areas, travel)


def reached_places(wanted: AttributionMeasures, linked: LinkedPoints, limit: float) -> np.ndarray:
    """Which places reach each other: bool, places x places."""
    places = len(wanted.zones) + np.arange(len(wanted.places))
    secs = times_between(linked, limit=limit, origins=places, destinations=places)
    return np.asarray(np.isfinite(secs))


def place_values(
    wanted: AttributionMeasures,
    found: AdditiveNetwork,
    travel: Travel,
    limit: float,
    *,
    timed: np.ndarray,
) -> Values:
    """Times between some pairs of places with every subset of the active players."""
    asked = _place_asked(wanted, timed)
    sums = subset_sums(found.linked, found.additions, asked, limit=limit)
    return values_table(_of_places(sums, timed, asked), wanted.areas, travel)


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
        Who is judged, and by what.
    travels
        Modes and periods.
    conditions
        Peak volumes and assumptions; `max_trip_secs` is the limit of times between places.
    origins
        Every zone, if not given.
    reached
        bool, places x places, by mode: which reach each other with nothing built; those that do
        without any of the players, if not given.

    Raises
    ------
    NotAdditiveError
        If a project takes something away.
    """
    values, columns = [], []
    limit = conditions.assumptions.max_trip_secs
    asking = origins or every_zone(wanted)
    for travel in travels:
        found = additive(package, wanted.points, travel=travel, conditions=conditions)
        known = None if reached is None else reached[travel]
        timed = reached_places(wanted, found.linked, limit) if known is None else known
        for part in (
            zone_values(wanted, found, travel, asking),
            place_values(wanted, found, travel, limit, timed=timed),
        ):
            values.append(_spread(part.table, found.active, len(package.players)))
            columns.append(part.columns)
    return Values(np.concatenate(values, axis=1), pd.concat(columns, ignore_index=True))
