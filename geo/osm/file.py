"""OpenStreetMap files: `.osm.pbf`, `.osm`, `.osm.bz2`, read with pyosmium.

pyosmium was chosen over pyrosm and QuackOSM: it was the quickest of the three in the survey of
engines that preceded this, reads every format, keeps relations whole and in order, has wheels for
Windows, macOS and Linux, and needs nothing from the internet (QuackOSM's DuckDB loads an extension
at its first use).
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
    WayPart,
    joined_parts,
    read_elements,
    ways_in,
)
from geo.osm.selection import belonging, is_restriction, is_route, is_wanted_relation

ENDINGS = (".osm.pbf", ".pbf", ".osm", ".osm.bz2", ".osm.gz")
KEYS = ("highway", "railway", "public_transport", "route", "barrier", "place", "amenity", "landuse")
"""Tags of which an element has one if it can be wanted by itself (`geo.osm.selection`)."""
KINDS: dict[str, Any] = {"n": "node", "w": "way", "r": "relation"}

Tick = Callable[[str], None]


def _opened(path: Path) -> osmium.io.File:
    """A file of the format that its name says, in small letters or capitals."""
    ending = next(ending for ending in ENDINGS if path.name.lower().endswith(ending))
    return osmium.io.File(path, ending.removeprefix("."))


def read_relations(path: Path) -> list[Relation]:
    """Every relation that says something about travelling."""
    found = []
    for item in osmium.FileProcessor(_opened(path), osm.RELATION):
        tags = dict(item.tags)
        if isinstance(item, osm.Relation) and is_wanted_relation(tags):
            members = tuple(Member(KINDS[m.type], m.ref, m.role) for m in item.members)
            found.append(Relation(item.id, tags, members))
    return found


def _with_positions(index: Any) -> Any:
    """A filter that lets everything pass: it keeps nodes' positions and gives them to ways."""
    positions = osmium.NodeLocationsForWays(index)
    positions.ignore_errors()
    return positions


def _keyed(path: Path, index: Any, place: BaseGeometry) -> tuple[list[WayPart], PointList]:
    """Ways of the place and nodes of anywhere that have one of `KEYS`.

    Raises
    ------
    ValueError
        If there are ways but no node of any is known.
    """
    parts, points = [], PointList()
    ways, located = 0, False
    early = osmium.filter.KeyFilter(*KEYS)
    early.enable_for(osm.WAY)  # before they are placed, for most nodes are buildings'
    chain = (early, _with_positions(index), osmium.filter.KeyFilter(*KEYS))
    for part, some in read_filtered(_opened(path), osm.NODE | osm.WAY, chain):
        points.positions |= some.positions
        points.tags |= some.tags
        parts.append(part.chosen(ways_in(part, place)))
        ways += len(part.ids)
        located |= bool((part.xy != NOWHERE).any())
    if ways and not located:
        raise ValueError("the nodes of its ways are missing or stand after them")
    return parts, points


def _nodes_by_id(path: Path, index: Any, wanted: set[int]) -> PointList:
    """Nodes wherever they are; the index has the positions of all.

    A filter by id would take more than a gigabyte, for its bitmap spans all ids of OSM; but few
    nodes have tags, and of the others the position is all there is.
    """
    points = PointList()
    if not wanted:
        return points
    for item in osmium.FileProcessor(_opened(path), osm.NODE).with_filter(
        osmium.filter.EmptyTagFilter()
    ):
        if isinstance(item, osm.Node) and item.id in wanted:
            points.add(item)
    for node in wanted - points.positions.keys():
        with suppress(KeyError):
            place = index.get(node)
            points.positions[node], points.tags[node] = (place.x, place.y), {}
    return points


def _members(
    path: Path, index: Any, wanted: dict[str, set[int]]
) -> tuple[list[WayPart], PointList]:
    """Ways and nodes by id, wherever they are; the index has the positions of all nodes."""
    ways = []
    if wanted["way"]:
        chain = (osmium.filter.IdFilter(wanted["way"]), _with_positions(index))
        ways = [part for part, _ in read_filtered(_opened(path), osm.WAY, chain)]
    return ways, _nodes_by_id(path, index, wanted["node"])


def _still_wanted(
    relations: Iterable[Relation], parts: list[WayPart], points: PointList, place: BaseGeometry
) -> dict[str, set[int]]:
    """Members of relations that may belong to the place and have not been read."""
    have = {"way": {i for part in parts for i in part.ids.tolist()}, "node": set(points.positions)}
    west, south, east, north = (v * DEGREE_UNITS for v in place.bounds)
    around = {
        node
        for node, (x, y) in points.positions.items()
        if west <= x <= east and south <= y <= north
    }
    wanted: dict[str, set[int]] = {"way": set(), "node": set()}
    for relation in relations:
        # The outline of a campus has no tags of its own; lines and turns are known by their ways.
        led = is_route(relation.tags) or is_restriction(relation.tags)
        touches = not led or any(
            m.ref in (have["way"] if m.kind == "way" else around)
            for m in relation.members
            if m.kind != "relation"
        )
        for member in relation.members if touches else ():
            if member.kind != "relation" and member.ref not in have[member.kind]:
                wanted[member.kind].add(member.ref)
    return wanted


def check_osm_file(path: Path) -> None:
    """Raise if there is no such file, or its name says that it is none of OpenStreetMap.

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


def unreadable(path: Path, error: Exception) -> Fault:
    """The fault of a file that pyosmium cannot read."""
    return Fault(path.name, "", "file-unreadable", str(error), "a whole OpenStreetMap file")


def read_members(path: Path, ways: set[int]) -> OsmElements:
    """Ways by id, wherever they are, with their nodes."""
    index = osmium.index.create_map("flex_mem")
    chosen = osmium.filter.IdFilter(ways)
    chosen.enable_for(osm.WAY)
    chain = (chosen, _with_positions(index), osmium.filter.EntityFilter(osm.WAY))
    parts = [part for part, _ in read_filtered(_opened(path), osm.NODE | osm.WAY, chain)]
    return read_elements(joined_parts(parts), PointList(), [])


def read_osm_file(path: Path, place: BaseGeometry, *, tick: Tick = lambda _: None) -> OsmElements:
    """Read what belongs to a place from a file of any size up to a province.

    Three passes: relations; streets, tracks and points by their tags, of which those outside the
    place are dropped while reading; then the members of the relations that lead out of it.

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
        parts, points = _keyed(path, index, place)
        tick("members")
        more, more_points = _members(path, index, _still_wanted(relations, parts, points, place))
    except (RuntimeError, ValueError, OSError) as error:
        raise BadInputError([unreadable(path, error)]) from error
    points.positions |= more_points.positions
    points.tags |= more_points.tags
    return belonging(read_elements(joined_parts([*parts, *more]), points, relations), place)
