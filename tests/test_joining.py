"""Planned roads join at their ends and nowhere else; scenarios are applied to copies."""

from __future__ import annotations

from typing import Any

import pytest
from shapely.geometry import LineString
from worlds import (
    EASY,
    World,
    easy,
    point,
    project,
    road,
    route,
    times,
    tunnel,
    world,
)

from geo.faults import BadInputError
from layers.joining import join_roads
from layers.network import TransportNetwork
from layers.projects import Project
from layers.roads import streets
from layers.scenarios import (
    Scenario,
    apply_scenario,
    projects_of_clause,
    projects_open_by,
    with_required,
)

SNAP_M = 300.0


def valley() -> World:
    """Two towns with a ridge between them, and a road over the top that no tunnel meets."""
    return world(
        """
        A---B   C---D
            |   |
            E---F
        """
    )


def applied(baseline: TransportNetwork, *projects: Project) -> TransportNetwork:
    known = {p.project_id: p for p in projects}
    scenario = Scenario("s", "", "", tuple(known))
    return apply_scenario(baseline, scenario, projects=known, portal_snap_m=SNAP_M).network


def test_a_tunnel_joins_at_its_portals_and_passes_under_what_it_crosses() -> None:
    here = world(
        """
        A---B-------C
              |
              D---E
        """
    )
    under = tunnel("T", LineString([here.places["B"], here.places["E"]]))
    joined = join_roads(
        here.roads, project("P", roads=[under]).roads, project_id="P", portal_snap_m=SNAP_M
    )
    assert joined.faults == ()
    table = streets(joined.roads).set_index("osmid")
    assert {table.loc["T", "u"], table.loc["T", "v"]} == {"B", "E"}
    assert len(table) == len(streets(here.roads)) + 1


def test_a_portal_beside_a_street_splits_it_and_keeps_its_length() -> None:
    here = valley()
    start, end = point(500, 100), point(2_500, 100)
    line = LineString([start, end])
    joined = join_roads(
        here.roads,
        project("P", roads=[tunnel("T", line)]).roads,
        project_id="P",
        portal_snap_m=SNAP_M,
    )
    table = streets(joined.roads)
    assert joined.faults == ()
    assert joined.joins["distance_m"].tolist() == pytest.approx([100.0, 100.0])
    for name in ("AB", "CD"):
        parts = table.loc[table["osmid"] == name]
        assert len(parts) == 2
        assert parts["length"].sum() == pytest.approx(1_000.0)
    connectors = table.loc[table["osmid"] == "T+join", "length"]
    assert connectors.tolist() == pytest.approx([100.0, 100.0])
    network = TransportNetwork(joined.roads, here.network().stops, ())
    secs = times(network, here.at("AD"))
    # 500 m + 100 m + 2 km + 100 m + 500 m at 5 m/s; by the valley road 5 km
    assert secs.loc["A", "D"] == pytest.approx(3_200 / 5)


@pytest.mark.parametrize(
    "closed", [{"highway": "motorway"}, {"tunnel": True}, {"bridge": True}], ids=str
)
def test_a_portal_joins_no_motorway_tunnel_or_bridge_midway(closed: dict[str, Any]) -> None:
    here = world("A---B---C---D", streets={"BC": closed})
    line = LineString([point(1_500, 50), point(1_500, 5_000)])
    joined = join_roads(
        here.roads,
        project("P", roads=[tunnel("T", line)]).roads,
        project_id="P",
        portal_snap_m=SNAP_M,
    )
    near, far = sorted(joined.faults, key=lambda fault: fault.message)
    assert {near.code, far.code} == {"portal-too-far"}
    assert "502 m" in near.message + far.message
    assert near.allowed == "0 to 300 m"
    assert near.file == "P.geojson"


def test_a_portal_5_km_from_any_road_is_a_fault_with_its_distance() -> None:
    here = valley()
    far = tunnel("T", LineString([here.places["B"], point(1_000, -5_000)]))
    with pytest.raises(BadInputError) as raised:
        applied(here.network(), project("P", roads=[far]))
    (fault,) = raised.value.faults
    assert (fault.code, fault.feature, fault.allowed) == ("portal-too-far", "T", "0 to 300 m")
    assert "5000 m" in fault.message


def test_inner_ends_of_one_project_meet_each_other_only() -> None:
    here = world(
        """
        A---B-------C---D
                |
                E
        """
    )
    middle = point(2_000, 20)
    roads = [
        tunnel("T1", LineString([here.places["B"], middle])),
        tunnel("T2", LineString([middle, here.places["D"]])),
    ]
    joined = join_roads(
        here.roads, project("P", roads=roads).roads, project_id="P", portal_snap_m=SNAP_M
    )
    table = streets(joined.roads).set_index("osmid")
    assert joined.faults == ()
    assert table.loc["T1", "v"] == table.loc["T2", "u"]
    assert table.loc["T1", "v"] not in here.roads.nodes.index
    assert not (streets(joined.roads)["osmid"] == "BC").sum() > 1


def test_a_project_meets_the_ends_of_the_one_it_requires() -> None:
    here = valley()
    middle = point(1_500, -400)
    first = project(
        "P1",
        roads=[
            tunnel("T1", LineString([here.places["B"], middle])),
            tunnel("T0", LineString([middle, here.places["C"]])),
        ],
    )
    second = project(
        "P2", roads=[tunnel("T2", LineString([middle, here.places["D"]]))], requires=("P1",)
    )
    network = applied(here.network(), first, second)
    secs = times(network, here.at("BD"))
    by_middle = here.places["B"].distance(middle) + middle.distance(here.places["D"])
    assert secs.loc["B", "D"] == pytest.approx(by_middle / 5)


def test_all_faults_of_all_projects_are_raised_together() -> None:
    here = valley()
    far = LineString([point(0, 9_000), point(1_000, 9_000)])
    projects = {
        "P1": project("P1", roads=[tunnel("T1", far)]),
        "P2": project("P2", routes=[route("R", "AX")], requires=("P3",)),
        "P3": project("P3", replaces=("NOTHING",)),
    }
    scenario = Scenario("s", "", "", ("P1", "P2", "P3", "P3", "P4"))
    with pytest.raises(BadInputError) as raised:
        apply_scenario(here.network(), scenario, projects=projects, portal_snap_m=SNAP_M)
    found = {(fault.code, fault.file) for fault in raised.value.faults}
    assert found == {
        ("portal-too-far", "P1.geojson"),
        ("id-unknown", "P2.geojson"),
        ("id-unknown", "P3.geojson"),
        ("requires-missing", "study.toml"),
        ("id-duplicate", "study.toml"),
        ("id-unknown", "study.toml"),
    }


def test_the_empty_scenario_is_the_baseline_and_nothing_is_changed() -> None:
    here = valley()
    baseline = here.network(route("R", "AB"))
    kept_nodes, kept_edges = here.roads.nodes.copy(), here.roads.edges.copy()
    same = applied(baseline)
    assert same.roads is baseline.roads
    assert same.routes == baseline.routes
    link = project("P", roads=[tunnel("T", here.line("BC"))])
    more = applied(baseline, link)
    assert len(more.roads.edges) == len(baseline.roads.edges) + 2
    assert baseline.roads.nodes.equals(kept_nodes)
    assert baseline.roads.edges.equals(kept_edges)


def test_a_road_or_route_that_is_replaced_is_gone() -> None:
    here = valley()
    baseline = here.network(route("old", "AB"))
    wide = project("P", roads=[tunnel("T", here.line("BC"))], replaces=("EF", "old"))
    after = applied(baseline, wide)
    assert "EF" not in set(after.roads.edges["osmid"])
    assert after.routes == ()


def test_independent_projects_may_come_in_any_order() -> None:
    here = valley()
    one = project("P1", roads=[tunnel("T1", here.line("BC"))])
    two = project("P2", roads=[tunnel("T2", LineString([point(500, 50), here.places["E"]]))])
    places = here.at("ABCDEF")
    first = times(applied(here.network(), one, two), places)
    second = times(applied(here.network(), two, one), places)
    assert (first - second).abs().max().max() <= 1e-9


def test_a_planned_road_never_takes_a_way_onto_the_network_away() -> None:
    """A slow planned road beside a place: its way onto the old street stays."""
    here = world("A---B---C")
    place = point(1_000, 300)
    line = LineString([point(0, 250), point(2_000, 250)])
    slow = project("P", roads=[road("T", line, maxspeed=5.0), road("U", here.line("AC"))])
    places = here.at("AC")
    places["p"] = place
    after = applied(here.network(), slow)
    was, now = times(here.network(), places), times(after, places)
    assert (now <= was + 1e-9).all().all()


def test_clauses_years_and_requirements_choose_projects() -> None:
    known = {
        p.project_id: p
        for p in (
            project("A", clause="1", opening_year=2024),
            project("B", clause="2", opening_year=2023, requires=("A",)),
            project("C", clause="2", opening_year=2030, requires=("D",)),
            project("D", opening_year=2026),
        )
    }
    assert with_required(["C", "B"], known) == ("D", "C", "A", "B")
    assert set(projects_of_clause("2", known)) == {"A", "B", "C", "D"}
    assert projects_open_by(2023, known) == ()  # B waits for A
    assert set(projects_open_by(2024, known)) == {"A", "B"}
    assert set(projects_open_by(2030, known)) == {"A", "B", "C", "D"}


def test_the_easy_values_are_what_the_sums_above_use() -> None:
    assert easy() == EASY
    assert EASY.peak_speed_factor == {"default": 0.5}
