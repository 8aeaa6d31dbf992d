"""Which elements of OpenStreetMap a study needs, and those of them that belong to its place."""

from __future__ import annotations

from collections.abc import Mapping

import numpy as np
from shapely.geometry.base import BaseGeometry

from geo.osm.elements import (
    OsmElements,
    Relation,
    Tags,
    nodes_inside,
    places_of,
    ways_inside,
)

TRACKS = ("rail", "subway", "light_rail", "monorail", "tram", "narrow_gauge", "funicular")
"""`railway` values of tracks in use; people movers are light_rail, monorail or narrow_gauge."""
PLATFORM = "platform"
FERRY = "ferry"
ROUTES = ("subway", "light_rail", "monorail", "tram", "train", "bus", "trolleybus")
"""`route` values of relations that become services."""
NOT_RUNNING = ("proposed", "construction")
"""`state` values of relations of lines that nobody can take (OSM wiki, Relation:route)."""
STATIONS = ("station", "halt", "stop", "tram_stop", "subway_entrance", "train_station_entrance")
"""`railway` values of nodes where people get on, off or in."""
RESTRICTIONS = ("restriction", "restriction:hgv", "restriction:bus", "restriction:bicycle")
"""`type` values of turn restrictions; whom they bind mostly stands in their other tags."""
PLACES = ("city", "town", "suburb", "quarter", "neighbourhood", "village", "hamlet")
"""`place` values of settlements."""
AMENITIES = ("school", "college", "university", "hospital")
LANDUSES = ("industrial",)
ADMIN_LEVELS = tuple(str(level) for level in range(4, 11))
"""Levels of administrative boundaries below the country's own (OSM wiki, Key:admin_level)."""


def is_network_way(tags: Tags) -> bool:
    """Whether people travel along it: streets, tracks, platforms, ferries.

    Examples
    --------
    >>> is_network_way({"highway": "steps"}), is_network_way({"building": "yes"})
    (True, False)
    """
    return (
        "highway" in tags
        or tags.get("railway") in (*TRACKS, PLATFORM)
        or tags.get("public_transport") == PLATFORM
        or tags.get("route") == FERRY
    )


def is_opportunity(tags: Tags) -> bool:
    """Whether people travel to it."""
    return tags.get("amenity") in AMENITIES or tags.get("landuse") in LANDUSES


def is_place_to_be(tags: Tags) -> bool:
    """Whether a node matters by itself, on a way or off it."""
    return (
        tags.get("highway") == "bus_stop"
        or "public_transport" in tags
        or tags.get("railway") in STATIONS
        or tags.get("place") in PLACES
        or is_opportunity(tags)
    )


def is_point(tags: Tags) -> bool:
    """Whether a node of a street matters; a barrier off the streets stops nobody."""
    return "barrier" in tags or is_place_to_be(tags)


def is_boundary(tags: Tags) -> bool:
    """Whether a relation is the boundary of an administrative area within a country."""
    return (
        tags.get("boundary") == "administrative"
        and tags.get("type", "boundary") in ("boundary", "multipolygon")
        and tags.get("admin_level") in ADMIN_LEVELS
    )


def is_route(tags: Tags) -> bool:
    """Whether a relation is one direction or variant of a public transport line that runs.

    Examples
    --------
    >>> is_route({"type": "route", "route": "subway", "state": "proposed"})
    False
    """
    return (
        tags.get("type") == "route"
        and tags.get("route") in ROUTES
        and tags.get("state") not in NOT_RUNNING
    )


def is_restriction(tags: Tags) -> bool:
    """Whether a relation forbids or prescribes a turn.

    Examples
    --------
    >>> is_restriction({"type": "restriction", "restriction:bus": "no_left_turn"})
    True
    """
    return tags.get("type") in RESTRICTIONS


def is_wanted_relation(tags: Tags) -> bool:
    """Whether a relation says something about travelling."""
    return (
        is_route(tags)
        or is_restriction(tags)
        or is_boundary(tags)
        or tags.get("public_transport") == "stop_area"
        or is_opportunity(tags)
    )


def _reaches_in(relation: Relation, ways: set[int], nodes: set[int]) -> bool:
    return any(
        member.ref in (ways if member.kind == "way" else nodes)
        for member in relation.members
        if member.kind != "relation"
    )


def _member_ids(relations: tuple[Relation, ...], kind: str) -> np.ndarray:
    found = {m.ref for relation in relations for m in relation.members if m.kind == kind}
    return np.array(sorted(found), dtype=np.int64)


def _kept_ways(found: OsmElements, relations: tuple[Relation, ...], own: np.ndarray) -> np.ndarray:
    """Ways of the place and ways of its relations, wherever they lead."""
    keep = own.copy()
    at = places_of(_member_ids(relations, "way"), found.way_ids)
    keep[at[at >= 0]] = True
    return keep


def _cut_ways(found: OsmElements, keep: np.ndarray) -> tuple[np.ndarray, np.ndarray]:
    lengths = np.diff(found.starts)
    return found.refs[np.repeat(keep, lengths)], np.concatenate([[0], np.cumsum(lengths[keep])])


def _told(tags: Mapping[int, Tags], used: np.ndarray, members: np.ndarray) -> dict[int, Tags]:
    """The tags of nodes that matter by themselves or are members of a relation."""
    there, named = set(used.tolist()), set(members.tolist())
    return {
        node: own
        for node, own in tags.items()
        if node in there and (node in named or is_point(own))
    }


def belonging(found: OsmElements, place: BaseGeometry) -> OsmElements:
    """The elements that a place needs; the same for any larger collection they come from.

    Streets, tracks and ferries with a node in the place (whole); points of interest in it; and
    lines, turn restrictions, stop areas and boundaries with a member in it, with all their
    members that are there.

    Parameters
    ----------
    found
        Elements of the place and around it.
    place
        Polygon in longitude and latitude.
    """
    inside = nodes_inside(found, place)
    near = ways_inside(found, inside)
    wanted = np.array([is_network_way(t) or is_opportunity(t) for t in found.way_tags], dtype=bool)
    ways_in = set(found.way_ids[near].tolist())
    nodes_in = set(found.node_ids[inside].tolist())
    relations = tuple(
        relation
        for relation in found.relations
        if is_wanted_relation(relation.tags) and _reaches_in(relation, ways_in, nodes_in)
    )
    keep = _kept_ways(found, relations, near & wanted)
    refs, starts = _cut_ways(found, keep)
    members = _member_ids(relations, "node")
    points = [
        node for node, tags in found.node_tags.items() if node in nodes_in and is_place_to_be(tags)
    ]
    used = np.unique(np.concatenate([refs, members, np.array(points, dtype=np.int64)]))
    at = places_of(used, found.node_ids)
    at = at[at >= 0]
    return OsmElements(
        found.node_ids[at],
        found.lonlat[at],
        _told(found.node_tags, found.node_ids[at], members),
        found.way_ids[keep],
        [tags for tags, kept in zip(found.way_tags, keep, strict=True) if kept],
        refs,
        starts,
        relations,
    )
