"""What each player adds to the network, as arcs that exist only where some players are built."""

from __future__ import annotations

from dataclasses import dataclass, replace

import geopandas as gpd
import numpy as np

from analysis.attribution.network.joint_effects import line_sets, street_sets
from analysis.attribution.network.nodes import ArcTable, NodeNumbers, links
from analysis.attribution.network.package import Package
from analysis.attribution.network.player_arcs import PlayerArcs, improvements
from analysis.attribution.network.ride_arcs import planned_stops, ride_links
from analysis.graph.conditions import Conditions
from analysis.graph.routable_network import RoutableNetwork, Travel, routable_network
from analysis.routing.linked_points import Connectors, LinkedPoints, connectors
from analysis.routing.subsets.added_arcs import AddedArcs, Additions
from analysis.routing.subsets.subset_sums import renumber_bits


@dataclass(frozen=True)
class AdditiveNetwork:
    """The network without any player and what the players add to it.

    Attributes
    ----------
    linked
        Its first points are those asked about.
    additions
        By active player.
    active
        Numbers of the players who add anything; bit k of a subset is the k-th of them.
    """

    linked: LinkedPoints
    additions: Additions
    active: tuple[int, ...]


@dataclass(frozen=True)
class _Asked:
    """The package and how one travels on it.

    Attributes
    ----------
    ends
        Numbers of all ends.
    at
        Positions of the stops between which players can change a ride.
    """

    package: Package
    points: gpd.GeoSeries
    travel: Travel
    conditions: Conditions
    ends: NodeNumbers
    at: np.ndarray

    def streets(self, built: int, *, with_routes: bool = False) -> RoutableNetwork:
        """The network with some players, without routes if these do not matter."""
        network = self.package.only(built)
        if not with_routes:
            network = replace(network, routes=())
        return routable_network(
            network, self.points, travel=self.travel, conditions=self.conditions
        )

    def rides(self, built: int, longest: float) -> ArcTable:
        """What the routes of some players and of the baseline offer."""
        routes, stops = self.package.only_routes(built), self.package.network.stops.index
        return ride_links(
            routes, stops, self.at, ends=self.ends, travel=self.travel, longest=longest
        )


def _asked(
    package: Package, points: gpd.GeoSeries, travel: Travel, conditions: Conditions
) -> _Asked:
    by_transit = travel.mode == "transit"
    at = planned_stops(package) if by_transit else np.empty(0, np.int64)
    stops = len(package.network.stops) if by_transit else 0
    ends = NodeNumbers(package.network.roads.nodes.index, stops, len(points))
    return _Asked(package, points, travel, conditions, ends, at)


def _labelled(asked: _Asked, base: RoutableNetwork) -> PlayerArcs:
    package, mode = asked.package, asked.travel.mode
    known = PlayerArcs.of(links(base, asked.ends))
    for built in street_sets(package, mode):
        found = links(asked.streets(built), asked.ends)
        known = known.with_arcs_of(improvements(found, known.with_players(built)), built)
    if not len(asked.at):
        return known
    longest = base.linked.graph.scale.longest
    rides = PlayerArcs.of(asked.rides(0, longest))
    for built in line_sets(package):
        found = asked.rides(built, longest)
        rides = rides.with_arcs_of(improvements(found, rides.with_players(built)), built)
    return known.union(rides)


class _Terminals:
    """Points that stand for ends of added arcs, each made when it is first asked for."""

    def __init__(self, first: int) -> None:
        self._first = first
        self._number: dict[tuple[str, int, int], int] = {}

    def of(self, kind: str, places: np.ndarray, needs: np.ndarray) -> np.ndarray:
        """Positions of the points for places, by kind and by what they need."""
        keys = zip(places.tolist(), needs.tolist(), strict=True)
        found = [
            self._number.setdefault((kind, *key), self._first + len(self._number)) for key in keys
        ]
        return np.array(found, np.int32)

    @property
    def count(self) -> int:
        """Of all points, those asked about too."""
        return self._first + len(self._number)

    def at_places(self) -> tuple[np.ndarray, np.ndarray]:
        """Positions of those that are places themselves, and the places."""
        some = [(at, place) for (kind, place, _), at in self._number.items() if kind == "place"]
        positions, places = zip(*some, strict=True) if some else ((), ())
        return np.array(positions, np.int64), np.array(places, np.int64)


def _more_legs(old: Connectors, new: ArcTable, count: int) -> Connectors:
    """Legs with others, of more points than before."""
    points = np.repeat(np.arange(len(old.first) - 1), np.diff(old.first))
    both = ((points, new.tails), (old.at, new.heads), (old.costs, new.costs))
    start, at, costs = (np.concatenate(pair).astype(np.int32) for pair in both)
    return connectors(start, at, costs, count)


def _with_terminals(
    base: RoutableNetwork, ends: NodeNumbers, terminals: _Terminals, loose: ArcTable
) -> LinkedPoints:
    """The trips with the terminals as points; `loose` are ways between points and terminals."""
    linked, count = base.linked, terminals.count
    vertex = np.full(ends.point, -1, np.int64)
    places = ends.places(base)
    vertex[places[places >= 0]] = np.flatnonzero(places >= 0)
    positions, at = terminals.at_places()
    there = vertex[at] >= 0
    hung = ArcTable(positions[there], vertex[at[there]], np.zeros(int(there.sum()), np.int32))
    new = np.arange(linked.count, count)
    itself = ArcTable(new, new, np.zeros(len(new), np.int32))
    straight = ArcTable(*(np.concatenate(pair) for pair in zip(itself, loose, strict=True)))
    return LinkedPoints(
        linked.graph,
        _more_legs(linked.access, hung, count),
        _more_legs(linked.egress, hung, count),
        _more_legs(linked.direct, straight, count),
        linked.nodes,
        linked.hierarchies,
    )


def _arcs(
    found: PlayerArcs, ends: NodeNumbers
) -> tuple[AddedArcs, AddedArcs, ArcTable, _Terminals]:
    """Arcs between terminals, straight ways between points, and how points reach terminals.

    A way from a point to a place that needs players leads to a terminal of its own, and an added
    arc from there to the place.
    """
    terminals = _Terminals(ends.points)
    own = found.needs != 0
    tails, heads, costs, needs = (
        a[own] for a in (found.tails, found.heads, found.costs, found.needs)
    )
    from_point, to_point = tails >= ends.point, heads >= ends.point
    straight = from_point & to_point
    out, into, between = from_point & ~to_point, to_point & ~from_point, ~(from_point | to_point)

    def place(which: np.ndarray) -> np.ndarray:
        return terminals.of("place", which, np.zeros(len(which), np.int64))

    onto = terminals.of("out", heads[out], needs[out])
    off = terminals.of("into", tails[into], needs[into])
    free_out, free_into = np.zeros(len(onto), np.int32), np.zeros(len(off), np.int32)
    arcs = AddedArcs(
        np.concatenate([place(tails[between]), onto, place(tails[into])]),
        np.concatenate([place(heads[between]), place(heads[out]), off]),
        np.concatenate([costs[between], free_out, free_into]),
        np.concatenate([needs[between], needs[out], needs[into]]),
    )
    loose = ArcTable(
        np.append(tails[out] - ends.point, off),
        np.append(onto, heads[into] - ends.point),
        np.append(costs[out], costs[into]),
    )
    direct = AddedArcs(
        tails[straight] - ends.point, heads[straight] - ends.point, costs[straight], needs[straight]
    )
    return arcs, direct, loose, terminals


def additive(
    package: Package, points: gpd.GeoSeries, *, travel: Travel, conditions: Conditions
) -> AdditiveNetwork:
    """What the players add for one mode.

    The network is compiled with every set of players that act together, and what is new or
    quicker than with any part of them needs all of them.

    Parameters
    ----------
    package
        The players.
    points
        Projected points asked about.
    travel, conditions
        As for `analysis.graph.routable_network.routable_network`.

    Raises
    ------
    NotAdditiveError
        If a player takes something away: then every subset must be computed by itself.
    """
    asked = _asked(package, points, travel, conditions)
    base = asked.streets(0, with_routes=True)
    arcs, straight, loose, terminals = _arcs(_labelled(asked, base), asked.ends)
    used = int(np.bitwise_or.reduce(np.append(arcs.needs, straight.needs), initial=0))
    active = np.array([k for k in range(len(package.players)) if used >> k & 1], np.int64)

    def renamed(old: AddedArcs) -> AddedArcs:
        tails, heads = old.tails.astype(np.int32), old.heads.astype(np.int32)
        return AddedArcs(tails, heads, old.costs, renumber_bits(old.needs, active))

    required = renumber_bits(package.required[active], active)
    additions = Additions(renamed(arcs), required, renamed(straight))
    linked = _with_terminals(base, asked.ends, terminals, loose)
    return AdditiveNetwork(linked, additions, tuple(active.tolist()))
