"""What questions cost on networks from ten thousand to a million nodes, as a plot with slopes.

    python benchmarks/engine_size.py FOLDER         writes engine_size.png and engine_size.svg
    python benchmarks/engine_size.py FOLDER 300000  up to so many nodes

The synthetic streets of `synthetic_grid.py`, neighbours numbered near each other, no limit of time:
everything is reached. Medians of some runs. The slope is that of a straight line through the
logarithms: 1 means twice the cost on twice the network.
"""

from __future__ import annotations

import statistics
import sys
from collections.abc import Callable, Mapping, Sequence
from pathlib import Path

import matplotlib as mpl
import matplotlib.pyplot as plt
import numpy as np
from engine_questions import handed_over, trips_on
from engine_streets import ORIGINS, PAIRS, SEED
from machine import breadth_first
from measuring import RUNS, clocked, said
from scipy.sparse import csr_array
from scipy.sparse.csgraph import dijkstra
from synthetic_grid import StreetArrays, corner_node, sorted_network, synthetic_network

from analysis.graph.routable_network import LONGEST_SECS
from analysis.routing.hierarchy.cache import Hierarchies
from analysis.routing.linked_points import LinkedPoints
from analysis.routing.one_to_all import vertex_times
from analysis.routing.router import times_between

SIZES = (10_000, 30_000, 100_000, 300_000, 1_000_000)
ORDER, SCIPY, BFS = "node order and hierarchy, once", "scipy, one → all", "breadth-first pass"
ONE, ALL, SOME = "one → all", f"{ORIGINS:,} → all", f"{PAIRS:,} × {PAIRS:,} pairs"
ONCE = (ORDER,)
WARM_NODES = 6_000
"""A network on which everything is asked first, so that no compiling is measured."""


def _asks(network: StreetArrays, linked: LinkedPoints) -> dict[str, Callable[[], object]]:
    """What is measured, by name."""
    drawn = np.random.default_rng(SEED).permutation(network.nodes)[: 2 * PAIRS]
    between = trips_on(network, drawn, linked.hierarchies)
    sides = {"origins": np.arange(PAIRS), "destinations": np.arange(PAIRS, 2 * PAIRS)}
    shape = (network.nodes, network.nodes)
    matrix = csr_array((network.secs, (network.tail, network.head)), shape=shape)
    origin, graph = corner_node(network), linked.graph
    workspace = np.empty(network.nodes, np.int32)
    return {
        ORDER: lambda: linked.hierarchy,
        BFS: lambda: breadth_first(graph.first, graph.heads, origin, workspace),
        ONE: lambda: vertex_times(linked, origin, limit=LONGEST_SECS),
        SCIPY: lambda: dijkstra(matrix, indices=origin),
        ALL: lambda: handed_over(linked, drawn[:ORIGINS], LONGEST_SECS),
        SOME: lambda: times_between(between, limit=LONGEST_SECS, **sides),
    }


def _asks_on(size: int) -> tuple[int, dict[str, Callable[[], object]]]:
    network = sorted_network(synthetic_network(size))
    linked = trips_on(network, np.arange(network.nodes), Hierarchies())
    return network.nodes, _asks(network, linked)


def costs(size: int) -> tuple[int, dict[str, float]]:
    """Nodes, and seconds by name."""
    nodes, asks = _asks_on(size)
    found = {}
    for name, ask in asks.items():
        if name not in ONCE:
            ask()
        runs = [clocked(ask)() for _ in range(1 if name in ONCE else RUNS)]
        found[name] = statistics.median(runs)
        print(f"  {nodes:9,} nodes  {name:32} {said(found[name])}", flush=True)
    return nodes, found


def slope(nodes: Sequence[int], secs: Sequence[float]) -> float:
    """The exponent of growth.

    Examples
    --------
    >>> round(slope([10, 100, 1000], [1.0, 10.0, 100.0]), 6)
    1.0
    """
    return float(np.polyfit(np.log(nodes), np.log(secs), 1)[0])


def draw(nodes: Sequence[int], by_name: Mapping[str, Sequence[float]], folder: Path) -> None:
    """The plot, twice."""
    mpl.rcParams["svg.hashsalt"] = "scicity"  # the same measures give the same file
    figure, axes = plt.subplots(figsize=(8, 6), layout="constrained")
    for name, secs in by_name.items():
        own = name not in (BFS, SCIPY)
        label = f"{name} (slope {slope(nodes, secs):.2f})"
        axes.loglog(nodes, secs, "o-" if own else "s--", label=label)
    axes.set_xlabel("nodes of the street network")
    axes.set_ylabel("seconds")
    axes.grid(visible=True, which="both", alpha=0.3)
    axes.legend(fontsize="small")
    folder.mkdir(parents=True, exist_ok=True)
    figure.savefig(folder / "engine_size.png", dpi=150)
    figure.savefig(folder / "engine_size.svg", metadata={"Date": None})


def main() -> None:
    """Measure, print and draw."""
    if len(sys.argv) == 1:
        print(__doc__)
        return
    largest = int(sys.argv[2]) if len(sys.argv) > 2 else SIZES[-1]  # noqa: PLR2004 - both given
    for ask in _asks_on(WARM_NODES)[1].values():
        ask()
    measured = [costs(size) for size in SIZES if size <= largest]
    nodes = [count for count, _ in measured]
    by_name = {name: [secs[name] for _, secs in measured] for name in measured[0][1]}
    for name, secs in by_name.items():
        print(f"slope {slope(nodes, secs):5.2f}  {name}")
    draw(nodes, by_name, Path(sys.argv[1]))


if __name__ == "__main__":
    main()
