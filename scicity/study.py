"""A study, read and checked."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import geopandas as gpd
import pandas as pd

from analysis.travel_time import Conditions
from analysis.zones import population_zones
from geo.areas import StudyArea, read_districts, read_study_area
from geo.faults import BadInputError, Fault, check_faults, errors
from layers.network import TransportNetwork
from layers.places import OPPORTUNITIES, PLACES, POPULATION, read_points
from layers.projects import Project, read_projects
from layers.roads import read_roads
from layers.scenarios import (
    Scenario,
    applied_with_faults,
    projects_of_clause,
    projects_open_by,
    with_required,
)
from layers.screenlines import read_screenlines
from layers.transit import read_transit
from scicity.settings import STUDY_FILE, Settings, names_its_files, read_settings


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
    projects, scenarios
        By id.
    places, towns, opportunities
        Projected points, see `layers.places`.
    volumes
        Peak volumes of the screenlines.
    """

    settings: Settings
    area: StudyArea
    districts: gpd.GeoDataFrame
    baseline: TransportNetwork
    projects: Mapping[str, Project]
    scenarios: Mapping[str, Scenario]
    places: gpd.GeoDataFrame
    towns: gpd.GeoDataFrame
    opportunities: gpd.GeoDataFrame
    volumes: pd.DataFrame

    @property
    def conditions(self) -> Conditions:
        """Peak volumes and assumptions together."""
        return Conditions(self.volumes, self.settings.assumptions)

    @property
    def place_points(self) -> gpd.GeoSeries:
        """The named places, indexed by id."""
        return self.places.set_index("place_id").geometry

    def zones(self) -> gpd.GeoDataFrame:
        """Hexagons with people and opportunities, `analysis.zones.ZONE_COLUMNS` and counts."""
        kinds = {}
        for name, wanted in self.settings.opportunities.items():
            by_category = self.places["category"].isin(wanted["places"] or [])
            by_kind = self.opportunities["kind"].isin(wanted["opportunities"] or [])
            points = [self.places.loc[by_category & self.places["existing"], ["geometry"]]]
            points.append(self.opportunities.loc[by_kind, ["geometry"]])
            kinds[name] = gpd.GeoDataFrame(pd.concat(points), crs=self.area.crs)
        return population_zones(
            self.area,
            self.districts,
            towns=self.towns,
            opportunities=kinds,
            assumptions=self.settings.assumptions,
        )

    def network(self, scenario_id: str) -> TransportNetwork:
        """The network of a scenario.

        Raises
        ------
        BadInputError
            If there is no such scenario, or with every fault of its projects.
        """
        if scenario_id not in self.scenarios:
            allowed = ", ".join(self.scenarios)
            message = f"there is no scenario {scenario_id!r}"
            raise BadInputError([Fault(STUDY_FILE, "scenarios", "id-unknown", message, allowed)])
        snap = self.settings.assumptions.portal_snap_m
        applied, faults = applied_with_faults(
            self.baseline,
            self.scenarios[scenario_id],
            projects=self.projects,
            portal_snap_m=snap,
        )
        check_faults(faults)
        return applied.network


def _project_ids(entry: Mapping[str, Any], projects: Mapping[str, Project]) -> tuple[str, ...]:
    if entry["open_by"] is not None:
        return projects_open_by(entry["open_by"], projects)
    if entry["clauses"] is not None:
        named = [p for clause in entry["clauses"] for p in projects_of_clause(clause, projects)]
        return with_required(list(dict.fromkeys(named)), projects)
    return tuple(entry["projects"] or ())


def _scenarios(settings: Settings, projects: Mapping[str, Project]) -> dict[str, Scenario]:
    return {
        name: Scenario(name, entry["name_zh"], entry["name_en"], _project_ids(entry, projects))
        for name, entry in settings.scenarios.items()
    }


def _clause_faults(settings: Settings, projects: Mapping[str, Project]) -> list[Fault]:
    known = sorted({p.clause for p in projects.values() if p.clause})
    faults = []
    for name, entry in settings.scenarios.items():
        for clause in entry["clauses"] or ():
            if clause not in known:
                message = f"no project is of clause {clause!r}"
                where = f"scenarios.{name}"
                faults.append(Fault(STUDY_FILE, where, "id-unknown", message, ", ".join(known)))
    return faults


def _origin_faults(study: Study) -> list[Fault]:
    origin = study.settings.study["origin"]
    if origin in set(study.places["place_id"]):
        return []
    message = f"origin is {origin!r}"
    return [Fault(STUDY_FILE, "study", "id-unknown", message, "a place_id of the places file")]


def _far_warnings(study: Study) -> list[Fault]:
    """Places, and stops of the study area, that join no street."""
    roads, limit = study.baseline.roads.edges, study.settings.assumptions.snap_limit_m
    stops = study.baseline.stops.geometry
    layers = {"places": study.place_points, "transit": stops[stops.within(study.area.outline)]}
    faults = []
    for name, points in layers.items():
        (found, _), away = roads.sindex.nearest(
            points.to_numpy(), return_all=False, return_distance=True
        )
        for number, metres in zip(found, away, strict=True):
            if metres > limit:
                message = f"it is {metres:.0f} m from any road"
                feature, allowed = str(points.index[number]), f"0 to {limit:g} m (snap_limit_m)"
                warning = Fault(name, feature, "far-from-network", message, allowed, "warning")
                faults.append(warning)
    return faults


def _scenario_faults(study: Study) -> list[Fault]:
    """What every scenario's projects would meet, each fault once."""
    snap = study.settings.assumptions.portal_snap_m
    faults: list[Fault] = []
    for scenario in study.scenarios.values():
        _, wrong = applied_with_faults(
            study.baseline, scenario, projects=study.projects, portal_snap_m=snap
        )
        faults += wrong
    for project_id, project in study.projects.items():
        ids = with_required([project_id], study.projects)
        alone = Scenario(project.file, "", "", ids)
        _, wrong = applied_with_faults(
            study.baseline, alone, projects=study.projects, portal_snap_m=snap
        )
        faults += wrong
    return list(dict.fromkeys(faults))


def _read_layers(settings: Settings) -> tuple[Study, list[Fault]]:
    crs = str(settings.study["crs"])
    area, faults = read_study_area(settings.path("areas"), crs)
    districts, wrong = read_districts(settings.path("districts"), crs)
    faults += wrong
    roads, wrong = read_roads(settings.path("road_nodes"), settings.path("road_edges"), crs)
    faults += wrong
    stops, routes, wrong = read_transit(settings.paths("transit"), crs)
    faults += wrong
    volumes, wrong = read_screenlines(settings.path("screenlines"))
    faults += wrong
    projects, wrong = read_projects(settings.path("projects"), crs)
    faults += wrong
    points = {}
    for name, layer in (
        ("places", PLACES),
        ("population", POPULATION),
        ("opportunities", OPPORTUNITIES),
    ):
        points[name], wrong = read_points(settings.path(name), layer, crs)
        faults += wrong
    study = Study(
        settings=settings,
        area=area,
        districts=districts,
        baseline=TransportNetwork(roads, stops, tuple(routes)),
        projects=projects,
        scenarios=_scenarios(settings, projects),
        places=points["places"],
        towns=points["population"],
        opportunities=points["opportunities"],
        volumes=volumes,
    )
    return study, faults


def study_with_faults(folder: Path) -> tuple[Study | None, list[Fault]]:
    """The study and everything wrong with it; None where its files cannot be read at all."""
    settings, faults = read_settings(folder)
    if settings is None or not names_its_files(settings, faults):
        return None, faults
    study, wrong = _read_layers(settings)
    faults += wrong
    faults += _clause_faults(settings, study.projects)
    faults += _origin_faults(study)
    if len(study.baseline.roads.edges) and len(study.area.areas):
        faults += _scenario_faults(study)
        faults += [] if errors(faults) else _far_warnings(study)
    return study, list(dict.fromkeys(faults))


def read_study(folder: Path) -> Study:
    """Read a study.

    Raises
    ------
    BadInputError
        With every fault of every file.
    """
    study, faults = study_with_faults(folder)
    check_faults(faults)
    if study is None:
        raise BadInputError(faults)
    return study


def bundled_study() -> Path:
    """The folder of the study that ships with the product."""
    installed = Path(__file__).parent / "data"
    return installed if installed.is_dir() else Path(__file__).parents[1] / "data"
