"""The values of every subset, also where some players do more than add."""

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
from analysis.graph.routable_network import Travel
from analysis.routing.subsets.subset_sums import renumber_bits
from scicity.results.subset_networks import Networks

MOST_APART = 5
"""With more players apart there would be too many packages of the others."""


def _places_reached(
    networks: Networks, wanted: AttributionMeasures, travels: Sequence[Travel]
) -> Mapping[Travel, np.ndarray]:
    """Which places reach each other with nothing built."""
    zones, before, conditions = len(wanted.zones), networks.of(0), networks.study.conditions
    return {
        travel: np.isfinite(
            point_times(before, wanted, travel=travel, conditions=conditions)[zones:, zones:]
        )
        for travel in travels
    }


def _bits(players: Sequence[int]) -> int:
    return sum(1 << k for k in players)


class _Subsets:
    """Rows of the values, filled package by package.

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
        self.apart: set[int] = set()

    def _feasible(self, players: Sequence[int], built: int) -> list[int]:
        """Whoever has what he requires among those built and the others of these."""
        there = built | _bits(players)
        return [k for k in players if int(self.required[k]) & ~there == 0]

    def fill(self, built: int, decided: int, others: Sequence[int]) -> None:
        """Rows of the subsets with some decided players built and any of the others."""
        networks, chosen = self._networks, np.array(others, dtype=np.int64)
        whole = networks.applied(built | _bits(others))
        players = tuple(networks.players[k] for k in others)
        package = Package(whole.network, players, renumber_bits(self.required[chosen], chosen))
        before, projects = networks.of(built), networks.study.projects
        apart = {others[k] for k in non_additive_players(package, whole, before, projects=projects)}
        if not apart:
            self._take(package, built, decided, others)
            return
        needed = int(np.bitwise_or.reduce(self.required[sorted(apart)], initial=0))
        now = [k for k in others if k in apart or needed >> k & 1]
        self.apart |= set(now)
        if len(self.apart) > MOST_APART:
            raise NotAdditiveError
        rest = [k for k in others if k not in now]
        for some in np.unique(self._subsets & _bits(now)).tolist():
            more = built | some
            if all(int(self.required[k]) & ~more == 0 for k in now if some >> k & 1):
                self.fill(more, decided | _bits(now), self._feasible(rest, more))

    def _take(self, package: Package, built: int, decided: int, others: Sequence[int]) -> None:
        """The values of a package in which everybody only adds."""
        part = all_values(
            package,
            self._wanted,
            travels=self._travels,
            conditions=self._networks.study.conditions,
            reached=self._reached,
        )
        if self.values is None:
            table = np.zeros((len(self._subsets), part.table.shape[1]))
            self.values = Values(table, part.columns)
        own = self._subsets[self._subsets & decided == built]
        rows = renumber_bits(own, np.array(others, dtype=np.int64))
        self.values.table[own] = part.table[rows]


def every_subset(
    networks: Networks, wanted: AttributionMeasures, travels: Sequence[Travel]
) -> tuple[Values, bool]:
    """The values of every subset of the players, and whether all of them only add.

    Whoever does not is built or not before the others come: there is one package of these for
    each subset of those.

    Parameters
    ----------
    networks
        The players.
    wanted, travels
        What is asked.

    Raises
    ------
    NotAdditiveError
        If more than `MOST_APART` players do not only add.
    """
    subsets = _Subsets(networks, wanted, travels)
    subsets.fill(0, 0, range(len(networks.players)))
    if subsets.values is None:
        raise ValueError("there is no subset")
    return subsets.values, not subsets.apart
