"""Values of all subsets, also with players that are not additive."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

import numpy as np

from analysis.attribution.direct_values import point_times
from analysis.attribution.measures import AttributionMeasures
from analysis.attribution.network.additivity import non_additive_players
from analysis.attribution.network.package import Package
from analysis.attribution.network.player_arcs import NotAdditiveError
from analysis.attribution.network.players import required_players
from analysis.attribution.subset_values import Values, all_values
from analysis.graph.travel import Travel
from analysis.routing.subsets.subset_sums import renumber_bits
from scicity.results.subset_networks import Networks

MAX_NON_ADDITIVE = 5
"""With more players that are not additive, there would be too many packages of the others."""


def _places_reached(
    networks: Networks, wanted: AttributionMeasures, travels: Sequence[Travel]
) -> Mapping[Travel, np.ndarray]:
    """Whether places reach each other in the baseline, by travel: places x places."""
    zones, baseline, conditions = len(wanted.zones), networks.network(0), networks.study.conditions
    return {
        travel: np.isfinite(
            point_times(baseline, wanted, travel=travel, conditions=conditions)[zones:, zones:]
        )
        for travel in travels
    }


def _bits(players: Sequence[int]) -> int:
    return sum(1 << k for k in players)


class _Subsets:
    """Values of all subsets, filled package by package.

    Parameters
    ----------
    networks, wanted, travels
        As for `every_subset`.
    """

    def __init__(
        self, networks: Networks, wanted: AttributionMeasures, travels: Sequence[Travel]
    ) -> None:
        self._networks, self._wanted, self._travels = networks, wanted, travels
        self.required = required_players(networks.players, networks.study.projects)
        self._reached = _places_reached(networks, wanted, travels)
        self._subsets = np.arange(2 ** len(networks.players))
        self.values: Values | None = None
        self.non_additive: set[int] = set()

    def _feasible(self, players: Sequence[int], built: int) -> list[int]:
        """Players whose requirements are all built or among the players themselves."""
        available = built | _bits(players)
        return [k for k in players if int(self.required[k]) & ~available == 0]

    def fill(self, built: int, decided: int, others: Sequence[int]) -> None:
        """Fill the values of subsets: `built` of the `decided` players, and any of the others."""
        networks, other_ids = self._networks, np.array(others, dtype=np.int64)
        whole = networks.applied(built | _bits(others))
        players = tuple(networks.players[k] for k in others)
        package = Package(
            whole.network, players, renumber_bits(self.required[other_ids], other_ids)
        )
        baseline, projects = networks.network(built), networks.study.projects
        non_additive = {
            others[k] for k in non_additive_players(package, whole, baseline, projects=projects)
        }
        if not non_additive:
            self._store_values(package, built, decided, others)
            return
        needed = int(np.bitwise_or.reduce(self.required[sorted(non_additive)], initial=0))
        decided_now = [k for k in others if k in non_additive or needed >> k & 1]
        self.non_additive |= set(decided_now)
        if len(self.non_additive) > MAX_NON_ADDITIVE:
            raise NotAdditiveError
        rest = [k for k in others if k not in decided_now]
        for subset in np.unique(self._subsets & _bits(decided_now)).tolist():
            built_now = built | subset
            if all(int(self.required[k]) & ~built_now == 0 for k in decided_now if subset >> k & 1):
                self.fill(built_now, decided | _bits(decided_now), self._feasible(rest, built_now))

    def _store_values(
        self, package: Package, built: int, decided: int, others: Sequence[int]
    ) -> None:
        """Store the values of a package whose players are all additive."""
        values = all_values(
            package,
            self._wanted,
            travels=self._travels,
            conditions=self._networks.study.conditions,
            reached=self._reached,
        )
        if self.values is None:
            table = np.zeros((len(self._subsets), values.table.shape[1]))
            self.values = Values(table, values.columns)
        subsets = self._subsets[self._subsets & decided == built]
        rows = renumber_bits(subsets, np.array(others, dtype=np.int64))
        self.values.table[subsets] = values.table[rows]


def every_subset(
    networks: Networks, wanted: AttributionMeasures, travels: Sequence[Travel]
) -> tuple[Values, bool]:
    """Values of all subsets of the players, and whether all players are additive.

    Players that are not additive are decided first: for each subset of them, the others form a
    package of additive players.

    Parameters
    ----------
    networks
        The players.
    wanted, travels
        Measures and travels.

    Raises
    ------
    NotAdditiveError
        If more than `MAX_NON_ADDITIVE` players are not additive.
    """
    subsets = _Subsets(networks, wanted, travels)
    subsets.fill(0, 0, range(len(networks.players)))
    if subsets.values is None:
        raise ValueError("there is no subset")
    return subsets.values, not subsets.non_additive
