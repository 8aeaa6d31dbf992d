"""Points from CSV tables, one row a point."""

from __future__ import annotations

import math
from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Any

from geo.datums import Datum
from geo.faults import Fault
from geo.fields import Field, column_faults, parsed_text
from geo.formats.encodings import read_csv_rows

PLACE_COLUMNS = (
    ("lon", "lat"),
    ("lng", "lat"),
    ("longitude", "latitude"),
    ("经度", "纬度"),
    ("x", "y"),
    ("location",),
    ("经纬度",),
)
"""Names of coordinate columns; the first that a table has are used. x is east, y is north; a single
column holds longitude and latitude separated by a comma, as in the responses of AMap."""
ALLOWED = "; ".join(", ".join(names) for names in PLACE_COLUMNS)
_NUMBER = Field("", "number")
_XY_PARTS = 2

Features = list[dict[str, Any]]


def _place_columns(head: Sequence[str]) -> tuple[str, ...] | None:
    return next((names for names in PLACE_COLUMNS if set(names) <= set(head)), None)


def _head_faults(head: Sequence[str], datum: Datum, file: str) -> list[Fault]:
    """Faults of a head with repeated columns, or without usable coordinate columns."""
    repeated = sorted({name for name in head if name and head.count(name) > 1})
    faults = [
        Fault(file, "row 1", "id-duplicate", f"column {name!r} stands twice", "once")
        for name in repeated
    ]
    names = _place_columns(head)
    if names is None:
        message = "no columns say where its points are"
        faults.append(Fault(file, "row 1", "column-missing", message, ALLOWED))
    elif names == ("x", "y") and datum is None:
        message, allowed = "x and y are of an unknown system", "its datum in [datums]"
        faults.append(Fault(file, "row 1", "crs-missing", message, allowed))
    return faults


def _geometry(cells: Sequence[str]) -> dict[str, Any] | None:
    """A point from two numbers, in two cells or in one; None if there are no two numbers."""
    numbers = [parsed_text(text, _NUMBER) for cell in cells for text in cell.split(",")]
    finite = all(isinstance(number, float) and math.isfinite(number) for number in numbers)
    if not finite or len(numbers) != _XY_PARTS:
        return None
    return {"type": "Point", "coordinates": numbers}


def _feature(
    row: Mapping[str, str], places: tuple[str, ...], fields: Mapping[str, Field]
) -> dict[str, Any]:
    """A row as a feature; empty cells are absent properties."""
    properties = {
        name: parsed_text(text, fields.get(name, _NUMBER))
        for name, text in row.items()
        if name not in places and text
    }
    geometry = _geometry([row[name] for name in places])
    return {"type": "Feature", "properties": properties, "geometry": geometry}


def read_point_table(
    path: Path, fields: Sequence[Field] | None, datum: Datum
) -> tuple[Features, list[Fault]]:
    """The points of a table as GeoJSON features, in their own datum, not yet checked.

    Parameters
    ----------
    path
        CSV with a head, UTF-8 or GB18030, with one of `PLACE_COLUMNS`.
    fields
        The allowed columns; None for any columns, read as numbers where possible.
    datum
        The declared datum; columns `x` and `y` need one.

    Returns
    -------
    list of dict
        The rows with text.
    list of Fault
        Faults of the table; the head is row 1. A row with more cells than the head is a fault.
    """
    rows, faults = read_csv_rows(path)
    if rows is None:
        return [], faults
    head = [name.strip() for name in rows[0]] if rows else []
    table_faults = _head_faults(head, datum, path.name)
    places = _place_columns(head)
    if table_faults or places is None:
        return [], faults + table_faults
    known = {field.name: field for field in fields or ()}
    columns = [name for name in head if name and name not in places]
    table_faults += column_faults(columns, fields, path.name) if fields is not None else []
    features = []
    for number, cells in enumerate(rows[1:], start=2):
        texts = [cell.strip() for cell in cells]
        if any(texts[len(head) :]):
            message, allowed = f"it has {len(texts)} cells", f"{len(head)} cells"
            table_faults.append(
                Fault(path.name, f"row {number}", "value-wrong-type", message, allowed)
            )
        row = dict(zip(head, [*texts, *[""] * len(head)], strict=False))
        row.pop("", None)
        if any(texts):
            known_cells = {
                n: t for n, t in row.items() if fields is None or n in known or n in places
            }
            features.append(_feature(known_cells, places, known))
    if not features:
        table_faults.append(Fault(path.name, "", "file-empty", "it has no row", "one or more rows"))
    return features, faults + table_faults
