"""A package of projects on one baseline, of which any part can be built."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field
from functools import cached_property

import numpy as np

from analysis.attribution.network.players import Player
from analysis.routing.subsets.subset_sums import renumber_bits
from layers.network import TransportNetwork
from layers.roads import road_network
from layers.scenarios import Scenario
from layers.transit import TransitRoute

BASELINE = -1
"""Owner of what exists without any player."""


@dataclass(frozen=True)
class Package:
    """Players and the network with all of them.

    Attributes
    ----------
    network
        The baseline with everything built; its streets are split wherever a project joins them.
    players
        Bit k of a subset is player k.
    required
        int64, one a player: bits of those without which it is not built.
    """

    network: TransportNetwork = field(repr=False)
    players: tuple[Player, ...]
    required: np.ndarray

    @cached_property
    def _owner(self) -> dict[str, int]:
        return {p: k for k, player in enumerate(self.players) for p in player.project_ids}

    @cached_property
    def street_owners(self) -> np.ndarray:
        """Number of the player to whom each drawn street belongs, or `BASELINE`."""
        owned = self.network.roads.drawn["project_id"].map(self._owner)
        return owned.fillna(BASELINE).to_numpy(dtype=np.int64)

    @cached_property
    def route_owners(self) -> np.ndarray:
        """Likewise of each route."""
        routes = self.network.routes
        return np.array([self._owner.get(r.project_id, BASELINE) for r in routes], np.int64)

    def only(self, built: int) -> TransportNetwork:
        """The network as it is with some players: all stops and nodes, but only their streets.

        Where nothing is served or met by a street, nothing comes of it.
        """
        roads = self.network.roads
        streets = _built(self.street_owners, built)
        drawn = roads.drawn.loc[streets].reset_index(drop=True)
        streets_built = road_network(roads.nodes, drawn, ends=roads.ends[streets])
        return TransportNetwork(streets_built, self.network.stops, self.only_routes(built))

    def part(self, kept: Sequence[int]) -> Package:
        """The package without all other players and what they bring."""
        chosen = np.array(kept, dtype=np.int64)
        network = self.only(sum(1 << k for k in kept))
        required = renumber_bits(self.required[chosen], chosen)
        return Package(network, tuple(self.players[k] for k in kept), required)

    def only_routes(self, built: int) -> tuple[TransitRoute, ...]:
        """The routes that there are with some players."""
        routes = zip(self.network.routes, _built(self.route_owners, built), strict=True)
        return tuple(route for route, is_built in routes if is_built)


def _built(owners: np.ndarray, built: int) -> np.ndarray:
    return (owners == BASELINE) | ((built >> np.maximum(owners, 0)) & 1 == 1)


def scenario_of(
    players: Sequence[Player], built: int, *, base_ids: Sequence[str], project_ids: Sequence[str]
) -> Scenario:
    """The projects of some players on top of those of the baseline, in the package's order."""
    chosen = {p for k, player in enumerate(players) if built >> k & 1 for p in player.project_ids}
    more = (p for p in project_ids if p in chosen and p not in base_ids)
    return Scenario("", "", "", (*base_ids, *more))
