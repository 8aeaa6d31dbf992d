"""The tables of the feeds in a GTFS zip, checked cell by cell."""

from __future__ import annotations

import warnings
import zipfile
from collections.abc import Collection, Iterable
from dataclasses import dataclass, field
from pathlib import Path, PurePosixPath

import pandas as pd
from pandas.errors import ParserWarning

from geo.faults import Fault
from layers.gtfs.tables.cells import checked_table
from layers.gtfs.tables.columns import COLUMNS
from layers.gtfs.tables.on_demand import take_out_on_demand
from layers.gtfs.tables.zips import ALLOWED, NEEDED, UNPACKING, Members, members


@dataclass(frozen=True, eq=False)
class FeedTables:
    """The tables of one feed.

    Attributes
    ----------
    name
        The name of the zip; with the feed's folder if the zip holds several feeds.
    tables
        The existing tables of `layers.gtfs.tables.columns.COLUMNS`, as `checked_table` returns
        them; empty if the feed cannot be opened or lacks a required table.
    others
        The number of rows of the other tables, and of the filled cells of columns that are not
        read, by name.
    faults
        Faults in `<name>/<table>.txt`, by id and row.
    """

    name: str
    tables: dict[str, pd.DataFrame] = field(repr=False)
    others: dict[str, int]
    faults: list[Fault]


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


def _texts(archive: zipfile.ZipFile, info: zipfile.ZipInfo) -> pd.DataFrame:
    """A table as texts; cells beyond the head are dropped."""
    with archive.open(info) as file, warnings.catch_warnings():
        warnings.simplefilter("ignore", ParserWarning)
        table = pd.read_csv(
            file,
            dtype=str,
            keep_default_na=False,
            encoding="utf-8-sig",
            index_col=False,
            low_memory=False,
        )
    return table.rename(columns=str.strip)


def _raw_tables(
    archive: zipfile.ZipFile, infos: Members, file: str
) -> tuple[dict[str, pd.DataFrame], list[Fault]]:
    """The tables as texts, and faults of those that cannot be read; empty ones are left out."""
    tables: dict[str, pd.DataFrame] = {}
    faults = []
    for name, info in infos.items():
        if name not in COLUMNS:
            continue
        try:
            table = _texts(archive, info)
        except (ValueError, *UNPACKING) as error:
            where = f"{file}/{info.filename}"
            faults.append(Fault(where, "", "file-unreadable", str(error), ALLOWED))
            continue
        if len(table):
            tables[name] = table
    return tables, faults


def _row_counts(archive: zipfile.ZipFile, infos: Members) -> dict[str, int]:
    """The number of rows of tables that are not read; a broken one has none."""
    counts = {}
    for name, info in infos.items():
        if name in COLUMNS:
            continue
        try:
            with archive.open(info) as file:
                counts[name] = max(sum(1 for line in file if line.strip()) - 1, 0)
        except UNPACKING:
            continue
    return counts


def _filled_cells(raw: dict[str, pd.DataFrame], names: Iterable[tuple[str, str]]) -> dict[str, int]:
    """The number of rows in which a column says something: neither empty nor 0."""
    counts = {}
    for table, column in names:
        if table in raw and column in raw[table]:
            cells = raw[table][column]
            counts[column] = int((~cells.isin(["", "0"]) & cells.notna()).sum())
    return counts


UNUSED_CELLS = (
    *(("trips", "wheelchair_accessible"), ("trips", "bikes_allowed"), ("trips", "cars_allowed")),
    *(("routes", "continuous_pickup"), ("routes", "continuous_drop_off")),
    *(("stop_times", "continuous_pickup"), ("stop_times", "continuous_drop_off")),
    *(("stops", "wheelchair_boarding"), ("stops", "zone_id"), ("stops", "level_id")),
)
"""Columns of tables that are read, which say something that no result depends on."""


def _feed(path: Path, archive: zipfile.ZipFile, folder: str, infos: Members) -> FeedTables:
    name = f"{path.name}/{folder}" if folder else path.name
    raw, faults = _raw_tables(archive, infos, path.name)
    unreadable = {PurePosixPath(fault.file).stem for fault in faults}
    faults += _missing_faults({*unreadable, *raw}, name)
    others = {**_row_counts(archive, infos), **_filled_cells(raw, UNUSED_CELLS)}
    if "stop_times" in raw:
        file = f"{path.name}/{infos['stop_times'].filename}"
        faults += take_out_on_demand(raw, file)
    tables = {}
    for table_name in COLUMNS:
        if table_name in raw:
            file = f"{path.name}/{infos[table_name].filename}"
            tables[table_name], cell_faults = checked_table(raw[table_name], table_name, file)
            faults += cell_faults
    return FeedTables(name, {} if _missing_faults(tables, name) else tables, others, faults)


def read_feeds(path: Path) -> list[FeedTables]:
    """The feeds in a zip: one, or one for each folder that holds one.

    A zip that cannot be opened is one feed without tables, with its faults.
    """
    folders, faults = members(path)
    if faults:
        return [FeedTables(path.name, {}, {}, faults)]
    with zipfile.ZipFile(path) as archive:
        return [_feed(path, archive, folder, infos) for folder, infos in folders.items()]
