"""Matrices of a grid of streets, and the files of their parts."""

from __future__ import annotations

import sys
from pathlib import Path

import numpy as np
import pandas as pd
import pyarrow as pa
import pyarrow.dataset as ds
import pyarrow.parquet as pq

from analysis.graph.routable_network import LONGEST_SECS, Compiled
from analysis.od_matrix.folder import write_matrix
from analysis.od_matrix.matrix import MATRIX_COLUMNS, Matrix
from analysis.routing.arcs import Arcs
from analysis.routing.hierarchy.cache import Hierarchies, StreetNodes
from analysis.routing.linked_points import Trips, legs

LABELS = {"scenario": "today", "mode": "drive", "period": "peak", "band": "expected"}
HOUR_SECS = 3_600.0


def matrix_of(asked: Compiled, *, limit_secs: float = HOUR_SECS, step: int = 2) -> Matrix:
    ids = tuple(map(str, asked.points.index))
    return Matrix(asked.trips, ids, limit_secs, LABELS, step)


def grid(side: int, points: int, *, step: int, limit_secs: float = 240.0) -> Matrix:
    """Points on the nodes of a square grid; a street takes 30 to 60 s."""
    rng = np.random.default_rng(3)
    node = np.arange(side * side).reshape(side, side)
    ends = ((node[:, :-1], node[:, 1:]), (node[:-1], node[1:]))
    tail, head = (np.concatenate([pair[k].ravel() for pair in ends]) for k in (0, 1))
    arcs = Arcs()
    arcs.vertices(side * side)
    for start, end in ((tail, head), (head, tail)):
        arcs.add(start, end, rng.uniform(30, 60, len(tail)))
    at, own = rng.integers(0, side * side, points), np.arange(points)
    free = np.zeros(points, dtype=np.int32)
    y, x = np.divmod(np.arange(side * side), side)
    nodes = StreetNodes(np.arange(side * side), 100.0 * x, 100.0 * y)
    on_node, to_self = legs(own, at, free, points), legs(own, own, free, points)
    graph = arcs.graph(LONGEST_SECS)
    trips = Trips(graph, on_node, on_node, to_self, nodes, Hierarchies())
    ids = tuple(f"z{number}" for number in range(points))
    return Matrix(trips, ids, limit_secs, LABELS, step)


def files(folder: Path) -> dict[str, bytes]:
    """Everything that is in a folder."""
    return {path.name: path.read_bytes() for path in sorted(folder.iterdir())}


def rows_of(content: bytes) -> list[list[object]]:
    """The rows of one part."""
    table = pq.read_table(pa.BufferReader(content)).to_pandas()
    return table.astype({"from_id": object, "to_id": object}).to_numpy().tolist()


def table_of(folder: Path) -> pd.DataFrame:
    """What a reader of Parquet folders finds, in the order of the parts."""
    found = ds.dataset(folder).to_table().to_pandas()
    ids = list(MATRIX_COLUMNS[:2])
    return found.astype(dict.fromkeys(ids, object))


def print_growth() -> None:
    """MB by which the most memory used grows, from a matrix of 1,000 points to one of 5,000."""
    import resource  # noqa: PLC0415
    import tempfile  # noqa: PLC0415

    unit = 1 if sys.platform == "darwin" else 1_024
    used = []
    for points in (1_000, 5_000):
        with tempfile.TemporaryDirectory() as folder:
            counts = write_matrix(grid(20, points, step=64, limit_secs=HOUR_SECS), Path(folder))
        assert counts["pairs"].sum() == points * (points - 1)
        used.append(unit * resource.getrusage(resource.RUSAGE_SELF).ru_maxrss)
    sys.stdout.write(str((used[1] - used[0]) / 1e6))
