"""The states of the network that a reader of the page can choose."""

from __future__ import annotations

from collections.abc import Sequence

from layers.scenarios import open_in, with_required
from maps.tables.network_states import State
from scicity.inputs.study import Study

BASELINE, YEAR, SCENARIO, PROJECT = "baseline", "year", "scenario", "project"


def _years(study: Study, baseline: State, plan: Sequence[str]) -> list[State]:
    new = [p for p in plan if p not in baseline.project_ids]
    years = sorted({study.projects[p].opening_year for p in new})
    return [
        State(
            f"year_{year}",
            YEAR,
            f"{year} 年底",
            f"end of {year}",
            year,
            open_in(plan, year, projects=study.projects, already=baseline.project_ids),
        )
        for year in years
    ]


def _projects(study: Study, baseline: State, plan: Sequence[str]) -> list[State]:
    states = []
    for project_id in plan:
        if project_id in baseline.project_ids:
            continue
        project = study.projects[project_id]
        ids = with_required([*baseline.project_ids, project_id], study.projects)
        zh, en = project.name_zh, project.name_en or project.name_zh
        states.append(State(f"project_{project_id}", PROJECT, zh, en, None, ids))
    return states


def page_states(study: Study, baseline_id: str, scenario_id: str) -> list[State]:
    """Baseline, scenario, its years, other scenarios of the study, its projects one by one.

    Parameters
    ----------
    study
        The study.
    baseline_id, scenario_id
        The scenarios that are compared.

    Returns
    -------
    list of State
        States without times, the most important first.
    """
    first, second = study.scenarios[baseline_id], study.scenarios[scenario_id]
    states = {
        s.scenario_id: State(s.scenario_id, SCENARIO, s.name_zh, s.name_en, None, s.project_ids)
        for s in (second, *study.scenarios.values())
        if s.scenario_id != baseline_id
    }
    baseline = State(baseline_id, BASELINE, first.name_zh, first.name_en, None, first.project_ids)
    plan = second.project_ids
    years, projects = _years(study, baseline, plan), _projects(study, baseline, plan)
    compared = [state for name, state in states.items() if name == scenario_id]
    others = [state for name, state in states.items() if name != scenario_id]
    return [baseline, *compared, *years, *others, *projects]
