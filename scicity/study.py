"""A study, read and checked."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from functools import cached_property
from pathlib import Path

import geopandas as gpd
import pandas as pd

from analysis.conditions import Conditions
from analysis.paths.hierarchies import Hierarchies
from analysis.project_joins import loose_end_faults
from analysis.zones import check_totals, population_zones
from geo.areas import StudyArea, read_study_area
from geo.faults import BadInputError, Fault, check_faults, errors
from geo.osm.file import Tick
from layers.counts import Counts
from layers.network import TransportNetwork
from layers.osm.network import OsmNetwork
from layers.places import OPPORTUNITIES, PLACES
from layers.projects import Project, read_projects
from layers.scenarios import Applied, Plans, Scenario, with_required
from layers.totals import Total
from scicity.baseline import node_order_folder, read_baseline
from scicity.counts import PEOPLE, all_totals, opportunity_counts, read_all_counts
from scicity.datum_check import datum_warnings
from scicity.far_points import far_warnings
from scicity.named_scenarios import clause_faults, named_scenarios
from scicity.settings import Settings, names_its_files, read_settings
from scicity.settings_attribution import member_faults, partner_faults
from scicity.settings_rules import STUDY_FILE
from scicity.study_files import study_districts, study_points, study_volumes


@dataclass(frozen=True)
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

    @cached_property
    def conditions(self) -> Conditions:
        """Peak volumes and assumptions, and the node order that all scenarios share."""
        folder = node_order_folder(self.settings) if self.osm else None
        return Conditions(self.volumes, self.settings.assumptions, Hierarchies(folder))

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


def _origin_faults(study: Study) -> list[Fault]:
    origin = study.settings.study["origin"]
    # where no place could be read its file has faults of its own
    if study.places.empty or origin in set(study.places["place_id"]):
        return []
    message = f"origin is {origin!r}"
    return [Fault(STUDY_FILE, "study", "id-unknown", message, "a place_id of the places file")]


def far_faults(study: Study) -> list[Fault]:
    """Places and stops beyond `snap_limit_m`, see `scicity.far_points`."""
    return far_warnings(
        study.settings,
        study.area,
        study.baseline,
        places=study.place_points,
        projects=study.projects,
    )


def _scenario_faults(study: Study) -> list[Fault]:
    """What every scenario's projects would meet, each fault once."""
    snap = study.settings.assumptions.portal_snap_m
    faults: list[Fault] = []
    for scenario in study.scenarios.values():
        applied, wrong = study.plans.with_faults(scenario)
        outline = study.area.outline
        faults += wrong + loose_end_faults(applied, study.places, outline, limit_m=snap)
    for project_id, project in study.projects.items():
        ids = with_required([project_id], study.projects)
        alone = Scenario(project.file, "", "", ids)
        _, wrong = study.plans.with_faults(alone)
        faults += wrong
    return list(dict.fromkeys(faults))


def _read_layers(settings: Settings, tick: Tick) -> tuple[Study, list[Fault]]:
    crs = str(settings.study["crs"])
    area, faults = read_study_area(settings.path("areas"), crs, settings.datum("areas"))
    districts, wrong = study_districts(settings, area)
    baseline, wrong_network = read_baseline(settings, area, tick)
    volumes, wrong_volumes = study_volumes(settings)
    faults += [*wrong, *wrong_network, *wrong_volumes]
    projects, wrong = read_projects(settings.path("projects"), crs, settings.datum("projects"))
    faults += wrong
    points = {}
    for name, layer in (("places", PLACES), ("opportunities", OPPORTUNITIES)):
        points[name], wrong = study_points(settings, name, layer)
        faults += wrong
    counts, wrong = read_all_counts(settings, area)
    study = Study(
        settings=settings,
        area=area,
        districts=districts,
        baseline=baseline.network,
        osm=baseline.osm,
        projects=projects,
        scenarios=named_scenarios(settings, projects),
        places=points["places"],
        opportunities=points["opportunities"],
        counts=counts,
        volumes=volumes,
    )
    return study, faults + wrong


def study_with_faults(
    folder: Path, tick: Tick = lambda _: None
) -> tuple[Study | None, list[Fault]]:
    """The study and everything wrong with it; None where its files cannot be read at all."""
    settings, faults = read_settings(folder)
    if settings is None or not names_its_files(settings, faults):
        return None, faults
    study, wrong = _read_layers(settings, tick)
    faults += [*wrong, *clause_faults(settings, study.projects), *_origin_faults(study)]
    faults += member_faults(settings.groups, study.projects)
    faults += partner_faults(settings.partners, set(study.places["place_id"]))
    if len(study.baseline.roads.drawn) and len(study.area.areas):
        faults += _scenario_faults(study)
        faults += datum_warnings(study)
        if not errors(faults):
            faults += far_faults(study)
            faults += [w for total in study.totals.values() for w in total.warnings()]
    return study, list(dict.fromkeys(faults))


def read_study(folder: Path, tick: Tick = lambda _: None) -> Study:
    """Read a study; `tick` is called with each step of a network that has to be made again.

    Raises
    ------
    BadInputError
        With every fault of every file.
    """
    study, faults = study_with_faults(folder, tick)
    check_faults(faults)
    if study is None:
        raise BadInputError(faults)
    return study


def bundled_study() -> Path:
    """The folder of the study that ships with the product."""
    installed = Path(__file__).parent / "data"
    return installed if installed.is_dir() else Path(__file__).parents[1] / "data"
