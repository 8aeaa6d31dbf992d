"""The synthetic city with public transport, as the product's own network of a study.

Rail lines run straight through the middle; buses follow main roads between any two parts of the
city and stop at most crossings of main roads, so that many share stops and stretches.
"""

from __future__ import annotations

from collections.abc import Iterator

import geopandas as gpd
import numpy as np
import shapely
from scipy.sparse import csr_array
from scipy.sparse.csgraph import dijkstra
from synthetic_grid import (
    CRS,
    HIGHWAY,
    SECONDARY,
    StreetArrays,
    nearest_node,
    points_of,
    streets_of,
)

from layers.network import TransportNetwork
from layers.roads import RoadNetwork, node_table, road_network
from layers.transit import BUS, METRO, STOP_COLUMNS, TransitRoute

RAIL_KPH, RAIL_DETOUR, RAIL_DWELL_SECS = (60.0, 38.0, 25.0), 1.15, 30.0
RAIL_HEADWAYS_SECS = (240.0, 360.0, 600.0)
RAIL_ACCESS_SECS = 40.0
BUS_SLOWER, BUS_DWELL_SECS = 1.5, 20.0
"""Times a car's seconds, and for each stop."""
BUS_HEADWAYS_SECS = (300.0, 480.0, 600.0, 900.0, 1200.0)
CROSSING_ARCS = 3
"""A bus stop is a node with so many arcs of main roads."""
TRIES = 20


def roads_of(network: StreetArrays) -> RoadNetwork:
    """The network in OSMnx's schema; everybody may use every street."""
    first, oneway = streets_of(network)
    tail, head = network.tail[first], network.head[first]
    points, length = points_of(network), network.length_m[first]
    names = np.array([f"n{node}" for node in range(network.nodes)], dtype=object)
    columns = {
        "u": names[tail],
        "v": names[head],
        "osmid": [f"s{street}" for street in range(len(first))],
        "highway": HIGHWAY[network.rank[first]],
        "lanes": 2,
        "maxspeed": length / network.secs[first] * 3.6,
        "oneway": oneway,
        "length": length,
    }
    columns |= dict.fromkeys(("tunnel", "bridge"), False)
    columns |= dict.fromkeys(("drive", "walk", "bus"), True)
    texts = ("name", "name_en", "access", "crossing", "screenline", "project_id")
    columns |= dict.fromkeys(texts, "")
    ends = shapely.get_coordinates(points)[np.stack([tail, head], axis=1)]
    table = gpd.GeoDataFrame(columns, geometry=shapely.linestrings(ends), crs=CRS)
    nodes = node_table(list(names), points, [""] * network.nodes, CRS)
    return road_network(nodes, table)


def _stop(node: int) -> str:
    return f"stop{node}"


def _rail_nodes(network: StreetArrays, stops: int, rng: np.random.Generator) -> list[int]:
    """A line's stations: near a straight line through the middle."""
    whole, angle = network.x.max(), rng.uniform(0, np.pi)
    middle = whole * rng.uniform(0.3, 0.7, 2)
    half = whole * 0.42 * np.array([np.cos(angle), np.sin(angle)])
    start, end = (np.clip(middle + s * half, 0.02 * whole, 0.98 * whole) for s in (-1, 1))
    places = start + np.linspace(0, 1, stops)[:, None] * (end - start)
    return [nearest_node(network, *(place + rng.normal(0, 150, 2))) for place in places]


def _rail(network: StreetArrays, number: int, nodes: list[int]) -> TransitRoute:
    at = np.column_stack([network.x[nodes], network.y[nodes]])
    metres = np.hypot(*np.diff(at, axis=0).T) * RAIL_DETOUR
    speed, headway = RAIL_KPH[number % 3] / 3.6, RAIL_HEADWAYS_SECS[number % 3]
    return TransitRoute(
        route_id=f"rail{number}",
        route_name=f"Line {number}",
        name_en="",
        route_type=METRO,
        line=str(number),
        stop_ids=tuple(_stop(node) for node in nodes),
        hop_secs=tuple((metres / speed + RAIL_DWELL_SECS).tolist()),
        headway_peak_secs=headway,
        headway_offpeak_secs=headway,
        stop_access_secs=RAIL_ACCESS_SECS,
    )


def _path(before: np.ndarray, end: int) -> list[int]:
    path = [end]
    while before[path[-1]] >= 0:
        path.append(int(before[path[-1]]))
    return path[::-1]


def _bus_nodes(
    network: StreetArrays, stops_per_bus: tuple[int, int], rng: np.random.Generator
) -> Iterator[tuple[list[int], np.ndarray]]:
    """Without end: the stops of a bus and the car's seconds at each."""
    use = network.rank <= SECONDARY
    arcs = network.secs[use], (network.tail[use], network.head[use])
    main = csr_array(arcs, shape=(network.nodes, network.nodes))
    crossing = np.bincount(network.tail[use], minlength=network.nodes) >= CROSSING_ARCS
    ends = np.flatnonzero(crossing)
    while True:
        secs, before = dijkstra(main, indices=rng.choice(ends), return_predecessors=True)
        for end in rng.choice(ends, TRIES):
            path = np.array(_path(before, int(end)))
            stops = path[crossing[path]][: rng.integers(*stops_per_bus, endpoint=True)]
            if len(stops) >= stops_per_bus[0]:
                yield stops.tolist(), secs[stops]
                break


def _bus(number: int, nodes: list[int], secs: np.ndarray, headway: float) -> TransitRoute:
    return TransitRoute(
        route_id=f"bus{number}",
        route_name=f"Bus {number}",
        name_en="",
        route_type=BUS,
        line="",
        stop_ids=tuple(_stop(node) for node in nodes),
        hop_secs=tuple((np.diff(secs) * BUS_SLOWER + BUS_DWELL_SECS).tolist()),
        headway_peak_secs=headway,
        headway_offpeak_secs=headway,
    )


def _stops(network: StreetArrays, nodes: list[int]) -> gpd.GeoDataFrame:
    named = [_stop(node) for node in nodes]
    columns = {name: "" for name in STOP_COLUMNS if name != "geometry"} | {"accuracy_m": 0.0}
    table = gpd.GeoDataFrame(columns, geometry=points_of(network)[nodes], crs=CRS, index=named)
    return table.rename_axis("stop_id").assign(stop_name=named)[list(STOP_COLUMNS)]


def with_transit(
    network: StreetArrays,
    *,
    lines: int = 15,
    stops: int = 20,
    buses: int = 500,
    stops_per_bus: tuple[int, int] = (25, 40),
    seed: int = 11,
) -> TransportNetwork:
    """A study's network: the streets, rail lines of so many stops each, and bus routes.

    Parameters
    ----------
    network
        The streets.
    lines, stops
        Rail lines and the stations of each.
    buses, stops_per_bus
        Bus routes and the fewest and most stops of one.
    seed
        The same seed gives the same routes.
    """
    rng = np.random.default_rng(seed)
    rails = [_rail_nodes(network, stops, rng) for _ in range(lines)]
    routes = [_rail(network, number, nodes) for number, nodes in enumerate(rails)]
    served = dict.fromkeys(node for nodes in rails for node in nodes)
    drawn = _bus_nodes(network, stops_per_bus, rng)
    for number in range(buses):
        nodes, secs = next(drawn)
        routes.append(_bus(number, nodes, secs, float(rng.choice(BUS_HEADWAYS_SECS))))
        served |= dict.fromkeys(nodes)
    return TransportNetwork(roads_of(network), _stops(network, list(served)), tuple(routes))
