"""A matrix as a folder of Parquet files: existing parts are kept, missing parts are computed."""

from __future__ import annotations

import json
import os
import uuid
from collections.abc import Callable, Iterator
from concurrent.futures import ThreadPoolExecutor, as_completed
from contextlib import contextmanager
from pathlib import Path

import pandas as pd
import pyarrow as pa
import pyarrow.parquet as pq

from analysis.od_matrix.matrix import Matrix, MatrixPart
from geo.files import write_text

PART_COLUMNS = ("part", "first_origin", "origins", "pairs", "missing")
SUMMARY = "_matrix.json"
"""Written when all parts are there. Readers of Parquet folders ignore names with `_`."""
PARTS_AT_ONCE = 4
"""Largest number of parts computed at the same time, which limits the memory."""

Tick = Callable[[int], None]
"""Called with the number of origins that are newly done."""


def write_file(folder: Path, name: str, content: bytes) -> None:
    """Write a file atomically, even if another process writes the same one at the same time."""
    temporary = folder / f".{name}.{uuid.uuid4().hex}"
    try:
        temporary.write_bytes(content)
        temporary.replace(folder / name)
    finally:
        temporary.unlink(missing_ok=True)


def _counts(path: Path, key: str) -> dict[str, int] | None:
    """The counts of a finished part; None if the file is damaged or of another matrix."""
    try:
        about = pq.read_metadata(path).metadata or {}
    except (OSError, pa.ArrowInvalid):
        return None
    if about.get(b"key", b"").decode() != key:
        return None
    return {name: int(about[name.encode()]) for name in PART_COLUMNS}


class MatrixFolder:
    """The folder of a matrix.

    Parameters
    ----------
    matrix
        The matrix to store.
    path
        Created if missing. Files `part-*.parquet` of another matrix are removed as soon as the
        folder is `opened`.
    tick
        Called with the number of origins that are newly done.
    """

    def __init__(self, matrix: Matrix, path: Path, tick: Tick = lambda _: None) -> None:
        self.matrix, self.path = matrix, path
        self._tick = tick
        self._done: dict[int, dict[str, int]] = {}

    @property
    def open_parts(self) -> tuple[MatrixPart, ...]:
        """The parts that are not yet done."""
        return tuple(part for part in self.matrix.parts if part.number not in self._done)

    @contextmanager
    def opened(self) -> Iterator[None]:
        """Find the finished parts; write the summary when the block ends without an error."""
        self.path.mkdir(parents=True, exist_ok=True)
        self._clear()
        yield
        for leftover in self.path.glob(".part-*"):
            leftover.unlink(missing_ok=True)
        self._write_summary()

    def _clear(self) -> None:
        """Keep the parts of this matrix; remove those of other matrices."""
        (self.path / SUMMARY).unlink(missing_ok=True)
        parts = {part.name: part for part in self.matrix.parts}
        for path in sorted(self.path.glob("part-*.parquet")):
            counts = _counts(path, self.matrix.key)
            if path.name in parts and counts is not None:
                self._note(parts[path.name], counts)
            else:
                path.unlink()

    def _note(self, part: MatrixPart, counts: dict[str, int]) -> None:
        self._done[part.number] = counts
        self._tick(part.last - part.first)

    def note(self, part: MatrixPart, pairs: int, missing: int) -> None:
        """Record that a part is in the folder."""
        values = (part.number, part.first, part.last - part.first, pairs, missing)
        self._note(part, dict(zip(PART_COLUMNS, values, strict=True)))

    @property
    def table(self) -> pd.DataFrame:
        """`PART_COLUMNS`, one row a finished part: pairs reached, and pairs without a row."""
        rows = [self._done[number] for number in sorted(self._done)]
        return pd.DataFrame.from_records(rows, columns=list(PART_COLUMNS))

    def _write_summary(self) -> None:
        matrix, table = self.matrix, self.table
        content = {
            **matrix.labels,
            "limit_secs": matrix.limit_secs,
            "unit": "seconds",
            "points": matrix.linked.count,
            "parts": len(table),
            "pairs": int(table["pairs"].sum()),
            "missing": int(table["missing"].sum()),
            "key": matrix.key,
        }
        text = json.dumps(content, ensure_ascii=False, indent=1)
        write_text(self.path / SUMMARY, text + "\n")


def write_matrix(matrix: Matrix, path: Path, tick: Tick = lambda _: None) -> pd.DataFrame:
    """Write a matrix as a folder of Parquet files, on this machine.

    The same matrix gives the same bytes. A part is written whole or not at all. If the folder
    already holds parts of the same matrix from an interrupted run, they are kept.

    Parameters
    ----------
    matrix
        The travel times between all points.
    path
        The folder, see `MatrixFolder`.
    tick
        Called with the number of origins that are newly done.

    Returns
    -------
    DataFrame
        `PART_COLUMNS`, one row a part.
    """
    folder = MatrixFolder(matrix, path, tick)

    def make(part: MatrixPart) -> tuple[MatrixPart, int, int]:
        file = matrix.part_file(part)
        write_file(path, part.name, file.content)
        return part, file.pairs, file.missing

    with folder.opened():
        open_parts = folder.open_parts
        if open_parts:
            matrix.prepare(open_parts)
        pool = ThreadPoolExecutor(min(os.cpu_count() or 1, PARTS_AT_ONCE))
        try:
            for done in as_completed([pool.submit(make, part) for part in open_parts]):
                folder.note(*done.result())
        finally:
            pool.shutdown(cancel_futures=True)
    return folder.table
