"""The check of every cell of a GTFS table."""

from __future__ import annotations

import re
from collections.abc import Iterable
from dataclasses import replace
from typing import Any

import numpy as np
import pandas as pd

from geo.faults import Fault
from layers.gtfs.tables.columns import COLUMNS, LONG, UNIQUE, Column, Kind

MOST_FAULTS = 20
"""Faults of one kind in one column that are listed; the rest are counted."""
TIME = re.compile(r"(\d{1,3}):([0-5]?\d):([0-5]?\d)\Z")


def _times(texts: pd.Series) -> pd.Series:
    """Seconds after midnight; NaN for invalid times."""
    secs = [
        int(clock[1]) * 3_600 + int(clock[2]) * 60 + int(clock[3]) if clock else np.nan
        for clock in map(TIME.match, texts)
    ]
    return pd.Series(secs, index=texts.index, dtype=float)


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


def limited(faults: Iterable[Fault], file: str, *, count: int | None = None) -> list[Fault]:
    """The first `MOST_FAULTS` faults of one kind, and one that counts the rest.

    Parameters
    ----------
    faults
        All of them, or the first more than `MOST_FAULTS`.
    file
        Where they are.
    count
        How many there are in all, if not all are given.

    Examples
    --------
    >>> many = [Fault("a.txt", f"#{n}", "id-unknown", "stop") for n in range(25)]
    >>> short = limited(many, "a.txt")
    >>> len(short), print(short[-1])
    error id-unknown a.txt: and 5 more
    (21, None)
    """
    listed = list(faults)
    extra = (len(listed) if count is None else count) - MOST_FAULTS
    if extra <= 0:
        return listed
    last = listed[0]
    rest = Fault(file, "", last.code, f"and {extra} more", last.allowed, last.severity)
    return [*listed[:MOST_FAULTS], rest]


def row_faults(
    table: pd.DataFrame, is_wrong: pd.Series, say: Fault, *, told: str = ""
) -> list[Fault]:
    """Warnings of the wrong rows of a table, each as `say` with the row's name.

    Parameters
    ----------
    table
        As `checked_table` returns it.
    is_wrong
        The rows.
    say
        File, code, message and allowed value; `{}` in the message is the cell of `told`.
    told
        A column whose cell the message quotes.
    """
    wrong = table[is_wrong.to_numpy(dtype=bool)]
    first = wrong.head(MOST_FAULTS + 1)
    cells = first[told] if told else first["row"]
    key = first[next(name for name in first.columns if name not in ("row", "sound"))]
    faults = [
        replace(
            say,
            feature=row_name(name, row),
            message=say.message.format(f"{cell:g}" if isinstance(cell, float) else repr(cell)),
            severity="warning",
        )
        for name, row, cell in zip(key, first["row"], cells, strict=True)
    ]
    return limited(faults, say.file, count=len(wrong))


def _distinct(raw: pd.Series) -> tuple[np.ndarray, pd.Series]:
    """The number of each cell's text, and the distinct texts without spaces around them."""
    # cells that a short row lacks have the code -1: they are the empty text at the end
    codes, found = pd.factorize(raw)
    texts = [text.strip() for text in found.to_numpy(dtype=object)]
    numbers, distinct = pd.factorize(np.array([*texts, ""], dtype=object))
    return numbers[codes], pd.Series(distinct, dtype=object)


def _cells(
    raw: pd.Series, column: Column, *, as_category: bool
) -> tuple[Any, dict[str, np.ndarray]]:
    """The values of a column, and masks of its invalid cells by fault code.

    Distinct texts are checked once: columns of stop times have millions of repeated texts.
    """
    codes, texts = _distinct(raw)
    values = _values(texts, column.kind)
    empty = texts == ""
    out_of_range = pd.Series(False, index=texts.index)  # noqa: FBT003
    if column.kind in ("number", "whole"):
        out_of_range = values.notna() & ~values.between(column.low, column.high)
    kinds = {
        "key-missing": empty & column.required,
        "value-wrong-type": values.isna() & ~empty,
        "value-out-of-range": out_of_range,
    }
    cells = {kind: mask.to_numpy(dtype=bool)[codes] for kind, mask in kinds.items() if mask.any()}
    if as_category and column.kind == "text":
        return pd.Categorical.from_codes(codes, categories=pd.Index(texts, dtype=object)), cells
    return values.to_numpy()[codes], cells


def _cell_fault(file: str, code: str, column: Column, row: tuple[Any, int, Any]) -> Fault:
    """The fault of one cell; `row` is the key and the number of its row, and the cell."""
    key, number, value = row
    text = "missing" if code == "key-missing" else repr(str(value))
    message = f"{column.name} is {text}"
    return Fault(file, row_name(key, number), code, message, column.allowed, "warning")


def checked_table(frame: pd.DataFrame, name: str, file: str) -> tuple[pd.DataFrame, list[Fault]]:
    """A table with its columns as numbers, seconds and texts, and the faults of all cells.

    Parameters
    ----------
    frame
        The table as texts; its index counts the rows of the file.
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
        Errors for columns that do not exist; warnings for cells, whose rows are left out.
    """
    table = pd.DataFrame({"row": frame.index.to_numpy() + 2, "sound": True})
    key, faults = COLUMNS[name][0].name, []
    for column in COLUMNS[name]:
        is_there = column.name in frame
        if not is_there and column.required:
            message = f"there is no column {column.name!r}"
            faults.append(Fault(file, "", "column-missing", message, column.allowed))
            table["sound"] = False
        raw = frame[column.name] if is_there else pd.Series("", index=frame.index, dtype=object)
        table[column.name], invalid = _cells(raw, column, as_category=name in LONG)
        for code, mask in invalid.items() if is_there else ():
            table.loc[mask, "sound"] = False
            wrong = np.flatnonzero(mask)[: MOST_FAULTS + 1]
            rows = zip(
                table[key].iloc[wrong], table["row"].iloc[wrong], raw.iloc[wrong], strict=True
            )
            found = [_cell_fault(file, code, column, row) for row in rows]
            faults += limited(found, file, count=int(mask.sum()))
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
    return row_faults(table, is_repeated, Fault(file, "", "id-duplicate", f"a second {key}"))
