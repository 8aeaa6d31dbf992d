"""The section `[datums]` of study.toml: in which datum each layer is published."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import asdict
from typing import Any

from geo.areal.rasters import SUFFIXES
from geo.datums import ALLOWED, is_datum, is_planar
from geo.faults import Fault
from geo.fields import Field, checked_record
from scicity.settings.rules import STUDY_FILE
from scicity.settings.sections import FileSettings, OpportunitySettings

SECTION = "datums"
PLACELESS = ("screenlines",)
"""Files without positions."""
TABLES = (".csv", ".zip")
"""Files of `transit` whose columns are longitude and latitude."""


def _value_faults(name: str, datum: Any, file: Any) -> list[Fault]:
    """What is wrong with the datum of one file."""
    where = f"{SECTION}.{name}"
    if not is_datum(datum):
        return [Fault(STUDY_FILE, where, "datum-unknown", f"{name} is {datum!r}", ALLOWED)]
    ending = str(file).lower()
    if ending.endswith(SUFFIXES):
        message, allowed = f"{name} is a raster", "no datum: a GeoTIFF says its own system"
        return [Fault(STUDY_FILE, where, "datum-unfit", message, allowed)]
    if name == "transit" and ending.endswith(TABLES) and is_planar(datum):
        message = f"{file} has longitudes and latitudes, {datum} is in metres"
        return [Fault(STUDY_FILE, where, "datum-unfit", message, "a datum in degrees")]
    return []


def _transit_faults(declared: Any, files: Any) -> list[Fault]:
    """One datum for all files of `transit`, or one for each."""
    paths = files if isinstance(files, tuple) else ()
    if isinstance(declared, list) and len(declared) != len(paths):
        message = f"transit has {len(declared)} datums"
        allowed = f"one, or a list of {len(paths)}, one for each file of transit"
        return [Fault(STUDY_FILE, f"{SECTION}.transit", "datum-unfit", message, allowed)]
    each = declared if isinstance(declared, list) else [declared] * max(len(paths), 1)
    pairs = zip(each, paths or ("",), strict=False)
    return [fault for datum, path in pairs for fault in _value_faults("transit", datum, path)]


def _declared_faults(name: str, declared: Any, files: Any) -> list[Fault]:
    """What is wrong with the datum, or the datums, of one key."""
    if name == "transit":
        return _transit_faults(declared, files)
    return _value_faults(name, declared, files)


def read_datums(
    raw: Any, files: FileSettings, opportunities: Mapping[str, OpportunitySettings]
) -> tuple[dict[str, tuple[str, ...]], list[Fault]]:
    """The declared datums by name, and everything wrong with the section.

    Parameters
    ----------
    raw
        The section as TOML gives it.
    files
        The section `[files]`, whose keys may have a datum.
    opportunities
        The section `[opportunities]`: those that name a file may have one too.

    Returns
    -------
    dict
        Those without a fault: one datum, or for `transit` one for each file.
    list of Fault
    """
    if not isinstance(raw, dict):
        return {}, [Fault(STUDY_FILE, SECTION, "value-wrong-type", f"{raw!r}", "a table")]
    named: dict[str, Any] = asdict(files)
    counted = {name: entry.file for name, entry in opportunities.items() if entry.file}
    known = {name: file for name, file in named.items() if name not in PLACELESS} | counted
    _, faults = checked_record(raw, [Field(name, "any") for name in known], STUDY_FILE, SECTION)
    faults += [
        Fault(
            STUDY_FILE, f"{SECTION}.{name}", "id-duplicate", "a file and an opportunity", "rename"
        )
        for name in raw
        if name in counted and name in named
    ]
    sound = {}
    for name in (name for name in raw if name in known):
        declared = raw[name]
        declared_faults = _declared_faults(name, declared, known[name])
        faults += declared_faults
        if not declared_faults:
            sound[name] = tuple(declared) if isinstance(declared, list) else (declared,)
    return sound, faults
