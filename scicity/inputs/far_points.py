"""Places and stops beyond the snap limit of any street."""

from __future__ import annotations

from collections.abc import Mapping

import geopandas as gpd

from geo.areas import StudyArea
from geo.crs import lonlat_of
from geo.faults import Fault
from layers.network import TransportNetwork
from layers.projects import Project
from layers.roads import streets
from scicity.inputs.baseline import osm_file
from scicity.settings.settings import Settings


def far_warnings(
    settings: Settings,
    area: StudyArea,
    baseline: TransportNetwork,
    *,
    places: gpd.GeoSeries,
    projects: Mapping[str, Project],
) -> list[Fault]:
    """Warnings of places too far from any road, and of stops too far from walkable streets."""
    roads, limit = streets(baseline.roads), settings.assumptions.snap_limit_m
    walkable = roads.loc[roads["walk"].to_numpy(dtype=bool)].reset_index(drop=True)
    files = [*settings.transit_paths(), *([osm_file(settings)] if settings.osm else [])]
    stops = {", ".join(path.name for path in files): baseline.stops.geometry}
    stops |= {p.file: p.stops.geometry for p in projects.values() if len(p.stops)}
    layers = [(settings.path("places").name, places, roads, "any road")]
    for name, points in stops.items():
        inside = points[points.within(area.outline)]
        layers.append((name, inside, walkable, "any street to walk on"))
    faults = []
    for name, points, candidates, target in layers:
        if candidates.empty:
            continue
        (rows, _), distances_m = candidates.sindex.nearest(
            points.to_numpy(), return_all=False, return_distance=True
        )
        for number, metres in zip(rows, distances_m, strict=True):
            if metres > limit:
                message = f"it is {metres:.0f} m from {target}"
                where = (name, str(points.index[number]), "far-from-network")
                allowed, point = f"0 to {limit:g} m (snap_limit_m)", points.iloc[number]
                place = lonlat_of(point.x, point.y, area.crs)
                rounded_m = round(float(metres), 1)
                faults.append(
                    Fault(*where, message, allowed, "warning", place=place, value=rounded_m)
                )
    return faults
