"""Screenlines (ridges and rivers) and the peak traffic volume across each."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pandas as pd

from geo.faults import Fault
from geo.fields import Field, checked_record
from geo.formats.encodings import read_csv_rows
from layers.roads import CONFIDENCES

VOLUME_FIELDS = (
    Field("screenline_id", required=True),
    Field("name_zh", required=True),
    Field("name_en", default=""),
    Field("peak_volume", "number", required=True, low=0, high=1_000_000),
    Field("confidence", required=True, choices=CONFIDENCES),
    Field("source", default=""),
    Field("note", default=""),
)
BEYOND = "\0"
"""Key of the cells beyond the head; no column can have this name."""
VOLUME_COLUMNS = tuple(field.name for field in VOLUME_FIELDS)


def _number(text: str) -> Any:
    try:
        return float(text)
    except ValueError:
        return text


def read_screenlines(path: Path) -> tuple[pd.DataFrame, list[Fault]]:
    """Peak volumes by screenline, `VOLUME_COLUMNS`.

    `peak_volume` is passenger car units an hour in the busier direction.
    """
    table, file_faults = read_csv_rows(path)
    if table is None:
        return pd.DataFrame(columns=list(VOLUME_COLUMNS)), file_faults
    head, *cells = table or [[]]
    rows = [_by_column(head, row) for row in cells if row]
    records, faults = [], [*file_faults] if rows else [*file_faults, _empty_fault(path.name)]
    seen: set[str] = set()
    for number, row in enumerate(rows, start=2):
        name = row.get("screenline_id") or f"row {number}"
        record, row_faults = _checked_row(row, path.name, name)
        if name in seen:
            row_faults.append(Fault(path.name, name, "id-duplicate", "a second screenline_id"))
        seen.add(name)
        faults += row_faults
        if not row_faults:
            records.append(record)
    return pd.DataFrame.from_records(records, columns=list(VOLUME_COLUMNS)), faults


def _by_column(head: list[str], cells: list[str]) -> dict[str, Any]:
    """The cells of a row by column; cells beyond the head are under `BEYOND`."""
    row: dict[str, Any] = dict(zip(head, cells, strict=False))
    return row | {BEYOND: cells[len(head) :]} if len(cells) > len(head) else row


def _empty_fault(file: str) -> Fault:
    return Fault(file, "", "file-empty", "it has no row", "one or more rows")


def _checked_row(row: dict[str, Any], file: str, name: str) -> tuple[dict[str, Any], list[Fault]]:
    """The record of one row and its faults; cells beyond the head are a fault."""
    raw = {key: value for key, value in row.items() if value not in ("", None) and key != BEYOND}
    if "peak_volume" in raw:
        raw["peak_volume"] = _number(raw["peak_volume"])
    record, row_faults = checked_record(raw, VOLUME_FIELDS, file, name)
    if BEYOND in row:
        message, allowed = f"it has {len(row[BEYOND])} cells more than the head", "as many"
        row_faults.append(Fault(file, name, "value-wrong-type", message, allowed))
    return record, row_faults
