"""When the gains come: years and slips computed by hand, and by making every network anew."""

from __future__ import annotations

from dataclasses import replace
from functools import cache
from typing import Any

import geopandas as gpd
import numpy as np
import pandas as pd
import pytest
from hypothesis import given
from hypothesis import strategies as st
from worlds import CRS, conditions, examples, project, road, route, tunnel, world

from analysis import phasing
from analysis.accessibility import Measure, accessibility
from analysis.change import accessibility_by_area
from analysis.compiled import Travel, compile_network
from analysis.phasing import (
    OPENING_COLUMNS,
    SLIP_COLUMNS,
    YEARLY_COLUMNS,
    Phases,
    Programme,
    openings,
    slips,
    yearly,
)
from layers.projects import Project
from layers.scenarios import Scenario, apply_scenario, open_in, opening_years, with_required
from scicity.gains import study_programme
from scicity.pair import network_pair
from scicity.states import page_states
from scicity.study import Study

NAMES = "ABCDEF"
HERE = world("A---B   C---D   E---F")
"""A block takes a car 200 s and a walker 1000 s."""
WITHIN = Measure("people_650", "cumulative", "population", 650.0)
FAR = Measure("people_1050", "cumulative", "population", 1_050.0)
"""A car reaches all that is joined, a walker the next block."""
TRAVELS = (Travel("drive"), Travel("transit"))


def zones() -> gpd.GeoDataFrame:
    """A zone at each letter; powers of two as people; three in the west, three in the east."""
    columns = {
        "zone_id": list(NAMES),
        "area_id": ["west"] * 3 + ["east"] * 3,
        "population": [2.0**n for n in range(6)],
    }
    return gpd.GeoDataFrame(columns, geometry=list(HERE.at(NAMES)), crs=CRS)


def two_tunnels_and_a_bus() -> dict[str, Project]:
    """D-E is built first but waits for B-C; the bus from A to F comes last."""
    found = [
        project("one", roads=[tunnel("one", HERE.line("BC"))], opening_year=2025),
        project(
            "two", roads=[tunnel("two", HERE.line("DE"))], requires=("one",), opening_year=2023
        ),
        project("bus", routes=[route("bus", "AF", 60)], stops_at=HERE.at("AF"), opening_year=2028),
    ]
    return {item.project_id: item for item in found}


PROJECTS = two_tunnels_and_a_bus()
IDS = ("one", "bus", "two")


def phases(
    projects: dict[str, Project] = PROJECTS,
    *,
    already: tuple[str, ...] = (),
    measure: Measure = WITHIN,
) -> Phases:
    programme = Programme(HERE.network(), projects, IDS, already)
    return Phases(programme, zones(), measures=[measure], travels=TRAVELS, conditions=conditions())


def means(table: pd.DataFrame, mode: str, area_id: str = "all") -> dict[int, float]:
    part = table.loc[(table["mode"] == mode) & (table["area_id"] == area_id)]
    return dict(zip(part["year"], part["mean"], strict=True))


# By hand ------------------------------------------------------------------------------------


def test_what_opens_when() -> None:
    found = openings(phases().programme)
    assert tuple(found.columns) == OPENING_COLUMNS
    assert found["year"].tolist() == [2024, 2025, 2026, 2027, 2028]
    assert found["new_ids"].tolist() == [(), ("one", "two"), (), (), ("bus",)]
    assert found["open_ids"].tolist() == [(), *[("one", "two")] * 3, IDS]


def test_what_is_there_already_opens_no_more() -> None:
    programme = phases(already=("one",)).programme
    found = openings(programme).set_index("year")
    assert found.index.tolist() == list(range(2022, 2029))
    assert found.loc[2022, "open_ids"] == ("one",)
    assert found.loc[2023, "new_ids"] == ("two",)
    assert programme.open_in(1900) == ("one",)


def test_every_year_by_hand() -> None:
    """A car reaches three blocks; nobody walks a block; the bus takes a wait of 300 s and 60."""
    ticks: list[None] = []
    found = yearly(phases(), tick=lambda: ticks.append(None))
    assert tuple(found.columns) == YEARLY_COLUMNS
    assert len(ticks) == 5
    assert len(found) == 5 * 2 * 3
    before = (3 * 3 + 12 * 12 + 48 * 48) / 63
    joined = (1 * 15 + 2 * 31 + 4 * 63 + 8 * 63 + 16 * 62 + 32 * 60) / 63
    drive = {2024: before, **dict.fromkeys(range(2025, 2029), joined)}
    assert means(found, "drive") == pytest.approx(drive)
    west = (3 * 3 + 4 * 12) / 7, (1 * 15 + 2 * 31 + 4 * 63) / 7
    assert means(found, "drive", "west")[2024] == pytest.approx(west[0])
    assert means(found, "drive", "west")[2028] == pytest.approx(west[1])
    alone = sum(4**n for n in range(6)) / 63
    transit = {**dict.fromkeys(range(2024, 2028), alone), 2028: alone + 2 * 32 / 63}
    assert means(found, "transit") == pytest.approx(transit)
    last = found.loc[(found["year"] == 2028) & (found["area_id"] == "all")]
    assert last["change"].tolist() == pytest.approx([joined - before, 2 * 32 / 63])
    people = found.groupby("area_id")["people"].unique()
    assert people["west"] == 7
    assert people["all"] == 63


def test_every_slip_by_hand() -> None:
    ticks: list[None] = []
    found = slips(phases(), [1, 2, 5], tick=lambda: ticks.append(None))
    assert tuple(found.columns) == SLIP_COLUMNS
    assert len(ticks) == 9
    assert len(found) == 9 * 2
    rows = found.set_index(["project_id", "delay_years", "mode"])
    before = (3 * 3 + 12 * 12 + 48 * 48) / 63
    half = (15 * 15 + 48 * 48) / 63
    joined = (1 * 15 + 2 * 31 + 4 * 63 + 8 * 63 + 16 * 62 + 32 * 60) / 63
    for delay in (1, 2, 5):
        one = rows.loc["one", delay, "drive"]
        assert one["shortfall"] == pytest.approx(delay * (joined - before))
        assert one["waiting_ids"] == ("two",)
        assert (one["opens"], one["opens_late"]) == (2025, 2025 + delay)
        bus = rows.loc["bus", delay, "transit"]
        assert bus["shortfall"] == pytest.approx(delay * 64 / 63)
        assert bus["waiting_ids"] == ()
        # two has two years to spare
        two = rows.loc["two", delay, "drive"]
        assert two["opens_late"] == max(2025, 2023 + delay)
        assert two["shortfall"] == pytest.approx(max(delay - 2, 0) * (joined - half))
        for name, mode in (("one", "transit"), ("two", "transit"), ("bus", "drive")):
            assert rows.loc[name, delay, mode]["shortfall"] == 0


def test_nothing_opens() -> None:
    asked = phases(already=IDS)
    assert list(openings(asked.programme).columns) == list(OPENING_COLUMNS)
    assert yearly(asked).empty
    assert slips(asked, [1]).empty


def test_where_nobody_lives_nobody_gains() -> None:
    programme, empty = Programme(HERE.network(), PROJECTS, IDS), zones().assign(population=0.0)
    asked = Phases(programme, empty, measures=[WITHIN], travels=TRAVELS, conditions=conditions())
    assert yearly(asked).empty
    assert slips(asked, [1]).empty


def test_no_network_is_asked_twice(monkeypatch: pytest.MonkeyPatch) -> None:
    """By car the bus is nothing new; years in which nothing opens are like those before."""
    asked: list[str] = []

    def counting(*args: Any, travel: Travel, **values: Any) -> Any:
        asked.append(travel.mode)
        return compile_network(*args, travel=travel, **values)

    monkeypatch.setattr(phasing, "compile_network", counting)
    found = phases()
    first = yearly(found)
    assert sorted(asked) == ["drive"] * 2 + ["transit"] * 3
    pd.testing.assert_frame_equal(yearly(found), first)
    slips(found, [1, 2])
    # whatever is late, each set of open projects has been met before
    assert sorted(asked) == ["drive"] * 2 + ["transit"] * 3


# Whatever the years -------------------------------------------------------------------------


@cache
def anew(ids: tuple[str, ...], travel: Travel, measure: Measure) -> float:
    """What an average person reaches with some projects, from the beginning."""
    scenario, projects = Scenario("", "", "", ids), with_years(2020, 2020, 2020)
    network = apply_scenario(HERE.network(), scenario, projects=projects, portal_snap_m=300).network
    middles = zones().set_index("zone_id").geometry
    question = compile_network(network, middles, travel=travel, conditions=conditions())
    found = accessibility(question.trips, zones(), [measure], limit_secs=measure.value)
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
@given(*[st.integers(2020, 2024)] * 3, st.sampled_from(IDS), st.integers(1, 3))
@examples(5)
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


@given(*[st.integers(2020, 2024)] * 3, st.sets(st.sampled_from(IDS)))
@examples(30)
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
            question = compile_network(network, middles, travel=travel, conditions=study.conditions)
            reached = accessibility(question.trips, study.zones(), [measure], limit_secs=2700)
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
