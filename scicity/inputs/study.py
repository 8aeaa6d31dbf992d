"""A study, read and checked."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from functools import cached_property
from typing import Any

import geopandas as gpd
import pandas as pd

from analysis.graph.conditions import Conditions
from analysis.routing.hierarchy.cache import Hierarchies
from analysis.timetable.prepared import PreparedNetworks
from analysis.zones import check_totals, population_zones
from geo.areas import StudyArea
from geo.faults import BadInputError, Fault, shown
from layers.counts import Counts
from layers.network import TransportNetwork
from layers.osm.network import OsmNetwork
from layers.projects import Project
from layers.scenarios import Applied, Plans, Scenario
from layers.totals import Total
from scicity.inputs.baseline import SERVICES, node_order_folder, timetable_folder
from scicity.inputs.counts import PEOPLE, all_totals, opportunity_counts
from scicity.settings.rules import STUDY_FILE
from scicity.settings.settings import Settings
from scicity.settings.windows import study_windows


@dataclass(frozen=True, repr=False)
class Study:
    """Everything a study names, as tables and values.

    Attributes
    ----------
    settings
        study.toml.
    area, districts
        Planning areas; districts (`district_id`, projected).
    baseline
        The network as it is.
    osm
        What OpenStreetMap gave beside it; None for a study with road files of its own.
    projects, scenarios
        By id.
    places, opportunities
        Projected points, see `layers.places`.
    counts
        The population and what the files of `[opportunities]` count, by name.
    volumes
        Peak volumes of the screenlines.
    """

    settings: Settings
    area: StudyArea
    districts: gpd.GeoDataFrame
    baseline: TransportNetwork
    osm: OsmNetwork | None
    projects: Mapping[str, Project]
    scenarios: Mapping[str, Scenario]
    places: gpd.GeoDataFrame
    opportunities: gpd.GeoDataFrame
    counts: Mapping[str, Counts]
    volumes: pd.DataFrame

    def __repr__(self) -> str:
        """Say in one line what there is to ask about."""
        named = {
            "areas": self.area.areas,
            "places": self.places,
            "projects": self.projects,
            "scenarios": self.scenarios,
        }
        held = ", ".join(f"{len(things)} {name}" for name, things in named.items())
        return f"Study({self.settings.study.id!r}: {held})"

    @cached_property
    def conditions(self) -> Conditions:
        """Peak volumes and assumptions, and the node order that all scenarios share."""
        folder = node_order_folder(self.settings) if self.osm else None
        windows = study_windows(self.settings.study)
        assumptions = self.settings.assumptions
        prepared = PreparedNetworks(timetable_folder(self.settings) / SERVICES)
        return Conditions(self.volumes, assumptions, Hierarchies(folder), windows, prepared)

    @property
    def place_points(self) -> gpd.GeoSeries:
        """The named places, indexed by id."""
        return self.places.set_index("place_id").geometry

    @cached_property
    def plans(self) -> Plans:
        """What projects make of the baseline."""
        snap_m = self.settings.assumptions.portal_snap_m
        return Plans(self.baseline, self.projects, snap_m)

    @cached_property
    def totals(self) -> dict[str, Total]:
        """What of `counts` lies in the study area, by name."""
        return all_totals(self.settings, self.counts, self.area)

    @cached_property
    def _zones(self) -> gpd.GeoDataFrame:
        zones = population_zones(
            self.area,
            self.districts,
            population=self.counts[PEOPLE],
            opportunities=opportunity_counts(
                self.settings, self.counts, places=self.places, opportunities=self.opportunities
            ),
            assumptions=self.settings.assumptions,
        )
        check_totals(zones, self.totals)
        return zones

    def zones(self) -> gpd.GeoDataFrame:
        """Hexagons with people and opportunities, `analysis.zones.ZONE_COLUMNS` and counts.

        Raises
        ------
        BadInputError
            If they do not hold what lies in the study area (`totals`).
        """
        return self._zones.copy()

    def network(self, scenario_id: str) -> TransportNetwork:
        """The network of a scenario, see `applied`."""
        return self.applied(scenario_id).network

    def applied(self, scenario_id: str) -> Applied:
        """The network of a scenario and where its projects join it.

        Raises
        ------
        BadInputError
            If there is no such scenario, or with every fault of its projects.
        """
        if scenario_id not in self.scenarios:
            allowed = ", ".join(self.scenarios)
            message = f"there is no scenario {scenario_id!r}"
            raise BadInputError([Fault(STUDY_FILE, "scenarios", "id-unknown", message, allowed)])
        return self.plans.applied(self.scenarios[scenario_id])


def check_study(study: Any) -> None:
    """Raise unless it is a study.

    Raises
    ------
    BadInputError
    """
    if not isinstance(study, Study):
        message, allowed = f"it is {shown(study)}", "what scicity.read_study returns"
        raise BadInputError([Fault("study", "", "value-wrong-type", message, allowed)])
