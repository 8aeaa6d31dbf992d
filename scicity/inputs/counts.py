"""Counts of a study: people and opportunities."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Final

import geopandas as gpd
import pandas as pd

from geo.areas import StudyArea
from geo.faults import Fault
from layers.counts import Counts, point_counts, read_counts, read_population
from layers.totals import Total, total_in
from scicity.settings.settings import Settings

PEOPLE: Final = "population"


def read_all_counts(settings: Settings, area: StudyArea) -> tuple[dict[str, Counts], list[Fault]]:
    """The population (`PEOPLE`) and the counts of each file in `[opportunities]`, by name."""
    people, faults = read_population(settings.path(PEOPLE), area, settings.datum(PEOPLE))
    counts = {PEOPLE: people}
    for name, path in settings.count_paths().items():
        column = settings.opportunities[name].column
        counts[name], more_faults = read_counts(path, area, column, settings.datum(name))
        faults += more_faults
    return counts, faults


def opportunity_counts(
    settings: Settings,
    counts: Mapping[str, Counts],
    *,
    places: gpd.GeoDataFrame,
    opportunities: gpd.GeoDataFrame,
) -> dict[str, Counts]:
    """Every kind of opportunity: places of some categories, points of some kinds, or a file.

    Parameters
    ----------
    settings
        Settings with the entries of `[opportunities]`.
    counts
        Result of `read_all_counts`.
    places, opportunities
        Projected points, see `layers.places`; places that do not exist yet are left out.
    """
    kinds = {}
    for name, entry in settings.opportunities.items():
        by_category = places["category"].isin(entry.places or ())
        by_kind = opportunities["kind"].isin(entry.opportunities or ())
        points = [places.loc[by_category & places["existing"], ["geometry"]]]
        points.append(opportunities.loc[by_kind, ["geometry"]])
        counted = point_counts(gpd.GeoDataFrame(pd.concat(points), crs=places.crs))
        kinds[name] = counts.get(name, counted)
    return kinds


def all_totals(
    settings: Settings, counts: Mapping[str, Counts], area: StudyArea
) -> dict[str, Total]:
    """Totals of each layer of counts within the study area, by name."""
    density = settings.assumptions.population_density_per_km2
    return {
        name: total_in(
            table, area, name, density_per_km2=density if name == PEOPLE else float("inf")
        )
        for name, table in counts.items()
    }
