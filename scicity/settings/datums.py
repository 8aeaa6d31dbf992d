"""The section `[datums]` of study.toml: in which datum each layer is published."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from geo.areal.rasters import SUFFIXES
from geo.datums import ALLOWED, is_datum, is_planar
from geo.faults import Fault
from geo.fields import Field, checked_record
from scicity.settings.rules import STUDY_FILE

SECTION = "datums"
PLACELESS = ("screenlines",)
"""Files without positions."""
TABLES = (".csv", ".zip")
"""Files of `transit` whose columns are longitude and latitude."""


def _value_faults(name: str, told: Any, file: Any) -> list[Fault]:
    """What is wrong with the datum of one file."""
    where = f"{SECTION}.{name}"
    if not is_datum(told):
        return [Fault(STUDY_FILE, where, "datum-unknown", f"{name} is {told!r}", ALLOWED)]
    ending = str(file).lower()
    if ending.endswith(SUFFIXES):
        message, allowed = f"{name} is a raster", "no datum: a GeoTIFF says its own system"
        return [Fault(STUDY_FILE, where, "datum-unfit", message, allowed)]
    if name == "transit" and ending.endswith(TABLES) and is_planar(told):
        message = f"{file} has longitudes and latitudes, {told} is in metres"
        return [Fault(STUDY_FILE, where, "datum-unfit", message, "a datum in degrees")]
    return []


def _transit_faults(told: Any, files: Any) -> list[Fault]:
    """One datum for all files of `transit`, or one for each."""
    paths = files if isinstance(files, list) else []
    if isinstance(told, list) and len(told) != len(paths):
        message = f"transit has {len(told)} datums"
        allowed = f"one, or a list of {len(paths)}, one for each file of transit"
        return [Fault(STUDY_FILE, f"{SECTION}.transit", "datum-unfit", message, allowed)]
    each = told if isinstance(told, list) else [told] * max(len(paths), 1)
    pairs = zip(each, paths or [""], strict=False)
    return [fault for datum, path in pairs for fault in _value_faults("transit", datum, path)]


def datum_section(
    raw: Any, files: Mapping[str, Any], opportunities: Mapping[str, Mapping[str, Any]]
) -> tuple[dict[str, Any], list[Fault]]:
    """The declared datums by name, those that are sound, and everything wrong with the others.

    Parameters
    ----------
    raw
        The section as it stands.
    files
        The section `[files]`, whose names may have a datum.
    opportunities
        The section `[opportunities]`: those that name a file may have one too.
    """
    if not isinstance(raw, dict):
        return {}, [Fault(STUDY_FILE, SECTION, "value-wrong-type", f"{raw!r}", "a table")]
    counted = {name: entry["file"] for name, entry in opportunities.items() if entry["file"]}
    named = {name: file for name, file in files.items() if name not in PLACELESS} | counted
    _, faults = checked_record(raw, [Field(n, "any") for n in named], STUDY_FILE, SECTION)
    faults += [
        Fault(
            STUDY_FILE, f"{SECTION}.{name}", "id-duplicate", "a file and an opportunity", "rename"
        )
        for name in raw
        if name in counted and name in files
    ]
    sound = {}
    for name, told in raw.items():
        if name not in named:
            continue
        files_of = named[name]
        wrong = (
            _transit_faults(told, files_of)
            if name == "transit"
            else _value_faults(name, told, files_of)
        )
        faults += wrong
        if not wrong:
            sound[name] = told
    return sound, faults
