"""A network, a mode and the points asked about, ready to be searched."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field
from typing import Literal

import geopandas as gpd
import numpy as np
import pandas as pd

from analysis.graph.conditions import Conditions
from analysis.graph.connectors import (
    ConnectorTable,
    SnappedPoints,
    access_connectors,
    direct_connectors,
    egress_connectors,
    snapped_points,
)
from analysis.graph.snapping import find_links
from analysis.graph.street_times import StreetTimes, drive_times, walk_times
from analysis.graph.transit_arcs import StopVertices, add_services, service_runs
from analysis.routing.arcs import Arcs, Graph, Scale
from analysis.routing.hierarchy.cache import Hierarchies, StreetNodes
from analysis.routing.hilbert import along_curve
from analysis.routing.linked_points import Connectors, LinkedPoints, connectors
from geo.faults import check_faults
from geo.lines import ends_of
from geo.points import check_points, choice_faults
from layers.assumptions import Assumptions
from layers.network import TransportNetwork
from layers.transit import PERIODS, Period

Mode = Literal["walk", "drive", "transit"]
Band = Literal["best", "expected", "worst"]
MODES: tuple[Mode, ...] = ("walk", "drive", "transit")
WAIT_SHARE: dict[Band, float] = {"best": 0.0, "expected": 0.5, "worst": 1.0}
LONGEST_SECS = 16_000.0
"""Isochrones are asked up to four hours, and a walk off the network beyond."""
LONGEST_M = 250_000.0
"""Farther ways along the streets are not asked about."""


@dataclass(frozen=True)
class Travel:
    """How one travels: the mode, the period of the day and the luck with waiting."""

    mode: Mode
    period: Period = "peak"
    band: Band = "expected"

    def __post_init__(self) -> None:
        """Refuse what is none of the modes, periods and bands.

        Raises
        ------
        BadInputError
            With the values allowed.
        """
        choices = {
            "mode": (self.mode, MODES),
            "period": (self.period, PERIODS),
            "band": (self.band, tuple(WAIT_SHARE)),
        }
        check_faults(choice_faults(choices))


@dataclass(frozen=True, eq=False)
class RoutableNetwork:
    """One graph that answers questions about a set of points.

    Attributes
    ----------
    linked
        The graph (street nodes, stops where one boards, vehicles, stops where one leaves) and
        how the points hang on it.
    streets
        The streets of the mode, with `tail` and `head`: the vertices of their ends.
    stops
        Stops with `vertex`, where travellers leave their vehicles (empty unless by transit).
    snaps
        Where each point meets the streets, `analysis.graph.snapping.SNAP_COLUMNS`.
    stop_snaps
        Where each stop meets the streets, likewise (empty unless by transit).
    points
        The points, projected.
    assumptions
        Under which all this holds.
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
    ways: Sequence[ConnectorTable],
    count: int,
    *,
    nodes: StreetNodes,
    made: Hierarchies,
) -> LinkedPoints:
    """Points on a graph by their ways out, into it and straight to one another."""

    def hung(on: ConnectorTable) -> Connectors:
        use = np.isfinite(on.secs)
        return connectors(on.start[use], on.end[use], graph.scale.units(on.secs[use]), count)

    out, into, straight = (hung(on) for on in ways)
    return LinkedPoints(graph, out, into, straight, nodes, made)


def _more(ways: ConnectorTable, other: ConnectorTable, ends: np.ndarray) -> ConnectorTable:
    """Ways with others added that lead to other ends."""
    start, secs = np.append(ways.start, other.start), np.append(ways.secs, other.secs)
    return ConnectorTable(start, np.append(ways.end, ends[other.end]), secs)


def _add_transit(
    arcs: Arcs,
    network: TransportNetwork,
    at: SnappedPoints,
    *,
    travel: Travel,
    assumptions: Assumptions,
) -> tuple[np.ndarray, np.ndarray]:
    """Add stops and routes; return the vertices where one boards and where one leaves.

    They are two, so that nobody's way leads through a stop from street to street.
    """
    stops = network.stops.index
    board = arcs.vertices(len(stops))
    runs = service_runs(network.routes, arcs)
    leave = arcs.vertices(len(stops))
    away, towards = access_connectors(at), egress_connectors(at)
    arcs.add(towards.end, board[towards.start], towards.secs)
    arcs.add(leave[away.start], away.end, away.secs)
    near = direct_connectors(at, at, assumptions, walking=True)
    arcs.add(leave[near.start], board[near.end], near.secs)
    vertices = StopVertices(
        dict(zip(stops, board.tolist(), strict=True)), dict(zip(stops, leave.tolist(), strict=True))
    )
    wait_share = WAIT_SHARE[travel.band]
    add_services(runs, arcs, vertices, period=travel.period, wait_share=wait_share)
    return board, leave


def _longest_secs(travel: Travel, assumptions: Assumptions) -> float:
    """The longest time asked about; waiting a whole headway at most doubles the expected time."""
    stretch = 2 if travel.band == "worst" else 1
    return max(stretch * assumptions.max_trip_secs, LONGEST_SECS)


def routable_network(
    network: TransportNetwork, points: gpd.GeoSeries, *, travel: Travel, conditions: Conditions
) -> RoutableNetwork:
    """The graph of one mode with the points on it.

    A point joins the nearest street of the mode at its projection (and planned streets nearer
    than that, see `analysis.graph.snapping.find_links`); the leg off the street takes distance x
    detour / connector speed. A point beyond `snap_limit_m` joins nothing. Walkers may
    also go straight between points and stops less than `max_direct_walk_m` apart.

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

    Raises
    ------
    BadInputError
        If the points are in another CRS than the network or in none, if two have one id, or if
        any is no point.
    """
    check_points(points, network.crs, "points")
    assumptions, arcs = conditions.assumptions, Arcs()
    if travel.mode == "drive":
        times = drive_times(network.roads, conditions.volumes, travel.period, assumptions)
    else:
        times = walk_times(network.roads, assumptions)
    times, nodes = _add_streets(arcs, times)
    snap_m, detour, walking = assumptions.snap_limit_m, assumptions.detour, travel.mode != "drive"
    snaps = find_links(points, times.table, snap_m)
    scale = Scale(_longest_secs(travel, assumptions))
    asked = snapped_points(points, snaps, times=times, detour=detour, scale=scale)
    out, into = access_connectors(asked), egress_connectors(asked)
    stops, stop_snaps = network.stops.iloc[:0].assign(vertex=[]), snaps.iloc[:0]
    if travel.mode == "transit":
        places = network.stops.geometry
        stop_snaps = find_links(places, times.table, snap_m)
        at = snapped_points(places, stop_snaps, times=times, detour=detour, scale=scale)
        board, leave = _add_transit(arcs, network, at, travel=travel, assumptions=assumptions)
        out = _more(out, direct_connectors(asked, at, assumptions, walking=True), board)
        back = direct_connectors(at, asked, assumptions, walking=True)
        into = _more(into, ConnectorTable(back.end, back.start, back.secs), leave)
        stops = network.stops.assign(vertex=leave)
    graph = arcs.graph(scale.longest, streets=len(nodes.ids))
    straight = direct_connectors(asked, asked, assumptions, walking=walking)
    made = conditions.hierarchies
    linked = _linked(graph, (out, into, straight), len(points), nodes=nodes, made=made)
    return RoutableNetwork(linked, times, stops, snaps, stop_snaps, points, assumptions)


def routable_streets(
    times: StreetTimes, points: gpd.GeoSeries, *, snaps: pd.DataFrame, assumptions: Assumptions
) -> RoutableNetwork:
    """The graph of streets alone with points where `snaps` puts them; costs in metres."""
    arcs = Arcs()
    times, nodes = _add_streets(arcs, times)
    asked = snapped_points(
        points, snaps, times=times, detour=assumptions.detour, scale=Scale(LONGEST_M)
    )
    graph = arcs.graph(LONGEST_M)
    straight = direct_connectors(asked, asked, assumptions, walking=False)
    ways = (access_connectors(asked), egress_connectors(asked), straight)
    linked = _linked(graph, ways, len(points), nodes=nodes, made=Hierarchies())
    stops = gpd.GeoDataFrame({"vertex": []}, geometry=[], crs=points.crs)
    return RoutableNetwork(linked, times, stops, snaps, snaps.iloc[:0], points, assumptions)
