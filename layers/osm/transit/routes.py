"""Services from the relations of public transport lines."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import geopandas as gpd
import numpy as np
import shapely
from shapely.geometry import Point
from shapely.geometry.base import BaseGeometry

from geo.crs import projected
from geo.osm.elements import OsmElements, Relation
from geo.osm.selection import is_route
from layers.assumptions import Assumptions
from layers.osm.problems import Problem
from layers.osm.tags import is_rare, name_of
from layers.osm.transit.headways import Drawn, line_services, mode_of
from layers.osm.transit.hop_lengths import hops_along, runs_against
from layers.osm.transit.route_members import (
    Finder,
    LineMembers,
    StopMember,
    line_members,
    line_parts,
    part_lines,
)
from layers.osm.transit.stops import RAIL_MODES, Stops, family, osm_stops
from layers.transit import TransitRoute


@dataclass(frozen=True)
class Lines:
    """Stops and services.

    Attributes
    ----------
    stops
        `layers.transit.STOP_COLUMNS`, projected: only those that a service uses.
    routes
        One a relation that has two stops in the place or more.
    rail_stops, metro_stops
        Stops of railways of any kind but trams, and those of metros among them.
    problems
        What is wrong with the relations.
    """

    stops: gpd.GeoDataFrame
    routes: tuple[TransitRoute, ...]
    rail_stops: frozenset[str]
    metro_stops: frozenset[str]
    problems: tuple[Problem, ...]


def _within(members: LineMembers, place: BaseGeometry) -> tuple[StopMember, ...]:
    """From the first stop in the place to the last."""
    stops = members.stops
    inside = [bool(shapely.contains_xy(place, stop.lon, stop.lat)) for stop in stops]
    if not any(inside):
        return ()
    return stops[inside.index(True) : len(inside) - inside[::-1].index(True)]


def _in_order(chosen: Sequence[StopMember], stops: Stops, kind: str) -> tuple[list[str], int]:
    """Stop ids without repeats in a row, and how often the very same member repeats."""
    ids: list[str] = []
    doubled = 0
    for number, stop in enumerate(chosen):
        stop_id = stops.of_member[kind, stop.stop_id]
        if not ids or ids[-1] != stop_id:
            ids.append(stop_id)
        elif chosen[number - 1].stop_id == stop.stop_id:
            doubled += 1
    return ids, doubled


class _Drawing:
    """Draws one line after another."""

    def __init__(
        self, finder: Finder, stops: Stops, xy: np.ndarray, *, place: BaseGeometry, detour: float
    ) -> None:
        self.finder, self.stops, self.xy = finder, stops, xy
        self.place, self.detour = place, detour
        self.points = dict(zip(stops.table.index, stops.table.geometry, strict=True))

    def line(self, members: LineMembers) -> Drawn:
        """Its stops in the place, the metres between them, and what is wrong."""
        kind = family(mode_of(members.relation))
        chosen = _within(members, self.place)
        ids, doubled = _in_order(chosen, self.stops, kind)
        parts = line_parts(members, self.finder.found)
        lines = part_lines(parts, self.finder, self.xy)
        points = [self.points[stop] for stop in ids]
        against = runs_against(lines, points)
        # two stops have no order of their own, and neither has a single way
        reverse = against and len(points) > 2 and len(members.ways) > 1  # noqa: PLR2004
        if reverse:
            ids, points = ids[::-1], points[::-1]
        elif against:
            lines = [lines[0][::-1]]
        hops = hops_along(lines, points, self.detour)
        said = {
            "route-too-few-stops": f"{len(ids)} stops" if 0 < len(ids) < 2 else "",  # noqa: PLR2004
            "route-stop-doubled": f"{doubled} times" if doubled else "",
            "route-stops-reversed": f"{len(ids)} stops" if reverse else "",
            "route-stops-out-of-order": f"{hops.out_of_order} hops" if hops.out_of_order else "",
            "route-ways-apart": f"{hops.apart} hops" if hops.apart else "",
            "route-stop-far": f"{len(hops.far)} stops" if hops.far else "",
        }
        lon, lat = self.finder.place(members.relation)
        relation_id = members.relation.relation_id
        problems = tuple(
            Problem(name, "relation", relation_id, message, lon, lat)
            for name, message in said.items()
            if message
        )
        whole = members.complete and len(chosen) == len(members.stops)
        ends = (points[0], points[-1]) if points else (Point(), Point())
        return Drawn(members, tuple(ids), ends, hops, (*members.problems, *problems), whole)


def _stops_of(drawn: Sequence[Drawn], modes: Sequence[str]) -> frozenset[str]:
    return frozenset(
        stop for item in drawn if mode_of(item.relation) in modes for stop in item.stop_ids
    )


def osm_lines(
    found: OsmElements,
    place: BaseGeometry,
    *,
    crs: str,
    assumptions: Assumptions,
    modes: Sequence[str],
) -> Lines:
    """Services of a place: one for each relation of a line, with all its stops in the place.

    Parameters
    ----------
    found
        All elements.
    place
        Polygon in longitude and latitude; a line counts from its first stop in it to its last.
    crs
        A projected system in metres.
    assumptions
        Speeds and headways by mode where OSM tells none, and the detour of straight distances.
    modes
        `route` values that are wanted.
    """
    finder = Finder(found)
    wanted = [r for r in found.relations if is_route(r.tags) and r.tags["route"] in modes]
    rare = [relation for relation in wanted if is_rare(relation.tags)]
    members = [line_members(relation, finder) for relation in wanted if relation not in rare]
    listed = [(family(mode_of(m.relation)), stop) for m in members for stop in m.stops]
    stops = osm_stops(listed, found, crs)
    xy = projected(found.lonlat, crs)
    drawing = _Drawing(finder, stops, xy, place=place, detour=assumptions.detour)
    drawn = [drawing.line(item) for item in members]
    sound = [item for item in drawn if len(item.stop_ids) > 1]
    routes, problems = line_services(sound, assumptions, finder)
    used = list(dict.fromkeys(stop for route in routes for stop in route.stop_ids))
    named = {stop.split(":")[0] for stop in used}
    unnamed = [p for p in stops.problems if f"{p.osm_type[0]}{p.osm_id}" in named]
    return Lines(
        stops.table.loc[sorted(used)],
        tuple(routes),
        _stops_of(sound, RAIL_MODES),
        _stops_of(sound, ("subway",)),
        (
            *(p for item in drawn for p in item.problems),
            *problems,
            *unnamed,
            *_left_out(rare, finder),
        ),
    )


def _left_out(rare: Sequence[Relation], finder: Finder) -> list[Problem]:
    """Lines that a default headway would promise far too often."""
    return [
        Problem("route-not-daily", "relation", r.relation_id, name_of(r.tags), *finder.place(r))
        for r in rare
    ]
