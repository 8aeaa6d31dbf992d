"""Selection of the OpenStreetMap elements that a study needs, by their tags and by its place."""

from __future__ import annotations

from collections.abc import Mapping

import numpy as np
from shapely.geometry.base import BaseGeometry

from geo.osm.elements import (
    OsmElements,
    Relation,
    Tags,
    nodes_inside,
    positions_in,
    ways_inside,
)

TRACKS = ("rail", "subway", "light_rail", "monorail", "tram", "narrow_gauge", "funicular")
"""`railway` values of tracks in use; people movers are light_rail, monorail or narrow_gauge."""
PLATFORM = "platform"
FERRY = "ferry"
ROUTES = ("subway", "light_rail", "monorail", "tram", "train", "bus", "trolleybus")
"""`route` values of relations that become routes."""
NOT_RUNNING = ("proposed", "construction")
"""`state` values of route relations that are not in service (OSM wiki, Relation:route)."""
STATIONS = ("station", "halt", "stop", "tram_stop", "subway_entrance", "train_station_entrance")
"""`railway` values of nodes where people board, alight or enter a station."""
RESTRICTIONS = ("restriction", "restriction:hgv", "restriction:bus", "restriction:bicycle")
"""`type` values of turn restrictions; the vehicles are mostly in their other tags."""
PLACES = ("city", "town", "suburb", "quarter", "neighbourhood", "village", "hamlet")
"""`place` values of settlements."""
AMENITIES = ("school", "college", "university", "hospital")
LANDUSES = ("industrial",)
ADMIN_LEVELS = tuple(str(level) for level in range(4, 11))
"""Levels of administrative boundaries below the country's own (OSM wiki, Key:admin_level)."""


def is_network_way(tags: Tags) -> bool:
    """Whether people travel along a way: streets, tracks, platforms, ferries.

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
    """Whether an element is an opportunity, such as a school."""
    return tags.get("amenity") in AMENITIES or tags.get("landuse") in LANDUSES


def is_point_of_interest(tags: Tags) -> bool:
    """Whether a node is needed for its own tags, on a way or off it."""
    return (
        tags.get("highway") == "bus_stop"
        or "public_transport" in tags
        or tags.get("railway") in STATIONS
        or tags.get("place") in PLACES
        or is_opportunity(tags)
    )


def is_relevant_node(tags: Tags) -> bool:
    """Whether the tags of a node of a way are needed; barriers matter on ways only."""
    return "barrier" in tags or is_point_of_interest(tags)


def is_boundary(tags: Tags) -> bool:
    """Whether a relation is the boundary of an administrative area within a country."""
    return (
        tags.get("boundary") == "administrative"
        and tags.get("type", "boundary") in ("boundary", "multipolygon")
        and tags.get("admin_level") in ADMIN_LEVELS
    )


def is_route(tags: Tags) -> bool:
    """Whether a relation is one direction or variant of a public transport route in service.

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
    """Whether a relation is a turn restriction.

    Examples
    --------
    >>> is_restriction({"type": "restriction", "restriction:bus": "no_left_turn"})
    True
    """
    return tags.get("type") in RESTRICTIONS


def is_wanted_relation(tags: Tags) -> bool:
    """Whether a relation matters for travel."""
    return (
        is_route(tags)
        or is_restriction(tags)
        or is_boundary(tags)
        or tags.get("public_transport") == "stop_area"
        or is_opportunity(tags)
    )


def _has_member_in(relation: Relation, ways: set[int], nodes: set[int]) -> bool:
    return any(
        member.ref in (ways if member.kind == "way" else nodes)
        for member in relation.members
        if member.kind != "relation"
    )


def _member_ids(relations: tuple[Relation, ...], kind: str) -> np.ndarray:
    ids = {m.ref for relation in relations for m in relation.members if m.kind == kind}
    return np.array(sorted(ids), dtype=np.int64)


def _ways_to_keep(
    elements: OsmElements, relations: tuple[Relation, ...], of_place: np.ndarray
) -> np.ndarray:
    """Mask of the ways of the place and of all member ways of its relations."""
    keep = of_place.copy()
    at = positions_in(_member_ids(relations, "way"), elements.way_ids)
    keep[at[at >= 0]] = True
    return keep


def _refs_of_ways(elements: OsmElements, keep: np.ndarray) -> tuple[np.ndarray, np.ndarray]:
    lengths = np.diff(elements.starts)
    return elements.refs[np.repeat(keep, lengths)], np.concatenate([[0], np.cumsum(lengths[keep])])


def _node_tags(tags: Mapping[int, Tags], used: np.ndarray, members: np.ndarray) -> dict[int, Tags]:
    """The tags of used nodes that need them, or are members of a relation."""
    used_ids, member_ids = set(used.tolist()), set(members.tolist())
    return {
        node: node_tags
        for node, node_tags in tags.items()
        if node in used_ids and (node in member_ids or is_relevant_node(node_tags))
    }


def elements_of_place(elements: OsmElements, place: BaseGeometry) -> OsmElements:
    """The elements that a place needs; any larger collection of elements gives the same.

    Complete streets, tracks and ferries with a node in the place; points of interest in it; and
    routes, turn restrictions, stop areas and boundaries with a member in it, with all their
    members that are in the data.

    Parameters
    ----------
    elements
        Elements of the place and around it.
    place
        Polygon in longitude and latitude.
    """
    inside = nodes_inside(elements, place)
    near = ways_inside(elements, inside)
    wanted = np.array(
        [is_network_way(t) or is_opportunity(t) for t in elements.way_tags], dtype=bool
    )
    way_ids_in = set(elements.way_ids[near].tolist())
    node_ids_in = set(elements.node_ids[inside].tolist())
    relations = tuple(
        relation
        for relation in elements.relations
        if is_wanted_relation(relation.tags) and _has_member_in(relation, way_ids_in, node_ids_in)
    )
    keep = _ways_to_keep(elements, relations, near & wanted)
    refs, starts = _refs_of_ways(elements, keep)
    members = _member_ids(relations, "node")
    points = [
        node
        for node, tags in elements.node_tags.items()
        if node in node_ids_in and is_point_of_interest(tags)
    ]
    used = np.unique(np.concatenate([refs, members, np.array(points, dtype=np.int64)]))
    at = positions_in(used, elements.node_ids)
    at = at[at >= 0]
    return OsmElements(
        elements.node_ids[at],
        elements.lonlat[at],
        _node_tags(elements.node_tags, elements.node_ids[at], members),
        elements.way_ids[keep],
        [tags for tags, is_kept in zip(elements.way_tags, keep, strict=True) if is_kept],
        refs,
        starts,
        relations,
    )
