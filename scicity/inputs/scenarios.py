"""The scenarios that a study names: by list, by clause, or by year."""

from __future__ import annotations

from collections.abc import Mapping

from geo.faults import Fault
from layers.projects import Project
from layers.scenarios import Scenario, projects_of_clause, projects_open_by, with_required
from scicity.settings.rules import STUDY_FILE
from scicity.settings.sections import ScenarioSettings
from scicity.settings.settings import Settings


def _project_ids(entry: ScenarioSettings, projects: Mapping[str, Project]) -> tuple[str, ...]:
    if entry.open_by is not None:
        return projects_open_by(entry.open_by, projects)
    if entry.clauses is not None:
        named = [p for clause in entry.clauses for p in projects_of_clause(clause, projects)]
        return with_required(list(dict.fromkeys(named)), projects)
    return entry.projects or ()


def named_scenarios(settings: Settings, projects: Mapping[str, Project]) -> dict[str, Scenario]:
    """Scenarios of study.toml with their projects, by id."""
    return {
        name: Scenario(name, entry.name_zh, entry.name_en, _project_ids(entry, projects))
        for name, entry in settings.scenarios.items()
    }


def clause_faults(settings: Settings, projects: Mapping[str, Project]) -> list[Fault]:
    """Faults of scenarios with a clause that no project has."""
    known = sorted({p.clause for p in projects.values() if p.clause})
    faults = []
    for name, entry in settings.scenarios.items():
        for clause in entry.clauses or ():
            if clause not in known:
                message = f"no project is of clause {clause!r}"
                where = f"scenarios.{name}"
                faults.append(Fault(STUDY_FILE, where, "id-unknown", message, ", ".join(known)))
    return faults
