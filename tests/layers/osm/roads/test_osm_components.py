"""Small parts that nothing joins to the network are dropped, and counted."""

from __future__ import annotations

from osm_roads import ROAD
from osm_worlds import TEN_MPS, drawn, name, osm_world

ISLAND = """
A---B---C

D---E

F---G
"""


def test_small_parts_are_dropped_and_counted() -> None:
    here = osm_world(ISLAND, {"ABC": ROAD, "DE": ROAD, "FG": ROAD})
    found = here.roads(min_component_m=150)
    assert drawn(found.table) == ["AC"]
    assert [(p.kind, p.osm_id, p.message) for p in found.problems] == [
        ("component-dropped", 2, "1 streets, 100 m"),
        ("component-dropped", 3, "1 streets, 100 m"),
    ]


def test_parts_long_enough_are_kept() -> None:
    here = osm_world(ISLAND, {"ABC": ROAD, "DE": ROAD, "FG": ROAD})
    assert len(here.streets(min_component_m=90)) == 3


def test_a_part_is_joined_by_any_street_whatever_its_direction() -> None:
    here = osm_world(
        "A---B---C", {"AB": {**ROAD, "oneway": "yes"}, "CB": {**ROAD, "oneway": "yes"}}
    )
    assert len(here.streets(min_component_m=150)) == 2


def test_a_small_part_of_one_mode_is_closed_for_it() -> None:
    """Cars reach CD over a footway only."""
    drawing = "A-------B---C---D"
    here = osm_world(drawing, {"AB": TEN_MPS, "BC": "footway", "CD": TEN_MPS})
    found = here.roads(min_component_m=150)
    assert [found.table[mode].tolist() for mode in ("drive", "walk", "bus")] == [
        [True, False, False],
        [True, True, True],
        [True, False, False],
    ]
    assert [(p.kind, p.message) for p in found.problems] == [
        ("mode-component-closed", "drive: 1 parts, 100 m"),
        ("mode-component-closed", "bus: 1 parts, 100 m"),
    ]


def test_nodes_of_dropped_parts_are_dropped() -> None:
    here = osm_world(ISLAND, {"ABC": ROAD, "DE": ROAD, "FG": ROAD})
    nodes = here.roads(min_component_m=150).nodes
    assert [name(node) for node in nodes.index] == ["A", "C"]


def test_everything_may_be_too_small() -> None:
    found = osm_world("A---B", {"AB": ROAD}).roads(min_component_m=1_000)
    assert len(found.table) == len(found.nodes) == 0
