"""What study.toml says."""

from __future__ import annotations

import tomllib
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from geo.crs import is_metric
from geo.faults import Fault
from geo.fields import Field, checked_record
from layers.assumptions import Assumptions, parse_assumptions

STUDY_FILE = "study.toml"
SECTIONS = ("study", "files", "opportunities", "scenarios", "assumptions")

STUDY_FIELDS = (
    Field("id", required=True),
    Field("name_zh", required=True),
    Field("name_en", required=True),
    Field("baseline_date", "any", required=True),
    Field("crs", required=True),
    Field("note_zh", default=""),
    Field("note_en", default=""),
    Field("baseline", required=True),
    Field("scenario", required=True),
    Field("origin", required=True),
    Field("spines", "list", default=()),
    Field("isochrone_cutoffs_secs", "list", default=(900, 1800, 2700, 3600)),
    Field("accessibility_cutoffs_secs", "list", default=(1800, 2700, 3600)),
)
FILE_FIELDS = (
    Field("areas", required=True),
    Field("districts", required=True),
    Field("road_nodes", required=True),
    Field("road_edges", required=True),
    Field("screenlines", required=True),
    Field("transit", "list", required=True),
    Field("projects", required=True),
    Field("places", required=True),
    Field("population", required=True),
    Field("opportunities", required=True),
)
SCENARIO_FIELDS = (
    Field("name_zh", required=True),
    Field("name_en", required=True),
    Field("projects", "list"),
    Field("clauses", "list"),
    Field("open_by", "whole", low=1990, high=2100),
)
OPPORTUNITY_FIELDS = (Field("places", "list"), Field("opportunities", "list"))
CUTOFF_RANGE_SECS = (60, 14_400)


@dataclass(frozen=True)
class Settings:
    """The study's own words, checked.

    Attributes
    ----------
    folder
        Where the study stands; its files' paths are relative to it.
    study, files, scenarios, opportunities
        The sections of the file with defaults filled in.
    assumptions
        Values with their sources.
    """

    folder: Path
    study: Mapping[str, Any]
    files: Mapping[str, Any]
    scenarios: Mapping[str, Mapping[str, Any]]
    opportunities: Mapping[str, Mapping[str, Any]]
    assumptions: Assumptions

    def path(self, name: str) -> Path:
        """The path of one of the study's files."""
        return self.folder / str(self.files[name])

    def paths(self, name: str) -> list[Path]:
        """The paths of a list of files."""
        return [self.folder / str(item) for item in self.files[name]]


def _section_faults(raw: Mapping[str, Any]) -> list[Fault]:
    names = [Field(name, "any", required=name != "opportunities") for name in SECTIONS]
    _, faults = checked_record(raw, names, STUDY_FILE, "")
    return faults


def _tables(
    raw: Mapping[str, Any], section: str, fields: tuple[Field, ...]
) -> tuple[dict[str, dict[str, Any]], list[Fault]]:
    """A section of named tables, each with the same keys."""
    found, faults = {}, []
    for name, entry in raw.get(section, {}).items():
        where = f"{section}.{name}"
        if not isinstance(entry, dict):
            faults.append(Fault(STUDY_FILE, where, "value-wrong-type", f"{entry!r}", "a table"))
            continue
        found[name], wrong = checked_record(entry, fields, STUDY_FILE, where)
        faults += wrong
    return found, faults


def _outside_faults(folder: Path, files: Mapping[str, Any]) -> list[Fault]:
    """Files of a study stay inside its folder."""
    root = folder.resolve()
    faults = []
    for name, value in files.items():
        for item in value if isinstance(value, list) else [value]:
            if item is not None and not (root / str(item)).resolve().is_relative_to(root):
                allowed = "a path inside the study folder"
                message = f"{name} is {item!r}"
                faults.append(Fault(STUDY_FILE, "files", "path-outside-study", message, allowed))
    return faults


def _study_faults(study: Mapping[str, Any], scenarios: Mapping[str, Any]) -> list[Fault]:
    faults = []
    if study["crs"] and not is_metric(str(study["crs"])):
        message, allowed = f"crs is {study['crs']!r}", "a projected system in metres"
        faults.append(Fault(STUDY_FILE, "study", "crs-wrong", message, allowed))
    for name in ("baseline", "scenario"):
        if study[name] and study[name] not in scenarios:
            message, allowed = f"{name} is {study[name]!r}", ", ".join(scenarios)
            faults.append(Fault(STUDY_FILE, "study", "id-unknown", message, allowed))
    low, high = CUTOFF_RANGE_SECS
    for name in ("isochrone_cutoffs_secs", "accessibility_cutoffs_secs"):
        cutoffs = study[name]
        sound = [isinstance(c, int | float) and low <= c <= high for c in cutoffs]
        if not cutoffs or not all(sound):
            message, allowed = f"{name} is {list(cutoffs)!r}", f"one or more of {low} to {high}"
            faults.append(Fault(STUDY_FILE, "study", "value-out-of-range", message, allowed))
    return faults


def _scenario_rule_faults(scenarios: Mapping[str, Mapping[str, Any]]) -> list[Fault]:
    """A scenario is named in exactly one of three ways."""
    faults = []
    for name, entry in scenarios.items():
        ways = [key for key in ("projects", "clauses", "open_by") if entry[key] is not None]
        if len(ways) != 1:
            message = f"it has {', '.join(ways) or 'none of them'}"
            allowed = "exactly one of projects, clauses, open_by"
            faults.append(
                Fault(STUDY_FILE, f"scenarios.{name}", "scenario-unclear", message, allowed)
            )
    return faults


def read_settings(folder: Path) -> tuple[Settings | None, list[Fault]]:
    """Read study.toml; None if it cannot be read at all."""
    path = folder / STUDY_FILE
    if not path.is_file():
        hint = "a folder with study.toml (make one with: scicity init FOLDER)"
        return None, [Fault(STUDY_FILE, "", "file-missing", f"none in {folder}", hint)]
    try:
        raw = tomllib.loads(path.read_text(encoding="utf-8-sig"))
    except (tomllib.TOMLDecodeError, UnicodeDecodeError, OSError) as error:
        return None, [Fault(STUDY_FILE, "", "file-unreadable", str(error), "TOML in UTF-8")]
    if not raw:
        return None, [Fault(STUDY_FILE, "", "study-empty", "it says nothing", ", ".join(SECTIONS))]
    faults = _section_faults(raw)
    study, wrong_study = checked_record(raw.get("study", {}), STUDY_FIELDS, STUDY_FILE, "study")
    files, wrong_files = checked_record(raw.get("files", {}), FILE_FIELDS, STUDY_FILE, "files")
    scenarios, wrong_scenarios = _tables(raw, "scenarios", SCENARIO_FIELDS)
    opportunities, wrong_kinds = _tables(raw, "opportunities", OPPORTUNITY_FIELDS)
    assumptions, wrong_values = parse_assumptions(raw.get("assumptions", {}), STUDY_FILE)
    faults += [*wrong_study, *wrong_files, *wrong_scenarios, *wrong_kinds, *wrong_values]
    faults += _outside_faults(folder, files)
    if not wrong_study:
        faults += _study_faults(study, scenarios)
    faults += _scenario_rule_faults(scenarios)
    return Settings(folder, study, files, scenarios, opportunities, assumptions), faults


def names_its_files(settings: Settings, faults: list[Fault]) -> bool:
    """Whether the study says enough for its files to be read, whatever else is wrong with it."""
    fatal = {"crs-wrong", "path-outside-study"}
    told = all(settings.files[field.name] for field in FILE_FIELDS)
    right = all(not _mistyped(settings.files[f.name], f.kind) for f in FILE_FIELDS)
    return told and right and bool(settings.study["crs"]) and not {f.code for f in faults} & fatal


def _mistyped(value: Any, kind: str) -> bool:
    if kind == "list":
        return not isinstance(value, list) or not all(isinstance(v, str) for v in value)
    return not isinstance(value, str)
