"""Travel times and accessibility over the departures of a window, by timetable."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

import geopandas as gpd
import pandas as pd

from analysis.graph.conditions import Conditions
from analysis.graph.travel import Travel
from analysis.measures import Measure
from analysis.windows import accessibility as on_zones
from analysis.windows import travel_times as on_points
from geo.crs import to_wgs84
from layers.transit import Period
from scicity.ask.checks import checked
from scicity.inputs.pair import scenario_ids
from scicity.inputs.points import Places, points
from scicity.inputs.study import Study, check_study
from scicity.results.attribution_inputs import attribution_measures
from scicity.settings.windows import window_of, with_window

Window = str | Sequence[str]


def _conditions(study: Study, period: Period, window: Window | None, **options: Any) -> Conditions:
    """The study's conditions, with a window of its own if one is given."""
    if window is None:
        own = study.conditions.windows.of(period)
        text: Any = [f"{s // 3600:02}:{s // 60 % 60:02}" for s in (own.start_secs, own.end_secs)]
    else:
        text = window
    most = options.pop("max_walk_minutes")
    return with_window(
        study.conditions,
        window_of(text, max_walk_secs=None if most is None else 60.0 * most, **options),
    )


def window_times(
    study: Study,
    scenario: str | None = None,
    origins: Places | None = None,
    destinations: Places | None = None,
    *,
    window: Window | None = None,
    percentiles: Sequence[float] = on_points.PERCENTILES,
    period: Period = "peak",
    arrive_by: bool = False,
    planned: bool = False,
    max_rides: int | None = None,
    max_walk_minutes: float | None = None,
) -> pd.DataFrame:
    """Travel times by transit over every departure minute of a window.

    Parameters
    ----------
    study
        What `read_study` returned; its transit has a timetable (a GTFS feed).
    scenario
        Id of a scenario; the study's own if not given.
    origins, destinations
        Points, see `points`: all named places if not given; without destinations, times between
        all origins.
    window
        First and last time of day, `("07:00", "09:00")`, or one moment, `"07:30"`; the study's
        window of the period if not given.
    percentiles
        Of the departures: 0 to 100.
    period
        `peak` or `offpeak`: headways of lines without a timetable.
    arrive_by
        Whether the times are those at which one must have arrived.
    planned
        Whether travellers know the timetable and do not wait for their first vehicle.
    max_rides, max_walk_minutes
        Limits: vehicles, and minutes of any single walk.

    Returns
    -------
    DataFrame
        `from_id`, `to_id`, seconds by percentile (`p50_secs`, …), `best_secs`, `mean_secs` and
        `share_reached`, see `analysis.windows.travel_times.window_times`.

    Raises
    ------
    BadInputError
        If there is no timetable, or with every argument that is wrong.
    """
    check_study(study)
    (scenario_id,), starts, ends, wanted, conditions = checked(
        lambda: scenario_ids(study, [scenario] if scenario is not None else None),
        lambda: points(study, origins, argument="origins"),
        lambda: destinations and points(study, destinations, argument="destinations"),
        lambda: on_points.check_percentiles(percentiles),
        lambda: _conditions(
            study,
            period,
            window,
            arrive_by=arrive_by,
            planned=planned,
            max_rides=max_rides,
            max_walk_minutes=max_walk_minutes,
        ),
    )
    ends = starts if ends is None else ends
    both = pd.concat([starts, ends[~ends.index.isin(starts.index)]])
    return on_points.window_times(
        study.network(scenario_id),
        gpd.GeoSeries(both, crs=starts.crs),
        travel=Travel("transit", period),
        conditions=conditions,
        percentiles=wanted,
        ends=(list(starts.index), list(ends.index)),
    ).table


def window_accessibility(
    study: Study,
    scenario: str | None = None,
    *,
    minutes: Sequence[float] = (30, 45, 60),
    window: Window | None = None,
    percentiles: Sequence[float] = on_zones.PERCENTILES,
    period: Period = "peak",
    max_rides: int | None = None,
    max_walk_minutes: float | None = None,
) -> gpd.GeoDataFrame:
    """What every zone reaches at each departure of a window, as percentiles over the departures.

    Parameters
    ----------
    study, scenario, window, period, max_rides, max_walk_minutes
        As for `window_times`.
    minutes
        Cutoffs.
    percentiles
        Of accessibility: 5 is what one reaches at all but the worst twentieth of the departures.

    Returns
    -------
    GeoDataFrame
        Hexagons (WGS 84) with `zone_id`, `population` and, for people and each opportunity of the
        study, columns such as `people_2700_p5`.

    Raises
    ------
    BadInputError
        If there is no timetable, or with every argument that is wrong.
    """
    check_study(study)
    (scenario_id,), wanted, conditions = checked(
        lambda: scenario_ids(study, [scenario] if scenario is not None else None),
        lambda: on_points.check_percentiles(percentiles),
        lambda: _conditions(
            study,
            period,
            window,
            max_rides=max_rides,
            max_walk_minutes=max_walk_minutes,
        ),
    )
    zones = study.zones()
    known = attribution_measures(study).measures
    counted = dict.fromkeys((m.name.rsplit("_", 1)[0], m.opportunity) for m in known)
    measures = [
        Measure(f"{name}_{60 * m:g}", "cumulative", column, 60.0 * m)
        for name, column in counted
        for m in minutes
    ]
    table = on_zones.window_accessibility(
        study.network(scenario_id),
        zones,
        travel=Travel("transit", period),
        conditions=conditions,
        measures=measures,
        percentiles=wanted,
    )
    return to_wgs84(zones.join(table))
