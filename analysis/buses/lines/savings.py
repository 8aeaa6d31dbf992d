"""Savings of a proposed line: person-minutes of trips across a border.

Each person on one side makes one trip to a random person on the other side, in both directions.
Times are by transit at the peak, in seconds: without the line as the engine computes them, with it
the minimum of that and one ride on it,

    T(o, d) = min(T0(o, d), T0(o, s) + wait + ride(s, t) + T0(t, d)) over its stops s and later
    stops t.

The engine gives the same times with the line added as a route, except where another route serves
the same two stops: there frequencies combine, and riders save slightly more.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import geopandas as gpd
import numpy as np
import pandas as pd

from analysis.buses.lines.bus_line import BusLine
from analysis.graph.conditions import Conditions
from analysis.graph.routable_network import routable_network
from analysis.graph.travel import Travel
from analysis.kernels import kernel
from analysis.routing.router import times_between
from layers.network import TransportNetwork

WAIT_SHARE = 0.5
"""Mean wait / headway (Larson and Odoni, Urban Operations Research, 1981, section 2.14)."""


@kernel
def _saved(base: np.ndarray, on_line: tuple, people: tuple, limits: tuple) -> float:
    """Person-seconds saved from some origins to some destinations.

    `base`: origins x destinations; `on_line`: origins x stops (time of the bus's arrival at the
    stop) and stops x destinations; `people` at both ends; `limits`: the largest time that counts,
    and workspace for one row.
    """
    arrival, onward = on_line
    longest, with_line = limits
    at_origin, at_destination = people
    total, all_people = 0.0, at_destination.sum()
    for origin in range(base.shape[0]):
        for destination in range(with_line.size):
            with_line[destination] = min(base[origin, destination], longest)
        for stop in range(arrival.shape[1]):
            since = arrival[origin, stop]
            if since < longest:
                for destination in range(with_line.size):
                    with_line[destination] = min(
                        with_line[destination], since + onward[stop, destination]
                    )
        saved = 0.0
        for destination in range(with_line.size):
            without_line = min(base[origin, destination], longest)
            saved += (without_line - with_line[destination]) * at_destination[destination]
        total += saved * at_origin[origin]
    return total / all_people if all_people > 0.0 else 0.0


@dataclass(frozen=True)
class TripTimes:
    """Travel times without any proposed line.

    Attributes
    ----------
    secs
        Seconds between all zones with people, then all stops of the lines, float64.
    zones
        `area_id` and `population` of those zones.
    place
        The row of each stop.
    longest
        Longer trips count as this many seconds.
    """

    secs: np.ndarray
    zones: pd.DataFrame
    place: dict[str, int]
    longest: float

    def saved_person_minutes(
        self, line: BusLine, areas: tuple[str, str], headway_secs: float
    ) -> float:
        """Person-minutes saved between two planning areas, in both directions."""
        area, people = (self.zones[name].to_numpy() for name in ("area_id", "population"))
        zones_of_areas = [np.flatnonzero(area == name) for name in areas]
        secs = 0.0
        for origins, destinations in (zones_of_areas, zones_of_areas[::-1]):
            if not len(origins) or not len(destinations):
                continue
            arrival, stops = self._arrival_secs(line, origins, headway_secs)
            base = self.secs[np.ix_(origins, destinations)]
            onward = np.ascontiguousarray(self.secs[np.ix_(stops, destinations)])
            people_at_ends = people[origins].astype(float), people[destinations].astype(float)
            row = np.empty(len(destinations))
            secs += float(_saved(base, (arrival, onward), people_at_ends, (self.longest, row)))
        return secs / 60

    def _arrival_secs(
        self, line: BusLine, origins: np.ndarray, headway_secs: float
    ) -> tuple[np.ndarray, np.ndarray]:
        """Seconds from origins until a bus of the line arrives at each of its stops."""
        stops = np.array([self.place[stop] for stop in line.stop_ids])
        to_stops = self.secs[np.ix_(origins, stops)] + WAIT_SHARE * headway_secs
        best = np.full(to_stops.shape, np.inf)
        clock = np.concatenate([[0.0], np.cumsum(line.hop_secs)])
        directions = [clock] if line.is_loop else [clock, clock[-1] - clock]
        for times in directions:
            for end in range(len(stops)):
                is_earlier = times < times[end]
                if is_earlier.any():
                    ride = to_stops[:, is_earlier] + (times[end] - times[is_earlier])
                    best[:, end] = np.minimum(best[:, end], ride.min(axis=1))
        if line.is_loop and len(stops) > 1:
            _over_the_end(to_stops, best, clock)
        return np.ascontiguousarray(best), stops


def _over_the_end(to_stops: np.ndarray, best: np.ndarray, clock: np.ndarray) -> None:
    """Lower the times of rides that pass the start of a loop."""
    for end in range(len(clock)):
        is_later = clock > clock[end]
        if is_later.any():
            ride = to_stops[:, is_later] + (clock[-1] - clock[is_later] + clock[end])
            best[:, end] = np.minimum(best[:, end], ride.min(axis=1))


def trip_times(
    network: TransportNetwork,
    lines: Sequence[BusLine],
    zones: gpd.GeoDataFrame,
    *,
    conditions: Conditions,
) -> TripTimes:
    """Travel times between zones and stops by transit at the peak.

    Parameters
    ----------
    network
        The network without the lines.
    lines
        Their stops are stops of the network.
    zones
        `area_id`, `population` and polygons or points, projected.
    conditions
        Peak volumes and assumptions; `max_trip_secs` is the longest trip.
    """
    inhabited = zones.loc[zones["population"] > 0]
    stops = list(dict.fromkeys(stop for line in lines for stop in line.stop_ids))
    centroids = inhabited.geometry.centroid
    points = pd.concat([centroids, network.stops.geometry.loc[stops]], ignore_index=True)
    routable = routable_network(
        network,
        gpd.GeoSeries(points, crs=zones.crs),
        travel=Travel("transit", "peak"),
        conditions=conditions,
    )
    longest = conditions.assumptions.max_trip_secs
    place = {stop: len(inhabited) + number for number, stop in enumerate(stops)}
    secs = times_between(routable.linked, limit=longest)
    table = pd.DataFrame(inhabited[["area_id", "population"]]).reset_index(drop=True)
    return TripTimes(secs, table, place, longest)
