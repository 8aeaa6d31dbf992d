"""What study.toml says."""

from __future__ import annotations

import tomllib
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field, replace
from pathlib import Path
from typing import Any

from geo.datums import Datum
from geo.faults import Fault, shown
from geo.fields import Field, checked_record
from geo.formats.size_limits import size_faults
from geo.formats.vector_files import layer_files
from layers.assumptions import Assumptions, parse_assumptions
from scicity.settings.attribution import group_faults, uncertain_faults
from scicity.settings.datums import datum_section
from scicity.settings.fields import (
    FILE_FIELDS,
    GROUP_FIELDS,
    NOT_WITH_OSM,
    OPPORTUNITY_FIELDS,
    OPTIONAL_SECTIONS,
    PARTNER_FIELDS,
    SCENARIO_FIELDS,
    SECTIONS,
    STUDY_FIELDS,
    UNCERTAIN_FIELDS,
)
from scicity.settings.osm import osm_section
from scicity.settings.rules import (
    STUDY_FILE,
    opportunity_rule_faults,
    outside_faults,
    scenario_rule_faults,
    study_faults,
)


@dataclass(frozen=True)
class Settings:
    """The study's own words, checked.

    Attributes
    ----------
    folder
        Where the study stands; its files' paths are relative to it.
    study, files, scenarios, opportunities
        The sections of the file with defaults filled in.
    datums
        As declared, by the name of a file or an opportunity; see `geo.datums`.
    osm
        The section on OpenStreetMap; empty for a study with road files of its own.
    assumptions
        Values with their sources.
    groups
        Projects judged as one, by id.
    partners
        Places that must reach each other; empty if none are named.
    uncertain
        What assumed values may be instead, by name.
    """

    folder: Path
    study: Mapping[str, Any]
    files: Mapping[str, Any]
    scenarios: Mapping[str, Mapping[str, Any]]
    opportunities: Mapping[str, Mapping[str, Any]]
    osm: Mapping[str, Any]
    assumptions: Assumptions
    datums: Mapping[str, Any] = field(default_factory=dict)
    groups: Mapping[str, Mapping[str, Any]] = field(default_factory=dict)
    partners: Mapping[str, Any] = field(default_factory=dict)
    uncertain: Mapping[str, Mapping[str, Any]] = field(default_factory=dict)

    def path(self, name: str) -> Path:
        """The path of one of the study's files."""
        return self.folder / str(self.files[name])

    def paths(self, name: str) -> list[Path]:
        """The paths of a list of files."""
        return [self.folder / str(item) for item in self.files[name] or ()]

    def datum(self, name: str) -> Datum:
        """The datum of one file, folder or opportunity; None if none is declared."""
        return self.datums.get(name)

    def transit_datums(self) -> list[Datum]:
        """The datum of each file of `transit`."""
        told = self.datums.get("transit")
        return list(told) if isinstance(told, list) else [told] * len(self.paths("transit"))

    def input_paths(self) -> list[Path]:
        """Every file that the study reads, itself first."""
        single = [n for n in self.files if n not in ("transit", "projects") and self.has(n)]
        paths = [self.folder / STUDY_FILE, *map(self.path, single), *self.paths("transit")]
        paths += [self.folder / str(self.osm["file"])] if self.osm else []
        paths += self.count_paths().values()
        paths = [part for path in paths for part in layer_files(path)]
        return paths + sorted(self.path("projects").glob("*.geojson"))

    def datums_of_files(self) -> dict[Path, Datum]:
        """The datum of every file of `[files]` and `[opportunities]` that has positions."""
        counted = self.count_paths()
        single = [n for n in self.files if n not in ("transit", "projects") and self.has(n)]
        found = {self.path(name): self.datum(name) for name in single}
        found |= dict(zip(self.paths("transit"), self.transit_datums(), strict=True))
        found |= {path: self.datum(name) for name, path in counted.items()}
        projects = sorted(self.path("projects").glob("*.geojson"))
        return found | dict.fromkeys(projects, self.datum("projects"))

    def has(self, name: str) -> bool:
        """Whether the study names a file."""
        return self.files[name] is not None

    def count_paths(self) -> dict[str, Path]:
        """The paths of the files of counts, by the opportunity that names each."""
        named = {name: entry["file"] for name, entry in self.opportunities.items()}
        return {name: self.folder / str(file) for name, file in named.items() if file is not None}


def _section_faults(raw: Mapping[str, Any]) -> list[Fault]:
    names = [Field(name, "any", required=name not in OPTIONAL_SECTIONS) for name in SECTIONS]
    _, faults = checked_record(raw, names, STUDY_FILE, "")
    return faults


def _section(raw: Mapping[str, Any], section: str) -> tuple[Mapping[str, Any], list[Fault]]:
    """A section as a table; an empty one, and a fault, where it is something else."""
    entry = raw.get(section, {})
    if isinstance(entry, dict):
        return entry, []
    message = f"{section} is {shown(entry)}"
    return {}, [Fault(STUDY_FILE, section, "value-wrong-type", message, "a table", value=entry)]


def _tables(
    raw: Mapping[str, Any], section: str, fields: tuple[Field, ...]
) -> tuple[dict[str, dict[str, Any]], list[Fault]]:
    """A section of named tables, each with the same keys."""
    found: dict[str, dict[str, Any]] = {}
    entries, faults = _section(raw, section)
    for name, entry in entries.items():
        where = f"{section}.{name}"
        if not isinstance(entry, dict):
            faults.append(Fault(STUDY_FILE, where, "value-wrong-type", shown(entry), "a table"))
            continue
        found[name], wrong = checked_record(entry, fields, STUDY_FILE, where)
        faults += wrong
    return found, faults


def _record(
    raw: Mapping[str, Any], section: str, fields: Sequence[Field]
) -> tuple[dict[str, Any], list[Fault]]:
    """A section of single values."""
    entry, faults = _section(raw, section)
    record, wrong = checked_record(entry, fields, STUDY_FILE, section)
    return record, faults + wrong


def _file_fields(*, has_osm: bool) -> list[Field]:
    """The files that a study names; with OpenStreetMap some of them are optional."""
    return [
        replace(field, required=not (has_osm and field.name in NOT_WITH_OSM))
        for field in FILE_FIELDS
    ]


def read_settings(folder: Path) -> tuple[Settings | None, list[Fault]]:
    """Read study.toml; None if it cannot be read at all."""
    path = folder / STUDY_FILE
    if not path.is_file():
        hint = "a folder with study.toml (make one with: scicity init FOLDER)"
        return None, [Fault(STUDY_FILE, "", "file-missing", f"none in {folder}", hint)]
    too_large = size_faults(path)
    if too_large:
        return None, too_large
    try:
        text = path.read_text(encoding="utf-8-sig")
    except (UnicodeDecodeError, OSError) as error:
        return None, [Fault(STUDY_FILE, "", "file-unreadable", str(error), "TOML in UTF-8")]
    return parse_settings(text, folder)


def parse_settings(text: str, folder: Path) -> tuple[Settings | None, list[Fault]]:
    """What the words of a study.toml in a folder say; None if they say nothing."""
    try:
        raw = tomllib.loads(text)
    except (tomllib.TOMLDecodeError, RecursionError, ValueError) as error:
        return None, [Fault(STUDY_FILE, "", "file-unreadable", str(error), "TOML in UTF-8")]
    if not raw:
        return None, [Fault(STUDY_FILE, "", "study-empty", "it says nothing", ", ".join(SECTIONS))]
    faults = _section_faults(raw)
    study, wrong_study = _record(raw, "study", STUDY_FIELDS)
    files, wrong_files = _record(raw, "files", _file_fields(has_osm="osm" in raw))
    osm, wrong_osm = osm_section(raw)
    scenarios, wrong_scenarios = _tables(raw, "scenarios", SCENARIO_FIELDS)
    opportunities, wrong_kinds = _tables(raw, "opportunities", OPPORTUNITY_FIELDS)
    datums, wrong_datums = datum_section(raw.get("datums", {}), files, opportunities)
    assumptions, wrong_values = parse_assumptions(raw.get("assumptions", {}), STUDY_FILE)
    faults += [*wrong_study, *wrong_files, *wrong_osm, *wrong_scenarios, *wrong_kinds]
    faults += [*wrong_datums, *wrong_values]
    groups, uncertain, partners, wrong = _attribution(raw, assumptions)
    faults += wrong
    faults += _path_faults(folder, files, osm, opportunities)
    # a value of the wrong kind counts as none, and is told already
    mistyped = {fault.feature for fault in wrong_kinds if fault.code == "value-wrong-type"}
    sound = {n: e for n, e in opportunities.items() if f"opportunities.{n}" not in mistyped}
    faults += opportunity_rule_faults(sound)
    if not wrong_study:
        faults += study_faults(study, scenarios)
    faults += scenario_rule_faults(scenarios)
    settings = Settings(
        folder=folder,
        study=study,
        files=files,
        scenarios=scenarios,
        opportunities=opportunities,
        osm=osm,
        assumptions=assumptions,
        datums=datums,
        groups=groups,
        partners=partners,
        uncertain=uncertain,
    )
    return settings, faults


def _path_faults(
    folder: Path,
    files: Mapping[str, Any],
    osm: Mapping[str, Any],
    opportunities: Mapping[str, Mapping[str, Any]],
) -> list[Fault]:
    """Files outside the study's folder, wherever they are named."""
    counted = {name: entry["file"] for name, entry in opportunities.items()}
    faults = outside_faults(folder, files, "files")
    faults += outside_faults(folder, {"file": osm.get("file")}, "osm")
    return faults + outside_faults(folder, counted, "opportunities")


def _attribution(
    raw: Mapping[str, Any], assumptions: Assumptions
) -> tuple[dict[str, Any], dict[str, Any], dict[str, Any], list[Fault]]:
    """Groups, uncertain values and partners."""
    groups, faults = _tables(raw, "groups", GROUP_FIELDS)
    uncertain, wrong = _tables(raw, "uncertain", UNCERTAIN_FIELDS)
    faults += wrong or uncertain_faults(uncertain, assumptions)
    partners: dict[str, Any] = {}
    if "partners" in raw:
        partners, wrong = _record(raw, "partners", PARTNER_FIELDS)
        faults += wrong
    return groups, uncertain, partners, faults or group_faults(groups)


def names_its_files(settings: Settings, faults: list[Fault]) -> bool:
    """Whether the study says enough for its files to be read, whatever else is wrong with it."""
    fatal = {"crs-wrong", "path-outside-study", "datum-unknown", "datum-unfit"}
    needed = [f for f in _file_fields(has_osm=bool(settings.osm)) if f.required]
    told = all(settings.files[field.name] for field in needed)
    told = told and bool(settings.osm.get("file", "no OpenStreetMap"))
    right = not any(_mistyped(settings.files[f.name], f.kind) for f in FILE_FIELDS)
    return told and right and bool(settings.study["crs"]) and not {f.code for f in faults} & fatal


def _mistyped(value: Any, kind: str) -> bool:
    if value is None:
        return False
    if kind == "list":
        return not isinstance(value, list) or not all(isinstance(v, str) for v in value)
    return not isinstance(value, str)
