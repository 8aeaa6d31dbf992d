"""Circular routes on roads: from a spine station over two or three borders and back."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from itertools import combinations, permutations
from typing import NamedTuple

import numpy as np

from analysis.buses.network.bus_graph import BusGraph
from analysis.buses.network.road_paths import RoadPath
from analysis.routing.arcs import Arcs, Graph
from analysis.routing.bucket_queue import BucketQueue
from analysis.routing.shortest_paths import path_to


@dataclass(frozen=True)
class Circuit:
    """A circular route: a station (a point), the gates passed and the length in metres.

    `gates` holds the vertices before and after each gate, in order.
    """

    station: int
    gates: tuple[tuple[int, int], ...]
    gateways: tuple[str, ...]
    areas: tuple[str, ...]
    length_m: float


class Gate(NamedTuple):
    """A gate seen from one area.

    The gateway, the area beyond, the vertices on this side and on the other, and whether buses may
    pass it outwards and back.
    """

    gateway_id: str
    beyond: str
    near: int
    far: int
    out: bool
    back: bool


@dataclass(frozen=True)
class AreaLegs:
    """Metres inside one planning area between gates and stations.

    Attributes
    ----------
    graph
        The streets of the area.
    gates
        Gates on the edge of the area.
    stations
        Points that are stations in the area.
    between, out, back
        Metres, gates x gates, stations x gates and gates x stations.
    """

    graph: Graph
    gates: Sequence[Gate]
    stations: np.ndarray
    between: np.ndarray
    out: np.ndarray
    back: np.ndarray

    def out_to(self, area: str) -> np.ndarray:
        """Gates by which buses leave for another area."""
        return np.array([n for n, g in enumerate(self.gates) if g.beyond == area and g.out], int)

    def back_from(self, area: str) -> np.ndarray:
        """Gates by which buses return from another area."""
        return np.array([n for n, g in enumerate(self.gates) if g.beyond == area and g.back], int)


def _area_graph(bus: BusGraph, area_of_part: np.ndarray, area: str) -> Graph:
    """The graph of the streets in one area."""
    linked, table = bus.routable.linked, bus.routable.streets.table
    streets = table.loc[area_of_part == area]
    arcs = Arcs()
    arcs.vertices(linked.graph.vertices)
    tail, head = streets["tail"].to_numpy(), streets["head"].to_numpy()
    arcs.add(tail, head, streets["secs_forward"].to_numpy())
    arcs.add(head, tail, streets["secs_backward"].to_numpy())
    return arcs.graph(linked.graph.scale.longest)


def _gates(bus: BusGraph, area: str) -> list[Gate]:
    """Gates on the edge of an area."""
    graph = bus.routable.linked.graph

    def is_open(a: int, b: int) -> bool:
        return b in graph.heads[graph.first[a] : graph.first[a + 1]]

    gates = []
    for row in bus.gates.table.itertuples():
        for inside, beyond, near, far in (
            (row.from_area, row.to_area, int(row.tail), int(row.head)),
            (row.to_area, row.from_area, int(row.head), int(row.tail)),
        ):
            if inside == area:
                passable = is_open(near, far), is_open(far, near)
                gates.append(Gate(row.gateway_id, beyond, near, far, *passable))
    return gates


def area_legs(
    bus: BusGraph, area_of_part: np.ndarray, area: str, *, stations: np.ndarray, limit_m: float
) -> AreaLegs:
    """Metres between the gates and stations of one area.

    Parameters
    ----------
    bus
        Roads with their gates.
    area_of_part
        The planning area of each row of the routable streets; empty for gates.
    area
        The area.
    stations
        Points that are stations in the area.
    limit_m
        Longer legs are infinite.
    """
    graph, linked = _area_graph(bus, area_of_part, area), bus.routable.linked
    gates, scale = _gates(bus, area), graph.scale
    near = np.array([gate.near for gate in gates], dtype=int)
    between = np.full((len(gates), len(gates)), np.inf)
    back_metres = np.full((len(gates), len(stations)), np.inf)
    out = back_metres.T.copy()
    egress = linked.egress.take(stations)
    with BucketQueue(graph, scale.cutoff(limit_m)) as queue:
        for row, vertex in enumerate(near.tolist()):
            queue.vertex_costs((np.array([vertex], np.int32), np.zeros(1, np.int32)))
            metres = queue.secs()
            between[row] = metres[near]
            legs = metres[egress.at] + egress.costs / scale.per_sec
            for column in range(len(stations)):
                station_metres = legs[egress.first[column] : egress.first[column + 1]]
                back_metres[row, column] = station_metres.min(initial=np.inf)
        for column, point in enumerate(stations.tolist()):
            access = linked.access.take(np.array([point]))
            queue.vertex_costs((access.at, access.costs))
            out[column] = queue.secs()[near]
    np.fill_diagonal(between, np.inf)
    return AreaLegs(graph, gates, stations, between, out, back_metres)


def _other_side(legs: AreaLegs, gates: Sequence[Gate]) -> np.ndarray:
    """Positions of some gates among the gates of the area beyond."""
    position = {gate.near: number for number, gate in enumerate(legs.gates)}
    return np.array([position[gate.far] for gate in gates], dtype=int)


def _crossing(by_area: dict[str, AreaLegs], areas: Sequence[str]) -> Iterator[Circuit]:
    """Circuits through areas in order from a station in the first: the best for each two gates."""
    first = by_area[areas[0]]
    leaving, returning = first.out_to(areas[1]), first.back_from(areas[-1])
    if not len(first.stations) or not len(leaving) or not len(returning):
        return
    metres, between = _beyond(by_area, areas, leaving, returning)
    for column, last in enumerate(returning.tolist()):
        total = first.out[:, leaving] + metres[:, column] + first.back[last][:, None]
        station = total.argmin(axis=0)
        for row, start in enumerate(leaving.tolist()):
            length = float(total[station[row], row])
            passed = [first.gates[start], *between(row, column)]
            ends = [*((gate.near, gate.far) for gate in passed)]
            ends.append((first.gates[last].far, first.gates[last].near))
            ids = (*(gate.gateway_id for gate in passed), first.gates[last].gateway_id)
            if np.isfinite(length) and len(set(ids)) == len(ids):
                point = int(first.stations[station[row]])
                yield Circuit(point, tuple(ends), ids, tuple(areas), length)


def _beyond(
    by_area: dict[str, AreaLegs], areas: Sequence[str], leaving: np.ndarray, returning: np.ndarray
) -> tuple[np.ndarray, Callable[[int, int], list[Gate]]]:
    """Shortest paths from the first area's outward gates to its return gates, through the others.

    Metres, and a function that gives the gates passed between two other areas.
    """
    first, second, last = (by_area[areas[n]] for n in (0, 1, -1))
    entry = _other_side(second, [first.gates[n] for n in leaving])
    exits = _other_side(last, [first.gates[n] for n in returning])
    if len(areas) == 2:  # noqa: PLR2004 - there and straight back
        return second.between[np.ix_(entry, exits)], lambda _row, _column: []
    middle = second.out_to(areas[2])
    if not len(middle):
        return np.full((len(entry), len(exits)), np.inf), lambda _row, _column: []
    onward = _other_side(last, [second.gates[n] for n in middle])
    to_middle = second.between[np.ix_(entry, middle)]
    total = to_middle[:, :, None] + last.between[np.ix_(onward, exits)][None]
    best = total.argmin(axis=1)
    return total.min(axis=1), lambda row, column: [second.gates[middle[best[row, column]]]]


def circuits(by_area: dict[str, AreaLegs]) -> Iterator[Circuit]:
    """Circuits through every two areas by two gateways and every three by three.

    The shortest one for each pair of an outward and a return gate of the first area.
    """
    for a, b in permutations(sorted(by_area), 2):
        yield from _crossing(by_area, (a, b))
    for trio in combinations(sorted(by_area), 3):
        for areas in permutations(trio):
            yield from _crossing(by_area, areas)


def circuit_path(bus: BusGraph, by_area: dict[str, AreaLegs], circuit: Circuit) -> RoadPath:
    """The road path of a circuit, from its station back to it."""
    linked = bus.routable.linked
    start, end = (legs.take(np.array([circuit.station])) for legs in (linked.access, linked.egress))
    vertices: list[int] = []
    begin = (start.at, start.costs)
    for area, (near, far) in zip(circuit.areas, circuit.gates, strict=True):
        vertices += _path_inside(by_area[area].graph, begin, near)
        begin = (np.array([far], np.int32), np.zeros(1, np.int32))
    graph = by_area[circuit.areas[0]].graph
    with BucketQueue(graph, graph.scale.cutoff(graph.scale.longest)) as queue:
        before = queue.predecessors(begin)
        costs = queue.dist[end.at].astype(np.int64) + end.costs
    vertices += path_to(before, int(end.at[costs.argmin()]))
    return RoadPath(circuit.station, circuit.station, circuit.length_m, tuple(vertices))


def _path_inside(graph: Graph, begin: tuple[np.ndarray, np.ndarray], target: int) -> list[int]:
    with BucketQueue(graph, graph.scale.cutoff(graph.scale.longest)) as queue:
        return path_to(queue.predecessors(begin), target)
