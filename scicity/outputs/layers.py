"""Layers for files and maps, in longitude and latitude."""

from __future__ import annotations

from collections.abc import Sequence

import geopandas as gpd
import numpy as np
import pandas as pd
from shapely.geometry import LineString
from shapely.geometry.base import BaseGeometry

from analysis.change import EVERYWHERE
from geo.crs import WGS84, to_wgs84
from layers.network import TransportNetwork
from layers.projects import Project
from layers.roads import streets
from layers.route_types import vehicle
from layers.transit import TransitRoute
from scicity.inputs.study import Study
from scicity.results.run_results import Results

PROJECT_COLUMNS = (
    "project_id",
    "element",
    "project_name_zh",
    "project_name_en",
    "kind",
    "status",
    "status_latest",
    "opening_year",
    "clause",
    "source",
    "confidence",
    "assumed_fields",
    "requires",
    "replaces",
    "in_plan",
    "name_zh",
    "name_en",
    "highway",
    "lanes",
    "maxspeed",
    "length",
    "tunnel",
    "bridge",
    "crossing_zh",
    "route_id",
    "route_type",
    "headway_peak_secs",
    "headway_offpeak_secs",
    "stop_id",
    "stop_name",
    "name_status",
    "accuracy_m",
)
ROUTE_COLUMNS = (
    "route_id",
    "route_name",
    "name_en",
    "route_type",
    "vehicle",
    "line",
    "stop_ids",
    "headway_peak_secs",
    "headway_offpeak_secs",
    "confidence",
    "project_id",
)


HEADWAYS = ("headway_peak_secs", "headway_offpeak_secs")


def project_layer(study: Study, in_plan: Sequence[str]) -> gpd.GeoDataFrame:
    """All features of all projects with the projects' attributes, `PROJECT_COLUMNS`.

    `feature_id` joins the project, the element and the feature's own id.
    """
    frames = [_project_features(project) for project in study.projects.values()]
    none = gpd.GeoDataFrame({"project_id": []}, geometry=[], crs=WGS84)
    table = pd.concat(frames, ignore_index=True) if frames else none
    table = table.assign(in_plan=table["project_id"].isin(in_plan))
    columns = ["feature_id", *PROJECT_COLUMNS, "geometry"]
    return gpd.GeoDataFrame(table.reindex(columns=columns), geometry="geometry", crs=WGS84)


def _project_features(project: Project) -> pd.DataFrame:
    features = project.features
    feature = features.reindex(columns=["link_id", "route_id", "stop_id"]).bfill(axis=1).iloc[:, 0]
    ids = features["project_id"] + ":" + features["element"] + ":" + feature.astype(str)
    return pd.DataFrame(features.assign(feature_id=ids))


def area_layer(study: Study) -> gpd.GeoDataFrame:
    """Planning areas with their area and population."""
    people = study.zones().groupby("area_id")["population"].sum()
    areas = study.area.areas
    population = areas["area_id"].map(people).fillna(0.0).round()
    return to_wgs84(areas.assign(area_km2=areas.area / 1e6, population=population))


def named_areas(study: Study) -> pd.DataFrame:
    """Names of the planning areas, then of the whole: `area_id`, `name_zh`, `name_en`."""
    whole = {"area_id": EVERYWHERE, "name_zh": "全部范围", "name_en": "Whole study area"}
    areas = pd.DataFrame(study.area.areas)[list(whole)]
    return pd.concat([areas, pd.DataFrame([whole])], ignore_index=True)


def road_layer(network: TransportNetwork) -> gpd.GeoDataFrame:
    """Each street once, with OSMnx's column names."""
    table = streets(network.roads)
    return to_wgs84(table.drop(columns=["reversed"]))


def _route_line(route: TransitRoute, network: TransportNetwork) -> BaseGeometry:
    return route.shape or LineString(list(network.stops.geometry.loc[list(route.stop_ids)]))


def route_layer(network: TransportNetwork) -> gpd.GeoDataFrame:
    """Each route as its shape, or as a line through its stops if it has none."""
    columns = [name for name in ROUTE_COLUMNS if name != "vehicle"]
    rows = [[getattr(route, name) for name in columns] for route in network.routes]
    lines = [_route_line(route, network) for route in network.routes]
    table = pd.DataFrame(rows, columns=columns)
    table["vehicle"] = [vehicle(route.route_type) for route in network.routes]
    table = table[list(ROUTE_COLUMNS)]
    # files have no infinity: a route that does not run in a period has no headway there
    table = table.assign(**{name: table[name].replace(np.inf, np.nan) for name in HEADWAYS})
    return to_wgs84(gpd.GeoDataFrame(table, geometry=lines, crs=network.stops.crs))


def stop_layer(network: TransportNetwork) -> gpd.GeoDataFrame:
    """Every stop."""
    return to_wgs84(network.stops.reset_index())


def join_layer(results: Results) -> gpd.GeoDataFrame:
    """Joints of the scenario's projects with the network, `PROJECT_JOIN_COLUMNS`.

    `feature_id` joins project, kind, feature and target, with a number if both ends of a road join
    the same target.
    """
    joins = to_wgs84(results.joins)
    parts = ("project_id", "kind", "feature", "joined_to")
    ids = [":".join(str(v) for v in row if not pd.isna(v)) for row in joins[list(parts)].to_numpy()]
    repeat = pd.Series(ids, index=joins.index, dtype=object).groupby(ids).cumcount()
    numbered = [f"{name}:{n + 1}" if n else name for name, n in zip(ids, repeat, strict=True)]
    return joins.assign(feature_id=numbered)
