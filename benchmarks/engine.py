"""The engine beside its peers, in one run: what each job costs, ratios, goals and the floor.

    python3.11 -m venv peers
    peers/bin/pip install -e . -r benchmarks/peers.txt
    peers/bin/python benchmarks/engine.py                  all jobs, half an hour
    peers/bin/python benchmarks/engine.py one pairs        some of them
    peers/bin/python benchmarks/engine.py --list           their names

OSRM has no wheel for Python 3.11, so it has an environment of its own, and its preparation is kept
(ten minutes for a grid of 100,000 nodes, as long again with its car profile):

    python3.12 -m venv router
    router/bin/pip install osrm-bindings==26.10.0
    peers/bin/python benchmarks/engine.py pairs --osrm router/bin/python --osrm-folder prepared

Every peer has the same synthetic streets (`synthetic_grid.py`), neighbours numbered near each
other, and must give the same answer before its time counts: to half a millisecond, more where a
peer rounds (see `peers.py`). Within a job all take turns, ours before each other; printed are
medians of five runs, with our quickest and slowest, and the median of the ratios of neighbours.
A star marks what is extrapolated from fewer origins. Building a peer's own graph is not timed, nor
is turning its answer into a matrix. Our times are those of the product's functions, with all that
they do; "hand over" means that every time stands in memory and is looked at once, block by block.

Floors: a breadth-first pass over the same arrays, written like the engine; and the bytes that the
engine touches divided by the bandwidth that a triad reaches right before. Caches serve many of
these bytes, so a batch may take less than the floor.
"""

from __future__ import annotations

import argparse
import os
from collections.abc import Callable, Iterator
from contextlib import ExitStack, contextmanager
from dataclasses import dataclass
from pathlib import Path

import numpy as np
from engine_file import OSMNX, from_file
from engine_isochrones import isochrone_areas
from engine_large import large
from engine_streets import BFS, HOUR_SECS, QUEUE, Setting, changed, many_to_all, one_to_all, pairs
from engine_subsets import RECOMPUTATION, subsets
from engine_transit import access
from machine import this_machine
from measuring import Goal, Line, markdown
from osrm_peer import Osrm, osrm_of
from peers import versions
from synthetic_grid import StreetArrays, corner_node, sorted_network, synthetic_network

from analysis.routing.one_to_all import vertex_times

NODES, SMALL_NODES, LARGE_NODES = 100_000, 10_000, 1_000_000
FEW = 1_000
"""Nodes reached in the honest row of a small question."""
AT_LARGE = ("scipy", "networkit", "igraph")
"""Peers that build a graph of a million nodes within a minute."""
OSRM, OSRM_CAR = "OSRM, contraction hierarchy", "OSRM, its car profile with turns"

ONE = Goal(
    within={BFS: 2.0},
    ratios={"scipy": 2.5, "pandana": 10, "networkx": 40, "OSMnx recipe": 400},
)
ALL = Goal(0.25, ratios={"scipy": 60, "pandana": 200, QUEUE: 10})
PAIRS = Goal(0.1, ratios={"pyroutingkit": 40, "pandana": 100, "scipy": 200, OSRM: 60, OSRM_CAR: 60})
SUBSETS = Goal(6.0, ratios={RECOMPUTATION: 60})
ISOCHRONES = {25.0: Goal(0.15), 50.0: Goal(0.05)}
"""By cell of the surface, metres."""
ACCESS, CHANGED, FILE = Goal(2.0), Goal(0.8), Goal(ratios={OSMNX: 8})


def _nth_secs(setting: Setting, count: int) -> float:
    """Seconds within which so many nodes are reached."""
    secs = vertex_times(setting.everywhere, corner_node(setting.network), limit=HOUR_SECS)
    return float(np.partition(secs, count - 1)[count - 1])


def _few(setting: Setting) -> list[Line]:
    limit = _nth_secs(setting, FEW)
    return one_to_all(setting, "one origin, small reach", limit, Goal())


def _other_size(setting: Setting, nodes: int, wanted: tuple[str, ...]) -> list[Line]:
    network = sorted_network(synthetic_network(nodes))
    other = Setting(network, setting.machine, wanted)
    return one_to_all(other, f"one origin of {network.nodes:,} nodes", HOUR_SECS, Goal())


Job = Callable[[Setting], list[Line]]
JOBS: dict[str, Job] = {
    "one": lambda s: one_to_all(s, "one origin → all within 60 min", HOUR_SECS, ONE),
    "one-few": _few,
    "one-small": lambda s: _other_size(s, SMALL_NODES, s.wanted),
    "one-large": lambda s: _other_size(s, LARGE_NODES, AT_LARGE),
    "all": lambda s: many_to_all(s, "1,000 origins → all, hand over", ALL),
    "pairs": lambda s: pairs(s, "2,000 × 2,000 pairs", PAIRS),
    "access": lambda s: access(s.network, s.machine, "accessibility of 5,000 zones", ACCESS),
    "changed": lambda s: changed(s, "change all weights, 2,000 → all", CHANGED),
    "subsets": lambda s: subsets(s, "all 2,048 subsets of 11 projects, 2,000 × 2,000", SUBSETS),
    "large": lambda _: large("1.07M nodes: 1,000 origins → all"),
    "isochrones": lambda s: isochrone_areas(s.network, "isochrones, 4 cutoffs", ISOCHRONES),
    "file": lambda s: from_file(s.network, ".osm.pbf → compiled graph", FILE),
}


@dataclass(frozen=True)
class Router:
    """Where OSRM is and where its prepared files are; no Python, no OSRM."""

    python: str
    folder: Path

    @contextmanager
    def opened(self, network: StreetArrays) -> Iterator[dict[str, Osrm]]:
        """OSRM with the network's own seconds, and with its car profile."""
        with ExitStack() as open_ones:
            found = {}
            if self.python:
                for name, profile in ((OSRM, "seconds"), (OSRM_CAR, "car")):
                    router = osrm_of(network, self.python, self.folder / profile, profile)
                    found[name] = open_ones.enter_context(router)
            yield found


def _asked() -> argparse.Namespace:
    parser = argparse.ArgumentParser(description="The engine beside its peers.")
    parser.add_argument("jobs", nargs="*", metavar="JOB", help="all of them if none is named")
    parser.add_argument("--list", action="store_true", help="name the jobs and stop")
    parser.add_argument("--osrm", default="", metavar="PYTHON", help="one that has osrm-bindings")
    parser.add_argument("--osrm-folder", type=Path, default=Path("out/osrm"), metavar="FOLDER")
    asked = parser.parse_args()
    unknown = set(asked.jobs) - set(JOBS)
    if unknown:
        parser.error(f"no such job: {', '.join(sorted(unknown))}")
    return asked


def main() -> None:
    """Run the jobs and print the table."""
    asked = _asked()
    if asked.list:
        print("\n".join(JOBS))
        return
    names = asked.jobs or list(JOBS)
    machine = this_machine()
    print(f"load of the machine before: {os.getloadavg()[0]:.1f}")
    network = sorted_network(synthetic_network(NODES))
    router = Router(asked.osrm if "pairs" in names else "", asked.osrm_folder)
    lines = []
    with router.opened(network) as osrm:
        setting = Setting(network, machine, osrm=osrm)
        for name in names:
            found = JOBS[name](setting)
            print(f"\n{markdown(found)}\n", flush=True)
            lines += found
    print(f"load of the machine after: {os.getloadavg()[0]:.1f}\n")
    print(f"{machine}\n\n{versions()}\n\n{markdown(lines)}")


if __name__ == "__main__":
    main()
