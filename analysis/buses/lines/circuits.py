"""Circular routes on roads: from a spine station over two or three borders and back."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from itertools import combinations, permutations
from typing import NamedTuple

import numpy as np

from analysis.buses.network.bus_graph import BusGraph
from analysis.buses.network.road_paths import Way
from analysis.routing.arcs import Arcs, Graph
from analysis.routing.bucket_queue import BucketQueue
from analysis.routing.shortest_paths import path_to


@dataclass(frozen=True)
class Circuit:
    """A station (a point), the gates passed and metres around.

    `gates` holds the vertices before and behind each gate, in order.
    """

    station: int
    gates: tuple[tuple[int, int], ...]
    gateways: tuple[str, ...]
    areas: tuple[str, ...]
    length_m: float


class Gate(NamedTuple):
    """A gate as one area sees it.

    The gateway, the area beyond, the vertices on this side and on the other, and whether buses may
    pass it from here and to here.
    """

    gateway_id: str
    beyond: str
    near: int
    far: int
    out: bool
    back: bool


@dataclass(frozen=True)
class Legs:
    """Metres inside one planning area between the vertices of gates and the stations there.

    Attributes
    ----------
    graph
        The streets of the area.
    gate
        Every gate on the edge of the area.
    stations
        The points that are stations in the area.
    between, out, home
        gates x gates, stations x gates and gates x stations.
    """

    graph: Graph
    gate: Sequence[Gate]
    stations: np.ndarray
    between: np.ndarray
    out: np.ndarray
    home: np.ndarray

    def out_to(self, area: str) -> np.ndarray:
        """The gates by which buses leave for another area."""
        return np.array([n for n, g in enumerate(self.gate) if g.beyond == area and g.out], int)

    def back_from(self, area: str) -> np.ndarray:
        """The gates by which buses come from another area."""
        return np.array([n for n, g in enumerate(self.gate) if g.beyond == area and g.back], int)


def _area_graph(bus: BusGraph, area_of_part: np.ndarray, area: str) -> Graph:
    """The streets that lie in one area."""
    linked, table = bus.routable.linked, bus.routable.streets.table
    here = table.loc[area_of_part == area]
    arcs = Arcs()
    arcs.vertices(linked.graph.vertices)
    tail, head = here["tail"].to_numpy(), here["head"].to_numpy()
    arcs.add(tail, head, here["secs_forward"].to_numpy())
    arcs.add(head, tail, here["secs_backward"].to_numpy())
    return arcs.graph(linked.graph.scale.longest)


def _gates(bus: BusGraph, area: str) -> list[Gate]:
    """Every gate on the edge of an area."""
    graph = bus.routable.linked.graph

    def is_open(a: int, b: int) -> bool:
        return b in graph.heads[graph.first[a] : graph.first[a + 1]]

    found = []
    for row in bus.gates.table.itertuples():
        for here, there, near, far in (
            (row.from_area, row.to_area, int(row.tail), int(row.head)),
            (row.to_area, row.from_area, int(row.head), int(row.tail)),
        ):
            if here == area:
                ways = is_open(near, far), is_open(far, near)
                found.append(Gate(row.gateway_id, there, near, far, *ways))
    return found


def area_legs(
    bus: BusGraph, area_of_part: np.ndarray, area: str, *, stations: np.ndarray, limit_m: float
) -> Legs:
    """Metres between the gates and stations of one area.

    Parameters
    ----------
    bus
        Roads with their gates.
    area_of_part
        The planning area of each row of the compiled streets; empty for gates.
    area
        Which one.
    stations
        Points that are stations in it.
    limit_m
        Longer legs are infinite.
    """
    graph, linked = _area_graph(bus, area_of_part, area), bus.routable.linked
    gates, scale = _gates(bus, area), graph.scale
    near = np.array([gate.near for gate in gates], dtype=int)
    between = np.full((len(gates), len(gates)), np.inf)
    home = np.full((len(gates), len(stations)), np.inf)
    out = home.T.copy()
    into = linked.egress.take(stations)
    with BucketQueue(graph, scale.cutoff(limit_m)) as queue:
        for row, vertex in enumerate(near.tolist()):
            queue.vertex_costs((np.array([vertex], np.int32), np.zeros(1, np.int32)))
            metres = queue.secs()
            between[row] = metres[near]
            legs = metres[into.at] + into.costs / scale.per_sec
            for at in range(len(stations)):
                own = legs[into.first[at] : into.first[at + 1]]
                home[row, at] = own.min(initial=np.inf)
        for at, point in enumerate(stations.tolist()):
            start = linked.access.take(np.array([point]))
            queue.vertex_costs((start.at, start.costs))
            out[at] = queue.secs()[near]
    np.fill_diagonal(between, np.inf)
    return Legs(graph, gates, stations, between, out, home)


def _other_side(legs: Legs, gates: Sequence[Gate]) -> np.ndarray:
    """Of each of some gates, which gate of the area beyond it is."""
    place = {gate.near: number for number, gate in enumerate(legs.gate)}
    return np.array([place[gate.far] for gate in gates], dtype=int)


def _crossing(by_area: dict[str, Legs], areas: Sequence[str]) -> Iterator[Circuit]:
    """Circuits through areas in order, from a station in the first: the best of each two gates."""
    first = by_area[areas[0]]
    leaving, returning = first.out_to(areas[1]), first.back_from(areas[-1])
    if not len(first.stations) or not len(leaving) or not len(returning):
        return
    metres, between = _beyond(by_area, areas, leaving, returning)
    for column, home in enumerate(returning.tolist()):
        around = first.out[:, leaving] + metres[:, column] + first.home[home][:, None]
        station = around.argmin(axis=0)
        for row, start in enumerate(leaving.tolist()):
            length = float(around[station[row], row])
            passed = [first.gate[start], *between(row, column)]
            ends = [*((gate.near, gate.far) for gate in passed)]
            ends.append((first.gate[home].far, first.gate[home].near))
            names = (*(gate.gateway_id for gate in passed), first.gate[home].gateway_id)
            if np.isfinite(length) and len(set(names)) == len(names):
                at = int(first.stations[station[row]])
                yield Circuit(at, tuple(ends), names, tuple(areas), length)


def _beyond(
    by_area: dict[str, Legs], areas: Sequence[str], leaving: np.ndarray, returning: np.ndarray
) -> tuple[np.ndarray, Callable[[int, int], list[Gate]]]:
    """Ways from the gates out of the first area to the gates back into it, through the others.

    Metres, and the gates between two other areas that the way between two of them passes.
    """
    first, second, last = (by_area[areas[n]] for n in (0, 1, -1))
    entry = _other_side(second, [first.gate[n] for n in leaving])
    exits = _other_side(last, [first.gate[n] for n in returning])
    if len(areas) == 2:  # noqa: PLR2004 - there and straight back
        return second.between[np.ix_(entry, exits)], lambda _row, _column: []
    middle = second.out_to(areas[2])
    if not len(middle):
        return np.full((len(entry), len(exits)), np.inf), lambda _row, _column: []
    onward = _other_side(last, [second.gate[n] for n in middle])
    to_middle = second.between[np.ix_(entry, middle)]
    whole = to_middle[:, :, None] + last.between[np.ix_(onward, exits)][None]
    best = whole.argmin(axis=1)
    return whole.min(axis=1), lambda row, column: [second.gate[middle[best[row, column]]]]


def circuits(by_area: dict[str, Legs]) -> Iterator[Circuit]:
    """Circuits through every two areas by two gateways and every three by three.

    For each choice of gates out of the first area and back into it, the shortest.
    """
    for a, b in permutations(sorted(by_area), 2):
        yield from _crossing(by_area, (a, b))
    for trio in combinations(sorted(by_area), 3):
        for areas in permutations(trio):
            yield from _crossing(by_area, areas)


def circuit_way(bus: BusGraph, by_area: dict[str, Legs], circuit: Circuit) -> Way:
    """The path of a circuit from its station around to it."""
    linked = bus.routable.linked
    start, end = (legs.take(np.array([circuit.station])) for legs in (linked.access, linked.egress))
    vertices: list[int] = []
    begin = (start.at, start.costs)
    for area, (near, far) in zip(circuit.areas, circuit.gates, strict=True):
        vertices += _leg(by_area[area].graph, begin, near)
        begin = (np.array([far], np.int32), np.zeros(1, np.int32))
    graph = by_area[circuit.areas[0]].graph
    with BucketQueue(graph, graph.scale.cutoff(graph.scale.longest)) as queue:
        before = queue.predecessors(begin)
        costs = queue.dist[end.at].astype(np.int64) + end.costs
    vertices += path_to(before, int(end.at[costs.argmin()]))
    return Way(circuit.station, circuit.station, circuit.length_m, tuple(vertices))


def _leg(graph: Graph, begin: tuple[np.ndarray, np.ndarray], target: int) -> list[int]:
    with BucketQueue(graph, graph.scale.cutoff(graph.scale.longest)) as queue:
        return path_to(queue.predecessors(begin), target)
