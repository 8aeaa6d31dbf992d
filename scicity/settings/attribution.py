"""The sections `[groups]`, `[uncertain]` and `[partners]` of study.toml."""

from __future__ import annotations

from collections.abc import Mapping

from analysis.attribution.network.players import PlayerGroup, cycle_faults, players_of
from analysis.attribution.uncertainty import UNCERTAIN_NAMES, Uncertain, is_factor
from geo.faults import Fault, shown
from geo.fields import unknown_key_fault
from layers.assumptions import Assumptions, assumption_fields
from layers.projects import Project
from layers.scenarios import with_required
from scicity.settings.rules import STUDY_FILE
from scicity.settings.sections import GroupSettings, PartnerSettings, UncertainSettings


def group_faults(groups: Mapping[str, GroupSettings]) -> list[Fault]:
    """No project is in two groups."""
    faults: list[Fault] = []
    group_of: dict[str, str] = {}
    for name, entry in groups.items():
        for project_id in entry.projects:
            if project_id in group_of:
                message = f"{project_id} is also in group {group_of[project_id]}"
                allowed = "one group a project"
                where = f"groups.{name}"
                faults.append(Fault(STUDY_FILE, where, "id-duplicate", message, allowed))
            group_of[project_id] = name
    return faults


def member_faults(
    groups: Mapping[str, GroupSettings], projects: Mapping[str, Project]
) -> list[Fault]:
    """Members that do not exist, and groups with the id of a project that is not in them."""
    faults = []
    for name, entry in groups.items():
        where = f"groups.{name}"
        for project_id in entry.projects:
            if project_id not in projects:
                message = f"project {project_id!r} does not exist"
                allowed = ", ".join(projects)
                faults.append(Fault(STUDY_FILE, where, "id-unknown", message, allowed))
        if name in projects and name not in entry.projects:
            message, allowed = f"{name} is the id of a project", "another name"
            faults.append(Fault(STUDY_FILE, where, "id-duplicate", message, allowed))
    if faults:
        return faults
    known = [p for p in with_required(list(projects), projects) if p in projects]
    return cycle_faults(players_of(known, groups_of(groups), projects), projects, STUDY_FILE)


def partner_faults(partners: PartnerSettings | None, place_ids: set[str]) -> list[Fault]:
    """Partners are places that exist; without any place the places file has a fault already."""
    if partners is None or not place_ids:
        return []
    named = (("from_places", partners.from_places), ("to_places", partners.to_places))
    allowed = "a place_id of the places file"
    return [
        Fault(STUDY_FILE, "partners", "id-unknown", f"{key} holds {name!r}", allowed)
        for key, names in named
        for name in names
        if name not in place_ids
    ]


def uncertain_faults(
    entries: Mapping[str, UncertainSettings], assumptions: Assumptions
) -> list[Fault]:
    """What varies is known, low lies below the central value and high above it."""
    faults = []
    ranges = {item.name: item.metadata for item in assumption_fields()}
    for name, entry in entries.items():
        where = f"uncertain.{name}"
        if name not in UNCERTAIN_NAMES:
            faults.append(unknown_key_fault(name, UNCERTAIN_NAMES, STUDY_FILE, "uncertain"))
            continue
        low, high = entry.low, entry.high
        factor = is_factor(name, assumptions)
        central = 1.0 if factor else getattr(assumptions, name)
        least, most = (0.1, 10.0) if factor else (ranges[name]["low"], ranges[name]["high"])
        if not least <= low <= central <= high <= most:
            message = f"low is {shown(low)}, high is {shown(high)}"
            what = "factors" if factor else "values"
            allowed = f"{what}: {least:g} <= low <= {central:g} <= high <= {most:g}"
            faults.append(Fault(STUDY_FILE, where, "value-out-of-range", message, allowed))
    return faults


def groups_of(entries: Mapping[str, GroupSettings]) -> list[PlayerGroup]:
    """The groups that a study names."""
    return [PlayerGroup(n, e.name_zh, e.name_en, e.projects) for n, e in entries.items()]


def uncertain_values(entries: Mapping[str, UncertainSettings]) -> list[Uncertain]:
    """The uncertain values that a study names."""
    return [Uncertain(n, e.low, e.high, e.source) for n, e in entries.items()]
