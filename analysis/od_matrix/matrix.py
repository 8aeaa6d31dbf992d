"""Travel times between all points, in parts that are computed and stored one by one.

A part holds the pairs of some consecutive origins, and is a Parquet file. The whole matrix is never
in memory.
"""

from __future__ import annotations

import hashlib
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from functools import cached_property
from importlib.metadata import version
from typing import Any

import numpy as np
import pyarrow as pa
import pyarrow.parquet as pq

from analysis.kernels import kernel
from analysis.routing.arcs import FAR
from analysis.routing.linked_points import LinkedPoints
from analysis.routing.router import prepare, visit_times
from analysis.routing.sweep.phast import LANES

MATRIX_COLUMNS = ("from_id", "to_id", "secs")
PART_PAIRS = 2**22
"""Approximate pairs of a part: 20 MB on disk, 80 MB in memory while it is computed."""
GROUP_PAIRS = 2**20
"""Pairs of a row group (whole origins): readers of some origins skip the other groups."""
_TEXT = pa.dictionary(pa.int32(), pa.string())
SCHEMA = pa.schema(list(zip(MATRIX_COLUMNS, (_TEXT, _TEXT, pa.float64()), strict=True)))
WRITE_OPTIONS: dict[str, Any] = {
    "compression": "zstd",
    "compression_level": 1,
    "use_dictionary": ["from_id", "to_id"],
    "column_encoding": {"secs": "BYTE_STREAM_SPLIT"},
    "write_statistics": ["from_id", "secs"],
}
"""Options of the Parquet writer.

The bytes of numbers are split by their position, so that float64 takes hardly more space than
float32: the engine's seconds are whole multiples of a power of two. Statistics of the destinations
would take most of the time and be useless: every row group holds all destinations.
"""
LAYOUT = "1"
"""Version of the file layout, increased when the files of a matrix change."""
PACKAGES = ("scicity", "numpy", "pyarrow")
"""Packages on which the bytes of a part depend."""


@dataclass(frozen=True)
class MatrixPart:
    """The origins of a part: positions `first` to `last` - 1 of the points."""

    number: int
    first: int
    last: int

    @property
    def name(self) -> str:
        """The file's name."""
        return f"part-{self.number:05}.parquet"


@dataclass(frozen=True)
class PartFile:
    """A part as a Parquet file in memory, with the numbers of pairs reached and not reached."""

    content: bytes
    pairs: int
    missing: int


@kernel
def _pairs(units: np.ndarray, per_sec: float, columns: tuple) -> int:
    """Fill in the pairs that are reached, row by row; number of pairs."""
    rows, places, secs = columns
    count = 0
    for row in range(units.shape[0]):
        for place in range(units.shape[1]):
            if units[row, place] != FAR:
                rows[count], places[count] = row, place
                secs[count] = units[row, place] / per_sec
                count += 1
    return count


def origins_a_part(points: int) -> int:
    """Number of origins of a part with about `PART_PAIRS` pairs, in whole batches of the engine.

    Examples
    --------
    >>> origins_a_part(20_000), origins_a_part(1_000_000)
    (192, 64)
    """
    return max(PART_PAIRS // max(points, 1) // LANES, 1) * LANES


def package_versions() -> dict[str, str]:
    """Versions of the packages on which the bytes of a part depend."""
    return {name: version(name) for name in PACKAGES}


@dataclass(frozen=True)
class Matrix:
    """All travel times between linked points.

    Attributes
    ----------
    linked
        Graph and points.
    ids
        Ids of the points, strings, in their order.
    limit_secs
        Longer trips are not listed.
    labels
        Metadata of the files: scenario, mode, period, band and so on.
    step
        Number of origins of a part, see `origins_a_part`.
    """

    linked: LinkedPoints
    ids: tuple[str, ...]
    limit_secs: float
    labels: Mapping[str, str]
    step: int

    @cached_property
    def parts(self) -> tuple[MatrixPart, ...]:
        """All parts, in the order of the points."""
        starts = range(0, self.linked.count, self.step)
        ends = (min(start + self.step, self.linked.count) for start in starts)
        pairs = zip(starts, ends, strict=True)
        return tuple(MatrixPart(number, *ends) for number, ends in enumerate(pairs))

    @cached_property
    def key(self) -> str:
        """A hash of everything on which the bytes of the parts depend."""
        graph = self.linked.graph
        digest = hashlib.blake2b(digest_size=16)
        arrays = [graph.first, graph.heads, graph.costs]
        for connectors in (self.linked.access, self.linked.egress, self.linked.direct):
            arrays += [connectors.first, connectors.at, connectors.costs]
        for array in arrays:
            digest.update(f"{array.dtype} {array.size} ".encode())
            digest.update(np.ascontiguousarray(array).data)
        if self.linked.timed is not None:
            digest.update(self.linked.timed.digest())
        values = (graph.streets, graph.scale.longest, self.limit_secs, self.step, self.ids)
        made_by = (LAYOUT, sorted(package_versions().items()), sorted(self.labels.items()))
        digest.update(repr((values, made_by)).encode())
        return digest.hexdigest()

    def prepare(self, parts: tuple[MatrixPart, ...]) -> None:
        """Build the hierarchy if it pays for these parts together."""
        origins = [np.arange(part.first, part.last) for part in parts]
        prepare(self.linked, limit=self.limit_secs, origins=np.concatenate(origins))

    def _units(self, part: MatrixPart) -> np.ndarray:
        """Units from the part's origins to all points; `FAR` from a point to itself."""
        origins = np.arange(part.first, part.last)
        units = np.empty((len(origins), self.linked.count), np.int32)

        def visit(positions: np.ndarray, block: np.ndarray) -> None:
            units[positions] = block.T

        visit_times(self.linked, visit, limit=self.limit_secs, origins=origins)
        units[origins - part.first, origins] = FAR
        return units

    def _tables(self, part: MatrixPart, units: np.ndarray) -> Iterator[pa.Table]:
        """The pairs of the part, some origins at a time; each table is valid until the next one."""
        size = max(GROUP_PAIRS // self.linked.count, 1)
        capacity = min(size, len(units)) * self.linked.count
        columns = np.empty(capacity, np.int32), np.empty(capacity, np.int32), np.empty(capacity)
        for at in range(0, len(units), size):
            block = units[at : at + size]
            count = _pairs(block, self.linked.graph.scale.per_sec, columns)
            rows, places, secs = (column[:count] for column in columns)
            origin_ids = self._ids[part.first + at : part.first + at + len(block)]
            ends = (
                pa.DictionaryArray.from_arrays(rows, origin_ids),
                pa.DictionaryArray.from_arrays(places, self._ids),
            )
            yield pa.table([*ends, secs], names=MATRIX_COLUMNS)

    @cached_property
    def _ids(self) -> pa.Array:
        return pa.array(self.ids, pa.string())

    def _metadata(self, part: MatrixPart, pairs: int, missing: int) -> dict[str, str]:
        """Metadata of a part's file."""
        numbers = {
            "limit_secs": self.limit_secs,
            "unit": "seconds",
            "part": part.number,
            "parts": len(self.parts),
            "first_origin": part.first,
            "origins": part.last - part.first,
            "destinations": self.linked.count,
            "pairs": pairs,
            "missing": missing,
            "key": self.key,
        }
        return {**self.labels, **{name: str(value) for name, value in numbers.items()}}

    def part_file(self, part: MatrixPart) -> PartFile:
        """Compute a part.

        Returns
        -------
        PartFile
            A Parquet file with `MATRIX_COLUMNS`: ids as dictionaries of strings, seconds as float64
            exactly as in all other tables. Pairs are in the order of the points, origins first;
            pairs that are not reached within the limit, and pairs of a point with itself, have no
            row; only the former count as missing.
        """
        units = self._units(part)
        pairs = int(np.count_nonzero(units != FAR))
        missing = len(units) * (self.linked.count - 1) - pairs
        schema = SCHEMA.with_metadata(self._metadata(part, pairs, missing))
        sink = pa.BufferOutputStream()
        with pq.ParquetWriter(sink, schema, **WRITE_OPTIONS) as writer:
            for table in self._tables(part, units):
                writer.write_table(table.cast(schema))
        return PartFile(sink.getvalue().to_pybytes(), pairs, missing)
