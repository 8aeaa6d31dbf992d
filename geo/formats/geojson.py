"""Reading and writing GeoJSON (RFC 7946)."""

from __future__ import annotations

import json
import math
from collections.abc import Sequence
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any

import geopandas as gpd
import numpy as np
import pandas as pd
import shapely
from shapely.geometry import mapping
from shapely.geometry.base import BaseGeometry
from shapely.geometry.polygon import orient

from geo.crs import WGS84, to_wgs84
from geo.datums import Datum, crs_faults
from geo.faults import Fault
from geo.fields import Field, checked_record
from geo.files import write_text
from geo.formats.geometries import checked_shape, first_lonlat, geometries_in_wgs84
from geo.formats.json_files import read_json, sound_features

DECIMALS = 7
"""Decimals of degrees in written files: about a centimetre."""

MIN_SHARED = 3
"""Fewest features with the same fault for it to be reported once for the file."""
SHARED_CODES = {"crs-wrong": False, "key-missing": True, "key-unknown": True}
"""Fault codes that can hold for a whole layer, and whether their messages must be equal."""

TableAndFaults = tuple[gpd.GeoDataFrame, list[Fault]]


@dataclass(frozen=True)
class LayerSchema:
    """The schema of one kind of feature.

    Attributes
    ----------
    fields
        The columns.
    types
        The allowed geometry types.
    id_field
        The column that identifies a feature.
    placeless
        Whether a feature may lack a geometry.
    """

    fields: tuple[Field, ...]
    types: tuple[str, ...]
    id_field: str
    placeless: bool = False


def read_geojson(path: Path, datum: Datum = None) -> tuple[list[dict[str, Any]], list[Fault]]:
    """The features of a file in their own datum, properties parsed, not yet checked."""
    file = path.name
    content, faults = read_json(path, "GeoJSON in UTF-8")
    if faults:
        return [], faults
    if not isinstance(content, dict) or not isinstance(content.get("features"), list):
        return [], [Fault(file, "", "file-unreadable", "no features", "a FeatureCollection")]
    faults = _crs_member_faults(content, datum, file)
    if not content["features"]:
        faults.append(Fault(file, "", "file-empty", "it has no feature", "one or more features"))
    features, item_faults = sound_features(content["features"], file)
    return features, faults + item_faults


def _crs_member_faults(content: dict[str, Any], datum: Datum, file: str) -> list[Fault]:
    """Faults of a `crs` member: QGIS writes one for a CRS other than WGS 84, RFC 7946 has none."""
    member = content.get("crs")
    if not member:
        return []
    member_properties = member.get("properties", {}) if isinstance(member, dict) else {}
    file_crs = (
        member_properties.get("name", member) if isinstance(member_properties, dict) else member
    )
    return crs_faults(file_crs, datum, file)


def _shared_once(faults: Sequence[Fault], count: int) -> list[Fault]:
    """Faults that all features share reported once for the file, at the first feature's position.

    A layer in an undeclared CRS, or without one of its columns, would fill pages otherwise.
    """
    groups: dict[tuple[str, str], list[Fault]] = {}
    for fault in faults:
        if fault.code in SHARED_CODES:
            key = fault.message if SHARED_CODES[fault.code] else ""
            groups.setdefault((fault.code, key), []).append(fault)
    shared = [group for group in groups.values() if len(group) >= max(count, MIN_SHARED)]
    covered = {fault for group in shared for fault in group}
    file_faults = [
        replace(
            first, feature="", message=f"all {count} features, first {first_id}: {first.message}"
        )
        for first, first_id in ((group[0], group[0].feature) for group in shared)
    ]
    return [*file_faults, *(fault for fault in faults if fault not in covered)]


def checked_layer(
    features: Sequence[dict[str, Any]], layer: LayerSchema, file: str, datum: Datum = None
) -> TableAndFaults:
    """Features of one kind as a table, and all their faults.

    Parameters
    ----------
    features
        As in GeoJSON, coordinates in `datum`.
    layer
        The schema of the features.
    file
        The name of their file.
    datum
        The datum that the study declares for the file, see `geo.datums`.

    Returns
    -------
    GeoDataFrame
        The valid features, columns as in `layer.fields`, EPSG:4326.
    list of Fault
        Unknown keys, values out of range, duplicate ids, invalid geometries.
    """
    faults: list[Fault] = []
    records, geometries, seen = [], [], set()
    for number, item in enumerate(features, start=1):
        properties = item["properties"]
        feature = str(properties.get(layer.id_field) or f"#{number}")
        record, feature_faults = checked_record(properties, layer.fields, file, feature)
        raw = item.get("geometry")
        is_placeless = layer.placeless and raw is None
        geometry, invalid = (None, None) if is_placeless else checked_shape(raw, layer.types, datum)
        feature_faults += [Fault(file, feature, *invalid[:3], hint=invalid[3])] if invalid else []
        if feature in seen:
            feature_faults.append(
                Fault(file, feature, "id-duplicate", f"a second {layer.id_field}")
            )
        seen.add(feature)
        faults += [replace(fault, place=first_lonlat(raw, datum)) for fault in feature_faults]
        if not feature_faults:
            records.append(record)
            geometries.append(geometry)
    columns = [field.name for field in layer.fields]
    table = pd.DataFrame.from_records(records, columns=columns)
    shapes, warnings = geometries_in_wgs84(geometries, datum, file)
    reported = _shared_once(faults, len(features)) + warnings
    return gpd.GeoDataFrame(table, geometry=shapes, crs=WGS84), reported


def _plain(value: Any) -> Any:
    """A value that JSON can hold: NaN is null, no numpy types, six decimals."""
    if isinstance(value, np.generic):
        value = value.item()
    if isinstance(value, float):
        return round(value, 6) if math.isfinite(value) else None
    if isinstance(value, list | tuple):
        return [_plain(item) for item in value]
    if isinstance(value, dict):
        return {key: _plain(item) for key, item in value.items()}
    return None if value is pd.NA or value is pd.NaT else value


def _rounded(geometry: BaseGeometry) -> BaseGeometry:
    """Coordinates rounded to `DECIMALS`; a polygon that rounding makes invalid is repaired."""
    rounded = shapely.transform(geometry, lambda xy: np.round(xy, DECIMALS) + 0.0)
    if rounded.is_valid:
        return rounded
    repaired = shapely.get_parts(shapely.make_valid(rounded, method="structure"))
    return shapely.MultiPolygon([part for part in repaired if part.geom_type == "Polygon"])


def _right_handed(geometry: BaseGeometry) -> BaseGeometry:
    if isinstance(geometry, shapely.Polygon):
        return orient(geometry)
    if isinstance(geometry, shapely.MultiPolygon):
        return shapely.MultiPolygon([orient(part) for part in geometry.geoms])
    return geometry


def feature_collection(frame: gpd.GeoDataFrame, *, id_column: str | None = None) -> dict[str, Any]:
    """The frame as an RFC 7946 object: WGS 84, right-hand rings, NaN as null, seven decimals.

    Examples
    --------
    >>> point = gpd.GeoDataFrame({"a": [float("nan")]}, geometry=[shapely.Point(1, 2)], crs=4326)
    >>> feature_collection(point)["features"][0]["properties"]
    {'a': None}
    """
    lonlat = to_wgs84(frame)
    columns = [column for column in lonlat.columns if column != lonlat.geometry.name]
    features = []
    rows = zip(lonlat.geometry, lonlat[columns].to_dict("records"), strict=True)
    for geometry, record in rows:
        properties = {str(key): _plain(value) for key, value in record.items()}
        feature: dict[str, Any] = {"type": "Feature"}
        if id_column:
            feature["id"] = properties[id_column]
        feature["properties"] = properties
        feature["geometry"] = mapping(_right_handed(_rounded(geometry)))
        features.append(feature)
    return {"type": "FeatureCollection", "features": features}


def write_geojson(frame: gpd.GeoDataFrame, path: Path, *, id_column: str | None = None) -> None:
    """Write a layer atomically, one feature a line."""
    features = feature_collection(frame, id_column=id_column)["features"]
    lines = [json.dumps(f, ensure_ascii=False, allow_nan=False) for f in features]
    body = ",\n".join(lines)
    write_text(path, f'{{"type": "FeatureCollection", "features": [\n{body}\n]}}\n')
