"""Who must reach whom: pairs before and after, by hand."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

import geopandas as gpd
import pandas as pd
import pytest
from ascii_worlds import world
from easy_values import conditions
from network_parts import project, tunnel

from analysis.graph.travel import Travel
from analysis.partners import (
    PARTNER_COLUMNS,
    PARTNER_SUMMARY_COLUMNS,
    Partners,
    partner_pairs,
    partner_summary,
)
from analysis.travel_time import travel_times
from layers.scenarios import Scenario, apply_scenario
from scicity.inputs.study import Study
from scicity.results.gains import study_partners


def times_of(network: Any, places: gpd.GeoSeries) -> pd.DataFrame:
    found = travel_times(network, places, travel=Travel("drive"), conditions=conditions())
    return found.table.assign(mode="drive", period="peak")


def test_partners_before_and_after_a_tunnel() -> None:
    """A block takes 200 s. The tunnel B-C opens the way from A to D; x is never reached."""
    here = world(
        """
        A---B   C---D


                           x---X
        """,
        streets={"AB": {"oneway": True}},
    )
    projects = {"t": project("t", roads=[tunnel("t", here.line("BC"))])}
    baseline, places = here.network(), here.at("ABDx")
    plan = Scenario("plan", "", "", ("t",))
    scenario = apply_scenario(baseline, plan, projects=projects, portal_snap_m=300).network
    partners = Partners(["A"], ["B", "A", "D", "x"])
    pairs = partner_pairs(times_of(baseline, places), times_of(scenario, places), partners=partners)
    assert tuple(pairs.columns) == PARTNER_COLUMNS
    assert pairs[["from_id", "to_id", "direction", "opened"]].to_numpy().tolist() == [
        ["A", "B", "out", False],
        ["A", "D", "out", True],
    ]
    assert pairs["scenario_secs"].tolist() == pytest.approx([200, 600], abs=1e-3)
    assert pairs["change_secs"].iloc[0] == 0
    assert pairs[["baseline_secs", "change_secs"]].iloc[1].isna().all()
    # the other way round there is no way out, but one back
    back = partner_pairs(
        times_of(baseline, places),
        times_of(scenario, places),
        partners=Partners(["D"], ["A"]),
    )
    assert back[["from_id", "to_id", "direction"]].to_numpy().tolist() == [["A", "D", "back"]]
    found = partner_summary(pairs, partners, [199.0, 200.0, 600.0])
    assert tuple(found.columns) == PARTNER_SUMMARY_COLUMNS
    assert found["pairs"].tolist() == [3, 3, 3]
    assert found["baseline_within"].tolist() == [0, 1, 1]
    assert found["scenario_within"].tolist() == [0, 1, 2]
    assert found["pairs_timed"].tolist() == [1, 1, 1]
    assert found["scenario_mean_secs"].tolist() == pytest.approx([200] * 3, abs=1e-3)
    only = partner_summary(pairs.iloc[1:], partners, [600.0])
    assert only["pairs_timed"].tolist() == [0]
    assert only["change_mean_secs"].isna().all()


def test_a_time_that_is_lost_and_one_that_changes() -> None:
    keys = {"mode": "drive", "period": "peak"}
    was = pd.DataFrame({"from_id": ["A", "A"], "to_id": ["B", "C"], "secs": [100.0, 50.0]})
    now = pd.DataFrame({"from_id": ["A"], "to_id": ["B"], "secs": [60.0]})
    pairs = partner_pairs(
        was.assign(**keys), now.assign(**keys), partners=Partners(["A"], ["C", "B"])
    )
    assert pairs["to_id"].tolist() == ["C", "B"]
    assert not pairs["opened"].any()
    assert pairs["change_secs"].isna().tolist() == [True, False]
    assert pairs["change_secs"].iloc[1] == -40


def test_partners_are_science_in_the_core_and_all_parks(study: Study) -> None:
    """Unless the study names them."""
    assert "PK_TJ" not in study_partners(study).to_ids
    study = replace(study, settings=replace(study.settings, partners=None))
    partners = study_partners(study)
    science = ["CENTRE", "JFLAB", "UTED", "CAS", "VALLEY", "HALL", "LIFE"]
    assert partners.from_ids == [f"SC_{name}" for name in science]
    assert "PK_JL" in partners.to_ids  # in the core's outline
    moved = study.places.copy()
    away = study.place_points["C_BS"]
    moved.loc[moved["place_id"] == "SC_HALL", "geometry"] = away
    assert study_partners(replace(study, places=moved)).from_ids == [
        f"SC_{name}" for name in science if name != "HALL"
    ]
