"""Sets of players with a joint effect that is not the sum of their separate effects."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Iterator
from itertools import combinations

import numpy as np

from analysis.attribution.network.package import BASELINE, Package
from analysis.graph.poles import Poles
from analysis.graph.travel import Mode
from layers.transit import TransitRoute


def _screenlines(package: Package) -> Iterator[set[int]]:
    """Players on one screenline: by car, an added crossing speeds up all its crossings."""
    screenlines = package.network.roads.drawn["screenline"].to_numpy(dtype=object)
    owners: dict[str, set[int]] = defaultdict(set)
    for screenline, owner in zip(screenlines, package.street_owners.tolist(), strict=True):
        if isinstance(screenline, str):
            owners[screenline].add(owner)
    yield from owners.values()


def _common_lines(routes: Iterable[tuple[TransitRoute, int]], poles: Poles) -> Iterator[set[int]]:
    """Players whose routes serve the same two stops, or beside them: their frequencies combine."""
    owners: dict[tuple[str, str], set[int]] = defaultdict(set)
    for route, owner in routes:
        if owner != BASELINE:
            for pair in combinations(sorted(poles.beside(route.stop_ids)), 2):
                owners[pair].add(owner)
    yield from owners.values()


def _through_routes(routes: Iterable[tuple[TransitRoute, int]]) -> Iterator[set[int]]:
    """Players whose vehicles continue as one another's routes, directly or through others."""
    all_routes = list(routes)
    group = {route.route_id: {route.route_id} for route, _ in all_routes}
    for route, _ in all_routes:
        for other in route.through_routes:
            if other in group and group[other] is not group[route.route_id]:
                connected = group[other] | group[route.route_id]
                group.update(dict.fromkeys(connected, connected))
    owner = {route.route_id: player for route, player in all_routes}
    for connected in {
        id(routes_connected): routes_connected for routes_connected in group.values()
    }.values():
        yield {owner[route_id] for route_id in connected}


def _subsets(players: set[int]) -> Iterator[int]:
    for count in range(1, len(players) + 1):
        for members in combinations(sorted(players), count):
            yield sum(1 << k for k in members)


def _all_subsets(groups: Iterable[set[int]]) -> list[int]:
    subsets = {built for group in groups for built in _subsets(group - {BASELINE})}
    return sorted(subsets, key=lambda built: (built.bit_count(), built))


def street_sets(package: Package, mode: Mode) -> list[int]:
    """Sets of players with a joint effect on streets.

    Parameters
    ----------
    package
        The players.
    mode
        By car, screenlines join players.

    Returns
    -------
    list of int
        Bits of the players: every single player who adds a street of this mode, and every subset of
        players on one screenline; smaller sets first.
    """
    used = package.network.roads.drawn["drive" if mode == "drive" else "walk"].to_numpy(dtype=bool)
    alone = [{owner} for owner in np.unique(package.street_owners[used]).tolist()]
    return _all_subsets([*alone, *(_screenlines(package) if mode == "drive" else ())])


def route_sets(package: Package, poles: Poles) -> list[int]:
    """Sets of players whose routes jointly offer rides that no subset of them offers.

    Parameters
    ----------
    package
        The players.
    poles
        Stops beside each other.
    """
    routes = list(zip(package.network.routes, package.route_owners.tolist(), strict=True))
    alone = [{owner} for _, owner in routes]
    return _all_subsets([*alone, *_common_lines(routes, poles), *_through_routes(routes)])
