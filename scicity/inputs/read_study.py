"""A study read from its folder, and everything wrong with it."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace
from pathlib import Path
from typing import Any

import geopandas as gpd
import pandas as pd

from analysis.project_joins import loose_end_faults
from geo.areas import StudyArea, read_districts, read_study_area
from geo.faults import BadInputError, Fault, check_faults, errors
from geo.formats.geojson import LayerSchema, checked_layer
from geo.osm.file import Tick
from layers.places import OPPORTUNITIES, PLACES, read_points
from layers.projects import read_projects
from layers.scenarios import Scenario, with_required
from layers.screenlines import VOLUME_COLUMNS, read_screenlines
from scicity.inputs.baseline import read_baseline
from scicity.inputs.counts import read_all_counts
from scicity.inputs.far_points import far_warnings
from scicity.inputs.scenarios import clause_faults, named_scenarios
from scicity.inputs.study import Study
from scicity.inputs.suspect_datums import datum_warnings
from scicity.settings.attribution import member_faults, partner_faults
from scicity.settings.parsing import names_its_files, read_settings
from scicity.settings.rules import STUDY_FILE
from scicity.settings.settings import FileName, Settings
from scicity.settings.windows import unused_warnings, window_faults


def _origin_faults(study: Study) -> list[Fault]:
    origin = study.settings.study.origin
    # where no place could be read its file has faults of its own
    if study.places.empty or origin in set(study.places["place_id"]):
        return []
    value = None if "study.origin" in study.settings.missing else origin
    message = f"origin is {value!r}"
    return [Fault(STUDY_FILE, "study", "id-unknown", message, "a place_id of the places file")]


def far_faults(study: Study) -> list[Fault]:
    """Places and stops beyond `snap_limit_m`, see `scicity.inputs.far_points`."""
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
        applied, project_faults = study.plans.with_faults(scenario)
        outline = study.area.outline
        faults += project_faults + loose_end_faults(applied, study.places, outline, limit_m=snap)
    for project_id, project in study.projects.items():
        ids = with_required([project_id], study.projects)
        alone = Scenario(project.file, "", "", ids)
        _, project_faults = study.plans.with_faults(alone)
        faults += project_faults
    return list(dict.fromkeys(faults))


def _read_layers(settings: Settings, tick: Tick) -> tuple[Study, list[Fault]]:
    crs = settings.study.crs
    area, faults = read_study_area(settings.path("areas"), crs, settings.datum("areas"))
    districts, more_faults = study_districts(settings, area)
    baseline, network_faults = read_baseline(settings, area, tick)
    volumes, volume_faults = study_volumes(settings)
    faults += [*more_faults, *network_faults, *volume_faults]
    projects, more_faults = read_projects(
        settings.path("projects"), crs, settings.datum("projects")
    )
    faults += more_faults
    points = {}
    layers: tuple[tuple[FileName, LayerSchema], ...]
    layers = ("places", PLACES), ("opportunities", OPPORTUNITIES)
    for name, layer in layers:
        points[name], more_faults = study_points(settings, name, layer)
        faults += more_faults
    counts, more_faults = read_all_counts(settings, area)
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
    return study, faults + more_faults


def study_with_faults(
    folder: str | Path,
    tick: Tick = lambda _: None,
    *,
    instead: Mapping[str, Any] | None = None,
) -> tuple[Study | None, list[Fault]]:
    """The study and everything wrong with it; None where its files cannot be read at all.

    `instead` has values that take the place of those in the section `[study]`.
    """
    settings, faults = read_settings(Path(folder))
    if settings is None or not names_its_files(settings, faults):
        return None, faults
    if instead:
        settings = replace(settings, study=replace(settings.study, **instead))
        faults += window_faults(settings.study)
    study, more_faults = _read_layers(settings, tick)
    faults += [*more_faults, *clause_faults(settings, study.projects), *_origin_faults(study)]
    faults += member_faults(settings.groups, study.projects)
    faults += partner_faults(settings.partners, set(study.places["place_id"]))
    if len(study.baseline.roads.drawn) and len(study.area.areas):
        faults += _scenario_faults(study)
        faults += datum_warnings(study)
        if not errors(faults):
            faults += far_faults(study)
            if not study.baseline.has_timetable and not instead:
                faults += unused_warnings(study.settings.study)
            faults += [w for total in study.totals.values() for w in total.warnings()]
    return study, list(dict.fromkeys(faults))


def read_study(
    folder: str | Path,
    tick: Tick = lambda _: None,
    *,
    instead: Mapping[str, Any] | None = None,
) -> Study:
    """Read a study; `tick` is called with each step of a network that has to be made again.

    `instead` has values that take the place of those in the section `[study]`.

    Raises
    ------
    BadInputError
        With every fault of every file.
    """
    study, faults = study_with_faults(folder, tick, instead=instead)
    check_faults(faults)
    if study is None:
        raise BadInputError(faults)
    return study


def bundled_study() -> Path:
    """The folder of the study that ships with the product."""
    installed = Path(__file__).parents[1] / "data"
    return installed if installed.is_dir() else Path(__file__).parents[2] / "data"


def study_districts(settings: Settings, area: StudyArea) -> tuple[gpd.GeoDataFrame, list[Fault]]:
    """The districts by which people were counted; without a file of them, the planning areas."""
    if settings.has("districts"):
        return read_districts(settings.path("districts"), area.crs, settings.datum("districts"))
    return area.areas.rename(columns={"area_id": "district_id"}), []


def study_volumes(settings: Settings) -> tuple[pd.DataFrame, list[Fault]]:
    """Peak volumes of the screenlines.

    Streets of OpenStreetMap belong to no screenline, so there the volumes do not count: else
    they would crowd into the planned crossings alone.
    """
    if settings.osm or not settings.has("screenlines"):
        return pd.DataFrame(columns=list(VOLUME_COLUMNS)), []
    return read_screenlines(settings.path("screenlines"))


def study_points(
    settings: Settings, name: FileName, layer: LayerSchema
) -> tuple[gpd.GeoDataFrame, list[Fault]]:
    """Points of one layer; none if the study names no such file."""
    crs = str(settings.study.crs)
    if settings.has(name):
        return read_points(settings.path(name), layer, crs, settings.datum(name))
    table, faults = checked_layer([], layer, name)
    return table.to_crs(crs), faults
