"""By which way one gets from a point to another: its legs, lines and waits."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace

import geopandas as gpd
import numpy as np

from analysis.graph.conditions import Conditions
from analysis.graph.routable_network import routable_network
from analysis.graph.travel import Travel
from analysis.itineraries.legs import Leg, leg_table
from analysis.itineraries.trips import Take, trips
from analysis.timetable.departure_window import DepartureWindow, Windows
from analysis.travel_time import missing_reasons
from geo.faults import Fault, check_faults
from layers.network import TransportNetwork


@dataclass(frozen=True)
class Moment:
    """When one travels; at most one of the two times is given.

    Attributes
    ----------
    depart_secs, arrive_secs
        Seconds of the service day at which one leaves, or must have arrived; without any, a
        departure of the window of the period.
    take
        Which one of the window: the one with the shortest travel time, or the middle one.
    """

    depart_secs: int | None = None
    arrive_secs: int | None = None
    take: Take = "best"

    def __post_init__(self) -> None:
        """Refuse two times.

        Raises
        ------
        BadInputError
        """
        if self.depart_secs is not None and self.arrive_secs is not None:
            message, allowed = "a departure and an arrival", "one of both"
            check_faults([Fault("depart", "", "option-unused", message, allowed)])

    @property
    def is_given(self) -> bool:
        """Whether there is a time of day."""
        return self.depart_secs is not None or self.arrive_secs is not None

    def windows(self, windows: Windows) -> Windows:
        """The windows, or this moment in the place of each."""
        if not self.is_given:
            return windows
        arrive_by = self.depart_secs is None
        secs = int((self.arrive_secs if arrive_by else self.depart_secs) or 0)

        def at(window: DepartureWindow) -> DepartureWindow:
            return replace(window, start_secs=secs, end_secs=secs, arrive_by=arrive_by)

        return replace(windows, peak=at(windows.peak), offpeak=at(windows.offpeak))


@dataclass(frozen=True)
class Itinerary:
    """A way from a point to another.

    Attributes
    ----------
    legs
        `analysis.itineraries.legs.LEG_COLUMNS`, projected; no rows if there is no way.
    secs
        The travel time, waits included; 0 if there is no way.
    reason
        Why there is none, one of `analysis.travel_time.REASONS`; else empty.
    has_clock
        Whether the seconds of the legs are times of the day. Else they count from the departure.
    """

    legs: gpd.GeoDataFrame
    secs: float
    reason: str
    has_clock: bool


def itinerary(
    network: TransportNetwork,
    points: gpd.GeoSeries,
    *,
    travel: Travel,
    conditions: Conditions,
    between: tuple[str, str],
    moment: Moment | None = None,
) -> Itinerary:
    """The way by transit from one point to another.

    Where vehicles run by a timetable it is the journey that arrives first (to arrive by a time:
    that leaves last); of several the latest departure, then the fewest rides. Its seconds are
    exactly those of `travel_times` for the same departure. Lines with a headway and no clock run
    in several phases (`analysis.timetable.service.phases`): of a given moment the middle one of
    eight counts. Without a timetable it is the path with the shortest expected time.

    Parameters
    ----------
    network
        Roads, stops, routes and timetable.
    points
        Points in the network's CRS, indexed by id.
    travel
        Mode `transit`, period and waiting.
    conditions
        Windows, assumptions; `max_trip_secs` is the limit, doubled for the worst band.
    between
        Ids of the two points.
    moment
        When; the best departure of the period's window if not given.

    Raises
    ------
    BadInputError
        If the mode is not `transit`, or as `routable_network` does.
    """
    if travel.mode != "transit":
        message, allowed = f"it is {travel.mode!r}", "transit"
        check_faults([Fault("mode", "", "value-unknown", message, allowed)])
    moment = moment or Moment()
    under = replace(conditions, windows=moment.windows(conditions.windows))
    routable = routable_network(network, points, travel=travel, conditions=under)
    limit = (2 if travel.band == "worst" else 1) * conditions.assumptions.max_trip_secs
    ends = [np.array([points.index.get_loc(name)]) for name in between]
    take = "median" if moment.is_given else moment.take
    (way,) = trips(network, routable, travel, limit=limit, ends=(ends[0], ends[1]), take=take)
    reason = "" if way.legs else str(missing_reasons(routable, ends[0], ends[1])[0])
    has_timetable = routable.linked.timed is not None
    legs = way.legs if has_timetable else _at(way.legs, moment)
    total = sum(leg.secs for leg in legs)
    has_clock = has_timetable or moment.is_given
    return Itinerary(leg_table(legs, network, points), float(total), reason, has_clock)


def _at(legs: Sequence[Leg], moment: Moment) -> list[Leg]:
    """Legs that begin at second 0, at a moment of the day."""
    start = float(moment.depart_secs or 0)
    if moment.arrive_secs is not None:
        start = moment.arrive_secs - sum(leg.secs for leg in legs)
    return [leg._replace(depart_secs=leg.depart_secs + start) for leg in legs]
