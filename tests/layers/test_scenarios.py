"""Scenarios: what is wrong with their projects, which come with them, and what is replaced."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from itertools import permutations

import geopandas as gpd
import pytest
from ascii_worlds import world
from coordinates import CRS, point
from geopandas.testing import assert_geodataframe_equal, assert_geoseries_equal
from network_parts import project, road, route, tunnel
from planned_projects import SNAP_M, THREE_STREETS, applied, scenario, table_of
from shapely.geometry import LineString
from travel_times_between import times

from analysis.graph.travel import MODES
from geo.faults import BadInputError
from layers.network import TransportNetwork
from layers.roads import RoadNetwork
from layers.scenarios import (
    applied_with_faults,
    apply_scenario,
    projects_of_clause,
    projects_open_by,
    with_required,
)


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
