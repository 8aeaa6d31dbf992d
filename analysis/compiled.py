"""A network, a mode and the points asked about, as one graph."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field
from typing import Literal

import geopandas as gpd
import numpy as np
import pandas as pd
import shapely

from analysis.services import StopVertices, add_services
from analysis.shortest_paths import Arcs, Graph
from analysis.snapping import joined
from analysis.speeds import StreetTimes, drive_times, walk_times
from layers.assumptions import Assumptions
from layers.network import TransportNetwork
from layers.transit import Period

Mode = Literal["walk", "drive", "transit"]
Band = Literal["best", "expected", "worst"]
MODES: tuple[Mode, ...] = ("walk", "drive", "transit")
WAIT_SHARE: dict[Band, float] = {"best": 0.0, "expected": 0.5, "worst": 1.0}


@dataclass(frozen=True)
class Travel:
    """How one travels: the mode, the period of the day and the luck with waiting."""

    mode: Mode
    period: Period = "peak"
    band: Band = "expected"


@dataclass(frozen=True)
class Compiled:
    """One graph that answers questions about a set of points.

    Attributes
    ----------
    graph
        Vertices: street nodes, stops, vehicles, then an origin and a destination for each point.
    streets
        The streets of the mode, with `tail` and `head`: the vertices of their ends.
    stops
        Stops with `vertex`, where travellers leave their vehicles (empty unless by transit).
    origins, destinations
        Vertex of each point as a start and as an end.
    snaps
        Where each point meets the streets, `analysis.snapping.SNAP_COLUMNS`.
    points
        The points, projected.
    """

    graph: Graph
    streets: StreetTimes
    stops: gpd.GeoDataFrame
    origins: np.ndarray
    destinations: np.ndarray
    snaps: pd.DataFrame
    points: gpd.GeoSeries = field(repr=False)


def _add_streets(arcs: Arcs, times: StreetTimes) -> StreetTimes:
    """Add the streets and return them with the vertices of their ends."""
    ends = pd.Index(pd.unique(times.table[["u", "v"]].to_numpy().ravel()))
    vertex = arcs.vertices(len(ends))
    tail = vertex[ends.get_indexer(pd.Index(times.table["u"]))]
    head = vertex[ends.get_indexer(pd.Index(times.table["v"]))]
    arcs.add(tail, head, times.table["secs_forward"].to_numpy())
    arcs.add(head, tail, times.table["secs_backward"].to_numpy())
    return StreetTimes(times.table.assign(tail=tail, head=head), times.connector_mps)


@dataclass(frozen=True)
class _Group:
    """Points on the streets: where travellers come from and where they go.

    Each has two vertices, `out` (from it into the network) and `into` (from the network to it),
    so that nobody's way leads through a point.
    """

    points: gpd.GeoSeries
    out: np.ndarray
    into: np.ndarray
    snaps: pd.DataFrame
    on: pd.DataFrame
    connector_secs: np.ndarray


def _group(
    points: gpd.GeoSeries, snaps: pd.DataFrame, *, arcs: Arcs, times: StreetTimes, detour: float
) -> _Group:
    on = times.table.iloc[snaps["street"]].reset_index(drop=True)
    secs = snaps["distance_m"].to_numpy() * detour / times.connector_mps
    out, into = arcs.vertices(len(points)), arcs.vertices(len(points))
    arcs.add(out, into, 0.0)
    return _Group(points, out, into, snaps, on, secs)


def _part(share: np.ndarray, secs: pd.Series) -> np.ndarray:
    """A share of a street's seconds: none of a closed street costs nothing, any more no way."""
    open_secs = np.where(np.isinf(secs), 0.0, secs)
    return np.where(np.isinf(secs) & (share > 0), np.inf, share * open_secs)


def _add_ends(arcs: Arcs, group: _Group) -> None:
    """Between points and the two ends of their street."""
    out, into = group.out[group.snaps["point"]], group.into[group.snaps["point"]]
    tail, head = group.on["tail"].to_numpy(dtype=int), group.on["head"].to_numpy(dtype=int)
    from_tail = group.snaps["fraction"].to_numpy()
    forward, backward = group.on["secs_forward"], group.on["secs_backward"]
    connector = group.connector_secs
    arcs.add(out, head, connector + _part(1 - from_tail, forward))
    arcs.add(out, tail, connector + _part(from_tail, backward))
    arcs.add(tail, into, connector + _part(from_tail, forward))
    arcs.add(head, into, connector + _part(1 - from_tail, backward))


def _add_same_street(arcs: Arcs, start: _Group, end: _Group) -> None:
    """Directly along one street, without passing either of its ends."""
    columns = ["street", "point", "fraction", "connector"]
    a = start.snaps.assign(connector=start.connector_secs)[columns]
    a = a.assign(secs_forward=start.on["secs_forward"], secs_backward=start.on["secs_backward"])
    b = end.snaps.assign(connector=end.connector_secs)[columns]
    pairs = a.merge(b, on="street", suffixes=("_a", "_b"))
    along = (pairs["fraction_b"] - pairs["fraction_a"]).to_numpy()
    secs = np.where(
        along >= 0,
        _part(np.abs(along), pairs["secs_forward"]),
        _part(np.abs(along), pairs["secs_backward"]),
    )
    total = pairs["connector_a"].to_numpy() + secs + pairs["connector_b"].to_numpy()
    arcs.add(start.out[pairs["point_a"]], end.into[pairs["point_b"]], total)


def _add_direct_walks(arcs: Arcs, start: _Group, end: _Group, assumptions: Assumptions) -> None:
    """Walks past the streets between near points: minor ways are missing from the data."""
    reach = assumptions.max_direct_walk_m
    here, there = start.points.to_numpy(), end.points.to_numpy()
    a, b = end.points.sindex.query(here, predicate="dwithin", distance=reach)
    metres = shapely.distance(here[a], there[b])
    arcs.add(start.out[a], end.into[b], metres * assumptions.detour / assumptions.walk_mps)


def _add_points(
    arcs: Arcs, groups: Sequence[_Group], travel: Travel, assumptions: Assumptions
) -> None:
    for start in groups:
        _add_ends(arcs, start)
        for end in groups:
            _add_same_street(arcs, start, end)
            if travel.mode != "drive":
                _add_direct_walks(arcs, start, end, assumptions)


def _add_transit(
    arcs: Arcs, network: TransportNetwork, stops: _Group, travel: Travel
) -> gpd.GeoDataFrame:
    """Add the routes; the stops with the vertex where travellers leave their vehicles."""
    add_services(
        network.routes,
        arcs,
        StopVertices(
            dict(zip(network.stops.index, stops.into, strict=True)),
            dict(zip(network.stops.index, stops.out, strict=True)),
        ),
        period=travel.period,
        wait_share=WAIT_SHARE[travel.band],
    )
    return network.stops.assign(vertex=stops.out)


def _no_stops(stops: gpd.GeoDataFrame) -> gpd.GeoDataFrame:
    return stops.iloc[:0].assign(vertex=[])


def compile_network(
    network: TransportNetwork,
    points: gpd.GeoSeries,
    *,
    travel: Travel,
    volumes: pd.DataFrame,
    assumptions: Assumptions,
) -> Compiled:
    """The graph of one mode with the points in it.

    A point joins the nearest street of the mode at its projection (and planned streets nearer
    than that, see `analysis.snapping.joined`); the leg off the street takes distance x detour /
    connector speed. A point beyond `snap_limit_m` joins nothing. Walkers may
    also go straight between points and stops less than `max_direct_walk_m` apart.

    Parameters
    ----------
    network
        Roads, stops and routes of a scenario.
    points
        Projected points; each becomes an origin and a destination.
    travel
        Mode, period and waiting.
    volumes
        Peak volumes, `layers.screenlines.VOLUME_COLUMNS`.
    assumptions
        Speeds and limits.
    """
    arcs = Arcs()
    if travel.mode == "drive":
        times = drive_times(network.roads, volumes, travel.period, assumptions)
    else:
        times = walk_times(network.roads, assumptions)
    times = _add_streets(arcs, times)
    limit, detour = assumptions.snap_limit_m, assumptions.detour
    asked = _group(
        points, joined(points, times.table, limit), arcs=arcs, times=times, detour=detour
    )
    groups, stops = [asked], _no_stops(network.stops)
    if travel.mode == "transit":
        at_stops = network.stops.geometry
        snaps = joined(at_stops, times.table, limit)
        groups.append(_group(at_stops, snaps, arcs=arcs, times=times, detour=detour))
        stops = _add_transit(arcs, network, groups[1], travel)
    _add_points(arcs, groups, travel, assumptions)
    return Compiled(arcs.graph(), times, stops, asked.out, asked.into, asked.snaps, points)


def compile_streets(
    times: StreetTimes, points: gpd.GeoSeries, *, snaps: pd.DataFrame, assumptions: Assumptions
) -> Compiled:
    """The graph of streets alone with points where `snaps` puts them, for any cost of streets."""
    arcs = Arcs()
    times = _add_streets(arcs, times)
    asked = _group(points, snaps, arcs=arcs, times=times, detour=assumptions.detour)
    _add_ends(arcs, asked)
    _add_same_street(arcs, asked, asked)
    stops = gpd.GeoDataFrame({"vertex": []}, geometry=[], crs=points.crs)
    return Compiled(arcs.graph(), times, stops, asked.out, asked.into, asked.snaps, points)
