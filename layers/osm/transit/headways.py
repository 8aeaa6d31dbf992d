"""How often and how fast a line runs, and whether both ways: from the tags of its relation."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
from shapely.geometry import Point

from geo.osm.elements import Relation
from layers.assumptions import Assumptions
from layers.osm.problems import Problem
from layers.osm.tags import UnreadableError, duration_secs, headway_secs, name_of
from layers.osm.transit.hop_lengths import Hops
from layers.osm.transit.route_members import Finder, LineMembers
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
DURATION_TIMES = 6.0
"""A `duration` so many times that of the mode's speed is a slip: 45:00 for 45 minutes."""


def mode_of(relation: Relation) -> str:
    """The key of the assumptions' tables: `subway`, `bus`, …."""
    mode = relation.tags["route"]
    return "bus" if mode == "trolleybus" else mode


@dataclass(frozen=True)
class Drawn:
    """A line with its stops as they are one, in order of travel.

    Attributes
    ----------
    members
        What its relation lists.
    stop_ids
        Stops in the place.
    ends
        The first and the last of them, projected; empty points if there is none.
    hops
        Metres between them.
    problems
        What is wrong with its members and its course.
    whole
        Whether all of it is in the place and in the data.
    """

    members: LineMembers
    stop_ids: tuple[str, ...]
    ends: tuple[Point, Point]
    hops: Hops
    problems: tuple[Problem, ...]
    whole: bool

    @property
    def relation(self) -> Relation:
        """Its relation."""
        return self.members.relation


def _opposite(one: Drawn, other: Drawn) -> bool:
    """Whether two relations of one line run against each other.

    Two shared stops tell by their order; else `from` and `to` do, else which ends are nearer.
    """
    place = {stop: number for number, stop in enumerate(other.stop_ids)}
    shared = [place[stop] for stop in one.stop_ids if stop in place]
    if len(shared) > 1 and shared[0] != shared[-1]:
        return shared[0] > shared[-1]
    a, b = one.relation.tags, other.relation.tags
    there, back = (a.get("from"), a.get("to")), (b.get("to"), b.get("from"))
    if a.get("from") and there in (back, back[::-1]):
        return there == back
    start, end = one.ends
    along = start.distance(other.ends[0]) + end.distance(other.ends[1])
    return bool(start.distance(other.ends[1]) + end.distance(other.ends[0]) < along)


def _line_key(relation: Relation) -> tuple[str, str, str]:
    """What relations of one line have in common; without a number each is its own line."""
    tags = relation.tags
    number = tags.get("ref") or tags.get("name") or str(relation.relation_id)
    return tags["route"], number, tags.get("network", "")


@dataclass(frozen=True)
class _Service:
    """How often a relation runs, and whether both ways."""

    peak_secs: float
    offpeak_secs: float
    bidirectional: bool
    assumed: tuple[str, ...]
    problems: tuple[tuple[str, str], ...]


def _is_round(drawn: Drawn) -> bool:
    ids = drawn.stop_ids
    return drawn.relation.tags.get("roundtrip") == "yes" or (len(ids) > 2 and ids[0] == ids[-1])  # noqa: PLR2004


def _service(drawn: Drawn, line: Sequence[Drawn], assumptions: Assumptions) -> _Service:
    """Headways and directions of one of a line's relations.

    Without a tagged headway the mode's default is the whole line's: its relations in one
    direction share it.
    """
    opposite = [other for other in line if _opposite(drawn, other)]
    same = [other for other in line if other not in opposite]
    one_way = bool(opposite) or _is_round(drawn)
    problems = [] if one_way else [("route-one-direction", "")]
    try:
        told = headway_secs(drawn.relation.tags)
        missing = ("route-headway-missing", "")
    except UnreadableError as error:
        told, missing = None, ("route-headway-unreadable", str(error))
    if told is not None:
        secs = min(max(told, 30.0), LONGEST_HEADWAY_SECS)
        return _Service(secs, secs, not one_way, (), tuple(problems))
    problems.append(missing)
    mode = mode_of(drawn.relation)
    peak, offpeak = (
        min(table[mode] * len(same), LONGEST_HEADWAY_SECS)
        for table in (
            assumptions.headway_default_peak_secs,
            assumptions.headway_default_offpeak_secs,
        )
    )
    assumed = ("headway_peak_secs", "headway_offpeak_secs")
    return _Service(peak, offpeak, not one_way, assumed, tuple(problems))


def _hop_secs(drawn: Drawn, speed_kph: float) -> tuple[tuple[float, ...], bool, str]:
    """Seconds a hop by the mode's speed; scaled to the relation's `duration` if it is all here.

    Returns
    -------
    tuple of float
    bool
        Whether the seconds are derived from a tag.
    str
        A duration that cannot be read; else empty.
    """
    secs = np.maximum(np.array(drawn.hops.metres) / (speed_kph / 3.6), SHORTEST_HOP_SECS)
    text, unreadable, derived = drawn.relation.tags.get("duration"), "", False
    if text and drawn.whole:
        try:
            times = duration_secs(text) / secs.sum()
            derived = 1 / DURATION_TIMES <= times <= DURATION_TIMES
        except UnreadableError:
            times = 1.0
        unreadable = "" if derived else f"duration={text}"
        secs = secs * times if derived else secs
    secs = np.clip(secs, SHORTEST_HOP_SECS, LONGEST_HOP_SECS)
    return tuple(round(value, 1) for value in secs.tolist()), derived, unreadable


def _route(
    drawn: Drawn, line: Sequence[Drawn], assumptions: Assumptions
) -> tuple[TransitRoute, list[tuple[str, str]]]:
    tags, mode = drawn.relation.tags, mode_of(drawn.relation)
    service = _service(drawn, line, assumptions)
    secs, derived, unreadable = _hop_secs(drawn, assumptions.transit_speed_kph[mode])
    route_id = f"r{drawn.relation.relation_id}"
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
        stop_ids=drawn.stop_ids,
        hop_secs=secs,
        headway_peak_secs=service.peak_secs,
        headway_offpeak_secs=service.offpeak_secs,
        stop_access_secs=assumptions.stop_access_default_secs[mode],
        bidirectional=service.bidirectional,
        confidence="assumed" if service.assumed else "derived",
        assumed_fields=assumed,
        shape=drawn.hops.shape,
    )
    return route, problems


def line_services(
    drawn: Sequence[Drawn], assumptions: Assumptions, finder: Finder
) -> tuple[list[TransitRoute], list[Problem]]:
    """One service for each of the lines drawn, and what its tags lack.

    Parameters
    ----------
    drawn
        Lines with two stops or more.
    assumptions
        Speeds, headways and access times by mode where OSM tells none.
    finder
        Of the elements: problems stand where their relation is.
    """
    lines: dict[tuple[str, str, str], list[Drawn]] = {}
    for item in drawn:
        lines.setdefault(_line_key(item.relation), []).append(item)
    routes, problems = [], []
    for item in drawn:
        route, said = _route(item, lines[_line_key(item.relation)], assumptions)
        routes.append(route)
        lon, lat = finder.place(item.relation)
        relation_id = item.relation.relation_id
        problems += [Problem(kind, "relation", relation_id, text, lon, lat) for kind, text in said]
    return routes, problems
