"""Circular routes on roads: from a spine station over two or three borders and back."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from itertools import combinations, permutations

import numpy as np

from analysis.buses.graph import BusGraph
from analysis.buses.roads import Way
from analysis.paths.bucket_queue import BucketQueue
from analysis.paths.graph import Arcs, Graph
from analysis.paths.ways import path_to


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


@dataclass(frozen=True)
class Legs:
    """Metres inside one planning area between the vertices of gates and the stations there.

    Attributes
    ----------
    graph
        The streets of the area.
    gate
        For each gate that leads out of the area: the gateway, the area behind it, and the vertices
        on this side and on the other.
    stations
        The points that are stations in the area.
    between, out, home
        gates x gates, stations x gates and gates x stations.
    """

    graph: Graph
    gate: Sequence[tuple[str, str, int, int]]
    stations: np.ndarray
    between: np.ndarray
    out: np.ndarray
    home: np.ndarray

    def to(self, area: str) -> np.ndarray:
        """Which gates lead into another area."""
        return np.array([n for n, gate in enumerate(self.gate) if gate[1] == area], dtype=int)


def _area_graph(bus: BusGraph, area_of_part: np.ndarray, area: str) -> Graph:
    """The streets that lie in one area."""
    trips, table = bus.question.trips, bus.question.streets.table
    here = table.loc[area_of_part == area]
    arcs = Arcs()
    arcs.vertices(trips.graph.vertices)
    tail, head = here["tail"].to_numpy(), here["head"].to_numpy()
    arcs.add(tail, head, here["secs_forward"].to_numpy())
    arcs.add(head, tail, here["secs_backward"].to_numpy())
    return arcs.graph(trips.graph.scale.longest)


def _gates(bus: BusGraph, area: str) -> list[tuple[str, str, int, int]]:
    """The gates out of an area that a bus may pass."""
    graph = bus.question.trips.graph
    found = []
    for gate in bus.gates.table.itertuples():
        for here, there, a, b in (
            (gate.from_area, gate.to_area, int(gate.tail), int(gate.head)),
            (gate.to_area, gate.from_area, int(gate.head), int(gate.tail)),
        ):
            if here == area and b in graph.heads[graph.first[a] : graph.first[a + 1]]:
                found.append((gate.gateway_id, there, a, b))
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
    graph, trips = _area_graph(bus, area_of_part, area), bus.question.trips
    gates, scale = _gates(bus, area), graph.scale
    near = np.array([gate[2] for gate in gates], dtype=int)
    between = np.full((len(gates), len(gates)), np.inf)
    home = np.full((len(gates), len(stations)), np.inf)
    out = home.T.copy()
    into = trips.into.of(stations)
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
            start = trips.out.of(np.array([point]))
            queue.vertex_costs((start.at, start.costs))
            out[at] = queue.secs()[near]
    np.fill_diagonal(between, np.inf)
    return Legs(graph, gates, stations, between, out, home)


def _arrivals(legs: Legs, gates: Sequence[tuple[str, str, int, int]]) -> np.ndarray:
    """Which gate of an area is the other side of each of some gates; -1 if none may be passed."""
    place = {(gate[2], gate[3]): number for number, gate in enumerate(legs.gate)}
    return np.array([place.get((gate[3], gate[2]), -1) for gate in gates], dtype=int)


def _crossing(by_area: dict[str, Legs], areas: Sequence[str]) -> Iterator[Circuit]:
    """Circuits through areas in order, from a station in the first: the best of each two gates."""
    first = by_area[areas[0]]
    leaving = first.to(areas[1])
    returning = first.to(areas[-1])
    if not len(first.stations) or not len(leaving) or not len(returning):
        return
    # metres from each gate out of the first area to each gate back into it, and by which gates
    metres, via = _beyond(by_area, areas, leaving)
    there = first.out[:, leaving]
    for column, gate in enumerate(returning.tolist()):
        around = there + metres[:, column][None, :] + first.home[gate, :][:, None]
        station = around.argmin(axis=0)
        for row, start in enumerate(leaving.tolist()):
            length = float(around[station[row], row])
            if np.isfinite(length) and start != gate:
                passed = [first.gate[start], *via[row][column], _back(first.gate[gate])]
                names = tuple(item[0] for item in passed)
                ends = tuple((item[2], item[3]) for item in passed)
                if len(set(names)) == len(names):
                    at = int(first.stations[station[row]])
                    yield Circuit(at, ends, names, tuple(areas), length)


def _back(gate: tuple[str, str, int, int]) -> tuple[str, str, int, int]:
    return (gate[0], gate[1], gate[3], gate[2])


def _beyond(
    by_area: dict[str, Legs], areas: Sequence[str], leaving: np.ndarray
) -> tuple[np.ndarray, list[list[list[tuple[str, str, int, int]]]]]:
    """Metres from gates out of the first area, through the others, to the gates back into it."""
    first, second = by_area[areas[0]], by_area[areas[1]]
    returning = first.to(areas[-1])
    entry = _arrivals(second, [first.gate[n] for n in leaving])
    if len(areas) == 2:  # noqa: PLR2004 - there and straight back
        exits = _arrivals(second, [first.gate[n] for n in returning])
        metres = _picked(second.between, entry, exits)
        return metres, [[[] for _ in returning] for _ in leaving]
    third = by_area[areas[2]]
    middle = second.to(areas[2])
    onward = _arrivals(third, [second.gate[n] for n in middle])
    exits = _arrivals(third, [first.gate[n] for n in returning])
    to_middle = _picked(second.between, entry, middle)
    from_middle = _picked(third.between, onward, exits)
    if not len(middle):
        return np.full((len(leaving), len(returning)), np.inf), []
    best = (to_middle[:, :, None] + from_middle[None, :, :]).argmin(axis=1)
    metres = np.take_along_axis(
        to_middle[:, :, None] + from_middle[None, :, :], best[:, None, :], axis=1
    )[:, 0, :]
    via = [[[second.gate[middle[k]]] for k in row] for row in best.tolist()]
    return metres, via


def _picked(table: np.ndarray, rows: np.ndarray, columns: np.ndarray) -> np.ndarray:
    """Rows and columns of a table of metres; those numbered -1 are infinite."""
    padded = np.pad(table, ((0, 1), (0, 1)), constant_values=np.inf)
    return np.asarray(padded[np.ix_(rows, columns)])


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
    trips = bus.question.trips
    start, end = (legs.of(np.array([circuit.station])) for legs in (trips.out, trips.into))
    vertices: list[int] = []
    begin = (start.at, start.costs)
    for area, (near, far) in zip(circuit.areas, circuit.gates, strict=True):
        vertices += _leg(by_area[area].graph, begin, near)
        begin = (np.array([far], np.int32), np.zeros(1, np.int32))
    graph = by_area[circuit.areas[0]].graph
    with BucketQueue(graph, graph.scale.cutoff(graph.scale.longest)) as queue:
        before = queue.parents(begin)
        costs = queue.dist[end.at].astype(np.int64) + end.costs
    vertices += path_to(before, int(end.at[costs.argmin()]))
    return Way(circuit.station, circuit.station, circuit.length_m, tuple(vertices))


def _leg(graph: Graph, begin: tuple[np.ndarray, np.ndarray], target: int) -> list[int]:
    with BucketQueue(graph, graph.scale.cutoff(graph.scale.longest)) as queue:
        return path_to(queue.parents(begin), target)
