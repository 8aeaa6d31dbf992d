"""Columns of a file: what they may hold, and the check of every value."""

from __future__ import annotations

import datetime as dt
import difflib
import math
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any, Literal

from geo.faults import Fault, shown

Kind = Literal["text", "number", "whole", "yes_no", "list", "date", "any"]
Items = Literal["text", "number", "any"]

_TYPES: dict[str, tuple[type, ...]] = {
    "text": (str,),
    "number": (int, float),
    "whole": (int,),
    "yes_no": (bool,),
    "list": (list,),
    "date": (dt.date, str),
    "any": (object,),
}


YES_NO = {"true": True, "yes": True, "1": True, "false": False, "no": False, "0": False}


@dataclass(frozen=True)
class Field:
    """One column of a file: its name, kind, range and default.

    Attributes
    ----------
    name
        Column name.
    kind
        `text`, `number`, `whole`, `yes_no`, `list`, `date` (a day, or YYYY-MM-DD) or `any`.
    required
        Whether a feature without it, or with null, is a fault.
    low, high
        Allowed range of a number, both ends included.
    choices
        Allowed texts.
    items
        What a list holds.
    default
        Value where the column is absent or null.
    """

    name: str
    kind: Kind = "text"
    required: bool = False
    low: float = float("-inf")
    high: float = float("inf")
    choices: tuple[str, ...] = ()
    default: Any = None
    items: Items = "any"

    @property
    def allowed(self) -> str:
        """The allowed values as text, for messages."""
        if self.choices:
            return ", ".join(self.choices)
        if self.kind in ("number", "whole") and (self.low > float("-inf")):
            return f"{self.low:g} to {self.high:g}"
        if self.kind == "list":
            return "list" if self.items == "any" else f"list of {self.items}"
        return "YYYY-MM-DD" if self.kind == "date" else self.kind.replace("_", " or ")


def _is_kind(value: Any, kind: str) -> bool:
    if isinstance(value, bool) and kind in ("number", "whole"):
        return False
    if kind == "date" and isinstance(value, str):
        try:
            dt.date.fromisoformat(value)
        except ValueError:
            return False
    return isinstance(value, _TYPES[kind])


def _value_code(field: Field, value: Any) -> str | None:
    """The fault code of a value; None if the value is allowed."""
    if not _is_kind(value, field.kind):
        return "value-wrong-type"
    if field.kind == "list" and not all(_is_kind(item, field.items) for item in value):
        return "value-wrong-type"
    if isinstance(value, int | float) and not (
        field.low <= value <= field.high and (isinstance(value, int) or math.isfinite(value))
    ):
        return "value-out-of-range"
    return "value-unknown" if field.choices and value not in field.choices else None


def _value_fault(field: Field, value: Any, file: str, feature: str) -> list[Fault]:
    code = _value_code(field, value)
    if code is None:
        return []
    close = difflib.get_close_matches(str(value), field.choices, n=1) if field.choices else []
    hint = f"did you mean {close[0]}?" if close else ""
    message = f"{field.name} is {shown(value)}"
    return [Fault(file, feature, code, message, field.allowed, value=value, hint=hint)]


def unknown_key_fault(
    key: str, names: Sequence[str], file: str, feature: str, *, value: Any = None
) -> Fault:
    """The fault of an unknown key or column; the most similar known name is suggested.

    Examples
    --------
    >>> print(unknown_key_fault("lane", ["lanes"], "roads.geojson", "A1"))
    error key-unknown roads.geojson A1: unknown key 'lane' (allowed: did you mean lanes?)
    """
    close = difflib.get_close_matches(key, names, n=1)
    allowed = f"did you mean {close[0]}?" if close else "see docs/data-format.md"
    hint = f"rename it to {close[0]}" if close else ""
    message = f"unknown key {shown(key)}"
    return Fault(file, feature, "key-unknown", message, allowed, value=value, hint=hint)


def _missing_fault(
    field: Field, record: Mapping[str, Any], known: Sequence[str], where: tuple[str, str]
) -> Fault:
    """The fault of a missing required key; a similar unknown key is suggested."""
    others = [str(key) for key in record if key not in known]
    close = difflib.get_close_matches(field.name, others, n=1)
    hint = f"{close[0]!r} is there: did you mean {field.name}?" if close else ""
    return Fault(*where, "key-missing", f"{field.name} is missing", field.allowed, hint=hint)


def checked_record(
    record: Mapping[str, Any], fields: Sequence[Field], file: str, feature: str
) -> tuple[dict[str, Any], list[Fault]]:
    """The record with defaults filled in, and all its faults.

    A value of the wrong type is replaced by the default, so callers can rely on the types.

    Examples
    --------
    >>> lanes = Field("lanes", "whole", low=1, high=16, default=2)
    >>> checked_record({}, [lanes], "roads.geojson", "A1")
    ({'lanes': 2}, [])
    >>> _, faults = checked_record({"lane": 4}, [lanes], "roads.geojson", "A1")
    >>> print(faults[0])
    error key-unknown roads.geojson A1: unknown key 'lane' (allowed: did you mean lanes?)
    """
    known = [field.name for field in fields]
    faults = [
        unknown_key_fault(str(key), known, file, feature, value=value)
        for key, value in record.items()
        if key not in known
    ]
    values: dict[str, Any] = {}
    for field in fields:
        value = record.get(field.name)
        values[field.name] = field.default if value is None else value
        if value is not None:
            value_faults = _value_fault(field, value, file, feature)
            if any(fault.code == "value-wrong-type" for fault in value_faults):
                values[field.name] = field.default
            faults += value_faults
        elif field.required:
            faults.append(_missing_fault(field, record, known, (file, feature)))
    return values, faults


def parsed_text(text: str, field: Field) -> Any:
    """The value of a table cell; the text itself if it cannot be read as the field's kind.

    Examples
    --------
    >>> whole, flag = Field("lanes", "whole"), Field("existing", "yes_no")
    >>> parsed_text("3.0", whole), parsed_text("3.5", whole), parsed_text("Yes", flag)
    (3, 3.5, True)
    """
    if field.kind == "yes_no":
        return YES_NO.get(text.lower(), text)
    if field.kind not in ("number", "whole"):
        return text
    try:
        number = float(text)
    except ValueError:
        return text
    return int(number) if field.kind == "whole" and number.is_integer() else number


def column_faults(names: Sequence[str], fields: Sequence[Field], file: str) -> list[Fault]:
    """Faults of the unknown columns of a table: one a column, not one a row.

    Examples
    --------
    >>> [fault.allowed for fault in column_faults(["lane"], [Field("lanes")], "roads.csv")]
    ['did you mean lanes?']
    """
    known = [field.name for field in fields]
    return [unknown_key_fault(name, known, file, "") for name in names if name not in known]
