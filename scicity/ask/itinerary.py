"""By which way one travels between two points."""

from __future__ import annotations

from typing import Any

import geopandas as gpd

from analysis.graph.travel import Travel
from analysis.itineraries.itinerary import Itinerary, Moment
from analysis.itineraries.itinerary import itinerary as on_network
from analysis.itineraries.trips import TAKES
from geo.crs import to_wgs84
from geo.faults import BadInputError, Fault, check_faults, shown
from layers.transit import Period
from scicity.ask.checks import checked
from scicity.inputs.pair import scenario_ids
from scicity.inputs.points import Places, points
from scicity.inputs.study import Study, check_study
from scicity.settings.windows import clock_secs


def itinerary(
    study: Study,
    scenario: str | None,
    origin: Places,
    destination: Places,
    *,
    depart: str | None = None,
    arrive_by: str | None = None,
    period: Period = "peak",
) -> gpd.GeoDataFrame:
    """The way by public transport between two points, leg by leg.

    Where vehicles run by a timetable: the journey that arrives first, or with `arrive_by` the one
    that leaves last. Of several it is the one that leaves later, then the one of fewer rides. Where
    lines have headways only: the path with the shortest expected time, with the waits expected.

    Parameters
    ----------
    study
        What `read_study` returned.
    scenario
        Id of a scenario; the study's own if None.
    origin, destination
        One point each, see `points`.
    depart
        When one leaves, `HH:MM`; or which departure of the study's window: `best`, the one with
        the shortest travel time (also if nothing is given), or `median`, the one in the middle.
    arrive_by
        When one must have arrived, `HH:MM`.
    period
        `peak` or `offpeak`: which window, and headways of lines without a timetable.

    Returns
    -------
    GeoDataFrame
        WGS 84, one row a leg: `leg` (from 1), `kind` (`walk`, `wait` or `ride`), `from_id`,
        `from_name`, `to_id`, `to_name` (stops or points), `route_id`, `route_name`,
        `route_name_en`, `trip_id` (of rides; the trip is empty for lines with a headway),
        `depart_secs`, `arrive_secs` (of the service day; from the departure on where nothing has a
        clock and no time is given), `secs`, `stops_passed` and a line from stop to stop. ` | `
        stands between lines of which one takes the first that comes, ` > ` between those on which
        one stays on board. The seconds add up to the travel time. No rows if there is no way within
        `max_trip_secs`; `missing_times` says why.

    Raises
    ------
    BadInputError
        With every argument that is wrong.

    Examples
    --------
    >>> import scicity
    >>> study = scicity.read_study()
    >>> legs = scicity.itinerary(study, "plan", "SC_CENTRE", "PK_SF", depart="07:30")
    >>> legs.loc[legs["kind"] == "ride", ["route_id", "to_name", "secs"]].round()
      route_id to_name   secs
    2  CRT17P1     斑竹林  200.0
    5   CRT7P1      金凤  132.0
    8    CRT19      双福  916.0
    """
    found = itinerary_of(study, scenario, (origin, destination), (depart, arrive_by), period=period)
    return to_wgs84(found.legs)


def itinerary_of(
    study: Study,
    scenario: str | None,
    ends: tuple[Places, Places],
    times: tuple[str | None, str | None] = (None, None),
    *,
    period: Period = "peak",
    named: tuple[str, str, str, str] = ("origin", "destination", "depart", "arrive_by"),
) -> Itinerary:
    """The way with its reason if there is none, projected, as the command needs it.

    Parameters
    ----------
    study, scenario, period
        As for `itinerary`.
    ends
        Origin and destination.
    times
        `depart` and `arrive_by`.
    named
        The names of the four arguments, for messages.

    Raises
    ------
    BadInputError
        With every argument that is wrong.
    """
    check_study(study)
    (scenario_id,), how, start, end, moment = checked(
        lambda: scenario_ids(study, [scenario] if scenario is not None else None),
        lambda: Travel("transit", period),
        lambda: _one_point(study, ends[0], named[0]),
        lambda: _one_point(study, ends[1], named[1]),
        lambda: _moment(times, named[2:]),
    )
    names = [str(start.index[0]), str(end.index[0])]
    # the same id may stand for two positions
    ids = names if names[0] != names[1] else [names[0], f"{names[1]} "]
    both = gpd.GeoSeries([start.iloc[0], end.iloc[0]], index=ids, crs=start.crs)
    found = on_network(
        study.network(scenario_id),
        both,
        travel=how,
        conditions=study.conditions,
        between=(ids[0], ids[1]),
        moment=moment,
    )
    return _with_names(study, found)


def _one_point(study: Study, place: Any, argument: str) -> gpd.GeoSeries:
    """One point, projected.

    Raises
    ------
    BadInputError
        If it is none, or several.
    """
    if place is None:
        message, allowed = "no point", "one point"
        raise BadInputError([Fault(argument, "", "value-out-of-range", message, allowed)])
    found = points(study, place, argument=argument)
    if len(found) > 1:
        message, allowed = f"{len(found)} points", "one point"
        raise BadInputError([Fault(argument, "", "value-out-of-range", message, allowed)])
    return found


def _moment(times: tuple[Any, Any], named: tuple[str, ...]) -> Moment:
    """When one travels.

    Raises
    ------
    BadInputError
        If both times are given, or one is neither a time of day nor `best` or `median`.
    """
    depart, arrive_by = times
    if depart is not None and arrive_by is not None:
        message = f"{shown(arrive_by)} with {named[0]} {shown(depart)}"
        allowed = f"{named[0]} or {named[1]}"
        check_faults([Fault(named[1], "", "option-unused", message, allowed)])
    if arrive_by is not None:
        return Moment(arrive_secs=clock_secs(arrive_by, named[1]))
    if depart is None or (isinstance(depart, str) and depart in TAKES):
        return Moment(take=depart or "best")
    try:
        return Moment(depart_secs=clock_secs(depart, named[0]))
    except BadInputError as error:
        message, allowed = f"it is {shown(depart)}", f"{error.faults[0].allowed}, best, median"
        raise BadInputError([Fault(named[0], "", "value-wrong-type", message, allowed)]) from error


def _with_names(study: Study, found: Itinerary) -> Itinerary:
    """The same with the names of the study's places, where the ends are some."""
    table = study.places.set_index("place_id")
    last = len(found.legs) - 1
    for row, column in ((0, "from"), (last, "to")):
        if last >= 0 and (place := found.legs.loc[row, f"{column}_id"]) in table.index:
            found.legs.loc[row, f"{column}_name"] = table.loc[place, "name_zh"]
    return found
