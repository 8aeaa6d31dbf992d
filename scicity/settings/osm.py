"""The section `[osm]` of study.toml."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from geo.faults import Fault, shown
from geo.fields import checked_record
from geo.osm.selection import ROUTES
from scicity.settings.fields import OSM_FIELDS
from scicity.settings.rules import STUDY_FILE


def osm_section(raw: Mapping[str, Any]) -> tuple[dict[str, Any], list[Fault]]:
    """The section on OpenStreetMap with its defaults; empty if there is none."""
    if "osm" not in raw:
        return {}, []
    entry, faults = raw["osm"], []
    if not isinstance(entry, dict):
        message = f"osm is {shown(entry)}"
        faults.append(Fault(STUDY_FILE, "osm", "value-wrong-type", message, "a table", value=entry))
        entry = {}
    osm, wrong = checked_record(entry, OSM_FIELDS, STUDY_FILE, "osm")
    faults += wrong
    for mode in osm["routes"]:
        if mode not in ROUTES:
            message = f"routes holds {mode!r}"
            faults.append(Fault(STUDY_FILE, "osm", "value-unknown", message, ", ".join(ROUTES)))
    return osm, faults
