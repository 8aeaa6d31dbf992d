"""Reading of OpenStreetMap files (`.osm.pbf`, `.osm`, `.osm.bz2`) with pyosmium.

pyosmium was chosen over pyrosm and QuackOSM: it was the fastest of the three in a survey of
engines, reads every format, keeps relations complete and in order, has wheels for Windows, macOS
and Linux, and needs nothing from the internet (QuackOSM's DuckDB loads an extension at its first
use).
"""

from __future__ import annotations

from collections.abc import Callable, Iterable
from contextlib import suppress
from pathlib import Path
from typing import Any

import osmium
import shapely
from osmium import osm
from shapely.geometry.base import BaseGeometry

from geo.faults import BadInputError, Fault
from geo.osm.elements import (
    DEGREE_UNITS,
    Member,
    OsmElements,
    Relation,
)
from geo.osm.opl import read_filtered
from geo.osm.reading import (
    NOWHERE,
    PointList,
    WayArrays,
    concatenated_ways,
    read_elements,
    ways_with_node_in,
)
from geo.osm.selection import elements_of_place, is_restriction, is_route, is_wanted_relation

ENDINGS = (".osm.pbf", ".pbf", ".osm", ".osm.bz2", ".osm.gz")
KEYS = ("highway", "railway", "public_transport", "route", "barrier", "place", "amenity", "landuse")
"""Every element that `geo.osm.selection` selects by its own tags has one of these keys."""
KINDS: dict[str, Any] = {"n": "node", "w": "way", "r": "relation"}

Tick = Callable[[str], None]


def _osmium_file(path: Path) -> osmium.io.File:
    """A file with the format of its ending, in lower or upper case."""
    ending = next(ending for ending in ENDINGS if path.name.lower().endswith(ending))
    return osmium.io.File(path, ending.removeprefix("."))


def read_relations(path: Path) -> list[Relation]:
    """All relations that matter for travel, see `is_wanted_relation`."""
    relations = []
    for item in osmium.FileProcessor(_osmium_file(path), osm.RELATION):
        tags = dict(item.tags)
        if isinstance(item, osm.Relation) and is_wanted_relation(tags):
            members = tuple(Member(KINDS[m.type], m.ref, m.role) for m in item.members)
            relations.append(Relation(item.id, tags, members))
    return relations


def _with_positions(index: Any) -> Any:
    """A handler that passes everything on: it stores node positions and adds them to ways."""
    positions = osmium.NodeLocationsForWays(index)
    positions.ignore_errors()
    return positions


def _elements_with_keys(
    path: Path, index: Any, place: BaseGeometry
) -> tuple[list[WayArrays], PointList]:
    """Ways of the place, and nodes anywhere, that have one of `KEYS`.

    Raises
    ------
    ValueError
        If there are ways, but the position of no node of them is known.
    """
    parts, points = [], PointList()
    ways, any_position = 0, False
    prefilter = osmium.filter.KeyFilter(*KEYS)
    prefilter.enable_for(osm.WAY)  # before positions are added: most nodes belong to buildings
    chain = (prefilter, _with_positions(index), osmium.filter.KeyFilter(*KEYS))
    for part, some in read_filtered(_osmium_file(path), osm.NODE | osm.WAY, chain):
        points.positions |= some.positions
        points.tags |= some.tags
        parts.append(part.subset(ways_with_node_in(part, place)))
        ways += len(part.ids)
        any_position |= bool((part.xy != NOWHERE).any())
    if ways and not any_position:
        raise ValueError("the nodes of its ways are missing or stand after them")
    return parts, points


def _nodes_by_id(path: Path, index: Any, ids: set[int]) -> PointList:
    """Nodes by id, anywhere; the index has the positions of all nodes.

    A filter by id would take more than a gigabyte, because its bitmap spans all ids of OSM. So
    the few nodes with tags are read, and the position of the others comes from the index.
    """
    points = PointList()
    if not ids:
        return points
    for item in osmium.FileProcessor(_osmium_file(path), osm.NODE).with_filter(
        osmium.filter.EmptyTagFilter()
    ):
        if isinstance(item, osm.Node) and item.id in ids:
            points.add(item)
    for node in ids - points.positions.keys():
        with suppress(KeyError):
            place = index.get(node)
            points.positions[node], points.tags[node] = (place.x, place.y), {}
    return points


def _members(path: Path, index: Any, ids: dict[str, set[int]]) -> tuple[list[WayArrays], PointList]:
    """Ways and nodes by id, anywhere; the index has the positions of all nodes."""
    ways = []
    if ids["way"]:
        chain = (osmium.filter.IdFilter(ids["way"]), _with_positions(index))
        ways = [part for part, _ in read_filtered(_osmium_file(path), osm.WAY, chain)]
    return ways, _nodes_by_id(path, index, ids["node"])


def _missing_members(
    relations: Iterable[Relation], parts: list[WayArrays], points: PointList, place: BaseGeometry
) -> dict[str, set[int]]:
    """Members, not yet read, of relations that may belong to the place."""
    known = {"way": {i for part in parts for i in part.ids.tolist()}, "node": set(points.positions)}
    west, south, east, north = (v * DEGREE_UNITS for v in place.bounds)
    inside = {
        node
        for node, (x, y) in points.positions.items()
        if west <= x <= east and south <= y <= north
    }
    missing: dict[str, set[int]] = {"way": set(), "node": set()}
    for relation in relations:
        # Routes and turn restrictions are kept if a member is known already. Other relations, such
        # as a campus, may have members without tags, so all of theirs are read.
        by_members = is_route(relation.tags) or is_restriction(relation.tags)
        touches = not by_members or any(
            m.ref in (known["way"] if m.kind == "way" else inside)
            for m in relation.members
            if m.kind != "relation"
        )
        for member in relation.members if touches else ():
            if member.kind != "relation" and member.ref not in known[member.kind]:
                missing[member.kind].add(member.ref)
    return missing


def check_osm_file(path: Path) -> None:
    """Raise if there is no such file, or its ending is not one of `ENDINGS`.

    Raises
    ------
    BadInputError
    """
    allowed = ", ".join(ENDINGS)
    if not path.is_file():
        fault = Fault(path.name, "", "file-missing", f"there is no file {path}", allowed)
        raise BadInputError([fault])
    if not path.name.lower().endswith(ENDINGS):
        fault = Fault(path.name, "", "file-unreadable", "its name ends otherwise", allowed)
        raise BadInputError([fault])


def unreadable_fault(path: Path, error: Exception) -> Fault:
    """The fault of a file that pyosmium cannot read."""
    return Fault(path.name, "", "file-unreadable", str(error), "a whole OpenStreetMap file")


def read_members(path: Path, ways: set[int]) -> OsmElements:
    """Ways by id, anywhere, with their nodes."""
    index = osmium.index.create_map("flex_mem")
    by_id = osmium.filter.IdFilter(ways)
    by_id.enable_for(osm.WAY)
    chain = (by_id, _with_positions(index), osmium.filter.EntityFilter(osm.WAY))
    parts = [part for part, _ in read_filtered(_osmium_file(path), osm.NODE | osm.WAY, chain)]
    return read_elements(concatenated_ways(parts), PointList(), [])


def read_osm_file(path: Path, place: BaseGeometry, *, tick: Tick = lambda _: None) -> OsmElements:
    """Read the elements of a place from a file of up to the size of a province.

    Three passes: relations; then streets, tracks and points by their tags, without the ways
    outside the place; then the members of relations that extend beyond the place.

    Parameters
    ----------
    path
        `.osm.pbf`, `.osm`, `.osm.bz2` or `.osm.gz`.
    place
        Polygon in longitude and latitude.
    tick
        Called with the name of each pass.

    Raises
    ------
    BadInputError
        If the file is missing or cannot be read.
    """
    check_osm_file(path)
    shapely.prepare(place)
    index = osmium.index.create_map("flex_mem")
    try:
        tick("relations")
        relations = read_relations(path)
        tick("streets")
        parts, points = _elements_with_keys(path, index, place)
        tick("members")
        member_parts, member_points = _members(
            path, index, _missing_members(relations, parts, points, place)
        )
    except (RuntimeError, ValueError, OSError) as error:
        raise BadInputError([unreadable_fault(path, error)]) from error
    points.positions |= member_points.positions
    points.tags |= member_points.tags
    return elements_of_place(
        read_elements(concatenated_ways([*parts, *member_parts]), points, relations), place
    )
