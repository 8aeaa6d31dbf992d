"""What the columns of a file may hold, and the check of it."""

from __future__ import annotations

import difflib
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any, Literal

from geo.faults import Fault

Kind = Literal["text", "number", "whole", "yes_no", "list", "any"]

_TYPES: dict[str, tuple[type, ...]] = {
    "text": (str,),
    "number": (int, float),
    "whole": (int,),
    "yes_no": (bool,),
    "list": (list,),
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
        `text`, `number`, `whole`, `yes_no`, `list` or `any`.
    required
        Whether a feature without it, or with null, is a fault.
    low, high
        Allowed range of a number, both ends included.
    choices
        Allowed texts.
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

    @property
    def allowed(self) -> str:
        """What is allowed, in words."""
        if self.choices:
            return ", ".join(self.choices)
        if self.kind in ("number", "whole") and (self.low > float("-inf")):
            return f"{self.low:g} to {self.high:g}"
        return self.kind.replace("_", " or ")


def _value_fault(field: Field, value: Any) -> tuple[str, str] | None:
    is_bool = isinstance(value, bool)
    if not isinstance(value, _TYPES[field.kind]) or (is_bool and field.kind in ("number", "whole")):
        return "value-wrong-type", f"{field.name} is {value!r}"
    if isinstance(value, int | float) and not field.low <= value <= field.high:
        return "value-out-of-range", f"{field.name} is {value!r}"
    if field.choices and value not in field.choices:
        return "value-unknown", f"{field.name} is {value!r}"
    return None


def _unknown_key_fault(key: str, fields: Sequence[Field]) -> tuple[str, str]:
    close = difflib.get_close_matches(key, [field.name for field in fields], n=1)
    hint = f"did you mean {close[0]}?" if close else "see docs/data-format.md"
    return f"unknown key {key!r}", hint


def checked_record(
    record: Mapping[str, Any], fields: Sequence[Field], file: str, feature: str
) -> tuple[dict[str, Any], list[Fault]]:
    """The record with defaults filled in, and everything wrong with it.

    Examples
    --------
    >>> lanes = Field("lanes", "whole", low=1, high=16, default=2)
    >>> checked_record({}, [lanes], "roads.geojson", "A1")
    ({'lanes': 2}, [])
    >>> _, faults = checked_record({"lane": 4}, [lanes], "roads.geojson", "A1")
    >>> print(faults[0])
    error key-unknown roads.geojson A1: unknown key 'lane' (allowed: did you mean lanes?)
    """
    known = {field.name for field in fields}
    faults = [
        Fault(file, feature, "key-unknown", *_unknown_key_fault(key, fields))
        for key in record
        if key not in known
    ]
    values: dict[str, Any] = {}
    for field in fields:
        value = record.get(field.name)
        values[field.name] = field.default if value is None else value
        if value is None:
            if field.required:
                message = f"{field.name} is missing"
                faults.append(Fault(file, feature, "key-missing", message, field.allowed))
            continue
        wrong = _value_fault(field, value)
        if wrong:
            faults.append(Fault(file, feature, wrong[0], wrong[1], field.allowed))
    return values, faults


def parsed_text(text: str, field: Field) -> Any:
    """What a cell of a table means; the text itself if it means nothing of the kind.

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
    """Columns of a table that are unknown, told once and not by row.

    Examples
    --------
    >>> [fault.allowed for fault in column_faults(["lane"], [Field("lanes")], "roads.csv")]
    ['did you mean lanes?']
    """
    known = {field.name for field in fields}
    return [
        Fault(file, "", "key-unknown", *_unknown_key_fault(name, fields))
        for name in names
        if name not in known
    ]
