"""Screenlines: the ridges and rivers, and the peak volume that crosses each."""

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
"""Key of the cells beyond the head, which no column can have."""
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
    found, doubts = read_csv_rows(path)
    if found is None:
        return pd.DataFrame(columns=list(VOLUME_COLUMNS)), doubts
    head, *cells = found or [[]]
    rows = [_named(head, row) for row in cells if row]
    records, faults = [], [*doubts] if rows else [*doubts, _empty(path.name)]
    seen: set[str] = set()
    for number, row in enumerate(rows, start=2):
        name = row.get("screenline_id") or f"row {number}"
        record, wrong = _volume(row, path.name, name)
        if name in seen:
            wrong.append(Fault(path.name, name, "id-duplicate", "a second screenline_id"))
        seen.add(name)
        faults += wrong
        if not wrong:
            records.append(record)
    return pd.DataFrame.from_records(records, columns=list(VOLUME_COLUMNS)), faults


def _named(head: list[str], cells: list[str]) -> dict[str, Any]:
    """The cells of a row by column; those beyond the head together."""
    row: dict[str, Any] = dict(zip(head, cells, strict=False))
    return row | {BEYOND: cells[len(head) :]} if len(cells) > len(head) else row


def _empty(file: str) -> Fault:
    return Fault(file, "", "file-empty", "it has no row", "one or more rows")


def _volume(row: dict[str, Any], file: str, name: str) -> tuple[dict[str, Any], list[Fault]]:
    """One row, cells beyond the head told."""
    raw = {key: value for key, value in row.items() if value not in ("", None) and key != BEYOND}
    if "peak_volume" in raw:
        raw["peak_volume"] = _number(raw["peak_volume"])
    record, wrong = checked_record(raw, VOLUME_FIELDS, file, name)
    if BEYOND in row:
        message, allowed = f"it has {len(row[BEYOND])} cells more than the head", "as many"
        wrong.append(Fault(file, name, "value-wrong-type", message, allowed))
    return record, wrong
