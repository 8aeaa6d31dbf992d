"""A transport network made routable for one mode: a graph with points linked to it."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field, replace

import geopandas as gpd
import numpy as np
import pandas as pd

from analysis.graph.conditions import Conditions
from analysis.graph.connectors import (
    ConnectorTable,
    access_connectors,
    direct_connectors,
    egress_connectors,
    snapped_points,
)
from analysis.graph.snapping import find_links
from analysis.graph.stop_arcs import add_stops
from analysis.graph.street_times import StreetTimes, drive_times, walk_times
from analysis.graph.travel import Travel
from analysis.routing.arcs import Arcs, Graph, Scale
from analysis.routing.hierarchy.cache import Hierarchies, StreetNodes
from analysis.routing.hilbert import along_curve
from analysis.routing.linked_points import Connectors, LinkedPoints, connectors
from analysis.timetable.departure_window import LUCK_PERCENTILES
from analysis.timetable.search import TimetableSearch
from analysis.timetable.timed_points import timed_points
from geo.faults import BadInputError, Fault, shown
from geo.lines import ends_of
from geo.points import check_points
from layers.assumptions import Assumptions
from layers.network import TransportNetwork

LONGEST_SECS = 16_000.0
"""Isochrones have cutoffs up to four hours, and a walk off the network beyond."""
LONGEST_M = 250_000.0
"""The longest path along streets that is searched for, metres."""


@dataclass(frozen=True, eq=False)
class RoutableNetwork:
    """The graph of one mode with a set of points, ready to be searched.

    Attributes
    ----------
    linked
        The graph (street nodes, stops where one boards, vehicles, stops where one alights) and
        the points linked to it.
    streets
        The streets of the mode, with `tail` and `head`: the vertices of their ends.
    stops
        Stops with `vertex`, where travellers alight (empty unless by transit).
    snaps
        Where each point meets the streets, `analysis.graph.snapping.SNAP_COLUMNS`.
    stop_snaps
        Where each stop meets the streets, likewise (empty unless by transit).
    points
        The points, projected.
    assumptions
        Speeds and limits it was made with.
    """

    linked: LinkedPoints
    streets: StreetTimes
    stops: gpd.GeoDataFrame
    snaps: pd.DataFrame
    stop_snaps: pd.DataFrame
    points: gpd.GeoSeries = field(repr=False)
    assumptions: Assumptions = field(repr=False)

    @property
    def off_street_secs_per_m(self) -> float:
        """Time off the streets, the detour included."""
        return self.assumptions.detour / self.streets.connector_mps


def _add_streets(arcs: Arcs, times: StreetTimes) -> tuple[StreetTimes, StreetNodes]:
    """Add the streets; return them with the vertices of their ends, neighbours close together."""
    table = times.table
    ends = np.concatenate([table["u"].to_numpy(), table["v"].to_numpy()])
    number, ids = pd.factorize(ends, sort=True)
    first = np.empty(len(ids), dtype=int)
    first[number[::-1]] = np.arange(len(ends))[::-1]
    x, y = ends_of(table.geometry.to_numpy()).reshape(-1, 2)[first].T
    order = along_curve(x, y)
    nodes = StreetNodes(ids[order], x[order], y[order])
    place = np.empty(len(ids), dtype=np.int32)
    place[order] = arcs.vertices(len(ids))
    tail, head = np.split(place[number], 2)
    arcs.add(tail, head, table["secs_forward"].to_numpy())
    arcs.add(head, tail, table["secs_backward"].to_numpy())
    return StreetTimes(table.assign(tail=tail, head=head), times.connector_mps), nodes


def _linked(
    graph: Graph,
    tables: Sequence[ConnectorTable],
    count: int,
    *,
    nodes: StreetNodes,
    hierarchies: Hierarchies,
) -> LinkedPoints:
    """Points linked to a graph by their access, egress and direct connectors."""

    def in_units(table: ConnectorTable) -> Connectors:
        use = np.isfinite(table.secs)
        costs = graph.scale.units(table.secs[use])
        return connectors(table.start[use], table.end[use], costs, count)

    access, egress, direct = map(in_units, tables)
    return LinkedPoints(graph, access, egress, direct, nodes, hierarchies)


def _with_stops(
    table: ConnectorTable, to_stops: ConnectorTable, vertices: np.ndarray
) -> ConnectorTable:
    """Connectors with those between points and stops, which end at the stops' own vertices."""
    start = np.append(table.start, to_stops.start)
    end = np.append(table.end, vertices[to_stops.end])
    return ConnectorTable(start, end, np.append(table.secs, to_stops.secs))


def longest_secs(travel: Travel, assumptions: Assumptions) -> float:
    """The longest time searched for; waiting a whole headway at most doubles the expected time."""
    stretch = 2 if travel.band == "worst" else 1
    return max(stretch * assumptions.max_trip_secs, LONGEST_SECS)


def street_times(network: TransportNetwork, travel: Travel, conditions: Conditions) -> StreetTimes:
    """The streets that a mode can use, with their times; those of walkers by transit."""
    if travel.mode == "drive":
        return drive_times(network.roads, conditions.volumes, travel.period, conditions.assumptions)
    return walk_times(network.roads, conditions.assumptions)


def routable_network(
    network: TransportNetwork, points: gpd.GeoSeries, *, travel: Travel, conditions: Conditions
) -> RoutableNetwork:
    """The graph of one mode with points linked to it.

    A point joins the nearest street of the mode at its projection (and planned streets nearer
    than that, see `analysis.graph.snapping.find_links`); the connector off the street takes
    distance x detour / connector speed. A point beyond `snap_limit_m` is not linked. Walkers may
    also go directly between points and stops less than `max_direct_walk_m` apart.

    Parameters
    ----------
    network
        Roads, stops and routes of a scenario.
    points
        Points in the network's CRS, each with an id of its own in the index; each is an origin
        and a destination.
    travel
        Mode, period and waiting.
    conditions
        Peak volumes, speeds and limits.

    By transit where trips have a timetable, times are a percentile of the departures of the
    period's window (`analysis.timetable`): the window's, or 5 and 95 for the best and worst band.

    Raises
    ------
    BadInputError
        If the points are in another CRS than the network or in none, if two have one id, or if
        any is no point.
    """
    if not isinstance(travel, Travel):
        message, allowed = f"it is {shown(travel)}", 'Travel(mode), such as Travel("transit")'
        raise BadInputError([Fault("travel", "", "value-wrong-type", message, allowed)])
    check_points(points, network.crs, "points")
    if travel.mode == "transit" and network.has_timetable:
        return _timed_network(network, points, travel=travel, conditions=conditions)
    assumptions, arcs = conditions.assumptions, Arcs()
    times = street_times(network, travel, conditions)
    times, nodes = _add_streets(arcs, times)
    snap_m, detour, walking = assumptions.snap_limit_m, assumptions.detour, travel.mode != "drive"
    snaps = find_links(points, times.table, snap_m)
    scale = Scale(longest_secs(travel, assumptions))
    snapped = snapped_points(points, snaps, times=times, detour=detour, scale=scale)
    access, egress = access_connectors(snapped), egress_connectors(snapped)
    stops, stop_snaps = network.stops.iloc[:0].assign(vertex=[]), snaps.iloc[:0]
    if travel.mode == "transit":
        places = network.stops.geometry
        stop_snaps = find_links(places, times.table, snap_m)
        at = snapped_points(places, stop_snaps, times=times, detour=detour, scale=scale)
        board, alight = add_stops(arcs, network, at, travel=travel, assumptions=assumptions)
        to_stops = direct_connectors(snapped, at, assumptions, walking=True)
        access = _with_stops(access, to_stops, board)
        start, end, secs = direct_connectors(at, snapped, assumptions, walking=True)
        egress = _with_stops(egress, ConnectorTable(end, start, secs), alight)
        stops = network.stops.assign(vertex=alight)
    graph = arcs.graph(scale.longest, streets=len(nodes.ids))
    direct = direct_connectors(snapped, snapped, assumptions, walking=walking)
    tables, hierarchies = (access, egress, direct), conditions.hierarchies
    linked = _linked(graph, tables, len(points), nodes=nodes, hierarchies=hierarchies)
    return RoutableNetwork(linked, times, stops, snaps, stop_snaps, points, assumptions)


def _timed_network(
    network: TransportNetwork, points: gpd.GeoSeries, *, travel: Travel, conditions: Conditions
) -> RoutableNetwork:
    """The streets of walkers, with points between which vehicles run by a timetable."""
    count, stops = len(points), network.stops
    places = [*points.to_numpy(), *stops.geometry.to_numpy()]
    everyone = gpd.GeoSeries(places, crs=points.crs)
    on_foot = Travel("walk", travel.period, travel.band)
    walk = routable_network(network, everyone, travel=on_foot, conditions=conditions)
    window = conditions.windows.of(travel.period)
    search = TimetableSearch(
        network,
        walk.linked,
        period=travel.period,
        window=window,
        kept=conditions.prepared,
        made_of=(conditions.assumptions,),
    )
    percentile = LUCK_PERCENTILES.get(travel.band, window.percentile)
    linked = timed_points(search, walk.linked, percentile)
    is_stop = walk.snaps["point"] >= count
    snaps = walk.snaps[~is_stop].reset_index(drop=True)
    stop_snaps = walk.snaps[is_stop].reset_index(drop=True)
    stop_snaps["point"] -= count
    return replace(
        walk,
        linked=linked,
        stops=stops.assign(vertex=-1),
        snaps=snaps,
        stop_snaps=stop_snaps,
        points=points,
    )


def routable_streets(
    times: StreetTimes, points: gpd.GeoSeries, *, snaps: pd.DataFrame, assumptions: Assumptions
) -> RoutableNetwork:
    """The graph of streets alone with points linked where `snaps` puts them; costs in metres."""
    arcs = Arcs()
    times, nodes = _add_streets(arcs, times)
    snapped = snapped_points(
        points, snaps, times=times, detour=assumptions.detour, scale=Scale(LONGEST_M)
    )
    graph = arcs.graph(LONGEST_M)
    direct = direct_connectors(snapped, snapped, assumptions, walking=False)
    tables = (access_connectors(snapped), egress_connectors(snapped), direct)
    linked = _linked(graph, tables, len(points), nodes=nodes, hierarchies=Hierarchies())
    stops = gpd.GeoDataFrame({"vertex": []}, geometry=[], crs=points.crs)
    return RoutableNetwork(linked, times, stops, snaps, snaps.iloc[:0], points, assumptions)
