"""Recipes of small networks and where they are stored."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest
from osm_worlds import CRS, EVERYWHERE
from small_network import small_map, small_network

from geo.osm.selection import ROUTES
from geo.osm.writing import write_osm_file
from layers.assumptions import Assumptions
from layers.osm import store
from layers.osm.network import OsmNetwork
from layers.osm.store import Recipe


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
