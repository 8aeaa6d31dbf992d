"""Areas reached from points."""

from __future__ import annotations

from collections.abc import Iterable, Sequence

import geopandas as gpd

from analysis.graph.routable_network import Mode, Travel
from geo.crs import to_wgs84
from geo.faults import BadInputError, Fault, shown
from layers.transit import Period
from scicity.ask.study import check_study
from scicity.inputs.pair import scenario_ids
from scicity.inputs.points import Places, points
from scicity.inputs.study import Study
from scicity.results.run_results import (
    isochrone_results,
)

MOST_MINUTES = 240
MINUTE_SECS = 60


def _cutoffs_secs(minutes: float | Iterable[float]) -> list[float]:
    """Cutoffs in seconds, each once, the shortest first."""
    given = list(minutes) if isinstance(minutes, Iterable) else [minutes]
    numbers = all(isinstance(m, int | float) and not isinstance(m, bool) for m in given)
    if isinstance(minutes, str) or not given or not numbers or not _within_range(given):
        message, allowed = f"it is {shown(minutes)}", f"minutes from 1 to {MOST_MINUTES}"
        raise BadInputError([Fault("minutes", "", "value-out-of-range", message, allowed)])
    return [float(MINUTE_SECS * m) for m in sorted(set(given))]


def _within_range(minutes: Sequence[float]) -> bool:
    return all(1 <= m <= MOST_MINUTES for m in minutes)


def isochrones(
    study: Study,
    scenario: str | Sequence[str] | None = None,
    origin: Places | None = None,
    *,
    minutes: float | Iterable[float] = (15, 30, 45, 60),
    mode: Mode = "transit",
    period: Period = "peak",
) -> gpd.GeoDataFrame:
    """Areas reached from one or more origins within each cutoff.

    Parameters
    ----------
    study
        What `read_study` returned.
    scenario
        Id of a scenario, or several; the study's own if not given.
    origin
        Points, see `points`; the study's own origin if not given.
    minutes
        Cutoffs, 1 to 240 minutes each.
    mode, period
        As for `travel_times`.

    Returns
    -------
    GeoDataFrame
        `origin_id`, `cutoff_secs`, `area_km2`, `geometry`, `scenario`, `mode`, `period`: a row a
        scenario, origin and cutoff, in the order given, the shortest cutoff first. The area of a
        longer cutoff contains that of a shorter one, and each contains its origin.

    Raises
    ------
    BadInputError
        With every argument that is wrong.

    Examples
    --------
    >>> import scicity
    >>> study = scicity.read_study()
    >>> areas = scicity.isochrones(study, ["today", "plan"], "金凤城市中心", minutes=45)
    >>> areas[["scenario", "cutoff_secs", "area_km2"]].round()
      scenario  cutoff_secs  area_km2
    0    today       2700.0      29.0
    1     plan       2700.0      87.0
    """
    check_study(study)
    ids, cutoffs = scenario_ids(study, scenario), _cutoffs_secs(minutes)
    origins = points(study, origin or study.settings.study["origin"], argument="origin")
    networks = [(name, study.network(name)) for name in ids]
    areas, _ = isochrone_results(
        study,
        networks,
        origins=origins,
        cutoffs_secs=cutoffs,
        travels=[Travel(mode, period)],
    )
    return to_wgs84(areas)
