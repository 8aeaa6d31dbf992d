"""Faults of the input, collected and reported together."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from typing import Any, Literal

Severity = Literal["error", "warning"]
MOST_SHOWN = 120
"""Most characters of a value that a message quotes."""


@dataclass(frozen=True, order=True)
class Fault:
    """A fault of one feature of one file.

    Attributes
    ----------
    file, feature
        Where it is: the file's name inside the study and the feature's id (or its number, `#3`).
    code
        Stable short name of the kind of fault, such as `value-out-of-range`.
    message
        What is wrong, with the value found.
    allowed
        What would be right: a range, a list of values, or a hint.
    severity
        `error` stops a run; `warning` is reported and carried on.
    place
        Longitude and latitude of the feature, if it has a position. `place`, `value` and `hint`
        are not compared: faults that differ only in them are equal.
    value
        The offending value, if there is a single one.
    hint
        A more specific remedy than that of `geo.fault_codes`, or empty.

    Examples
    --------
    >>> print(Fault("bus.geojson", "B7", "value-out-of-range", "headway 0 s", "30 to 14400"))
    error value-out-of-range bus.geojson B7: headway 0 s (allowed: 30 to 14400)
    """

    file: str
    feature: str
    code: str
    message: str
    allowed: str = ""
    severity: Severity = "error"
    place: tuple[float, float] | None = field(default=None, compare=False)
    value: Any = field(default=None, compare=False)
    hint: str = field(default="", compare=False)

    def __str__(self) -> str:
        """The fault in one line."""
        where = f"{self.file} {self.feature}".strip()
        allowed = f" (allowed: {self.allowed})" if self.allowed else ""
        return f"{self.severity} {self.code} {where}: {self.message}{allowed}"


def shown(value: Any) -> str:
    """A value as messages quote it, truncated to `MOST_SHOWN` characters.

    Examples
    --------
    >>> shown("7"), shown([1, 2]), len(shown("a" * 5000)) <= MOST_SHOWN + 2
    ("'7'", '[1, 2]', True)
    """
    try:
        text = repr(value)
    except (ValueError, RecursionError):  # a number of thousands of digits, or endless nesting
        return f"a very large {type(value).__name__}"
    return text if len(text) <= MOST_SHOWN else f"{text[:MOST_SHOWN]} …"


class BadInputError(ValueError):
    """Raised with all faults, never only the first.

    Examples
    --------
    >>> raise BadInputError([Fault("a.geojson", "", "file-missing", "there is no such file")])
    Traceback (most recent call last):
    geo.faults.BadInputError: error file-missing a.geojson: there is no such file
    """

    def __init__(self, faults: Sequence[Fault]) -> None:
        self.faults = tuple(faults)
        super().__init__("\n".join(map(str, self.faults)))


def errors(faults: Iterable[Fault]) -> list[Fault]:
    """The faults that stop a run.

    Examples
    --------
    >>> errors([Fault("a", "b", "c", "d", severity="warning")])
    []
    """
    return [fault for fault in faults if fault.severity == "error"]


def check_faults(faults: Sequence[Fault]) -> None:
    """Raise if any of the faults is an error.

    Raises
    ------
    BadInputError
        With all errors.
    """
    fatal = errors(faults)
    if fatal:
        raise BadInputError(fatal)
