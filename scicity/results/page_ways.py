"""By which way one travels between the places, for the card of the map page."""

from __future__ import annotations

import math
from collections.abc import Sequence

import numpy as np

from analysis.graph.routable_network import RoutableNetwork
from analysis.graph.travel import Travel
from analysis.itineraries.legs import EITHER, ONWARD, Leg, route_names
from analysis.itineraries.trips import trips
from analysis.od_matrix.whole_minutes import MINUTE
from analysis.routing.arcs import STEP_SECS
from layers.network import TransportNetwork
from maps.tables.packed_ways import Way, WayLeg

SHOWN = {EITHER: " / ", ONWARD: " → "}
"""How several lines of one ride are written in both languages."""


def _shown(names: str) -> str:
    for between, text in SHOWN.items():
        names = names.replace(between, text)
    return names


def short_legs(network: TransportNetwork, legs: Sequence[Leg]) -> tuple[WayLeg, ...]:
    """Legs in whole minutes, which add up to the minutes begun of the whole way.

    Legs of no minute are left out, but rides.
    """
    found, secs, told = [], 0.0, 0
    for leg in legs:
        secs += leg.secs
        until = math.ceil((secs - STEP_SECS / 2) / MINUTE)
        _, zh, en = route_names(network, leg)
        if until > told or leg.routes:
            found.append(WayLeg(leg.kind, until - told, _shown(zh), _shown(en)))
        told = until
    return tuple(found)


def place_ways(
    network: TransportNetwork, routable: RoutableNetwork, places: int, limit: float
) -> dict[tuple[int, int], Way]:
    """The best way by transit between all places: of the window, or the one expected.

    Parameters
    ----------
    network
        Stops, routes and timetable.
    routable
        The same network at the peak, with the places as its first points.
    places
        Number of places.
    limit
        Longest travel time, seconds.
    """
    everyone = np.arange(places)
    ends, has_clock = (everyone, everyone), routable.linked.timed is not None
    ways = {}
    for trip in trips(network, routable, Travel("transit"), limit=limit, ends=ends):
        if trip.legs and trip.origin != trip.destination:
            leaves = int(trip.legs[0].depart_secs) // MINUTE if has_clock else None
            legs = short_legs(network, trip.legs)
            ways[trip.origin, trip.destination] = Way(leaves, legs)
    return ways
