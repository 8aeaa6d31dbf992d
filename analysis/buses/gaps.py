"""Gaps: gateways on no bus loop, and spine stations without a border-crossing bus."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import geopandas as gpd
import numpy as np
import pandas as pd

from analysis.buses.network.bus_graph import BusGraph, bus_routes
from analysis.routing.router import times_between
from geo.areas import StudyArea, area_of, borders
from layers.assumptions import Assumptions
from layers.network import TransportNetwork
from layers.route_types import is_bus

GAP_KINDS = ("open_end", "facing_ends", "one_sided", "unserved", "unfed_station")
GAP_COLUMNS = (
    "gap_id",
    "kind",
    "border_id",
    "area_a",
    "area_b",
    "gateway_id",
    "stop_id",
    "name",
    "routes_a",
    "routes_b",
    "geometry",
)


@dataclass(frozen=True)
class _RouteEnds:
    """Ends of bus routes: route names by stop, the stops, their areas and positions."""

    names: dict[str, list[str]]
    stop_ids: np.ndarray
    areas: np.ndarray
    positions: np.ndarray


def _route_ends(network: TransportNetwork, bus: BusGraph, study_area: StudyArea) -> _RouteEnds:
    names: dict[str, list[str]] = {}
    for route in bus_routes(network):
        if route.stop_ids[0] != route.stop_ids[-1]:
            for stop in (route.stop_ids[0], route.stop_ids[-1]):
                names.setdefault(stop, []).append(route.route_name)
    stop_ids = np.array(sorted(names), dtype=object)
    positions = bus.routable.points.index.get_indexer(stop_ids)
    places = bus.routable.points.iloc[positions]
    return _RouteEnds(names, stop_ids, area_of(study_area, places), positions)


def _near_ends(
    bus: BusGraph, gateway_ids: Sequence[str], ends: _RouteEnds, limit_m: float
) -> np.ndarray:
    """Gateways x route ends: whether the end is within the road distance."""
    origins = bus.routable.points.index.get_indexer(list(gateway_ids))
    metres = times_between(
        bus.routable.linked, limit=limit_m, origins=origins, destinations=ends.positions
    )
    return np.isfinite(metres)


def _kind(state: str, routes_a: Sequence[str], routes_b: Sequence[str]) -> str:
    if state == "open":
        return "open_end"
    if routes_a and routes_b:
        return "facing_ends"
    return "one_sided" if routes_a or routes_b else "unserved"


def _routes_ending_in(ends: _RouteEnds, near: np.ndarray, area: str) -> list[str]:
    stops = ends.stop_ids[near & (ends.areas == area)]
    return sorted({name for stop in stops for name in ends.names[stop]})


def gateway_gaps(
    network: TransportNetwork,
    bus: BusGraph,
    *,
    gateways: gpd.GeoDataFrame,
    study_area: StudyArea,
    facing_ends_m: float,
) -> gpd.GeoDataFrame:
    """Every open or unserved gateway with its kind.

    Parameters
    ----------
    gateways
        With their `state`.
    facing_ends_m
        Largest road distance of a route end that faces the gateway, metres.

    Returns
    -------
    GeoDataFrame
        `GAP_COLUMNS`; `routes_a` and `routes_b` are the routes that end near it on its two sides.
    """
    open_gateways = gateways.loc[gateways["state"] != "closed"]
    ends = _route_ends(network, bus, study_area)
    near = _near_ends(bus, list(open_gateways["gateway_id"]), ends, facing_ends_m)
    rows = []
    for gateway, close in zip(open_gateways.itertuples(), near, strict=True):
        routes_a = _routes_ending_in(ends, close, gateway.area_a)
        routes_b = _routes_ending_in(ends, close, gateway.area_b)
        rows.append(
            (
                f"gap:{gateway.gateway_id}",
                _kind(gateway.state, routes_a, routes_b),
                gateway.border_id,
                gateway.area_a,
                gateway.area_b,
                gateway.gateway_id,
                None,
                gateway.name,
                routes_a,
                routes_b,
                gateway.geometry,
            )
        )
    return _gap_table(rows, gateways.crs)


def _gap_table(rows: Sequence[tuple[object, ...]], crs: object) -> gpd.GeoDataFrame:
    table = pd.DataFrame.from_records(rows, columns=list(GAP_COLUMNS))
    return gpd.GeoDataFrame(table, geometry="geometry", crs=crs)


def spine_stations(network: TransportNetwork, spines: Sequence[str]) -> gpd.GeoDataFrame:
    """Stops of the spines; a bus route with the same line number is not a spine."""
    rail = [r for r in network.routes if r.line in spines and not is_bus(r.route_type)]
    served = [stop for route in rail for stop in route.stop_ids]
    return network.stops.loc[list(dict.fromkeys(served))]


def crossing_stops(network: TransportNetwork, bus: BusGraph) -> dict[str, set[str]]:
    """Stops of the routes that cross each border."""
    stops_of = {route.route_id: set(route.stop_ids) for route in bus_routes(network)}
    stops_by_border: dict[str, set[str]] = {}
    for route_id, gateways in zip(bus.hops["route_id"], bus.hops["gateways"], strict=True):
        for gateway in gateways:
            stops_by_border.setdefault(gateway.split(":")[0], set()).update(stops_of[route_id])
    return stops_by_border


def unfed_stations(
    network: TransportNetwork,
    bus: BusGraph,
    *,
    study_area: StudyArea,
    spines: Sequence[str],
    assumptions: Assumptions,
) -> gpd.GeoDataFrame:
    """Spine stations near a border that no bus across that border serves.

    Parameters
    ----------
    spines
        `line` of the spine routes.
    assumptions
        `unfed_station_m`: largest distance to the border; `bus_catchment_m`: largest distance to a
        bus stop.

    Returns
    -------
    GeoDataFrame
        `GAP_COLUMNS`, one row a station and border.
    """
    stations = spine_stations(network, spines)
    crossing = crossing_stops(network, bus)
    rows: list[tuple[object, ...]] = []
    for border in borders(study_area).itertuples():
        near = stations.loc[stations.distance(border.geometry) <= assumptions.unfed_station_m]
        stops = network.stops.loc[sorted(crossing.get(border.border_id, ()))]
        fed = stops.sindex.query(
            near.geometry.to_numpy(), predicate="dwithin", distance=assumptions.bus_catchment_m
        )[0]
        for number, station in enumerate(near.itertuples()):
            if number not in fed:
                rows.append(
                    (
                        f"gap:{border.border_id}:{station.Index}",
                        "unfed_station",
                        border.border_id,
                        border.area_a,
                        border.area_b,
                        None,
                        station.Index,
                        station.stop_name,
                        [],
                        [],
                        station.geometry,
                    )
                )
    return _gap_table(rows, stations.crs)
