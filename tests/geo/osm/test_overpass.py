"""OpenStreetMap from an Overpass server: the same as from a file, politely, and to be continued."""

from __future__ import annotations

import datetime as dt
import re
import socket
from collections.abc import Iterator
from dataclasses import replace
from itertools import product
from pathlib import Path

import numpy as np
import pytest
import shapely
from hypothesis import given
from hypothesis import strategies as st
from overpass_query import Database
from overpass_server import (
    FAILURES,
    PLACE_RING,
    STATUS,
    OverpassServer,
    database,
    helsinki,
    helsinki_file,
)
from pyproj import Geod
from shapely.geometry.base import BaseGeometry
from worlds import examples

from geo.faults import BadInputError, Fault
from geo.osm import overpass
from geo.osm import selection as wanted
from geo.osm.elements import Member, OsmElements, Relation, elements_from_dicts
from geo.osm.file import read_osm_file
from geo.osm.nominatim import PLACE_COLUMNS, find_place
from geo.osm.osmnx_session import USER_AGENT, osmnx_with
from geo.osm.overpass import FEATURES, Overpass, fetch_osm
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
VILLAGE = shapely.box(25.0, 60.0, 25.01, 60.005)
"""The place of `village`, 0.6 km square; tiles of `FOUR` km2 cut it into four."""
FOUR = 0.1


def village() -> Database:
    """Two streets that cross in the middle, each in three ways, and a bus along one of them."""
    middle = range(0, 13, 3)
    spots = {10 + k: (25.001 + k * 0.0006, 60.0025) for k in middle}
    spots |= {30 + k: (25.005, 60.0005 + k * 0.0003) for k in middle}
    nodes = [{"type": "node", "id": n, "lon": x, "lat": y} for n, (x, y) in spots.items()]
    nodes[0]["tags"] = {"highway": "bus_stop"}
    refs = [[10, 13, 16], [16, 19], [19, 22], [30, 33, 36], [36, 39], [39, 42]]
    ways = [
        {"type": "way", "id": n, "nodes": own, "tags": {"highway": "residential"}}
        for n, own in enumerate(refs)
    ]
    members = [{"type": "way", "ref": n, "role": ""} for n in (0, 1, 2)]
    bus = {"type": "route", "route": "bus"}
    return Database([*nodes, *ways, {"type": "relation", "id": 5, "members": members, "tags": bus}])


@pytest.fixture
def server() -> Iterator[OverpassServer]:
    with OverpassServer(village()) as running:
        yield running


@pytest.fixture
def rests(monkeypatch: pytest.MonkeyPatch) -> list[float]:
    """Every pause, instead of making it; those of no length are not told."""
    made: list[float] = []
    monkeypatch.setattr("time.sleep", lambda secs: made.append(secs) if secs else None)
    return made


def at(server: OverpassServer) -> Overpass:
    return Overpass(server.url, retry_waits_secs=())


def assert_same(found: OsmElements, expected: OsmElements) -> None:
    for name in ("node_ids", "lonlat", "way_ids", "refs", "starts"):
        np.testing.assert_array_equal(getattr(found, name), getattr(expected, name), err_msg=name)
    assert found.node_tags == expected.node_tags
    assert found.way_tags == expected.way_tags
    assert found.relations == expected.relations


def whole_village() -> OsmElements:
    found = elements_of_answers([{"elements": list(village().items.values())}])
    assert len(found.node_ids) == 10
    return found


def the_fault(error: pytest.ExceptionInfo[BadInputError]) -> Fault:
    [fault] = error.value.faults
    return fault


def nobody() -> str:
    """An address where nothing listens."""
    with socket.socket() as free:
        free.bind(("127.0.0.1", 0))
        return f"http://127.0.0.1:{free.getsockname()[1]}/api"


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


# To be continued ----------------------------------------------------------------------------


def test_fetch_goes_on_where_it_was_broken_off(server: OverpassServer, tmp_path: Path) -> None:
    asked = replace(at(server), tile_km2=FOUR)

    def end_at_third(tile: str) -> None:
        if tile == "tile 3 of 4":
            # What a program leaves that is ended while it writes an answer.
            raise KeyboardInterrupt

    with pytest.raises(KeyboardInterrupt):
        fetch_osm(VILLAGE, asked, cache=tmp_path, tick=end_at_third)
    assert len(server.queries) == 4
    seen: list[str] = []
    found = fetch_osm(VILLAGE, asked, cache=tmp_path, tick=seen.append)
    assert seen == [f"tile {number} of 4" for number in (1, 2, 3, 4)]
    assert len(server.queries) == len(set(server.queries)) == 8
    assert_same(found, whole_village())
    assert all(path.suffix == ".json" for path in tmp_path.iterdir())


def test_half_an_answer_is_not_trusted(
    server: OverpassServer, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """The program is ended while OSMnx writes."""

    def end(*_: object) -> None:
        raise KeyboardInterrupt

    with monkeypatch.context() as patched:
        patched.setattr(Path, "replace", end)
        with pytest.raises(KeyboardInterrupt):
            fetch_osm(VILLAGE, at(server), cache=tmp_path)
    [half] = tmp_path.glob("*.part/*.json")
    half.write_text(half.read_text()[:100])
    assert_same(fetch_osm(VILLAGE, at(server), cache=tmp_path), whole_village())
    assert sorted(path.suffix for path in tmp_path.iterdir()) == [".json", ".json"]


def test_answers_serve_again_for_the_same_question_only(
    server: OverpassServer, tmp_path: Path
) -> None:
    asked = at(server)
    first = fetch_osm(VILLAGE, asked, cache=tmp_path)
    patient = replace(asked, timeout_secs=30, retry_waits_secs=(1,), tile_km2=100)
    assert_same(fetch_osm(VILLAGE, patient, cache=tmp_path), first)
    assert (len(server.queries), server.statuses) == (2, 5)
    fetch_osm(VILLAGE, replace(asked, date=dt.date(2022, 4, 20)), cache=tmp_path)
    assert len(server.queries) == 4
    with OverpassServer(village()) as other:
        fetch_osm(VILLAGE, at(other), cache=tmp_path)
        assert len(other.queries) == 2
    server.__exit__()
    assert_same(fetch_osm(VILLAGE, asked, cache=tmp_path), first)


# Politeness and failure ---------------------------------------------------------------------


def test_failures_are_tried_again(
    server: OverpassServer, tmp_path: Path, rests: list[float]
) -> None:
    first, then = FAILURES[:3], FAILURES[3:]
    server.fails(*first, "", *then)
    found = fetch_osm(VILLAGE, Overpass(server.url), cache=tmp_path)
    assert_same(found, whole_village())
    assert rests == [30, 60, 120, 30, 60, 120]
    assert len(server.queries) == len(FAILURES) + 2


def test_what_failed_for_good_is_told_and_the_rest_is_kept(
    server: OverpassServer, tmp_path: Path, rests: list[float]
) -> None:
    asked = replace(at(server), tile_km2=FOUR, retry_waits_secs=(1, 2))
    server.fails("", "", "", "remark", "500", "remark")
    with pytest.raises(BadInputError) as error:
        fetch_osm(VILLAGE, asked, cache=tmp_path)
    fault = the_fault(error)
    assert (fault.file, fault.feature) == (server.url, "tile 2 of 4")
    assert fault.code == "server-no-answer"
    assert "Query timed out" in fault.message
    assert "scicity fetch --osm FILE" in fault.allowed
    assert "same command again" in fault.allowed
    assert rests == [1, 2]
    fetch_osm(VILLAGE, asked, cache=tmp_path)
    assert len(server.queries) == 6 + 5


def test_a_query_that_is_refused_is_not_sent_again(
    server: OverpassServer, tmp_path: Path, rests: list[float], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(overpass, "STREETS", "[highway")
    with pytest.raises(BadInputError, match="400 Client Error"):
        fetch_osm(VILLAGE, Overpass(server.url), cache=tmp_path)
    assert (len(server.queries), rests) == (1, [])


def test_more_answers_than_one_are_not_mixed_up(
    server: OverpassServer, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Were OSMnx to cut a tile again, here because it may ask for 1 km2 only."""
    monkeypatch.setattr(overpass, "GROWN_KM", 1 - overpass.TILE_KM2**0.5)
    with pytest.raises(BadInputError, match=r"[^01] answers to one request"):
        fetch_osm(VILLAGE, at(server), cache=tmp_path)


def test_offline_is_told_at_once(tmp_path: Path, rests: list[float]) -> None:
    with pytest.raises(BadInputError) as error:
        fetch_osm(VILLAGE, Overpass(nobody()), cache=tmp_path)
    fault = the_fault(error)
    assert fault.message == "there is no connection to it"
    assert "scicity fetch --osm FILE" in fault.allowed
    assert rests == []
    assert list(tmp_path.iterdir()) == []


@pytest.mark.parametrize(
    ("status", "asked"),
    [
        (STATUS, 5),
        ("", 0),
        (re.sub(r"Rate limit: 2\n.*available.*\n", "Rate limit: 0\n", STATUS), 3),
    ],
    ids=["slots", "no status", "no slots"],
)
def test_slots_are_waited_for_where_there_are_any(
    server: OverpassServer, tmp_path: Path, rests: list[float], status: str, asked: int
) -> None:
    """We ask before the first and before each request; OSMnx asks again if there are slots."""
    server.status = status
    assert len(fetch_osm(VILLAGE, at(server), cache=tmp_path).way_ids)
    assert (server.statuses, rests) == (asked, [])


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


# Named places -------------------------------------------------------------------------------


def test_a_place_is_found_by_its_name(server: OverpassServer, rests: list[float]) -> None:
    found = find_place("Kluuvi", url=server.nominatim)
    assert tuple(found.columns) == PLACE_COLUMNS
    assert found.crs == "EPSG:4326"
    assert found.geometry[0].equals(shapely.Polygon(PLACE_RING))
    assert found["display_name"][0] == "Kluuvi, Helsinki, Finland"
    assert (server.names, server.agents, rests) == (["Kluuvi"], {USER_AGENT}, [1])


@pytest.mark.usefixtures("rests")
@pytest.mark.parametrize("name", ["Nowhere at all", "lighthouse"])
def test_a_name_without_an_area(server: OverpassServer, name: str) -> None:
    with pytest.raises(BadInputError) as error:
        find_place(name, url=server.nominatim)
    assert the_fault(error).code == "place-unknown"
    assert the_fault(error).feature == name


@pytest.mark.usefixtures("rests")
def test_a_name_without_internet(server: OverpassServer) -> None:
    for url in (nobody(), f"{server.nominatim}/elsewhere"):
        with pytest.raises(BadInputError) as error:
            find_place("Kluuvi", url=url)
        assert the_fault(error).code == "server-no-answer"
        assert "scicity fetch --osm FILE" in the_fault(error).allowed
