"""A small map with something for every table of the network store."""

from __future__ import annotations

from dataclasses import fields
from functools import cache
from pathlib import Path

import pytest
import shapely
from osm_worlds import OsmWorld, osm_world
from pandas.testing import assert_frame_equal

from layers.osm.network import OsmNetwork
from layers.osm.store import Recipe, stored_network

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
