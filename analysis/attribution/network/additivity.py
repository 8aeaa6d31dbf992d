"""Who does not only add: with him or without, the network is not that of all but for his things.

It is not so where a project replaces something; where a road ends at a node that only another
project brings (without that one, the end would join the streets there by itself); where a road is
linked to another project's by a connection (that is a street of its own, onto which people come,
and without the other project it is not there); and where two projects place one stop differently.
What lies within a metre counts as one place.
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
    """Who is there whenever a project is: its player, what that requires, and the baseline."""

    def __init__(self, package: Package) -> None:
        self._owner = {p: k for k, who in enumerate(package.players) for p in who.project_ids}
        self._with = with_required(package.required).tolist()
        osmids = package.network.roads.drawn["osmid"].tolist()
        self._street = dict(zip(osmids, package.street_owners.tolist(), strict=True))

    def whose_street(self, osmid: str) -> int:
        """Number of the player, or `BASELINE`."""
        return self._street.get(osmid, BASELINE)

    def unsure(self, project_id: str, others: Iterable[int]) -> set[int]:
        """Which players may be missing where a project is."""
        there = self._with[self._owner[project_id]] if project_id in self._owner else 0
        return {k for k in others if k != BASELINE and not there >> k & 1}

    def judged(self, project_id: str) -> bool:
        """Whether a project is a player's."""
        return project_id in self._owner

    def whose(self, project_id: str) -> int:
        """Number of the player, or `BASELINE`."""
        return self._owner.get(project_id, BASELINE)


def _at_ends(presence: _Presence, joins: pd.DataFrame, before: TransportNetwork) -> set[int]:
    """Who brings a node at which the road of another ends."""
    found: set[int] = set()
    at_node = joins.loc[joins["node_id"] == joins["joined_to"], ["project_id", "node_id"]]
    for project_id, node_id in at_node.drop_duplicates().itertuples(index=False):
        if not presence.judged(project_id) or node_id in before.roads.nodes.index:
            continue
        # an end is called after its project; where it cut a street, that follows
        end, cut, street = node_id.partition("@")
        whose = presence.whose_street(street)
        if cut and whose == BASELINE:
            continue
        found |= presence.unsure(project_id, [presence.whose(end.rpartition(".")[0]), whose])
    return found


def _at_links(presence: _Presence, joins: pd.DataFrame) -> set[int]:
    """Who brings a street to which the road of another is linked."""
    on_street = joins.loc[joins["node_id"] != joins["joined_to"]]
    here = on_street["distance_m"] <= ENDS_MEET_M
    # an end is moved onto one street; to others at the same place it is linked
    alone = ~on_street.assign(here=here).duplicated(["node_id", "here"], keep=False)
    linked = on_street.loc[~(here & alone), ["project_id", "joined_to"]].drop_duplicates()
    found: set[int] = set()
    for project_id, street in linked.itertuples(index=False):
        if presence.judged(project_id):
            found |= presence.unsure(project_id, [presence.whose_street(street)])
    return found


def _at_stops(presence: _Presence, stops: pd.DataFrame, project: Project) -> set[int]:
    """Who places a stop of a project elsewhere than that."""
    own, known = project.stops, stops.loc[project.stops.index]
    away = np.asarray(own.distance(known, align=False)) > 0
    return presence.unsure(project.project_id, map(presence.whose, known["project_id"][away]))


def non_additive_players(
    package: Package,
    applied: Applied,
    before: TransportNetwork,
    *,
    projects: Mapping[str, Project],
) -> set[int]:
    """Who must be built or not before it can be said what the others add.

    It finds what `analysis.attribution.network.additive_network` cannot see: that knows the whole
    network only.

    Parameters
    ----------
    package
        The players.
    applied
        The baseline with all of them.
    before
        The baseline.
    projects
        By id.

    Returns
    -------
    set of int
        Numbers of players; none if all of them only add.
    """
    presence = _Presence(package)
    own = [projects[p] for player in package.players for p in player.project_ids]
    found = {presence.whose(project.project_id) for project in own if project.replaces}
    found |= _at_ends(presence, applied.joins, before) | _at_links(presence, applied.joins)
    for project in own:
        found |= _at_stops(presence, applied.services.stops, project)
    return found
