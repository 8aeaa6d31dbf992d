"""By which way one travels between two points, by timetable."""

from __future__ import annotations

from typing import Any

import geopandas as gpd
import pandas as pd

from analysis.graph.travel import Travel
from analysis.windows.itinerary import itinerary as on_network
from layers.transit import Period
from scicity.ask.checks import checked
from scicity.inputs.pair import scenario_ids
from scicity.inputs.points import points
from scicity.inputs.study import Study, check_study
from scicity.settings.windows import moment_or_window, with_window


def itinerary(
    study: Study,
    scenario: str | None = None,
    *,
    origin: Any,
    destination: Any,
    depart: str | None = None,
    arrive_by: str | None = None,
    period: Period = "peak",
) -> pd.DataFrame:
    """The quickest trip between two points, leg by leg.

    Parameters
    ----------
    study
        What `read_study` returned; its transit has a timetable (a GTFS feed).
    scenario
        Id of a scenario; the study's own if not given.
    origin, destination
        A place's id or name, or longitude and latitude.
    depart, arrive_by
        `HH:MM`: when one leaves, or must have arrived. Without either, the quickest trip of all
        departures of the study's window.
    period
        `peak` or `offpeak`: headways of lines without a timetable, and which window.

    Returns
    -------
    DataFrame
        `analysis.windows.itinerary.LEG_COLUMNS`: walks, waits and rides in order; they add up to
        the travel time. No row if there is no way within `max_trip_secs`.

    Raises
    ------
    BadInputError
        If there is no timetable, or with every argument that is wrong.
    """
    check_study(study)
    (scenario_id,), start, end, window = checked(
        lambda: scenario_ids(study, [scenario] if scenario is not None else None),
        lambda: points(study, _one(origin), argument="origin"),
        lambda: points(study, _one(destination), argument="destination"),
        lambda: moment_or_window(study.conditions.windows.of(period), depart, arrive_by),
    )
    both = gpd.GeoSeries(
        [start.iloc[0], end.iloc[0]],
        index=[str(start.index[0]), f"{end.index[0]}{' ' * (end.index[0] == start.index[0])}"],
        crs=start.crs,
    )
    return on_network(
        study.network(scenario_id),
        both,
        travel=Travel("transit", period),
        conditions=with_window(study.conditions, window),
    )


def _one(place: Any) -> Any:
    """A place or a position as `points` takes them."""
    return [place] if isinstance(place, str) else place
