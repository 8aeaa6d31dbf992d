"""Road paths between stops, with or without one gateway."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace
from itertools import pairwise

import numpy as np
import shapely
from shapely.geometry import LineString
from shapely.ops import substring

from analysis.buses.network.bus_graph import BusGraph
from analysis.routing.bucket_queue import BucketQueue
from analysis.routing.linked_points import LinkedPoints
from analysis.routing.one_to_all import times_to_points
from analysis.routing.shortest_paths import path_to, paths_from

Place = tuple[float, ...]


@dataclass(frozen=True)
class RoadPath:
    """A road path between two points: metres, and the vertices between them."""

    start: int
    end: int
    length_m: float
    vertices: tuple[int, ...]


@dataclass(frozen=True)
class Roads:
    """Bus-allowed roads with linked points, in both directions of search."""

    forward: LinkedPoints
    backward: LinkedPoints

    def metres_from(self, vertex: int, limit_m: float, *, reverse: bool = False) -> np.ndarray:
        """Metres from a vertex to every point, or from every point to it."""
        starts = np.array([vertex]), np.zeros(1)
        linked = self.backward if reverse else self.forward
        return times_to_points(linked, starts, limit=limit_m)

    def metres_between(self, points: np.ndarray, limit_m: float) -> np.ndarray:
        """Metres to every point from the nearest of several points."""
        linked = self.forward
        column = np.empty(linked.count, np.int32)
        with BucketQueue(linked.graph, linked.graph.scale.cutoff(limit_m)) as queue:
            queue.nearest_costs(linked, points, column)
        return linked.graph.scale.secs(column)

    def path(self, start: int, end: int, limit_m: float) -> RoadPath:
        """The shortest path between two connected points."""
        metres, vertices = next(paths_from(self.forward, start, [end], limit=limit_m))
        return RoadPath(start, end, metres, tuple(vertices))

    def path_through(self, start: int, end: int, gate: tuple[int, int], limit_m: float) -> RoadPath:
        """The shortest path between two points through the two vertices of a gate."""
        first = _path(self.backward, gate[0], start, limit_m)[::-1]
        second = _path(self.forward, gate[1], end, limit_m)
        metres = self.metres_from(gate[0], limit_m, reverse=True)[start]
        metres += self.metres_from(gate[1], limit_m)[end]
        return RoadPath(start, end, float(metres), (*first, *second))


def _path(linked: LinkedPoints, vertex: int, point: int, limit_m: float) -> list[int]:
    """The vertices of the shortest path from a vertex to a point."""
    with BucketQueue(linked.graph, linked.graph.scale.cutoff(limit_m)) as queue:
        predecessors = queue.predecessors((np.array([vertex], np.int32), np.zeros(1, np.int32)))
        egress = linked.egress.take(np.array([point]))
        costs = queue.dist[egress.at].astype(np.int64) + egress.costs
    return path_to(predecessors, int(egress.at[costs.argmin()]))


def roads_of(bus: BusGraph, gateway_id: str | None = None) -> Roads:
    """The roads of a bus graph, with one gateway closed if given."""
    forward, backward = bus.routable.linked, bus.routable.linked.reversed
    if gateway_id is None:
        return Roads(forward, backward)
    gates = bus.gates.table.loc[bus.gates.table["gateway_id"] == gateway_id]
    ends = gates["tail"].to_numpy(), gates["head"].to_numpy()
    tails, heads = np.concatenate(ends), np.concatenate(ends[::-1])
    return Roads(
        replace(forward, graph=forward.graph.without(tails, heads)),
        replace(backward, graph=backward.graph.without(tails, heads)),
    )


@dataclass(frozen=True)
class Stretch:
    """A part of a street, travelled from one fraction to another."""

    part: int
    since: float
    upto: float


def _near_end(bus: BusGraph, point: int, vertex: int) -> tuple[int, float, float]:
    """The street of a point, the point's fraction, and the fraction of the end that a path uses."""
    snap = bus.routable.snaps.loc[bus.routable.snaps["point"] == point].iloc[0]
    part = int(snap["street"])
    upto = 1.0 if bus.routable.streets.table["head"].iloc[part] == vertex else 0.0
    return part, float(snap["fraction"]), upto


def stretches(bus: BusGraph, path: RoadPath) -> list[Stretch]:
    """The stretches of streets along a path."""
    if not path.vertices:
        snaps = bus.routable.snaps.set_index("point").loc[[path.start, path.end]]
        since, upto = snaps["fraction"].tolist()
        return [Stretch(int(snaps["street"].iloc[0]), since, upto)]
    part, since, upto = _near_end(bus, path.start, path.vertices[0])
    result = [Stretch(part, since, upto)]
    for ends in pairwise(path.vertices):
        row, ahead = bus.street_between[ends]
        result.append(Stretch(row, 0.0, 1.0) if ahead else Stretch(row, 1.0, 0.0))
    part, upto, since = _near_end(bus, path.end, path.vertices[-1])
    return [*result, Stretch(part, since, upto)]


def path_shape(bus: BusGraph, path: Sequence[Stretch]) -> LineString:
    """The geometry of stretches as one line."""
    shapes = bus.routable.streets.table.geometry.to_numpy()
    coordinates: list[Place] = []
    for stretch in path:
        line = shapes[stretch.part]
        if (stretch.since, stretch.upto) != (0.0, 1.0):
            line = substring(line, stretch.since, stretch.upto, normalized=True)
        coordinates += list(line.coords)
    line = shapely.remove_repeated_points(LineString([*coordinates, coordinates[-1]]))
    return LineString(shapely.get_coordinates(line))
