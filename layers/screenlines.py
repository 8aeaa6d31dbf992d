"""Screenlines: the ridges and rivers, and the peak volume that crosses each."""

from __future__ import annotations

import csv
from pathlib import Path
from typing import Any

import pandas as pd

from geo.faults import Fault
from geo.fields import Field, checked_record
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
    if not path.is_file():
        return pd.DataFrame(columns=list(VOLUME_COLUMNS)), [
            Fault(path.name, "", "file-missing", "there is no such file", path.name)
        ]
    records, faults = [], []
    with path.open(encoding="utf-8-sig", newline="") as file:
        for row in csv.DictReader(file):
            raw: dict[str, Any] = {k: v for k, v in row.items() if v != ""}
            raw["peak_volume"] = _number(row.get("peak_volume", ""))
            record, wrong = checked_record(
                raw, VOLUME_FIELDS, path.name, row.get("screenline_id", "")
            )
            faults += wrong
            if not wrong:
                records.append(record)
    return pd.DataFrame.from_records(records, columns=list(VOLUME_COLUMNS)), faults
