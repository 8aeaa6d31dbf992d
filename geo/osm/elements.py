"""Nodes, ways and relations of OpenStreetMap with their tags."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from functools import cached_property
from typing import Literal, NamedTuple

import numpy as np
import shapely
from shapely.geometry.base import BaseGeometry

Tags = Mapping[str, str]
Kind = Literal["node", "way", "relation"]
DEGREE_UNITS = 1e7
"""OSM stores positions as whole numbers of 1e-7 degrees."""


class Member(NamedTuple):
    """One member of a relation and its role."""

    kind: Kind
    ref: int
    role: str


@dataclass(frozen=True)
class Relation:
    """A relation with its members in order."""

    relation_id: int
    tags: Tags
    members: tuple[Member, ...]


@dataclass(frozen=True)
class OsmElements:
    """The elements of one area, each once, ordered by id.

    Attributes
    ----------
    node_ids, lonlat
        Ids (n, int64, ascending) and positions (n x 2, degrees, EPSG:4326).
    node_tags
        Tags by id, of the nodes that are needed for their own tags.
    way_ids, way_tags
        Ids (w, int64, ascending) and tags.
    refs, starts
        Node ids of all ways, concatenated; way k has `refs[starts[k]:starts[k + 1]]`. A
        node may be missing from `node_ids`.
    relations
        By id, ascending.
    """

    node_ids: np.ndarray
    lonlat: np.ndarray
    node_tags: Mapping[int, Tags]
    way_ids: np.ndarray
    way_tags: Sequence[Tags]
    refs: np.ndarray
    starts: np.ndarray
    relations: tuple[Relation, ...]

    @cached_property
    def ref_positions(self) -> np.ndarray:
        """The position in `node_ids` of each of `refs`; -1 if the node is missing."""
        return positions_in(self.refs, self.node_ids)

    def way_refs(self, way: int) -> np.ndarray:
        """The node ids of the way at a position of `way_ids`."""
        return self.refs[self.starts[way] : self.starts[way + 1]]

    def way_points(self, way: int) -> np.ndarray:
        """Coordinates (k x 2, degrees) of the nodes of a way, without missing nodes."""
        at = self.ref_positions[self.starts[way] : self.starts[way + 1]]
        return self.lonlat[at[at >= 0]]


def positions_in(ids: np.ndarray, sorted_ids: np.ndarray) -> np.ndarray:
    """The position of each id in an ascending array; -1 for ids that are not in it.

    Examples
    --------
    >>> positions_in(np.array([5, 6]), np.array([1, 5])).tolist()
    [1, -1]
    """
    if len(sorted_ids) == 0:
        return np.full(len(ids), -1)
    at = np.minimum(np.searchsorted(sorted_ids, ids), len(sorted_ids) - 1)
    return np.where(sorted_ids[at] == ids, at, -1)


def elements_from_dicts(
    nodes: Mapping[int, tuple[float, float]],
    node_tags: Mapping[int, Tags],
    ways: Mapping[int, tuple[Tags, Sequence[int]]],
    relations: Iterable[Relation],
) -> OsmElements:
    """OSM elements from dictionaries by id.

    Examples
    --------
    >>> two = elements_from_dicts({2: (25.0, 60.0), 1: (25.1, 60.0)}, {}, {7: ({}, [2, 1])}, [])
    >>> two.node_ids.tolist(), two.way_points(0).tolist()
    ([1, 2], [[25.0, 60.0], [25.1, 60.0]])
    """
    node_ids = np.array(sorted(nodes), dtype=np.int64)
    lonlat = np.array([nodes[i] for i in node_ids.tolist()], dtype=float).reshape(-1, 2)
    way_ids = np.array(sorted(ways), dtype=np.int64)
    ordered_ways = [ways[i] for i in way_ids.tolist()]
    lengths = [len(refs) for _, refs in ordered_ways]
    all_refs = [ref for _, refs in ordered_ways for ref in refs]
    return OsmElements(
        node_ids,
        lonlat,
        dict(sorted(node_tags.items())),
        way_ids,
        [tags for tags, _ in ordered_ways],
        np.array(all_refs, dtype=np.int64),
        np.concatenate([[0], np.cumsum(lengths, dtype=np.int64)]),
        tuple(sorted(relations, key=lambda relation: relation.relation_id)),
    )


def ways_inside(elements: OsmElements, inside: np.ndarray) -> np.ndarray:
    """Mask of the ways with a node among those marked by `inside` (n, bool)."""
    hit = np.append(inside, False)[elements.ref_positions]
    count = np.concatenate([[0], np.cumsum(hit)])
    return np.asarray(count[elements.starts[1:]] > count[elements.starts[:-1]])


def nodes_inside(elements: OsmElements, place: BaseGeometry) -> np.ndarray:
    """Mask (n) of the nodes in a polygon in longitude and latitude."""
    shapely.prepare(place)
    return np.asarray(shapely.contains_xy(place, elements.lonlat[:, 0], elements.lonlat[:, 1]))
