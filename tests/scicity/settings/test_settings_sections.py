"""Sections of study.toml: their attributes are those of the field tables, whole or partial."""

from __future__ import annotations

import datetime as dt
import math
from collections.abc import Sequence
from dataclasses import FrozenInstanceError, fields, is_dataclass
from pathlib import Path
from typing import Any, get_args, get_type_hints

import pytest

from geo.faults import Fault
from geo.fields import Field
from geo.osm.selection import ROUTES
from scicity.inputs.read_study import bundled_study
from scicity.settings import fields as tables
from scicity.settings import sections
from scicity.settings.parsing import names_its_files, parse_settings
from scicity.settings.settings import SINGLE_FILES, FileName, Settings

TABLES = {
    sections.StudySettings: tables.STUDY_FIELDS,
    sections.FileSettings: tables.FILE_FIELDS,
    sections.OsmSettings: tables.OSM_FIELDS,
    sections.ScenarioSettings: tables.SCENARIO_FIELDS,
    sections.OpportunitySettings: tables.OPPORTUNITY_FIELDS,
    sections.GroupSettings: tables.GROUP_FIELDS,
    sections.PartnerSettings: tables.PARTNER_FIELDS,
    sections.UncertainSettings: tables.UNCERTAIN_FIELDS,
}
TYPES: dict[str, Any] = {
    "text": str,
    "number": float,
    "whole": int,
    "yes_no": bool,
    "date": dt.date,
}
ITEMS: dict[str, Any] = {"text": tuple[str, ...], "number": tuple[float, ...]}
BUNDLED = (bundled_study() / "study.toml").read_text(encoding="utf-8")


def expected_type(field: Field, optional: Sequence[str]) -> Any:
    """The type of a field's attribute; None too where it may be absent and has no default."""
    kind = ITEMS[field.items] if field.kind == "list" else TYPES[field.kind]
    present = field.required and field.name not in optional
    return kind if present or field.default is not None else kind | None


def read(text: str) -> tuple[Settings, list[Fault]]:
    settings, faults = parse_settings(text, bundled_study())
    assert settings is not None
    return settings, faults


@pytest.mark.parametrize(("section", "table"), TABLES.items())
def test_attributes_are_the_fields(section: type, table: Sequence[Field]) -> None:
    optional = tables.NOT_WITH_OSM if section is sections.FileSettings else ()
    expected = {field.name: expected_type(field, optional) for field in table}
    # in the same order too: records of a run are written in it
    assert list(get_type_hints(section).items()) == list(expected.items())


def test_every_section_has_its_table() -> None:
    assert {value for value in vars(sections).values() if is_dataclass(value)} == set(TABLES)


@pytest.mark.parametrize("section", TABLES)
def test_every_attribute_is_documented(section: type) -> None:
    documented = {
        name.strip()
        for line in (section.__doc__ or "").splitlines()
        if line.startswith("    ") and not line.startswith("     ")
        for name in line.split(",")
    }
    assert {field.name for field in fields(section)} <= documented


def test_names_of_files() -> None:
    names = [field.name for field in tables.FILE_FIELDS]
    assert list(get_args(FileName)) == [name for name in names if name != "transit"]
    assert list(SINGLE_FILES) == [n for n in names if n not in ("transit", "projects")]


def test_the_bundled_study_is_typed() -> None:
    settings, faults = read(BUNDLED)
    assert faults == []
    assert settings.missing == frozenset()
    assert settings.osm is None
    assert settings.study.baseline_date == dt.date(2022, 4, 20)
    assert settings.study.accessibility_cutoffs_secs == (1800, 2700, 3600)
    assert settings.scenarios["today"].projects == ()
    assert settings.scenarios["plan"].projects is None
    assert settings.files.transit == ("network/rail.geojson", "network/bus.geojson")
    with pytest.raises(FrozenInstanceError):
        settings.study.draws = 3  # type: ignore[misc]
    with pytest.raises(LookupError, match=r"no section \[osm\]"):
        settings.osm_section()


@pytest.mark.parametrize("day", ['"2022-04-20"', '"20220420"', "2022-04-20T08:30:00"])
def test_a_day_may_be_text_or_have_a_time(day: str) -> None:
    settings, faults = read(BUNDLED.replace("2022-04-20\n", f"{day}\n", 1))
    assert faults == []
    assert type(settings.study.baseline_date) is dt.date
    assert settings.study.baseline_date == dt.date(2022, 4, 20)


def test_what_cannot_be_read_has_a_placeholder() -> None:
    text = """
    uncertain.detour = { low = "1", source = "x" }
    partners.from_places = ["A"]
    groups.g = { name_zh = "g", name_en = "g", projects = [1] }
    scenarios = { s = { name_en = 5, projects = [] }, t = 3 }
    osm = {}
    study = { id = 5, draws = "many", spines = ["7"] }
    files = { areas = "areas.geojson", transit = 3 }
    """
    settings, faults = read(text)
    assert settings.study.id == settings.study.origin == ""
    assert settings.study.baseline_date == dt.date.min
    assert settings.study.draws == 100
    assert settings.study.spines == ("7",)
    assert settings.files.areas == "areas.geojson"
    assert settings.files.places == ""
    assert settings.files.districts is None
    assert settings.files.transit == ()
    assert settings.osm == sections.OsmSettings("", 2_000, ROUTES, 1_000)
    assert settings.scenarios == {"s": sections.ScenarioSettings("", "", (), None, None)}
    assert settings.groups["g"].projects == ()
    assert settings.partners == sections.PartnerSettings(("A",), (), "")
    assert math.isnan(settings.uncertain["detour"].low)
    assert settings.missing == {
        *(f"study.{n}" for n in ("id", "name_zh", "name_en", "baseline_date", "crs")),
        *(f"study.{n}" for n in ("baseline", "scenario", "origin")),
        *("files.projects", "files.places", "files.population", "osm.file"),
        *("scenarios.s.name_zh", "scenarios.s.name_en", "groups.g.projects"),
        *("partners.to_places", "partners.source", "uncertain.detour.low"),
        "uncertain.detour.high",
    }
    # nothing has a placeholder without a fault
    assert len(faults) >= len(settings.missing)
    assert not names_its_files(settings, faults)


@pytest.mark.parametrize("key", ["areas", "road_nodes", "transit", "population"])
def test_without_a_required_file_none_is_read(key: str, tmp_path: Path) -> None:
    lines = [line for line in BUNDLED.splitlines() if not line.startswith(f"{key} = ")]
    settings, faults = parse_settings("\n".join(lines), tmp_path)
    assert settings is not None
    assert [(fault.code, fault.feature) for fault in faults] == [("key-missing", "files")]
    assert not names_its_files(settings, faults)
