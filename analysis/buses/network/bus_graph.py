"""The bus graph: stop areas, the hops between them, and the gateways that each hop uses."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from functools import cached_property
from itertools import pairwise

import geopandas as gpd
import numpy as np
import pandas as pd
import shapely

from analysis.buses.network.gated_streets import BusStreets
from analysis.buses.network.hop_arcs import HopArcs, bus_ways
from analysis.buses.network.hop_courses import Gates, drawn_courses, gates_of, road_courses
from analysis.buses.network.stop_areas import stop_area_table, stop_areas
from analysis.graph.routable_network import RoutableNetwork, routable_streets
from analysis.graph.snapping import find_nearest_linkable as _at_stops
from analysis.graph.snapping import find_nearest_street
from geo.areas import StudyArea
from layers.assumptions import Assumptions
from layers.network import TransportNetwork
from layers.transit import TransitRoute

BUS_TYPES = (3, *range(700, 800))
"""GTFS route types of buses, basic and extended."""
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
    routable
        The bus-allowed streets with all bus stops, then all gateways and then the stations (as
        `station:` and their ids) as points, in metres.
    streets
        Those streets, cut at borders.
    gates
        Where paths pass the gateways.
    """

    areas: gpd.GeoDataFrame
    hops: pd.DataFrame
    area_of_stop: Mapping[str, str]
    routable: RoutableNetwork = field(repr=False)
    streets: BusStreets = field(repr=False)
    gates: Gates = field(repr=False)

    @cached_property
    def area_of_point(self) -> np.ndarray:
        """The number of each bus stop's stop area, in the order of the points."""
        place = self.ways.place
        return np.array([place[area] for area in self.area_of_stop.values()], dtype=int)

    @cached_property
    def points_of_area(self) -> list[np.ndarray]:
        """The points that are the stops of each stop area."""
        order = np.argsort(self.area_of_point, kind="stable")
        starts = np.searchsorted(self.area_of_point[order], np.arange(1, len(self.areas)))
        return np.split(order, starts)

    @cached_property
    def stop_places(self) -> np.ndarray:
        """Where each bus stop lies on its street; the stop itself where it is near none."""
        places = self.routable.points.to_numpy()[: len(self.area_of_stop)].copy()
        snaps = self.routable.snaps.loc[self.routable.snaps["point"] < len(places)]
        lines = self.routable.streets.table.geometry.to_numpy()[snaps["street"].to_numpy(dtype=int)]
        fraction = snaps["fraction"].to_numpy(dtype=float)
        on = shapely.line_interpolate_point(lines, fraction, normalized=True)
        places[snaps["point"].to_numpy(dtype=int)] = on
        return places

    @cached_property
    def stop_tree(self) -> shapely.STRtree:
        """Those places, to look for near ones."""
        return shapely.STRtree(self.stop_places)

    @cached_property
    def street_between(self) -> dict[tuple[int, int], tuple[int, bool]]:
        """The shortest part of a street between two vertices, and whether as it is drawn."""
        table = self.routable.streets.table
        ends = [table[name].to_numpy() for name in ("tail", "head")]
        metres = np.concatenate([table[f"secs_{way}"] for way in ("forward", "backward")])
        tails, heads = np.concatenate(ends), np.concatenate(ends[::-1])
        longest_first = np.argsort(-metres, kind="stable").tolist()
        rows = len(table)
        return {
            (int(tails[at]), int(heads[at])): (at % rows, at < rows)
            for at in longest_first
            if np.isfinite(metres[at])
        }

    @cached_property
    def ways(self) -> HopArcs:
        """The hops as arcs."""
        return bus_ways(self.hops, list(self.areas.index))


def bus_routes(network: TransportNetwork) -> list[TransitRoute]:
    """The routes that are buses."""
    return [route for route in network.routes if route.route_type in BUS_TYPES]


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
    places: tuple[gpd.GeoSeries, gpd.GeoSeries, gpd.GeoSeries], streets: BusStreets, limit_m: float
) -> pd.DataFrame:
    """Stops and stations on streets where a bus can stop; gateways also in tunnels."""
    whole = streets.whole.table
    tables, count = [], 0
    for points, snap in zip(places, (_at_stops, find_nearest_street, _at_stops), strict=True):
        found = snap(points, whole, limit_m)
        tables.append(found.assign(point=found["point"] + count))
        count += len(points)
    return streets.placed(pd.concat(tables, ignore_index=True))


def bus_graph(
    network: TransportNetwork,
    streets: BusStreets,
    *,
    gateway_points: gpd.GeoSeries,
    stations: gpd.GeoSeries,
    study_area: StudyArea,
    assumptions: Assumptions,
) -> BusGraph:
    """Join consecutive stop areas of every bus route along the roads.

    A hop follows the drawn course of its route if that crosses borders at gateways, and else the
    shortest bus-allowed path between its two stops.

    Parameters
    ----------
    network
        Roads, stops and routes.
    streets
        Its bus-allowed streets, cut at borders.
    gateway_points
        A point for each gateway, indexed by id.
    stations
        Where proposed lines may begin, indexed by `stop_id`.
    study_area
        Planning areas.
    assumptions
        `stop_area_walk_m`, `detour`, `snap_limit_m`.
    """
    routes = bus_routes(network)
    served = list(dict.fromkeys(stop for route in routes for stop in route.stop_ids))
    stops = network.stops.loc[served]
    area_of_stop = stop_areas(stops, assumptions.stop_area_walk_m, assumptions.detour)
    other = stations.rename(lambda stop: f"station:{stop}")
    places = (stops.geometry, gateway_points, other)
    points = gpd.GeoSeries(pd.concat(places), crs=stops.crs)
    snaps = _snaps(places, streets, assumptions.snap_limit_m)
    routable = routable_streets(streets.parts, points, snaps=snaps, assumptions=assumptions)
    gates = gates_of(routable, streets)
    table = _hop_table(routes, stops, area_of_stop, found=_Found(routable, gates, study_area))
    areas = stop_area_table(stops, area_of_stop)
    return BusGraph(areas, table, area_of_stop, routable, streets, gates)


@dataclass(frozen=True)
class _Found:
    """Where courses are looked for."""

    routable: RoutableNetwork
    gates: Gates
    study_area: StudyArea


def _hop_table(
    routes: Sequence[TransitRoute],
    stops: gpd.GeoDataFrame,
    area_of_stop: Mapping[str, str],
    *,
    found: _Found,
) -> pd.DataFrame:
    """`HOP_COLUMNS`; where a hop has no course the straight line counts."""
    hops = _hops(routes, {stop: number for number, stop in enumerate(stops.index)})
    drawn = drawn_courses(routes, stops.geometry, found.study_area, gates=found.gates)
    asked = {(a, b) for number, (_, a, b, _) in enumerate(hops) if number not in drawn}
    on_road = road_courses(found.routable, found.gates, asked)
    places, detour = stops.geometry.to_numpy(), found.routable.assumptions.detour
    area = [area_of_stop[stop] for stop in stops.index]
    rows = []
    for number, (route, a, b, secs) in enumerate(hops):
        course = drawn.get(number) or on_road.get((a, b))
        length = course.length_m if course else shapely.distance(places[a], places[b]) * detour
        gateways = course.gateways if course else ()
        ends = (route.route_id, route.route_name, area[a], area[b])
        way = (float(length), secs, gateways, not route.bidirectional, course is not None)
        rows.append((*ends, *way))
    return pd.DataFrame.from_records(rows, columns=list(HOP_COLUMNS))
