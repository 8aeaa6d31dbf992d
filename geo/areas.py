"""The study area and its planning areas."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path

import geopandas as gpd
import numpy as np
import pandas as pd
import shapely
from shapely.geometry.base import BaseGeometry

from geo.datums import Datum
from geo.faults import Fault
from geo.fields import Field
from geo.formats.features import read_layer
from geo.formats.geojson import LayerSchema

AREAS = LayerSchema(
    fields=(
        Field("area_id", required=True),
        Field("name_zh", required=True),
        Field("name_en", required=True),
        Field("role", required=True, choices=("core", "ring")),
        Field("accuracy_m", "number", low=0, high=10_000),
        Field("vintage", "any"),
        Field("confidence", choices=("published", "derived", "assumed")),
        Field("source", "any"),
        Field("note"),
    ),
    types=("Polygon", "MultiPolygon"),
    id_field="area_id",
)
DISTRICTS = LayerSchema(
    fields=(Field("district_id", required=True), *AREAS.fields[1:3], *AREAS.fields[4:]),
    types=AREAS.types,
    id_field="district_id",
)
BORDER_COLUMNS = ("border_id", "area_a", "area_b", "geometry")


@dataclass(frozen=True)
class StudyArea:
    """The planning areas, which partition the study area.

    Attributes
    ----------
    areas
        `area_id`, `name_zh`, `name_en`, `role` and geometry, in a projected system (metres).
    """

    areas: gpd.GeoDataFrame

    @property
    def crs(self) -> str:
        """The projected CRS in which lengths and areas are measured."""
        return str(self.areas.crs.to_string())

    @property
    def outline(self) -> BaseGeometry:
        """The union of all areas, even if some of them overlap by mistake."""
        shapes = self.areas.geometry.to_numpy()
        try:
            return shapely.coverage_union_all(shapes)
        except shapely.errors.GEOSException:
            return shapely.union_all(shapes)


def _coverage_faults(areas: gpd.GeoDataFrame, file: str) -> list[Fault]:
    """Faults of areas that overlap or leave a gap: neighbours must share their edges."""
    edges = shapely.coverage_invalid_edges(areas.geometry.to_numpy())
    faults = []
    for area_id, edge in zip(areas["area_id"], edges, strict=True):
        if not edge.is_empty:
            at = shapely.get_coordinates(edge)[0]
            message = f"overlaps or leaves a gap to a neighbour at {at[0]:.5f}, {at[1]:.5f}"
            place = (float(at[0]), float(at[1]))
            code, allowed = "areas-not-a-coverage", "shared edges"
            faults.append(Fault(file, area_id, code, message, allowed, place=place))
    return faults


def read_study_area(path: Path, crs: str, datum: Datum = None) -> tuple[StudyArea, list[Fault]]:
    """Read the planning areas and check that they are a partition.

    Parameters
    ----------
    path
        Polygons or MultiPolygons, see `AREAS`.
    crs
        A projected system in metres.
    datum
        The datum that the study declares for the file, see `geo.datums`.
    """
    areas, faults = read_layer(path, AREAS, datum)
    faults += _coverage_faults(areas, path.name)
    return StudyArea(areas.to_crs(crs)), faults


def read_districts(
    path: Path, crs: str, datum: Datum = None
) -> tuple[gpd.GeoDataFrame, list[Fault]]:
    """Read the census districts (`DISTRICTS`), projected to `crs`."""
    districts, faults = read_layer(path, DISTRICTS, datum)
    return districts.to_crs(crs), faults


def area_of(study_area: StudyArea, points: gpd.GeoSeries) -> np.ndarray:
    """The id of the planning area that contains each point; empty text outside all areas."""
    areas = study_area.areas
    point, area = areas.sindex.query(points.to_numpy(), predicate="intersects")
    area_ids = np.full(len(points), "", dtype=object)
    # a point on a border belongs to the first area in the file
    area_ids[point[::-1]] = areas["area_id"].to_numpy()[area[::-1]]
    return area_ids


def borders(study_area: StudyArea) -> gpd.GeoDataFrame:
    """The lines that two planning areas share.

    Returns
    -------
    GeoDataFrame
        `border_id` (`a|b`, ids sorted), `area_a`, `area_b`, geometry (line or lines).
    """
    areas = study_area.areas.sort_values("area_id")
    ids, shapes = areas["area_id"].to_numpy(), areas.geometry.to_numpy()
    rows = []
    for a in range(len(ids)):
        for b in range(a + 1, len(ids)):
            shared = shapely.intersection(shapely.boundary(shapes[a]), shapely.boundary(shapes[b]))
            lines = [g for g in shapely.get_parts(shared) if g.length > 0]
            if lines:
                line = shapely.line_merge(shapely.multilinestrings(lines))
                rows.append((f"{ids[a]}|{ids[b]}", ids[a], ids[b], line))
    table = pd.DataFrame.from_records(rows, columns=list(BORDER_COLUMNS))
    return gpd.GeoDataFrame(table, geometry="geometry", crs=areas.crs)
