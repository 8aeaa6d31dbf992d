"""Additive network: the baseline and the arcs that players add to it."""

from __future__ import annotations

from dataclasses import dataclass

import geopandas as gpd
import numpy as np

from analysis.attribution.network.joint_effects import route_sets, street_sets
from analysis.attribution.network.nodes import ArcTable, NodeNumbers, link_arcs
from analysis.attribution.network.package import Package
from analysis.attribution.network.player_arcs import PlayerArcs, improvements
from analysis.attribution.network.request import Request, request_of
from analysis.graph.conditions import Conditions
from analysis.graph.routable_network import RoutableNetwork
from analysis.graph.travel import Travel
from analysis.routing.linked_points import Connectors, LinkedPoints, connectors
from analysis.routing.subsets.added_arcs import AddedArcs, Additions
from analysis.routing.subsets.subset_sums import renumber_bits


@dataclass(frozen=True)
class AdditiveNetwork:
    """The network without players, and the arcs that players add to it.

    Attributes
    ----------
    linked
        Network without players; the requested points come first, then terminals.
    additions
        Added arcs, by active player.
    active
        Numbers of the players that add anything; bit k of a subset is the k-th of them.
    """

    linked: LinkedPoints
    additions: Additions
    active: tuple[int, ...]


def _player_arcs(request: Request, base: RoutableNetwork) -> PlayerArcs:
    package, mode = request.package, request.travel.mode
    known = PlayerArcs.without_players(link_arcs(base, request.numbers))
    for built in street_sets(package, mode):
        table = link_arcs(request.streets(built), request.numbers)
        known = known.with_arcs_of(improvements(table, known.with_players(built)), built)
    if not len(request.stops):
        return known
    longest = base.linked.graph.scale.longest
    rides = PlayerArcs.without_players(request.rides(0, longest))
    for built in route_sets(package, request.poles):
        table = request.rides(built, longest)
        rides = rides.with_arcs_of(improvements(table, rides.with_players(built)), built)
    return known.union(rides)


class _Terminals:
    """Terminals: points at the ends of added arcs, numbered on first use."""

    def __init__(self, first: int) -> None:
        self._first = first
        self._number: dict[tuple[str, int, int], int] = {}

    def positions(self, kind: str, nodes: np.ndarray, needs: np.ndarray) -> np.ndarray:
        """Positions of the terminals of nodes, by kind and by the players needed."""
        keys = zip(nodes.tolist(), needs.tolist(), strict=True)
        positions = [
            self._number.setdefault((kind, *key), self._first + len(self._number)) for key in keys
        ]
        return np.array(positions, np.int32)

    @property
    def count(self) -> int:
        """Number of all points, the requested ones included."""
        return self._first + len(self._number)

    def at_nodes(self) -> tuple[np.ndarray, np.ndarray]:
        """Positions of the terminals that are nodes themselves, and the nodes."""
        pairs = [(at, node) for (kind, node, _), at in self._number.items() if kind == "place"]
        positions, nodes = zip(*pairs, strict=True) if pairs else ((), ())
        return np.array(positions, np.int64), np.array(nodes, np.int64)


def _with_connectors(base: Connectors, added: ArcTable, count: int) -> Connectors:
    """Connectors with further ones added, for a larger number of points."""
    points = np.repeat(np.arange(len(base.first) - 1), np.diff(base.first))
    pairs = ((points, added.tails), (base.at, added.heads), (base.costs, added.costs))
    start, at, costs = (np.concatenate(pair).astype(np.int32) for pair in pairs)
    return connectors(start, at, costs, count)


def _with_terminals(
    base: RoutableNetwork, numbers: NodeNumbers, terminals: _Terminals, loose: ArcTable
) -> LinkedPoints:
    """Linked points with the terminals; `loose` are legs between points and terminals."""
    linked, count = base.linked, terminals.count
    vertex = np.full(numbers.point, -1, np.int64)
    number = numbers.of_vertices(base)
    vertex[number[number >= 0]] = np.flatnonzero(number >= 0)
    positions, nodes = terminals.at_nodes()
    exists = vertex[nodes] >= 0
    links = ArcTable(
        positions[exists], vertex[nodes[exists]], np.zeros(int(exists.sum()), np.int32)
    )
    # a terminal reaches itself at no cost, so that one added arc may follow another there
    added = np.arange(linked.count, count)
    same_point = ArcTable(added, added, np.zeros(len(added), np.int32))
    direct = ArcTable(*(np.concatenate(pair) for pair in zip(same_point, loose, strict=True)))
    return LinkedPoints(
        linked.graph,
        _with_connectors(linked.access, links, count),
        _with_connectors(linked.egress, links, count),
        _with_connectors(linked.direct, direct, count),
        linked.nodes,
        linked.hierarchies,
    )


def _arcs(
    table: PlayerArcs, numbers: NodeNumbers
) -> tuple[AddedArcs, AddedArcs, ArcTable, _Terminals]:
    """Arcs between terminals, direct legs between points, and legs between points and terminals.

    A connector that needs players leads to a terminal of its own; an added arc leads from there to
    the node.
    """
    terminals = _Terminals(numbers.points)
    use = table.needs != 0
    tails, heads, costs, needs = (
        a[use] for a in (table.tails, table.heads, table.costs, table.needs)
    )
    from_point, to_point = tails >= numbers.point, heads >= numbers.point
    direct_arcs = from_point & to_point
    out, into, between = (from_point & ~to_point, to_point & ~from_point, ~(from_point | to_point))

    def at_node(nodes: np.ndarray) -> np.ndarray:
        return terminals.positions("place", nodes, np.zeros(len(nodes), np.int64))

    # the costs stand on the connectors of points, which are there whatever is built; the arcs from
    # and to their terminals cost nothing, but only they know which players they need
    starts = terminals.positions("out", heads[out], needs[out])
    ends = terminals.positions("into", tails[into], needs[into])
    free_starts, free_ends = (np.zeros(len(starts), np.int32), np.zeros(len(ends), np.int32))
    arcs = AddedArcs(
        np.concatenate([at_node(tails[between]), starts, at_node(tails[into])]),
        np.concatenate([at_node(heads[between]), at_node(heads[out]), ends]),
        np.concatenate([costs[between], free_starts, free_ends]),
        np.concatenate([needs[between], needs[out], needs[into]]),
    )
    loose = ArcTable(
        np.append(tails[out] - numbers.point, ends),
        np.append(starts, heads[into] - numbers.point),
        np.append(costs[out], costs[into]),
    )
    direct = AddedArcs(
        tails[direct_arcs] - numbers.point,
        heads[direct_arcs] - numbers.point,
        costs[direct_arcs],
        needs[direct_arcs],
    )
    return arcs, direct, loose, terminals


def additive_network(
    package: Package, points: gpd.GeoSeries, *, travel: Travel, conditions: Conditions
) -> AdditiveNetwork:
    """The additive network of one mode.

    A routable network is built with every set of players that have a joint effect; arcs that are
    new or cheaper than with any subset of them need all of them.

    Parameters
    ----------
    package
        The players.
    points
        Projected origins and destinations.
    travel, conditions
        As for `analysis.graph.routable_network.routable_network`.

    Raises
    ------
    NotAdditiveError
        If a player removes or lengthens an arc: then every subset needs a search of its own.
    """
    request = request_of(package, points, travel, conditions)
    base = request.streets(0, with_routes=True)
    arcs, direct, loose, terminals = _arcs(_player_arcs(request, base), request.numbers)
    # a player who adds nothing would double the number of subsets for nothing
    used = int(np.bitwise_or.reduce(np.append(arcs.needs, direct.needs), initial=0))
    active = np.array([k for k in range(len(package.players)) if used >> k & 1], np.int64)

    def renumbered(added: AddedArcs) -> AddedArcs:
        tails, heads = added.tails.astype(np.int32), added.heads.astype(np.int32)
        return AddedArcs(tails, heads, added.costs, renumber_bits(added.needs, active))

    required = renumber_bits(package.required[active], active)
    additions = Additions(renumbered(arcs), required, renumbered(direct))
    linked = _with_terminals(base, request.numbers, terminals, loose)
    return AdditiveNetwork(linked, additions, tuple(active.tolist()))
