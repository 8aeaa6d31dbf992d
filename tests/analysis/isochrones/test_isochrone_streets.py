"""Isochrones: the parts of streets that are reached, exactly."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

import pytest
from ascii_worlds import world
from isochrones_of import asked, parts_of
from network_parts import route

from analysis.surface.reached_streets import REACHED_COLUMNS


def test_streets_are_reached_in_part() -> None:
    """A walker from A: 500 m along AB, then all of AB and 250 m into BC and BD."""
    here = world(
        """
        A---B---C
            |
            D
        """
    )
    found = asked(here.network(), here.places["A"], [500, 1_250])
    assert tuple(found.streets.columns) == REACHED_COLUMNS
    assert parts_of(found, 500) == [("AB", 0, 0.5)]
    assert parts_of(found, 1_250) == [("AB", 0, 1), ("BC", 0, 0.25), ("BD", 0, 0.25)]
    length = found.streets.geometry.length.groupby(found.streets["cutoff_secs"]).sum()
    assert length.to_dict() == pytest.approx({500: 500, 1_250: 1_500})


def test_streets_longer_than_drawn_are_reached_in_proportion() -> None:
    """1000 m in 4000 m of street are a quarter of what is drawn."""
    here = world("A---B", length=4_000.0)
    found = asked(here.network(), here.places["A"], [1_000])
    assert parts_of(found, 1_000) == [("AB", 0, 0.25)]
    assert found.streets.geometry.length.tolist() == pytest.approx([250])


def test_the_street_of_the_origin() -> None:
    """Both ways from s; on a one-way street only ahead, and round the block from behind."""
    here = world(
        """
        A-s-B
        |   |
        C---D
        """
    )
    origin = here.places["s"]
    assert parts_of(asked(here.network(), origin, [100]), 100) == [("AB", 0.4, 0.6)]
    one_way = replace(here, roads=world("A-s-B", oneway=True).roads).network()
    assert parts_of(asked(one_way, origin, [20, 500], "drive"), 20) == [("AB", 0.5, 0.6)]
    assert parts_of(asked(one_way, origin, [500], "drive"), 500) == [("AB", 0.5, 1)]


def test_a_one_way_street_is_entered_at_its_start_only() -> None:
    """5 m/s by car: from A 300 s are 1500 m; from C no street leads away."""
    here = world("A---B---C", streets={"BC": {"oneway": True}})
    network = here.network()
    assert parts_of(asked(network, here.places["A"], [300], "drive"), 300) == [
        ("AB", 0, 1),
        ("BC", 0, 0.5),
    ]
    assert parts_of(asked(network, here.places["C"], [300], "drive"), 300) == []


def test_a_street_reached_from_both_ends_counts_once() -> None:
    """From A both B and C take 1000 s, and D 500 s more by either."""
    here = world(
        """
        A-----------B
        |           |
        C-----------D
        """,
        scale_m=1_000 / 3,
        streets={"AC": {"length": 1_000.0}, "BD": {"length": 500.0}, "CD": {"length": 500.0}},
    )
    found = asked(here.network(), here.places["A"], [1_200, 1_500, 9_000])
    assert parts_of(found, 1_200) == [("AB", 0, 1), ("AC", 0, 1), ("BD", 0, 0.4), ("CD", 0, 0.4)]
    for cutoff in (1_500, 9_000):
        assert parts_of(found, cutoff) == [(name, 0, 1) for name in ("AB", "AC", "BD", "CD")]


def test_parts_from_both_ends_meet() -> None:
    """B takes 100 s and D, by C, 1500 s: the 5000 m between them meet after 3300 s."""
    here = world(
        """
        A---B
        |   |
        C---D
        """,
        streets={"AB": {"length": 100.0}, "AC": {"length": 500.0}, "BD": {"length": 5_000.0}},
    )
    found = asked(here.network(), here.places["A"], [1_700, 3_299, 3_301])
    assert parts_of(found, 1_700) == [
        ("AB", 0, 1),
        ("AC", 0, 1),
        ("BD", 0, 0.32),
        ("BD", 0.96, 1),
        ("CD", 0, 1),
    ]
    assert len(parts_of(found, 3_299)) == 5
    assert parts_of(found, 3_301) == [(name, 0, 1) for name in ("AB", "AC", "BD", "CD")]


def test_passengers_come_onto_a_street_midway() -> None:
    """By bus at s after 30 + 60 s; from there 110 m to both sides of it."""
    here = world("A       C---s---D")
    bus = route("1", "As", 60, headway_secs=60)
    found = asked(here.network(bus), here.places["A"], [200], "transit")
    assert parts_of(found, 200) == [("CD", 0.5 - 0.055, 0.5 + 0.055)]


def test_a_tunnel_is_reached_in_part_too() -> None:
    here = world("A---B.......C", maxspeed=36.0)
    found = asked(here.network(), here.places["A"], [400], "drive")
    assert parts_of(found, 400) == [("AB", 0, 1), ("BC", 0, 0.5)]


def test_nothing_is_reached_in_no_time_or_without_a_street() -> None:
    here = world("A---B                                o")
    assert asked(here.network(), here.places["A"], [0]).streets.empty
    assert asked(here.network(), here.places["o"], [600]).streets.empty


@pytest.mark.parametrize(
    "closed", [{"tunnel": True}, {"bridge": True}, {"highway": "motorway"}], ids=str
)
def test_nobody_leaves_a_tunnel_bridge_or_motorway_midway(closed: dict[str, Any]) -> None:
    """Two valleys are reached and the ridge between them is not."""
    here = world("A---B-------C---D", streets={"BC": closed})
    found = asked(here.network(), here.places["A"], [2_000], "drive")
    west, east = sorted(found.areas.geometry.iloc[0].geoms, key=lambda part: part.centroid.x)
    assert west.bounds[2] == pytest.approx(here.places["B"].x + 100, abs=10)
    assert east.bounds[0] == pytest.approx(here.places["C"].x - 100, abs=10)
    assert parts_of(found, 2_000) == [("AB", 0, 1), ("BC", 0, 1), ("CD", 0, 1)]
