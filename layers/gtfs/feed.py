"""Safe reading of a GTFS zip: its tables, and the faults of the zip and of all cells."""

from __future__ import annotations

import warnings
import zipfile
import zlib
from collections.abc import Collection, Mapping, Sequence
from pathlib import Path, PurePosixPath

import numpy as np
import pandas as pd
from pandas.errors import ParserWarning

from geo.faults import Fault, shown
from layers.gtfs.columns import COLUMNS, checked_table

NEEDED = ("stops", "routes", "trips", "stop_times")
MOST_BYTES = 700_000_000
"""Largest size of a table, and of all tables together, which take about 12 GB of memory."""
MOST_MEMBERS = 1_000
"""A zip with more files than this is refused."""
BOMB_BYTES, BOMB_RATIO = 50_000_000, 200
"""A file above this size with a higher compression ratio is refused, as a zip bomb."""
ALLOWED = "a GTFS feed: a zip of CSV tables in UTF-8"
UNPACKING = (
    *(zipfile.BadZipFile, zlib.error, EOFError, OSError, NotImplementedError),
    UnicodeDecodeError,
)
"""Exceptions of a broken zip; the last one if a file name is not UTF-8 although it is marked so."""


def _members(path: Path) -> tuple[dict[str, zipfile.ZipInfo], list[Fault]]:
    """The tables in the zip by name, and faults of files that must not be opened."""
    if not path.is_file():
        return {}, [Fault(path.name, "", "file-missing", "there is no such file", path.name)]
    try:
        with zipfile.ZipFile(path) as archive:
            infos = archive.infolist()
    except UNPACKING as error:
        return {}, [Fault(path.name, "", "file-unreadable", str(error), ALLOWED)]
    faults = [fault for info in infos for fault in _member_faults(info, path.name)]
    faults = faults or _archive_faults(infos, path.name)
    names = {PurePosixPath(info.filename): info for info in infos if not info.is_dir()}
    tables = {name.stem: info for name, info in names.items() if name.suffix == ".txt"}
    return tables, faults


def _archive_faults(infos: Sequence[zipfile.ZipInfo], file: str) -> list[Fault]:
    """A fault if the files are too large, or too many, in total."""
    size = sum(info.file_size for info in infos)
    if len(infos) <= MOST_MEMBERS and size <= MOST_BYTES:
        return []
    message = f"it unpacks to {len(infos)} files of {size / 1e6:.0f} MB"
    most = f"up to {MOST_MEMBERS} files of {MOST_BYTES / 1e6:.0f} MB together"
    return [Fault(file, "", "file-too-large", message, most, value=size)]


def _member_faults(info: zipfile.ZipInfo, file: str) -> list[Fault]:
    where = f"{file}/{info.filename}"
    parts = PurePosixPath(info.filename.replace("\\", "/"))
    if parts.is_absolute() or ".." in parts.parts or ":" in info.filename:
        message = f"{shown(info.filename)} leads out of its folder"
        return [Fault(file, "", "file-unsafe", message, "names of tables")]
    if info.flag_bits & 1:
        return [Fault(where, "", "file-unreadable", "it is encrypted", ALLOWED)]
    ratio = info.file_size / max(info.compress_size, 1)
    if info.file_size > MOST_BYTES or (info.file_size > BOMB_BYTES and ratio > BOMB_RATIO):
        message = f"it unpacks to {info.file_size / 1e6:.0f} MB, {ratio:.0f} times its size"
        most = f"up to {MOST_BYTES / 1e6:.0f} MB, and {BOMB_RATIO} times"
        return [Fault(where, "", "file-too-large", message, most)]
    return []


def _missing_faults(tables: Collection[str], file: str) -> list[Fault]:
    """Faults of missing tables that are required."""
    faults = [
        Fault(f"{file}/{name}.txt", "", "file-missing", "the feed has no such table", ALLOWED)
        for name in NEEDED
        if name not in tables
    ]
    if "calendar" not in tables and "calendar_dates" not in tables:
        message = "the feed has neither calendar.txt nor calendar_dates.txt"
        where = f"{file}/calendar.txt"
        faults.append(Fault(where, "", "file-missing", message, "one of the two"))
    return faults


def _read_at_once(path: Path) -> dict[str, pd.DataFrame] | None:
    """The tables as gtfs-kit reads them; None if it fails.

    It stops at the first cell that it cannot convert, and takes the first cell of a row as the
    index if all rows have one cell more than the head.
    """
    from gtfs_kit import read_feed  # noqa: PLC0415 - slow to load

    try:
        # integer overflow must be an error, not a warning
        with np.errstate(invalid="raise"):
            feed = read_feed(path, dist_units="m")
    except (ValueError, TypeError, ArithmeticError, *UNPACKING):
        return None
    tables = {name: getattr(feed, name) for name in COLUMNS}
    present = {name: table for name, table in tables.items() if table is not None}
    has_index = any(not isinstance(table.index, pd.RangeIndex) for table in present.values())
    return None if has_index else present


def _texts(archive: zipfile.ZipFile, info: zipfile.ZipInfo) -> pd.DataFrame:
    """A table as texts; cells beyond the head are dropped."""
    with archive.open(info) as file, warnings.catch_warnings():
        warnings.simplefilter("ignore", ParserWarning)
        return pd.read_csv(
            file, dtype=str, keep_default_na=False, encoding="utf-8-sig", index_col=False
        )


def _read_one_by_one(
    path: Path, members: Mapping[str, zipfile.ZipInfo]
) -> tuple[dict[str, pd.DataFrame], list[Fault]]:
    """The tables as texts, and faults of tables that cannot be read."""
    tables: dict[str, pd.DataFrame] = {}
    faults = []
    with zipfile.ZipFile(path) as archive:
        for name, info in members.items():
            if name not in COLUMNS:
                continue
            try:
                table = _texts(archive, info)
            except (ValueError, *UNPACKING) as error:
                where = f"{path.name}/{info.filename}"
                faults.append(Fault(where, "", "file-unreadable", str(error), ALLOWED))
                continue
            if len(table):
                tables[name] = table.rename(columns=str.strip)
    return tables, faults


def read_tables(path: Path) -> tuple[dict[str, pd.DataFrame], list[Fault]]:
    """The tables of a feed that are needed, checked cell by cell.

    Returns
    -------
    dict of DataFrame
        The existing tables of `layers.gtfs.columns.COLUMNS`, as `checked_table` returns them;
        empty if the zip cannot be opened or lacks a required table.
    list of Fault
        Faults in `<zip>/<table>.txt`, by id and row.
    """
    members, faults = _members(path)
    if faults:
        return {}, faults
    raw = _read_at_once(path)
    if raw is None:
        raw, faults = _read_one_by_one(path, members)
    unreadable = {PurePosixPath(fault.file).stem for fault in faults}
    faults += _missing_faults({*unreadable, *raw}, path.name)
    tables = {}
    for name in COLUMNS:
        if name in raw:
            table, cell_faults = checked_table(
                raw[name], name, f"{path.name}/{members[name].filename}"
            )
            tables[name] = table
            faults += cell_faults
    return ({} if _missing_faults(tables, path.name) else tables), faults
