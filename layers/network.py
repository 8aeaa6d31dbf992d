"""The transport network of an area: roads and public transport."""

from __future__ import annotations

from dataclasses import dataclass, field

import geopandas as gpd
from pyproj import CRS

from layers.roads import RoadNetwork
from layers.timetable import Timetable, empty_timetable
from layers.transit import TransitRoute


@dataclass(frozen=True)
class TransportNetwork:
    """Roads, stops and routes: the baseline, or the baseline with projects applied.

    Attributes
    ----------
    roads
        Roads in OSMnx's schema.
    stops
        Indexed by `stop_id`, projected; see `layers.transit.STOP_COLUMNS`.
    routes
        Routes in the order they were added.
    timetable
        Trips of the routes that have a timetable; those of routes that are not among `routes` do
        not run. Empty if all routes have headways only.
    """

    roads: RoadNetwork
    stops: gpd.GeoDataFrame
    routes: tuple[TransitRoute, ...]
    timetable: Timetable = field(default_factory=empty_timetable, repr=False)

    @property
    def has_timetable(self) -> bool:
        """Whether any of its routes has trips with a clock.

        A feed with headways alone (`frequencies.txt` without exact times) has none: then the exact
        mean of its waits counts, as for lines of other files.
        """
        trips = self.timetable.trips
        with_clock = set(trips.loc[trips["headway_secs"] == 0, "route_id"])
        return not with_clock.isdisjoint(route.route_id for route in self.routes)

    @property
    def crs(self) -> CRS:
        """The projected system of roads and stops; points that are linked to it must be in it."""
        return self.roads.edges.crs

    def __repr__(self) -> str:
        """Say in one line how large it is."""
        streets, stops = len(self.roads.edges), len(self.stops)
        return f"TransportNetwork({streets} edges, {stops} stops, {len(self.routes)} routes)"
