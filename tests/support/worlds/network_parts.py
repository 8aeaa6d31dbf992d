"""Stops, routes, projects and planning areas in memory."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import replace
from typing import Any

import geopandas as gpd
import pandas as pd
import shapely
from coordinates import CRS, point
from shapely.geometry import LineString

from geo.areas import StudyArea
from geo.crs import WGS84
from layers.projects import Project
from layers.roads import ROAD_FIELDS
from layers.transit import TransitRoute


def stops(places: gpd.GeoSeries, *, project_id: str = "") -> gpd.GeoDataFrame:
    """Stops at places, with `layers.transit.STOP_COLUMNS`."""
    columns = {
        "stop_name": [f"stop {name}" for name in places.index],
        "name_en": "",
        "accuracy_m": 0.0,
        "name_status": "confirmed",
        "confidence": "published",
        "project_id": project_id,
    }
    index = pd.Index(places.index, name="stop_id", dtype=object)
    geometry = places.to_numpy()
    return gpd.GeoDataFrame(pd.DataFrame(columns, index=index), geometry=geometry, crs=CRS)


def route(
    route_id: str,
    stop_ids: Iterable[str],
    hop_secs: float | Sequence[float] = 60.0,
    *,
    headway_secs: float = 600.0,
    **values: Any,
) -> TransitRoute:
    """A bus, unless told otherwise; one number for the hops means all of them."""
    named = tuple(stop_ids)
    hops = hop_secs if isinstance(hop_secs, Sequence) else [hop_secs] * (len(named) - 1)
    defaults: dict[str, Any] = {
        "route_name": route_id,
        "name_en": "",
        "route_type": 3,
        "line": route_id,
        "headway_peak_secs": headway_secs,
        "headway_offpeak_secs": headway_secs,
    }
    own = {"route_id": route_id, "stop_ids": named, "hop_secs": tuple(map(float, hops))}
    return TransitRoute(**{**defaults, **own, **values})


def road(link_id: str, line: LineString, **values: Any) -> dict[str, Any]:
    """One road of a project, a record of `layers.roads.ROAD_FIELDS`."""
    record = {item.name: item.default for item in ROAD_FIELDS}
    needed = {"link_id": link_id, "highway": "primary", "maxspeed": 36.0, "geometry": line}
    return record | {"name_zh": link_id} | needed | values


def tunnel(link_id: str, line: LineString, **values: Any) -> dict[str, Any]:
    """One tunnel of a project."""
    return road(link_id, line, tunnel=True, **values)


def project(
    project_id: str,
    *,
    roads: Sequence[Mapping[str, Any]] = (),
    routes: Sequence[TransitRoute] = (),
    stops_at: gpd.GeoSeries | None = None,
    **values: Any,
) -> Project:
    """A project in memory: roads, routes and the stops it adds."""
    columns = [*(item.name for item in ROAD_FIELDS), "geometry"]
    table = pd.DataFrame.from_records(list(roads), columns=columns)
    places = gpd.GeoSeries([], crs=CRS) if stops_at is None else stops_at
    defaults: dict[str, Any] = {
        "name_zh": project_id,
        "name_en": project_id,
        "kind": "road",
        "status": "planned",
        "opening_year": 2025,
        "clause": None,
        "source": {"document": "a test"},
        "confidence": "assumed",
        "assumed_fields": (),
        "requires": (),
        "replaces": (),
        "cost": None,
        "file": f"{project_id}.geojson",
    }
    return Project(
        project_id=project_id,
        roads=gpd.GeoDataFrame(table, geometry="geometry", crs=CRS).assign(project_id=project_id),
        stops=stops(places, project_id=project_id),
        routes=tuple(replace(item, project_id=project_id) for item in routes),
        features=gpd.GeoDataFrame({"element": []}, geometry=[], crs=WGS84),
        **{**defaults, **values},
    )


def area_boxes(**boxes: tuple[float, float, float, float]) -> StudyArea:
    """Planning areas: left, top, right, bottom in km from the drawing's first character."""
    shapes = [
        shapely.box(
            *point(left * 1e3, bottom * 1e3).coords[0], *point(right * 1e3, top * 1e3).coords[0]
        )
        for left, top, right, bottom in boxes.values()
    ]
    return areas_of(dict(zip(boxes, shapes, strict=True)))


def areas_of(shapes: Mapping[str, shapely.Geometry]) -> StudyArea:
    """Planning areas of any shape; the first is the core."""
    names = list(shapes)
    roles = ["core" if name == names[0] else "ring" for name in names]
    columns = {"area_id": names, "name_zh": names, "name_en": names, "role": roles}
    return StudyArea(gpd.GeoDataFrame(columns, geometry=list(shapes.values()), crs=CRS))
