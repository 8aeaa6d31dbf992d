"""Itineraries: by which way one travels, leg by leg."""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import NamedTuple

import geopandas as gpd
import numpy as np
import pandas as pd

from analysis.graph.conditions import Conditions
from analysis.graph.routable_network import routable_network
from analysis.graph.travel import Travel
from analysis.routing.linked_points import LinkedPoints
from analysis.routing.router import times_between
from analysis.timetable.departure_window import Windows
from analysis.timetable.journey import Journey, Ride, journeys
from analysis.timetable.service.vehicles import Trips
from analysis.windows.travel_times import timed_points_of
from layers.network import TransportNetwork

LEG_COLUMNS = (
    *("kind", "from_name", "to_name", "line", "trip_id"),
    *("depart_secs", "arrive_secs", "secs", "stops"),
)
KINDS = ("walk", "wait", "ride")


class _Leg(NamedTuple):
    """A leg in the direction and time of the search; places are positions of points and stops."""

    kind: str
    start: int
    end: int
    line: str
    trip_id: str
    since: int
    until: int
    stops: int


@dataclass(frozen=True)
class _Network:
    """What the legs of a journey are told from."""

    network: TransportNetwork
    points: gpd.GeoSeries
    walkers: LinkedPoints
    trips: Trips
    limit: float

    def stop(self, stop: int) -> int:
        """The position of a stop among points and stops."""
        return len(self.points) + stop

    def name(self, place: int) -> str:
        """What a place is called."""
        if place < len(self.points):
            return str(self.points.index[place])
        return str(self.network.stops["stop_name"].iloc[place - len(self.points)])

    def walk_secs(self, start: int, end: int, most: int) -> int:
        """Seconds of a walk; all the time there is, if a rule takes the walk's place."""
        ends = np.array([start]), np.array([end])
        secs = times_between(self.walkers, limit=self.limit, origins=ends[0], destinations=ends[1])[
            0, 0
        ]
        return int(min(np.rint(secs), most)) if np.isfinite(secs) else most

    def named(self, ride: Ride) -> tuple[str, str]:
        """The line of a ride, and its trip in the feed."""
        route = self.network.routes[int(self.trips.route[ride.trip])]
        row = int(self.trips.row[ride.trip])
        trip = "" if row < 0 else str(self.network.timetable.trips["trip_id"].iloc[row])
        return route.line or route.route_name, trip


def _stays(journey: Journey, one: Ride, other: Ride) -> bool:
    """Whether riders stay on board between two rides."""
    service = journey.service
    part = slice(service.change_first[one.last], service.change_first[one.last + 1])
    return bool((service.change_to[part] == ~other.first).any())


def _legs(journey: Journey, ends: tuple[int, int], of: _Network) -> list[_Leg]:
    """The legs of a journey, one after another without a gap."""
    service, base = journey.service, journey.base
    legs: list[_Leg] = []
    place, now, before = ends[0], journey.moment, None
    for ride in journey.rides:
        event = int(np.flatnonzero(service.hop == ride.first)[0])
        board = of.stop(int(service.lines.stop[service.events.position[event]]))
        leave = of.stop(int(service.lines.stop[service.position[ride.last]]))
        depart = int(service.events.depart[event]) + base
        line, trip = of.named(ride)
        if before is None or not _stays(journey, before, ride):
            secs = of.walk_secs(place, board, depart - now) if place != board else 0
            legs.append(_Leg("walk", place, board, "", "", now, now + secs, 0))
            legs.append(_Leg("wait", board, board, line, "", now + secs, depart, 0))
        else:
            legs.append(_Leg("wait", place, board, line, "on board", now, depart, 0))
        on_street = int(service.leave_at[ride.last]) + base
        out = on_street - int(of.trips.leave_secs[ride.trip])
        hops = int(service.position[ride.last] - service.events.position[event])
        legs.append(_Leg("ride", board, leave, line, trip, depart, out, hops))
        legs.append(_Leg("walk", leave, leave, "", "", out, on_street, 0))
        place, now, before = leave, on_street, ride
    legs.append(_Leg("walk", place, ends[1], "", "", now, journey.arrival, 0))
    return [leg for leg in legs if leg.until > leg.since]


def _table(legs: list[_Leg], of: _Network, *, arrive_by: bool) -> pd.DataFrame:
    """Legs as a table in the order of the clock."""
    if arrive_by:
        legs = [
            leg._replace(start=leg.end, end=leg.start, since=-leg.until, until=-leg.since)
            for leg in reversed(legs)
        ]
    rows = [
        (
            leg.kind,
            of.name(leg.start),
            of.name(leg.end),
            leg.line,
            leg.trip_id,
            leg.since,
            leg.until,
            leg.until - leg.since,
            leg.stops,
        )
        for leg in legs
    ]
    return pd.DataFrame.from_records(rows, columns=list(LEG_COLUMNS))


def itinerary(
    network: TransportNetwork,
    points: gpd.GeoSeries,
    *,
    travel: Travel,
    conditions: Conditions,
) -> pd.DataFrame:
    """The quickest trip of a window from the first of two points to the second, leg by leg.

    Of several departures as quick the one with fewest rides, then the earliest. One moment gives
    the trip that leaves (or arrives) then; where lines without a timetable are met by chance, the
    luckiest phase counts.

    Parameters
    ----------
    network
        Roads, stops, routes and a timetable.
    points
        Two points in the network's CRS, indexed by id.
    travel
        By transit; its period says which window of the conditions.
    conditions
        Windows and assumptions; a limit of rides is not kept.

    Returns
    -------
    DataFrame
        `LEG_COLUMNS`: `kind` is one of `KINDS`; `trip_id` is empty for lines without a timetable,
        and `on board` where one waits in the vehicle; seconds of the service day; `stops` that a
        ride goes on. The legs follow one another without a gap and add up to the travel time. No
        row if there is no way within `max_trip_secs`.

    Raises
    ------
    BadInputError
        If the network has no timetable, or with what is wrong with the points.
    """
    window = replace(conditions.windows.of(travel.period), max_rides=None)
    unlimited = replace(conditions, windows=Windows(window, window))
    routable = routable_network(network, points, travel=travel, conditions=unlimited)
    timed, limit = timed_points_of(routable), conditions.assumptions.max_trip_secs
    arrive_by = window.arrive_by
    ends = (1, 0) if arrive_by else (0, 1)
    found = journeys(timed.search, *ends, limit_secs=limit)
    walkers = timed.walkers.reversed if arrive_by else timed.walkers
    trips = timed.search.vehicles_of(limit).trips
    of = _Network(network, points, walkers, trips, limit)
    legs = _legs(found[0], ends, of) if found else []
    return _table(legs, of, arrive_by=arrive_by)
