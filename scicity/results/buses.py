"""Cross-boundary buses of both scenarios: diagnosis, proposals and feeding of the spines."""

from __future__ import annotations

from dataclasses import dataclass

import geopandas as gpd
import pandas as pd

from analysis.buses.diagnosis import BusDiagnosis, bus_diagnosis
from analysis.buses.feeding import feeding, feeding_change
from analysis.buses.lines.planner import Planner
from analysis.buses.plan import LOOP_LINES, BusPlan, bus_plan
from geo.crs import to_wgs84
from layers.network import TransportNetwork
from scicity.inputs.study import Study

LAYER_KEYS = {
    "gateways": "gateway_id",
    "loops": "gateway_id",
    "gaps": "gap_id",
    "closing_links": "gap_id",
    "loop_proposals": "proposal_id",
}
"""Layers, written as `bus_<name>`, with the id column of each."""


@dataclass(frozen=True)
class BusResults:
    """Diagnoses and plans by scenario, and feeding of spine stations in baseline and scenario."""

    diagnoses: dict[str, BusDiagnosis]
    plans: dict[str, BusPlan]
    feeding: pd.DataFrame

    def _frame(self, name: str, scenario: str) -> pd.DataFrame:
        plan = self.plans[scenario]
        frames = {
            "gateways": self.diagnoses[scenario].gateways,
            "loops": plan.loops,
            "gaps": plan.gaps,
            "closing_links": plan.links,
            "loop_proposals": plan.proposals,
            "link_sets": plan.sets,
        }
        return frames[name]

    def layer(self, name: str) -> gpd.GeoDataFrame:
        """A layer of all scenarios, in longitude and latitude, with `scenario` first."""
        frames = [self._frame(name, scenario) for scenario in self.diagnoses]
        table = self.table(name)
        return to_wgs84(gpd.GeoDataFrame(table, geometry="geometry", crs=frames[0].crs))

    def table(self, name: str) -> pd.DataFrame:
        """A table of all scenarios, with `scenario` first."""
        frames = [
            self._frame(name, scenario).assign(scenario=scenario) for scenario in self.diagnoses
        ]
        table = pd.concat(frames, ignore_index=True)
        return table[["scenario", *[c for c in table.columns if c != "scenario"]]]


def bus_results(
    study: Study,
    networks: tuple[tuple[str, TransportNetwork], ...],
    *,
    loop_count: int = LOOP_LINES,
) -> BusResults:
    """Gateways, loops, gaps and proposals of a baseline and a scenario, by their ids."""
    spines = study.settings.study.spines
    zones = study.zones()
    diagnoses, plans, feedings = {}, {}, []
    for name, network in networks:
        diagnosis = bus_diagnosis(network, study.area, conditions=study.conditions, spines=spines)
        planner = Planner(network, diagnosis, study.area, zones, spines, study.conditions)
        diagnoses[name], plans[name] = diagnosis, bus_plan(planner, loop_count=loop_count)
        feedings.append(feeding(network, study.area, spines=spines, conditions=study.conditions))
    return BusResults(diagnoses, plans, feeding_change(*feedings))
