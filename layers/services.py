"""Public transport while projects are added to it."""

from __future__ import annotations

from collections import ChainMap
from dataclasses import dataclass

import geopandas as gpd
import pandas as pd
from shapely.geometry.base import BaseGeometry

from geo.faults import Fault
from layers.projects import Project
from layers.stop_order import order_faults
from layers.transit import TransitRoute

SAME_STOP_M = 500.0
"""Two projects may name one stop if they place it within this distance."""


@dataclass(frozen=True)
class Services:
    """Public transport: stops indexed by `stop_id`, and routes in the order they were added."""

    stops: gpd.GeoDataFrame
    routes: tuple[TransitRoute, ...]


class ServicesDraft:
    """Stops and routes to which those of projects are added.

    Parameters
    ----------
    services
        What there is already.
    places
        The points of its stops by id.
    """

    def __init__(self, services: Services, places: dict[str, BaseGeometry]) -> None:
        self._before = services.stops
        self._new: list[gpd.GeoDataFrame] = []
        self._places: ChainMap[str, BaseGeometry] = ChainMap({}, places)
        self.routes = services.routes

    @property
    def services(self) -> Services:
        """What has come of it."""
        if not self._new:
            return Services(self._before, self.routes)
        stops = pd.concat([self._before, *self._new])
        frame = gpd.GeoDataFrame(stops, geometry="geometry", crs=self._before.crs)
        return Services(frame, self.routes)

    def moved_stops(self, project: Project) -> list[Fault]:
        """A stop known already must be where it was."""
        faults = []
        for stop_id, point in zip(project.stops.index, project.stops.geometry, strict=True):
            known = self._places.get(stop_id, point)
            metres = 0.0 if known is point else point.distance(known)
            if metres > SAME_STOP_M:
                message = f"stop is {metres:.0f} m from the stop of that id that exists"
                allowed = f"0 to {SAME_STOP_M:g} m"
                faults.append(Fault(project.file, str(stop_id), "stop-moved", message, allowed))
        return faults

    def add(self, project: Project) -> list[Fault]:
        """Add a project's stops and routes, take away those it replaces; what is wrong with it."""
        new = [stop_id not in self._places for stop_id in project.stops.index]
        if any(new):
            stops = project.stops if all(new) else project.stops.loc[new]
            self._new.append(stops)
            self._places.update(zip(stops.index, stops.geometry, strict=True))
        faults = []
        known = {route.route_id for route in self.routes}
        for route in project.routes:
            faults += order_faults(route.route_id, route.stop_ids, self._places, project.file)
            if route.route_id in known:
                message = f"a second route {route.route_id!r}"
                faults.append(Fault(project.file, route.route_id, "id-duplicate", message))
        kept = tuple(route for route in self.routes if route.route_id not in project.replaces)
        self.routes = kept + project.routes
        return faults
