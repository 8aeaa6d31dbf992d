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
from analysis.buses.network.hop_arcs import HopArcs, hop_arcs
from analysis.buses.network.hop_courses import Gates, gates_of, road_courses, shape_courses
from analysis.buses.network.shape_pieces import shape_limits
from analysis.buses.network.stop_areas import stop_area_table, stop_areas
from analysis.graph.routable_network import RoutableNetwork, routable_streets
from analysis.graph.snapping import find_nearest_linkable as _at_stops
from analysis.graph.snapping import find_nearest_street
from geo.areas import StudyArea
from layers.assumptions import Assumptions
from layers.network import TransportNetwork
from layers.route_types import is_bus
from layers.transit import PERIODS, TransitRoute

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
        Indexed by `stop_area` (the id of its first stop): name and centroid, projected.
    hops
        `HOP_COLUMNS`, one row a hop of a route in its direction of travel. `gateways` are the
        gateways passed, in order; `on_road` is false where there is no bus-allowed path and the
        straight line is used.
    area_of_stop
        The stop area of each bus stop.
    routable
        The bus-allowed streets with all bus stops, then all gateways and then the stations (as
        `station:` and their ids) as points, in metres.
    streets
        These streets, split at borders.
    gates
        The gates at which paths pass the gateways.
    """

    areas: gpd.GeoDataFrame
    hops: pd.DataFrame
    area_of_stop: Mapping[str, str]
    routable: RoutableNetwork = field(repr=False)
    streets: BusStreets = field(repr=False)
    gates: Gates = field(repr=False)

    @cached_property
    def area_of_point(self) -> np.ndarray:
        """Number of the stop area of each bus stop, in the order of the points."""
        numbers = self.hop_arcs.numbers
        return np.array([numbers[area] for area in self.area_of_stop.values()], dtype=int)

    @cached_property
    def points_of_area(self) -> list[np.ndarray]:
        """Points (stops) of each stop area."""
        order = np.argsort(self.area_of_point, kind="stable")
        starts = np.searchsorted(self.area_of_point[order], np.arange(1, len(self.areas)))
        return np.split(order, starts)

    @cached_property
    def shape_limits(self) -> Mapping[str, float]:
        """How far a shape may pass each stop and station, metres."""
        return shape_limits(self.routable)

    @cached_property
    def stop_places(self) -> np.ndarray:
        """The place of each bus stop on its street; the stop itself if no street is near."""
        places = self.routable.points.to_numpy()[: len(self.area_of_stop)].copy()
        snaps = self.routable.snaps.loc[self.routable.snaps["point"] < len(places)]
        lines = self.routable.streets.table.geometry.to_numpy()[snaps["street"].to_numpy(dtype=int)]
        fraction = snaps["fraction"].to_numpy(dtype=float)
        on_street = shapely.line_interpolate_point(lines, fraction, normalized=True)
        places[snaps["point"].to_numpy(dtype=int)] = on_street
        return places

    @cached_property
    def stop_tree(self) -> shapely.STRtree:
        """Spatial index of `stop_places`."""
        return shapely.STRtree(self.stop_places)

    @cached_property
    def street_between(self) -> dict[tuple[int, int], tuple[int, bool]]:
        """Shortest part of a street between two vertices, and whether in digitised direction."""
        table = self.routable.streets.table
        ends = [table[name].to_numpy() for name in ("tail", "head")]
        metres = np.concatenate(
            [table[f"secs_{direction}"] for direction in ("forward", "backward")]
        )
        tails, heads = np.concatenate(ends), np.concatenate(ends[::-1])
        longest_first = np.argsort(-metres, kind="stable").tolist()
        rows = len(table)
        return {
            (int(tails[arc]), int(heads[arc])): (arc % rows, arc < rows)
            for arc in longest_first
            if np.isfinite(metres[arc])
        }

    @cached_property
    def hop_arcs(self) -> HopArcs:
        """The hops as arcs."""
        return hop_arcs(self.hops, list(self.areas.index))


def bus_routes(network: TransportNetwork) -> list[TransitRoute]:
    """Bus routes of a network; those that run outside both periods only do not count."""
    buses = [route for route in network.routes if is_bus(route.route_type)]
    return [bus for bus in buses if any(bus.runs_in(period) for period in PERIODS)]


def _hops(
    routes: Sequence[TransitRoute], position: Mapping[str, int]
) -> list[tuple[TransitRoute, int, int, float]]:
    """Route, positions of the two stops, and seconds of each hop with the standing before it."""
    return [
        (route, position[a], position[b], secs + stand)
        for route in routes
        for (a, b), secs, stand in zip(
            pairwise(route.stop_ids), route.hop_secs, route.stands_secs[:-1], strict=True
        )
    ]


def _snaps(
    places: tuple[gpd.GeoSeries, gpd.GeoSeries, gpd.GeoSeries], streets: BusStreets, limit_m: float
) -> pd.DataFrame:
    """Snaps of stops and stations to linkable streets, and of gateways to any street."""
    street_table = streets.whole.table
    tables, count = [], 0
    for points, snap in zip(places, (_at_stops, find_nearest_street, _at_stops), strict=True):
        snaps = snap(points, street_table, limit_m)
        tables.append(snaps.assign(point=snaps["point"] + count))
        count += len(points)
    return streets.snaps_on_parts(pd.concat(tables, ignore_index=True))


def bus_graph(
    network: TransportNetwork,
    streets: BusStreets,
    *,
    gateway_points: gpd.GeoSeries,
    stations: gpd.GeoSeries,
    study_area: StudyArea,
    assumptions: Assumptions,
) -> BusGraph:
    """The bus graph: hops between consecutive stop areas of every bus route.

    A hop follows the shape of its route if that crosses borders at gateways, else the shortest
    bus-allowed path between its two stops.

    Parameters
    ----------
    network
        Roads, stops and routes.
    streets
        Its bus-allowed streets, split at borders.
    gateway_points
        A point for each gateway, indexed by id.
    stations
        Stations where proposed lines may begin, indexed by `stop_id`.
    study_area
        Planning areas.
    assumptions
        `stop_area_walk_m`, `detour`, `snap_limit_m`.
    """
    routes = bus_routes(network)
    served = list(dict.fromkeys(stop for route in routes for stop in route.stop_ids))
    stops = network.stops.loc[served]
    area_of_stop = stop_areas(stops, assumptions.stop_area_walk_m, assumptions.detour)
    station_points = stations.rename(lambda stop: f"station:{stop}")
    places = (stops.geometry, gateway_points, station_points)
    points = gpd.GeoSeries(pd.concat(places), crs=stops.crs)
    snaps = _snaps(places, streets, assumptions.snap_limit_m)
    routable = routable_streets(streets.parts, points, snaps=snaps, assumptions=assumptions)
    gates = gates_of(routable, streets)
    table = _hop_table(routes, stops, area_of_stop, roads=_Roads(routable, gates, study_area))
    areas = stop_area_table(stops, area_of_stop)
    return BusGraph(areas, table, area_of_stop, routable, streets, gates)


@dataclass(frozen=True)
class _Roads:
    """The roads and gates used to find the courses of hops."""

    routable: RoutableNetwork
    gates: Gates
    study_area: StudyArea


def _hop_table(
    routes: Sequence[TransitRoute],
    stops: gpd.GeoDataFrame,
    area_of_stop: Mapping[str, str],
    *,
    roads: _Roads,
) -> pd.DataFrame:
    """`HOP_COLUMNS`; a hop without a course uses the straight line."""
    hops = _hops(routes, {stop: number for number, stop in enumerate(stops.index)})
    limits = shape_limits(roads.routable)
    by_shape = shape_courses(
        routes, stops.geometry, roads.study_area, gates=roads.gates, limits=limits
    )
    pairs = {(a, b) for number, (_, a, b, _) in enumerate(hops) if number not in by_shape}
    by_road = road_courses(roads.routable, roads.gates, pairs)
    places, detour = stops.geometry.to_numpy(), roads.routable.assumptions.detour
    area = [area_of_stop[stop] for stop in stops.index]
    rows = []
    for number, (route, a, b, secs) in enumerate(hops):
        course = by_shape.get(number) or by_road.get((a, b))
        length = course.length_m if course else shapely.distance(places[a], places[b]) * detour
        gateways = course.gateways if course else ()
        ends = (route.route_id, route.route_name, area[a], area[b])
        measures = (float(length), secs, gateways, not route.bidirectional, course is not None)
        rows.append((*ends, *measures))
    return pd.DataFrame.from_records(rows, columns=list(HOP_COLUMNS))
