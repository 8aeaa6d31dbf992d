"""What scenarios have in common is made once, and is what it would be if made anew."""

from __future__ import annotations

import gc
import weakref
from collections import Counter
from dataclasses import replace
from functools import cache
from typing import Any

import numpy as np
import pytest
from ascii_worlds import World, world
from coordinates import point
from easy_values import conditions, easy
from geopandas.testing import assert_geodataframe_equal
from hypothesis import given
from hypothesis import strategies as st
from hypothesis_settings import examples
from network_parts import project, road, route, tunnel
from random_roads import random_roads
from shapely.geometry import LineString

from analysis import project_effects as effects
from analysis.graph.street_times import drive_times, walk_times
from analysis.graph.travel import Travel
from layers.caching import LruCache, cached_by_identity
from layers.network import TransportNetwork
from layers.projects import Project
from layers.roads import RoadNetwork, road_network, streets
from layers.scenarios import Plans, Scenario, apply_scenario

SNAP_M = 300.0


def plan(*project_ids: str) -> Scenario:
    return Scenario("plan", "规划", "Plan", project_ids)


def valley() -> tuple[World, dict[str, Project]]:
    """Two streets, three roads between them, two lines; a road and a line that replace others."""
    here = world(
        """
        A---P---q---B
            |
        C---R---s---D
        """
    )
    middle = LineString([point(700, 0), point(700, 1_000)])
    projects = [
        project("road", roads=[road("road", here.line("qs"))]),
        project("tunnel", roads=[tunnel("tunnel", here.line("AC"))]),
        project("street", roads=[road("street", middle, walk=True)]),
        project("bus", routes=[route("bus", "AB")], stops_at=here.at("AB")),
        project("metro", routes=[route("metro", "AD")], stops_at=here.at("AD")),
        project("bridge", roads=[road("bridge", here.line("BD"))], replaces=("PR",)),
        project("express", routes=[route("express", "CD")], replaces=("old",)),
    ]
    return here, {item.project_id: item for item in projects}


HERE, PROJECTS = valley()
BASELINE = HERE.network(route("old", "CD"))


def check_same(one: TransportNetwork, other: TransportNetwork) -> None:
    """Every table to the last bit, and the same routes."""
    assert_geodataframe_equal(one.roads.nodes, other.roads.nodes)
    assert_geodataframe_equal(streets(one.roads), streets(other.roads))
    assert_geodataframe_equal(one.roads.edges, other.roads.edges)
    assert np.array_equal(one.roads.ends, other.roads.ends)
    assert_geodataframe_equal(one.stops, other.stops)
    assert one.routes == other.routes


def check_ends(roads: RoadNetwork) -> None:
    """`ends` are the rows of the nodes that the streets name."""
    names = roads.nodes.index.to_numpy()[roads.ends]
    assert names.tolist() == streets(roads)[["u", "v"]].to_numpy().tolist()


some_projects = st.lists(st.sampled_from(sorted(PROJECTS)), unique=True)


@examples(15, quick=5)
@given(st.lists(some_projects, min_size=1, max_size=4))
def test_scenarios_that_share_their_beginnings_are_what_each_is_alone(asked: list[Any]) -> None:
    plans = Plans(BASELINE, PROJECTS, SNAP_M)
    for ids in asked:
        scenario = plan(*ids)
        found, faults = plans.with_faults(scenario)
        alone = Plans(BASELINE, PROJECTS, SNAP_M)
        wanted, wrong = alone.with_faults(scenario)
        assert faults == wrong
        check_same(found.network, wanted.network)
        check_ends(found.network.roads)
        assert_geodataframe_equal(found.joins, wanted.joins)
        assert_geodataframe_equal(found.loose, wanted.loose)


def test_scenarios_with_the_same_roads_have_one_road_network() -> None:
    plans = Plans(BASELINE, PROJECTS, SNAP_M)
    two = plans.applied(plan("road", "tunnel")).network
    with_lines = plans.applied(plan("bus", "road", "metro", "tunnel", "express")).network
    assert with_lines.roads is two.roads
    assert plans.applied(plan("tunnel", "road")).network.roads is not two.roads
    assert plans.applied(plan("metro", "express")).network.roads is BASELINE.roads
    assert [r.route_id for r in with_lines.routes] == ["bus", "metro", "express"]


def test_a_road_network_lives_no_longer_than_its_holders() -> None:
    plans = Plans(BASELINE, PROJECTS, SNAP_M)
    network = plans.applied(plan("road")).network
    walk_times(network.roads, conditions().assumptions)
    alive = weakref.ref(network.roads)
    del network
    gc.collect()
    assert alive() is None


# Road networks ------------------------------------------------------------------------------


@examples(25, quick=8)
@given(random_roads())
def test_edges_and_streets_say_the_same(roads: RoadNetwork) -> None:
    """A network made of streets, and one of the edges that these have."""
    of_edges = RoadNetwork(roads.nodes, roads.edges)
    assert_geodataframe_equal(streets(of_edges), streets(roads))
    check_ends(roads)
    assert np.array_equal(of_edges.ends, roads.ends)
    named = replace(roads, nodes=roads.nodes.assign(name="x"))
    assert_geodataframe_equal(named.edges, roads.edges)
    table = streets(roads)
    there = roads.edges.reset_index()
    assert len(there) == len(table) + (~table["oneway"]).sum()
    back = there.loc[there["reversed"]].set_index("osmid")
    drawn = table.set_index("osmid").loc[back.index]
    assert (back["u"] == drawn["v"]).all()
    assert (back["v"] == drawn["u"]).all()
    assert back.geometry.reverse().geom_equals_exact(drawn.geometry, 0).all()


def test_nobody_changes_a_network_by_its_streets() -> None:
    roads = HERE.roads
    before = streets(roads).copy(deep=True)
    table = streets(roads)
    table["length"] = 1.0
    table.loc[0, "maxspeed"] = 1.0
    assert_geodataframe_equal(streets(roads), before)


def test_texts_that_no_new_street_has_stay_texts() -> None:
    table = streets(HERE.roads).assign(crossing="x")
    baseline = replace(HERE.network(), roads=road_network(HERE.roads.nodes, table))
    new = apply_scenario(baseline, plan("road"), projects=PROJECTS, portal_snap_m=SNAP_M)
    assert streets(new.network.roads).dtypes.equals(streets(baseline.roads).dtypes)


def test_streets_of_a_mode_do_not_depend_on_what_was_asked_before() -> None:
    """Speeds change with the assumptions though the streets are kept."""
    slow, quick = (easy(walk_speed_kph=kph) for kph in (3.6, 7.2))
    for _ in range(2):
        secs = [walk_times(HERE.roads, told).table["secs_forward"] for told in (slow, quick)]
        assert (secs[0] == 2 * secs[1]).all()
    volumes = conditions().volumes
    day = drive_times(HERE.roads, volumes, "offpeak", slow).table["secs_forward"]
    peak = drive_times(HERE.roads, volumes, "peak", slow).table["secs_forward"]
    assert (day < peak).all()


# What projects change -----------------------------------------------------------------------


def compiled_in(monkeypatch: pytest.MonkeyPatch, *project_ids: str) -> Counter[str]:
    """How many graphs of each mode are made for a package of these projects."""
    made: Counter[str] = Counter()
    routable_network = effects.routable_network

    def counting(*asked: Any, travel: Travel, **told: Any) -> Any:
        made[travel.mode] += 1
        return routable_network(*asked, travel=travel, **told)

    monkeypatch.setattr(effects, "routable_network", counting)
    projects = {name: PROJECTS[name] for name in project_ids}
    effects.project_effects(
        BASELINE,
        HERE.at("ABCD"),
        conditions=conditions(),
        package=effects.ProjectSet(projects, project_ids),
    )
    return made


def test_lines_are_not_looked_at_by_car(monkeypatch: pytest.MonkeyPatch) -> None:
    """One graph by car serves all; by transit the package, and each line alone and as the last."""
    made = compiled_in(monkeypatch, "bus", "metro")
    assert made == {"drive": 1, "transit": 2 + 2 * 2}


def test_a_tunnel_from_node_to_node_is_not_looked_at_by_transit(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    """Nobody walks through it and it splits no street; by car, without and with it."""
    assert compiled_in(monkeypatch, "tunnel") == {"drive": 2, "transit": 1}


def test_a_street_is_looked_at_by_car_and_on_foot(monkeypatch: pytest.MonkeyPatch) -> None:
    assert compiled_in(monkeypatch, "street") == {"drive": 2, "transit": 2}


@examples(6, quick=2)
@given(st.lists(st.sampled_from(sorted(PROJECTS)), unique=True, min_size=1, max_size=4))
def test_effects_are_those_of_networks_made_one_by_one(ids: list[str]) -> None:
    told, places = conditions(), HERE.at("ABCD")
    found = effects.project_effects(
        BASELINE, places, conditions=told, package=effects.ProjectSet(PROJECTS, ids)
    )

    @cache
    def matrix(chosen: tuple[str, ...], travel: Travel) -> np.ndarray:
        network = Plans(BASELINE, PROJECTS, SNAP_M).applied(plan(*chosen)).network
        routable = effects.routable_network(network, places, travel=travel, conditions=told)
        return effects.travel_time_matrix(routable, told.assumptions.max_trip_secs)

    for row in found.itertuples():
        [travel] = [t for t in effects.TRAVELS if t.mode == row.mode]
        rest = tuple(other for other in ids if other != row.project_id)
        last = row.comparison == "last"
        without, with_it = (rest, tuple(ids)) if last else ((), (row.project_id,))
        change = matrix(with_it, travel) - matrix(without, travel)
        both = np.isfinite(change) & ~np.eye(len(places), dtype=bool)
        assert row.pairs == both.sum()
        assert row.pairs_quicker == (change[both] < -1e-3).sum()
        assert row.mean_change_secs == pytest.approx(change[both].mean(), abs=1e-6)


# Remembering --------------------------------------------------------------------------------


def test_what_is_remembered_goes_with_its_thing() -> None:
    class Thing:
        pass

    @cached_by_identity
    def found(_: Thing) -> Thing:
        return Thing()

    here = Thing()
    first = weakref.ref(found(here))
    gc.collect()
    assert found(here) is first()
    del here
    gc.collect()
    assert first() is None


def test_recent_values_are_made_again_once_they_do_not_fit() -> None:
    recent: LruCache[int] = LruCache(2)
    made = iter(range(9))
    assert recent.get("a", lambda: next(made)) == 0
    assert recent.get("a", lambda: next(made)) == 0
    assert recent.get("a", lambda: next(made), fits=lambda value: value > 0) == 1
    assert recent.get("b", lambda: next(made)) == 2
    assert recent.get("c", lambda: next(made)) == 3
    assert recent.values() == [2, 3]
    assert recent.get("a", lambda: next(made)) == 4
