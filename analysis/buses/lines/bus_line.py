"""A bus line along a road path: its stops, running time and fleet size."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from math import ceil

import numpy as np
import shapely
from shapely.geometry import LineString

from analysis.buses.network.bus_graph import BusGraph
from analysis.buses.network.road_paths import Stretch, path_shape
from analysis.graph.street_times import StreetTimes
from layers.assumptions import Assumptions
from layers.transit import BUS, TransitRoute

BESIDE_M = 1.0
"""A stop is on a line if its place on the street is within this distance of the course."""


@dataclass(frozen=True)
class BusLine:
    """A proposed line.

    Attributes
    ----------
    stop_ids
        Stops in order; a loop repeats its first stop at the end.
    hop_secs
        Seconds between them, with the dwell time at the arrival stop.
    shape
        Its course, projected.
    length_m
        Metres one way or once around, connectors of its ends included.
    is_loop
        Whether it is a one-way loop; else it runs in both directions.
    """

    stop_ids: tuple[str, ...]
    hop_secs: tuple[float, ...]
    shape: LineString
    length_m: float
    is_loop: bool

    @property
    def minutes(self) -> float:
        """Running time one way, or once around."""
        return sum(self.hop_secs) / 60

    def cycle_secs(self, layover_secs: float) -> float:
        """Cycle time: a loop has one layover, another line one at each end."""
        rounds = 1 if self.is_loop else 2
        return rounds * (sum(self.hop_secs) + layover_secs)

    def buses(self, assumptions: Assumptions) -> int:
        """Number of buses for the headway `link_headway_secs`.

        The cycle time over the headway, rounded up (TCRP Report 165, Transit Capacity and Quality
        of Service Manual, 3rd edition, chapter 4).
        """
        cycle = self.cycle_secs(assumptions.layover_secs)
        return max(ceil(cycle / assumptions.link_headway_secs - 1e-9), 1)

    def route(self, route_id: str, name: str, assumptions: Assumptions) -> TransitRoute:
        """The line as a transit route."""
        headway = assumptions.link_headway_secs
        return TransitRoute(
            route_id=route_id,
            route_name=name,
            name_en="",
            route_type=BUS,
            line="",
            stop_ids=self.stop_ids,
            hop_secs=self.hop_secs,
            headway_peak_secs=headway,
            headway_offpeak_secs=headway,
            bidirectional=not self.is_loop,
            assumed_fields=("hop_secs", "headway_peak_secs", "headway_offpeak_secs"),
            shape=self.shape,
        )


@dataclass(frozen=True)
class Builder:
    """Builder of lines on the roads of one network.

    Attributes
    ----------
    bus
        Stops and roads.
    secs
        `analysis.graph.street_times.bus_times` of the same network.
    assumptions
        `bus_dwell_secs`, `loop_stop_spacing_m`.
    """

    bus: BusGraph
    secs: StreetTimes
    assumptions: Assumptions

    def line(
        self, along: Sequence[Stretch], ends: tuple[str, str], way_m: float, *, is_loop: bool
    ) -> BusLine:
        """A line along stretches between two stops; `way_m` is the whole length in metres.

        It also serves stops that it passes, one of each stop area and none closer to another than
        `loop_stop_spacing_m`. The difference between `way_m` and the length of the stretches is the
        connectors of the first and last stop, travelled at `drive_connector_kph`.
        """
        shape = path_shape(self.bus, along)
        metres, secs = self._metres_and_secs(along)
        stops, positions_m = self._stops(shape, ends)
        hop_secs = _secs_between(secs, metres, positions_m / max(shape.length, 1e-9))
        connector_secs = max(way_m - metres.sum(), 0.0) / (
            self.assumptions.drive_connector_kph / 3.6
        )
        hop_secs[0] += connector_secs / 2
        hop_secs[-1] += connector_secs / 2
        hop_secs = np.maximum(np.round(hop_secs, 3), 1.0) + self.assumptions.bus_dwell_secs
        return BusLine(stops, tuple(hop_secs.tolist()), shape, way_m, is_loop)

    def _metres_and_secs(self, along: Sequence[Stretch]) -> tuple[np.ndarray, np.ndarray]:
        """Metres and seconds of each stretch."""
        parts = self.bus.streets.parts.table
        part = np.array([s.part for s in along])
        share = np.array([abs(s.upto - s.since) for s in along])
        ahead = np.array([s.upto >= s.since for s in along])
        metres = parts["length"].to_numpy(dtype=float)[part] * share
        street = parts["street"].to_numpy()[part]
        street_table = self.secs.table
        forward, backward = (
            street_table[name].to_numpy(dtype=float)[street]
            for name in ("secs_forward", "secs_backward")
        )
        length = street_table["length"].to_numpy(dtype=float)[street]
        return metres, np.where(ahead, forward, backward) * metres / length

    def _stops(
        self, shape: LineString, ends: tuple[str, str]
    ) -> tuple[tuple[str, ...], np.ndarray]:
        """The stops along a course, and metres along its shape."""
        bus, length_m = self.bus, shape.length
        nearby = bus.stop_tree.query(shape, predicate="dwithin", distance=BESIDE_M)
        along = shapely.line_locate_point(shape, bus.stop_places[nearby])
        names = np.array(list(bus.area_of_stop), dtype=object)[nearby]
        stops, at = [ends[0]], [0.0]
        areas = {bus.area_of_stop.get(end, end) for end in ends}
        spacing = self.assumptions.loop_stop_spacing_m
        for place, name in sorted(zip(along.tolist(), names.tolist(), strict=True)):
            area = bus.area_of_stop[name]
            if area not in areas and min(place - at[-1], length_m - place) >= spacing:
                areas.add(area)
                stops.append(name)
                at.append(place)
        return (*stops, ends[1]), np.array([*at, length_m])


def _secs_between(secs: np.ndarray, metres: np.ndarray, share: np.ndarray) -> np.ndarray:
    """Seconds between consecutive places, given as shares of the whole length."""
    distance = np.concatenate([[0.0], np.cumsum(metres)])
    elapsed = np.concatenate([[0.0], np.cumsum(secs)])
    return np.diff(np.interp(share * distance[-1], distance, elapsed))
