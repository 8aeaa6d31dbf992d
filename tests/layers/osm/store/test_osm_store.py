"""The network store: what is read back is what was made, and nothing half made stays."""

from __future__ import annotations

import json
from dataclasses import fields, replace
from pathlib import Path

import geopandas as gpd
import pandas as pd
import pytest
from osm_worlds import CRS, EVERYWHERE, osm_world
from overpass_server import helsinki_file
from pandas.testing import assert_frame_equal
from small_network import HELSINKI, assert_same, at_once, made_again

from geo.faults import BadInputError
from geo.osm.selection import ROUTES
from geo.osm.writing import write_osm_file
from layers.assumptions import Assumptions
from layers.osm.network import OsmNetwork
from layers.osm.store import FILES, INDEX_FILE, Recipe, read_store, stored_network
from layers.transit import TransitRoute


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
