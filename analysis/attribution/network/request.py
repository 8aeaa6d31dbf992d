"""A package with the points, mode and conditions of a question, and its network for any players."""

from __future__ import annotations

from dataclasses import dataclass, replace

import geopandas as gpd
import numpy as np

from analysis.attribution.network.nodes import ArcTable, NodeNumbers
from analysis.attribution.network.package import Package
from analysis.attribution.network.ride_arcs import planned_stops, ride_arcs
from analysis.graph.conditions import Conditions
from analysis.graph.poles import Poles, poles_of
from analysis.graph.routable_network import RoutableNetwork, routable_network
from analysis.graph.travel import Travel


@dataclass(frozen=True)
class Request:
    """A package with points, mode and conditions.

    Attributes
    ----------
    numbers
        Numbering of the nodes.
    poles
        Stops beside each other.
    stops
        Positions of the stops between which players can change rides.
    """

    package: Package
    points: gpd.GeoSeries
    travel: Travel
    conditions: Conditions
    numbers: NodeNumbers
    poles: Poles
    stops: np.ndarray

    def streets(self, subset: int, *, with_routes: bool = False) -> RoutableNetwork:
        """The routable network with some players, without routes unless needed."""
        network = self.package.network_with(subset)
        # what vehicles offer is compared by `rides`, without making them routable for every set
        if not with_routes:
            network = replace(network, routes=())
        return routable_network(
            network, self.points, travel=self.travel, conditions=self.conditions
        )

    def rides(self, subset: int, longest: float) -> ArcTable:
        """Ride arcs on the routes of some players and of the baseline."""
        return ride_arcs(
            self.package.routes_with(subset),
            self.poles,
            self.stops,
            numbers=self.numbers,
            travel=self.travel,
            longest=longest,
        )


def request_of(
    package: Package, points: gpd.GeoSeries, travel: Travel, conditions: Conditions
) -> Request:
    """The request of a package: its nodes numbered, and the stops where players' lines stop.

    Parameters
    ----------
    package
        The players.
    points
        Projected origins and destinations.
    travel, conditions
        As for `analysis.graph.routable_network.routable_network`.
    """
    by_transit = travel.mode == "transit"
    stops = package.network.stops.geometry
    poles = poles_of(stops, conditions.assumptions)
    positions = planned_stops(package, poles) if by_transit else np.empty(0, np.int64)
    count = len(stops) if by_transit else 0
    numbers = NodeNumbers(package.network.roads.nodes.index, count, len(points))
    return Request(package, points, travel, conditions, numbers, poles, positions)
