"""What zones reach, in two scenarios."""

from __future__ import annotations

import geopandas as gpd

from geo.crs import to_wgs84
from scicity.inputs.pair import named_pair
from scicity.inputs.study import Study, check_study
from scicity.results.run_results import (
    accessibility_results,
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
        zones whose reach ends at the edge of the network: they may reach more. `off_network_…`
        flags zones with no street within `snap_limit_m` of their middle in one of the scenarios:
        they reach only themselves there, and count in all means.

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
    25,677 more people
    """
    check_study(study)
    return to_wgs84(accessibility_results(study, named_pair(study, scenario, baseline)).zones)
