"""Two scenarios beside each other."""

from __future__ import annotations

import geopandas as gpd
import pandas as pd

from geo.crs import to_wgs84
from scicity.ask.answers import Comparison
from scicity.inputs.pair import named_pair
from scicity.inputs.study import Study, check_study
from scicity.results.place_times import place_results
from scicity.results.run_results import (
    accessibility_results,
    effect_results,
)


def accessibility(
    study: Study, scenario: str | None = None, *, baseline: str | None = None
) -> gpd.GeoDataFrame:
    """What every zone reaches by transit and by car at the peak, in two scenarios.

    Parameters
    ----------
    study
        What `read_study` returned.
    scenario, baseline
        Ids of two scenarios; the study's own where not given.

    Returns
    -------
    GeoDataFrame
        Hexagons (WGS 84): `zone_id`, `area_id`, `population` and the study's opportunities, then
        for each measure `…_baseline`, `…_scenario` and `…_change` by mode and period, such as
        `people_2700_transit_peak_change`: people within 2,700 seconds. `touches_edge_…` flags
        zones whose reach ends at the edge of the network: they may reach more.

    Raises
    ------
    BadInputError
        If there is no such scenario, or with every fault of its projects.

    Examples
    --------
    >>> import scicity
    >>> zones = scicity.accessibility(scicity.read_study(), "plan")
    >>> people = zones["population"] / zones["population"].sum()
    >>> print(f"{(people * zones['people_2700_transit_peak_change']).sum():,.0f} more people")
    25,755 more people
    """
    check_study(study)
    return to_wgs84(accessibility_results(study, named_pair(study, scenario, baseline)).zones)


def compare(
    study: Study, scenario: str | None = None, *, baseline: str | None = None
) -> Comparison:
    """Times between the named places, and what zones and areas reach, in two scenarios.

    The tables are those that `scicity compare` writes. Parameters and errors are those of
    `accessibility`.

    Examples
    --------
    >>> import scicity
    >>> scicity.compare(scicity.read_study(), "plan")
    Comparison(times: 18576 rows, missing: 12982 rows, zones: 1203 rows, by_area: 168 rows)
    """
    check_study(study)
    pair = named_pair(study, scenario, baseline)
    places, reached = place_results(study, pair), accessibility_results(study, pair)
    return Comparison(places.times, places.missing, to_wgs84(reached.zones), reached.by_area)


def project_effects(
    study: Study, scenario: str | None = None, *, baseline: str | None = None
) -> pd.DataFrame:
    """What each project of a scenario changes in the times between the named places.

    Parameters and errors are those of `accessibility`.

    Returns
    -------
    DataFrame
        `analysis.project_effects.EFFECT_COLUMNS`: a row a project, mode and comparison: `alone`
        (against the baseline) and `last` (the scenario with it against without it); how many
        pairs are quicker, slower or opened, and by how many seconds.
    """
    check_study(study)
    return effect_results(study, named_pair(study, scenario, baseline))
