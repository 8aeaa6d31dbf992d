"""A package of projects on one baseline, of which any subset can be built."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field, replace
from functools import cached_property

import numpy as np

from analysis.attribution.network.players import Player
from analysis.routing.subsets.subset_sums import renumber_bits
from layers.network import TransportNetwork
from layers.roads import road_network
from layers.scenarios import Scenario
from layers.transit import TransitRoute

BASELINE = -1
"""Owner of streets and routes that exist without any player."""


@dataclass(frozen=True)
class Package:
    """Players and the network with all of them.

    Attributes
    ----------
    network
        The baseline with everything built; its streets are split wherever projects join them.
    players
        Bit k of a subset is player k.
    required
        int64, one a player: bits of the players that it requires.
    """

    network: TransportNetwork = field(repr=False)
    players: tuple[Player, ...]
    required: np.ndarray

    @cached_property
    def _owner(self) -> dict[str, int]:
        return {p: k for k, player in enumerate(self.players) for p in player.project_ids}

    @cached_property
    def street_owners(self) -> np.ndarray:
        """Number of the player that adds each street, or `BASELINE`."""
        owned = self.network.roads.drawn["project_id"].map(self._owner)
        return owned.fillna(BASELINE).to_numpy(dtype=np.int64)

    @cached_property
    def route_owners(self) -> np.ndarray:
        """Number of the player that adds each route, or `BASELINE`."""
        routes = self.network.routes
        return np.array([self._owner.get(r.project_id, BASELINE) for r in routes], np.int64)

    def network_with(self, subset: int) -> TransportNetwork:
        """The network with some players: all stops and nodes, but only their streets and routes.

        Stops without a route and nodes without a street have no effect.
        """
        roads = self.network.roads
        streets = _is_built(self.street_owners, subset)
        drawn = roads.drawn.loc[streets].reset_index(drop=True)
        streets_built = road_network(roads.nodes, drawn, ends=roads.ends[streets])
        return replace(self.network, roads=streets_built, routes=self.routes_with(subset))

    def reduced_to(self, kept: Sequence[int]) -> Package:
        """The package reduced to some players."""
        chosen = np.array(kept, dtype=np.int64)
        network = self.network_with(sum(1 << k for k in kept))
        required = renumber_bits(self.required[chosen], chosen)
        return Package(network, tuple(self.players[k] for k in kept), required)

    def routes_with(self, subset: int) -> tuple[TransitRoute, ...]:
        """The routes of the baseline and of some players."""
        routes = zip(self.network.routes, _is_built(self.route_owners, subset), strict=True)
        return tuple(route for route, is_built in routes if is_built)


def _is_built(owners: np.ndarray, subset: int) -> np.ndarray:
    return (owners == BASELINE) | ((subset >> np.maximum(owners, 0)) & 1 == 1)


def scenario_of(
    players: Sequence[Player], subset: int, *, base_ids: Sequence[str], project_ids: Sequence[str]
) -> Scenario:
    """The scenario of the baseline's projects and those of some players, in the package's order."""
    chosen = {p for k, player in enumerate(players) if subset >> k & 1 for p in player.project_ids}
    added = (p for p in project_ids if p in chosen and p not in base_ids)
    return Scenario("", "", "", (*base_ids, *added))
