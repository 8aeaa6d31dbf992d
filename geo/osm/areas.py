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
from geo.osm.elements import OsmElements, Relation, positions_in
from geo.osm.selection import is_boundary

ADMIN_COLUMNS = ("relation_id", "name", "name_en", "admin_level", "population", "geometry")
SLIVER_KM2 = 0.01
"""Smaller fragments at the edge of a place are dropped."""
MOST_AREAS = 40
"""A level that divides a place into more areas than this is too fine."""


def _ring_lines(
    elements: OsmElements, relation: Relation, roles: Sequence[str]
) -> list[BaseGeometry] | None:
    """The member ways with some roles as lines; None if one of them is incomplete in the data."""
    refs = [m.ref for m in relation.members if m.kind == "way" and m.role in roles]
    ways = positions_in(np.array(refs, dtype=np.int64), elements.way_ids).tolist()
    if -1 in ways:
        return None
    lines = [(elements.way_points(way), len(elements.way_refs(way))) for way in ways]
    if not all(len(points) == count > 1 for points, count in lines):
        return None
    return [LineString(points) for points, _ in lines]


def _rings(lines: Sequence[BaseGeometry]) -> BaseGeometry | None:
    """The area that lines enclose; None if they do not close."""
    if not lines:
        return shapely.Polygon()
    polygons, *rest = shapely.polygonize_full(list(lines))
    if shapely.is_empty(polygons) or not shapely.is_empty(rest).all():
        return None
    enclosed: BaseGeometry = shapely.union_all(shapely.get_parts(polygons))
    return enclosed


def boundary_polygon(elements: OsmElements, relation: Relation) -> BaseGeometry | None:
    """The area of a boundary relation, EPSG:4326; None if it is incomplete in the data."""
    outer = _ring_lines(elements, relation, ("outer", ""))
    inner = _ring_lines(elements, relation, ("inner",))
    if not outer or inner is None:
        return None
    outline, holes = _rings(outer), _rings(inner)
    if outline is None or holes is None:
        return None
    area = shapely.difference(outline, holes)
    return None if area.is_empty else area


def _population(text: str | None) -> float:
    """The number of a `population` tag; NaN if it is absent or no number."""
    try:
        return float((text or "").replace(",", "").replace(" ", ""))
    except ValueError:
        return float("nan")


def admin_areas(elements: OsmElements) -> tuple[gpd.GeoDataFrame, list[Relation]]:
    """Administrative areas that are complete in the data.

    Returns
    -------
    GeoDataFrame
        `ADMIN_COLUMNS`, EPSG:4326; `admin_level` is an integer, `population` is the tag's.
    list of Relation
        Boundaries with a way missing or a ring that does not close.
    """
    rows, incomplete = [], []
    for relation in elements.relations:
        if not is_boundary(relation.tags):
            continue
        area, tags = boundary_polygon(elements, relation), relation.tags
        if area is None:
            incomplete.append(relation)
            continue
        name = tags.get("name") or tags.get("name:zh") or f"r{relation.relation_id}"
        level, population = int(tags["admin_level"]), _population(tags.get("population"))
        english = tags.get("name:en", "")
        rows.append((relation.relation_id, name, english, level, population, area))
    table = pd.DataFrame.from_records(rows, columns=list(ADMIN_COLUMNS))
    return gpd.GeoDataFrame(table, geometry="geometry", crs=WGS84), incomplete


def _in_place(areas: gpd.GeoDataFrame, place: BaseGeometry) -> gpd.GeoDataFrame:
    """Areas clipped to a place, without slivers."""
    if areas.empty:
        return areas
    parts = shapely.intersection(areas.geometry.to_numpy(), place)
    clipped = areas.set_geometry([_polygons(part) for part in parts], crs=areas.crs)
    metric = clipped.to_crs(clipped.estimate_utm_crs())
    return clipped.loc[metric.area.to_numpy() > SLIVER_KM2 * 1e6].reset_index(drop=True)


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
    suitable = counts.index[(counts >= 2) & (counts <= MOST_AREAS)]  # noqa: PLR2004
    return int(suitable[0]) if len(suitable) else None


def areas_of_place(
    areas: gpd.GeoDataFrame, place: BaseGeometry, level: int | None = None
) -> gpd.GeoDataFrame:
    """A place divided into administrative areas of one level, with the rest as one more area.

    Parameters
    ----------
    areas
        `ADMIN_COLUMNS`.
    place
        Polygon in longitude and latitude.
    level
        `admin_level`; None for the coarsest level that divides the place.

    Returns
    -------
    GeoDataFrame
        `ADMIN_COLUMNS`, an exact coverage of the place; `relation_id` is 0 and the name empty for
        the part that no area covers, or for the whole place if there is no such level.
    """
    clipped = _in_place(areas, place)
    level = level if level is not None else best_level(clipped)
    chosen = clipped.loc[clipped["admin_level"] == level].sort_values("relation_id")
    rest = _polygons(shapely.difference(place, shapely.union_all(chosen.geometry.to_numpy())))
    row = {"relation_id": 0, "name": "", "name_en": "", "admin_level": level or 0}
    remainder = gpd.GeoDataFrame([row | {"population": float("nan")}], geometry=[rest], crs=WGS84)
    remainder = _in_place(remainder, place) if not rest.is_empty else remainder.iloc[:0]
    tables = [table for table in (chosen, remainder) if len(table)]
    coverage = gpd.GeoDataFrame(pd.concat(tables, ignore_index=True), crs=WGS84)
    return coverage[list(ADMIN_COLUMNS)]


def first_complete_area(
    elements: OsmElements, relations: Iterable[Relation]
) -> BaseGeometry | None:
    """The area of the first complete boundary, the coarsest levels first."""
    by_level = sorted(relations, key=lambda r: (int(r.tags["admin_level"]), r.relation_id))
    polygons = (boundary_polygon(elements, relation) for relation in by_level)
    return next((polygon for polygon in polygons if polygon is not None), None)
