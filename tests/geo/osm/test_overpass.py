"""OpenStreetMap from an Overpass server: the same as from a file."""

from __future__ import annotations

import datetime as dt
import re
from dataclasses import replace
from itertools import product
from pathlib import Path

import numpy as np
import pytest
import shapely
from hypothesis import given
from hypothesis import strategies as st
from hypothesis_settings import examples
from osm_extract import assert_same
from overpass_server import (
    OverpassServer,
    database,
    helsinki,
    helsinki_file,
)
from overpass_village import VILLAGE, at, the_fault
from pyproj import Geod
from shapely.geometry.base import BaseGeometry

from geo.faults import BadInputError
from geo.osm import overpass
from geo.osm import selection as wanted
from geo.osm.elements import Member, Relation, elements_from_dicts
from geo.osm.file import read_osm_file
from geo.osm.osmnx_session import USER_AGENT, osmnx_with
from geo.osm.overpass import FEATURES, fetch_osm
from geo.osm.overpass_json import elements_of_answers
from geo.osm.tiles import tiles
from geo.osm.writing import write_osm_file

QUARTER = shapely.affinity.scale(shapely.Point(24.944, 60.1715).buffer(0.0055), 1.0, 0.7)
BLOCK = shapely.box(24.9435, 60.1705, 24.9445, 60.1712)
PARTS = shapely.union(
    shapely.box(24.93, 60.163, 24.96, 60.168).difference(BLOCK),
    shapely.box(24.95, 60.17, 24.98, 60.18),
)
"""In Helsinki: a round one, a small one, and one in two pieces over the edge of the extract."""


# The same elements --------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("place", "tile_km2", "requests"),
    [(QUARTER, 200, 2), (BLOCK, 200, 2), (PARTS, 4, 4)],
    ids=["quarter", "block", "parts"],
)
def test_overpass_and_file_give_the_same(
    tmp_path: Path, place: BaseGeometry, tile_km2: float, requests: int
) -> None:
    with OverpassServer() as server:
        found = fetch_osm(place, replace(at(server), tile_km2=tile_km2), cache=tmp_path)
    assert_same(found, read_osm_file(helsinki_file(), place))
    assert len(server.queries) == requests
    assert found.relations
    assert len(found.way_ids) > 10
    assert server.agents == {USER_AGENT}


def test_members_without_tags_count(tmp_path: Path) -> None:
    """A campus whose outline has no tags, a stop area with a plain node; gates off the streets."""
    spots = {1: (25, 60), 2: (25.001, 60), 3: (25.001, 60.001), 4: (25, 60.001), 5: (25.01, 60.01)}
    ways = {
        1: ({}, [1, 2, 3, 4, 1]),
        2: ({"highway": "service"}, [4, 5]),
        3: ({"barrier": "fence"}, [2, 3]),
    }
    campus = {"type": "multipolygon", "amenity": "university"}
    area = {"type": "public_transport", "public_transport": "stop_area"}
    relations = [
        Relation(1, campus, (Member("way", 1, "outer"),)),
        Relation(2, area, (Member("node", 2, "stop"), Member("relation", 1, ""))),
    ]
    gate = {"barrier": "gate"}
    path = tmp_path / "campus.osm.pbf"
    write_osm_file(elements_from_dicts(spots, {3: gate, 4: gate}, ways, relations), path)
    place = shapely.box(24.9995, 59.9995, 25.0015, 60.0015)
    with OverpassServer(database(path)) as server:
        found = fetch_osm(place, at(server), cache=tmp_path / "cache")
    assert found.relations == tuple(relations)
    assert found.way_ids.tolist() == [1, 2]
    assert_same(found, read_osm_file(path, place))


KEYS = [*FEATURES, "boundary", "barrier", "building"]
VALUES = [
    *wanted.TRACKS,
    *wanted.STATIONS,
    *wanted.ROUTES,
    *wanted.RESTRICTIONS,
    *wanted.PLACES,
    *wanted.AMENITIES,
    *wanted.LANDUSES,
    *wanted.ADMIN_LEVELS,
    *("platform", "ferry", "bus_stop", "stop_area", "route", "boundary", "administrative", "yes"),
]


def asked_for(tags: dict[str, str]) -> bool:
    return any(k in tags and (v is True or tags[k] in v) for k, v in FEATURES.items())


def test_whatever_is_wanted_is_asked_for() -> None:
    """Every tag with every value, alone and on relations of every type."""
    street = re.fullmatch(r'\["(\w+)"\]', overpass.STREETS)[1]
    kinds = set()
    for key, value, kind in product(KEYS, VALUES, ["", "route", "boundary", "multipolygon"]):
        tags = {"boundary": "administrative", "type": kind} if kind else {}
        tags |= {key: value}
        of_way = wanted.is_network_way(tags) or wanted.is_opportunity(tags)
        assert asked_for(tags) or street in tags or not of_way, tags
        if wanted.is_point_of_interest(tags) or wanted.is_wanted_relation(tags):
            assert asked_for(tags), tags
            kinds.add((key, kind))
    assert {("type", ""), ("route", "route"), ("admin_level", "boundary")} <= kinds


@examples(10)
@given(st.lists(st.tuples(st.integers(0, 9000), st.integers(1, 4000)), max_size=4))
def test_answers_that_overlap_count_once(parts: list[tuple[int, int]]) -> None:
    items = list(helsinki().items.values())[20_000:29_000]
    answers = [{"elements": items[start : start + size]} for start, size in parts]
    whole = {"elements": items}
    assert_same(elements_of_answers([*answers, whole, *answers]), elements_of_answers([whole]))


# Tiles --------------------------------------------------------------------------------------


@examples(60)
@given(
    st.lists(st.tuples(st.floats(-170, 170), st.floats(-70, 70)), min_size=3, max_size=6),
    st.sampled_from([100.0, 200.0, 400.0]),
)
def test_tiles_cover_the_place_and_no_more(
    corners: list[tuple[float, float]], tile_km2: float
) -> None:
    """Any shape, made small enough that its tiles can be counted."""
    x, y = corners[0]
    hull = shapely.MultiPoint(corners).convex_hull.buffer(0.1)
    size = 2.0 / max(hull.bounds[2] - hull.bounds[0], hull.bounds[3] - hull.bounds[1])
    place = shapely.affinity.scale(hull, size, size, origin=(x, y))
    boxes = tiles(place, tile_km2)
    shapes = shapely.box(*np.array(boxes).T)
    earth = Geod(ellps="WGS84")
    areas = [abs(earth.geometry_area_perimeter(shape)[0]) / 1e6 for shape in shapes]
    assert max(areas) <= tile_km2 + 1e-3
    union = shapely.union_all(shapes)
    assert union.buffer(1e-6).covers(place)
    assert sum(shape.area for shape in shapes) == pytest.approx(union.area)
    assert all(shape.intersection(place).area for shape in shapes)


def test_tiles_beside_the_place_are_not_asked_for() -> None:
    corner = shapely.box(106, 29, 106.3, 29.3) - shapely.box(106.1, 29.1, 106.3, 29.3)
    assert len(tiles(corner, 150)) == 5


def test_osm_of_another_day(server: OverpassServer, tmp_path: Path) -> None:
    day = dt.date(2022, 4, 20)
    fetch_osm(VILLAGE, replace(at(server), date=day), cache=tmp_path)
    assert all('[date:"2022-04-20T00:00:00Z"];' in query for query in server.queries)
    fetch_osm(VILLAGE, at(server), cache=tmp_path)
    assert not any("date" in query for query in server.queries[2:])


@pytest.mark.parametrize("day", [dt.date(2012, 9, 12), dt.date(2999, 1, 1)])
def test_a_day_without_osm(server: OverpassServer, tmp_path: Path, day: dt.date) -> None:
    with pytest.raises(BadInputError) as error:
        fetch_osm(VILLAGE, replace(at(server), date=day), cache=tmp_path)
    assert the_fault(error).code == "value-out-of-range"
    assert the_fault(error).allowed.startswith("2012-09-13 to ")
    assert server.queries == []


@pytest.mark.parametrize("failures", [(), ("500",)])
def test_settings_of_osmnx_are_as_before(
    server: OverpassServer, tmp_path: Path, failures: tuple[str, ...]
) -> None:
    import osmnx  # noqa: PLC0415 - it takes seconds

    before = {name: value for name, value in vars(osmnx.settings).items() if name[0] != "_"}
    server.fails(*failures)
    try:
        fetch_osm(VILLAGE, at(server), cache=tmp_path)
    except BadInputError:
        assert failures
    else:
        assert not failures
    after = {name: value for name, value in vars(osmnx.settings).items() if name[0] != "_"}
    assert after == before
    with osmnx_with(cache_only_mode=True):
        assert vars(osmnx.settings) != after | {"cache_only_mode": False}
