"""Counts of people, jobs or places: by point, by polygon or by cell of a raster."""

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
    """How many people, jobs or places there are, and where.

    Attributes
    ----------
    file
        Where they come from.
    kind
        `points`; `polygons`, over each of which its count is spread evenly; or `raster`, whose
        cells are such polygons.
    table
        `COUNT_COLUMNS` (people by point also `district_id`), in the study area's system; no row
        where it is a raster.
    raster
        The part of it that covers the study area.
    """

    file: str
    kind: Kind
    table: gpd.GeoDataFrame
    raster: Raster | None = None

    def patches(self, place: BaseGeometry) -> Iterator[gpd.GeoDataFrame]:
        """`COUNT_COLUMNS` of the polygons that may meet a place, some at a time."""
        if self.raster is not None:
            yield from cells(self.raster, place, str(self.table.crs.to_string()))
        elif self.kind == "polygons":
            yield self.table


def no_counts(crs: str) -> Counts:
    """A layer of nobody, for a study that names no such file.

    Examples
    --------
    >>> len(no_counts("EPSG:32648").table)
    0
    """
    table = {"count": np.zeros(0), "district_id": np.zeros(0, dtype=object)}
    return Counts("", "points", gpd.GeoDataFrame(table, geometry=[], crs=crs))


def point_counts(points: gpd.GeoDataFrame, file: str = "") -> Counts:
    """One for each point.

    Examples
    --------
    >>> points = gpd.GeoDataFrame(geometry=gpd.points_from_xy([1, 2], [3, 4]), crs=32648)
    >>> point_counts(points).table["count"].tolist()
    [1.0, 1.0]
    """
    return Counts(file, "points", points.assign(count=1.0)[list(COUNT_COLUMNS)])


Read = tuple[Counts, list[Fault]]


def _raster_counts(path: Path, study_area: StudyArea) -> Read:
    # areas that overlap have no outline, and their file says so
    crs, place = study_area.crs, study_area.areas.union_all()
    if place.is_empty:
        return no_counts(crs), []
    raster, faults = read_raster(path, place, crs)
    if raster is None:
        return no_counts(crs), faults
    return Counts(path.name, "raster", no_counts(crs).table, raster), faults


def _kind(features: Sequence[dict[str, Any]], file: str) -> tuple[Kind, list[Fault]]:
    """Whether the features are points or polygons; both together is a fault."""
    geometries = [feature.get("geometry") for feature in features]
    types = [g.get("type") for g in geometries if isinstance(g, dict)]
    points, polygons = (sum(t in _TYPES[kind] for t in types) for kind in _TYPES)
    if points and polygons:
        message = f"it has {points} points and {polygons} polygons"
        return "points", [Fault(file, "", "geometry-mixed", message, "points or polygons only")]
    return "polygons" if polygons else "points", []


def _column_faults(features: Sequence[dict[str, Any]], column: str, file: str) -> list[Fault]:
    """A column that no feature has is told once, with those that it could be."""
    names = sorted({str(name) for feature in features for name in feature["properties"]})
    if not features or column in names:
        return []
    message = f"no feature has a column {column!r}"
    return [Fault(file, "", "column-missing", message, ", ".join(names) or "a column")]


def _vector_counts(
    path: Path, crs: str, *, layer: LayerSchema | None, column: str | None, datum: Datum
) -> Read:
    """Counts of points or polygons; without a layer its other columns may be what they like."""
    if path.suffix.lower() not in VECTOR_SUFFIXES:
        allowed = ", ".join((*SUFFIXES, *VECTOR_SUFFIXES))
        message = f"its name ends in {path.suffix!r}"
        return no_counts(crs), [Fault(path.name, "", "file-kind-unknown", message, allowed)]
    features, faults = read_features(path, layer.fields if layer else None, datum)
    kind, wrong = _kind(features, path.name)
    if kind == "polygons" and column is None:
        allowed = "column = a column of numbers, in study.toml"
        wrong.append(Fault(path.name, "", "column-missing", "polygons need a count", allowed))
    if column and not layer:
        wrong += _column_faults(features, column, path.name)
    if wrong:
        return no_counts(crs), faults + wrong
    if layer is None:
        layer, features = _open_layer(features, column)
    table, wrong = checked_layer(features, replace(layer, types=_TYPES[kind]), path.name, datum)
    count = table[column].astype(float) if column else 1.0
    return Counts(path.name, kind, table.assign(count=count).to_crs(crs)), faults + wrong


def _open_layer(
    features: Sequence[dict[str, Any]], column: str | None
) -> tuple[LayerSchema, list[dict[str, Any]]]:
    """A layer of one column, and the features with no other."""
    fields = (Field(column, "number", required=True, low=0),) if column else ()
    names = [field.name for field in fields]
    bare = [f | {"properties": {n: f["properties"].get(n) for n in names}} for f in features]
    return LayerSchema(fields, (), id_field=""), bare


def read_population(path: Path, study_area: StudyArea, datum: Datum = None) -> Read:
    """Read people by cell (GeoTIFF), or by point or polygon (`POPULATION`).

    Points may name a `district_id`, in which they stay.
    """
    if path.suffix.lower() in SUFFIXES:
        return _raster_counts(path, study_area)
    return _vector_counts(path, study_area.crs, layer=POPULATION, column="population", datum=datum)


def read_counts(
    path: Path, study_area: StudyArea, column: str | None = None, datum: Datum = None
) -> Read:
    """Read other counts: by cell (GeoTIFF), or by point or polygon.

    Parameters
    ----------
    path
        The kind of file follows from its name, that of others from its geometries.
    study_area
        In whose system the counts are given.
    column
        The count; points without are one each. Other columns are not looked at.
    datum
        As the study declares it, see `geo.datums`.
    """
    if path.suffix.lower() in SUFFIXES:
        return _raster_counts(path, study_area)
    return _vector_counts(path, study_area.crs, layer=None, column=column, datum=datum)
