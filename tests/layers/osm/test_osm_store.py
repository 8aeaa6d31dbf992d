"""The network store: what is read back is what was made, and a stale store is never used."""

from __future__ import annotations

import json
import shutil
from collections.abc import Callable
from dataclasses import fields, replace
from functools import cache
from pathlib import Path
from typing import Any

import geopandas as gpd
import pandas as pd
import pytest
import shapely
from osm_worlds import CRS, EVERYWHERE, OsmWorld, osm_world
from overpass_server import helsinki_file
from pandas.testing import assert_frame_equal

from geo.faults import BadInputError
from geo.osm.selection import ROUTES
from geo.osm.writing import write_osm_file
from layers.assumptions import Assumptions
from layers.osm import store
from layers.osm.network import OsmNetwork
from layers.osm.store import FILES, INDEX_FILE, USED_ASSUMPTIONS, Recipe, read_store, stored_network
from layers.transit import TransitRoute

HELSINKI = shapely.box(24.9351762, 60.1641550, 24.9534145, 60.1791130)
ROAD = {"highway": "primary"}
BUS = {"type": "route", "route": "bus", "ref": "1"}
TURN = {"type": "restriction", "restriction": "no_u_turn"}


at_once = pytest.mark.usefixtures("made_before")


@cache
def small_map() -> OsmWorld:
    """Something for every table."""
    drawing = """
    A---B---C---D
        |
        E
    """
    ways = {
        "AB": ROAD,
        "BC": {**ROAD, "maxspeed": "fast"},
        "CD": {"railway": "subway", "tunnel": "yes"},
        "BE": {"highway": "footway"},
    }
    nodes = {mark: {"railway": "station", "name": mark} for mark in "ABC"}
    nodes["E"] = {"railway": "subway_entrance", "name": "1号口"}
    relations = [
        (BUS, "A:stop B:stop C:stop AB BC"),
        ({**BUS, "route": "subway", "ref": "7"}, "A:stop C:stop"),
        (TURN, "AB:from B:via BC:to"),
    ]
    return osm_world(drawing, ways, nodes=nodes, relations=relations)


@pytest.fixture
def recipe(tmp_path: Path) -> Recipe:
    """The small map in a folder of its own."""
    file = tmp_path / "区域 1" / "area.osm.pbf"
    write_osm_file(small_map().found, file)
    return Recipe(file, EVERYWHERE, CRS, ROUTES, 0.0, Assumptions())


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    return tmp_path / "区域 1" / "network"


@pytest.fixture
def made(monkeypatch: pytest.MonkeyPatch) -> list[OsmNetwork]:
    """Every network that is made, as it was before it was kept."""
    networks: list[OsmNetwork] = []
    original = store.osm_network

    def noted(*args: Any, **values: Any) -> OsmNetwork:
        networks.append(original(*args, **values))
        return networks[-1]

    monkeypatch.setattr(store, "osm_network", noted)
    return networks


@pytest.fixture
def made_before(monkeypatch: pytest.MonkeyPatch) -> None:
    """The network of every recipe is that of the small map, made before."""
    monkeypatch.setattr(store, "osm_network", lambda *_, **__: small_network())
    monkeypatch.setattr(store, "read_osm_file", lambda *_, tick: tick("streets"))


@cache
def small_network() -> OsmNetwork:
    return small_map().network()


def assert_same(found: OsmNetwork, expected: OsmNetwork) -> None:
    """Equal tables with equal types, and equal routes with equal shapes."""
    for item in fields(OsmNetwork):
        if item.name != "routes":
            one, other = getattr(found, item.name), getattr(expected, item.name)
            assert type(one) is type(other), item.name
            assert_frame_equal(one, other, obj=item.name)
            assert getattr(one, "crs", None) == getattr(other, "crs", None)
    assert found.routes == expected.routes
    for one, other in zip(found.routes, expected.routes, strict=True):
        assert shapely.equals(one.shape, other.shape) or one.shape is other.shape is None


def made_again(recipe: Recipe, folder: Path) -> bool:
    """Whether the network had to be made."""
    told: list[str] = []
    stored_network(recipe, folder, tick=told.append)
    return bool(told)


# Kept and read back -------------------------------------------------------------------------


def test_every_table_has_something(recipe: Recipe, folder: Path) -> None:
    network = stored_network(recipe, folder)
    assert {f.name for f in fields(OsmNetwork) if not len(getattr(network, f.name))} == set()


def test_what_is_read_back_is_what_was_made(
    recipe: Recipe, folder: Path, made: list[OsmNetwork]
) -> None:
    kept = stored_network(recipe, folder)
    assert_same(kept, made[0])
    assert_same(stored_network(recipe, folder), made[0])
    assert len(made) == 1


def test_the_extract_of_helsinki_is_read_back(tmp_path: Path, made: list[OsmNetwork]) -> None:
    recipe = Recipe(helsinki_file(), HELSINKI, "EPSG:32635", ROUTES, 1_000.0, Assumptions())
    kept = stored_network(recipe, tmp_path / "network")
    assert len(kept.streets) > 5_000
    assert_same(kept, made[0])


def test_values_of_routes_have_their_own_types(recipe: Recipe, folder: Path) -> None:
    bus, metro = stored_network(recipe, folder).routes
    assert metro.shape is None
    assert bus.shape is not None
    for item in fields(TransitRoute):
        if item.name != "shape":
            assert type(getattr(bus, item.name)).__module__ == "builtins", item.name
    assert {type(secs) for secs in bus.hop_secs} == {float}
    assert {type(stop) for stop in bus.stop_ids} == {str}


def test_lists_of_restrictions_are_lists(recipe: Recipe, folder: Path) -> None:
    [row] = stored_network(recipe, folder).restrictions.itertuples()
    assert row.via_nodes == [str(ord("B"))]
    assert row.via_ways == []


def test_problems_are_kept(recipe: Recipe, folder: Path) -> None:
    first = stored_network(recipe, folder).problems
    assert "maxspeed-unreadable" in set(first["kind"])
    assert_frame_equal(stored_network(recipe, folder).problems, first)


def test_a_map_without_anything_is_kept(tmp_path: Path) -> None:
    file = tmp_path / "area.osm.pbf"
    write_osm_file(osm_world("A---B", {}).found, file)
    recipe = Recipe(file, EVERYWHERE, CRS, ROUTES, 0.0, Assumptions())
    stored_network(recipe, tmp_path / "network")
    assert not made_again(recipe, tmp_path / "network")


@at_once
def test_a_store_that_fits_is_used(recipe: Recipe, folder: Path) -> None:
    assert made_again(recipe, folder)
    assert not made_again(recipe, folder)


@at_once
def test_the_store_may_be_read_by_everybody_who_reads_the_study(
    recipe: Recipe, folder: Path
) -> None:
    stored_network(recipe, folder)
    beside = folder.parent / "beside"
    beside.mkdir()
    assert folder.stat().st_mode == beside.stat().st_mode


def test_two_stores_of_one_file_have_the_same_bytes(recipe: Recipe, folder: Path) -> None:
    stored_network(recipe, folder)
    other = folder.with_name("other")
    stored_network(recipe, other)
    for name in FILES:
        assert (folder / name).read_bytes() == (other / name).read_bytes(), name


# Stale stores -------------------------------------------------------------------------------


def changed_file(recipe: Recipe) -> Recipe:
    """Another street, under the same name."""
    write_osm_file(osm_world("A---B---C", {"ABC": ROAD}).found, recipe.file)
    return recipe


CHANGES: dict[str, Callable[[Recipe], Recipe]] = {
    "file": changed_file,
    "place": lambda r: replace(r, place=shapely.box(106, 29, 107, 29.9)),
    "crs": lambda r: replace(r, crs="EPSG:4545"),
    "modes": lambda r: replace(r, modes=("bus",)),
    "min_component_m": lambda r: replace(r, min_component_m=1.0),
    "assumptions": lambda r: replace(r, assumptions=Assumptions(detour=1.4)),
}


def test_every_part_of_a_recipe_is_changed() -> None:
    assert set(CHANGES) == {item.name for item in fields(Recipe)}


@at_once
@pytest.mark.parametrize("part", CHANGES)
def test_a_store_of_something_else_is_made_again(part: str, recipe: Recipe, folder: Path) -> None:
    stored_network(recipe, folder)
    changed = CHANGES[part](recipe)
    assert made_again(changed, folder)
    assert not made_again(changed, folder)


def test_a_changed_file_gives_its_own_streets(recipe: Recipe, folder: Path) -> None:
    assert len(stored_network(recipe, folder).streets) == 3
    assert len(stored_network(changed_file(recipe), folder).streets) == 1


@at_once
def test_a_store_of_another_edition_is_made_again(
    recipe: Recipe, folder: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    stored_network(recipe, folder)
    monkeypatch.setattr(store, "EDITION", store.EDITION + 1)
    assert made_again(recipe, folder)


@pytest.mark.parametrize("name", USED_ASSUMPTIONS)
def test_every_assumption_that_the_import_uses_counts(name: str, recipe: Recipe) -> None:
    value = getattr(recipe.assumptions, name)
    other = {**value, "bus": 31.0} if isinstance(value, dict) else value + 0.1
    changed = replace(recipe, assumptions=replace(recipe.assumptions, **{name: other}))
    assert changed.key() != recipe.key()


def test_assumptions_that_the_import_does_not_use_do_not_count(recipe: Recipe) -> None:
    changed = replace(recipe, assumptions=Assumptions(walk_speed_kph=5.0))
    assert changed.key() == recipe.key()


def test_the_place_counts_and_not_where_its_outline_begins(recipe: Recipe) -> None:
    ring = list(recipe.place.exterior.coords)
    turned = shapely.Polygon([*ring[2:], *ring[1:3]])
    assert replace(recipe, place=turned).key() == recipe.key()


# Broken stores ------------------------------------------------------------------------------


def truncate(path: Path) -> None:
    path.write_bytes(path.read_bytes()[: path.stat().st_size // 2])


def spoil_index(path: Path) -> None:
    (path.parent / INDEX_FILE).write_text("[1, 2", encoding="utf-8")


def other_json(path: Path) -> None:
    (path.parent / INDEX_FILE).write_text('["key"]', encoding="utf-8")


def not_text(path: Path) -> None:
    (path.parent / INDEX_FILE).write_bytes(b"\xff\xfe\x00")


def other_table(path: Path) -> None:
    pd.DataFrame({"a": [1]}).to_parquet(path)


BREAKS: tuple[Callable[[Path], None], ...] = (
    Path.unlink,
    truncate,
    spoil_index,
    other_json,
    not_text,
    other_table,
)


@at_once
@pytest.mark.parametrize("spoil", BREAKS, ids=lambda spoil: spoil.__name__)
@pytest.mark.parametrize("name", ["streets.parquet", "restrictions.parquet"])
def test_a_broken_store_is_made_again(
    name: str, spoil: Callable[[Path], None], recipe: Recipe, folder: Path
) -> None:
    stored_network(recipe, folder)
    spoil(folder / name)
    assert read_store(folder, recipe.key()) is None
    assert made_again(recipe, folder)
    assert not made_again(recipe, folder)


@at_once
def test_a_store_may_be_deleted(recipe: Recipe, folder: Path) -> None:
    stored_network(recipe, folder)
    shutil.rmtree(folder)
    assert made_again(recipe, folder)


# Writing ------------------------------------------------------------------------------------


@at_once
def test_a_store_that_is_not_finished_leaves_the_old_one(
    recipe: Recipe, folder: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    before = stored_network(recipe, folder)
    there = {path.name: path.read_bytes() for path in folder.iterdir()}

    def fail(*_: object, **__: object) -> None:
        raise KeyboardInterrupt

    monkeypatch.setattr(pd.DataFrame, "to_parquet", fail)
    with pytest.raises(KeyboardInterrupt):
        stored_network(replace(recipe, modes=()), folder)
    monkeypatch.undo()
    assert {path.name: path.read_bytes() for path in folder.iterdir()} == there
    assert {path.name for path in folder.parent.iterdir()} == {"area.osm.pbf", "network"}
    kept = read_store(folder, recipe.key())
    assert kept is not None
    assert_same(kept, before)


@at_once
def test_a_folder_with_other_files_is_never_replaced(recipe: Recipe, folder: Path) -> None:
    """The road files of a study may stand in a folder of the store's name."""
    folder.mkdir()
    (folder / "road_edges.geojson").write_text("{}", encoding="utf-8")
    with pytest.raises(BadInputError) as error:
        stored_network(recipe, folder)
    assert [fault.code for fault in error.value.faults] == ["store-not-alone"]
    assert [path.name for path in folder.iterdir()] == ["road_edges.geojson"]


def test_without_the_file_there_is_a_fault(recipe: Recipe, folder: Path) -> None:
    recipe.file.unlink()
    with pytest.raises(BadInputError) as error:
        stored_network(recipe, folder)
    assert [fault.code for fault in error.value.faults] == ["file-missing"]


@at_once
def test_a_store_holds_its_own_files_only(recipe: Recipe, folder: Path) -> None:
    stored_network(recipe, folder)
    assert {path.name for path in folder.iterdir()} == set(FILES)
    index = json.loads((folder / INDEX_FILE).read_text(encoding="utf-8"))
    assert index["key"] == recipe.key()
    assert isinstance(gpd.read_parquet(folder / "streets.parquet"), gpd.GeoDataFrame)
