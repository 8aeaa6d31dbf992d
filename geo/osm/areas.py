"""Administrative areas from the boundary relations of OpenStreetMap."""

from __future__ import annotations

from collections.abc import Iterable, Sequence

import geopandas as gpd
import numpy as np
import pandas as pd
import shapely
from shapely.geometry import LineString
from shapely.geometry.base import BaseGeometry

from geo.crs import WGS84
from geo.osm.elements import OsmElements, Relation, places_of
from geo.osm.selection import is_boundary

ADMIN_COLUMNS = ("relation_id", "name", "name_en", "admin_level", "population", "geometry")
SLIVER_KM2 = 0.01
"""Smaller remains of an area at the edge of a place are no areas."""
MOST_AREAS = 40
"""A level with more areas than this in a place is too fine to be asked about one by one."""


def _ring_lines(
    found: OsmElements, relation: Relation, roles: Sequence[str]
) -> list[BaseGeometry] | None:
    """The ways of some roles as lines; None if one of them is not wholly in the data."""
    refs = [m.ref for m in relation.members if m.kind == "way" and m.role in roles]
    ways = places_of(np.array(refs, dtype=np.int64), found.way_ids).tolist()
    if -1 in ways:
        return None
    lines = [(found.way_points(way), len(found.way_refs(way))) for way in ways]
    if not all(len(points) == count > 1 for points, count in lines):
        return None
    return [LineString(points) for points, _ in lines]


def _rings(lines: Sequence[BaseGeometry]) -> BaseGeometry | None:
    """What the lines enclose; None if they do not close."""
    if not lines:
        return shapely.Polygon()
    polygons, *rest = shapely.polygonize_full(list(lines))
    if shapely.is_empty(polygons) or not shapely.is_empty(rest).all():
        return None
    enclosed: BaseGeometry = shapely.union_all(shapely.get_parts(polygons))
    return enclosed


def boundary_polygon(found: OsmElements, relation: Relation) -> BaseGeometry | None:
    """The area of a boundary relation, in longitude and latitude; None if it is not whole."""
    outer = _ring_lines(found, relation, ("outer", ""))
    inner = _ring_lines(found, relation, ("inner",))
    if not outer or inner is None:
        return None
    around, holes = _rings(outer), _rings(inner)
    if around is None or holes is None:
        return None
    area = shapely.difference(around, holes)
    return None if area.is_empty else area


def _number(text: str | None) -> float:
    """A `population` tag; NaN where there is none or it is no number."""
    try:
        return float((text or "").replace(",", "").replace(" ", ""))
    except ValueError:
        return float("nan")


def admin_areas(found: OsmElements) -> tuple[gpd.GeoDataFrame, list[Relation]]:
    """Administrative areas that are whole in the data.

    Returns
    -------
    GeoDataFrame
        `ADMIN_COLUMNS`, EPSG:4326; `admin_level` is a whole number, `population` the tag's.
    list of Relation
        Boundaries with a way missing or a ring that does not close.
    """
    rows, broken = [], []
    for relation in found.relations:
        if not is_boundary(relation.tags):
            continue
        area, tags = boundary_polygon(found, relation), relation.tags
        if area is None:
            broken.append(relation)
            continue
        name = tags.get("name") or tags.get("name:zh") or f"r{relation.relation_id}"
        level, people = int(tags["admin_level"]), _number(tags.get("population"))
        english = tags.get("name:en", "")
        rows.append((relation.relation_id, name, english, level, people, area))
    table = pd.DataFrame.from_records(rows, columns=list(ADMIN_COLUMNS))
    return gpd.GeoDataFrame(table, geometry="geometry", crs=WGS84), broken


def _in_place(areas: gpd.GeoDataFrame, place: BaseGeometry) -> gpd.GeoDataFrame:
    """The parts of areas in a place, without slivers."""
    if areas.empty:
        return areas
    parts = shapely.intersection(areas.geometry.to_numpy(), place)
    cut = areas.set_geometry([_polygons(part) for part in parts], crs=areas.crs)
    metric = cut.to_crs(cut.estimate_utm_crs())
    return cut.loc[metric.area.to_numpy() > SLIVER_KM2 * 1e6].reset_index(drop=True)


def _polygons(geometry: BaseGeometry) -> BaseGeometry:
    parts = [p for p in shapely.get_parts(geometry) if p.geom_type == "Polygon"]
    return parts[0] if len(parts) == 1 else shapely.MultiPolygon(parts)


def best_level(areas: gpd.GeoDataFrame) -> int | None:
    """The coarsest level that divides a place into 2 to `MOST_AREAS` areas; None if none does.

    Examples
    --------
    >>> best_level(gpd.GeoDataFrame({"admin_level": [4, 6, 6, 6]}, geometry=[None] * 4))
    6
    """
    counts = areas["admin_level"].value_counts().sort_index()
    fitting = counts.index[(counts >= 2) & (counts <= MOST_AREAS)]  # noqa: PLR2004
    return int(fitting[0]) if len(fitting) else None


def areas_of_place(
    areas: gpd.GeoDataFrame, place: BaseGeometry, level: int | None = None
) -> gpd.GeoDataFrame:
    """A place divided into administrative areas of one level; what none covers is one more.

    Parameters
    ----------
    areas
        `ADMIN_COLUMNS`.
    place
        Polygon in longitude and latitude.
    level
        `admin_level`; None for the coarsest that divides the place.

    Returns
    -------
    GeoDataFrame
        `ADMIN_COLUMNS`, an exact coverage of the place; `relation_id` 0 and an empty name for
        what no area covers, or for the whole place if there is no such level.
    """
    inside = _in_place(areas, place)
    level = level if level is not None else best_level(inside)
    chosen = inside.loc[inside["admin_level"] == level].sort_values("relation_id")
    rest = _polygons(shapely.difference(place, shapely.union_all(chosen.geometry.to_numpy())))
    row = {"relation_id": 0, "name": "", "name_en": "", "admin_level": level or 0}
    remains = gpd.GeoDataFrame([row | {"population": float("nan")}], geometry=[rest], crs=WGS84)
    remains = _in_place(remains, place) if not rest.is_empty else remains.iloc[:0]
    both = [table for table in (chosen, remains) if len(table)]
    together = gpd.GeoDataFrame(pd.concat(both, ignore_index=True), crs=WGS84)
    return together[list(ADMIN_COLUMNS)]


def first_whole(found: OsmElements, relations: Iterable[Relation]) -> BaseGeometry | None:
    """The area of the first boundary that is whole, the largest areas first."""
    by_level = sorted(relations, key=lambda r: (int(r.tags["admin_level"]), r.relation_id))
    polygons = (boundary_polygon(found, relation) for relation in by_level)
    return next((polygon for polygon in polygons if polygon is not None), None)
