"""Players who act on the same thing, so that together they are more than one after the other."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Iterator
from itertools import combinations

import numpy as np

from analysis.attribution.network.package import BASELINE, Package
from analysis.graph.routable_network import Mode
from layers.transit import TransitRoute


def _screenlines(package: Package) -> Iterator[set[int]]:
    """By car, whoever adds a crossing speeds up all crossings of its screenline."""
    lines = package.network.roads.drawn["screenline"].to_numpy(dtype=object)
    of_line: dict[str, set[int]] = defaultdict(set)
    for line, owner in zip(lines, package.street_owners.tolist(), strict=True):
        if isinstance(line, str):
            of_line[line].add(owner)
    yield from of_line.values()


def _common_lines(routes: Iterable[tuple[TransitRoute, int]]) -> Iterator[set[int]]:
    """Whose routes serve the same two stops: their frequencies combine."""
    of_pair: dict[tuple[str, str], set[int]] = defaultdict(set)
    for route, owner in routes:
        if owner != BASELINE:
            for pair in combinations(sorted(set(route.stop_ids)), 2):
                of_pair[pair].add(owner)
    yield from of_pair.values()


def _through_lines(routes: Iterable[tuple[TransitRoute, int]]) -> Iterator[set[int]]:
    """Whose vehicles go on as one another's routes, by way of others too."""
    listed = list(routes)
    group = {route.route_id: {route.route_id} for route, _ in listed}
    for route, _ in listed:
        for other in route.through_routes:
            if other in group and group[other] is not group[route.route_id]:
                together = group[other] | group[route.route_id]
                group.update(dict.fromkeys(together, together))
    owner = {route.route_id: who for route, who in listed}
    for together in {id(found): found for found in group.values()}.values():
        yield {owner[route_id] for route_id in together}


def _subsets(players: set[int]) -> Iterator[int]:
    for count in range(1, len(players) + 1):
        for some in combinations(sorted(players), count):
            yield sum(1 << k for k in some)


def _in_order(groups: Iterable[set[int]]) -> list[int]:
    found = {built for group in groups for built in _subsets(group - {BASELINE})}
    return sorted(found, key=lambda built: (built.bit_count(), built))


def street_sets(package: Package, mode: Mode) -> list[int]:
    """The sets of players whose joint effect on streets is more than that of their parts.

    Parameters
    ----------
    package
        The players.
    mode
        By car screenlines join players.

    Returns
    -------
    list of int
        Bits of the players: everyone who adds a street of this mode, alone, and every part of
        those who act on one thing; the smaller sets first.
    """
    used = package.network.roads.drawn["drive" if mode == "drive" else "walk"].to_numpy(dtype=bool)
    alone = [{owner} for owner in np.unique(package.street_owners[used]).tolist()]
    return _in_order([*alone, *(_screenlines(package) if mode == "drive" else ())])


def line_sets(package: Package) -> list[int]:
    """Likewise those whose routes, together, give rides that no part of them gives."""
    routes = list(zip(package.network.routes, package.route_owners.tolist(), strict=True))
    alone = [{owner} for _, owner in routes]
    return _in_order([*alone, *_common_lines(routes), *_through_lines(routes)])
