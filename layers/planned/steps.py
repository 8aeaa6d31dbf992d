"""Roads and transit services after each of a sequence of projects."""

from __future__ import annotations

from collections import ChainMap
from collections.abc import Sequence
from dataclasses import dataclass, replace
from functools import cached_property

import geopandas as gpd
import pandas as pd
from shapely.geometry.base import BaseGeometry

from geo.crs import lonlat_of
from geo.faults import Fault
from layers.network import TransportNetwork
from layers.planned.joining import Joining
from layers.planned.roads import PlannedRoads
from layers.projects import Project
from layers.stop_order import order_faults, speed_faults
from layers.timetable import Timetable
from layers.transit import TransitRoute


@dataclass(frozen=True)
class RoadStep:
    """The roads after a project that changes them.

    Attributes
    ----------
    joining
        The roads so far.
    project
        The last project; None at the beginning.
    replaced
        The streets that it replaces.
    faults
        The faults of its roads.
    """

    joining: Joining
    project: Project | None = None
    replaced: tuple[str, ...] = ()
    faults: tuple[Fault, ...] = ()

    def with_project(self, project: Project, roads: PlannedRoads | None) -> RoadStep:
        """The next step: the roads of a project added, and the roads that it replaces removed."""
        replaced = tuple(old for old in project.replaces if self.joining.draft.numbers_of([old]))
        if not replaced and roads is None:
            return RoadStep(self.joining, project)
        joining = self.joining.copy()
        joining.remove(replaced)
        faults = joining.add_roads(roads) if roads else []
        return RoadStep(joining, project, replaced, tuple(faults))

    def all_faults(self, routes: Sequence[TransitRoute]) -> list[Fault]:
        """`faults`, and faults of replaced ids that are neither a street nor one of the routes."""
        if self.project is None:
            return []
        known = {name for route in routes for name in names_of(route)} | set(self.replaced)
        unknown = [
            Fault(self.project.file, "", "id-unknown", f"it replaces {old!r}, which does not exist")
            for old in self.project.replaces
            if old not in known
        ]
        return [*unknown, *self.faults]


def names_of(route: TransitRoute) -> tuple[str, ...]:
    """The ids by which `replaces` may name a route: its own, and its line's in a feed.

    A line of a feed has a route for each of its patterns; its id takes all of them away, the id
    of a pattern (such as `R:2`) that pattern only.
    """
    return (route.route_id, route.feed_route_id) if route.feed_route_id else (route.route_id,)


SAME_STOP_M = 500.0
"""Two projects may share a stop if their positions of it are within this distance."""


@dataclass(frozen=True)
class Services:
    """Stops indexed by `stop_id`, routes in the order they were added, trips of some of them."""

    stops: gpd.GeoDataFrame
    routes: tuple[TransitRoute, ...]
    timetable: Timetable


def _moved_stops(project: Project, places: ChainMap[str, BaseGeometry]) -> list[Fault]:
    """Faults of stops that are far from an existing stop with the same id."""
    faults = []
    for stop_id, point in zip(project.stops.index, project.stops.geometry, strict=True):
        metres = point.distance(places[stop_id]) if stop_id in places else 0.0
        if metres > SAME_STOP_M:
            message = f"stop is {metres:.0f} m from the stop of that id that exists"
            allowed = f"0 to {SAME_STOP_M:g} m"
            location = (project.file, str(stop_id), "stop-moved")
            place = lonlat_of(point.x, point.y, str(project.stops.crs))
            metres = round(metres, 1)
            faults.append(Fault(*location, message, allowed, place=place, value=metres))
    return faults


@dataclass(frozen=True)
class ServiceStep:
    """The services after a project that changes them.

    Attributes
    ----------
    tables
        The stop tables of the baseline and of each project.
    places
        Their points by id.
    routes
        In the order they were added.
    timetable
        The trips of those of them that have a timetable.
    moved, faults
        Faults of the positions of the last project's stops, and of its routes.
    """

    tables: tuple[gpd.GeoDataFrame, ...]
    places: ChainMap[str, BaseGeometry]
    routes: tuple[TransitRoute, ...]
    timetable: Timetable
    moved: tuple[Fault, ...] = ()
    faults: tuple[Fault, ...] = ()

    @cached_property
    def services(self) -> Services:
        """The stops and routes so far."""
        first, *new = self.tables
        if not new:
            return Services(first, self.routes, self.timetable)
        stops = gpd.GeoDataFrame(pd.concat(self.tables), geometry="geometry", crs=first.crs)
        return Services(stops, self.routes, self.timetable)

    def with_project(self, project: Project) -> ServiceStep:
        """The next step: a project's stops and routes added, and replaced routes removed."""
        stops = project.stops
        is_new = [stop_id not in self.places for stop_id in stops.index]
        stops = stops if all(is_new) else stops.loc[is_new]
        added = {**self.places.maps[0], **dict(zip(stops.index, stops.geometry, strict=True))}
        places = ChainMap(added, *self.places.maps[1:])
        faults = []
        known = {route.route_id for route in self.routes}
        for route in project.routes:
            faults += order_faults(route, places, project.file)
            faults += speed_faults(route, places, project.file)
            if route.route_id in known:
                message = f"a second route {route.route_id!r}"
                faults.append(Fault(project.file, route.route_id, "id-duplicate", message))
        kept = tuple(r for r in self.routes if not set(names_of(r)) & set(project.replaces))
        return replace(
            self,
            tables=(*self.tables, stops) if len(stops) else self.tables,
            places=places,
            routes=kept + project.routes,
            timetable=self.timetable.of_routes({route.route_id for route in kept}),
            moved=tuple(_moved_stops(project, self.places)),
            faults=tuple(faults),
        )


def first_services(baseline: TransportNetwork) -> ServiceStep:
    """The services before any project."""
    stops = baseline.stops
    places = dict(zip(stops.index, stops.geometry, strict=True))
    return ServiceStep((stops,), ChainMap({}, places), baseline.routes, baseline.timetable)
