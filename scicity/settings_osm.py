"""The section `[osm]` of study.toml."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from geo.faults import Fault
from geo.fields import Field, checked_record
from geo.osm.wanted import ROUTES
from scicity.settings_rules import STUDY_FILE

OSM_FIELDS = (
    Field("file", required=True),
    Field("buffer_m", "number", low=0, high=50_000, default=2_000),
    Field("routes", "list", default=ROUTES),
    Field("min_component_m", "number", low=0, high=100_000, default=1_000),
)


def osm_section(raw: Mapping[str, Any]) -> tuple[dict[str, Any], list[Fault]]:
    """The section on OpenStreetMap with its defaults; empty if there is none."""
    if "osm" not in raw:
        return {}, []
    entry = raw["osm"] if isinstance(raw["osm"], dict) else {}
    osm, faults = checked_record(entry, OSM_FIELDS, STUDY_FILE, "osm")
    for mode in osm["routes"]:
        if mode not in ROUTES:
            message = f"routes holds {mode!r}"
            faults.append(Fault(STUDY_FILE, "osm", "value-unknown", message, ", ".join(ROUTES)))
    return osm, faults
