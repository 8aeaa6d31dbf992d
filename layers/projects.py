"""Planned projects: the roads, stops and routes that each would add, and their sources."""

from __future__ import annotations

import difflib
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import geopandas as gpd
import pandas as pd

from geo.crs import WGS84
from geo.datums import Datum
from geo.faults import Fault
from geo.fields import Field
from geo.formats.geojson import LayerSchema
from layers.roads import CONFIDENCES, ROAD_FIELDS
from layers.transit import (
    ROUTES,
    STATIONS,
    TransitRoute,
    as_routes,
    read_by_element,
    stop_table,
)

KIND_NAMES = ("road_tunnel", "road", "rail", "people_mover", "hsr", "corridor")
STATUSES = ("proposed", "planned", "construction")
PROJECT_FIELDS = (
    Field("project_id", required=True),
    Field("project_name_zh", required=True),
    Field("project_name_en", default=""),
    Field("kind", required=True, choices=KIND_NAMES),
    Field("status", required=True, choices=STATUSES),
    Field("status_latest", default=""),
    Field("opening_year", "whole", required=True, low=1990, high=2100),
    Field("clause"),
    Field("source", "any", required=True),
    Field("confidence", choices=CONFIDENCES, required=True),
    Field("assumed_fields", "list", items="text", default=()),
    Field("requires", "list", items="text", default=()),
    Field("replaces", "list", items="text", default=()),
    Field("accuracy_m", "number", low=0, high=20_000),
    Field("cost", "number", low=0, high=1e13),
    Field("cost_source"),
)
_SHARED = {item.name for item in PROJECT_FIELDS}


def _own_layer(layer: LayerSchema) -> LayerSchema:
    """The schema of an element without the columns of the project."""
    fields = tuple(item for item in layer.fields if item.name not in _SHARED)
    return LayerSchema(fields, layer.types, layer.id_field)


ELEMENTS = {
    "road": _own_layer(LayerSchema(ROAD_FIELDS, ("LineString",), "link_id")),
    "route": _own_layer(ROUTES),
    "station": _own_layer(STATIONS),
}


@dataclass(frozen=True)
class Project:
    """One planned link and all that it would add to the network.

    Attributes
    ----------
    clause
        The clause of the plan that names it; None for projects outside the plan.
    assumed_fields
        Names of values that are guesses.
    requires
        Projects that this one needs, because it would not be connected without them.
    replaces
        Road links or routes that it replaces.
    roads
        Streets to add (projected), columns of `layers.roads.ROAD_FIELDS` with `project_id`.
    stops, routes
        Stops and routes to add.
    features
        All features with the project's attributes, as read (EPSG:4326), for maps and exports.
    """

    project_id: str
    name_zh: str
    name_en: str
    kind: str
    status: str
    opening_year: int
    clause: str | None
    source: Any
    confidence: str
    assumed_fields: tuple[str, ...]
    requires: tuple[str, ...]
    replaces: tuple[str, ...]
    cost: float | None
    roads: gpd.GeoDataFrame = field(repr=False)
    stops: gpd.GeoDataFrame = field(repr=False)
    routes: tuple[TransitRoute, ...] = field(repr=False)
    features: gpd.GeoDataFrame = field(repr=False)
    file: str = ""


def _feature_ids(features: gpd.GeoDataFrame) -> list[str]:
    """The id of each road, route or station."""
    columns = [layer.id_field for layer in ELEMENTS.values() if layer.id_field in features]
    return [str(name) for name in features[columns].bfill(axis=1).iloc[:, 0]]


def _attribute_faults(features: gpd.GeoDataFrame, file: str) -> list[Fault]:
    """Faults of project attributes that differ among features, or of an id unlike the file name."""
    faults = []
    first, feature_ids = features.iloc[0], _feature_ids(features)
    for name in ("project_id", "kind", "status", "opening_year", "clause", "requires"):
        values = [str(value) for value in features[name]]
        for feature, value in zip(feature_ids, values, strict=True):
            if value != values[0]:
                message = f"{name} is {value}, elsewhere {values[0]}"
                faults.append(Fault(file, feature, "project-contradicts-itself", message))
    if f"{first['project_id']}.geojson" != file:
        message = f"project_id is {first['project_id']!r}"
        faults.append(Fault(file, "", "project-misnamed", message, "the file's name"))
    return faults


def _project(
    tables: Mapping[str, gpd.GeoDataFrame], crs: str, file: str
) -> tuple[Project, list[Fault]]:
    all_features = pd.concat([table for table in tables.values() if len(table)])
    features = gpd.GeoDataFrame(all_features, geometry="geometry", crs=WGS84).reset_index(drop=True)
    first = features.iloc[0]
    project_id = str(first["project_id"])
    routes, faults = as_routes(tables["route"], file, project_id=project_id)
    stops = stop_table(tables["station"].to_crs(crs), project_id=project_id)
    project = Project(
        project_id=project_id,
        name_zh=first["project_name_zh"],
        name_en=first["project_name_en"],
        kind=first["kind"],
        status=first["status"],
        opening_year=int(first["opening_year"]),
        clause=first["clause"],
        source=first["source"],
        confidence=first["confidence"],
        assumed_fields=tuple(first["assumed_fields"]),
        requires=tuple(first["requires"]),
        replaces=tuple(first["replaces"]),
        cost=None if pd.isna(first["cost"]) else float(first["cost"]),
        roads=tables["road"].to_crs(crs).assign(project_id=project_id),
        stops=stops,
        routes=tuple(routes),
        features=features,
        file=file,
    )
    return project, faults + _attribute_faults(features, file)


def read_project(path: Path, crs: str, datum: Datum = None) -> tuple[Project | None, list[Fault]]:
    """Read the file of one project; None if it has no valid feature."""
    tables, faults = read_by_element(path, ELEMENTS, shared=PROJECT_FIELDS, datum=datum)
    if not any(len(table) for table in tables.values()):
        return None, faults
    project, project_faults = _project(tables, crs, path.name)
    return project, faults + project_faults


def _duplicate_faults(projects: Sequence[Project]) -> list[Fault]:
    seen: dict[str, str] = {}
    faults = []
    for project in projects:
        if project.project_id in seen:
            message = f"project {project.project_id!r} is also in {seen[project.project_id]}"
            faults.append(Fault(project.file, "", "id-duplicate", message, "one file a project"))
        seen.setdefault(project.project_id, project.file)
    return faults


def _requires_faults(project: Project, projects: Mapping[str, Project]) -> list[Fault]:
    """Faults of required projects that do not exist, and of circular requirements."""
    faults = []
    for other in project.requires:
        if other not in projects:
            close = difflib.get_close_matches(other, list(projects), n=1)
            allowed = f"did you mean {close[0]}?" if close else "a project_id"
            message = f"it requires {other!r}, which does not exist"
            faults.append(Fault(project.file, "", "id-unknown", message, allowed, value=other))
    if project.project_id in _all_required(project, projects):
        message, allowed = "it requires, by way of others, itself", "no circle of requires"
        faults.append(Fault(project.file, "", "requires-cycle", message, allowed))
    return faults


def _all_required(project: Project, projects: Mapping[str, Project]) -> set[str]:
    """All projects that a project requires, directly or indirectly."""
    required: set[str] = set()
    pending = list(project.requires)
    while pending:
        name = pending.pop()
        if name not in required:
            required.add(name)
            pending += projects[name].requires if name in projects else ()
    return required


def read_projects(
    folder: Path, crs: str, datum: Datum = None
) -> tuple[dict[str, Project], list[Fault]]:
    """Read all projects of a folder, by id, in order of file names."""
    projects_read, faults = [], []
    for path in sorted(folder.glob("*.geojson")):
        if not path.resolve().is_relative_to(folder.resolve()):
            message, allowed = "it is a link out of the folder", "a file in the folder"
            faults.append(Fault(path.name, "", "path-outside-study", message, allowed))
            continue
        project, project_faults = read_project(path, crs, datum)
        faults += project_faults
        if project:
            projects_read.append(project)
    faults += _duplicate_faults(projects_read)
    projects = {project.project_id: project for project in projects_read}
    for project in projects_read:
        faults += _requires_faults(project, projects)
    return projects, faults
