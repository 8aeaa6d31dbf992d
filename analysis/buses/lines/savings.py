"""What a proposed line saves: person-minutes of trips across a border.

Everybody on one side makes one trip to somebody on the other side, drawn at random, and the other
way round. Times are those by transit at the peak, in seconds: without the line as the engine finds
them, with it the better of that and one ride on it,

    T(o, d) = min(T0(o, d), T0(o, s) + wait + ride(s, t) + T0(t, d))   over its stops s before t.

That is what the engine finds with the line added as a route, but where another route serves the
same two stops: there the engine shares their frequencies, and riders save a little more.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import geopandas as gpd
import numpy as np
import pandas as pd

from analysis.buses.lines.bus_line import BusLine
from analysis.graph.conditions import Conditions
from analysis.graph.routable_network import Travel, routable_network
from analysis.kernels import kernel
from analysis.routing.router import times_between
from layers.network import TransportNetwork

WAIT_SHARE = 0.5
"""Of a headway, on average (Larson and Odoni, Urban Operations Research, 1981, section 2.14)."""


@kernel
def _saved(base: np.ndarray, on_line: tuple, people: tuple, limits: tuple) -> float:
    """Person-seconds saved from some origins to some destinations.

    `base` origins x destinations; `on_line`: origins x stops (at the stop when the bus arrives
    there) and stops x destinations; `people` of both; `limits`: up to which
    times count, and memory for one row.
    """
    reach, leave = on_line
    longest, now = limits
    at_origin, at_destination = people
    total, everybody = 0.0, at_destination.sum()
    for origin in range(base.shape[0]):
        for destination in range(now.size):
            now[destination] = min(base[origin, destination], longest)
        for stop in range(reach.shape[1]):
            since = reach[origin, stop]
            if since < longest:
                for destination in range(now.size):
                    now[destination] = min(now[destination], since + leave[stop, destination])
        own = 0.0
        for destination in range(now.size):
            was = min(base[origin, destination], longest)
            own += (was - now[destination]) * at_destination[destination]
        total += own * at_origin[origin]
    return total / everybody if everybody > 0.0 else 0.0


@dataclass(frozen=True)
class TripTimes:
    """Times without any proposed line.

    Attributes
    ----------
    secs
        Between all zones with people and then all stops of the lines, float64.
    zones
        `area_id` and `population` of those zones.
    place
        The row of each stop.
    longest
        Trips are counted up to this many seconds.
    """

    secs: np.ndarray
    zones: pd.DataFrame
    place: dict[str, int]
    longest: float

    def saved_person_minutes(
        self, line: BusLine, areas: tuple[str, str], headway_secs: float
    ) -> float:
        """What a line saves between two planning areas, both ways."""
        area, people = (self.zones[name].to_numpy() for name in ("area_id", "population"))
        sides = [np.flatnonzero(area == name) for name in areas]
        secs = 0.0
        for origins, destinations in (sides, sides[::-1]):
            if not len(origins) or not len(destinations):
                continue
            reach, stops = self._reach(line, origins, headway_secs)
            base = self.secs[np.ix_(origins, destinations)]
            leave = np.ascontiguousarray(self.secs[np.ix_(stops, destinations)])
            both = people[origins].astype(float), people[destinations].astype(float)
            row = np.empty(len(destinations))
            secs += float(_saved(base, (reach, leave), both, (self.longest, row)))
        return secs / 60

    def _reach(
        self, line: BusLine, origins: np.ndarray, headway_secs: float
    ) -> tuple[np.ndarray, np.ndarray]:
        """Seconds from origins until a bus of the line arrives at each of its stops."""
        stops = np.array([self.place[stop] for stop in line.stop_ids])
        to_stops = self.secs[np.ix_(origins, stops)] + WAIT_SHARE * headway_secs
        best = np.full(to_stops.shape, np.inf)
        clock = np.concatenate([[0.0], np.cumsum(line.hop_secs)])
        rounds = [clock] if line.is_loop else [clock, clock[-1] - clock]
        for at in rounds:
            for end in range(len(stops)):
                before = at < at[end]
                if before.any():
                    ride = to_stops[:, before] + (at[end] - at[before])
                    best[:, end] = np.minimum(best[:, end], ride.min(axis=1))
        if line.is_loop and len(stops) > 1:
            _over_the_end(to_stops, best, clock)
        return np.ascontiguousarray(best), stops


def _over_the_end(to_stops: np.ndarray, best: np.ndarray, clock: np.ndarray) -> None:
    """Riders stay on a loop where it begins anew."""
    for end in range(len(clock)):
        after = clock > clock[end]
        if after.any():
            ride = to_stops[:, after] + (clock[-1] - clock[after] + clock[end])
            best[:, end] = np.minimum(best[:, end], ride.min(axis=1))


def trip_times(
    network: TransportNetwork,
    lines: Sequence[BusLine],
    zones: gpd.GeoDataFrame,
    *,
    conditions: Conditions,
) -> TripTimes:
    """Times between zones and stops by transit at the peak.

    Parameters
    ----------
    network
        Without the lines.
    lines
        Their stops are stops of the network.
    zones
        `area_id`, `population` and polygons or points, projected.
    conditions
        Peak volumes and assumptions; `max_trip_secs` is the longest trip.
    """
    lived_in = zones.loc[zones["population"] > 0]
    stops = list(dict.fromkeys(stop for line in lines for stop in line.stop_ids))
    middles = lived_in.geometry.centroid
    points = pd.concat([middles, network.stops.geometry.loc[stops]], ignore_index=True)
    routable = routable_network(
        network,
        gpd.GeoSeries(points, crs=zones.crs),
        travel=Travel("transit", "peak"),
        conditions=conditions,
    )
    longest = conditions.assumptions.max_trip_secs
    place = {stop: len(lived_in) + number for number, stop in enumerate(stops)}
    secs = times_between(routable.linked, limit=longest)
    table = pd.DataFrame(lived_in[["area_id", "population"]]).reset_index(drop=True)
    return TripTimes(secs, table, place, longest)
