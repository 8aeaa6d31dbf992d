"""networkx and rustworkx on the arcs of a sketch; they know nothing of `analysis`."""

from __future__ import annotations

import networkx as nx
import numpy as np
import rustworkx as rx
from sketches import Numbers, Sketch

from analysis.routing.arcs import FAR


def as_networkx(sketch: Sketch) -> nx.DiGraph:
    """Vertices are numbers; a point is ("from", k) to leave from and ("to", k) to arrive at."""
    graph = nx.DiGraph()
    graph.add_nodes_from(range(sketch.vertices))
    graph.add_nodes_from((side, k) for side in ("from", "to") for k in range(sketch.count))

    def add(start: object, end: object, cost: float) -> None:
        known = graph.get_edge_data(start, end)
        if known is None or cost < known["cost"]:
            graph.add_edge(start, end, cost=cost)

    for each in ("arcs", "out", "into", "straight"):
        pieces = getattr(sketch, each)
        triples = (pieces.start.tolist(), pieces.end.tolist(), pieces.cost.tolist())
        for start, end, cost in zip(*triples, strict=True):
            if each == "arcs":
                add(start, end, cost)
            elif each == "out":
                add(("from", start), end, cost)
            elif each == "into":
                add(end, ("to", start), cost)
            else:
                add(("from", start), ("to", end), cost)
    return graph


def networkx_costs(
    sketch: Sketch,
    origins: Numbers,
    destinations: Numbers,
    *,
    limit: float | None = None,
    reverse: bool = False,
) -> Numbers:
    """Origins x destinations; `FAR` where there is no way within the limit."""
    graph, start, end = as_networkx(sketch), "from", "to"
    if reverse:
        graph, start, end = graph.reverse(copy=False), end, start
    found = {
        origin: nx.single_source_dijkstra_path_length(
            graph, (start, origin), cutoff=limit, weight="cost"
        )
        for origin in dict.fromkeys(origins.tolist())
    }
    table = [
        [found[origin].get((end, other), int(FAR)) for other in destinations.tolist()]
        for origin in origins.tolist()
    ]
    return np.array(table, dtype=float).reshape(len(origins), len(destinations))


def rustworkx_costs(
    sketch: Sketch,
    origins: Numbers,
    destinations: Numbers,
    *,
    limit: float = float("inf"),
    reverse: bool = False,
) -> Numbers:
    """The same from a second, unrelated program."""
    known, start, end = as_networkx(sketch), "from", "to"
    if reverse:
        known, start, end = known.reverse(copy=False), end, start
    graph = rx.PyDiGraph()
    number = dict(zip(known, graph.add_nodes_from(list(known)), strict=True))
    graph.add_edges_from([(number[a], number[b], cost) for a, b, cost in known.edges(data="cost")])
    table = np.full((len(origins), len(destinations)), float(FAR))
    for row, origin in enumerate(origins.tolist()):
        source = number.get((start, origin))
        found = {}
        if source is not None:
            found = {**rx.dijkstra_shortest_path_lengths(graph, source, float), source: 0.0}
        for column, other in enumerate(destinations.tolist()):
            cost = found.get(number.get((end, other)), float("inf"))
            table[row, column] = cost if cost <= limit else FAR
    return table


def networkx_paths(sketch: Sketch) -> tuple[Numbers, Numbers]:
    """Cost of each pair of points (infinite if none), and of how many arcs the way is."""
    graph = as_networkx(sketch)
    cost = np.full((sketch.count, sketch.count), np.inf)
    arcs = np.zeros((sketch.count, sketch.count), dtype=int)
    for a in range(sketch.count):
        lengths, ways = nx.single_source_dijkstra(graph, ("from", a), weight="cost")
        for b in range(sketch.count):
            if ("to", b) in lengths:
                cost[a, b], arcs[a, b] = lengths["to", b], len(ways["to", b]) - 1
    return cost, arcs


def check_within_half_a_unit_an_arc(secs: np.ndarray, exact: Sketch, whole: Sketch) -> None:
    """Never longer than the exact way with its arcs rounded up, and the other way about."""
    wanted, arcs = networkx_paths(exact)
    _, whole_arcs = networkx_paths(whole)
    assert (np.isinf(secs) == np.isinf(wanted)).all()
    had = np.isfinite(wanted)
    off, half = secs[had] - wanted[had], 0.5 / exact.scale.per_sec
    assert (off <= half * arcs[had] + 1e-9).all()
    assert (off >= -half * whole_arcs[had] - 1e-9).all()
