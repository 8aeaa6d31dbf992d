"""Feeding the spines: areas that reach a station across a border by one bus, and the time."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence

import geopandas as gpd
import numpy as np
import pandas as pd

from analysis.buses.gaps import spine_stations
from analysis.buses.timed_feeding import clocked_calls, headway_wait_secs, timed_rides
from analysis.graph.conditions import Conditions
from geo.areas import StudyArea, area_of, borders
from layers.network import TransportNetwork
from layers.route_types import is_bus
from layers.transit import TransitRoute

FEED_COLUMNS = ("stop_id", "stop_name", "lines", "area_id", "from_area", "minutes", "route_name")


def stations_near_borders(
    network: TransportNetwork, study_area: StudyArea, spines: Sequence[str], limit_m: float
) -> gpd.GeoDataFrame:
    """Spine stations within a distance (metres) of a border, with `area_id` and `lines`."""
    stations = spine_stations(network, spines)
    lines: dict[str, list[str]] = {}
    for route in network.routes:
        if route.line in spines:
            for stop in dict.fromkeys(route.stop_ids):
                lines.setdefault(stop, []).append(route.line)
    edge = borders(study_area).geometry.union_all()
    near = stations.loc[stations.distance(edge) <= limit_m]
    names = ["、".join(dict.fromkeys(lines[stop])) for stop in near.index]
    return near.assign(area_id=area_of(study_area, near.geometry), lines=names)


def _directions(route: TransitRoute) -> list[tuple[tuple[str, ...], tuple[float, ...]]]:
    """A route's stops and hops in each direction of service."""
    directions = [(route.stop_ids, _with_stands(route.hop_secs, route.stands_secs))]
    if route.bidirectional:
        back = _with_stands(route.hop_secs[::-1], route.stands_secs[::-1])
        directions.append((route.stop_ids[::-1], back))
    return directions


def _with_stands(hops: Sequence[float], stands: Sequence[float]) -> tuple[float, ...]:
    """Hops with the time that the vehicle stands before each; at the first stop it is boarded."""
    return (hops[0], *(hop + stand for hop, stand in zip(hops[1:], stands[1:-1], strict=True)))


def _rides(route: TransitRoute, walk_secs: Mapping[str, float]) -> dict[str, float]:
    """Seconds from each stop by the quickest ride and walk to the station."""
    best: dict[str, float] = {}
    for stops, hops in _directions(route):
        clock = np.concatenate([[0.0], np.cumsum(hops)])
        for end in (n for n, stop in enumerate(stops) if stop in walk_secs):
            for start in range(end):
                secs = float(clock[end] - clock[start]) + walk_secs[stops[end]]
                if stops[start] not in walk_secs:
                    best[stops[start]] = min(best.get(stops[start], secs), secs)
    return best


RidesOf = Callable[[TransitRoute, Mapping[str, float]], dict[str, float]]
"""Seconds from the stops of a route to a station, by the walks to it: wait, ride and walk."""


def _by_headway(route: TransitRoute, walk_secs: Mapping[str, float]) -> dict[str, float]:
    """Half a headway, the quickest ride and the walk; none of a route that does not run."""
    if not route.runs_in("peak"):
        return {}
    wait = route.headway_peak_secs / 2
    return {stop: wait + secs for stop, secs in _rides(route, walk_secs).items()}


def _by_timetable(network: TransportNetwork, conditions: Conditions) -> RidesOf:
    """A percentile of the departures of the peak's window, by walks no longer than it allows."""
    timed, window = clocked_calls(network.timetable), conditions.windows.peak
    most = np.inf if window.max_walk_secs is None else window.max_walk_secs

    def rides_of(route: TransitRoute, walk_secs: Mapping[str, float]) -> dict[str, float]:
        near = {stop: secs for stop, secs in walk_secs.items() if secs <= most}
        if route.route_id in timed:
            return timed_rides(timed[route.route_id], near, window)
        if not route.runs_in("peak"):
            return {}
        wait = headway_wait_secs(route.headway_peak_secs, window)
        return {stop: wait + secs for stop, secs in _rides(route, near).items()}

    return rides_of


def feeding(
    network: TransportNetwork,
    study_area: StudyArea,
    *,
    spines: Sequence[str],
    conditions: Conditions,
) -> pd.DataFrame:
    """The quickest single bus from every other area to every spine station near a border.

    Minutes are half a peak headway, the ride from the last stop in that area, and the walk from the
    bus stop to the station (straight-line distance times `detour`). In a network with a timetable
    they are a percentile of the departures of the peak's window, see
    `analysis.buses.timed_feeding`.

    Parameters
    ----------
    network
        The baseline or a scenario.
    study_area
        Planning areas.
    spines
        `line` of the spine routes.
    conditions
        Assumptions `unfed_station_m`, largest distance to a border, and `bus_catchment_m`, largest
        distance to a bus stop; the window of the peak.

    Returns
    -------
    DataFrame
        `FEED_COLUMNS`, one row a station and area with such a bus: the station, its lines and area,
        the area the bus comes from, minutes and route. A station without such a bus has one row
        with empty `from_area`, `minutes` and `route_name`.
    """
    assumptions = conditions.assumptions
    stations = stations_near_borders(network, study_area, spines, assumptions.unfed_station_m)
    area = pd.Series(area_of(study_area, network.stops.geometry), index=network.stops.index)
    buses = [route for route in network.routes if is_bus(route.route_type)]
    served = sorted({stop for route in buses for stop in route.stop_ids})
    places = network.stops.geometry.loc[served]
    rides_of = _by_timetable(network, conditions) if network.has_timetable else _by_headway
    rows: list[tuple[object, ...]] = []
    for station in stations.itertuples():
        walk = places.distance(station.geometry)
        walk = walk.loc[walk <= assumptions.bus_catchment_m] * assumptions.detour
        walk_secs = {str(stop): metres / assumptions.walk_mps for stop, metres in walk.items()}
        best: dict[str, tuple[float, str]] = {}
        for route in buses:
            for stop, secs in rides_of(route, walk_secs).items():
                if area[stop] not in ("", station.area_id):
                    ride = (secs / 60, route.route_name)
                    best[area[stop]] = min(best.get(area[stop], ride), ride)
        columns_of_station = (station.Index, station.stop_name, station.lines, station.area_id)
        rows += [(*columns_of_station, name, *best[name]) for name in sorted(best)] or [
            (*columns_of_station, None, None, None)
        ]
    return pd.DataFrame.from_records(rows, columns=list(FEED_COLUMNS))


def feeding_change(baseline: pd.DataFrame, scenario: pd.DataFrame) -> pd.DataFrame:
    """Two tables of `feeding` side by side.

    Returns
    -------
    DataFrame
        `stop_id`, `stop_name`, `lines`, `area_id`, `from_area`, then `minutes` and `route_name` of
        both, prefixed `baseline_` and `scenario_`; a pair without a bus has no minutes.
    """
    keys = ["stop_id", "from_area"]
    tables = []
    for name, table in (("baseline", baseline), ("scenario", scenario)):
        renamed = {column: f"{name}_{column}" for column in ("minutes", "route_name")}
        tables.append(table[[*keys, *renamed]].rename(columns=renamed))
    both = tables[0].merge(tables[1], on=keys, how="outer")
    stations = pd.concat([scenario, baseline])[["stop_id", "stop_name", "lines", "area_id"]]
    named = both.merge(stations.drop_duplicates("stop_id"), on="stop_id")
    fed = set(named.loc[named["from_area"].notna(), "stop_id"])
    named = named.loc[named["from_area"].notna() | ~named["stop_id"].isin(fed)]
    columns = ["stop_id", "stop_name", "lines", "area_id", *both.columns[1:]]
    return named.sort_values(keys)[columns].reset_index(drop=True)
