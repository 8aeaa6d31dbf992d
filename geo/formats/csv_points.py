"""Points from tables (CSV), a row a point."""

from __future__ import annotations

import math
from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Any

from geo.datums import Datum
from geo.faults import Fault
from geo.fields import Field, column_faults, parsed_text
from geo.formats.encodings import read_rows_of_text

PLACE_COLUMNS = (
    ("lon", "lat"),
    ("lng", "lat"),
    ("longitude", "latitude"),
    ("经度", "纬度"),
    ("x", "y"),
    ("location",),
    ("经纬度",),
)
"""The first that a table has says where its points are: x is east, y is north, and a single one
holds longitude and latitude, joined by a comma, as AMap's answers do."""
ALLOWED = "; ".join(", ".join(names) for names in PLACE_COLUMNS)
_NUMBER = Field("", "number")
_XY_PARTS = 2

Features = list[dict[str, Any]]


def _place_columns(head: Sequence[str]) -> tuple[str, ...] | None:
    return next((names for names in PLACE_COLUMNS if set(names) <= set(head)), None)


def _head_faults(head: Sequence[str], datum: Datum, file: str) -> list[Fault]:
    """Columns that are there twice, or do not say where points are."""
    twice = sorted({name for name in head if name and head.count(name) > 1})
    faults = [
        Fault(file, "row 1", "id-duplicate", f"column {name!r} stands twice", "once")
        for name in twice
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
    """A point of two numbers, in two cells or in one; None if they are none."""
    numbers = [parsed_text(text, _NUMBER) for cell in cells for text in cell.split(",")]
    sound = all(isinstance(number, float) and math.isfinite(number) for number in numbers)
    if not sound or len(numbers) != _XY_PARTS:
        return None
    return {"type": "Point", "coordinates": numbers}


def _feature(
    row: Mapping[str, str], places: tuple[str, ...], fields: Mapping[str, Field]
) -> dict[str, Any]:
    """A row as a feature; cells without text are not there."""
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
    """The points of a table as GeoJSON features, coordinates as they stand, not yet checked.

    Parameters
    ----------
    path
        CSV with a head, UTF-8 or GB18030, and one of `PLACE_COLUMNS`.
    fields
        What its columns mean; None if they may be what they like: numbers where they can be.
    datum
        As declared: `x` and `y` need one.

    Returns
    -------
    list of dict
        None of them if a row has more cells with text than the head.
    list of Fault
        What is wrong with the table; the head is row 1.
    """
    rows, faults = read_rows_of_text(path)
    if rows is None:
        return [], faults
    head = [name.strip() for name in rows[0]] if rows else []
    wrong = _head_faults(head, datum, path.name)
    places = _place_columns(head)
    if wrong or places is None:
        return [], faults + wrong
    known = {field.name: field for field in fields or ()}
    named = [name for name in head if name and name not in places]
    wrong += column_faults(named, fields, path.name) if fields is not None else []
    features = []
    for number, cells in enumerate(rows[1:], start=2):
        texts = [cell.strip() for cell in cells]
        if any(texts[len(head) :]):
            message, allowed = f"it has {len(texts)} cells", f"{len(head)} cells"
            wrong.append(Fault(path.name, f"row {number}", "value-wrong-type", message, allowed))
        row = dict(zip(head, [*texts, *[""] * len(head)], strict=False))
        row.pop("", None)
        if any(texts):
            kept = {n: t for n, t in row.items() if fields is None or n in known or n in places}
            features.append(_feature(kept, places, known))
    if not features:
        wrong.append(Fault(path.name, "", "file-empty", "it has no row", "one or more rows"))
    return features, faults + wrong
