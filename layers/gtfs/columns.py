"""The columns of GTFS tables that are read, and the check of every cell."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from typing import Any, Literal

import numpy as np
import pandas as pd

from geo.faults import Fault

Kind = Literal["text", "number", "whole", "time", "date"]
MOST_FAULTS = 20
"""Faults of one kind in one column that are listed; the rest are counted."""
TIME = r"^(\d{1,3}):([0-5]?\d):([0-5]?\d)$"
WEEKDAYS = ("monday", "tuesday", "wednesday", "thursday", "friday")
KIND_TEXTS: Mapping[Kind, str] = {
    "text": "text",
    "number": "a number",
    "whole": "a whole number",
    "time": "HH:MM:SS",
    "date": "YYYYMMDD",
}


@dataclass(frozen=True)
class Column:
    """One column of a table, with the allowed values of its cells.

    Attributes
    ----------
    name
        The name in GTFS.
    kind
        `text`, `number`, `whole`, `time` (seconds after midnight once read) or `date`.
    required
        Whether the column must exist without empty cells.
    low, high
        Allowed range of a number, both ends included.
    """

    name: str
    kind: Kind = "text"
    required: bool = False
    low: float = float("-inf")
    high: float = float("inf")

    @property
    def allowed(self) -> str:
        """The allowed values as text, for messages."""
        if np.isfinite([self.low, self.high]).all():
            return f"{self.low:g} to {self.high:g}"
        return KIND_TEXTS[self.kind] + (f" from {self.low:g}" if np.isfinite(self.low) else "")


def _day(name: str) -> Column:
    return Column(name, "whole", required=True, low=0, high=1)


COLUMNS: Mapping[str, tuple[Column, ...]] = {
    "stops": (
        Column("stop_id", required=True),
        Column("stop_name"),
        Column("stop_lat", "number", low=-90, high=90),
        Column("stop_lon", "number", low=-180, high=180),
        Column("location_type", "whole", low=0, high=4),
    ),
    "routes": (
        Column("route_id", required=True),
        Column("route_short_name"),
        Column("route_long_name"),
        Column("route_type", "whole", required=True, low=0, high=1_799),
    ),
    "trips": (
        Column("trip_id", required=True),
        Column("route_id", required=True),
        Column("service_id", required=True),
        Column("direction_id", "whole", low=0, high=1),
        Column("shape_id"),
    ),
    "stop_times": (
        Column("trip_id", required=True),
        Column("stop_sequence", "whole", required=True, low=0),
        Column("stop_id", required=True),
        Column("arrival_time", "time"),
        Column("departure_time", "time"),
        Column("shape_dist_traveled", "number", low=0),
    ),
    "calendar": (
        Column("service_id", required=True),
        *map(_day, (*WEEKDAYS, "saturday", "sunday")),
        Column("start_date", "date", required=True),
        Column("end_date", "date", required=True),
    ),
    "calendar_dates": (
        Column("service_id", required=True),
        Column("date", "date", required=True),
        Column("exception_type", "whole", required=True, low=1, high=2),
    ),
    "frequencies": (
        Column("trip_id", required=True),
        Column("start_time", "time", required=True),
        Column("end_time", "time", required=True),
        Column("headway_secs", "whole", required=True, low=1, high=86_400),
    ),
    "shapes": (
        Column("shape_id", required=True),
        Column("shape_pt_lat", "number", required=True, low=-90, high=90),
        Column("shape_pt_lon", "number", required=True, low=-180, high=180),
        Column("shape_pt_sequence", "whole", required=True, low=0),
    ),
}
"""The columns that are read of each table; the first one identifies rows in messages."""
UNIQUE = ("stops", "routes", "trips", "calendar")
"""Tables whose first column is a unique key."""


def _times(texts: pd.Series) -> pd.Series:
    """Seconds after midnight; NaN for invalid times."""
    parts = texts.str.extract(TIME).astype(float)
    return parts[0] * 3_600 + parts[1] * 60 + parts[2]


def _values(texts: pd.Series, kind: Kind) -> pd.Series:
    """Texts converted to values; missing where they are invalid."""
    if kind == "text":
        return texts
    if kind == "time":
        return _times(texts)
    if kind == "date":
        days = pd.to_datetime(texts, format="%Y%m%d", errors="coerce")
        return texts.where(days.notna() & (texts.str.len() == len("YYYYMMDD")))
    numbers = pd.to_numeric(texts, errors="coerce").astype(float)
    finite = numbers.where(np.isfinite(numbers))
    return finite.where(finite % 1 == 0) if kind == "whole" else finite


def limited(faults: Iterable[Fault], file: str) -> list[Fault]:
    """The first `MOST_FAULTS` faults of one kind, and one that counts the rest.

    Examples
    --------
    >>> many = [Fault("a.txt", f"#{n}", "id-unknown", "stop") for n in range(25)]
    >>> short = limited(many, "a.txt")
    >>> len(short), print(short[-1])
    error id-unknown a.txt: and 5 more
    (21, None)
    """
    listed = list(faults)
    extra = len(listed) - MOST_FAULTS
    if extra <= 0:
        return listed
    last = listed[0]
    rest = Fault(file, "", last.code, f"and {extra} more", last.allowed, last.severity)
    return [*listed[:MOST_FAULTS], rest]


def _cells(raw: pd.Series, column: Column) -> tuple[pd.Series, dict[str, pd.Series]]:
    """The values of a column, and masks of its invalid cells by fault code.

    Distinct texts are checked once: columns of stop times have millions of repeated texts.
    """
    codes, distinct = pd.factorize(raw.astype("string").fillna("").str.strip())
    texts = pd.Series(distinct, dtype="string").astype(object)
    values = _values(texts.astype(str), column.kind)
    empty = texts == ""
    out_of_range = pd.Series(False, index=texts.index)  # noqa: FBT003
    if column.kind in ("number", "whole"):
        out_of_range = values.notna() & ~values.between(column.low, column.high)
    kinds = {
        "key-missing": empty & column.required,
        "value-wrong-type": values.isna() & ~empty,
        "value-out-of-range": out_of_range,
    }
    cells = {kind: mask.take(codes).set_axis(raw.index) for kind, mask in kinds.items()}
    return values.take(codes).set_axis(raw.index), cells


def _cell_fault(file: str, code: str, column: Column, row: tuple[Any, int, Any]) -> Fault:
    """The fault of one cell; `row` is the key and the number of its row, and the cell."""
    key, number, value = row
    text = "missing" if code == "key-missing" else repr(str(value))
    return Fault(file, row_name(key, number), code, f"{column.name} is {text}", column.allowed)


def checked_table(frame: pd.DataFrame, name: str, file: str) -> tuple[pd.DataFrame, list[Fault]]:
    """A table with its columns as numbers, seconds and texts, and the faults of all cells.

    Parameters
    ----------
    frame
        The table as read, with texts or numbers.
    name
        One of `COLUMNS`.
    file
        The name of the file in faults.

    Returns
    -------
    DataFrame
        The columns of `COLUMNS`, `row` (the line number in the file, the head is line 1) and
        `sound` (whether the row is valid).
    list of Fault
    """
    table = pd.DataFrame({"row": np.arange(len(frame)) + 2, "sound": True})
    frame = frame.reset_index(drop=True)
    key, faults = COLUMNS[name][0].name, []
    for column in COLUMNS[name]:
        if column.name not in frame and column.required:
            message = f"there is no column {column.name!r}"
            faults.append(Fault(file, "", "column-missing", message, column.allowed))
            table["sound"] = False
        blank = pd.Series("", index=frame.index, dtype=object)
        raw = frame.get(column.name, blank)
        table[column.name], cells = _cells(raw, column)
        invalid = {code: mask for code, mask in cells.items() if mask.any()}
        for code, mask in invalid.items() if column.name in frame else ():
            table.loc[mask, "sound"] = False
            rows = zip(table.loc[mask, key], table.loc[mask, "row"], raw[mask], strict=True)
            faults += limited([_cell_fault(file, code, column, row) for row in rows], file)
    return table, faults + (_duplicate_faults(table, key, file) if name in UNIQUE else [])


def row_name(key: object, row: int) -> str:
    """The name of a row in faults.

    Examples
    --------
    >>> row_name("S1", 2), row_name("", 3)
    ('S1 (row 2)', 'row 3')
    """
    return f"{key} (row {row})" if key else f"row {row}"


def _duplicate_faults(table: pd.DataFrame, key: str, file: str) -> list[Fault]:
    """Faults of repeated ids; the first row counts."""
    is_repeated = table[key].duplicated() & (table[key] != "")
    table.loc[is_repeated, "sound"] = False
    rows = zip(table.loc[is_repeated, key], table.loc[is_repeated, "row"], strict=True)
    return limited(
        [Fault(file, row_name(k, n), "id-duplicate", f"a second {key}") for k, n in rows], file
    )
