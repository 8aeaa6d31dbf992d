"""What is asked of every subset of the players, and from where."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field
from functools import cached_property

import geopandas as gpd
import numpy as np
import pandas as pd

from analysis.accessibility import Measure
from analysis.change import EVERYWHERE


@dataclass(frozen=True)
class AttributionMeasures:
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
        everywhere = np.ones(len(areas), dtype=bool)
        return np.stack([*(areas == area for area in self.areas[:-1]), everywhere], axis=1)


@dataclass(frozen=True)
class Origins:
    """Zones from which is asked (positions), and how many people each stands for."""

    at: np.ndarray
    people: np.ndarray


def every_zone(wanted: AttributionMeasures) -> Origins:
    """All zones with those who live there."""
    people = wanted.zones["population"].to_numpy(dtype=float)
    return Origins(np.arange(len(people)), people)


def sampled_zones(wanted: AttributionMeasures, count: int) -> Origins:
    """Some zones that stand for all: one at each of so many equal steps through the people.

    A systematic sample with chances by size (Madow, "On the theory of systematic sampling, II",
    Annals of Mathematical Statistics 20, 1949); no chance is in it, so it is always the same.
    """
    people = wanted.zones["population"].to_numpy(dtype=float)
    if len(people) <= count:
        return every_zone(wanted)
    steps = (np.arange(count) + 0.5) * people.sum() / count
    at, times = np.unique(np.searchsorted(np.cumsum(people), steps), return_counts=True)
    return Origins(at, times * people.sum() / count)
