"""Warnings of layers that seem to be in an undeclared map datum."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import numpy as np
import shapely

from geo.datum_fit import FROM_WGS84, INTO_WGS84, Fit, better_fit
from geo.datums import SHIFTED
from geo.faults import Fault
from layers.roads import streets
from layers.route_types import is_bus

if TYPE_CHECKING:
    from scicity.inputs.study import Study


def _warning(file: str, name: str, fit: Fit, reference: str) -> Fault:
    message = (
        f"it looks like {fit.datum}, {fit.off_m:.0f} m off: half of it lies within "
        f"{fit.declared_m:.0f} m of {reference}, converted within {fit.converted_m:.0f} m"
    )
    allowed = f'if so, {name} = "{fit.datum}" in [datums]'
    return Fault(file, "", "datum-suspect", message, allowed, "warning")


def _unshifted(study: Study, name: str) -> bool:
    """Whether a layer is held for WGS 84, or as good as that."""
    return not set(study.settings.datums.get(name, ())) & set(SHIFTED)


def _stops(study: Study) -> dict[str, np.ndarray]:
    """Stops of the study's files, not of OSM: those of buses, and the others."""
    from_osm = set() if study.osm is None else set(study.osm.stops.index)
    buses = {s for r in study.baseline.routes if is_bus(r.route_type) for s in r.stop_ids}
    stops = study.baseline.stops[~study.baseline.stops.index.isin(from_osm)].geometry
    by_bus = stops.index.isin(buses)
    by_kind = {"buses": stops[by_bus], "other lines": stops[~by_bus]}
    return {kind: shapely.get_coordinates(points.array) for kind, points in by_kind.items()}


def _layers(study: Study) -> list[tuple[str, str, np.ndarray]]:
    """File, name in `[datums]` and positions of each layer of points."""
    files = study.settings.files
    tables = {"places": study.places, "opportunities": study.opportunities}
    tables |= {name: c.table for name, c in study.counts.items() if c.kind == "points"}
    count_paths = study.settings.count_paths()
    layers = [
        (
            count_paths[name].name if name in count_paths else str(getattr(files, name)),
            name,
            table.geometry.array,
        )
        for name, table in tables.items()
    ]
    points = [
        (file.split("/")[-1], name, shapely.get_coordinates(geometries))
        for file, name, geometries in layers
    ]
    points += [(f"transit ({kind})", "transit", xy) for kind, xy in _stops(study).items()]
    geometries_of_projects = [p.stops.geometry.array for p in study.projects.values()]
    geometries_of_projects += [
        shapely.boundary(p.roads.geometry.array) for p in study.projects.values()
    ]
    ends = np.vstack([np.zeros((0, 2)), *map(shapely.get_coordinates, geometries_of_projects)])
    points.append((str(files.projects), "projects", ends))
    return [layer for layer in points if _unshifted(study, layer[1])]


def _road_warnings(study: Study, xy: np.ndarray, points: np.ndarray) -> list[Fault]:
    """Warning of the study's roads, if the roads seem to be shifted."""
    if study.osm is not None or not all(map(_unshifted, [study] * 2, ["road_nodes", "road_edges"])):
        return []
    fit = better_fit(xy, points, study.area.crs, FROM_WGS84)
    file = study.settings.path("road_edges").name
    return [_warning(file, "road_nodes and road_edges", fit, "places and stops")] if fit else []


def _edges(polygons: Any) -> np.ndarray:
    """Each edge as a separate line: a spatial index is faster on many short lines."""
    xy, line = shapely.get_coordinates(
        shapely.get_parts(shapely.boundary(polygons)), return_index=True
    )
    pairs = np.stack([xy[:-1], xy[1:]], axis=1)[line[:-1] == line[1:]]
    return np.asarray(shapely.linestrings(pairs))


def _area_warnings(study: Study) -> list[Fault]:
    """Warnings of areas and districts, each compared with the borders of the other."""
    frames = {"areas": study.area.areas, "districts": study.districts}
    if not study.settings.has("districts") or not all(_unshifted(study, name) for name in frames):
        return []
    paths = {n: study.settings.path(n) for n in ("areas", "districts")}
    faults = []
    for name, other in (("areas", "districts"), ("districts", "areas")):
        borders = _edges(frames[other].geometry.array)
        xy = shapely.get_coordinates(frames[name].geometry.array)
        fit = better_fit(xy, borders, study.area.crs)
        if fit:
            faults.append(_warning(paths[name].name, name, fit, f"the {other}"))
    return faults


def datum_warnings(study: Study) -> list[Fault]:
    """Warnings of layers that fit the roads clearly better in GCJ-02 or BD-09, within China only.

    Each layer of points is compared with the roads unchanged and converted, the study's own roads
    with all these points, areas and districts with each other. Layers that are declared in a map
    datum are skipped.
    """
    roads = streets(study.baseline.roads).geometry.array
    layers = _layers(study)
    faults = []
    for file, name, xy in layers:
        fit = better_fit(xy, roads, study.area.crs, INTO_WGS84)
        faults += [_warning(file, name, fit, "the roads")] if fit else []
    all_points = np.vstack(
        [np.zeros((0, 2)), *(xy for _, name, xy in layers if name != "projects")]
    )
    return [*faults, *_road_warnings(study, all_points, roads), *_area_warnings(study)]
