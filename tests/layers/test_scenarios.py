"""Projects applied to a network: what they join, what is wrong with them, what they change.

Conveyal R5's `ScenarioInvariantTests` are the model for the invariants: a project that only adds
never makes a trip longer, whatever else is there already.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import replace
from itertools import pairwise, permutations
from typing import Any

import geopandas as gpd
import numpy as np
import pandas as pd
import pytest
from ascii_worlds import World, world
from coordinates import CRS, point
from easy_values import conditions, easy
from geopandas.testing import assert_geodataframe_equal, assert_geoseries_equal
from hypothesis import assume, given
from hypothesis import strategies as st
from hypothesis_settings import examples
from network_parts import project, road, route, stops, tunnel
from random_roads import bent, points_near, random_roads
from shapely.geometry import LineString
from travel_times_between import times

from analysis.accessibility import cumulative_opportunities, gravity
from analysis.graph.routable_network import MODES, Mode
from analysis.project_effects import EFFECT_COLUMNS, Package, changes_nothing, project_effects
from analysis.routing.arcs import STEP_SECS
from geo.faults import BadInputError, Fault
from layers.network import TransportNetwork
from layers.projects import Project
from layers.roads import RoadNetwork, streets
from layers.scenarios import (
    Applied,
    Scenario,
    applied_with_faults,
    apply_scenario,
    projects_of_clause,
    projects_open_by,
    with_required,
)

SNAP_M = 300.0


def scenario(*project_ids: str) -> Scenario:
    return Scenario("plan", "规划", "Plan", project_ids)


def applied(baseline: TransportNetwork, *projects: Project) -> Applied:
    """The baseline with projects in this order."""
    known = {item.project_id: item for item in projects}
    return apply_scenario(baseline, scenario(*known), projects=known, portal_snap_m=SNAP_M)


def faults_of(baseline: TransportNetwork, *projects: Project) -> list[Fault]:
    """What is wrong with the projects in this order."""
    known = {item.project_id: item for item in projects}
    with pytest.raises(BadInputError) as caught:
        apply_scenario(baseline, scenario(*known), projects=known, portal_snap_m=SNAP_M)
    return list(caught.value.faults)


def table_of(applied_to: Applied) -> pd.DataFrame:
    """Ends and lengths of every street, by name; of a split street, one row each part."""
    return streets(applied_to.network.roads)[["osmid", "u", "v", "length"]]


# Joining ------------------------------------------------------------------------------------

THREE_STREETS = world(
    """
    A   C   E
    |   |   |
    p   x   q
    |   |   |
    B   D   F
    """
)


def test_a_tunnel_joins_at_its_two_portals_only() -> None:
    """It crosses CD at x, and from x nobody gets in."""
    here = THREE_STREETS
    under = project("T", roads=[tunnel("T", here.line("pq"))])
    found = applied(here.network(), under)
    count = table_of(found)["osmid"].value_counts()
    assert count.to_dict() == {"AB": 2, "EF": 2, "CD": 1, "T": 1}
    assert found.joins[["project_id", "joined_to"]].to_numpy().tolist() == [
        ["T", "AB"],
        ["T", "EF"],
    ]
    assert found.joins["distance_m"].tolist() == pytest.approx([0, 0], abs=1e-6)
    drive = times(found.network, here.at("ACEpqx"))
    assert drive.loc["A", "E"] == pytest.approx((1_000 + 2_000 + 1_000) / 5)
    assert np.isinf(drive.loc[["A", "E", "p"], "C"]).all()


def test_a_split_street_keeps_its_length_and_times() -> None:
    """AB is 3 km long though drawn with 2; a quarter along it is cut in 0.75 and 2.25 km."""
    here = world("A-p-----B", streets={"AB": {"length": 3_000.0}})
    spur = project("S", roads=[road("S", LineString([here.places["p"], point(500, 900)]))])
    found = applied(here.network(), spur)
    parts = table_of(found).query("osmid == 'AB'")
    assert parts["length"].tolist() == pytest.approx([750, 2_250])
    before, after = times(here.network(), here.at("ABp")), times(found.network, here.at("ABp"))
    pd.testing.assert_frame_equal(before, after, atol=1e-9, rtol=0)


def test_a_portal_on_a_node_is_the_node() -> None:
    """Also if it is up to a metre beside it; nothing is split."""
    here = world("A---B   C---D")
    line = LineString([here.places["B"], point(2_000.6, 0.6)])
    found = applied(here.network(), project("T", roads=[tunnel("T", line)]))
    assert table_of(found).query("osmid == 'T'")[["u", "v"]].to_numpy().tolist() == [["B", "C"]]
    assert table_of(found)["osmid"].tolist() == ["AB", "CD", "T"]
    assert len(found.network.roads.nodes) == 4


def test_every_end_that_joins_is_told() -> None:
    """An end on a node joins it, at no distance."""
    here = world("A---B   C---D")
    line = LineString([here.places["B"], point(2_000, 40)])
    joins = applied(here.network(), project("T", roads=[tunnel("T", line)])).joins
    assert sorted(joins["joined_to"]) == ["B", "CD"]
    assert sorted(joins["distance_m"]) == pytest.approx([0, 40])


def test_a_portal_beside_a_street_gets_a_connection_to_it() -> None:
    """100 m south of the middle of AB: up from the portal, then along AB."""
    here = world("A-------B", streets={"AB": {"maxspeed": 72.0}})
    line = LineString([point(1_000, 100), point(1_000, 2_100)])
    found = applied(here.network(), project("S", roads=[road("S", line)]))
    names = table_of(found)
    assert names["osmid"].tolist() == ["AB", "AB", "S", "S+join"]
    assert names["length"].tolist() == pytest.approx([1_000, 1_000, 2_000, 100])
    places = gpd.GeoSeries({"A": here.places["A"], "z": point(1_000, 2_100)}, crs=CRS)
    drive = times(found.network, places)
    assert drive.loc["A", "z"] == pytest.approx(1_000 / 10 + 2_100 / 5)


def test_a_portal_just_beyond_the_end_of_a_street_joins_its_node() -> None:
    here = world("A---B")
    line = LineString([point(1_200, 0), point(4_000, 0)])
    found = applied(here.network(), project("S", roads=[road("S", line)]))
    assert table_of(found)["osmid"].tolist() == ["AB", "S", "S+join"]
    assert "B" in table_of(found)[["u", "v"]].to_numpy()[-1]


@pytest.mark.parametrize(
    "closed",
    [{"highway": "motorway"}, {"highway": "motorway_link"}, {"tunnel": True}, {"bridge": True}],
)
def test_a_portal_does_not_join_what_cannot_be_joined(closed: dict[str, Any]) -> None:
    """The street 50 m off is closed; the next, 1000 m off, is too far."""
    here = world(
        """
        A---s---B

        C-------D
        """,
        streets={"AB": closed},
    )
    line = LineString([point(1_000, 50), point(1_000, 900)])
    (fault,) = faults_of(here.network(), project("T", roads=[tunnel("T1", line)]))[:1]
    assert fault.code == "portal-too-far"
    assert (fault.file, fault.feature, fault.allowed) == ("T.geojson", "T1", "0 to 300 m")
    assert "950 m" in fault.message


def test_the_nearest_street_that_can_be_joined_is_joined() -> None:
    """Past the motorway, to the street behind it."""
    here = world(
        """
        A-------B
        C-------D
        """,
        scale_m=400,
        streets={"AB": {"highway": "motorway"}},
    )
    line = LineString([point(400, -20), point(400, -900)])
    found = applied(here.network(), project("S", roads=[road("S", line)]))
    assert found.joins["joined_to"].tolist() == ["CD"]
    assert found.joins["distance_m"].tolist() == pytest.approx([220])


def test_a_portal_far_from_any_road() -> None:
    """5 km off: where, how far, and what would be right."""
    here = world("A---B")
    line = LineString([here.places["B"], point(1_000, 5_000)])
    (fault,) = faults_of(here.network(), project("T", roads=[tunnel("T1", line)]))
    assert (fault.file, fault.feature, fault.code) == ("T.geojson", "T1", "portal-too-far")
    assert "5000 m" in fault.message
    assert fault.allowed == "0 to 300 m"


def test_a_road_may_end_in_a_field_but_not_at_both_ends() -> None:
    here = world("A---B")
    spur = road("S", LineString([here.places["B"], point(1_000, 5_000)]))
    assert len(table_of(applied(here.network(), project("S", roads=[spur])))) == 2
    lost = road("L", LineString([point(0, 4_000), point(1_000, 5_000)]))
    (fault,) = faults_of(here.network(), project("L", roads=[lost]))
    assert (fault.file, fault.code) == ("L.geojson", "portal-too-far")


def test_inner_ends_of_a_tunnel_stay_off_the_network() -> None:
    """Three parts; one inner end lies right on CD, and joins the next part only."""
    here = THREE_STREETS
    p, x, q = here.at("pxq")
    inner = point(1_500, 1_000)
    parts = [
        tunnel("T1", LineString([p, x])),
        tunnel("T2", LineString([x, inner])),
        tunnel("T3", LineString([q, inner])),
    ]
    found = applied(here.network(), project("T", roads=parts))
    count = table_of(found)["osmid"].value_counts()
    assert count.to_dict() == {"AB": 2, "EF": 2, "CD": 1, "T1": 1, "T2": 1, "T3": 1}
    assert found.joins["joined_to"].tolist() == ["AB", "EF"]
    drive = times(found.network, here.at("ACE"))
    assert drive.loc["A", "E"] == pytest.approx(4_000 / 5)
    assert np.isinf(drive.loc["A", "C"])


def test_two_projects_share_an_end() -> None:
    """The second starts in a field where the first ends, and needs it."""
    here = world("A---B       C---D")
    field = point(2_000, 1_000)
    first = project("P", roads=[road("P", LineString([here.places["B"], field]))])
    line = LineString([field, here.places["C"]])
    second = project("Q", roads=[road("Q", line)], requires=("P",))
    found = applied(here.network(), first, second)
    drive = times(found.network, here.at("AD"))
    way = 2 * np.hypot(1_000, 1_000) + 2_000
    assert drive.loc["A", "D"] == pytest.approx(way / 5)
    assert [fault.code for fault in faults_of(here.network(), second, first)] == [
        "requires-missing"
    ]


def test_two_projects_at_one_portal_share_its_connection() -> None:
    here = world("A-------B")
    portal = point(1_000, 100)
    pair = [
        project(name, roads=[road(name, LineString([portal, point(east, 2_000)]))])
        for name, east in (("P", 500), ("Q", 1_500))
    ]
    found = applied(here.network(), *pair)
    assert table_of(found)["osmid"].tolist() == ["AB", "AB", "P", "P+join", "Q"]
    ends = gpd.GeoSeries({"p": point(500, 2_000), "q": point(1_500, 2_000)}, crs=CRS)
    drive = times(found.network, ends, under=conditions(easy(snap_limit_m=100.0)))
    assert drive.loc["p", "q"] == pytest.approx(2 * np.hypot(500, 1_900) / 5)


def test_a_street_that_a_project_brings_is_joined_beside_the_old_one_not_in_its_place() -> None:
    """P passes 100 m from Q's portal; Q still joins AB too, 250 m off, as without P.

    Joining only P, a trip from Q to B would go round by A and be longer than without P.
    """
    here = world("A---------------B")
    side = project("P", roads=[road("P", LineString([here.places["A"], point(2_000, 350)]))])
    portal = point(2_000, 250)
    main = project("Q", roads=[road("Q", LineString([portal, point(2_000, 3_000)]))])
    places = gpd.GeoSeries({"B": here.places["B"], "z": point(2_000, 3_000)}, crs=CRS)
    alone = times(applied(here.network(), main).network, places)
    both = times(applied(here.network(), side, main).network, places)
    assert alone.loc["z", "B"] == pytest.approx((2_750 + 250 + 2_000) / 5)
    assert both.loc["z", "B"] <= alone.loc["z", "B"] + 1e-9


# Faults -------------------------------------------------------------------------------------


def test_all_faults_come_at_once() -> None:
    """Unknown, doubled, before its requirement, without it, too far, moved, replacing nothing."""
    here = world("A---B---C")
    baseline = here.network(route("bus", "ABC"))
    far = tunnel("T1", LineString([here.places["C"], point(2_000, 5_000)]))
    projects = [
        project("late", requires=("first",), routes=[route("late", "AB")]),
        project("first", routes=[route("first", "AC")]),
        project("orphan", requires=("nobody",), routes=[route("orphan", "AC")]),
        project("far", roads=[far]),
        project("moved", stops_at=gpd.GeoSeries({"A": point(0, 900)}, crs=CRS)),
        project("instead", replaces=("nothing",), routes=[route("instead", "AC")]),
        project("again", routes=[route("bus", "CA")]),
        project("nowhere", routes=[route("nowhere", "AZ")]),
    ]
    known = {item.project_id: item for item in projects}
    ids = (*known, "first", "ghost")
    with pytest.raises(BadInputError) as caught:
        apply_scenario(baseline, scenario(*ids), projects=known, portal_snap_m=SNAP_M)
    found = {(fault.file, fault.feature, fault.code) for fault in caught.value.faults}
    assert found >= {
        ("study.toml", "plan", "id-unknown"),
        ("study.toml", "plan", "id-duplicate"),
        ("study.toml", "plan", "requires-missing"),
        ("far.geojson", "T1", "portal-too-far"),
        ("moved.geojson", "A", "stop-moved"),
        ("instead.geojson", "", "id-unknown"),
        ("again.geojson", "bus", "id-duplicate"),
        ("nowhere.geojson", "nowhere", "id-unknown"),
    }
    said = "\n".join(map(str, caught.value.faults))
    for words in ("'ghost'", "'first' stands twice", "late requires first", "requires nobody"):
        assert words in said


@pytest.mark.parametrize(
    ("order", "codes"),
    [
        (("a", "b", "c"), []),
        (("b", "c"), ["requires-missing"]),
        (("c",), ["requires-missing"]),
        (("c", "b", "a"), ["requires-missing", "requires-missing"]),
        (("a", "a"), ["id-duplicate"]),
        (("x", "a"), ["id-unknown"]),
    ],
)
def test_each_project_comes_after_what_it_requires(order: Sequence[str], codes: list[str]) -> None:
    here = world("A---B")
    known = {
        "a": project("a"),
        "b": project("b", requires=("a",)),
        "c": project("c", requires=("b",)),
    }
    _, faults = applied_with_faults(
        here.network(), scenario(*order), projects=known, portal_snap_m=SNAP_M
    )
    assert [fault.code for fault in faults] == codes


def test_required_projects_are_put_first() -> None:
    known = {
        "a": project("a"),
        "b": project("b", requires=("a",)),
        "c": project("c", requires=("b", "a")),
    }
    assert with_required(["c"], known) == ("a", "b", "c")
    assert with_required(["b", "c", "a"], known) == ("a", "b", "c")
    for order in permutations(known):
        found = with_required(order, known)
        assert sorted(found) == ["a", "b", "c"]
        assert found.index("a") < found.index("b") < found.index("c")


# Choosing -----------------------------------------------------------------------------------

CHOICE = {
    item.project_id: item
    for item in (
        project("rail", clause="四(一)", opening_year=2026),
        project("base", clause=None, opening_year=2030),
        project("late", clause="四(一)", opening_year=2025, requires=("base",)),
        project("bus", clause="四(二)", opening_year=2025),
        project("early", clause=None, opening_year=2020),
    )
}


def test_projects_of_a_clause_come_with_what_they_require() -> None:
    assert projects_of_clause("四(一)", CHOICE) == ("rail", "base", "late")
    assert projects_of_clause("四(二)", CHOICE) == ("bus",)
    assert projects_of_clause("九", CHOICE) == ()


@pytest.mark.parametrize(
    ("year", "wanted"),
    [
        (2019, set()),
        (2020, {"early"}),
        (2025, {"early", "bus"}),
        (2026, {"early", "bus", "rail"}),
        (2029, {"early", "bus", "rail"}),
        (2030, set(CHOICE)),
    ],
)
def test_projects_open_by_a_year(year: int, wanted: set[str]) -> None:
    """`late` opens in 2025 but hangs in the air until 2030."""
    found = projects_open_by(year, CHOICE)
    assert set(found) == wanted
    assert len(found) == len(wanted)
    _, faults = applied_with_faults(
        world("A---B").network(), scenario(*found), projects=CHOICE, portal_snap_m=SNAP_M
    )
    assert faults == []


# Baseline and scenario ----------------------------------------------------------------------


def copied(network: TransportNetwork) -> TransportNetwork:
    """A deep copy: no frame, array or geometry is shared."""
    roads = RoadNetwork(network.roads.nodes.copy(deep=True), network.roads.edges.copy(deep=True))
    return TransportNetwork(roads, network.stops.copy(deep=True), tuple(network.routes))


def check_same(one: TransportNetwork, other: TransportNetwork) -> None:
    """Identical frames, and the same routes."""
    assert_geodataframe_equal(one.roads.nodes, other.roads.nodes)
    assert_geodataframe_equal(one.roads.edges, other.roads.edges)
    assert_geodataframe_equal(one.stops, other.stops)
    assert one.routes == other.routes


def test_the_empty_scenario_is_the_baseline() -> None:
    here = THREE_STREETS
    baseline = here.network(route("bus", "AxF"))
    found = applied(baseline)
    check_same(found.network, baseline)
    assert found.joins.empty
    for mode in MODES:
        was, now = (
            times(baseline, here.at("ABC"), mode=mode),
            times(found.network, here.at("ABC"), mode=mode),
        )
        assert was.equals(now)


def test_applying_changes_neither_the_baseline_nor_the_project() -> None:
    here = THREE_STREETS
    baseline = here.network(route("bus", "AB"), route("old", "CD"))
    plan = project(
        "P",
        roads=[tunnel("T", here.line("pq")), road("R", here.line("AC"))],
        routes=[route("new", "xF")],
        stops_at=here.at("xF"),
        replaces=("EF", "old"),
    )
    before, roads, new_stops = (
        copied(baseline),
        plan.roads.copy(deep=True),
        plan.stops.copy(deep=True),
    )
    with pytest.raises(BadInputError):
        applied(baseline, plan)  # EF is gone, so the portal q has nothing to join
    plan = replace(plan, replaces=("old",))
    found = applied(baseline, plan)
    assert len(found.network.roads.edges) > len(baseline.roads.edges)
    check_same(baseline, before)
    assert_geodataframe_equal(plan.roads, roads)
    assert_geodataframe_equal(plan.stops, new_stops)


def test_a_road_is_replaced() -> None:
    """The ford AB makes room for a bridge of the same ends; parts of a split street go too."""
    here = world("A-p-----B---C")
    spur = project("S", roads=[road("S", LineString([here.places["p"], point(500, 900)]))])
    new = road("bridge", here.line("AB"), bridge=True, maxspeed=72.0)
    bridge = project("P", roads=[new], replaces=("AB",))
    found = applied(here.network(), bridge)
    assert table_of(found)["osmid"].tolist() == ["BC", "bridge"]
    drive = times(found.network, here.at("AC"))
    assert drive.loc["A", "C"] == pytest.approx(2_000 / 10 + 1_000 / 5)
    both = applied(here.network(), spur, bridge)
    assert table_of(both)["osmid"].tolist() == ["BC", "S", "bridge"]


def test_a_route_is_replaced() -> None:
    here = world("A---B---C")
    baseline = here.network(route("1", "ABC"), route("2", "AC"))
    plan = project("P", routes=[route("3", "CA")], replaces=("1",))
    found = applied(baseline, plan)
    assert [item.route_id for item in found.network.routes] == ["2", "3"]
    assert [item.project_id for item in found.network.routes] == ["", "P"]


def test_a_known_stop_is_not_repeated() -> None:
    """The project names it at a slightly different place: it stays where it was."""
    here = world("A---B---C")
    baseline = here.network(route("1", "AB"))
    at = gpd.GeoSeries({"B": point(1_100, 0), "C": here.places["C"]}, crs=CRS)
    found = applied(baseline, project("P", routes=[route("2", "BC")], stops_at=at))
    assert list(found.network.stops.index) == ["A", "B", "C"]
    assert_geoseries_equal(found.network.stops.geometry[["B"]], baseline.stops.geometry[["B"]])


# Invariants ---------------------------------------------------------------------------------


@st.composite
def random_project(draw: st.DrawFn, roads: RoadNetwork, name: str) -> Project:
    """A road between two places near the network, in one part or two, or a bus line."""
    ends = draw(points_near(roads, count=3, offset_m=200))
    a, b, c = ends
    kind = draw(st.sampled_from(["road", "two roads", "line"]))
    if kind == "line":
        named = gpd.GeoSeries(list(ends), index=[f"{name}{k}" for k in range(3)], crs=CRS)
        hop = float(draw(st.integers(30, 300)))
        return project(name, routes=[route(name, named.index, hop)], stops_at=named)
    lines = [bent(a, b, 0.07)] if kind == "road" else [bent(a, c, 0.07), bent(c, b, -0.09)]
    speed = draw(st.sampled_from([30.0, 80.0]))
    attributes = {"maxspeed": speed, "oneway": draw(st.booleans())}
    records = [road(f"{name}.{k}", line, **attributes) for k, line in enumerate(lines)]
    return project(name, roads=records)


def network_with(baseline: TransportNetwork, *projects: Project) -> TransportNetwork:
    """The network; examples whose projects meet nothing are thrown away."""
    known = {item.project_id: item for item in projects}
    found, faults = applied_with_faults(
        baseline, scenario(*known), projects=known, portal_snap_m=SNAP_M
    )
    assume(not faults)
    return found.network


Planned = tuple[TransportNetwork, gpd.GeoSeries, tuple[Project, Project]]


@st.composite
def random_plans(draw: st.DrawFn) -> Planned:
    """A network, places in it, and two projects; the second may lie near the first."""
    roads = draw(random_roads())
    places = draw(points_near(roads, count=3, offset_m=300))
    at = draw(points_near(roads, count=3, offset_m=150))
    at = gpd.GeoSeries(at.to_numpy(), index=["a", "b", "c"], crs=CRS)
    baseline = TransportNetwork(roads, stops(at), (route("bus", "abc", 200, headway_secs=600),))
    first = draw(random_project(roads, "P"))
    near = network_with(baseline, first).roads if draw(st.booleans()) else roads
    return baseline, places, (first, draw(random_project(near, "Q")))


UNDER = conditions(easy(snap_limit_m=500.0, max_direct_walk_m=400.0, detour=1.3))
each_mode = pytest.mark.parametrize("mode", MODES)


def secs_of(network: TransportNetwork, places: gpd.GeoSeries, mode: Mode) -> np.ndarray:
    return times(network, places, mode=mode, under=UNDER).to_numpy()


def longest_loss(without: np.ndarray, with_it: np.ndarray) -> float:
    """By how much a trip is longer with than without; a trip that is gone counts infinite."""
    had = np.isfinite(without)
    return float(np.max(with_it[had] - without[had]))


@each_mode
@examples(25)
@given(random_plans())
def test_a_project_that_only_adds_makes_no_trip_longer(mode: Mode, plan: Planned) -> None:
    """Nor does it lower what anybody reaches; neither the first project nor the second."""
    baseline, places, (one, other) = plan
    networks = [baseline, network_with(baseline, one), network_with(baseline, one, other)]
    secs = [secs_of(network, places, mode) for network in networks]
    jobs = np.array([1.0, 2.0, 4.0])
    for without, with_it in pairwise(secs):
        assert longest_loss(without, with_it) <= STEP_SECS / 2
        for cutoff in (300.0, 900.0, 2_700.0):
            reached = cumulative_opportunities(with_it, jobs, cutoff + STEP_SECS / 2)
            assert (reached >= cumulative_opportunities(without, jobs, cutoff)).all()
        assert (gravity(with_it, jobs, 600.0) >= gravity(without, jobs, 600.0) - STEP_SECS).all()


@each_mode
@examples(25)
@given(random_plans())
def test_the_order_of_independent_projects_changes_no_time(mode: Mode, plan: Planned) -> None:
    """Independent: neither has an end near the other."""
    baseline, places, (one, other) = plan
    if len(one.roads) and len(other.roads):
        assume(one.roads.union_all().distance(other.roads.union_all()) > SNAP_M)
    here, there = network_with(baseline, one, other), network_with(baseline, other, one)
    first, second = secs_of(here, places, mode), secs_of(there, places, mode)
    assert (np.isinf(first) == np.isinf(second)).all()
    had = np.isfinite(first)
    assert np.abs(first[had] - second[had]).max() <= 1e-9


@each_mode
@examples(25)
@given(random_plans())
def test_an_unrelated_project_changes_nothing(mode: Mode, plan: Planned) -> None:
    """A bus line in another city."""
    baseline, places, _ = plan
    far = gpd.GeoSeries({"x": point(80_000, 0), "y": point(81_000, 0)}, crs=CRS)
    away = project("away", routes=[route("away", "xy")], stops_at=far)
    with_it = secs_of(network_with(baseline, away), places, mode)
    assert (with_it == secs_of(baseline, places, mode)).all()


# What each project changes ------------------------------------------------------------------


def two_tunnels() -> tuple[World, dict[str, Project]]:
    """Two tunnels between the same valleys, the second slower; a road that leads nowhere."""
    here = world(
        """
        A---B   C---D
            |   |
            E   F
            |   |
            G---H
        """
    )
    fast = project("fast", roads=[tunnel("fast", here.line("BC"), maxspeed=72.0)])
    slow = project("slow", roads=[tunnel("slow", here.line("EF"))])
    spur = project("spur", roads=[road("spur", LineString([here.places["A"], point(0, 900)]))])
    return here, {item.project_id: item for item in (fast, slow, spur)}


def effects_of(here: World, projects: Mapping[str, Project], letters: str) -> pd.DataFrame:
    """By project, comparison and mode."""
    package = Package(here.network(), projects, list(projects))
    found = project_effects(package, here.at(letters), conditions=conditions())
    assert tuple(found.columns) == EFFECT_COLUMNS
    return found.set_index(["project_id", "comparison", "mode"])


def test_effects_alone_and_last() -> None:
    """A-D: today 7 km in 1400 s, by the slow tunnel 5 km in 1000 s, by the fast one 500 s.

    With both, nobody takes the slow one. (The fast one: 2 km at 5 m/s and 1 km at 10 m/s.)
    """
    here, projects = two_tunnels()
    found = effects_of(here, projects, "AD")
    drive = found.xs("drive", level="mode")
    assert drive.loc[("fast", "alone"), "mean_change_secs"] == pytest.approx(500 - 1_400)
    assert drive.loc[("slow", "alone"), "mean_change_secs"] == pytest.approx(1_000 - 1_400)
    assert drive.loc[("fast", "last"), "mean_change_secs"] == pytest.approx(500 - 1_000)
    assert drive.loc[("slow", "last"), "mean_change_secs"] == 0
    assert drive.loc[("fast", "alone"), "largest_gain_secs"] == pytest.approx(900)
    ends = {drive.loc[("fast", "alone"), f"largest_gain_{end}"] for end in ("from", "to")}
    assert ends == {"A", "D"}
    assert drive["pairs"].tolist() == [2] * 6
    assert drive["pairs_quicker"].tolist() == [2, 2, 2, 0, 0, 0]
    assert drive["pairs_slower"].tolist() == [0] * 6
    assert changes_nothing(found.reset_index()) == ["slow", "spur"]


def test_effects_of_required_projects() -> None:
    """`q` ends in a field where `p` starts: alone it comes with p; without p there is no q."""
    here = world("A---B       C---D")
    field = point(2_000, 1_000)
    p = project("p", roads=[road("p", LineString([here.places["B"], field]))])
    line = LineString([field, here.places["C"]])
    q = project("q", roads=[road("q", line)], requires=("p",))
    found = effects_of(here, {"p": p, "q": q}, "AD").xs("drive", level="mode")
    assert found["pairs_opened"].to_dict() == {
        ("p", "alone"): 0,
        ("p", "last"): 2,
        ("q", "alone"): 2,
        ("q", "last"): 2,
    }
    assert found["pairs"].tolist() == [0] * 4
    assert found["largest_gain_from"].isna().all()


def test_a_line_changes_trips_by_transit_only() -> None:
    """A-B on foot 1000 s; by bus 30 + 60 s."""
    here = world("A---B")
    bus = project("bus", routes=[route("bus", "AB", 60, headway_secs=60)], stops_at=here.at("AB"))
    found = effects_of(here, {"bus": bus}, "AB")
    assert found["mean_change_secs"].to_dict() == pytest.approx(
        {
            ("bus", "alone", "drive"): 0,
            ("bus", "alone", "transit"): 90 - 1_000,
            ("bus", "last", "drive"): 0,
            ("bus", "last", "transit"): 90 - 1_000,
        }
    )
    assert changes_nothing(found.reset_index()) == []


def test_a_tick_for_every_project() -> None:
    here, projects = two_tunnels()
    ticks: list[int] = []
    package = Package(here.network(), projects, list(projects))
    project_effects(package, here.at("AD"), conditions=conditions(), tick=lambda: ticks.append(1))
    assert len(ticks) == len(projects)
