"""The synthetic city with a timetable: as many stops and calls as a city of millions has.

Every line runs both ways all day. Where lines meet each has a pole of its own for one in `POLES` of
them, as at real stops. No two trips of a line take the same time, so some overtake others.
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterator
from dataclasses import replace

import geopandas as gpd
import numpy as np
import pandas as pd
import shapely
from synthetic_grid import synthetic_network
from synthetic_transit import with_transit

from layers.network import TransportNetwork
from layers.timetable import CALL_COLUMNS, TRANSFER_COLUMNS, TRIP_COLUMNS, Timetable
from layers.transit import BUS, TransitRoute

DAY_SECS = (5 * 3_600, 24 * 3_600)
SLOWER = 4.5
"""Buses run so many times less often than `synthetic_transit` has it, which has fewer of them."""
POLES, APART_M = 24, 60.0
HOP_NOISE = (0.85, 1.25)
LEAVE_NOISE_SECS = 60
DWELL_SECS = 20
SEED = 5


def _both_ways(network: TransportNetwork) -> Iterator[TransitRoute]:
    """Each line there and back, each direction from its own poles."""
    for number, route in enumerate(network.routes):
        headway = route.headway_peak_secs * (SLOWER if route.route_type == BUS else 1.0)
        ways = ((route.stop_ids, route.hop_secs), (route.stop_ids[::-1], route.hop_secs[::-1]))
        for way, (stop_ids, hop_secs) in enumerate(ways):
            pole = (2 * number + way) % POLES
            yield replace(
                route,
                route_id=f"{route.route_id}-{way}",
                feed_route_id=f"{route.route_id}-{way}",
                stop_ids=tuple(f"{stop}/{pole}" for stop in stop_ids),
                hop_secs=hop_secs,
                headway_peak_secs=headway,
                headway_offpeak_secs=headway,
            )


def _poles(network: TransportNetwork, routes: list[TransitRoute]) -> gpd.GeoDataFrame:
    """The poles that lines use, around the place of their stop."""
    used = sorted({stop for route in routes for stop in route.stop_ids})
    stop, pole = zip(*(name.split("/") for name in used), strict=True)
    table = network.stops.loc[list(stop)].set_axis(used).rename_axis("stop_id")
    turn = np.array(pole, dtype=int) * 2 * np.pi / POLES
    x = table.geometry.x.to_numpy() + APART_M * np.cos(turn)
    y = table.geometry.y.to_numpy() + APART_M * np.sin(turn)
    return table.set_geometry(gpd.GeoSeries(shapely.points(x, y), index=used, crs=table.crs))


def _trips_of(route: TransitRoute, rng: np.random.Generator) -> tuple[np.ndarray, np.ndarray]:
    """Arrivals and departures of a line's trips: trips x stops, whole seconds."""
    leaves = np.arange(*DAY_SECS, route.headway_peak_secs)
    leaves = leaves + rng.integers(0, LEAVE_NOISE_SECS, len(leaves))
    hops = np.array(route.hop_secs) * rng.uniform(*HOP_NOISE, (len(leaves), len(route.hop_secs)))
    arrive = leaves[:, None] + np.pad(np.cumsum(np.rint(hops), axis=1), ((0, 0), (1, 0)))
    depart = arrive + DWELL_SECS
    arrive[:, 1:] += DWELL_SECS * np.arange(len(route.hop_secs))
    depart[:, 1:] += DWELL_SECS * np.arange(len(route.hop_secs))
    return arrive.astype(np.int64), depart.astype(np.int64)


def _timetable(routes: list[TransitRoute]) -> Timetable:
    rng = np.random.default_rng(SEED)
    trips, calls, count = [], [], 0
    for route in routes:
        arrive, depart = _trips_of(route, rng)
        number, stops = arrive.shape
        names = [f"{route.route_id}-{trip}" for trip in range(number)]
        columns = (names, route.route_id, route.route_name, -1, 0, 0, 0)
        trips.append(pd.DataFrame(dict(zip(TRIP_COLUMNS, columns, strict=True))))
        which = np.repeat(np.arange(count, count + number), stops)
        places = np.tile(np.array(route.stop_ids, dtype=object), number)
        values = (which, places, arrive.ravel(), depart.ravel(), True, True)
        calls.append(pd.DataFrame(dict(zip(CALL_COLUMNS, values, strict=True))))
        count += number
    rules = pd.DataFrame(columns=list(TRANSFER_COLUMNS)).astype({"min_secs": int})
    days = {"synthetic": dt.date(2026, 3, 4)}
    every_trip, every_call = (pd.concat(parts, ignore_index=True) for parts in (trips, calls))
    return Timetable(days, every_trip, every_call, rules)


def timetabled_city(nodes: int, buses: int) -> TransportNetwork:
    """A city of about so many street nodes, with so many bus lines and fifteen of rail."""
    network = with_transit(synthetic_network(nodes), buses=buses)
    routes = list(_both_ways(network))
    return replace(
        network, stops=_poles(network, routes), routes=tuple(routes), timetable=_timetable(routes)
    )
