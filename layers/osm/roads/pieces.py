"""Ways split into streets, from one junction to the next.

Ways are connected only by shared nodes, so tunnels and bridges are not connected to the ways that
they cross. All steps work on flat arrays: the nodes of all ways, concatenated.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from geo.osm.elements import OsmElements
from layers.osm.problems import Problem
from layers.osm.roads.access import Access, barrier_access

BARRIER_PIECE_M = 1.0
"""Length of the closed piece on each side of a barrier."""
METRES_PER_DEGREE = 111_195.0
"""On a sphere of 6371 km; used only to place the ends of those pieces."""


@dataclass(frozen=True)
class WayChain:
    """The nodes of all ways, concatenated.

    Attributes
    ----------
    node
        The number of each node among the points (the nodes of the elements, then `added`).
    way
        The row of each in the way table.
    linked
        Whether each node is linked to the next by its way.
    barrier
        The barrier that closes each link, as a number among `barriers`; -1 for none.
    added
        Points added at barriers (k x 2, degrees).
    barriers
        The modes that pass each barrier.
    """

    node: np.ndarray
    way: np.ndarray
    linked: np.ndarray
    barrier: np.ndarray
    added: np.ndarray
    barriers: tuple[Access, ...]


@dataclass(frozen=True)
class StreetPieces:
    """Streets as ranges of the chain, from `start` to `end`, both included."""

    start: np.ndarray
    end: np.ndarray


def _problem_of(elements: OsmElements, kind: str, way: int, message: str) -> Problem:
    points = elements.way_points(way)
    lon, lat = points[0].tolist() if len(points) else (0.0, 0.0)
    return Problem(kind, "way", int(elements.way_ids[way]), message, lon, lat)


def way_chain(
    elements: OsmElements, ways: np.ndarray, reverse: np.ndarray, inside: np.ndarray
) -> tuple[WayChain, list[Problem]]:
    """The concatenated nodes of some ways; ways with `reverse` are reversed.

    Parameters
    ----------
    elements
        The elements of the place.
    ways, reverse
        Positions of the ways, and whether each is reversed (one-way against its drawing).
    inside
        Mask of the nodes that lie in the place; a link needs one end there.
    """
    starts, lengths = elements.starts[ways], np.diff(elements.starts)[ways]
    offsets = np.concatenate([[0], np.cumsum(lengths)])
    within = np.arange(offsets[-1]) - np.repeat(offsets[:-1], lengths)
    reversed_node = np.repeat(reverse, lengths)
    within = np.where(reversed_node, np.repeat(lengths, lengths) - 1 - within, within)
    node = elements.ref_positions[np.repeat(starts, lengths) + within]
    way = np.repeat(np.arange(len(ways)), lengths)
    repeated = np.append((node[1:] == node[:-1]) & (way[1:] == way[:-1]), False) & (node >= 0)
    problems = [
        _problem_of(elements, "way-node-doubled", int(ways[row]), "")
        for row in np.unique(way[repeated]).tolist()
    ]
    missing = np.bincount(way[node < 0], minlength=len(ways))
    for row in np.flatnonzero(missing).tolist():
        message = f"{missing[row]} of {lengths[row]} nodes"
        problems.append(_problem_of(elements, "way-node-missing", int(ways[row]), message))
    node, way = node[~repeated], way[~repeated]
    is_inside = np.append(inside, False)[node]
    is_linked = (
        (way[1:] == way[:-1])
        & (node[1:] >= 0)
        & (node[:-1] >= 0)
        & (is_inside[1:] | is_inside[:-1])
    )
    linked = np.append(is_linked, False)[: len(node)]
    no_points = np.empty((0, 2))
    return WayChain(node, way, linked, np.full(len(node), -1), no_points, ()), problems


def _metres_per_degree(lonlat: np.ndarray) -> np.ndarray:
    """Metres per degree, east and north (n x 2)."""
    east = np.cos(np.radians(lonlat[:, 1]))
    return METRES_PER_DEGREE * np.column_stack([east, np.ones(len(lonlat))])


def with_barriers(chain: WayChain, elements: OsmElements) -> WayChain:
    """The chain with a short closed piece on each side of every barrier that stops some mode."""
    stops = {node: barrier_access(t) for node, t in elements.node_tags.items() if "barrier" in t}
    stops = {
        node: access
        for node, access in stops.items()
        if not (access.drive and access.walk and access.bus)
    }
    if not stops:
        return chain
    ids = np.array(sorted(stops), dtype=np.int64)
    number = np.append(np.full(len(elements.node_ids), -1), -1)
    at = np.searchsorted(elements.node_ids, ids)
    number[at] = np.arange(len(ids))
    barrier_here = number[chain.node]
    open_after = np.flatnonzero((barrier_here >= 0) & chain.linked)
    open_before = np.flatnonzero((barrier_here[1:] >= 0) & chain.linked[:-1])
    # one new point after each barrier node, and one before it
    insert_at = np.concatenate([open_after + 1, open_before + 1])
    barrier_at = np.concatenate([open_after, open_before + 1])
    neighbour = np.concatenate([open_after + 1, open_before])
    is_after = np.concatenate([np.ones(len(open_after)), np.zeros(len(open_before))])
    order = np.lexsort((1 - is_after, insert_at))
    insert_at, barrier_at, neighbour = insert_at[order], barrier_at[order], neighbour[order]
    a, b = elements.lonlat[chain.node[barrier_at]], elements.lonlat[chain.node[neighbour]]
    metres = np.hypot(*((b - a) * _metres_per_degree(a)).T)
    share = np.minimum(BARRIER_PIECE_M / np.maximum(metres, 1e-9), 1 / 3)
    added = a + (b - a) * share[:, None]
    new_node = len(elements.node_ids) + np.arange(len(added))
    closed = np.full(len(chain.node), -1)
    closed[open_after] = barrier_here[open_after]
    follows_barrier = order < len(open_after)
    return WayChain(
        np.insert(chain.node, insert_at, new_node),
        np.insert(chain.way, insert_at, chain.way[barrier_at]),
        np.insert(chain.linked, insert_at, True),
        np.insert(closed, insert_at, np.where(follows_barrier, -1, barrier_here[barrier_at])),
        added,
        tuple(stops[node] for node in ids.tolist()),
    )


def _breaks(chain: WayChain) -> np.ndarray:
    """Mask of the ends of streets: ends of runs, shared nodes, and both ends of closed links."""
    linked_before = np.concatenate([[False], chain.linked[:-1]])
    used = chain.linked | linked_before
    count = np.bincount(chain.node[used], minlength=int(chain.node.max(initial=0)) + 1)
    closed = chain.barrier >= 0
    breaks = (count[chain.node] > 1) | (chain.linked != linked_before)
    breaks |= closed | np.concatenate([[False], closed[:-1]])
    return used & breaks


def street_pieces(chain: WayChain) -> StreetPieces:
    """Streets between junctions; a street that returns to its start is split in its middle."""
    breaks = _breaks(chain)
    break_at = np.flatnonzero(breaks)
    runs = chain.linked[break_at[:-1]] if len(break_at) else np.empty(0, dtype=bool)
    loops = (
        runs & (chain.node[break_at[:-1]] == chain.node[break_at[1:]]) if len(break_at) else runs
    )
    breaks[(break_at[:-1][loops] + break_at[1:][loops]) // 2] = True
    break_at = np.flatnonzero(breaks)
    runs = chain.linked[break_at[:-1]] if len(break_at) else np.empty(0, dtype=bool)
    return StreetPieces(break_at[:-1][runs], break_at[1:][runs])
