"""Measures whose change is attributed, and the origins of their sums."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field
from functools import cached_property

import geopandas as gpd
import numpy as np
import pandas as pd

from analysis.change import EVERYWHERE
from analysis.measures import Measure


@dataclass(frozen=True)
class AttributionMeasures:
    """The measures computed for every subset of players.

    Attributes
    ----------
    zones
        `area_id`, `population`, counts of opportunities, projected hexagons.
    places
        Named places: projected points by id.
    place_areas
        The planning area of each place; empty outside all.
    core
        The place at the centre of the core.
    measures
        Of kind `cumulative`: opportunities that the average resident reaches. Two more measures are
        always computed: `near_core` counts the people who reach the core within `near_secs`, and
        `place_secs` is the negative mean time between the places that reach each other with nothing
        built. Higher values are better in all of them.
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
        """The centroids of the zones, then the places."""
        centroids = self.zones.geometry.centroid
        return gpd.GeoSeries(pd.concat([centroids, self.places]), crs=centroids.crs)

    @cached_property
    def areas(self) -> list[str]:
        """The planning areas with people, then `EVERYWHERE`."""
        with_people = self.zones.loc[self.zones["population"] > 0, "area_id"]
        return [*sorted(with_people.unique()), EVERYWHERE]

    def inside(self, areas: np.ndarray) -> np.ndarray:
        """Membership of zones or places in `areas`: bool, places x areas."""
        all_areas = np.ones(len(areas), dtype=bool)
        return np.stack([*(areas == area for area in self.areas[:-1]), all_areas], axis=1)


@dataclass(frozen=True)
class Origins:
    """Origin zones (positions), and the number of people that each represents."""

    at: np.ndarray
    people: np.ndarray


def every_zone(wanted: AttributionMeasures) -> Origins:
    """All zones with their population."""
    people = wanted.zones["population"].to_numpy(dtype=float)
    return Origins(np.arange(len(people)), people)


def sampled_zones(wanted: AttributionMeasures, count: int) -> Origins:
    """A sample of zones: one at each of `count` equal steps through the population.

    A systematic sample with probability proportional to size (Madow, "On the theory of systematic
    sampling, II", Annals of Mathematical Statistics 20, 1949). It has no random start, so it is
    always the same.
    """
    people = wanted.zones["population"].to_numpy(dtype=float)
    if len(people) <= count:
        return every_zone(wanted)
    steps = (np.arange(count) + 0.5) * people.sum() / count
    at, times = np.unique(np.searchsorted(np.cumsum(people), steps), return_counts=True)
    return Origins(at, times * people.sum() / count)
