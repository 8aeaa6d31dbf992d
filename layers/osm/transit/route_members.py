"""The members of a line's relation: where it stops and which ways it takes."""

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
    """A place where a line stops, as it is mapped: a node, or a platform drawn as a way."""

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
class LineMembers:
    """What a relation lists.

    Attributes
    ----------
    relation
        The relation.
    stops
        Stops that are in the data, in order.
    ways
        Positions of its ways among the elements, in order.
    problems
        Members that are missing or cannot be used.
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


class Finder:
    """Finds elements by id."""

    def __init__(self, found: OsmElements) -> None:
        self.found = found

    @cached_property
    def ways(self) -> Mapping[int, int]:
        """Position of each way by id."""
        return {way: number for number, way in enumerate(self.found.way_ids.tolist())}

    @cached_property
    def nodes(self) -> Mapping[int, int]:
        """Position of each node by id."""
        return {node: number for number, node in enumerate(self.found.node_ids.tolist())}

    def stop(self, member: Member) -> StopMember | None:
        """A member as a stop; None if it is not in the data."""
        if member.kind == "node" and member.ref in self.nodes:
            lon, lat = self.found.lonlat[self.nodes[member.ref]].tolist()
        elif member.kind == "way" and member.ref in self.ways:
            points = self.found.way_points(self.ways[member.ref])
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
        """A member's tags; none if it is not in the data."""
        if member.kind == "way":
            return self.found.way_tags[self.ways[member.ref]] if self.has(member) else {}
        return self.found.node_tags.get(member.ref, {})

    def has(self, member: Member) -> bool:
        """Whether a member is in the data."""
        return member.ref in (self.nodes if member.kind == "node" else self.ways)

    def place(self, relation: Relation) -> tuple[float, float]:
        """Where a relation is: its first member in the data; 0, 0 if there is none."""
        for member in relation.members:
            stop = self.stop(member)
            if stop:
                return stop.lon, stop.lat
        return 0.0, 0.0


Part = Literal["stop", "platform", "way", "odd"]


def _part(member: Member, finder: Finder) -> Part:
    """The part that a member plays: its role, old ones too (OSM wiki), else what it is."""
    for role in ("platform", "stop"):
        if role in member.role:
            return role
    tags = finder.tags(member)
    if member.kind == "way":
        # of a long line most ways are elsewhere
        return "platform" if tags and highway_of(tags) == "platform" else "way"
    return "stop" if member.kind == "node" and _is_stop_node(tags) else "odd"


def _parts(relation: Relation, finder: Finder) -> dict[Part, list[Member]]:
    """Members by part, in order.

    A relation of both directions lists `forward:stop` and `backward:stop`: one direction counts.
    """
    found: dict[Part, list[Member]] = {"stop": [], "platform": [], "way": [], "odd": []}
    for member in relation.members:
        if member.kind == "relation":
            found["odd"].append(member)
        else:
            found[_part(member, finder)].append(member)
    for part in ("stop", "platform"):
        if any(m.role.startswith("forward") for m in found[part]):
            found[part] = [m for m in found[part] if not m.role.startswith("backward")]
    return found


def line_members(relation: Relation, finder: Finder) -> LineMembers:
    """Stops and ways of a line.

    Of stops and platforms those are taken of which more are in the data, the stops if as many.
    """
    parts = _parts(relation, finder)
    stops, platforms, ways = parts["stop"], parts["platform"], parts["way"]
    at_stops = [stop for stop in map(finder.stop, stops) if stop]
    at_platforms = [stop for stop in map(finder.stop, platforms) if stop]
    from_platforms = len(at_platforms) > len(at_stops)
    chosen, listed = (at_platforms, platforms) if from_platforms else (at_stops, stops)
    used = [*listed, *ways]
    odd = [m for m in parts["odd"] if m.kind == "relation" or finder.has(m)]
    missing = [m for m in used if not finder.has(m)]
    said = {
        "route-member-missing": f"{len(missing)} of {len(used)}" if missing else "",
        "route-member-odd": f"{len(odd)} members" if odd else "",
        "route-stops-from-platforms": f"{len(chosen)} platforms" if from_platforms else "",
        "route-without-stops": "" if stops or platforms else "no member is a stop",
        "route-without-ways": "" if ways else "no member is a way",
    }
    lon, lat = finder.place(relation)
    problems = [
        Problem(kind, "relation", relation.relation_id, message, lon, lat)
        for kind, message in said.items()
        if message
    ]
    drawn = tuple(finder.ways[m.ref] for m in ways if m.ref in finder.ways)
    return LineMembers(relation, tuple(chosen), drawn, tuple(problems), not missing)


def line_parts(members: LineMembers, found: OsmElements) -> list[list[int]]:
    """The nodes along a line's ways in order of travel; a new part after each gap.

    A way is turned so that it goes on from where the one before ended; of a roundabout the part
    between where the line comes in and where it leaves counts.
    """
    ways = [found.way_refs(way).tolist() for way in members.ways]
    ways = [refs for refs in ways if len(refs) > 1]
    parts: list[list[int]] = []
    for number, refs in enumerate(ways):
        following = set(ways[number + 1]) if number + 1 < len(ways) else set()
        tail = parts[-1][-1] if parts else None
        run = _turned(refs, tail, following)
        if tail is not None and run[0] == tail:
            parts[-1].extend(run[1:])
        else:
            parts.append(run)
    return parts


def _turned(refs: list[int], tail: int | None, following: set[int]) -> list[int]:
    """A way's nodes from where the line comes in to where it goes out."""
    if refs[0] == refs[-1] and (tail in refs or following & set(refs)):
        return _around(refs[:-1], tail, following)
    if tail in (refs[0], refs[-1]):
        return refs if tail == refs[0] else refs[::-1]
    if tail is not None and tail in refs:
        at = refs.index(tail)
        return refs[at:] if refs[-1] in following or at == 0 else refs[: at + 1][::-1]
    return refs[::-1] if refs[0] in following and refs[-1] not in following else refs


def _around(ring: list[int], tail: int | None, following: set[int]) -> list[int]:
    """The part of a closed way, in its direction, between entry and exit; all of it if none."""
    start = ring.index(tail) if tail in ring else 0
    turned = ring[start:] + ring[:start]
    for number, node in enumerate(turned[1:], start=1):
        if node in following:
            return turned[: number + 1]
    return [*turned, turned[0]]


def part_lines(parts: list[list[int]], finder: Finder, xy: np.ndarray) -> list[np.ndarray]:
    """Coordinates along each part; nodes that are not in the data are passed over."""
    lines = []
    for part in parts:
        at = [finder.nodes[ref] for ref in part if ref in finder.nodes]
        if len(at) > 1:
            lines.append(xy[at])
    return lines
