"""What a reader of the page can choose, also where there is little to choose from."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path

import pytest
from bad_inputs.base import make_base, toml
from browser import FAULTS, Browser

from layers.scenarios import Scenario, open_in
from scicity.cli import main
from scicity.inputs.study import Study
from scicity.results.network_states import page_states

SAME = '[scenarios.same]\nname_zh = "同"\nname_en = "Same"\nprojects = []\n\n'


def with_scenarios(study: Study, *names: str, same: bool = False) -> Study:
    """The study with some of its scenarios, and one more that is its baseline by another name."""
    kept = {name: study.scenarios[name] for name in names}
    twin = {"same": Scenario("same", "同", "Same", ())} if same else {}
    return replace(study, scenarios=kept | twin)


def test_a_single_scenario_is_its_own_baseline(study: Study) -> None:
    (state,) = page_states(with_scenarios(study, "today"), "today", "today")
    assert (state.state_id, state.kind, state.project_ids) == ("today", "baseline", ())


def test_a_scenario_equal_to_the_baseline_has_no_years_and_no_projects(study: Study) -> None:
    found = page_states(with_scenarios(study, "today", same=True), "today", "same")
    assert [(s.state_id, s.kind) for s in found] == [("today", "baseline"), ("same", "scenario")]
    assert found[0].project_ids == found[1].project_ids


def test_the_scenario_asked_about_comes_after_the_baseline(study: Study) -> None:
    kept = with_scenarios(study, "clause_4_1", "today", "plan", same=True)
    found = page_states(kept, "today", "plan")
    named = [s.state_id for s in found if s.kind in ("baseline", "scenario")]
    assert named == ["today", "plan", "clause_4_1", "same"]
    assert len({s.state_id for s in found}) == len(found)
    years = [s for s in found if s.kind == "year"]
    assert set(years[-1].project_ids) == set(found[1].project_ids)
    assert {s.state_id for s in found if s.kind == "project"} == {
        f"project_{name}" for name in found[1].project_ids
    }


def test_from_the_plan_back_to_today_there_is_nothing_new(study: Study) -> None:
    found = page_states(with_scenarios(study, "today", "plan"), "plan", "today")
    assert [(s.state_id, s.kind) for s in found] == [("plan", "baseline"), ("today", "scenario")]


def test_a_project_waits_for_what_it_requires(study: Study) -> None:
    project = next(p for p in study.projects.values() if p.requires)
    needed = study.projects[project.requires[0]]
    late = replace(needed, opening_year=project.opening_year + 5)
    both = (late.project_id, project.project_id)
    waiting = {**study.projects, late.project_id: late}
    assert open_in(both, project.opening_year, projects=waiting) == ()
    assert set(open_in(both, late.opening_year, projects=waiting)) == set(both)
    # what is no part of the scenario is not waited for
    assert open_in(both[1:], project.opening_year, projects=waiting) == both[1:]


@pytest.mark.slow
def test_a_run_without_any_change(tmp_path: Path, browser: Browser) -> None:
    """Areas where nobody lives, a scenario that is the baseline: all pages are made and work."""
    folder, out = make_base(tmp_path / "study"), tmp_path / "out"
    toml('scenario = "plan"', 'scenario = "same"')(folder)
    toml("[scenarios.plan]", f"{SAME}[scenarios.plan]")(folder)
    assert main(["run", "--study", str(folder), "--out", str(out)]) == 0
    for name in ("map.html", "report.html"):
        browser.events.clear()
        browser.open(out / name)
        browser.run("typeof scicity === 'undefined' || scicity.ready")
        assert browser.said(*FAULTS) == []
    assert "| – | – |" in (out / "report.md").read_text(encoding="utf-8")
