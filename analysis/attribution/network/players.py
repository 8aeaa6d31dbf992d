"""Players: projects, or groups of projects that are built together."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

import numpy as np

from analysis.attribution.shapley.feasible import requirements
from geo.faults import Fault
from layers.projects import Project
from layers.scenarios import with_required


@dataclass(frozen=True)
class Player:
    """A project, or several that are built together.

    Attributes
    ----------
    player_id
        The project's id, or the group's.
    project_ids
        Projects to build, each after those it requires.
    """

    player_id: str
    name_zh: str
    name_en: str
    project_ids: tuple[str, ...]


@dataclass(frozen=True)
class PlayerGroup:
    """Projects that a study treats as one player."""

    group_id: str
    name_zh: str
    name_en: str
    project_ids: tuple[str, ...]


def players_of(
    project_ids: Sequence[str], groups: Sequence[PlayerGroup], projects: Mapping[str, Project]
) -> tuple[Player, ...]:
    """The players of a package, in the order of its projects.

    Parameters
    ----------
    project_ids
        The package, each project after those it requires.
    groups
        Disjoint groups; members outside the package are ignored.
    projects
        By id.

    Examples
    --------
    >>> line = PlayerGroup("L", "线", "Line", ("b", "a", "z"))
    >>> [p.project_ids for p in players_of(["a", "b"], [line], {})]
    [('a', 'b')]
    """
    group_of = {member: group for group in groups for member in group.project_ids}
    players: dict[str, Player] = {}
    for project_id in project_ids:
        group = group_of.get(project_id)
        if group is None:
            project = projects[project_id]
            zh, en = project.name_zh, project.name_en or project.name_zh
            players[project_id] = Player(project_id, zh, en, (project_id,))
        elif group.group_id not in players:
            members = tuple(p for p in project_ids if p in group.project_ids)
            players[group.group_id] = Player(group.group_id, group.name_zh, group.name_en, members)
    return tuple(players.values())


def required_players(players: Sequence[Player], projects: Mapping[str, Project]) -> np.ndarray:
    """Players that each player requires, directly or through others.

    Returns
    -------
    ndarray
        int64, one a player: bit k is set if player k is required; its own bit if it requires itself
        indirectly (see `cycle_faults`).
    """
    number = {p: k for k, player in enumerate(players) for p in player.project_ids}
    direct = np.zeros(len(players), np.int64)
    for k, player in enumerate(players):
        required = {number[p] for p in with_required(player.project_ids, projects) if p in number}
        direct[k] = sum(1 << other for other in required - {k})
    return requirements(direct)


def cycle_faults(
    players: Sequence[Player], projects: Mapping[str, Project], file: str
) -> list[Fault]:
    """Faults of groups that require each other, so that neither can be built first."""
    required = required_players(players, projects)
    message = "it requires a group of projects that in turn requires it"
    return [
        Fault(file, f"groups.{p.player_id}", "requires-cycle", message, "one group of both")
        for k, p in enumerate(players)
        if required[k] >> k & 1
    ]
