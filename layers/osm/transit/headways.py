"""Headways, hop times and directions of routes, from the tags of their relations.

A relation is one variant of a public line, mostly one direction of it. A line here is the set of
relations with the same mode, number and network.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
from shapely.geometry import Point

from geo.osm.elements import Relation
from layers.assumptions import Assumptions
from layers.osm.problems import Problem
from layers.osm.tags import UnreadableError, duration_secs, headway_secs, name_of
from layers.osm.transit.hop_lengths import HopLengths
from layers.osm.transit.route_members import ElementLookup, RouteMembers
from layers.transit import TransitRoute

ROUTE_TYPES = {
    "subway": 1,
    "light_rail": 0,
    "tram": 0,
    "monorail": 12,
    "train": 2,
    "bus": 3,
    "trolleybus": 3,
}
"""GTFS route type of each `route` value."""
SHORTEST_HOP_SECS = 10.0
LONGEST_HOP_SECS = 7_200.0
LONGEST_HEADWAY_SECS = 14_400.0
DURATION_FACTOR = 6.0
"""A `duration` that deviates from the mode's speed by more than this factor is a mistake, such as
45:00 for 45 minutes."""


def mode_of(relation: Relation) -> str:
    """The mode of a route relation, a key of the tables of assumptions: `subway`, `bus`, …."""
    mode = relation.tags["route"]
    return "bus" if mode == "trolleybus" else mode


@dataclass(frozen=True)
class RouteVariant:
    """A route relation with its stops in order of travel.

    Attributes
    ----------
    members
        The members of its relation.
    stop_ids
        Stops in the place.
    ends
        The first and the last of them, projected; empty points without stops.
    hops
        Lengths of the hops between them, and the shape.
    problems
        Problems of its members and its shape.
    whole
        Whether all its members are in the data and all its stops in the place.
    """

    members: RouteMembers
    stop_ids: tuple[str, ...]
    ends: tuple[Point, Point]
    hops: HopLengths
    problems: tuple[Problem, ...]
    whole: bool

    @property
    def relation(self) -> Relation:
        """Its relation."""
        return self.members.relation


def _is_opposite(one: RouteVariant, other: RouteVariant) -> bool:
    """Whether two variants of one line run in opposite directions.

    By the order of shared stops, else by `from` and `to`, else by the distances of their ends.
    """
    order = {stop: number for number, stop in enumerate(other.stop_ids)}
    shared = [order[stop] for stop in one.stop_ids if stop in order]
    if len(shared) > 1 and shared[0] != shared[-1]:
        return shared[0] > shared[-1]
    a, b = one.relation.tags, other.relation.tags
    own_ends, other_ends = (a.get("from"), a.get("to")), (b.get("to"), b.get("from"))
    if a.get("from") and own_ends in (other_ends, other_ends[::-1]):
        return own_ends == other_ends
    start, end = one.ends
    same_direction_m = start.distance(other.ends[0]) + end.distance(other.ends[1])
    return bool(start.distance(other.ends[1]) + end.distance(other.ends[0]) < same_direction_m)


def _line_key(relation: Relation) -> tuple[str, str, str]:
    """Mode, number and network of a line; a relation without these is its own line."""
    tags = relation.tags
    number = tags.get("ref") or tags.get("name") or str(relation.relation_id)
    return tags["route"], number, tags.get("network", "")


@dataclass(frozen=True)
class _Service:
    """The headways of a variant, and whether it runs in both directions."""

    peak_secs: float
    offpeak_secs: float
    bidirectional: bool
    assumed: tuple[str, ...]
    problems: tuple[tuple[str, str], ...]


def _is_round(variant: RouteVariant) -> bool:
    ids = variant.stop_ids
    return variant.relation.tags.get("roundtrip") == "yes" or (len(ids) > 2 and ids[0] == ids[-1])  # noqa: PLR2004


def _service(
    variant: RouteVariant, line: Sequence[RouteVariant], assumptions: Assumptions
) -> _Service:
    """Headways and directions of one variant of a line.

    The default headway of a mode is that of the whole line, so without a tag it is multiplied by
    the number of variants that share the direction.
    """
    opposite = [other for other in line if _is_opposite(variant, other)]
    same = [other for other in line if other not in opposite]
    one_way = bool(opposite) or _is_round(variant)
    problems = [] if one_way else [("route-one-direction", "")]
    try:
        headway = headway_secs(variant.relation.tags)
        missing = ("route-headway-missing", "")
    except UnreadableError as error:
        headway, missing = None, ("route-headway-unreadable", str(error))
    if headway is not None:
        secs = min(max(headway, 30.0), LONGEST_HEADWAY_SECS)
        return _Service(secs, secs, not one_way, (), tuple(problems))
    problems.append(missing)
    mode = mode_of(variant.relation)
    peak, offpeak = (
        min(table[mode] * len(same), LONGEST_HEADWAY_SECS)
        for table in (
            assumptions.headway_default_peak_secs,
            assumptions.headway_default_offpeak_secs,
        )
    )
    assumed = ("headway_peak_secs", "headway_offpeak_secs")
    return _Service(peak, offpeak, not one_way, assumed, tuple(problems))


def _hop_secs(variant: RouteVariant, speed_kph: float) -> tuple[tuple[float, ...], bool, str]:
    """Seconds of each hop by the mode's speed, scaled to the `duration` of a complete relation.

    Returns
    -------
    tuple of float
    bool
        Whether the seconds are derived from a tag.
    str
        A duration that cannot be used; else empty.
    """
    secs = np.maximum(np.array(variant.hops.metres) / (speed_kph / 3.6), SHORTEST_HOP_SECS)
    text, unreadable, derived = variant.relation.tags.get("duration"), "", False
    if text and variant.whole:
        try:
            factor = duration_secs(text) / secs.sum()
            derived = 1 / DURATION_FACTOR <= factor <= DURATION_FACTOR
        except UnreadableError:
            factor = 1.0
        unreadable = "" if derived else f"duration={text}"
        secs = secs * factor if derived else secs
    secs = np.clip(secs, SHORTEST_HOP_SECS, LONGEST_HOP_SECS)
    return tuple(round(value, 1) for value in secs.tolist()), derived, unreadable


def _route(
    variant: RouteVariant, line: Sequence[RouteVariant], assumptions: Assumptions
) -> tuple[TransitRoute, list[tuple[str, str]]]:
    tags, mode = variant.relation.tags, mode_of(variant.relation)
    service = _service(variant, line, assumptions)
    secs, derived, unreadable = _hop_secs(variant, assumptions.transit_speed_kph[mode])
    route_id = f"r{variant.relation.relation_id}"
    name = name_of(tags) or route_id
    problems = list(service.problems)
    problems += [("route-duration-unreadable", unreadable)] if unreadable else []
    problems += [] if name_of(tags) else [("route-name-missing", "")]
    assumed = (*service.assumed, *(() if derived else ("hop_secs",)), "stop_access_secs")
    route = TransitRoute(
        route_id=route_id,
        route_name=name,
        name_en=tags.get("name:en", ""),
        route_type=ROUTE_TYPES[tags["route"]],
        line=tags.get("ref") or name,
        stop_ids=variant.stop_ids,
        hop_secs=secs,
        headway_peak_secs=service.peak_secs,
        headway_offpeak_secs=service.offpeak_secs,
        stop_access_secs=assumptions.stop_access_default_secs[mode],
        bidirectional=service.bidirectional,
        confidence="assumed" if service.assumed else "derived",
        assumed_fields=assumed,
        shape=variant.hops.shape,
    )
    return route, problems


def transit_routes(
    variants: Sequence[RouteVariant], assumptions: Assumptions, lookup: ElementLookup
) -> tuple[list[TransitRoute], list[Problem]]:
    """One transit route for each variant, and the problems of its tags.

    Parameters
    ----------
    variants
        Variants with at least two stops.
    assumptions
        Speeds, headways and access times by mode, for missing tags.
    lookup
        Lookup of the elements, for the positions of problems.
    """
    lines: dict[tuple[str, str, str], list[RouteVariant]] = {}
    for variant in variants:
        lines.setdefault(_line_key(variant.relation), []).append(variant)
    routes, problems = [], []
    for variant in variants:
        route, route_problems = _route(variant, lines[_line_key(variant.relation)], assumptions)
        routes.append(route)
        lon, lat = lookup.place(variant.relation)
        relation_id = variant.relation.relation_id
        problems += [
            Problem(kind, "relation", relation_id, text, lon, lat) for kind, text in route_problems
        ]
    return routes, problems
