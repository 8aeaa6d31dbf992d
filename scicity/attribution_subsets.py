"""The values of every subset, whoever takes something away built or not."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

import numpy as np

from analysis.attribution.adding import check_only_adds
from analysis.attribution.direct import point_times
from analysis.attribution.package import Package
from analysis.attribution.players import required_players
from analysis.attribution.question import Question
from analysis.attribution.values import Values, all_values
from analysis.compiled import Travel
from analysis.paths.subsets import renumbered
from scicity.attribution_searches import Networks


def taking_away(networks: Networks, required: np.ndarray) -> list[int]:
    """Numbers of the players of whom a project replaces something, and of whom these require."""
    projects = networks.study.projects
    found = [
        k
        for k, player in enumerate(networks.players)
        if any(projects[p].replaces for p in player.project_ids)
    ]
    needed = int(np.bitwise_or.reduce(required[found], initial=0))
    return [k for k in range(len(networks.players)) if k in found or needed >> k & 1]


def _places_reached(
    networks: Networks, question: Question, travels: Sequence[Travel]
) -> Mapping[Travel, np.ndarray]:
    """Which places reach each other with nothing built."""
    zones, before, conditions = len(question.zones), networks.of(0), networks.study.conditions
    return {
        travel: np.isfinite(
            point_times(before, question, travel=travel, conditions=conditions)[zones:, zones:]
        )
        for travel in travels
    }


def _with_built(networks: Networks, built: int, others: Sequence[int]) -> Package:
    """A package of the other players on the baseline with some built.

    Raises
    ------
    NotAdditiveError
        If one of the others takes something away.
    """
    required = required_players(networks.players, networks.study.projects)
    chosen = np.array(others, dtype=np.int64)
    whole = networks.applied(built | sum(1 << k for k in others))
    players = tuple(networks.players[k] for k in others)
    package = Package(whole.network, players, renumbered(required[chosen], chosen))
    check_only_adds(package, whole, networks.of(built), projects=networks.study.projects)
    return package


def every_subset(networks: Networks, question: Question, travels: Sequence[Travel]) -> Values:
    """The values of every subset of the players.

    Whoever takes something away is built or not before the others come: one package of these for
    each subset of those.

    Parameters
    ----------
    networks
        The players.
    question, travels
        What is asked.

    Raises
    ------
    NotAdditiveError
        If players take something away in another way than by `replaces`.
    """
    required = required_players(networks.players, networks.study.projects)
    apart = taking_away(networks, required)
    conditions = networks.study.conditions
    if not apart:
        package = _with_built(networks, 0, range(len(networks.players)))
        return all_values(package, question, travels=travels, conditions=conditions)
    reached = _places_reached(networks, question, travels)
    mask, subsets = sum(1 << k for k in apart), np.arange(2 ** len(networks.players))
    found: Values | None = None
    for built in np.unique(subsets & mask).tolist():
        if any(built >> k & 1 and int(required[k]) & ~built for k in apart):
            continue
        others = [
            k
            for k in range(len(networks.players))
            if k not in apart and int(required[k]) & mask & ~built == 0
        ]
        package = _with_built(networks, built, others)
        part = all_values(
            package, question, travels=travels, conditions=conditions, reached=reached
        )
        found = found or Values(np.zeros((len(subsets), part.table.shape[1])), part.columns)
        own = subsets & mask == built
        found.table[own] = part.table[renumbered(subsets[own], np.array(others, np.int64))]
    if found is None:
        raise ValueError("there are no subsets")
    return found
