"""Buses that leave at regular times by a timetable: waits and their percentiles by hand.

One that leaves every 600 s makes a traveller who departs at any moment wait 0 to 600 s: at the
middles of the minutes 30, 90, …, 570 s.
"""

from __future__ import annotations

from dataclasses import replace
from typing import Any

from random_timetables import timetable_of

from layers.network import TransportNetwork

FIRST, LAST = 5 * 3_600, 22 * 3_600


def with_buses(
    network: TransportNetwork, *route_ids: str, every_secs: int = 600
) -> TransportNetwork:
    """The network where some routes run by a timetable, all day, at whole multiples of a headway.

    Hops are those of the route.
    """
    trips: list[tuple[Any, ...]] = []
    calls: list[tuple[Any, ...]] = []
    for route in network.routes:
        if route.route_id not in route_ids:
            continue
        for leave in range(FIRST, LAST, every_secs):
            at = leave
            for stop, hop in zip(route.stop_ids, (*route.hop_secs, 0.0), strict=True):
                calls.append((len(trips), stop, at, at, True, True))
                at += int(hop)
            trips.append((f"t{len(trips)}", route.route_id, "", -1, 0, 0, 0))
    return replace(network, timetable=timetable_of(trips, calls, []))
