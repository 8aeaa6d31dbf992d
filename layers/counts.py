"""Counts of people, jobs or places: by point, by polygon or by raster cell."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any, Literal

import geopandas as gpd
import numpy as np
from shapely.geometry.base import BaseGeometry

from geo.areal.raster_cells import cells
from geo.areal.rasters import SUFFIXES, Raster, read_raster
from geo.areas import StudyArea
from geo.datums import Datum
from geo.faults import Fault
from geo.fields import Field
from geo.formats.features import SUFFIXES as VECTOR_SUFFIXES
from geo.formats.features import read_features
from geo.formats.geojson import LayerSchema, checked_layer
from layers.places import POPULATION

Kind = Literal["points", "polygons", "raster"]

COUNT_COLUMNS = ("count", "geometry")

_TYPES: Mapping[Kind, tuple[str, ...]] = {
    "points": ("Point",),
    "polygons": ("Polygon", "MultiPolygon"),
}


@dataclass(frozen=True)
class Counts:
    """Numbers of people, jobs or places, with their positions.

    Attributes
    ----------
    file
        The name of their file.
    kind
        `points`; `polygons`, with the count of each spread evenly over its area; or `raster`,
        with cells that are such polygons.
    table
        `COUNT_COLUMNS` (people by point also `district_id`), in the study area's CRS; empty for
        a raster.
    raster
        The part of a raster that covers the study area; None for points and polygons.
    """

    file: str
    kind: Kind
    table: gpd.GeoDataFrame
    raster: Raster | None = None

    def patches(self, place: BaseGeometry) -> Iterator[gpd.GeoDataFrame]:
        """`COUNT_COLUMNS` of the polygons that may meet a place, in batches; none for points."""
        if self.raster is not None:
            yield from cells(self.raster, place, str(self.table.crs.to_string()))
        elif self.kind == "polygons":
            yield self.table


def no_counts(crs: str) -> Counts:
    """An empty layer, for a study without such a file.

    Examples
    --------
    >>> len(no_counts("EPSG:32648").table)
    0
    """
    table = {"count": np.zeros(0), "district_id": np.zeros(0, dtype=object)}
    return Counts("", "points", gpd.GeoDataFrame(table, geometry=[], crs=crs))


def point_counts(points: gpd.GeoDataFrame, file: str = "") -> Counts:
    """A count of one for each point.

    Examples
    --------
    >>> points = gpd.GeoDataFrame(geometry=gpd.points_from_xy([1, 2], [3, 4]), crs=32648)
    >>> point_counts(points).table["count"].tolist()
    [1.0, 1.0]
    """
    return Counts(file, "points", points.assign(count=1.0)[list(COUNT_COLUMNS)])


CountsAndFaults = tuple[Counts, list[Fault]]


def _raster_counts(path: Path, study_area: StudyArea) -> CountsAndFaults:
    # overlapping areas have no coverage union, and are a fault of their own file
    crs, place = study_area.crs, study_area.areas.union_all()
    if place.is_empty:
        return no_counts(crs), []
    raster, faults = read_raster(path, place, crs)
    if raster is None:
        return no_counts(crs), faults
    return Counts(path.name, "raster", no_counts(crs).table, raster), faults


def _kind(features: Sequence[dict[str, Any]], file: str) -> tuple[Kind, list[Fault]]:
    """The kind of the features, points or polygons; a mixture is a fault."""
    geometries = [feature.get("geometry") for feature in features]
    types = [g.get("type") for g in geometries if isinstance(g, dict)]
    points, polygons = (sum(t in _TYPES[kind] for t in types) for kind in _TYPES)
    if points and polygons:
        message = f"it has {points} points and {polygons} polygons"
        return "points", [Fault(file, "", "geometry-mixed", message, "points or polygons only")]
    return "polygons" if polygons else "points", []


def _column_faults(features: Sequence[dict[str, Any]], column: str, file: str) -> list[Fault]:
    """A fault if no feature has a column; it lists the columns that there are."""
    names = sorted({str(name) for feature in features for name in feature["properties"]})
    if not features or column in names:
        return []
    message = f"no feature has a column {column!r}"
    return [Fault(file, "", "column-missing", message, ", ".join(names) or "a column")]


def _vector_counts(
    path: Path, crs: str, *, layer: LayerSchema | None, column: str | None, datum: Datum
) -> CountsAndFaults:
    """Counts of points or polygons; without a schema any other columns are allowed."""
    if path.suffix.lower() not in VECTOR_SUFFIXES:
        allowed = ", ".join((*SUFFIXES, *VECTOR_SUFFIXES))
        message = f"its name ends in {path.suffix!r}"
        return no_counts(crs), [Fault(path.name, "", "file-kind-unknown", message, allowed)]
    features, faults = read_features(path, layer.fields if layer else None, datum)
    kind, more_faults = _kind(features, path.name)
    if kind == "polygons" and column is None:
        allowed = "column = a column of numbers, in study.toml"
        more_faults.append(Fault(path.name, "", "column-missing", "polygons need a count", allowed))
    if column and not layer:
        more_faults += _column_faults(features, column, path.name)
    if more_faults:
        return no_counts(crs), faults + more_faults
    if layer is None:
        layer, features = _count_layer(features, column)
    table, more_faults = checked_layer(
        features, replace(layer, types=_TYPES[kind]), path.name, datum
    )
    count = table[column].astype(float) if column else 1.0
    return Counts(path.name, kind, table.assign(count=count).to_crs(crs)), faults + more_faults


def _count_layer(
    features: Sequence[dict[str, Any]], column: str | None
) -> tuple[LayerSchema, list[dict[str, Any]]]:
    """A schema with the count column only, and the features reduced to it."""
    fields = (Field(column, "number", required=True, low=0),) if column else ()
    names = [field.name for field in fields]
    reduced = [f | {"properties": {n: f["properties"].get(n) for n in names}} for f in features]
    return LayerSchema(fields, (), id_field=""), reduced


def read_population(path: Path, study_area: StudyArea, datum: Datum = None) -> CountsAndFaults:
    """Read people by cell (GeoTIFF), or by point or polygon (`POPULATION`).

    Points may have a `district_id`: their people stay in that district.
    """
    if path.suffix.lower() in SUFFIXES:
        return _raster_counts(path, study_area)
    return _vector_counts(path, study_area.crs, layer=POPULATION, column="population", datum=datum)


def read_counts(
    path: Path, study_area: StudyArea, column: str | None = None, datum: Datum = None
) -> CountsAndFaults:
    """Read other counts: by cell (GeoTIFF), or by point or polygon.

    Parameters
    ----------
    path
        A raster or a vector file, by its ending; points or polygons, by its geometries.
    study_area
        The study area, whose CRS the counts get.
    column
        The column of the count; None counts each point as one. Other columns are ignored.
    datum
        The datum that the study declares for the file, see `geo.datums`.
    """
    if path.suffix.lower() in SUFFIXES:
        return _raster_counts(path, study_area)
    return _vector_counts(path, study_area.crs, layer=None, column=column, datum=datum)
