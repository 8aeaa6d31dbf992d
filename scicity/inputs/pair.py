"""The two networks that are compared."""

from __future__ import annotations

from dataclasses import dataclass

from analysis.graph.routable_network import Mode
from layers.network import TransportNetwork
from layers.scenarios import Applied
from layers.transit import Period
from scicity.inputs.study import Study

EVALUATED_MODES: tuple[Mode, ...] = ("transit", "drive")
"""Modes of the evaluation: isochrones, accessibility, attribution, the map page."""
ZONE_TRAVELS: tuple[tuple[Mode, Period], ...] = (("transit", "peak"), ("drive", "peak"))


@dataclass(frozen=True)
class Pair:
    """The two networks that are compared, by the ids of their scenarios.

    `applied` also holds the joints of the scenario's projects.
    """

    baseline_id: str
    scenario_id: str
    baseline: TransportNetwork
    applied: Applied

    @property
    def scenario(self) -> TransportNetwork:
        """The network of the scenario."""
        return self.applied.network

    @property
    def both(self) -> tuple[tuple[str, TransportNetwork], ...]:
        """Id and network of each."""
        return ((self.baseline_id, self.baseline), (self.scenario_id, self.scenario))


def network_pair(study: Study, baseline_id: str, scenario_id: str) -> Pair:
    """The networks of two scenarios."""
    baseline, applied = study.network(baseline_id), study.applied(scenario_id)
    return Pair(baseline_id, scenario_id, baseline, applied)
