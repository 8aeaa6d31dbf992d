"""Travel times between points, and why some have none."""

from __future__ import annotations

import geopandas as gpd
import pandas as pd

from analysis.graph.travel import Band, Mode, Travel
from analysis.travel_time import TravelTimes
from analysis.travel_time import travel_times as times_on_network
from geo.faults import Fault, check_faults
from geo.points import listed_ids
from layers.transit import Period
from scicity.ask.checks import checked
from scicity.inputs.pair import scenario_ids
from scicity.inputs.points import Places, points
from scicity.inputs.study import Study, check_study


def _times(
    study: Study,
    scenario: str | None,
    ends: tuple[Places | None, Places | None],
    travel: tuple[Mode, Period, Band],
) -> TravelTimes:
    """Times on one network between origins and destinations (None: the origins)."""
    check_study(study)
    (scenario_id,), how, origins, destinations = checked(
        lambda: scenario_ids(study, [scenario] if scenario is not None else None),
        lambda: Travel(*travel),
        lambda: points(study, ends[0], argument="origins"),
        lambda: ends[1] if ends[1] is None else points(study, ends[1], argument="destinations"),
    )
    destinations = origins if destinations is None else destinations
    both = pd.concat([origins, destinations])
    both = gpd.GeoSeries(both[~both.index.duplicated()], crs=origins.crs)
    elsewhere = [name for name, at in destinations.items() if not at.equals(both[name])]
    if elsewhere:
        message = f"{listed_ids(elsewhere)} of the origins lies elsewhere"
        allowed = "one position for each id: give the two layers ids of their own (set_index)"
        check_faults([Fault("destinations", "", "id-duplicate", message, allowed)])
    return times_on_network(
        study.network(scenario_id),
        both,
        travel=how,
        conditions=study.conditions,
        origins=list(origins.index),
        destinations=list(destinations.index),
    )


def travel_times(
    study: Study,
    scenario: str | None = None,
    origins: Places | None = None,
    destinations: Places | None = None,
    *,
    mode: Mode = "transit",
    period: Period = "peak",
    band: Band = "expected",
) -> pd.DataFrame:
    """Travel times between points.

    Parameters
    ----------
    study
        What `read_study` returned.
    scenario
        Id of a scenario; the study's own if not given.
    origins, destinations
        Points, see `points`: all named places if not given; without destinations, times between
        all origins.
    mode, period, band
        `walk`, `drive` or `transit`; `peak` or `offpeak`; waiting `best` (none), `expected` or
        `worst` (a whole headway for every boarding). Where transit has a timetable these are
        percentiles of the departures of the study's window: 5, the study's own, and 95.

    Returns
    -------
    DataFrame
        `from_id`, `to_id`, `secs` (seconds): origin by origin, none from a point to itself. A pair
        without a time has no row; `missing_times` says why.

    Raises
    ------
    BadInputError
        With every argument that is wrong, see `points`.

    Examples
    --------
    >>> import scicity
    >>> study = scicity.read_study()
    >>> two = {"lab": (106.30, 29.61), "fab": (106.45, 29.55)}
    >>> scicity.travel_times(study, "plan", two).round()
      from_id to_id    secs
    0     lab   fab  3162.0
    1     fab   lab  3162.0
    """
    return _times(study, scenario, (origins, destinations), (mode, period, band)).table


def missing_times(
    study: Study,
    scenario: str | None = None,
    origins: Places | None = None,
    destinations: Places | None = None,
    *,
    mode: Mode = "transit",
    period: Period = "peak",
    band: Band = "expected",
) -> pd.DataFrame:
    """The pairs for which `travel_times` has no row, and the reason.

    Parameters and errors are those of `travel_times`.

    Returns
    -------
    DataFrame
        `from_id`, `to_id`, `reason`: `too_far_from_network` (no street within `snap_limit_m`),
        `beyond_cutoff` (longer than `max_trip_secs`) or `different_component` (no path at all).

    Examples
    --------
    >>> import scicity
    >>> study = scicity.read_study()
    >>> scicity.missing_times(study, "plan", ["SC_CENTRE", "PK_SF"]).empty
    True
    """
    return _times(study, scenario, (origins, destinations), (mode, period, band)).missing
