"""The bus graph: stop areas, the hops between them, and the gateways that each hop uses."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from itertools import pairwise

import geopandas as gpd
import numpy as np
import pandas as pd
import shapely
from scipy.sparse import coo_array
from scipy.sparse.csgraph import connected_components

from analysis.compiled import Compiled, compile_streets
from analysis.paths.ways import paths_from
from analysis.snapping import snapped, snapped_where_one_can_stop
from analysis.speeds import bus_lengths
from layers.assumptions import Assumptions
from layers.network import TransportNetwork
from layers.transit import TransitRoute

BUS_TYPES = (3, *range(700, 800))
"""GTFS route types of buses, basic and extended."""
STOP_AREA_COLUMNS = ("stop_area", "stop_name", "geometry")
HOP_COLUMNS = (
    "route_id",
    "route_name",
    "from_area",
    "to_area",
    "length_m",
    "hop_secs",
    "gateways",
    "one_way",
    "on_road",
)
MAX_HOP_M = 200_000.0
NEAR_TIMES = 3.0
NEAR_M = 2_000.0
"""Paths are looked for this far first: so many times the straight distance, and so much more."""


@dataclass(frozen=True)
class BusGraph:
    """Buses as stop areas and hops.

    Attributes
    ----------
    areas
        Indexed by `stop_area` (the id of its first stop): name and middle, projected.
    hops
        `HOP_COLUMNS`, one row a hop of a route in its direction of travel. `gateways` are the
        borders crossed, in order; `on_road` is false where no bus-allowed path was found and the
        straight line counts.
    area_of_stop
        The stop area of each bus stop.
    question
        The bus-allowed streets with all bus stops and then all gateways as points, in metres.
    """

    areas: gpd.GeoDataFrame
    hops: pd.DataFrame
    area_of_stop: Mapping[str, str]
    question: Compiled


def bus_routes(network: TransportNetwork) -> list[TransitRoute]:
    """The routes that are buses."""
    return [route for route in network.routes if route.route_type in BUS_TYPES]


def stop_areas(stops: gpd.GeoDataFrame, walk_m: float, detour: float) -> dict[str, str]:
    """The stop area of each stop: stops within a short walk of each other are one.

    Parameters
    ----------
    stops
        Indexed by `stop_id`, projected.
    walk_m
        Walking distance, metres; the straight distance times `detour`.
    """
    places = stops.geometry.to_numpy()
    a, b = stops.sindex.query(places, predicate="dwithin", distance=walk_m / detour)
    links = coo_array((np.ones(len(a)), (a, b)), shape=(len(stops), len(stops)))
    _, part = connected_components(links, directed=False)
    ids = stops.index.to_numpy()
    first = pd.Series(ids).groupby(part).min()
    return dict(zip(ids, first[part].to_numpy(), strict=True))


@dataclass(frozen=True)
class _Streets:
    """What is needed to turn a path of vertices into parts of streets."""

    question: Compiled
    by_ends: Mapping[tuple[int, int], tuple[int, bool]]
    snaps: pd.DataFrame


def _street_index(question: Compiled) -> _Streets:
    table = question.streets.table
    by_ends: dict[tuple[int, int], tuple[int, bool]] = {}
    best: dict[tuple[int, int], float] = {}
    rows = zip(
        table["tail"], table["head"], table["secs_forward"], table["secs_backward"], strict=True
    )
    for number, (tail, head, forward, backward) in enumerate(rows):
        for ends, cost, ahead in (((tail, head), forward, True), ((head, tail), backward, False)):
            if cost < best.get(ends, np.inf):
                best[ends], by_ends[ends] = cost, (number, ahead)
    return _Streets(question, by_ends, question.snaps.set_index("point"))


Part = tuple[int, float, float]
"""A street's position and the fractions between which it is travelled, in order."""


def _parts(streets: _Streets, start: int, end: int, nodes: Sequence[int]) -> list[Part]:
    """The parts of streets from one point by some vertices to another point."""
    a, b = streets.snaps.loc[start], streets.snaps.loc[end]
    if not nodes:
        return [(int(a["street"]), float(a["fraction"]), float(b["fraction"]))]
    table = streets.question.streets.table
    leave = 1.0 if table["head"].iloc[int(a["street"])] == nodes[0] else 0.0
    enter = 0.0 if table["tail"].iloc[int(b["street"])] == nodes[-1] else 1.0
    between: list[Part] = []
    for ends in pairwise(nodes):
        number, ahead = streets.by_ends[ends]
        between.append((number, 0.0, 1.0) if ahead else (number, 1.0, 0.0))
    return [
        (int(a["street"]), float(a["fraction"]), leave),
        *between,
        (int(b["street"]), enter, float(b["fraction"])),
    ]


def gateways_on(parts: Sequence[Part], crossings: Mapping[int, pd.DataFrame]) -> tuple[str, ...]:
    """Gateways passed along parts of streets; in and straight out again is not a passage."""
    passed: list[str] = []
    for street, start, end in parts:
        if street not in crossings or start == end:
            continue
        on = crossings[street]
        low, high = min(start, end), max(start, end)
        between = on.loc[(on["fraction"] >= low) & (on["fraction"] <= high)]
        ordered = between.sort_values("fraction", ascending=start <= end)
        for gateway in ordered["gateway_id"]:
            if passed and passed[-1] == gateway:
                passed.pop()
            else:
                passed.append(gateway)
    return tuple(passed)


def _paths(
    streets: _Streets, pairs: set[tuple[int, int]]
) -> dict[tuple[int, int], tuple[float, list[Part]]]:
    """Metres and parts of the shortest path for each pair of points that has one."""
    found = {}
    question = streets.question
    ends_of: dict[int, list[int]] = {}
    for start, end in sorted(pairs):
        if start in streets.snaps.index and end in streets.snaps.index:
            ends_of.setdefault(start, []).append(end)
    for start, ends in ends_of.items():
        for end, (metres, nodes) in zip(ends, _ways(question, start, ends), strict=True):
            if np.isfinite(metres):
                found[start, end] = (metres, _parts(streets, start, end, nodes))
    return found


def _ways(question: Compiled, start: int, ends: Sequence[int]) -> list[tuple[float, list[int]]]:
    """Metres and vertices of the shortest paths from a point to some others.

    Most hops are short, so it first looks only a few times their straight length around.
    """
    places = question.points.to_numpy()
    straight = float(shapely.distance(places[start], places[ends]).max())
    near = min(NEAR_TIMES * straight + NEAR_M, MAX_HOP_M)
    ways = list(paths_from(question.trips, start, ends, limit=near))
    if all(np.isfinite(metres) for metres, _ in ways):
        return ways
    return list(paths_from(question.trips, start, ends, limit=MAX_HOP_M))


def _hops(
    routes: Sequence[TransitRoute], position: Mapping[str, int]
) -> list[tuple[TransitRoute, int, int, float]]:
    """Route, stops and seconds of each hop."""
    return [
        (route, position[a], position[b], secs)
        for route in routes
        for (a, b), secs in zip(pairwise(route.stop_ids), route.hop_secs, strict=True)
    ]


def _snaps(
    stops: gpd.GeoSeries, gateways: gpd.GeoSeries, streets: gpd.GeoDataFrame, limit_m: float
) -> pd.DataFrame:
    """Stops on streets where a bus can stop; gateways wherever they are, also in tunnels."""
    at_stops = snapped_where_one_can_stop(stops, streets, limit_m)
    at_gateways = snapped(gateways, streets, limit_m)
    at_gateways = at_gateways.assign(point=at_gateways["point"] + len(stops))
    return pd.concat([at_stops, at_gateways], ignore_index=True)


def bus_graph(
    network: TransportNetwork,
    crossings: pd.DataFrame,
    *,
    gateway_points: gpd.GeoSeries,
    assumptions: Assumptions,
) -> BusGraph:
    """Join consecutive stop areas of every bus route along the roads.

    A hop follows the shortest bus-allowed path between its two stops.

    Parameters
    ----------
    network
        Roads, stops and routes.
    crossings
        `analysis.gateways.CROSSING_COLUMNS` on the bus-allowed streets.
    gateway_points
        A point for each gateway, indexed by id.
    assumptions
        `stop_area_walk_m`, `detour`, `snap_limit_m`.
    """
    routes = bus_routes(network)
    served = list(dict.fromkeys(stop for route in routes for stop in route.stop_ids))
    stops = network.stops.loc[served]
    area_of_stop = stop_areas(stops, assumptions.stop_area_walk_m, assumptions.detour)
    points = pd.concat([stops.geometry, gateway_points])
    points = gpd.GeoSeries(points, crs=stops.crs)
    lengths = bus_lengths(network.roads)
    snaps = _snaps(stops.geometry, gateway_points, lengths.table, assumptions.snap_limit_m)
    question = compile_streets(lengths, points, snaps=snaps, assumptions=assumptions)
    position = {stop: number for number, stop in enumerate(served)}
    hops = _hops(routes, position)
    paths = _paths(_street_index(question), {(a, b) for _, a, b, _ in hops})
    on_street = {int(street): on for street, on in crossings.groupby("street")}
    straight = stops.geometry.to_numpy()
    rows = []
    for route, a, b, secs in hops:
        away = float(shapely.distance(straight[a], straight[b])) * assumptions.detour
        metres, parts = paths.get((a, b), (away, []))
        rows.append(
            (
                route.route_id,
                route.route_name,
                area_of_stop[served[a]],
                area_of_stop[served[b]],
                metres,
                secs,
                gateways_on(parts, on_street),
                not route.bidirectional,
                bool(parts),
            )
        )
    table = pd.DataFrame.from_records(rows, columns=list(HOP_COLUMNS))
    return BusGraph(_area_table(stops, area_of_stop), table, area_of_stop, question)


def _area_table(stops: gpd.GeoDataFrame, area_of_stop: Mapping[str, str]) -> gpd.GeoDataFrame:
    """Name and middle of each stop area."""
    area = pd.Series(area_of_stop).loc[stops.index].rename("stop_area")
    x = stops.geometry.x.groupby(area.to_numpy()).mean()
    y = stops.geometry.y.groupby(area.to_numpy()).mean()
    names = stops.loc[x.index, "stop_name"]
    middle = gpd.GeoSeries.from_xy(x, y, index=x.index, crs=stops.crs)
    return gpd.GeoDataFrame({"stop_name": names}, geometry=middle)
