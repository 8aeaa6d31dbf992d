"""Planner: everything needed to build lines on one network and to evaluate them."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from functools import cached_property

import geopandas as gpd
import shapely

from analysis.buses.diagnosis import BusDiagnosis
from analysis.buses.gaps import spine_stations
from analysis.buses.lines.bus_line import Builder, BusLine
from analysis.buses.lines.savings import TripTimes, trip_times
from analysis.graph.conditions import Conditions
from analysis.graph.street_times import bus_times
from geo.areas import StudyArea
from layers.assumptions import Assumptions
from layers.network import TransportNetwork


@dataclass(frozen=True)
class Planner:
    """Data to build and evaluate lines on one network.

    Attributes
    ----------
    network, diagnosis
        The network, and its gateways, loops and gaps.
    study_area
        Planning areas.
    zones
        `area_id`, `population` and polygons, projected.
    spines
        `line` of the spine routes.
    conditions
        Peak volumes and assumptions.
    """

    network: TransportNetwork
    diagnosis: BusDiagnosis
    study_area: StudyArea
    zones: gpd.GeoDataFrame
    spines: Sequence[str]
    conditions: Conditions

    @property
    def assumptions(self) -> Assumptions:
        """The assumptions of the conditions."""
        return self.conditions.assumptions

    @cached_property
    def builder(self) -> Builder:
        """The builder of lines on the network's roads."""
        secs = bus_times(self.network.roads, self.conditions.volumes, "peak", self.assumptions)
        return Builder(self.diagnosis.bus, secs, self.assumptions)

    @cached_property
    def stations(self) -> gpd.GeoDataFrame:
        """Stations of the spines."""
        return spine_stations(self.network, self.spines)

    def times(self, lines: Sequence[BusLine]) -> TripTimes:
        """Travel times between zones and the stops of lines."""
        return trip_times(self.network, lines, self.zones, conditions=self.conditions)

    def names(self, stop_ids: Sequence[str]) -> list[str]:
        """Names of stops."""
        return list(self.network.stops["stop_name"].loc[list(stop_ids)])

    def accuracy_m(self, stop_ids: Sequence[str]) -> float:
        """Largest position error of the stops of a line, metres."""
        return float(self.network.stops["accuracy_m"].loc[list(stop_ids)].astype(float).max())

    def catchment(self, stop_ids: Sequence[str]) -> shapely.Geometry:
        """The area within walking distance of some stops."""
        radius_m = self.assumptions.bus_catchment_m
        places = self.network.stops.geometry.loc[list(stop_ids)].to_numpy()
        return shapely.union_all(shapely.buffer(places, radius_m))

    def people(self, area: shapely.Geometry) -> float:
        """People in an area, by areal weighting of the zones."""
        at = self.zones.sindex.query(area, predicate="intersects")
        shapes = self.zones.geometry.to_numpy()[at]
        share = shapely.area(shapely.intersection(shapes, area)) / shapely.area(shapes)
        return float((self.zones["population"].to_numpy()[at] * share).sum())

    def spine_names(self, stop_ids: Sequence[str]) -> list[str]:
        """Spine stations within walking distance of some stops."""
        nearby = self.stations.loc[self.stations.intersects(self.catchment(stop_ids))]
        return list(dict.fromkeys(nearby["stop_name"]))
