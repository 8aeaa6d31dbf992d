"""Planned projects: what each would add, and who says so."""

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


def _layer(layer: LayerSchema) -> LayerSchema:
    """An element's own columns: those that are not the project's."""
    own = tuple(item for item in layer.fields if item.name not in _SHARED)
    return LayerSchema(own, layer.types, layer.id_field)


ELEMENTS = {
    "road": _layer(LayerSchema(ROAD_FIELDS, ("LineString",), "link_id")),
    "route": _layer(ROUTES),
    "station": _layer(STATIONS),
}


@dataclass(frozen=True)
class Project:
    """One planned link and everything it would add to the networks.

    Attributes
    ----------
    clause
        The clause of the plan that names it; None for projects outside the plan.
    assumed_fields
        Names of values that are guesses.
    requires
        Projects without which this one hangs in the air.
    replaces
        Road links or routes whose place it takes.
    roads
        Streets to add (projected), columns of `layers.roads.ROAD_FIELDS` with `project_id`.
    stops, routes
        Stops and services to add.
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


def _own_ids(features: gpd.GeoDataFrame) -> list[str]:
    """The id of each road, route or station."""
    columns = [layer.id_field for layer in ELEMENTS.values() if layer.id_field in features]
    return [str(name) for name in features[columns].bfill(axis=1).iloc[:, 0]]


def _same_project_faults(features: gpd.GeoDataFrame, file: str) -> list[Fault]:
    """Attributes of the project must agree on all its features; ids match the file's name."""
    faults = []
    first = features.iloc[0]
    for name in ("project_id", "kind", "status", "opening_year", "clause", "requires"):
        told = [str(value) for value in features[name]]
        for feature, value in zip(_own_ids(features), told, strict=True):
            if value != told[0]:
                message = f"{name} is {value}, elsewhere {told[0]}"
                faults.append(Fault(file, feature, "project-contradicts-itself", message))
    if f"{first['project_id']}.geojson" != file:
        message = f"project_id is {first['project_id']!r}"
        faults.append(Fault(file, "", "project-misnamed", message, "the file's name"))
    return faults


def _project(
    tables: Mapping[str, gpd.GeoDataFrame], crs: str, file: str
) -> tuple[Project, list[Fault]]:
    together = pd.concat([table for table in tables.values() if len(table)])
    features = gpd.GeoDataFrame(together, geometry="geometry", crs=WGS84).reset_index(drop=True)
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
    return project, faults + _same_project_faults(features, file)


def read_project(path: Path, crs: str, datum: Datum = None) -> tuple[Project | None, list[Fault]]:
    """Read one project's file; None if nothing in it is sound."""
    tables, faults = read_by_element(path, ELEMENTS, shared=PROJECT_FIELDS, datum=datum)
    if not any(len(table) for table in tables.values()):
        return None, faults
    project, wrong = _project(tables, crs, path.name)
    return project, faults + wrong


def _twice_faults(projects: Sequence[Project]) -> list[Fault]:
    seen: dict[str, str] = {}
    faults = []
    for project in projects:
        if project.project_id in seen:
            message = f"project {project.project_id!r} is also in {seen[project.project_id]}"
            faults.append(Fault(project.file, "", "id-duplicate", message, "one file a project"))
        seen.setdefault(project.project_id, project.file)
    return faults


def _requires_faults(project: Project, projects: Mapping[str, Project]) -> list[Fault]:
    """Required projects that do not exist, and those that in the end require this one."""
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
    """Everything a project requires, what that requires, and so on."""
    found: set[str] = set()
    ahead = list(project.requires)
    while ahead:
        name = ahead.pop()
        if name not in found:
            found.add(name)
            ahead += projects[name].requires if name in projects else ()
    return found


def read_projects(
    folder: Path, crs: str, datum: Datum = None
) -> tuple[dict[str, Project], list[Fault]]:
    """Read every project of a folder, by id, in the order of the file names."""
    found, faults = [], []
    for path in sorted(folder.glob("*.geojson")):
        if not path.resolve().is_relative_to(folder.resolve()):
            message, allowed = "it is a link out of the folder", "a file in the folder"
            faults.append(Fault(path.name, "", "path-outside-study", message, allowed))
            continue
        project, wrong = read_project(path, crs, datum)
        faults += wrong
        if project:
            found.append(project)
    faults += _twice_faults(found)
    projects = {project.project_id: project for project in found}
    for project in found:
        faults += _requires_faults(project, projects)
    return projects, faults
