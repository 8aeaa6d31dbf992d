"""Stops and routes from the route relations of OpenStreetMap."""

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
from layers.osm.transit.headways import RouteVariant, mode_of, transit_routes
from layers.osm.transit.hop_lengths import hop_lengths, runs_against
from layers.osm.transit.route_members import (
    ElementLookup,
    RouteMembers,
    StopMember,
    part_coordinates,
    route_members,
    route_parts,
)
from layers.osm.transit.stops import RAIL_MODES, OsmStops, family, osm_stops
from layers.transit import TransitRoute


@dataclass(frozen=True)
class OsmRoutes:
    """Stops and transit routes.

    Attributes
    ----------
    stops
        `layers.transit.STOP_COLUMNS`, projected: only the stops that a route serves.
    routes
        One route for each relation with at least two stops in the place.
    rail_stops, metro_stops
        Stops of railways other than trams, and the metro stops among them.
    problems
        Problems of the relations.
    """

    stops: gpd.GeoDataFrame
    routes: tuple[TransitRoute, ...]
    rail_stops: frozenset[str]
    metro_stops: frozenset[str]
    problems: tuple[Problem, ...]


def _stops_in_place(members: RouteMembers, place: BaseGeometry) -> tuple[StopMember, ...]:
    """The stops from the first to the last one in the place."""
    stops = members.stops
    inside = [bool(shapely.contains_xy(place, stop.lon, stop.lat)) for stop in stops]
    if not any(inside):
        return ()
    return stops[inside.index(True) : len(inside) - inside[::-1].index(True)]


def _stop_ids(chosen: Sequence[StopMember], stops: OsmStops, kind: str) -> tuple[list[str], int]:
    """Stop ids without consecutive repeats, and the number of consecutive repeats of a member."""
    ids: list[str] = []
    doubled = 0
    for number, stop in enumerate(chosen):
        stop_id = stops.stop_of_member[kind, stop.stop_id]
        if not ids or ids[-1] != stop_id:
            ids.append(stop_id)
        elif chosen[number - 1].stop_id == stop.stop_id:
            doubled += 1
    return ids, doubled


class _VariantBuilder:
    """Builds route variants from members, with the data that all of them need."""

    def __init__(
        self,
        lookup: ElementLookup,
        stops: OsmStops,
        xy: np.ndarray,
        *,
        place: BaseGeometry,
        detour: float,
    ) -> None:
        self.lookup, self.stops, self.xy = lookup, stops, xy
        self.place, self.detour = place, detour
        self.points = dict(zip(stops.table.index, stops.table.geometry, strict=True))

    def variant(self, members: RouteMembers) -> RouteVariant:
        """The stops of a relation in the place, the hops between them, and its problems."""
        kind = family(mode_of(members.relation))
        chosen = _stops_in_place(members, self.place)
        ids, doubled = _stop_ids(chosen, self.stops, kind)
        parts = route_parts(members, self.lookup.elements)
        coordinates = part_coordinates(parts, self.lookup, self.xy)
        points = [self.points[stop] for stop in ids]
        is_against = runs_against(coordinates, points)
        # with two stops or a single way the direction of the ways is less certain: reverse them
        reverse = is_against and len(points) > 2 and len(members.ways) > 1  # noqa: PLR2004
        if reverse:
            ids, points = ids[::-1], points[::-1]
        elif is_against:
            coordinates = [coordinates[0][::-1]]
        hops = hop_lengths(coordinates, points, self.detour)
        messages = {
            "route-too-few-stops": f"{len(ids)} stops" if 0 < len(ids) < 2 else "",  # noqa: PLR2004
            "route-stop-doubled": f"{doubled} times" if doubled else "",
            "route-stops-reversed": f"{len(ids)} stops" if reverse else "",
            "route-stops-out-of-order": f"{hops.out_of_order} hops" if hops.out_of_order else "",
            "route-ways-apart": f"{hops.apart} hops" if hops.apart else "",
            "route-stop-far": f"{len(hops.far)} stops" if hops.far else "",
        }
        lon, lat = self.lookup.place(members.relation)
        relation_id = members.relation.relation_id
        problems = tuple(
            Problem(name, "relation", relation_id, message, lon, lat)
            for name, message in messages.items()
            if message
        )
        whole = members.complete and len(chosen) == len(members.stops)
        ends = (points[0], points[-1]) if points else (Point(), Point())
        return RouteVariant(members, tuple(ids), ends, hops, (*members.problems, *problems), whole)


def _stops_of(variants: Sequence[RouteVariant], modes: Sequence[str]) -> frozenset[str]:
    return frozenset(
        stop
        for variant in variants
        if mode_of(variant.relation) in modes
        for stop in variant.stop_ids
    )


def osm_routes(
    elements: OsmElements,
    place: BaseGeometry,
    *,
    crs: str,
    assumptions: Assumptions,
    modes: Sequence[str],
) -> OsmRoutes:
    """The transit routes of a place: one for each route relation, with its stops in the place.

    Parameters
    ----------
    elements
        The elements of the place.
    place
        Polygon in longitude and latitude; a route is used from its first to its last stop in it.
    crs
        A projected CRS in metres.
    assumptions
        Speeds and headways by mode, for missing tags, and the detour of straight distances.
    modes
        The `route` values to import.
    """
    lookup = ElementLookup(elements)
    relations = [r for r in elements.relations if is_route(r.tags) and r.tags["route"] in modes]
    rare = [relation for relation in relations if is_rare(relation.tags)]
    members = [route_members(relation, lookup) for relation in relations if relation not in rare]
    listed = [(family(mode_of(m.relation)), stop) for m in members for stop in m.stops]
    stops = osm_stops(listed, elements, crs)
    xy = projected(elements.lonlat, crs)
    builder = _VariantBuilder(lookup, stops, xy, place=place, detour=assumptions.detour)
    variants = [builder.variant(variant) for variant in members]
    usable = [variant for variant in variants if len(variant.stop_ids) > 1]
    routes, problems = transit_routes(usable, assumptions, lookup)
    served = list(dict.fromkeys(stop for route in routes for stop in route.stop_ids))
    used_members = {stop.split(":")[0] for stop in served}
    unnamed = [p for p in stops.problems if f"{p.osm_type[0]}{p.osm_id}" in used_members]
    return OsmRoutes(
        stops.table.loc[sorted(served)],
        tuple(routes),
        _stops_of(usable, RAIL_MODES),
        _stops_of(usable, ("subway",)),
        (
            *(p for variant in variants for p in variant.problems),
            *problems,
            *unnamed,
            *_rare_problems(rare, lookup),
        ),
    )


def _rare_problems(rare: Sequence[Relation], lookup: ElementLookup) -> list[Problem]:
    """Problems of routes that are left out, because a default headway would be far too short."""
    return [
        Problem("route-not-daily", "relation", r.relation_id, name_of(r.tags), *lookup.place(r))
        for r in rare
    ]
