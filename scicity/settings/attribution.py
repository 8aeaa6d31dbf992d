"""The sections `[groups]`, `[uncertain]` and `[partners]` of study.toml."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from analysis.attribution.network.players import PlayerGroup, cycle_faults, players_of
from analysis.attribution.uncertainty import UNCERTAIN_NAMES, Uncertain, is_factor
from geo.faults import Fault, shown
from geo.fields import unknown_key_fault
from layers.assumptions import Assumptions, assumption_fields
from layers.projects import Project
from layers.scenarios import with_required
from scicity.settings.rules import STUDY_FILE


def group_faults(groups: Mapping[str, Mapping[str, Any]]) -> list[Fault]:
    """No project is in two groups."""
    faults: list[Fault] = []
    group_of: dict[str, str] = {}
    for name, entry in groups.items():
        for project_id in entry["projects"] or ():
            if project_id in group_of:
                message = f"{project_id} is also in group {group_of[project_id]}"
                allowed = "one group a project"
                where = f"groups.{name}"
                faults.append(Fault(STUDY_FILE, where, "id-duplicate", message, allowed))
            group_of[project_id] = name
    return faults


def member_faults(
    groups: Mapping[str, Mapping[str, Any]], projects: Mapping[str, Project]
) -> list[Fault]:
    """Members that do not exist, and groups with the id of a project that is not in them."""
    faults = []
    for name, entry in groups.items():
        where = f"groups.{name}"
        for project_id in entry["projects"] or ():
            if project_id not in projects:
                message = f"project {project_id!r} does not exist"
                allowed = ", ".join(projects)
                faults.append(Fault(STUDY_FILE, where, "id-unknown", message, allowed))
        if name in projects and name not in (entry["projects"] or ()):
            message, allowed = f"{name} is the id of a project", "another name"
            faults.append(Fault(STUDY_FILE, where, "id-duplicate", message, allowed))
    if faults:
        return faults
    known = [p for p in with_required(list(projects), projects) if p in projects]
    return cycle_faults(players_of(known, groups_of(groups), projects), projects, STUDY_FILE)


def partner_faults(partners: Mapping[str, Any], place_ids: set[str]) -> list[Fault]:
    """Partners are places that exist; without any place that is told already."""
    return [
        Fault(
            STUDY_FILE,
            "partners",
            "id-unknown",
            f"{key} holds {name!r}",
            "a place_id of the places file",
        )
        for key in ("from_places", "to_places")
        for name in partners.get(key) or ()
        if place_ids and name not in place_ids
    ]


def uncertain_faults(
    entries: Mapping[str, Mapping[str, Any]], assumptions: Assumptions
) -> list[Fault]:
    """What varies is known, low lies below the central value and high above it."""
    faults = []
    ranges = {item.name: item.metadata for item in assumption_fields()}
    for name, entry in entries.items():
        where = f"uncertain.{name}"
        if name not in UNCERTAIN_NAMES:
            faults.append(unknown_key_fault(name, UNCERTAIN_NAMES, STUDY_FILE, "uncertain"))
            continue
        low, high = entry["low"], entry["high"]
        if low is None or high is None:
            continue
        factor = is_factor(name, assumptions)
        central = 1.0 if factor else getattr(assumptions, name)
        least, most = (0.1, 10.0) if factor else (ranges[name]["low"], ranges[name]["high"])
        if not least <= low <= central <= high <= most:
            message = f"low is {shown(low)}, high is {shown(high)}"
            what = "factors" if factor else "values"
            allowed = f"{what}: {least:g} <= low <= {central:g} <= high <= {most:g}"
            faults.append(Fault(STUDY_FILE, where, "value-out-of-range", message, allowed))
    return faults


def groups_of(entries: Mapping[str, Mapping[str, Any]]) -> list[PlayerGroup]:
    """The groups that a study names."""
    return [
        PlayerGroup(name, entry["name_zh"], entry["name_en"], tuple(entry["projects"] or ()))
        for name, entry in entries.items()
    ]


def uncertain_values(entries: Mapping[str, Mapping[str, Any]]) -> list[Uncertain]:
    """The uncertain values that a study names."""
    return [Uncertain(n, e["low"], e["high"], e["source"]) for n, e in entries.items()]
