"""Areas reached from points."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from numbers import Real
from typing import Any

import geopandas as gpd
import numpy as np

from analysis.graph.travel import Mode, Travel
from geo.crs import to_wgs84
from geo.faults import BadInputError, Fault, shown
from layers.transit import Period
from scicity.ask.checks import checked
from scicity.inputs.pair import scenario_ids
from scicity.inputs.points import Places, points
from scicity.inputs.study import Study, check_study
from scicity.results.far_origins import check_near_streets
from scicity.results.run_results import (
    isochrone_results,
)

MOST_MINUTES = 240
MINUTE_SECS = 60


def _cutoffs_secs(minutes: Any, argument: str) -> list[float]:
    """Cutoffs in seconds, each once, the shortest first."""
    given = np.ravel(minutes).tolist() if isinstance(minutes, np.ndarray) else minutes
    given = list(given) if isinstance(given, Iterable) else [given]
    is_text = isinstance(minutes, str | bytes | Mapping)
    if is_text or not given or not all(map(_is_cutoff, given)):
        message, allowed = f"it is {shown(minutes)}", f"minutes from 1 to {MOST_MINUTES}"
        raise BadInputError([Fault(argument, "", "value-out-of-range", message, allowed)])
    return [float(MINUTE_SECS * m) for m in sorted(set(given))]


def _is_cutoff(minutes: Any) -> bool:
    is_number = isinstance(minutes, Real) and not isinstance(minutes, bool)
    return is_number and 1 <= minutes <= MOST_MINUTES


def reached(
    study: Study,
    scenario: str | Sequence[str] | None,
    origin: Places | None,
    *,
    cutoffs: tuple[Any, str] = ((15, 30, 45, 60), "minutes"),
    travel: tuple[Mode, Period] = ("transit", "peak"),
    argument: str = "origin",
) -> tuple[gpd.GeoDataFrame, gpd.GeoDataFrame]:
    """Areas and streets reached, projected, as `isochrones` and its command need them.

    Parameters
    ----------
    study, scenario, origin
        As for `isochrones`.
    cutoffs
        Minutes, and the name of their argument.
    travel
        Mode and period.
    argument
        The name of the origin's argument.

    Raises
    ------
    BadInputError
        With every argument that is wrong.
    """
    check_study(study)
    ids, cutoffs_secs, origins, how = checked(
        lambda: scenario_ids(study, scenario),
        lambda: _cutoffs_secs(*cutoffs),
        lambda: points(
            study, study.settings.study.origin if origin is None else origin, argument=argument
        ),
        lambda: Travel(*travel),
    )
    networks = [(name, study.network(name)) for name in ids]
    check_near_streets(study, networks, origins, travels=[how], argument=argument)
    return isochrone_results(
        study,
        networks,
        origins=origins,
        cutoffs_secs=cutoffs_secs,
        travels=[how],
    )


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
    0    today       2700.0      28.0
    1     plan       2700.0      63.0
    """
    areas, _ = reached(study, scenario, origin, cutoffs=(minutes, "minutes"), travel=(mode, period))
    return to_wgs84(areas)
