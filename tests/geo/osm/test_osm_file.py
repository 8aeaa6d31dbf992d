"""OpenStreetMap files: read and written, with everything wrong with them."""

from __future__ import annotations

import bz2
import gzip
from collections.abc import Callable
from pathlib import Path

import numpy as np
import pytest
from osm_extract import BLOCK, HALF, HELSINKI, assert_same, helsinki, written
from overpass_server import helsinki_file

from geo.faults import BadInputError, Fault
from geo.osm import opl
from geo.osm.elements import elements
from geo.osm.file import ENDINGS, read_osm_file
from geo.osm.selection import belonging
from geo.osm.writing import write_osm_file


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
    plain = written(belonging(helsinki(), BLOCK), tmp_path / "a.osm")
    packed = tmp_path / f"a.osm{ending}"
    packed.write_bytes(pack(plain.read_bytes()))
    assert_same(read_osm_file(packed, BLOCK), belonging(helsinki(), BLOCK))


@pytest.mark.parametrize("ending", [".osm.pbf", ".osm"])
def test_the_same_elements_give_the_same_bytes(tmp_path: Path, ending: str) -> None:
    first = written(helsinki(), tmp_path / f"a{ending}").read_bytes()
    assert written(helsinki(), tmp_path / f"b{ending}").read_bytes() == first


def test_nothing_half_written_stays(tmp_path: Path) -> None:
    path = written(elements({1: (106.5, 29.5)}, {}, {}, []), tmp_path / "a.osm.pbf")
    before = path.read_bytes()
    spoiled = elements({1: (106.5, 29.5)}, {}, {7: ({"highway": None}, [1])}, [])  # type: ignore[dict-item]
    with pytest.raises(Exception, match=r".+"):
        write_osm_file(spoiled, path)
    assert [item.name for item in tmp_path.iterdir()] == ["a.osm.pbf"]
    assert path.read_bytes() == before


def test_an_area_without_anything_is_written_and_read(tmp_path: Path) -> None:
    nothing = elements({}, {}, {}, [])
    path = written(nothing, tmp_path / "a.osm.pbf")
    assert_same(read_osm_file(path, HELSINKI), nothing)


@pytest.mark.parametrize("size", [20_000, 100_000])
def test_how_many_ways_are_read_at_once_does_not_matter(
    monkeypatch: pytest.MonkeyPatch, size: int
) -> None:
    monkeypatch.setattr(opl, "BLOCK_BYTES", size)
    assert_same(read_osm_file(helsinki_file(), HALF), belonging(helsinki(), HALF))


def test_each_pass_is_told() -> None:
    told: list[str] = []
    read_osm_file(helsinki_file(), HALF, tick=told.append)
    assert told == ["relations", "streets", "members"]


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
    assert_same(read_osm_file(path, HALF), belonging(helsinki(), HALF))
