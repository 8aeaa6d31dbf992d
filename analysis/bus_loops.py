"""Cross-boundary bus loops: which gateways lie on one.

The definition behind clause 四(二), 跨界串连、形成闭环: a gateway is *closed* if, with all bus
hops that use it deleted, the two ends of one of them are still joined in the bus graph, so that
the hop and that way back make a cycle of at most `max_loop_km`. The way back must pass a gateway
too: a stop area that lies astride the border does not make a loop. A gateway is *open* if buses
use it but no such cycle exists, and *unserved* if none uses it.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from itertools import groupby, pairwise

import geopandas as gpd
import numpy as np
import pandas as pd
import shapely

from analysis.bus_graph import BusGraph
from analysis.compiled import LONGEST_M
from analysis.paths.graph import Arcs, Graph
from analysis.paths.ways import path_to, path_tree

STATES = ("closed", "open", "unserved")
STATE_COLUMNS = ("gateway_id", "state", "routes", "hops", "loop_id")
LOOP_COLUMNS = (
    "loop_id",
    "gateway_id",
    "gateways",
    "routes",
    "stop_areas",
    "stop_names",
    "length_km",
    "minutes",
    "transfers",
    "geometry",
)


@dataclass(frozen=True)
class _Way:
    """Hops in order of travel: rows of the hop table and whether each is taken as it stands."""

    length_m: float
    hops: tuple[tuple[int, bool], ...]


@dataclass(frozen=True)
class _Network:
    """The bus graph without some of its hops, twice over.

    A way starts in the first copy and passes to the second with the first gateway it uses, so
    that what it reaches there it reaches across a border.
    """

    graph: Graph
    vertex: dict[str, int]
    hop_of_arc: dict[tuple[int, int], tuple[int, bool]]


def _network(bus: BusGraph, without: np.ndarray) -> _Network:
    vertex = {area: number for number, area in enumerate(bus.areas.index)}
    second = len(vertex)
    arcs = Arcs()
    arcs.vertices(2 * second)
    hop_of_arc: dict[tuple[int, int], tuple[int, bool]] = {}
    # the shortest of parallel hops comes last, so that its row is kept
    kept = bus.hops.loc[~without].sort_values("length_m", ascending=False, kind="stable")
    for number, hop in zip(kept.index, kept.itertuples(), strict=True):
        crosses = second if hop.gateways else 0
        ends = [(vertex[hop.from_area], vertex[hop.to_area], True)]
        ends += [] if hop.one_way else [(ends[0][1], ends[0][0], False)]
        for a, b, ahead in ends:
            for pair in ((a, b + crosses), (a + second, b + second)):
                arcs.add([pair[0]], [pair[1]], hop.length_m)
                hop_of_arc[pair] = (int(number), ahead)
    return _Network(arcs.graph(LONGEST_M), vertex, hop_of_arc)


def _uses(bus: BusGraph, gateway_id: str) -> np.ndarray:
    return np.array([gateway_id in used for used in bus.hops["gateways"]], dtype=bool)


def shortest_loop(bus: BusGraph, gateway_id: str, max_loop_m: float) -> _Way | None:
    """The shortest cycle of bus hops that passes a gateway once; None if none is short enough."""
    uses = _uses(bus, gateway_id)
    if not uses.any():
        return None
    rest = _network(bus, uses)
    best: _Way | None = None
    limit = max_loop_m
    for number, hop in zip(bus.hops.index[uses], bus.hops.loc[uses].itertuples(), strict=True):
        ways = [(hop.to_area, hop.from_area, True)]
        ways += [] if hop.one_way else [(hop.from_area, hop.to_area, False)]
        for here, home, ahead in ways:
            if hop.length_m > limit:
                continue
            start, end = rest.vertex[here], rest.vertex[home] + len(rest.vertex)
            metres, before = path_tree(rest.graph, start, limit=limit - hop.length_m)
            length = float(hop.length_m + metres[end])
            if length <= limit and (best is None or length < best.length_m):
                back = [rest.hop_of_arc[pair] for pair in pairwise(path_to(before, end))]
                best, limit = _Way(length, ((int(number), ahead), *back)), length
    return best


def _loop_row(
    bus: BusGraph, gateway_id: str, way: _Way, headway_secs: pd.Series
) -> tuple[object, ...]:
    hops = bus.hops.loc[[number for number, _ in way.hops]]
    ahead = np.array([forward for _, forward in way.hops])
    start = np.where(ahead, hops["from_area"], hops["to_area"])
    gateways = list(dict.fromkeys(g for used in hops["gateways"] for g in used))
    rides = [route for route, _ in groupby(hops["route_id"])]
    names = [name for name, _ in groupby(hops["route_name"])]
    wait = sum(headway_secs[route] / 2 for route in rides)
    minutes = (hops["hop_secs"].sum() + wait) / 60
    ring = shapely.LineString([*bus.areas.geometry.loc[start], bus.areas.geometry[start[0]]])
    loop_id = "loop:" + min(gateways)
    stop_names = list(bus.areas["stop_name"].loc[start])
    length = way.length_m / 1000
    transfers = len(rides) - 1
    return (
        loop_id,
        gateway_id,
        gateways,
        names,
        list(start),
        stop_names,
        length,
        minutes,
        transfers,
        ring,
    )


def bus_loops(
    bus: BusGraph, gateway_ids: Sequence[str], max_loop_km: float, headway_secs: pd.Series
) -> tuple[pd.DataFrame, gpd.GeoDataFrame]:
    """The state of every gateway and the shortest loop of each closed one.

    Parameters
    ----------
    bus
        Stop areas and hops.
    gateway_ids
        All gateways.
    max_loop_km
        Longest cycle that counts as a loop, kilometres.
    headway_secs
        Seconds between departures by route id, for the loop's minutes.

    Returns
    -------
    DataFrame
        `STATE_COLUMNS`: state, the names of the routes that use the gateway, how many hops do,
        and its loop.
    GeoDataFrame
        `LOOP_COLUMNS`, one row a closed gateway: gateways, routes and stops in order, length,
        minutes (riding and half a headway for every boarding), changes of route.
    """
    states, loops = [], []
    for gateway_id in gateway_ids:
        used = bus.hops.loc[_uses(bus, gateway_id)]
        way = shortest_loop(bus, gateway_id, max_loop_km * 1000)
        state = "closed" if way else ("open" if len(used) else "unserved")
        loop_id = None
        if way:
            row = _loop_row(bus, gateway_id, way, headway_secs)
            loop_id = row[0]
            loops.append(row)
        names = list(dict.fromkeys(used["route_name"]))
        states.append((gateway_id, state, names, len(used), loop_id))
    table = pd.DataFrame.from_records(loops, columns=list(LOOP_COLUMNS))
    return (
        pd.DataFrame.from_records(states, columns=list(STATE_COLUMNS)),
        gpd.GeoDataFrame(table, geometry="geometry", crs=bus.areas.crs),
    )
