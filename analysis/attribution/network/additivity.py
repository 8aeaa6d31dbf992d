"""Players that are not additive: building them changes more than their own arcs.

There are four cases: a project replaces another; a road ends at a node that only another project
adds (without that project, the end would join the streets there by itself); a road is linked to
another project's road by a connection (a street of its own, which points can join and which does
not exist without the other project); two projects place one stop differently. Positions within a
metre count as the same place.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping

import numpy as np
import pandas as pd

from analysis.attribution.network.package import BASELINE, Package
from analysis.attribution.shapley.feasible import with_required
from layers.network import TransportNetwork
from layers.projects import Project
from layers.roads import ENDS_MEET_M
from layers.scenarios import Applied


class _Presence:
    """Players present whenever a project is: its own player, those required, and the baseline."""

    def __init__(self, package: Package) -> None:
        self._owner = {p: k for k, player in enumerate(package.players) for p in player.project_ids}
        self._present_with = with_required(package.required).tolist()
        osmids = package.network.roads.drawn["osmid"].tolist()
        self._street = dict(zip(osmids, package.street_owners.tolist(), strict=True))

    def street_owner(self, osmid: str) -> int:
        """Number of the player, or `BASELINE`."""
        return self._street.get(osmid, BASELINE)

    def maybe_absent(self, project_id: str, others: Iterable[int]) -> set[int]:
        """Players that may be absent while a project is present."""
        present = self._present_with[self._owner[project_id]] if project_id in self._owner else 0
        return {k for k in others if k != BASELINE and not present >> k & 1}

    def is_player(self, project_id: str) -> bool:
        """Whether a project belongs to a player."""
        return project_id in self._owner

    def owner(self, project_id: str) -> int:
        """Number of the player, or `BASELINE`."""
        return self._owner.get(project_id, BASELINE)


def _at_ends(presence: _Presence, joins: pd.DataFrame, baseline: TransportNetwork) -> set[int]:
    """Players that add a node at which another player's road ends."""
    players: set[int] = set()
    at_node = joins.loc[joins["node_id"] == joins["joined_to"], ["project_id", "node_id"]]
    for project_id, node_id in at_node.drop_duplicates().itertuples(index=False):
        if not presence.is_player(project_id) or node_id in baseline.roads.nodes.index:
            continue
        # the id of an end names its project, then, after @, the street that it splits
        end, is_split, street = node_id.partition("@")
        street_owner = presence.street_owner(street)
        if is_split and street_owner == BASELINE:
            continue
        players |= presence.maybe_absent(
            project_id, [presence.owner(end.rpartition(".")[0]), street_owner]
        )
    return players


def _at_links(presence: _Presence, joins: pd.DataFrame) -> set[int]:
    """Players that add a street to which another player's road is linked."""
    on_street = joins.loc[joins["node_id"] != joins["joined_to"]]
    same = on_street["distance_m"] <= ENDS_MEET_M
    # an end is moved onto one street and linked to other streets at the same place
    single = ~on_street.assign(here=same).duplicated(["node_id", "here"], keep=False)
    links = on_street.loc[~(same & single), ["project_id", "joined_to"]].drop_duplicates()
    players: set[int] = set()
    for project_id, street in links.itertuples(index=False):
        if presence.is_player(project_id):
            players |= presence.maybe_absent(project_id, [presence.street_owner(street)])
    return players


def _at_stops(presence: _Presence, stops: pd.DataFrame, project: Project) -> set[int]:
    """Players that place a stop of a project elsewhere than the project does."""
    project_stops, network_stops = project.stops, stops.loc[project.stops.index]
    differs = np.asarray(project_stops.distance(network_stops, align=False)) > 0
    return presence.maybe_absent(
        project.project_id, map(presence.owner, network_stops["project_id"][differs])
    )


def non_additive_players(
    package: Package,
    applied: Applied,
    baseline: TransportNetwork,
    *,
    projects: Mapping[str, Project],
) -> set[int]:
    """Players that are not additive; the others' arcs depend on whether these are built.

    Finds cases that `analysis.attribution.network.additive_network` cannot detect, because it uses
    the whole network only.

    Parameters
    ----------
    package
        The players.
    applied
        The baseline with all of them.
    baseline
        The baseline.
    projects
        By id.

    Returns
    -------
    set of int
        Numbers of players; empty if all are additive.
    """
    presence = _Presence(package)
    package_projects = [projects[p] for player in package.players for p in player.project_ids]
    players = {
        presence.owner(project.project_id) for project in package_projects if project.replaces
    }
    players |= _at_ends(presence, applied.joins, baseline) | _at_links(presence, applied.joins)
    for project in package_projects:
        players |= _at_stops(presence, applied.services.stops, project)
    return players
