"""Warnings of layers that look as if they were in a map datum that nobody has declared."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import numpy as np
import shapely

from geo.datum_fit import FROM_WGS84, INTO_WGS84, Fit, better_fit
from geo.datums import SHIFTED
from geo.faults import Fault
from layers.roads import streets
from layers.transit import BUS

if TYPE_CHECKING:
    from scicity.inputs.study import Study


def _warning(file: str, name: str, fit: Fit, there: str) -> Fault:
    message = (
        f"it looks like {fit.datum}, {fit.off_m:.0f} m off: half of it lies within "
        f"{fit.declared_m:.0f} m of {there}, converted within {fit.converted_m:.0f} m"
    )
    allowed = f'if so, {name} = "{fit.datum}" in [datums]'
    return Fault(file, "", "datum-suspect", message, allowed, "warning")


def _unshifted(study: Study, name: str) -> bool:
    """Whether a layer is held for WGS 84, or as good as that."""
    return not set(study.settings.datums.get(name, ())) & set(SHIFTED)


def _stops(study: Study) -> dict[str, np.ndarray]:
    """Stops of the study's own files: those of buses, and the others."""
    drawn = set() if study.osm is None else set(study.osm.stops.index)
    buses = {s for r in study.baseline.routes if r.route_type == BUS for s in r.stop_ids}
    own = study.baseline.stops[~study.baseline.stops.index.isin(drawn)].geometry
    by_bus = own.index.isin(buses)
    found = {"buses": own[by_bus], "other lines": own[~by_bus]}
    return {kind: shapely.get_coordinates(points.array) for kind, points in found.items()}


def _layers(study: Study) -> list[tuple[str, str, np.ndarray]]:
    """File, name in `[datums]` and positions of each layer of points."""
    files = study.settings.files
    file_of = {"places": files.places, "opportunities": files.opportunities}
    file_of |= {"population": files.population}
    file_of |= {name: path.name for name, path in study.settings.count_paths().items()}
    named = {"places": study.places, "opportunities": study.opportunities}
    named |= {name: c.table for name, c in study.counts.items() if c.kind == "points"}
    found = [(str(file_of[n]), n, table.geometry.array) for n, table in named.items()]
    points = [(file.split("/")[-1], n, shapely.get_coordinates(g)) for file, n, g in found]
    points += [(f"transit ({kind})", "transit", xy) for kind, xy in _stops(study).items()]
    joints = [p.stops.geometry.array for p in study.projects.values()]
    joints += [shapely.boundary(p.roads.geometry.array) for p in study.projects.values()]
    ends = np.vstack([np.zeros((0, 2)), *map(shapely.get_coordinates, joints)])
    points.append((files.projects, "projects", ends))
    return [layer for layer in points if _unshifted(study, layer[1])]


def _road_warnings(study: Study, xy: np.ndarray, there: np.ndarray) -> list[Fault]:
    """The study's own roads, if it is they that are off."""
    if study.osm is not None or not all(map(_unshifted, [study] * 2, ["road_nodes", "road_edges"])):
        return []
    fit = better_fit(xy, there, study.area.crs, FROM_WGS84)
    file = study.settings.path("road_edges").name
    return [_warning(file, "road_nodes and road_edges", fit, "places and stops")] if fit else []


def _edges(polygons: Any) -> np.ndarray:
    """Each edge as a line of its own: the nearest of many is found much quicker than on a few."""
    xy, line = shapely.get_coordinates(
        shapely.get_parts(shapely.boundary(polygons)), return_index=True
    )
    pairs = np.stack([xy[:-1], xy[1:]], axis=1)[line[:-1] == line[1:]]
    return np.asarray(shapely.linestrings(pairs))


def _area_warnings(study: Study) -> list[Fault]:
    """Areas and districts, each against the borders of the other."""
    both = {"areas": study.area.areas, "districts": study.districts}
    if not study.settings.has("districts") or not all(_unshifted(study, name) for name in both):
        return []
    paths = {n: study.settings.path(n) for n in ("areas", "districts")}
    faults = []
    for name, other in (("areas", "districts"), ("districts", "areas")):
        there = _edges(both[other].geometry.array)
        xy = shapely.get_coordinates(both[name].geometry.array)
        fit = better_fit(xy, there, study.area.crs)
        if fit:
            faults.append(_warning(paths[name].name, name, fit, f"the {other}"))
    return faults


def datum_warnings(study: Study) -> list[Fault]:
    """Layers that would clearly lie better on the roads in GCJ-02 or BD-09, inside China only.

    Each layer of points is compared with the roads as it stands and converted, the study's own
    roads with all these points together, areas and districts with each other. Layers that are
    declared to be in a map datum are not looked at.
    """
    there = streets(study.baseline.roads).geometry.array
    layers = _layers(study)
    faults = []
    for file, name, xy in layers:
        fit = better_fit(xy, there, study.area.crs, INTO_WGS84)
        faults += [_warning(file, name, fit, "the roads")] if fit else []
    together = np.vstack([np.zeros((0, 2)), *(xy for _, name, xy in layers if name != "projects")])
    return [*faults, *_road_warnings(study, together, there), *_area_warnings(study)]
