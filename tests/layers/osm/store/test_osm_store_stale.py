"""A stale or broken network store is never used."""

from __future__ import annotations

import shutil
from collections.abc import Callable
from dataclasses import fields, replace
from pathlib import Path

import pandas as pd
import pytest
import shapely
from osm_worlds import osm_world
from small_network import ROAD, at_once, made_again

from geo.osm.writing import write_osm_file
from layers.assumptions import Assumptions
from layers.osm import store
from layers.osm.store import INDEX_FILE, USED_ASSUMPTIONS, Recipe, read_store, stored_network


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
