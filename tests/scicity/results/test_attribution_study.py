"""Attribution of the bundled study's projects, against what the other questions find."""

from __future__ import annotations

from dataclasses import replace

import numpy as np
import pandas as pd
import pytest

from analysis.attribution.direct_values import direct_values, point_times
from analysis.attribution.measures import every_zone
from analysis.attribution.network.additive_network import additive_network
from analysis.attribution.network.package import Package
from analysis.attribution.network.players import required_players
from analysis.attribution.shapley.feasible import feasible_part
from analysis.attribution.shapley.game import game
from analysis.attribution.shapley.values import shapley_values
from analysis.attribution.subset_values import place_values, zone_values
from analysis.graph.travel import Travel
from layers.scenarios import Scenario
from scicity.inputs.pair import Pair, network_pair
from scicity.inputs.study import Study
from scicity.results.attribution import TRAVELS, Attribution, SamplingEffort, attribution_results
from scicity.results.attribution_inputs import attribution_measures, scenario_players
from scicity.results.run_results import accessibility_results
from scicity.results.subset_networks import Networks, SubsetEvaluator
from scicity.results.subset_values import every_subset
from scicity.settings.sections import GroupSettings

FEW = ("HUXI", "CRT7P1", "KXC")
REPLACING = ("GXDD", "HUXI")
"""GXDD replaces some of today's streets."""
KEYS = ["measure", "mode", "area_id"]


def with_scenario(study: Study, *ids: str, **groups: tuple[str, ...]) -> Study:
    """The study with a scenario `mine` and only these groups."""
    named = {name: GroupSettings(name, name, members) for name, members in groups.items()}
    scenarios = {**study.scenarios, "mine": Scenario("mine", "", "", ids)}
    new = replace(study, scenarios=scenarios, settings=replace(study.settings, groups=named))
    # what does not depend on scenarios need not be found again
    new.__dict__.update(conditions=study.conditions, _zones=study.zones(), plans=study.plans)
    return new


def results(study: Study, *ids: str, **groups: tuple[str, ...]) -> tuple[Attribution, Study, Pair]:
    mine = with_scenario(study, *ids, **groups)
    pair = network_pair(mine, "today", "mine")
    found = attribution_results(mine, pair, SamplingEffort(draws=0))
    assert found is not None
    return found, mine, pair


@pytest.fixture(scope="module")
def few(study: Study) -> tuple[Attribution, Study, Pair]:
    return results(study, *FEW)


@pytest.fixture(scope="module")
def replacing(study: Study) -> tuple[Attribution, Study, Pair]:
    return results(study, *REPLACING)


def table_of(found: Attribution, name: str) -> pd.DataFrame:
    """One figure of the shares, players across."""
    return found.shares.pivot_table(index=KEYS, columns="player_id", values=name)


def check_changes(asked: tuple[Attribution, Study, Pair]) -> None:
    """Means before and after are those of the accessibility tables."""
    found, mine, pair = asked
    by_area = accessibility_results(mine, pair).by_area.set_index(KEYS)
    changes = found.changes.set_index(KEYS)
    same = changes.index.intersection(by_area.index)
    assert len(same) == 7 * 2 * 7  # measures, modes, areas with everywhere
    for ours, theirs in (("baseline", "baseline_mean"), ("scenario", "scenario_mean")):
        wanted = by_area.loc[same, theirs].to_numpy()
        assert changes.loc[same, ours].to_numpy() == pytest.approx(wanted, rel=1e-9)


def check_sums(found: Attribution) -> None:
    """Shapley values add up to the change, whatever the unit."""
    total = found.shares.groupby(KEYS)["shapley"].sum()
    changes = found.changes.set_index(KEYS).loc[total.index]
    size = changes[["baseline", "scenario"]].abs().max(axis=1)
    assert ((total - changes["gain"]).abs() <= 1e-9 * size).all()
    assert (found.shares["shapley_error"] == 0).all()


def test_changes_are_those_of_the_accessibility_tables(
    few: tuple[Attribution, Study, Pair],
) -> None:
    check_changes(few)
    check_sums(few[0])
    assert few[0].exact


def test_where_a_project_replaces_streets_too(replacing: tuple[Attribution, Study, Pair]) -> None:
    check_changes(replacing)
    check_sums(replacing[0])
    assert replacing[0].exact


def test_first_in_is_the_change_of_the_project_alone(
    study: Study, replacing: tuple[Attribution, Study, Pair]
) -> None:
    alone = with_scenario(study, "GXDD")
    by_area = accessibility_results(alone, network_pair(alone, "today", "mine")).by_area
    wanted = by_area.set_index(KEYS)["change_mean"]
    first = table_of(replacing[0], "first_in")["GXDD"]
    same = first.index.intersection(wanted.index)
    assert len(same) == 98
    assert first[same].to_numpy() == pytest.approx(wanted[same].to_numpy(), rel=1e-6, abs=1e-6)


def test_subsets_beside_a_project_that_replaces_are_those_of_searches(
    replacing: tuple[Attribution, Study, Pair],
) -> None:
    found, mine, pair = replacing
    networks, wanted = Networks(mine, pair, found.players), attribution_measures(mine)
    ours, only_add = every_subset(networks, wanted, TRAVELS)
    evaluator = SubsetEvaluator(networks, wanted, TRAVELS)
    assert not only_add
    assert ours.columns.equals(evaluator.columns)
    for built in range(2 ** len(REPLACING)):
        assert ours.table[built] == pytest.approx(evaluator.values(built), rel=1e-9), built


def test_subsets_of_players_whose_roads_end_at_one_another_are_those_of_searches(
    study: Study,
) -> None:
    """Pingshan Avenue ends at Science Avenue, and elsewhere if that is not built."""
    ids = ("GXDD", "KXDD_P1", "PSDD", "KXDD_P2S")
    found, mine, pair = results(study, *ids)
    networks, wanted = Networks(mine, pair, found.players), attribution_measures(mine)
    ours, _ = every_subset(networks, wanted, TRAVELS)
    evaluator = SubsetEvaluator(networks, wanted, TRAVELS)
    required = required_players(found.players, mine.projects)
    for built in np.unique(feasible_part(required)).tolist():
        assert ours.table[built] == pytest.approx(evaluator.values(built), rel=1e-6, abs=1e-6), (
            built
        )
    check_sums(found)


def test_a_scenario_without_a_project_of_the_baseline_is_not_attributed(study: Study) -> None:
    pair = network_pair(study, "clause_4_2", "clause_4_1")
    assert attribution_results(study, pair, SamplingEffort(draws=0)) is None


def test_one_project_that_replaces(study: Study) -> None:
    """A single player has all of the change."""
    found, _, _ = results(study, "GXDD")
    check_sums(found)
    assert (found.shares["shapley"] == found.shares["first_in"]).all()
    assert (found.shares["shapley"] == found.shares["last_in"]).all()
    assert found.pairs.empty


def test_the_order_of_projects_changes_nothing(
    study: Study, few: tuple[Attribution, Study, Pair]
) -> None:
    other, _, _ = results(study, *reversed(FEW))
    for name in ("first_in", "last_in", "shapley"):
        one, two = table_of(few[0], name), table_of(other, name)
        assert list(one.columns) == list(two.columns)
        size = few[0].changes.set_index(KEYS)["scenario"].abs()[one.index]
        assert ((one - two).abs().max(axis=1) <= 1e-9 * size).all()
    orders = [
        found.orders.drop(columns=["gain", "gap"]).to_numpy().tolist() for found in (few[0], other)
    ]
    assert orders[0] == orders[1]


@pytest.mark.parametrize("members", [("HUXI", "CRT7P1"), ("CRT7P1", "HUXI")])
def test_a_group_of_two_has_what_both_have(
    study: Study, few: tuple[Attribution, Study, Pair], members: tuple[str, str]
) -> None:
    found, _, _ = results(study, *FEW, pair=members)
    assert [player.player_id for player in found.players] == ["pair", "KXC"]
    pairs = few[0].pairs
    both = pairs.loc[(pairs["first"] == "HUXI") & (pairs["second"] == "CRT7P1")]
    wanted = both.set_index(["measure", "mode"])["together"]
    own = found.shares.query("player_id == 'pair' and area_id == 'all'")
    alone = own.set_index(["measure", "mode"])["first_in"]
    assert alone[wanted.index].to_numpy() == pytest.approx(wanted.to_numpy(), rel=1e-9)
    check_sums(found)


# The plan -----------------------------------------------------------------------------------


@pytest.fixture(scope="module")
def plan(study: Study) -> tuple[Study, Networks, Package]:
    pair = network_pair(study, "today", "plan")
    networks = Networks(study, pair, scenario_players(study, pair))
    whole = networks.network(2 ** len(networks.players) - 1)
    required = required_players(networks.players, study.projects)
    return study, networks, Package(whole, networks.players, required)


def check_plan(plan: tuple[Study, Networks, Package], travel: Travel, share: float) -> int:
    """Subsets of the active players, some of them drawn, against searches; how many these are."""
    study, networks, package = plan
    wanted = attribution_measures(study)
    limit = study.settings.assumptions.max_trip_secs
    found = additive_network(package, wanted.points, travel=travel, conditions=study.conditions)
    zones = len(wanted.zones)
    before = point_times(networks.network(0), wanted, travel=travel, conditions=study.conditions)
    reached = np.isfinite(before[zones:, zones:])
    parts = (
        zone_values(wanted, found, travel, every_zone(wanted)),
        place_values(wanted, found, travel, limit, timed=reached),
    )
    table = np.concatenate([part.table for part in parts], axis=1)
    active = found.active
    whole = game([f"{k}" for k in active], table, found.additions.required)
    assert shapley_values(whole).sum(axis=0) == pytest.approx(whole.change, rel=1e-9, abs=1e-6)
    required = found.additions.required
    checked = 0
    for subset in range(2 ** len(active)):
        lacks = any(int(required[k]) & ~subset for k in range(len(active)) if subset >> k & 1)
        if lacks or np.random.default_rng([244, subset]).random() > share:
            continue
        network = networks.network(sum(1 << k for at, k in enumerate(active) if subset >> at & 1))
        secs = point_times(network, wanted, travel=travel, conditions=study.conditions)
        row = direct_values(secs, wanted, travel, reached=reached, limit=limit).table[0]
        assert table[subset] == pytest.approx(row, rel=1e-7)
        checked += 1
    return checked


def test_some_subsets_of_the_plan_by_car(plan: tuple[Study, Networks, Package]) -> None:
    assert check_plan(plan, Travel("drive"), 0.1) >= 4


@pytest.mark.slow
def test_all_subsets_of_the_plan_by_car(plan: tuple[Study, Networks, Package]) -> None:
    """Six of the players add a street; the airport road requires the avenue: 48 of 64."""
    assert check_plan(plan, Travel("drive"), 1.0) == 48


@pytest.mark.slow
def test_subsets_of_the_plan_by_transit(plan: tuple[Study, Networks, Package]) -> None:
    assert check_plan(plan, Travel("transit"), 0.007) >= 40
