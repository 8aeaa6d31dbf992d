"""Reading of a table with one row a call at a stop, each cell checked."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from pathlib import Path
from typing import Any

from geo.faults import Fault
from geo.fields import Field, checked_record, parsed_text
from geo.formats.encodings import read_csv_rows
from layers.roads import CONFIDENCES
from layers.transit import BUS

FIELDS = (
    Field("route_id", required=True),
    Field("route_name", required=True),
    Field("stop_sequence", "whole", required=True, low=0, high=10_000),
    Field("stop_id", required=True),
    Field("stop_name", required=True),
    Field("lon", "number", low=-180, high=180),
    Field("lat", "number", low=-90, high=90),
    Field("hop_secs", "number", low=1, high=7_200),
    Field("headway_peak_secs", "number", low=30, high=14_400),
    Field("headway_offpeak_secs", "number", low=30, high=14_400),
    Field("route_type", "whole", low=0, high=1_799, default=BUS),
    Field("bidirectional", "yes_no", default=True),
    Field("line", default=""),
    Field("accuracy_m", "number", low=0, high=20_000, default=0.0),
    Field("source", default=""),
    Field("confidence", choices=CONFIDENCES, default="assumed"),
)
NEEDED = ("route_id", "route_name", "stop_sequence", "stop_id", "stop_name", "lon", "lat")

Row = dict[str, Any]
"""A valid row: the values of `FIELDS`, and `row`, its number in the file."""


def _head_faults(head: Sequence[str], file: str) -> list[Fault]:
    """Faults of missing, unknown and repeated columns."""
    missing = [name for name in NEEDED if name not in head]
    columns = {name: "" for name in head if name}
    _, unknown = checked_record(columns, [Field(f.name, "any") for f in FIELDS], file, "row 1")
    repeated = [name for name in columns if head.count(name) > 1]
    return [
        *(
            Fault(
                file, "row 1", "column-missing", f"there is no column {name!r}", ", ".join(NEEDED)
            )
            for name in missing
        ),
        *unknown,
        *(
            Fault(file, "row 1", "id-duplicate", f"column {name!r} stands twice", "once")
            for name in repeated
        ),
    ]


def _rows(
    lines: Iterable[list[str]], head: Sequence[str], file: str
) -> tuple[list[Row], list[Fault]]:
    """The valid rows, and the faults of all cells; empty rows are skipped."""
    fields = {field.name: field for field in FIELDS}
    rows, faults = [], []
    for number, cells in enumerate(lines, start=2):
        texts = [cell.strip() for cell in cells]
        if not any(texts):
            continue
        where = f"row {number}"
        raw = {
            name: parsed_text(text, fields[name])
            for name, text in zip(head, texts, strict=False)
            if text and name in fields
        }
        record, row_faults = checked_record(raw, FIELDS, file, where)
        if any(texts[len(head) :]):
            message = f"it has {len(texts)} cells"
            row_faults.append(Fault(file, where, "value-wrong-type", message, f"{len(head)} cells"))
        if (record["lon"] is None) != (record["lat"] is None):
            name = "lon" if record["lon"] is None else "lat"
            allowed = fields[name].allowed + ", or neither lon nor lat"
            row_faults.append(Fault(file, where, "key-missing", f"{name} is missing", allowed))
        faults += row_faults
        if not row_faults:
            rows.append(record | {"row": number})
    return rows, faults


def read_rows(path: Path) -> tuple[list[Row], list[Fault]]:
    """The valid rows of a table of calls, and all its faults."""
    file = path.name
    lines, file_faults = read_csv_rows(path)
    if lines is None:
        return [], file_faults
    head = [name.strip() for name in lines[0]] if lines else []
    faults = [*file_faults, *_head_faults(head, file)]
    if any(fault.code == "column-missing" for fault in faults):
        return [], faults
    rows, row_faults = _rows(lines[1:], head, file)
    if not rows and not row_faults:
        row_faults.append(Fault(file, "", "file-empty", "it has no row", "one or more rows"))
    return rows, faults + row_faults
