"""The engine's peers: each library asked the same question in its own quickest documented way.

Every function here takes the streets and builds the library's own graph, which is not timed.
`Peer.ask` is what is timed: from some nodes, to some nodes (None: to all), within a limit of
seconds. `Peer.table` makes a matrix of the library's own answer, to compare; it is not timed.
Libraries that know no limit answer in full.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from itertools import chain
from typing import Any

import numpy as np
from synthetic_grid import StreetArrays

Nodes = np.ndarray
DEGREE_M = 111_000.0
"""pyroutingkit takes degrees and only compares them."""
UNITS_A_SEC = 1000
"""pyroutingkit takes whole numbers: milliseconds."""


@dataclass(frozen=True)
class Peer:
    """A library with the streets in it.

    Attributes
    ----------
    ask
        From nodes, to nodes (None for all), limit: the library's answer, whatever it looks like.
    table
        Seconds of an answer, origins x targets; infinite where it has none.
    tolerance_secs
        By how much its seconds may differ from the true ones: its own rounding, 0 for float64.
    """

    ask: Callable[[Nodes, Nodes | None, float], Any]
    table: Callable[[Any], np.ndarray]
    tolerance_secs: float = 0.0


Builder = Callable[[StreetArrays], Peer]


def _rows(answer: Any) -> np.ndarray:
    return np.atleast_2d(np.asarray(answer, dtype=float))


def _of_dicts(answer: Sequence[Any], nodes: int) -> np.ndarray:
    """A row an origin from dictionaries of seconds by node."""
    table = np.full((len(answer), nodes), np.inf)
    for row, reached in zip(table, answer, strict=True):
        row[list(reached.keys())] = list(reached.values())
    return table


def _triples(network: StreetArrays) -> list[tuple[int, int, float]]:
    arrays = (network.tail, network.head, network.secs)
    return list(zip(*(array.tolist() for array in arrays), strict=True))


def scipy_peer(network: StreetArrays) -> Peer:
    """scipy.sparse.csgraph.dijkstra with its limit."""
    from scipy.sparse import csr_array  # noqa: PLC0415 - a peer is loaded when it is its turn
    from scipy.sparse.csgraph import dijkstra  # noqa: PLC0415

    shape = (network.nodes, network.nodes)
    matrix = csr_array((network.secs, (network.tail, network.head)), shape=shape)

    def ask(origins: Nodes, targets: Nodes | None, limit: float) -> np.ndarray:
        found = dijkstra(matrix, indices=origins, limit=limit)
        return found if targets is None else found[:, targets]

    return Peer(ask, _rows)


def networkx_peer(network: StreetArrays) -> Peer:
    """networkx.single_source_dijkstra_path_length with its cutoff."""
    import networkx as nx  # noqa: PLC0415

    graph = nx.DiGraph()
    graph.add_weighted_edges_from(_triples(network), weight="secs")

    def ask(origins: Nodes, _: Nodes | None, limit: float) -> list[dict[int, float]]:
        search = nx.single_source_dijkstra_path_length
        return [search(graph, o, cutoff=limit, weight="secs") for o in origins.tolist()]

    return Peer(ask, lambda answer: _of_dicts(answer, network.nodes))


def ego_graph_peer(network: StreetArrays) -> Peer:
    """The recipe of OSMnx's documentation: networkx.ego_graph of its graph, by time.

    It tells which nodes are within the limit, not how far they are: the table has zeros.
    """
    import networkx as nx  # noqa: PLC0415

    graph = nx.MultiDiGraph()
    places = zip(network.x.tolist(), network.y.tolist(), strict=True)
    graph.add_nodes_from((node, {"x": x, "y": y}) for node, (x, y) in enumerate(places))
    graph.add_edges_from((a, b, {"time": secs}) for a, b, secs in _triples(network))

    def ask(origins: Nodes, _: Nodes | None, limit: float) -> list[Any]:
        return [nx.ego_graph(graph, o, radius=limit, distance="time") for o in origins.tolist()]

    def table(answer: list[Any]) -> np.ndarray:
        return _of_dicts([dict.fromkeys(part, 0.0) for part in answer], network.nodes)

    return Peer(ask, table)


def pandana_peer(network: StreetArrays) -> Peer:
    """pandana: nodes_in_range for all nodes, shortest_path_lengths for pairs."""
    import pandana  # noqa: PLC0415
    import pandas as pd  # noqa: PLC0415

    columns = (pd.Series(array) for array in (network.x, network.y, network.tail, network.head))
    graph = pandana.Network(*columns, pd.DataFrame({"secs": network.secs}), twoway=False)

    def ask(origins: Nodes, targets: Nodes | None, limit: float) -> Any:
        if targets is None:
            return origins, graph.nodes_in_range(origins.tolist(), limit)
        starts, ends = np.repeat(origins, len(targets)), np.tile(targets, len(origins))
        return np.reshape(graph.shortest_path_lengths(starts, ends), (len(origins), -1))

    def table(answer: Any) -> np.ndarray:
        if isinstance(answer, np.ndarray):
            return _rows(answer)
        origins, found = answer
        secs = np.full((len(origins), network.nodes), np.inf)
        row = pd.Index(origins).get_indexer(found["source"])
        secs[row, found["destination"].to_numpy()] = found.iloc[:, 2].to_numpy()
        return secs

    return Peer(ask, table, tolerance_secs=0.5)


def igraph_peer(network: StreetArrays) -> Peer:
    """Distances of igraph; it knows no limit."""
    import igraph  # noqa: PLC0415

    edges = np.column_stack([network.tail, network.head])
    graph = igraph.Graph(n=network.nodes, edges=edges, directed=True)
    graph.es["secs"] = network.secs

    def ask(origins: Nodes, targets: Nodes | None, _limit: float) -> list[list[float]]:
        ends = None if targets is None else targets.tolist()
        return graph.distances(source=origins.tolist(), target=ends, weights="secs")

    return Peer(ask, _rows)


def rustworkx_peer(network: StreetArrays) -> Peer:
    """The function digraph_dijkstra_shortest_path_lengths of rustworkx; it knows no limit."""
    import rustworkx  # noqa: PLC0415

    graph = rustworkx.PyDiGraph()
    graph.add_nodes_from(range(network.nodes))
    graph.add_edges_from(_triples(network))

    def ask(origins: Nodes, _: Nodes | None, _limit: float) -> list[tuple[int, Any]]:
        search = rustworkx.digraph_dijkstra_shortest_path_lengths
        return [(o, search(graph, o, float)) for o in origins.tolist()]

    def table(answer: list[tuple[int, Any]]) -> np.ndarray:
        secs = _of_dicts([reached for _, reached in answer], network.nodes)
        for row, (origin, _) in enumerate(answer):
            secs[row, origin] = 0.0
        return secs

    return Peer(ask, table)


def networkit_peer(network: StreetArrays) -> Peer:
    """networkit: Dijkstra for all nodes, SPSP for pairs; it knows no limit."""
    import networkit  # noqa: PLC0415

    ends = network.tail.astype(np.uint64), network.head.astype(np.uint64)
    graph = networkit.GraphFromCoo(
        (network.secs, ends), n=network.nodes, weighted=True, directed=True
    )

    def one(origin: int) -> np.ndarray:
        search = networkit.distance.Dijkstra(graph, origin, False, False)  # noqa: FBT003 - its own
        search.run()
        return np.asarray(search.getDistances())

    def ask(origins: Nodes, targets: Nodes | None, _limit: float) -> Any:
        if targets is None:
            return [one(origin) for origin in origins.tolist()]
        search = networkit.distance.SPSP(graph, origins.tolist(), targets.tolist())
        search.run()
        return search.getDistances(asarray=True)

    return Peer(ask, _rows)


def pyroutingkit_peer(network: StreetArrays) -> Peer:
    """pyroutingkit: a customisable contraction hierarchy, many to many; it knows no limit."""
    import pyroutingkit  # noqa: PLC0415

    order = np.lexsort((network.head, network.tail))
    ends = (array[order].astype(np.uint32) for array in (network.tail, network.head))
    places = ((axis / DEGREE_M).astype(np.float32) for axis in (network.y, network.x))
    topology = pyroutingkit.CCHTopology()
    topology.build(*ends, *places, network.nodes)
    metric = pyroutingkit.CCHMetric(topology)
    metric.customize(np.rint(network.secs[order] * UNITS_A_SEC).astype(np.uint32))
    everybody = np.arange(network.nodes, dtype=np.uint32)

    def ask(origins: Nodes, targets: Nodes | None, _limit: float) -> np.ndarray:
        ends = everybody if targets is None else targets.astype(np.uint32)
        return metric.distances_many_to_many(origins.astype(np.uint32), ends)

    def table(answer: np.ndarray) -> np.ndarray:
        return _rows(answer) / UNITS_A_SEC

    return Peer(ask, table, tolerance_secs=0.2)


BUILDERS: dict[str, Builder] = {
    "scipy": scipy_peer,
    "pyroutingkit": pyroutingkit_peer,
    "networkit": networkit_peer,
    "rustworkx": rustworkx_peer,
    "igraph": igraph_peer,
    "pandana": pandana_peer,
    "networkx": networkx_peer,
    "OSMnx recipe": ego_graph_peer,
}


def check_same(ours: np.ndarray, theirs: np.ndarray, *, limit: float, close: float) -> float:
    """The largest difference in seconds.

    Parameters
    ----------
    ours, theirs
        Seconds, infinite where not reached within the limit (theirs may know more).
    limit
        Seconds.
    close
        By how many seconds answers may differ. Nodes this near to the limit may be either.

    Raises
    ------
    ValueError
        If a time differs by more, or a node is within the limit in one answer alone.
    """
    alone = (ours > limit) & (theirs < limit - close) | (ours < limit - close) & (theirs > limit)
    both = np.isfinite(ours) & np.isfinite(theirs)
    differ = float(np.abs(ours[both] - theirs[both]).max(initial=0.0))
    if alone.any() or differ > close:
        raise ValueError(f"differs by {differ} s, {alone.sum()} reached in one alone")
    return differ


def versions() -> str:
    """Names and versions of the peers that are installed here."""
    from importlib.metadata import PackageNotFoundError, version  # noqa: PLC0415

    found = []
    for name in dict.fromkeys(chain(BUILDERS, ["osmnx"])):
        try:
            found.append(f"{name} {version(name)}")
        except PackageNotFoundError:
            continue
    return ", ".join(found)
