"""What the network has with every subset of the players: the values of their game."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field
from functools import cached_property

import geopandas as gpd
import numpy as np
import pandas as pd

from analysis.accessibility import Measure
from analysis.attribution.additive import Additive, additive
from analysis.attribution.package import Package
from analysis.change import EVERYWHERE
from analysis.compiled import Travel
from analysis.conditions import Conditions
from analysis.paths.subsets import Asked, Within, renumbered, subset_sums

VALUE_COLUMNS = ("measure", "mode", "period", "area_id")
"""What each column of the values is about."""
NEAR_CORE, PLACE_SECS = "near_core", "place_secs"
"""Measures beside those of accessibility, see `Question`."""


@dataclass(frozen=True)
class Question:
    """What is asked of every subset.

    Attributes
    ----------
    zones
        `area_id`, `population`, counts of opportunities, projected hexagons.
    places
        Named places: projected points by id.
    place_areas
        The planning area of each place; empty outside all.
    core
        The place that is the middle of the core.
    measures
        Of kind `cumulative`: what an average resident reaches. Besides, `near_core` counts the
        people who reach the core within `near_secs`, and `place_secs` is the mean time between
        the places that reach each other with nothing built, below zero: more is better.
    near_secs
        Cutoff of `near_core`, seconds.
    """

    zones: gpd.GeoDataFrame = field(repr=False)
    places: gpd.GeoSeries = field(repr=False)
    place_areas: Sequence[str]
    core: str
    measures: Sequence[Measure]
    near_secs: float

    @cached_property
    def points(self) -> gpd.GeoSeries:
        """The middles of the zones, then the places."""
        middles = self.zones.geometry.centroid
        return gpd.GeoSeries(pd.concat([middles, self.places]), crs=middles.crs)

    @cached_property
    def areas(self) -> list[str]:
        """The planning areas with people, then `EVERYWHERE`."""
        with_people = self.zones.loc[self.zones["population"] > 0, "area_id"]
        return [*sorted(with_people.unique()), EVERYWHERE]

    def inside(self, areas: np.ndarray) -> np.ndarray:
        """Which zones or places are in which of `areas`: bool, places x areas."""
        return np.array([areas == area for area in self.areas[:-1]] + [areas == areas]).T  # noqa: PLR0124


def _zone_asked(question: Question, origins: np.ndarray) -> Asked:
    """People and opportunities within cutoffs, and the core, from zones (positions)."""
    zones, places = question.zones, len(question.zones) + np.arange(len(question.places))
    core = places[question.places.index.get_loc(question.core)]
    people = zones["population"].to_numpy(dtype=float)
    counts = [
        Within(np.append(zones[m.opportunity].to_numpy(dtype=float), 0.0), m.value)
        for m in question.measures
    ]
    nearby = np.append(np.zeros(len(zones)), 1.0)
    counts.append(Within(nearby, question.near_secs))
    weights = people[:, np.newaxis] * question.inside(zones["area_id"].to_numpy(dtype=object))
    destinations = np.append(np.arange(len(zones)), core)
    return Asked(origins, destinations, counts, weights[origins])


def _place_asked(question: Question, limit: float) -> Asked:
    """Times between places, and how many pairs are within the limit."""
    places = len(question.zones) + np.arange(len(question.places))
    inside = question.inside(np.array(question.place_areas, dtype=object)).astype(float)
    return Asked(places, places, [Within(np.ones(len(places)), limit)], inside, seconds=True)


def _of_zones(found: np.ndarray, question: Question, asked: Asked) -> dict[str, np.ndarray]:
    """Subsets x areas by measure."""
    people = asked.weights.sum(axis=0)
    sums = {m.name: found[:, k] / people for k, m in enumerate(question.measures)}
    return sums | {NEAR_CORE: found[:, -1]}


def _of_places(found: np.ndarray, asked: Asked) -> dict[str, np.ndarray]:
    """Likewise; areas from which nothing else is reached have nothing."""
    pairs = found[0, 0] - asked.weights.sum(axis=0)
    secs = np.full(found[:, 1].shape, np.nan)
    np.divide(-found[:, 1], pairs, out=secs, where=pairs > 0)
    return {PLACE_SECS: secs}


def _table(
    by_measure: dict[str, np.ndarray], areas: Sequence[str], travel: Travel
) -> tuple[np.ndarray, pd.DataFrame]:
    rows = [(name, travel.mode, travel.period, area) for name in by_measure for area in areas]
    values = np.concatenate(list(by_measure.values()), axis=1)
    known = ~np.isnan(values).any(axis=0)
    columns = pd.DataFrame(rows, columns=list(VALUE_COLUMNS)).loc[known]
    return values[:, known], columns.reset_index(drop=True)


def _spread(values: np.ndarray, active: Sequence[int], players: int) -> np.ndarray:
    """Values of the subsets of all players; those who add nothing change nothing."""
    subsets = np.arange(2**players)
    return np.asarray(values[renumbered(subsets, np.array(active, dtype=np.int64))])


@dataclass(frozen=True)
class Values:
    """The values of every subset.

    Attributes
    ----------
    values
        float64, 2 ** players x columns; rows of subsets in which a player lacks what it requires
        mean nothing. More is better: times are below zero.
    columns
        `VALUE_COLUMNS`, a row for each column.
    """

    values: np.ndarray
    columns: pd.DataFrame


def zone_values(
    question: Question, found: Additive, travel: Travel, *, origins: np.ndarray | None = None
) -> Values:
    """What zones reach with every subset of the active players.

    `origins` are positions of zones, all if not given; means are over those who live there.
    """
    every = np.arange(len(question.zones))
    asked = _zone_asked(question, every if origins is None else origins)
    limit = max([m.value for m in question.measures] + [question.near_secs])
    sums = subset_sums(found.trips, found.additions, asked, limit=limit)
    return Values(*_table(_of_zones(sums, question, asked), question.areas, travel))


def place_values(question: Question, found: Additive, travel: Travel, limit: float) -> Values:
    """Times between places with every subset of the active players."""
    asked = _place_asked(question, limit)
    sums = subset_sums(found.trips, found.additions, asked, limit=limit)
    return Values(*_table(_of_places(sums, asked), question.areas, travel))


def all_values(
    package: Package, question: Question, *, travels: Sequence[Travel], conditions: Conditions
) -> Values:
    """Every measure, mode and planning area, for every subset of the players.

    Raises
    ------
    NotAdditiveError
        If a project takes something away.
    """
    values, columns = [], []
    limit = conditions.assumptions.max_trip_secs
    for travel in travels:
        found = additive(package, question.points, travel=travel, conditions=conditions)
        for part in (
            zone_values(question, found, travel),
            place_values(question, found, travel, limit),
        ):
            values.append(_spread(part.values, found.active, len(package.players)))
            columns.append(part.columns)
    return Values(np.concatenate(values, axis=1), pd.concat(columns, ignore_index=True))
