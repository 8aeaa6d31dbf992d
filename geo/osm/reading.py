"""Ways and nodes while a file is being read, and the elements built from them."""

from __future__ import annotations

from dataclasses import dataclass, field

import numpy as np
import shapely
from osmium import osm
from shapely.geometry.base import BaseGeometry

from geo.osm.elements import DEGREE_UNITS, OsmElements, Relation, Tags

NOWHERE = 2_147_483_647
"""libosmium's value for an unknown position."""


@dataclass(frozen=True)
class WayArrays:
    """Some ways as flat arrays: `refs` and `xy` (1e-7 degrees) of all nodes, `lengths` by way."""

    ids: np.ndarray
    tags: list[Tags]
    lengths: np.ndarray
    refs: np.ndarray
    xy: np.ndarray

    def subset(self, keep: np.ndarray) -> WayArrays:
        """The ways marked by `keep`."""
        nodes = np.repeat(keep, self.lengths)
        tags = [tags for tags, is_kept in zip(self.tags, keep.tolist(), strict=True) if is_kept]
        return WayArrays(self.ids[keep], tags, self.lengths[keep], self.refs[nodes], self.xy[nodes])


def concatenated_ways(parts: list[WayArrays]) -> WayArrays:
    """All ways of several parts."""
    if not parts:
        none = np.array([], dtype=np.int64)
        return WayArrays(none, [], none, none, none.reshape(-1, 2))
    return WayArrays(
        np.concatenate([p.ids for p in parts]),
        [tags for p in parts for tags in p.tags],
        np.concatenate([p.lengths for p in parts]),
        np.concatenate([p.refs for p in parts]),
        np.concatenate([p.xy for p in parts]),
    )


def ways_with_node_in(part: WayArrays, place: BaseGeometry) -> np.ndarray:
    """Mask of the ways with a node in the place."""
    degrees = part.xy / DEGREE_UNITS
    hit = shapely.contains_xy(place, degrees[:, 0], degrees[:, 1])
    starts = np.concatenate([[0], np.cumsum(part.lengths)])
    count = np.concatenate([[0], np.cumsum(hit)])
    return np.asarray(count[starts[1:]] > count[starts[:-1]])


@dataclass
class PointList:
    """Nodes that are read for their own tags or as members of relations."""

    positions: dict[int, tuple[int, int]] = field(default_factory=dict)
    tags: dict[int, Tags] = field(default_factory=dict)

    def add(self, node: osm.Node) -> None:
        """Add a node."""
        self.positions[node.id] = (node.location.x, node.location.y)
        self.tags[node.id] = dict(node.tags)


def read_elements(part: WayArrays, points: PointList, relations: list[Relation]) -> OsmElements:
    """Elements ordered by id, without duplicates; nodes without a position are left out."""
    order = np.argsort(part.ids, kind="stable")
    order = order[np.concatenate([[True], np.diff(part.ids[order]) > 0])] if len(order) else order
    starts = np.concatenate([[0], np.cumsum(part.lengths)])
    lengths = part.lengths[order]
    new_starts = np.concatenate([[0], np.cumsum(lengths)])
    within = np.arange(new_starts[-1]) - np.repeat(new_starts[:-1], lengths)
    flat = np.repeat(starts[order], lengths) + within
    refs, xy = part.refs[flat], part.xy[flat]
    point_ids = np.array(list(points.positions), dtype=np.int64)
    point_xy = np.array(list(points.positions.values()), dtype=np.int64).reshape(-1, 2)
    ids = np.concatenate([refs, point_ids])
    positions = np.concatenate([xy, point_xy])
    known = positions[:, 0] != NOWHERE
    ids, positions = ids[known], positions[known]
    node_ids, first = np.unique(ids, return_index=True)
    return OsmElements(
        node_ids,
        positions[first] / DEGREE_UNITS,
        {node: points.tags[node] for node in sorted(points.tags) if points.tags[node]},
        part.ids[order],
        [part.tags[i] for i in order.tolist()],
        refs,
        new_starts,
        tuple(sorted(relations, key=lambda relation: relation.relation_id)),
    )
