"""A matrix as a folder of Parquet files: what is there already stays, what is missing is made."""

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
"""Written when every part is there. Readers of Parquet folders pass over names with `_`."""
MAKERS_AT_ONCE = 4
"""Parts that are made at the same time, at most: they bound the memory."""

Tick = Callable[[int], None]
"""Called with the number of origins that are newly done."""


def put(folder: Path, name: str, content: bytes) -> None:
    """Write a file whole or not at all, even if somebody else writes the same one just now."""
    temporary = folder / f".{name}.{uuid.uuid4().hex}"
    try:
        temporary.write_bytes(content)
        temporary.replace(folder / name)
    finally:
        temporary.unlink(missing_ok=True)


def _counts(path: Path, key: str) -> dict[str, int] | None:
    """The counts of a part that is done; None if it is none, or of another matrix."""
    try:
        about = pq.read_metadata(path).metadata or {}
    except (OSError, pa.ArrowInvalid):
        return None
    if about.get(b"key", b"").decode() != key:
        return None
    return {name: int(about[name.encode()]) for name in PART_COLUMNS}


class MatrixFolder:
    """The folder in which a matrix is kept.

    Parameters
    ----------
    matrix
        What is to be there.
    path
        Made if need be. Its files `part-*.parquet` belong to the matrix: those of another one are
        removed as soon as the folder is `opened`.
    tick
        Called with the number of origins that are newly done.
    """

    def __init__(self, matrix: Matrix, path: Path, tick: Tick = lambda _: None) -> None:
        self.matrix, self.path = matrix, path
        self._tick = tick
        self._done: dict[int, dict[str, int]] = {}

    @property
    def open_parts(self) -> tuple[MatrixPart, ...]:
        """The parts that are still to be made."""
        return tuple(part for part in self.matrix.parts if part.number not in self._done)

    @contextmanager
    def opened(self) -> Iterator[None]:
        """Find out what is done; when the block ends well with all parts done, say so."""
        self.path.mkdir(parents=True, exist_ok=True)
        self._clear()
        yield
        for left in self.path.glob(".part-*"):
            left.unlink(missing_ok=True)
        self._write_summary()

    def _clear(self) -> None:
        """Keep the parts of this matrix; remove those of others."""
        (self.path / SUMMARY).unlink(missing_ok=True)
        wanted = {part.name: part for part in self.matrix.parts}
        for path in sorted(self.path.glob("part-*.parquet")):
            counts = _counts(path, self.matrix.key)
            if path.name in wanted and counts is not None:
                self._note(wanted[path.name], counts)
            else:
                path.unlink()

    def _note(self, part: MatrixPart, counts: dict[str, int]) -> None:
        self._done[part.number] = counts
        self._tick(part.last - part.first)

    def note(self, part: MatrixPart, pairs: int, missing: int) -> None:
        """A part is in the folder now."""
        values = (part.number, part.first, part.last - part.first, pairs, missing)
        self._note(part, dict(zip(PART_COLUMNS, values, strict=True)))

    @property
    def table(self) -> pd.DataFrame:
        """`PART_COLUMNS`, one row a part that is done: pairs reached, and pairs without a row."""
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
    holds parts of the same matrix already, because a run was broken off, they are kept.

    Parameters
    ----------
    matrix
        Times between all points.
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
        made = matrix.part_file(part)
        put(path, part.name, made.content)
        return part, made.pairs, made.missing

    with folder.opened():
        wanted = folder.open_parts
        if wanted:
            matrix.prepare(wanted)
        pool = ThreadPoolExecutor(min(os.cpu_count() or 1, MAKERS_AT_ONCE))
        try:
            for done in as_completed([pool.submit(make, part) for part in wanted]):
                folder.note(*done.result())
        finally:
            pool.shutdown(cancel_futures=True)
    return folder.table
