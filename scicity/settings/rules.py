"""Rules of study.toml that go beyond single values."""

from __future__ import annotations

from collections.abc import Mapping
from pathlib import Path
from typing import Any

from analysis.zones import ZONE_COLUMNS
from geo.areal.rasters import SUFFIXES
from geo.crs import is_metric
from geo.faults import Fault, shown
from geo.osm.selection import ROUTES
from scicity.settings.fields import OPPORTUNITY_WAYS, SCENARIO_WAYS
from scicity.settings.sections import (
    OpportunitySettings,
    OsmSettings,
    ScenarioSettings,
    StudySettings,
)
from scicity.settings.windows import window_faults

STUDY_FILE = "study.toml"
CUTOFF_RANGE_SECS = (60, 14_400)


def outside_faults(folder: Path, files: Mapping[str, Any], section: str) -> list[Fault]:
    """Files of a study stay inside its folder."""
    root = folder.resolve()
    faults = []
    for name, value in files.items():
        for item in value if isinstance(value, tuple) else [value]:
            if item is not None and not _is_inside(root, str(item)):
                allowed = "a path inside the study folder"
                message = f"{name} is {shown(item)}"
                faults.append(Fault(STUDY_FILE, section, "path-outside-study", message, allowed))
    return faults


def _is_inside(root: Path, item: str) -> bool:
    """Whether a path, all links followed, stays in a folder."""
    try:
        path = root / item
        path.exists()  # raises if no file can have such a name
        return path.resolve().is_relative_to(root)
    except (ValueError, OSError, RuntimeError):  # a zero byte, a name too long, links in a circle
        return False


def study_rule_faults(
    study: StudySettings, scenarios: Mapping[str, ScenarioSettings]
) -> list[Fault]:
    """The system is in metres, the scenarios exist, the cutoffs are sane."""
    faults = window_faults(study)
    if study.crs and not is_metric(study.crs):
        message, allowed = f"crs is {study.crs!r}", "a projected system in metres"
        faults.append(Fault(STUDY_FILE, "study", "crs-wrong", message, allowed))
    for name, scenario in (("baseline", study.baseline), ("scenario", study.scenario)):
        if scenario and scenario not in scenarios:
            message, allowed = f"{name} is {scenario!r}", ", ".join(scenarios)
            faults.append(Fault(STUDY_FILE, "study", "id-unknown", message, allowed))
    low, high = CUTOFF_RANGE_SECS
    for name, cutoffs in (
        ("isochrone_cutoffs_secs", study.isochrone_cutoffs_secs),
        ("accessibility_cutoffs_secs", study.accessibility_cutoffs_secs),
    ):
        if not cutoffs or not all(low <= cutoff <= high for cutoff in cutoffs):
            message, allowed = f"{name} is {list(cutoffs)!r}", f"one or more of {low} to {high}"
            faults.append(Fault(STUDY_FILE, "study", "value-out-of-range", message, allowed))
    return faults


def osm_rule_faults(osm: OsmSettings | None) -> list[Fault]:
    """Routes are of modes that OpenStreetMap has."""
    return [
        Fault(STUDY_FILE, "osm", "value-unknown", f"routes holds {mode!r}", ", ".join(ROUTES))
        for mode in (osm.routes if osm else ())
        if mode not in ROUTES
    ]


def scenario_rule_faults(scenarios: Mapping[str, ScenarioSettings]) -> list[Fault]:
    """A scenario is named in exactly one of three ways."""
    faults = []
    for name, entry in scenarios.items():
        keys = [key for key in SCENARIO_WAYS if getattr(entry, key) is not None]
        if len(keys) != 1:
            message = f"it has {', '.join(keys) or 'none of them'}"
            allowed = f"exactly one of {', '.join(SCENARIO_WAYS)}"
            faults.append(
                Fault(STUDY_FILE, f"scenarios.{name}", "scenario-unclear", message, allowed)
            )
    return faults


def opportunity_rule_faults(opportunities: Mapping[str, OpportunitySettings]) -> list[Fault]:
    """Opportunities are kinds of places and points, or what a file counts."""
    faults = []
    for name, entry in opportunities.items():
        where = f"opportunities.{name}"
        keys = [key for key in OPPORTUNITY_WAYS if getattr(entry, key) is not None]
        raster = str(entry.file).lower().endswith(SUFFIXES)
        allowed = [{"places"}, {"opportunities"}, {"places", "opportunities"}, {"file"}]
        allowed += [] if raster else [{"file", "column"}]
        if set(keys) not in allowed:
            message = f"it has {', '.join(keys) or 'none of them'}"
            hint = "places, opportunities or both; or file, with column unless it is a raster"
            faults.append(Fault(STUDY_FILE, where, "opportunity-unclear", message, hint))
        if name in ZONE_COLUMNS:
            message = "zones have a column of this name"
            faults.append(Fault(STUDY_FILE, where, "id-duplicate", message, "another name"))
    return faults
