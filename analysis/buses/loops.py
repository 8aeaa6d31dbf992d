"""Cross-boundary bus loops: the gateways on a loop, and the shortest loop of each.

The definition behind clause 四(二), 跨界串连、形成闭环: a gateway is *closed* if, with all bus
hops that use it deleted, the two ends of one of them stay connected in the bus graph, so that the
hop and the return path make a cycle of at most `max_loop_km`. The return path must pass a gateway
too: a stop area on both sides of the border does not make a loop. A gateway is *open* if buses use
it but no such cycle exists, and *unserved* if none uses it.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from itertools import groupby

import geopandas as gpd
import numpy as np
import pandas as pd
import shapely

from analysis.buses.network.bus_graph import BusGraph
from analysis.buses.network.hop_arcs import Hop, HopArcs
from analysis.routing.shortest_paths import path_to, path_tree

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
class Loop:
    """Hops in order of travel."""

    length_m: float
    hops: tuple[Hop, ...]


def _cycles(
    hop_arcs: HopArcs, gateway_id: str, max_loop_m: float
) -> Iterator[tuple[float, int, np.ndarray]]:
    """Cycles over a gateway, each shorter than the one before.

    Metres, the arc over the gateway, and the path tree that holds the return path.
    """
    graph, limit = None, max_loop_m
    for arc in hop_arcs.arcs_over(gateway_id).tolist():
        metres = float(hop_arcs.metres[arc])
        if metres > limit:
            return
        graph = graph or hop_arcs.without(gateway_id)
        end = int(hop_arcs.tails[arc]) + hop_arcs.count
        return_m, predecessors = path_tree(graph, int(hop_arcs.heads[arc]), limit=limit - metres)
        length = metres + float(return_m[end])
        if length < limit or length == max_loop_m:
            limit = length
            yield length, arc, predecessors


def is_on_a_loop(hop_arcs: HopArcs, gateway_id: str, max_loop_m: float) -> bool:
    """Whether any cycle of bus hops passes a gateway once."""
    return any(True for _ in _cycles(hop_arcs, gateway_id, max_loop_m))


def shortest_loop(hop_arcs: HopArcs, gateway_id: str, max_loop_m: float) -> Loop | None:
    """The shortest cycle of bus hops that passes a gateway once; None if none is short enough."""
    cycles = list(_cycles(hop_arcs, gateway_id, max_loop_m))
    if not cycles:
        return None
    length, arc, predecessors = cycles[-1]
    return_hops = hop_arcs.hops_on(
        path_to(predecessors, int(hop_arcs.tails[arc]) + hop_arcs.count), gateway_id
    )
    return Loop(length, (Hop(int(hop_arcs.rows[arc]), bool(hop_arcs.ahead[arc])), *return_hops))


def _loop_row(
    bus: BusGraph, gateway_id: str, loop: Loop, headway_secs: pd.Series
) -> tuple[object, ...]:
    hops = bus.hops.loc[[hop.row for hop in loop.hops]]
    ahead = np.array([hop.ahead for hop in loop.hops])
    start = np.where(ahead, hops["from_area"], hops["to_area"])
    gateways = list(dict.fromkeys(g for used in hops["gateways"] for g in used))
    rides = [route for route, _ in groupby(hops["route_id"])]
    names = [name for name, _ in groupby(hops["route_name"])]
    wait = sum(headway_secs[route] / 2 for route in rides)
    minutes = (hops["hop_secs"].sum() + wait) / 60
    ring = shapely.LineString([*bus.areas.geometry.loc[start], bus.areas.geometry[start[0]]])
    loop_id = "loop:" + min(gateways)
    stop_names = list(bus.areas["stop_name"].loc[start])
    length = loop.length_m / 1000
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
        `STATE_COLUMNS`: state, names of the routes that use the gateway, number of hops that do,
        and its loop.
    GeoDataFrame
        `LOOP_COLUMNS`, one row a closed gateway: gateways, routes and stops in order, length,
        minutes (riding and half a headway for every boarding), transfers.
    """
    states, loops = [], []
    for gateway_id in gateway_ids:
        used = bus.hops.iloc[np.unique(bus.hop_arcs.rows[bus.hop_arcs.uses.get(gateway_id, [])])]
        loop = shortest_loop(bus.hop_arcs, gateway_id, max_loop_km * 1000)
        state = "closed" if loop else ("open" if len(used) else "unserved")
        loop_id = None
        if loop:
            row = _loop_row(bus, gateway_id, loop, headway_secs)
            loop_id = row[0]
            loops.append(row)
        names = list(dict.fromkeys(used["route_name"]))
        states.append((gateway_id, state, names, len(used), loop_id))
    table = pd.DataFrame.from_records(loops, columns=list(LOOP_COLUMNS))
    return (
        pd.DataFrame.from_records(states, columns=list(STATE_COLUMNS)),
        gpd.GeoDataFrame(table, geometry="geometry", crs=bus.areas.crs),
    )
