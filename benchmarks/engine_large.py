"""The engine's benchmark on a million nodes, in a process of its own so that its memory shows."""

from __future__ import annotations

import json
import statistics
import sys
from pathlib import Path

import numpy as np
from engine_questions import handed_over, trips_on
from engine_streets import HOUR_SECS, ORIGINS, SEED
from measuring import RUNS, Line, clocked, said
from osm_shared import child
from synthetic_grid import sorted_network, synthetic_network

from analysis.routing.hierarchy.cache import Hierarchies

NODES = 1_000_000
ORDER_SECS, SWEEPS_SECS, MOST_GB = 120.0, 2.0, 4.0


def _measure() -> dict[str, float]:
    """Order and hierarchy once, then all times from many origins, some runs."""
    network = sorted_network(synthetic_network(NODES))
    linked = trips_on(network, np.arange(network.nodes), Hierarchies())
    origins = np.random.default_rng(SEED).permutation(network.nodes)[:ORIGINS]
    order = clocked(lambda: linked.hierarchy)()
    share = handed_over(linked, origins, HOUR_SECS).mean() / network.nodes
    sweeps = [clocked(lambda: handed_over(linked, origins, HOUR_SECS))() for _ in range(RUNS)]
    found = {"order": order, "sweeps": statistics.median(sweeps), "share": float(share)}
    return found | {"nodes": network.nodes, "quickest": min(sweeps), "slowest": max(sweeps)}


def large(job: str) -> list[Line]:
    """Order, sweeps and memory of the large network."""
    print(job, flush=True)
    run = child(Path(__file__).name)
    said_by = run.said
    order, sweeps, peak = said_by["order"], said_by["sweeps"], run.peak_gb
    spread = f"{said(sweeps)} ({said(said_by['quickest'])} to {said(said_by['slowest'])})"
    title = f"{job}, {said_by['share']:.0%} reached"
    return [
        Line(title, spread, goal=f"≤ {said(SWEEPS_SECS)}", met=sweeps <= SWEEPS_SECS),
        Line(
            "order and hierarchy, once",
            said(order),
            goal=f"≤ {said(ORDER_SECS)}",
            met=order <= ORDER_SECS,
        ),
        Line(
            "largest memory of the process",
            f"{peak:.2f} GB",
            goal=f"≤ {MOST_GB:g} GB",
            met=peak <= MOST_GB,
        ),
    ]


if __name__ == "__main__":
    if sys.argv[1:2] == ["--child"]:
        print(json.dumps(_measure()))
