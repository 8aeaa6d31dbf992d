"""Where projects meet the network: what they join, how far off, and what joins nothing."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import geopandas as gpd
import pandas as pd
import pytest
import shapely
from ascii_worlds import World, world
from coordinates import CRS, point
from easy_values import conditions, easy
from hypothesis import given
from hypothesis import strategies as st
from hypothesis_settings import examples
from network_parts import project, road, route, stops, tunnel
from project_join_tables import EVERYWHERE, SNAP_M, TWO, applied, joins, places, told
from random_roads import bent, points_near, random_roads
from shapely.geometry import LineString, Point
from travel_times_between import times

from analysis.project_joins import loose_end_faults
from layers.network import TransportNetwork
from layers.projects import Project
from layers.roads import EDGE_COLUMNS, RoadNetwork, streets
from layers.scenarios import Scenario, applied_with_faults


def test_a_portal_and_the_end_of_a_road_tell_what_they_join() -> None:
    """A tunnel from 100 m south of AB to a road that ends on the node D."""
    portal, mouth = point(1_000, 100), point(1_500, 500)
    roads = [
        tunnel("T-1", LineString([portal, mouth])),
        road("T-2", LineString([mouth, TWO.places["D"]])),
    ]
    table = joins(applied(TWO.network(), project("T", roads=roads)))
    assert told(table) == [
        ("T", "road_end", "T-2", "D", 0, False),
        ("T", "portal", "T-1", "AB", 100, False),
    ]
    assert table["joined_name"].tolist() == ["D", "AB"]
    assert table.geometry[0] == TWO.places["D"]
    assert table.geometry[1].equals(LineString([portal, point(1_000, 0)]))


def test_a_node_without_a_name_has_that_of_a_street_there() -> None:
    network = TWO.network()
    nodes = network.roads.nodes.assign(name="")
    network = TransportNetwork(RoadNetwork(nodes, network.roads.edges), network.stops, ())
    line = LineString([TWO.places["B"], point(1_000, 900)])
    table = joins(applied(network, project("S", roads=[road("S", line)])))
    assert table[["joined_to", "joined_name"]].to_numpy().tolist() == [["B", "AB"], ["CD", "CD"]]


def test_an_end_in_a_field_is_over_the_limit() -> None:
    """400 m from CD: told in the table, and a warning."""
    spur = project("S", roads=[road("S-1", LineString([TWO.places["A"], point(0, 600)]))])
    found = applied(TWO.network(), spur)
    table = joins(found)
    assert told(table) == [
        ("S", "road_end", "S-1", "A", 0, False),
        ("S", "road_end", "S-1", None, 400, True),
    ]
    assert table.geometry[1].equals(LineString([point(0, 600), point(0, 1_000)]))
    (fault,) = loose_end_faults(found, places(), EVERYWHERE, limit_m=SNAP_M)
    assert str(fault) == (
        "warning end-not-joined S.geojson S-1: an end of the road is 400 m from any road it can"
        " join (allowed: 0 to 300 m, or a place)"
    )


def test_a_road_may_lead_to_a_place_or_out_of_the_study_area() -> None:
    spur = project("S", roads=[road("S-1", LineString([TWO.places["A"], point(0, 600)]))])
    found = applied(TWO.network(), spur)
    port = places(PORT=point(0, 650), FAR=point(5_000, 0))
    table = joins(found, port)
    assert told(table)[1] == ("S", "road_end", "S-1", "PORT", 50, False)
    assert table["joined_name"][1] == "地点PORT"
    assert loose_end_faults(found, port, EVERYWHERE, limit_m=SNAP_M) == []
    elsewhere = point(0, 50_000).buffer(100)
    assert len(joins(found, area=elsewhere)) == 1
    assert loose_end_faults(found, places(), elsewhere, limit_m=SNAP_M) == []


def test_an_end_from_which_a_later_project_goes_on_is_not_loose() -> None:
    """At the same place, or by a joint with the very end of the first."""
    field = point(0, 600)
    first = project("P", roads=[road("P", LineString([TWO.places["A"], field]))])
    same = project("Q", roads=[road("Q", LineString([field, TWO.places["C"]]))])
    near = LineString([point(-100, 620), point(-3_000, 650)])
    assert not joins(applied(TWO.network(), first, same))["over_limit"].any()
    by_joint = told(joins(applied(TWO.network(), first, project("R", roads=[road("R", near)]))))
    assert [row[:4] for row in by_joint if row[5]] == [("R", "road_end", "R", None)]


def test_no_road_anywhere_to_join() -> None:
    """Both streets are tunnels; the road starts where they come to the surface."""
    here = world("A---B   C---D", streets={"AB": {"tunnel": True}, "CD": {"tunnel": True}})
    line = LineString([here.places["B"], point(1_500, 100)])
    found = applied(here.network(), project("S", roads=[road("S", line)]))
    assert told(joins(found))[1] == ("S", "road_end", "S", None, None, True)
    (fault,) = loose_end_faults(found, places(), EVERYWHERE, limit_m=SNAP_M)
    assert "no road" in fault.message


BY_FOOT = [
    {"highway": "footway", "drive": False},
    {"highway": "steps"},
    {"highway": "ferry"},
    {"highway": "residential", "drive": False},
]


@pytest.mark.parametrize("closed", BY_FOOT)
def test_a_portal_passes_what_cars_may_not_use(closed: dict[str, Any]) -> None:
    """To the street behind."""
    here = world("A-------B\n\nC-------D", scale_m=200, streets={"AB": closed})
    line = LineString([point(200, -20), point(200, -900)])
    table = joins(applied(here.network(), project("T", roads=[road("T", line)])))
    assert told(table)[0] == ("T", "road_end", "T", "CD", 220, False)


def test_a_node_of_footways_is_no_joint() -> None:
    """A portal right on it joins the street behind; a node that a street reaches too is one."""
    path = {"highway": "path", "drive": False}
    drawing = "A---B---E\n\nC-------D"
    here = world(drawing, scale_m=200, streets={"AB": path, "BE": path})
    line = LineString([here.places["B"], point(200, -3_000)])
    spur = project("S", roads=[road("S", line)])
    assert told(joins(applied(here.network(), spur)))[0][3:5] == ("CD", 200)
    here = world(drawing, scale_m=200, streets={"AB": path})
    assert told(joins(applied(here.network(), spur)))[0][3:5] == ("B", 0)


def test_joined_streets_carry_every_column() -> None:
    """Parts and connections are streets like others: cars may use them."""
    here = world("A-------B", streets={"AB": {"access": "yes", "bus": False}})
    line = LineString([point(1_000, 100), point(1_000, 2_100)])
    network = applied(here.network(), project("S", roads=[road("S", line, walk=False)])).network
    table = streets(network.roads).set_index("osmid")
    assert set(EDGE_COLUMNS) <= {*table.columns, "osmid"}
    assert (
        table.loc["AB", ["drive", "walk", "bus"]].to_numpy().tolist() == [[True, True, False]] * 2
    )
    assert table.loc["S+join", ["drive", "walk", "bus", "access"]].tolist() == [
        True,
        False,
        True,
        "",
    ]


def test_an_end_where_two_streets_are_one_place_joins_both() -> None:
    """P leads from CD across AB; Q starts at the crossing, beside AB and P by less than 1 m."""
    cross = project("P", roads=[road("P", LineString([point(1_000, 1_000), point(1_000, -900)]))])
    side = LineString([point(1_000.3, -0.5), point(3_000, -900)])
    found = applied(TWO.network(), cross, project("Q", roads=[road("Q", side)]))
    ends = {"A": TWO.places["A"], "C": TWO.places["C"], "q": point(3_000, -900)}
    under = conditions(easy(snap_limit_m=10.0))
    drive = times(found.network, gpd.GeoSeries(ends, crs=CRS), under=under)
    assert drive.loc["q", "A"] == pytest.approx((side.length + 1_000) / 5, abs=0.5)
    assert drive.loc["q", "C"] == pytest.approx((side.length + 2_000) / 5, abs=0.5)


# Stations -----------------------------------------------------------------------------------


def stations_of(here: World, **at: Point) -> gpd.GeoDataFrame:
    """Joints of the stations of one new line."""
    line = project("M", routes=[route("M", at)], stops_at=gpd.GeoSeries(at, crs=CRS))
    return joins(applied(here.network(), line))


def test_stations_join_the_nearest_street_that_one_may_walk_on() -> None:
    """30 m from the motorway, 470 m from the street; 600 m from any; on a street."""
    here = world(
        """
        A-------B

        C-------D
        """,
        scale_m=500,
        streets={"AB": {"highway": "motorway"}},
    )
    table = stations_of(here, x=point(500, 30), y=point(500, 1_100), z=point(900, 500))
    assert told(table) == [
        ("M", "station", "x", "CD", 470, False),
        ("M", "station", "y", None, 600, True),
        ("M", "station", "z", "CD", 0, False),
    ]
    assert table.geometry[0].equals(LineString([point(500, 30), point(500, 500)]))
    assert table.geometry[1].equals(LineString([point(500, 1_100), point(500, 500)]))
    assert table.geometry[2] == point(900, 500)
    assert set(table["limit_m"]) == {500.0}


def test_a_station_joins_a_planned_street_that_is_nearer() -> None:
    here = world("A-------B")
    avenue = road("W", LineString([here.places["A"], point(0, 400), point(2_000, 400)]))
    stop = gpd.GeoSeries({"x": point(1_000, 350), "y": here.places["B"]}, crs=CRS)
    line = project("M", routes=[route("M", "xy")], stops_at=stop)
    found = applied(here.network(), project("W", roads=[avenue]), line)
    assert told(joins(found))[-2:] == [
        ("M", "station", "x", "W", 50, False),
        ("M", "station", "y", "AB", 0, False),
    ]


def test_a_station_outside_of_the_study_area_is_left_out_where_nothing_is_near() -> None:
    far = gpd.GeoSeries({"x": point(0, 90_000), "y": point(90_000, 0)}, crs=CRS)
    line = project("M", routes=[route("M", "xy")], stops_at=far)
    found = applied(TWO.network(), line)
    assert told(joins(found, area=point(0, 90_000).buffer(9)))[0][2:4] == ("x", None)
    assert len(joins(found, area=point(0, 90_000).buffer(9))) == 1


def test_existing_stops_are_no_joints() -> None:
    baseline = TWO.network(route("bus", "AB"))
    assert joins(applied(baseline)).empty


# Random projects ----------------------------------------------------------------------------


@st.composite
def random_cases(draw: st.DrawFn) -> tuple[TransportNetwork, list[Project]]:
    """A network and up to three projects of one road each, near it."""
    roads = draw(random_roads())
    at = gpd.GeoSeries([], crs=CRS)
    found = []
    for number in range(draw(st.integers(1, 3))):
        ends = draw(points_near(roads, count=2, offset_m=400))
        name = f"P{number}"
        line = bent(*ends, 0.07)
        own = road(name, line, tunnel=draw(st.booleans()))
        found.append(project(name, roads=[own]))
    return TransportNetwork(roads, stops(at), ()), found


@examples(60, quick=20)
@given(random_cases())
def test_every_end_joins_something_or_is_told_not_to(
    case: tuple[TransportNetwork, list[Project]],
) -> None:
    """What a joint names is in the network, at the end of its way; nothing else is split."""
    baseline, projects = case
    known = {item.project_id: item for item in projects}
    scenario = Scenario("", "", "", tuple(known))
    found, faults = applied_with_faults(baseline, scenario, projects=known, portal_snap_m=SNAP_M)
    table = joins(found)
    after = streets(found.network.roads)
    nodes = found.network.roads.nodes.geometry
    for row in table.loc[~table["over_limit"].astype(bool)].itertuples():
        foot = shapely.get_point(row.geometry, -1) or row.geometry
        assert nodes.distance(foot).min() <= 1.0 + 1e-6
        if row.joined_to not in nodes.index:
            assert row.joined_to in set(after["osmid"])
    ends = {(row.project_id, row.feature) for row in table.itertuples()}
    ends |= {(Path(f.file).stem, f.feature or Path(f.file).stem) for f in faults}
    assert ends == {(name, name) for name in known}
    before = streets(baseline.roads).groupby("osmid")["length"].sum()
    whole = after.loc[after["project_id"] == ""].groupby("osmid")["length"].sum()
    pd.testing.assert_series_equal(before, whole)
