"""Whole matrices in parts: seconds, memory and disk, on one machine and shared by Dask.

    python benchmarks/matrix_blocks.py --points 5000 20000

Every line is a process of its own, so that the most memory it used is its own. `pinned` workers
have one core each: two of them stand for two machines, one for one of these. Needs Linux or
macOS; workers are pinned on Linux only.
"""

from __future__ import annotations

import argparse
import json
import os
import pickle
import resource
import shutil
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path

import numpy as np
from distributed import Client
from engine_questions import trips_on
from machine import this_machine
from measuring import said
from synthetic_grid import sorted_network, synthetic_network

from analysis.od_matrix.folder import write_matrix
from analysis.od_matrix.matrix import Matrix, origins_a_part
from analysis.od_matrix.messages import pack_matrix
from analysis.od_matrix.workers import LOCAL, dask_client, write_matrix_on
from analysis.routing.hierarchy.cache import Hierarchies

NODES, LIMIT_SECS, SEED = 105_000, 3_600.0, 1
MB = 1e6
MAXRSS_UNIT = 1 if sys.platform == "darwin" else 1_024
HEAD = ("points", "way", "ready after", "processor time", "parts", "most memory", "on disk")


@dataclass(frozen=True)
class Way:
    """How a matrix is made: by this process if there are no workers."""

    name: str
    workers: int = 0
    pinned: bool = False


WAYS = {
    way.name: way
    for way in (
        Way("this process"),
        Way("2 workers", 2),
        Way("1 pinned worker", 1, pinned=True),
        Way("2 pinned workers", 2, pinned=True),
    )
}


def peak_mb() -> float:
    """The most memory that this process has used."""
    return MAXRSS_UNIT * resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / MB


def matrix_of(points: int, orders: Path) -> Matrix:
    """All pairs of so many nodes, neighbours near each other, with their hierarchy made."""
    network = sorted_network(synthetic_network(NODES))
    drawn = np.sort(np.random.default_rng(SEED).permutation(network.nodes)[:points])
    linked = trips_on(network, drawn, Hierarchies(orders))
    ids = tuple(f"z{node:06}" for node in drawn)
    matrix = Matrix(linked, ids, LIMIT_SECS, {"mode": "drive"}, origins_a_part(points))
    matrix.prepare(matrix.parts)
    return matrix


def _timed(ask: Callable[[], object]) -> float:
    start = time.perf_counter()
    ask()
    return time.perf_counter() - start


def _cpu_secs(client: Client) -> float:
    """Processor time that this process and the workers have used so far."""
    return time.process_time() + sum(client.run(time.process_time).values())


def _pin(client: Client) -> None:
    """Give each worker one core."""
    for core, worker in enumerate(sorted(client.nthreads())):
        client.run(lambda core=core: os.sched_setaffinity(0, {core}), workers=[worker])


def _warm(matrix: Matrix, folder: Path) -> Matrix:
    """A matrix of a few points of the same network, to load what is loaded once."""
    few = len(matrix.ids) // 50
    linked = matrix.linked
    near = (legs.take(np.arange(few)) for legs in (linked.access, linked.egress, linked.direct))
    small = type(linked)(linked.graph, *near, linked.nodes, linked.hierarchies)
    shutil.rmtree(folder, ignore_errors=True)
    return Matrix(small, matrix.ids[:few], LIMIT_SECS, matrix.labels, few // 4)


def measured(way: Way, points: int, folder: Path) -> dict[str, float]:
    """Make a matrix; say what it took."""
    matrix = matrix_of(points, folder / "orders")
    out, warm = folder / "matrix", _warm(matrix, folder / "warm")
    found: dict[str, float] = {"sent_mb": len(pickle.dumps(pack_matrix(matrix))) / MB}
    if not way.workers:
        write_matrix(warm, folder / "warm")
        used = time.process_time()
        found["secs"] = _timed(lambda: write_matrix(matrix, out))
        found["cpu_secs"] = time.process_time() - used
        found["peak_mb"] = peak_mb()
    else:
        start = time.perf_counter()
        with dask_client(LOCAL, way.workers) as client:
            client.wait_for_workers(way.workers)
            found["start_secs"] = time.perf_counter() - start
            if way.pinned:
                _pin(client)
            found["first_secs"] = _timed(lambda: write_matrix_on(client, warm, folder / "warm"))
            used = _cpu_secs(client)
            found["secs"] = _timed(lambda: write_matrix_on(client, matrix, out))
            found["cpu_secs"] = _cpu_secs(client) - used
            found["peak_mb"] = max(client.run(peak_mb).values())
            found["own_mb"] = peak_mb()
    found["bytes"] = sum(path.stat().st_size for path in out.iterdir())
    found["parts"], found["pairs"] = len(matrix.parts), points * (points - 1)
    shutil.rmtree(out)
    return found


def _line(points: int, way: Way, found: dict[str, float]) -> str:
    memory = f"{found['peak_mb']:,.0f} MB"
    if way.workers:
        memory = f"{memory} a worker, {found['own_mb']:,.0f} MB here"
    cells = (
        f"{points:,}",
        way.name,
        said(found["secs"]),
        said(found["cpu_secs"]),
        f"{found['parts']:.0f}",
        memory,
        f"{found['bytes'] / 1e9:.2f} GB, {found['bytes'] / found['pairs']:.1f} B a pair",
    )
    return "| " + " | ".join(cells) + " |"


def _ask(points: int, way: Way, folder: Path) -> dict[str, float]:
    """Measure in a process of its own."""
    command = [sys.executable, __file__, "--case", way.name, "--points", str(points)]
    run = subprocess.run(
        [*command, "--folder", str(folder)], check=True, capture_output=True, text=True
    )
    found: dict[str, float] = json.loads(run.stdout.splitlines()[-1])
    return found


def _report(sizes: list[int], folder: Path) -> None:
    print(this_machine())
    print("\n| " + " | ".join(HEAD) + " |\n|" + " --- |" * len(HEAD))
    said_later = []
    for points in sizes:
        for way in WAYS.values():
            if way.pinned and not hasattr(os, "sched_setaffinity"):
                continue
            found = _ask(points, way, folder)
            print(_line(points, way, found), flush=True)
            if way.workers:
                said_later.append(
                    f"{points:,}, {way.name}: started in {said(found['start_secs'])},"
                    f" first small matrix {said(found['first_secs'])},"
                    f" {found['sent_mb']:.0f} MB sent to each"
                )
    print("\n" + "\n".join(said_later))


def main() -> None:
    """Measure and print; `--case` and `--folder` are for the processes it starts."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--points", type=int, nargs="+", default=[5_000, 20_000])
    parser.add_argument("--case", choices=tuple(WAYS))
    parser.add_argument("--folder", type=Path)
    asked = parser.parse_args()
    if asked.case:
        print(json.dumps(measured(WAYS[asked.case], asked.points[0], asked.folder)))
        return
    with tempfile.TemporaryDirectory() as folder:
        _report(asked.points, Path(folder))


if __name__ == "__main__":
    main()
