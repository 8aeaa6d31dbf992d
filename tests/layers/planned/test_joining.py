"""The ends of a project's roads and what they join."""

from __future__ import annotations

from typing import Any

import geopandas as gpd
import numpy as np
import pandas as pd
import pytest
from ascii_worlds import world
from coordinates import CRS, point
from easy_values import conditions, easy
from network_parts import project, road, tunnel
from planned_projects import THREE_STREETS, applied, faults_of, table_of
from shapely.geometry import LineString
from travel_times_between import times


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
