"""Ways cut into streets: from one junction to the next.

Two ways meet only in a node that both have, so tunnels and bridges do not touch what they cross.
All is done on flat arrays: the nodes of all ways one after the other.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from geo.osm.elements import OsmElements
from layers.osm.problems import Problem
from layers.osm.roads.access import Access, barrier_access

BARRIER_PIECE_M = 1.0
"""Length of the piece on each side of a barrier that it closes."""
METRES_PER_DEGREE = 111_195.0
"""On a sphere of 6371 km; only to place the ends of those pieces."""


@dataclass(frozen=True)
class Chain:
    """The nodes of all ways in one row.

    Attributes
    ----------
    node
        Position of each node among the points (the elements' nodes, then `added`).
    way
        Row of the way table of each.
    linked
        Whether each is joined to the next by a piece of its way.
    barrier
        For each link the barrier that closes it, a position among `barriers`; -1 for none.
    added
        Points that barriers needed (k x 2, degrees).
    barriers
        Who passes each barrier.
    """

    node: np.ndarray
    way: np.ndarray
    linked: np.ndarray
    barrier: np.ndarray
    added: np.ndarray
    barriers: tuple[Access, ...]


@dataclass(frozen=True)
class Pieces:
    """Streets as parts of the chain: from `start` to `end`, both included."""

    start: np.ndarray
    end: np.ndarray


def _problem_of(found: OsmElements, kind: str, way: int, message: str) -> Problem:
    points = found.way_points(way)
    lon, lat = points[0].tolist() if len(points) else (0.0, 0.0)
    return Problem(kind, "way", int(found.way_ids[way]), message, lon, lat)


def way_chain(
    found: OsmElements, ways: np.ndarray, reverse: np.ndarray, inside: np.ndarray
) -> tuple[Chain, list[Problem]]:
    """The nodes of the given ways in a row, ways one-way against their drawing turned round.

    Parameters
    ----------
    found
        All elements.
    ways, reverse
        Positions of the ways, and which are turned round.
    inside
        Which nodes of `found` lie in the place; a link needs one end there.
    """
    starts, lengths = found.starts[ways], np.diff(found.starts)[ways]
    offsets = np.concatenate([[0], np.cumsum(lengths)])
    within = np.arange(offsets[-1]) - np.repeat(offsets[:-1], lengths)
    turned = np.repeat(reverse, lengths)
    within = np.where(turned, np.repeat(lengths, lengths) - 1 - within, within)
    node = found.ref_positions[np.repeat(starts, lengths) + within]
    way = np.repeat(np.arange(len(ways)), lengths)
    same = np.append((node[1:] == node[:-1]) & (way[1:] == way[:-1]), False) & (node >= 0)
    problems = [
        _problem_of(found, "way-node-doubled", int(ways[row]), "")
        for row in np.unique(way[same]).tolist()
    ]
    missing = np.bincount(way[node < 0], minlength=len(ways))
    for row in np.flatnonzero(missing).tolist():
        message = f"{missing[row]} of {lengths[row]} nodes"
        problems.append(_problem_of(found, "way-node-missing", int(ways[row]), message))
    node, way = node[~same], way[~same]
    known = np.append(inside, False)[node]
    joined = (way[1:] == way[:-1]) & (node[1:] >= 0) & (node[:-1] >= 0) & (known[1:] | known[:-1])
    linked = np.append(joined, False)[: len(node)]
    nothing = np.empty((0, 2))
    return Chain(node, way, linked, np.full(len(node), -1), nothing, ()), problems


def _metres_per_degree(lonlat: np.ndarray) -> np.ndarray:
    """East and north (n x 2)."""
    east = np.cos(np.radians(lonlat[:, 1]))
    return METRES_PER_DEGREE * np.column_stack([east, np.ones(len(lonlat))])


def with_barriers(chain: Chain, found: OsmElements) -> Chain:
    """The chain with a short closed piece on each side of every barrier that stops somebody."""
    stops = {node: barrier_access(t) for node, t in found.node_tags.items() if "barrier" in t}
    stops = {node: who for node, who in stops.items() if not (who.drive and who.walk and who.bus)}
    if not stops:
        return chain
    ids = np.array(sorted(stops), dtype=np.int64)
    number = np.append(np.full(len(found.node_ids), -1), -1)
    at = np.searchsorted(found.node_ids, ids)
    number[at] = np.arange(len(ids))
    here = number[chain.node]
    after = np.flatnonzero((here >= 0) & chain.linked)
    before = np.flatnonzero((here[1:] >= 0) & chain.linked[:-1])
    # a new point behind the barrier, and one before the next barrier's node
    places = np.concatenate([after + 1, before + 1])
    barrier_at = np.concatenate([after, before + 1])
    other = np.concatenate([after + 1, before])
    step = np.concatenate([np.ones(len(after)), np.zeros(len(before))])
    order = np.lexsort((1 - step, places))
    places, barrier_at, other = places[order], barrier_at[order], other[order]
    a, b = found.lonlat[chain.node[barrier_at]], found.lonlat[chain.node[other]]
    metres = np.hypot(*((b - a) * _metres_per_degree(a)).T)
    share = np.minimum(BARRIER_PIECE_M / np.maximum(metres, 1e-9), 1 / 3)
    added = a + (b - a) * share[:, None]
    new = len(found.node_ids) + np.arange(len(added))
    closed = np.full(len(chain.node), -1)
    closed[after] = here[after]
    opens = order < len(after)
    return Chain(
        np.insert(chain.node, places, new),
        np.insert(chain.way, places, chain.way[barrier_at]),
        np.insert(chain.linked, places, True),
        np.insert(closed, places, np.where(opens, -1, here[barrier_at])),
        added,
        tuple(stops[node] for node in ids.tolist()),
    )


def _breaks(chain: Chain) -> np.ndarray:
    """Where streets end: ends of runs, nodes that occur twice, both ends of closed links."""
    into = np.concatenate([[False], chain.linked[:-1]])
    used = chain.linked | into
    count = np.bincount(chain.node[used], minlength=int(chain.node.max(initial=0)) + 1)
    closed = chain.barrier >= 0
    breaks = (count[chain.node] > 1) | (chain.linked != into)
    breaks |= closed | np.concatenate([[False], closed[:-1]])
    return used & breaks


def street_pieces(chain: Chain) -> Pieces:
    """Streets between junctions; one that comes back to its start is cut in its middle."""
    breaks = _breaks(chain)
    at = np.flatnonzero(breaks)
    runs = chain.linked[at[:-1]] if len(at) else np.empty(0, dtype=bool)
    loops = runs & (chain.node[at[:-1]] == chain.node[at[1:]]) if len(at) else runs
    breaks[(at[:-1][loops] + at[1:][loops]) // 2] = True
    at = np.flatnonzero(breaks)
    runs = chain.linked[at[:-1]] if len(at) else np.empty(0, dtype=bool)
    return Pieces(at[:-1][runs], at[1:][runs])
