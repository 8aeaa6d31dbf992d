"""Sections of study.toml read into their dataclasses by their field tables."""

from __future__ import annotations

import datetime as dt
import math
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any, Generic, TypeVar

from geo.faults import Fault, shown
from geo.fields import Field, checked_record
from scicity.settings.rules import STUDY_FILE

Section = TypeVar("Section")

PLACEHOLDERS: Mapping[str, Any] = {
    "text": "",
    "list": (),
    "date": dt.date.min,
    "number": math.nan,
}
"""What a required attribute holds that could not be read, by the kind of its field."""


@dataclass(frozen=True)
class SectionRead(Generic[Section]):
    """A section, or the named tables of one, with what is wrong with it.

    Attributes
    ----------
    value
        With defaults and placeholders filled in.
    faults
        What is wrong with single values; rules between them are in `scicity.settings.rules`.
    missing
        Required keys that have a placeholder, such as `study.origin`.
    """

    value: Section
    faults: list[Fault]
    missing: frozenset[str]


def _day(value: dt.date | str) -> dt.date:
    """A day that TOML gives as a date, as a date with a time, or as text."""
    if isinstance(value, str):
        return dt.date.fromisoformat(value)
    return value.date() if isinstance(value, dt.datetime) else value


def _attribute(value: Any, field: Field) -> Any:
    """A checked value as its attribute holds it."""
    if value is None:
        return PLACEHOLDERS[field.kind] if field.required else None
    if field.kind == "list":
        return tuple(value)
    return _day(value) if field.kind == "date" else value


def _filled(
    entry: Mapping[str, Any], make: Callable[..., Section], fields: Sequence[Field], where: str
) -> SectionRead[Section]:
    """The dataclass of one table."""
    record, faults = checked_record(entry, fields, STUDY_FILE, where)
    absent = [field.name for field in fields if field.required and record[field.name] is None]
    value = make(**{field.name: _attribute(record[field.name], field) for field in fields})
    return SectionRead(value, faults, frozenset(f"{where}.{name}" for name in absent))


def _table(raw: Mapping[str, Any], section: str) -> tuple[Mapping[str, Any], list[Fault]]:
    """A section as a table; an empty one, and a fault, where it is something else."""
    entry = raw.get(section, {})
    if isinstance(entry, dict):
        return entry, []
    message = f"{section} is {shown(entry)}"
    return {}, [Fault(STUDY_FILE, section, "value-wrong-type", message, "a table", value=entry)]


def read_section(
    raw: Mapping[str, Any],
    section: str,
    make: Callable[..., Section],
    fields: Sequence[Field],
) -> SectionRead[Section]:
    """A section of single values.

    Parameters
    ----------
    raw
        The whole file as TOML gives it.
    section
        Name of the section.
    make
        Its dataclass, whose attributes are the names of the fields.
    fields
        Its field table.
    """
    entry, faults = _table(raw, section)
    record = _filled(entry, make, fields, section)
    return SectionRead(record.value, faults + record.faults, record.missing)


def read_optional_section(
    raw: Mapping[str, Any],
    section: str,
    make: Callable[..., Section],
    fields: Sequence[Field],
) -> SectionRead[Section | None]:
    """As `read_section`; None if the file has no such section."""
    if section not in raw:
        return SectionRead(None, [], frozenset())
    record = read_section(raw, section, make, fields)
    return SectionRead(record.value, record.faults, record.missing)


def read_tables(
    raw: Mapping[str, Any],
    section: str,
    make: Callable[..., Section],
    fields: Sequence[Field],
) -> SectionRead[dict[str, Section]]:
    """A section of named tables that all have the same keys; what is no table is left out."""
    entries, faults = _table(raw, section)
    tables: dict[str, Section] = {}
    missing: frozenset[str] = frozenset()
    for name, entry in entries.items():
        where = f"{section}.{name}"
        if not isinstance(entry, dict):
            faults.append(Fault(STUDY_FILE, where, "value-wrong-type", shown(entry), "a table"))
            continue
        record = _filled(entry, make, fields, where)
        tables[name] = record.value
        faults += record.faults
        missing |= record.missing
    return SectionRead(tables, faults, missing)
