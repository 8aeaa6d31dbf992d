"""What of an OpenStreetMap file belongs to a place."""

from __future__ import annotations

from collections.abc import Mapping
from pathlib import Path

import pytest
import shapely
from osm_extract import HALF, assert_same, helsinki, written
from osm_worlds import EVERYWHERE, OsmWorld, box, osm_world
from overpass_server import helsinki_file

from geo.osm.elements import Tags, elements, nodes_inside
from geo.osm.file import read_osm_file
from geo.osm.selection import belonging


def test_half_the_place_is_half_of_what_was_read() -> None:
    half = belonging(helsinki(), HALF)
    assert len(half.way_ids) < len(helsinki().way_ids)
    assert_same(read_osm_file(helsinki_file(), HALF), half)


def test_what_belongs_to_a_place_still_does_when_asked_again() -> None:
    half = belonging(helsinki(), HALF)
    assert_same(belonging(half, HALF), half)


def test_a_place_outside_has_nothing() -> None:
    nothing = read_osm_file(helsinki_file(), shapely.box(25.5, 60.5, 25.6, 60.6))
    assert len(nothing.way_ids) == len(nothing.relations) == 0


ROAD = {"highway": "primary"}
DRAWING = """
A---B---C---D---E
    |
P   F       Q
"""
PLACE = box(-50, -50, 150, 150)
"""Around A, B, F and P."""


def of_place(
    ways: Mapping[str, Tags | str],
    *,
    nodes: Mapping[str, Tags] | None = None,
    relations: tuple[tuple[Tags, str], ...] = (),
) -> tuple[str, list[int], list[int]]:
    """The letters of the nodes, the ways and the relations that belong to the place."""
    here = osm_world(DRAWING, ways, nodes=nodes, relations=relations)
    found = belonging(here.found, PLACE)
    letters = "".join(chr(node) for node in found.node_ids.tolist())
    return letters, found.way_ids.tolist(), [r.relation_id for r in found.relations]


@pytest.mark.parametrize(
    ("tags", "count"),
    [
        ({"highway": "primary"}, 1),
        ({"railway": "subway"}, 1),
        ({"railway": "platform"}, 1),
        ({"public_transport": "platform"}, 1),
        ({"route": "ferry"}, 1),
        ({"amenity": "school"}, 1),
        ({"landuse": "industrial"}, 1),
        ({"building": "yes"}, 0),
        ({"railway": "abandoned"}, 0),
        ({"landuse": "forest"}, 0),
        ({}, 0),
    ],
)
def test_ways_of_the_place(tags: Tags, count: int) -> None:
    assert len(of_place({"AB": tags})[1]) == count


def test_a_way_belongs_whole_if_a_node_of_it_is_in_the_place() -> None:
    assert of_place({"ABCD": ROAD, "DE": ROAD}) == ("ABCD", [1], [])


@pytest.mark.parametrize(
    ("tags", "letters"),
    [
        ({"highway": "bus_stop"}, "ABP"),
        ({"railway": "subway_entrance"}, "ABP"),
        ({"place": "village"}, "ABP"),
        ({"amenity": "hospital"}, "ABP"),
        ({"barrier": "bollard"}, "AB"),
        ({"shop": "bakery"}, "AB"),
    ],
)
def test_points_of_the_place(tags: Tags, letters: str) -> None:
    assert of_place({"AB": ROAD}, nodes={"P": tags, "Q": tags})[0] == letters


@pytest.mark.parametrize(
    ("tags", "kept"),
    [
        ({"barrier": "bollard"}, True),
        ({"railway": "station"}, True),
        ({"highway": "traffic_signals"}, False),
        ({"shop": "bakery"}, False),
    ],
)
def test_tags_of_nodes_that_matter_are_kept(tags: Tags, kept: bool) -> None:  # noqa: FBT001
    here = osm_world(DRAWING, {"AB": ROAD}, nodes={"A": tags})
    assert belonging(here.found, PLACE).node_tags == ({65: tags} if kept else {})


def test_a_line_brings_its_members_from_wherever_they_are() -> None:
    bus = {"type": "route", "route": "bus"}
    ways = {"AB": ROAD, "BC": ROAD, "DE": ROAD}
    nodes = {"Q": {"name": "Q"}}
    found = of_place(ways, nodes=nodes, relations=((bus, "AB DE Q:stop"), (bus, "DE")))
    assert found == ("ABCDEQ", [1, 2, 3], [1])


@pytest.mark.parametrize(
    ("tags", "count"),
    [
        ({"type": "route", "route": "subway"}, 1),
        ({"type": "route", "route": "hiking"}, 0),
        ({"type": "restriction", "restriction": "no_u_turn"}, 1),
        ({"type": "public_transport", "public_transport": "stop_area"}, 1),
        ({"type": "multipolygon", "amenity": "university"}, 1),
        ({"type": "boundary", "boundary": "administrative", "admin_level": "6"}, 1),
        ({"type": "boundary", "boundary": "administrative", "admin_level": "2"}, 0),
        ({"type": "boundary", "boundary": "protected_area"}, 0),
        ({"type": "multipolygon", "building": "yes"}, 0),
    ],
)
def test_relations_of_the_place(tags: Tags, count: int) -> None:
    assert len(of_place({"AB": ROAD}, relations=((tags, "AB"),))[2]) == count


def mixed() -> OsmWorld:
    """Relations whose members lead out of the place, or are no streets themselves."""
    ways = {"AB": ROAD, "BC": ROAD, "DE": ROAD, "CD": {}, "BF": {"building": "yes"}, "AP": {}}
    relations = [
        ({"type": "route", "route": "bus"}, "AB DE Q:stop"),
        ({"type": "multipolygon", "amenity": "university"}, "AP CD"),
        ({"type": "boundary", "boundary": "administrative", "admin_level": "6"}, "AP DE"),
        ({"type": "public_transport", "public_transport": "stop_area"}, "BF P E"),
        ({"type": "restriction", "restriction": "no_u_turn"}, "AB:from B:via BC:to"),
        ({"type": "restriction", "restriction": "no_u_turn"}, "DE:from E:via DE:to"),
    ]
    return osm_world(DRAWING, ways, nodes={"P": {"name": "P"}}, relations=relations)


def test_a_file_gives_what_belongs_whatever_its_members_are(tmp_path: Path) -> None:
    """The outline of a campus and the building of a station have no tags of travelling."""
    everything = mixed().found
    path = written(everything, tmp_path / "a.osm")
    found = read_osm_file(path, PLACE)
    assert [relation.relation_id for relation in found.relations] == [1, 2, 3, 4, 5]
    assert_same(found, belonging(everything, PLACE))


def test_what_is_outside_the_place_does_not_matter() -> None:
    ways = {"AB": ROAD, "DE": ROAD}
    relations = [({"type": "route", "route": "bus"}, "DE")]
    more = osm_world(DRAWING, ways, nodes={"Q": {"place": "town"}}, relations=relations)
    assert_same(
        belonging(more.found, PLACE), belonging(osm_world(DRAWING, {"AB": ROAD}).found, PLACE)
    )


def test_nodes_inside_and_on_a_polygon() -> None:
    found = elements({1: (0.5, 0.5), 2: (2.0, 0.5), 3: (0.9, 0.1)}, {}, {}, [])
    assert nodes_inside(found, shapely.box(0, 0, 1, 1)).tolist() == [True, False, True]


def test_nothing_is_in_an_empty_place() -> None:
    here = osm_world("A---B", {"AB": ROAD})
    assert len(belonging(here.found, shapely.Polygon()).way_ids) == 0
    assert len(belonging(here.found, EVERYWHERE).way_ids) == 1
