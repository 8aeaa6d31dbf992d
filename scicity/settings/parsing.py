"""study.toml read into settings, and everything wrong with it."""

from __future__ import annotations

import tomllib
from collections.abc import Mapping, Sequence
from dataclasses import asdict, replace
from pathlib import Path
from typing import Any

from geo.faults import Fault
from geo.fields import Field, checked_record
from geo.formats.size_limits import size_faults
from layers.assumptions import Assumptions, parse_assumptions
from scicity.settings.attribution import group_faults, uncertain_faults
from scicity.settings.datums import read_datums
from scicity.settings.fields import (
    FILE_FIELDS,
    GROUP_FIELDS,
    NOT_WITH_OSM,
    OPPORTUNITY_FIELDS,
    OPTIONAL_SECTIONS,
    OSM_FIELDS,
    PARTNER_FIELDS,
    SCENARIO_FIELDS,
    SECTIONS,
    STUDY_FIELDS,
    UNCERTAIN_FIELDS,
)
from scicity.settings.records import (
    SectionRead,
    read_optional_section,
    read_section,
    read_tables,
)
from scicity.settings.rules import (
    STUDY_FILE,
    opportunity_rule_faults,
    osm_rule_faults,
    outside_faults,
    scenario_rule_faults,
    study_rule_faults,
)
from scicity.settings.sections import (
    FileSettings,
    GroupSettings,
    OpportunitySettings,
    OsmSettings,
    PartnerSettings,
    ScenarioSettings,
    StudySettings,
    UncertainSettings,
)
from scicity.settings.settings import Settings

FATAL_CODES = {"crs-wrong", "path-outside-study", "datum-unknown", "datum-unfit"}
"""With a fault of one of these the study's files are not read."""


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
    """The settings in the text of a study.toml, and everything wrong with them.

    Parameters
    ----------
    text
        The whole file.
    folder
        The study's folder.

    Returns
    -------
    Settings or None
        None if the text is no TOML or empty. With faults they are partial: what could not be
        read is absent, or has a placeholder where it is required (`Settings.missing`).
    list of Fault
        All of them, so that nobody has to correct a file one fault at a time.
    """
    try:
        raw = tomllib.loads(text)
    except (tomllib.TOMLDecodeError, RecursionError, ValueError) as error:
        return None, [Fault(STUDY_FILE, "", "file-unreadable", str(error), "TOML in UTF-8")]
    if not raw:
        return None, [Fault(STUDY_FILE, "", "study-empty", "it says nothing", ", ".join(SECTIONS))]
    return _settings(raw, folder)


def _settings(raw: Mapping[str, Any], folder: Path) -> tuple[Settings, list[Fault]]:
    """The settings in a file's tables: first each section is read, then its rules are checked."""
    study = read_section(raw, "study", StudySettings, STUDY_FIELDS)
    files = read_section(raw, "files", FileSettings, _file_fields(has_osm="osm" in raw))
    osm = read_optional_section(raw, "osm", OsmSettings, OSM_FIELDS)
    scenarios = read_tables(raw, "scenarios", ScenarioSettings, SCENARIO_FIELDS)
    opportunities = read_tables(raw, "opportunities", OpportunitySettings, OPPORTUNITY_FIELDS)
    datums, datum_faults = read_datums(raw.get("datums", {}), files.value, opportunities.value)
    assumptions, assumption_faults = parse_assumptions(raw.get("assumptions", {}), STUDY_FILE)
    groups = read_tables(raw, "groups", GroupSettings, GROUP_FIELDS)
    uncertain = read_tables(raw, "uncertain", UncertainSettings, UNCERTAIN_FIELDS)
    partners = read_optional_section(raw, "partners", PartnerSettings, PARTNER_FIELDS)
    sections: list[SectionRead[Any]] = [study, files, osm, scenarios, opportunities]
    sections += [groups, uncertain, partners]
    settings = Settings(
        folder=folder,
        study=study.value,
        files=files.value,
        scenarios=scenarios.value,
        opportunities=opportunities.value,
        osm=osm.value,
        assumptions=assumptions,
        datums=datums,
        groups=groups.value,
        partners=partners.value,
        uncertain=uncertain.value,
        missing=frozenset[str]().union(*(section.missing for section in sections)),
    )
    faults = [*_section_faults(raw), *study.faults, *files.faults]
    faults += [*osm.faults, *osm_rule_faults(osm.value), *scenarios.faults, *opportunities.faults]
    faults += [*datum_faults, *assumption_faults]
    faults += _attribution_faults(groups, uncertain, partners, assumptions)
    faults += _path_faults(settings)
    faults += opportunity_rule_faults(_well_typed(opportunities))
    faults += [] if study.faults else study_rule_faults(study.value, scenarios.value)
    return settings, faults + scenario_rule_faults(scenarios.value)


def _section_faults(raw: Mapping[str, Any]) -> list[Fault]:
    """Unknown sections, and those that are missing."""
    names = [Field(name, "any", required=name not in OPTIONAL_SECTIONS) for name in SECTIONS]
    _, faults = checked_record(raw, names, STUDY_FILE, "")
    return faults


def _file_fields(*, has_osm: bool) -> list[Field]:
    """The files that a study names; with OpenStreetMap some of them are optional."""
    return [
        replace(field, required=not (has_osm and field.name in NOT_WITH_OSM))
        for field in FILE_FIELDS
    ]


def _attribution_faults(
    groups: SectionRead[dict[str, GroupSettings]],
    uncertain: SectionRead[dict[str, UncertainSettings]],
    partners: SectionRead[PartnerSettings | None],
    assumptions: Assumptions,
) -> list[Fault]:
    """Faults of groups, uncertain values and partners; the rules only where the rest is sound."""
    faults = [*groups.faults]
    faults += uncertain.faults or uncertain_faults(uncertain.value, assumptions)
    faults += partners.faults
    return faults or group_faults(groups.value)


def _path_faults(settings: Settings) -> list[Fault]:
    """Files outside the study's folder, wherever they are named."""
    osm = {"file": settings.osm.file} if settings.osm else {}
    counted = {name: entry.file for name, entry in settings.opportunities.items()}
    sections: Sequence[tuple[str, Mapping[str, Any]]] = (
        ("files", asdict(settings.files)),
        ("osm", osm),
        ("opportunities", counted),
    )
    return [
        fault
        for section, files in sections
        for fault in outside_faults(settings.folder, files, section)
    ]


def _well_typed(
    opportunities: SectionRead[dict[str, OpportunitySettings]],
) -> dict[str, OpportunitySettings]:
    """Those without a value of another type: it counts as absent, and has a fault already."""
    mistyped = {f.feature for f in opportunities.faults if f.code == "value-wrong-type"}
    return {n: e for n, e in opportunities.value.items() if f"opportunities.{n}" not in mistyped}


def names_its_files(settings: Settings, faults: Sequence[Fault]) -> bool:
    """Whether the study's files can be read, whatever else is wrong with its settings."""
    required = [field for field in _file_fields(has_osm=settings.osm is not None) if field.required]
    named = all(getattr(settings.files, field.name) for field in required)
    named = named and (settings.osm is None or bool(settings.osm.file))
    return named and bool(settings.study.crs) and not {f.code for f in faults} & FATAL_CODES
