"""When the gains come, by making every network anew: whatever the years are."""

from __future__ import annotations

from dataclasses import replace
from functools import cache

import numpy as np
import pytest
from easy_values import conditions
from hypothesis import given
from hypothesis import strategies as st
from hypothesis_settings import examples
from network_parts import project, road, tunnel
from phasing_worlds import FAR, HERE, IDS, PROJECTS, TRAVELS, WITHIN, means, phases, zones

from analysis.accessibility import accessibility_on
from analysis.change import accessibility_by_area
from analysis.graph.routable_network import routable_network
from analysis.graph.travel import Travel
from analysis.measures import Measure
from analysis.phasing import (
    Phases,
    slips,
    yearly,
)
from layers.projects import Project
from layers.scenarios import Scenario, apply_scenario, open_in, opening_years, with_required
from scicity.inputs.pair import network_pair
from scicity.inputs.study import Study
from scicity.results.gains import study_programme
from scicity.results.network_states import page_states


@cache
def anew(ids: tuple[str, ...], travel: Travel, measure: Measure) -> float:
    """What an average person reaches with some projects, from the beginning."""
    scenario, projects = Scenario("", "", "", ids), with_years(2020, 2020, 2020)
    network = apply_scenario(HERE.network(), scenario, projects=projects, portal_snap_m=300).network
    middles = zones().set_index("zone_id").geometry
    routable = routable_network(network, middles, travel=travel, conditions=conditions())
    found = accessibility_on(routable.linked, zones(), [measure], limit_secs=measure.value)
    return float(np.average(found[measure.name], weights=zones()["population"]))


def is_open(project_id: str, year: int, projects: dict[str, Project]) -> bool:
    """Whether it and all that it requires are finished."""
    needed = with_required([project_id], projects)
    return all(projects[other].opening_year <= year for other in needed)


def open_ids(year: int, projects: dict[str, Project]) -> tuple[str, ...]:
    return tuple(p for p in IDS if is_open(p, year, projects))


def with_years(*years: int) -> dict[str, Project]:
    """The tunnels, then the bus; a footbridge beside the first tunnel comes with it."""
    bridge = road("foot", HERE.line("BC"), walk=True, drive=False)
    own = {**PROJECTS, "bus": replace(PROJECTS["bus"], requires=("one",))}
    own["one"] = project("one", roads=[tunnel("one", HERE.line("BC")), bridge])
    return {
        name: replace(own[name], opening_year=year) for name, year in zip(IDS, years, strict=True)
    }


@pytest.mark.parametrize("measure", [WITHIN, FAR], ids=lambda m: m.name)
@examples(5, quick=2)
@given(*[st.integers(2020, 2024)] * 3, st.sampled_from(IDS), st.integers(1, 3))
def test_a_slip_is_the_difference_of_two_programmes(
    measure: Measure, one: int, bus: int, two: int, project_id: str, delay: int
) -> None:
    """Made anew, year by year, with a later project; nothing gets better."""
    projects = with_years(one, bus, two)
    year_late = projects[project_id].opening_year + delay
    late = {**projects, project_id: replace(projects[project_id], opening_year=year_late)}
    asked = phases(projects, measure=measure)
    table, found = yearly(asked), slips(asked, [delay])
    rows = found.loc[found["project_id"] == project_id].set_index("mode")
    years = range(2019, 2028)
    for travel in TRAVELS:
        was = {year: anew(open_ids(year, projects), travel, measure) for year in years}
        now = {year: anew(open_ids(year, late), travel, measure) for year in years}
        lost = sum(was.values()) - sum(now.values())
        assert rows.loc[travel.mode, "shortfall"] == pytest.approx(lost, abs=1e-9)
        mine = means(table, travel.mode)
        assert mine == pytest.approx({year: was[year] for year in mine})
    assert (found["shortfall"] >= -1e-9).all()
    waiting = {p for y in years for p in {*open_ids(y, projects)} - {*open_ids(y, late)}}
    assert {*rows["waiting_ids"].iloc[0]} == waiting - {project_id}


@examples(30, quick=10)
@given(*[st.integers(2020, 2024)] * 3, st.sets(st.sampled_from(IDS)))
def test_open_is_what_is_finished_with_all_it_requires(
    one: int, bus: int, two: int, already: set[str]
) -> None:
    projects = with_years(one, bus, two)
    for year in range(2019, 2026):
        wanted = tuple(p for p in IDS if is_open(p, year, projects))
        assert open_in(IDS, year, projects=projects) == wanted
    # what is there already, with all it requires, keeps nobody waiting
    already = {*with_required(sorted(already), projects)}
    early = {
        p: replace(projects[p], opening_year=1990) if p in already else projects[p] for p in IDS
    }
    for year in range(2019, 2026):
        found = open_in(IDS, year, projects=projects, already=already)
        assert found == tuple(p for p in IDS if is_open(p, year, early))


def test_requirements_in_a_circle_or_from_elsewhere() -> None:
    pair = {
        "a": project("a", requires=("b", "gone"), opening_year=2025),
        "b": project("b", requires=("a",), opening_year=2030),
    }
    assert opening_years(["a", "b"], pair) == {"a": 2030, "b": 2030}
    assert opening_years(["a"], pair) == {"a": 2025}


# The bundled study --------------------------------------------------------------------------


def test_a_year_of_the_bundled_study_is_its_state_on_the_page(study: Study) -> None:
    pair = network_pair(study, "today", "plan")
    measure = Measure("people_2700", "cumulative", "population", 2700)
    asked = Phases(
        study_programme(study, pair),
        study.zones(),
        measures=[measure],
        travels=TRAVELS,
        conditions=study.conditions,
    )
    table = yearly(asked).set_index(["year", "mode", "area_id"])
    assert sorted({year for year, _, _ in table.index}) == list(range(2021, 2036))
    state = next(s for s in page_states(study, "today", "plan") if s.year == 2027)
    networks = {
        2021: pair.baseline,
        2027: study.plans.applied(Scenario("", "", "", state.project_ids)).network,
        2035: pair.scenario,
    }
    middles = study.zones().set_index("zone_id").geometry.centroid
    for year, network in networks.items():
        for travel in TRAVELS:
            routable = routable_network(
                network, middles, travel=travel, conditions=study.conditions
            )
            reached = accessibility_on(routable.linked, study.zones(), [measure], limit_secs=2700)
            both = {"baseline": reached, "scenario": reached}
            by_area = accessibility_by_area(study.zones(), both, mode=travel.mode, period="peak")
            for row in by_area.itertuples():
                mine = table.loc[(year, travel.mode, row.area_id)]
                assert mine["mean"] == pytest.approx(row.scenario_mean, rel=1e-12)
                assert mine["people"] == pytest.approx(row.people)


def test_no_road_of_the_bundled_study_is_better_late(study: Study) -> None:
    asked = Phases(
        study_programme(study, network_pair(study, "today", "plan")),
        study.zones(),
        measures=[Measure("people_2700", "cumulative", "population", 2700)],
        travels=[Travel("drive")],
        conditions=study.conditions,
    )
    found = slips(asked, [2]).set_index("project_id")
    assert (found["shortfall"] >= -1e-6).all()
    roads = {p for p in found.index if len(study.projects[p].roads)}
    assert {*found.index[found["shortfall"] > 0]} == roads
    assert found.loc["KXDD_P1", "waiting_ids"] == ("KXDD_P2S",)
    # a year of it is spent waiting for the section before it
    assert found.loc["KXDD_BB", ["opens", "opens_late"]].tolist() == [2024, 2025]
