"""The members of a route relation: its stops and its ways."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from functools import cached_property
from typing import Literal

import numpy as np

from geo.osm.elements import Member, OsmElements, Relation, Tags
from layers.osm.problems import Problem
from layers.osm.roads.access import highway_of

STOP_NODES = ("station", "halt", "stop", "tram_stop")
"""`railway` values of nodes where trains stop."""


@dataclass(frozen=True)
class StopMember:
    """A stop of a route as it is mapped: a node, or a platform drawn as a way."""

    kind: str
    ref: int
    name: str
    name_en: str
    lon: float
    lat: float

    @property
    def stop_id(self) -> str:
        """`n123` or `w123`."""
        return f"{self.kind[0]}{self.ref}"


@dataclass(frozen=True)
class RouteMembers:
    """The members of a route relation.

    Attributes
    ----------
    relation
        The route relation.
    stops
        Stops that are in the data, in order.
    ways
        Positions of its ways in the elements, in order.
    problems
        Problems: members that are missing or cannot be used.
    complete
        Whether every member is in the data.
    """

    relation: Relation
    stops: tuple[StopMember, ...]
    ways: tuple[int, ...]
    problems: tuple[Problem, ...]
    complete: bool


def _is_stop_node(tags: Tags) -> bool:
    return (
        tags.get("highway") == "bus_stop"
        or tags.get("railway") in STOP_NODES
        or tags.get("public_transport") in ("stop_position", "platform", "station")
    )


class ElementLookup:
    """Elements by id."""

    def __init__(self, elements: OsmElements) -> None:
        self.elements = elements

    @cached_property
    def ways(self) -> Mapping[int, int]:
        """The position of each way, by id."""
        return {way: number for number, way in enumerate(self.elements.way_ids.tolist())}

    @cached_property
    def nodes(self) -> Mapping[int, int]:
        """The position of each node, by id."""
        return {node: number for number, node in enumerate(self.elements.node_ids.tolist())}

    def stop(self, member: Member) -> StopMember | None:
        """A member as a stop; None if it is not in the data."""
        if member.kind == "node" and member.ref in self.nodes:
            lon, lat = self.elements.lonlat[self.nodes[member.ref]].tolist()
        elif member.kind == "way" and member.ref in self.ways:
            points = self.elements.way_points(self.ways[member.ref])
            if not len(points):
                return None
            lon, lat = points.mean(axis=0).tolist()
        else:
            return None
        tags = self.tags(member)
        return StopMember(
            member.kind, member.ref, tags.get("name", ""), tags.get("name:en", ""), lon, lat
        )

    def tags(self, member: Member) -> Tags:
        """The tags of a member; empty if it is not in the data."""
        if member.kind == "way":
            return self.elements.way_tags[self.ways[member.ref]] if self.has(member) else {}
        return self.elements.node_tags.get(member.ref, {})

    def has(self, member: Member) -> bool:
        """Whether a member is in the data."""
        return member.ref in (self.nodes if member.kind == "node" else self.ways)

    def place(self, relation: Relation) -> tuple[float, float]:
        """The position of the first member of a relation in the data; 0, 0 if there is none."""
        for member in relation.members:
            stop = self.stop(member)
            if stop:
                return stop.lon, stop.lat
        return 0.0, 0.0


MemberKind = Literal["stop", "platform", "way", "odd"]


def _member_kind(member: Member, lookup: ElementLookup) -> MemberKind:
    """The function of a member: by its role (also outdated ones, OSM wiki), else by its tags."""
    for role in ("platform", "stop"):
        if role in member.role:
            return role
    tags = lookup.tags(member)
    if member.kind == "way":
        # most ways of a long route are outside the data and have no tags
        return "platform" if tags and highway_of(tags) == "platform" else "way"
    return "stop" if member.kind == "node" and _is_stop_node(tags) else "odd"


def _members_by_kind(relation: Relation, lookup: ElementLookup) -> dict[MemberKind, list[Member]]:
    """Members by function, in order.

    Of a relation of both directions, with `forward:stop` and `backward:stop`, only the forward
    direction counts.
    """
    by_kind: dict[MemberKind, list[Member]] = {"stop": [], "platform": [], "way": [], "odd": []}
    for member in relation.members:
        if member.kind == "relation":
            by_kind["odd"].append(member)
        else:
            by_kind[_member_kind(member, lookup)].append(member)
    for kind in ("stop", "platform"):
        if any(m.role.startswith("forward") for m in by_kind[kind]):
            by_kind[kind] = [m for m in by_kind[kind] if not m.role.startswith("backward")]
    return by_kind


def route_members(relation: Relation, lookup: ElementLookup) -> RouteMembers:
    """Stops and ways of a route.

    The stops are its stop members or its platforms, whichever are more in the data.
    """
    by_kind = _members_by_kind(relation, lookup)
    stops, platforms, ways = by_kind["stop"], by_kind["platform"], by_kind["way"]
    found_stops = [stop for stop in map(lookup.stop, stops) if stop]
    found_platforms = [stop for stop in map(lookup.stop, platforms) if stop]
    use_platforms = len(found_platforms) > len(found_stops)
    chosen, listed = (found_platforms, platforms) if use_platforms else (found_stops, stops)
    needed = [*listed, *ways]
    odd = [m for m in by_kind["odd"] if m.kind == "relation" or lookup.has(m)]
    missing = [m for m in needed if not lookup.has(m)]
    messages = {
        "route-member-missing": f"{len(missing)} of {len(needed)}" if missing else "",
        "route-member-odd": f"{len(odd)} members" if odd else "",
        "route-stops-from-platforms": f"{len(chosen)} platforms" if use_platforms else "",
        "route-without-stops": "" if stops or platforms else "no member is a stop",
        "route-without-ways": "" if ways else "no member is a way",
    }
    lon, lat = lookup.place(relation)
    problems = [
        Problem(kind, "relation", relation.relation_id, message, lon, lat)
        for kind, message in messages.items()
        if message
    ]
    way_positions = tuple(lookup.ways[m.ref] for m in ways if m.ref in lookup.ways)
    return RouteMembers(relation, tuple(chosen), way_positions, tuple(problems), not missing)


def route_parts(members: RouteMembers, elements: OsmElements) -> list[list[int]]:
    """The nodes along a route's ways in order of travel; a new part after each gap.

    A way is reversed if needed, so that it continues from the end of the previous one. Of a
    roundabout only the part between entry and exit is used.
    """
    ways = [elements.way_refs(way).tolist() for way in members.ways]
    ways = [refs for refs in ways if len(refs) > 1]
    parts: list[list[int]] = []
    for number, refs in enumerate(ways):
        following = set(ways[number + 1]) if number + 1 < len(ways) else set()
        tail = parts[-1][-1] if parts else None
        nodes = _in_travel_order(refs, tail, following)
        if tail is not None and nodes[0] == tail:
            parts[-1].extend(nodes[1:])
        else:
            parts.append(nodes)
    return parts


def _in_travel_order(refs: list[int], tail: int | None, following: set[int]) -> list[int]:
    """The nodes of a way from the entry of the route to its exit.

    `tail` is the last node before the way, `following` the nodes of the next way.
    """
    if refs[0] == refs[-1] and (tail in refs or following & set(refs)):
        return _roundabout_part(refs[:-1], tail, following)
    if tail in (refs[0], refs[-1]):
        return refs if tail == refs[0] else refs[::-1]
    if tail is not None and tail in refs:
        at = refs.index(tail)
        return refs[at:] if refs[-1] in following or at == 0 else refs[: at + 1][::-1]
    return refs[::-1] if refs[0] in following and refs[-1] not in following else refs


def _roundabout_part(ring: list[int], tail: int | None, following: set[int]) -> list[int]:
    """The part of a closed way, in its direction, from entry to exit; all of it without an exit."""
    start = ring.index(tail) if tail in ring else 0
    from_entry = ring[start:] + ring[:start]
    for number, node in enumerate(from_entry[1:], start=1):
        if node in following:
            return from_entry[: number + 1]
    return [*from_entry, from_entry[0]]


def part_coordinates(
    parts: list[list[int]], lookup: ElementLookup, xy: np.ndarray
) -> list[np.ndarray]:
    """Coordinates along each part; nodes that are not in the data are skipped."""
    lines = []
    for part in parts:
        at = [lookup.nodes[ref] for ref in part if ref in lookup.nodes]
        if len(at) > 1:
            lines.append(xy[at])
    return lines
