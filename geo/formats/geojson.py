"""GeoJSON in and out (RFC 7946)."""

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
from geo.formats.geometries import checked_shape, in_wgs84, place_of
from geo.formats.json_files import read_json, sound_features

DECIMALS = 7
"""Of degrees in files we write: about a centimetre."""

MANY = 3
"""So many features may have the same fault before it can be the whole file's."""
ALIKE = {"crs-wrong": False, "key-missing": True, "key-unknown": True}
"""Codes of faults that whole layers have, and whether their messages must be the same."""

Read = tuple[gpd.GeoDataFrame, list[Fault]]


@dataclass(frozen=True)
class Layer:
    """One kind of feature.

    Attributes
    ----------
    fields
        Its columns.
    types
        Its geometry types.
    id_field
        The column that names it.
    placeless
        Whether it may be without geometry.
    """

    fields: tuple[Field, ...]
    types: tuple[str, ...]
    id_field: str
    placeless: bool = False


def read_geojson(path: Path, datum: Datum = None) -> tuple[list[dict[str, Any]], list[Fault]]:
    """The features of a file as they stand, properties parsed, not yet checked."""
    file = path.name
    content, faults = read_json(path, "GeoJSON in UTF-8")
    if faults:
        return [], faults
    if not isinstance(content, dict) or not isinstance(content.get("features"), list):
        return [], [Fault(file, "", "file-unreadable", "no features", "a FeatureCollection")]
    faults = _crs_member_faults(content, datum, file)
    if not content["features"]:
        faults.append(Fault(file, "", "file-empty", "it has no feature", "one or more features"))
    features, wrong = sound_features(content["features"], file)
    return features, faults + wrong


def _crs_member_faults(content: dict[str, Any], datum: Datum, file: str) -> list[Fault]:
    """QGIS writes a `crs` member for other systems than WGS 84; RFC 7946 knows none."""
    member = content.get("crs")
    if not member:
        return []
    named = member.get("properties", {}) if isinstance(member, dict) else {}
    told = named.get("name", member) if isinstance(named, dict) else member
    return crs_faults(told, datum, file)


def _told_once(faults: Sequence[Fault], count: int) -> list[Fault]:
    """What is wrong with all features alike is told once: of the file, with the first's place.

    A layer in an undeclared system, or without one of its columns, would fill pages otherwise.
    """
    alike: dict[tuple[str, str], list[Fault]] = {}
    for fault in faults:
        if fault.code in ALIKE:
            said = fault.message if ALIKE[fault.code] else ""
            alike.setdefault((fault.code, said), []).append(fault)
    whole = [group for group in alike.values() if len(group) >= max(count, MANY)]
    gone = {fault for group in whole for fault in group}
    once = [
        replace(first, feature="", message=f"all {count} features, first {said}: {first.message}")
        for first, said in ((group[0], group[0].feature) for group in whole)
    ]
    return [*once, *(fault for fault in faults if fault not in gone)]


def checked_layer(
    features: Sequence[dict[str, Any]], layer: Layer, file: str, datum: Datum = None
) -> Read:
    """Features of one kind as a table, and everything wrong with them.

    Parameters
    ----------
    features
        As in GeoJSON, coordinates in `datum`.
    layer
        What they may be.
    file
        Where they stand.
    datum
        As the study declares it, see `geo.datums`.

    Returns
    -------
    GeoDataFrame
        The sound features, columns as in `layer.fields`, EPSG:4326.
    list of Fault
        Unknown keys, values out of range, doubled ids, unsound geometry.
    """
    faults: list[Fault] = []
    records, geometries, seen = [], [], set()
    for number, item in enumerate(features, start=1):
        properties = item["properties"]
        feature = str(properties.get(layer.id_field) or f"#{number}")
        record, wrong = checked_record(properties, layer.fields, file, feature)
        raw = item.get("geometry")
        nowhere = layer.placeless and raw is None
        geometry, unsound = (None, None) if nowhere else checked_shape(raw, layer.types, datum)
        wrong += [Fault(file, feature, *unsound[:3], hint=unsound[3])] if unsound else []
        if feature in seen:
            wrong.append(Fault(file, feature, "id-duplicate", f"a second {layer.id_field}"))
        seen.add(feature)
        faults += [replace(fault, place=place_of(raw, datum)) for fault in wrong]
        if not wrong:
            records.append(record)
            geometries.append(geometry)
    columns = [field.name for field in layer.fields]
    table = pd.DataFrame.from_records(records, columns=columns)
    shapes, doubts = in_wgs84(geometries, datum, file)
    told = _told_once(faults, len(features)) + doubts
    return gpd.GeoDataFrame(table, geometry=shapes, crs=WGS84), told


def _plain(value: Any) -> Any:
    """A value JSON can hold: no NaN, no numpy, floats shortened."""
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
    """On the output's grid; a polygon that rounding breaks is mended and stays polygons."""
    rounded = shapely.transform(geometry, lambda xy: np.round(xy, DECIMALS) + 0.0)
    if rounded.is_valid:
        return rounded
    mended = shapely.get_parts(shapely.make_valid(rounded, method="structure"))
    return shapely.MultiPolygon([part for part in mended if part.geom_type == "Polygon"])


def _right_handed(geometry: BaseGeometry) -> BaseGeometry:
    if isinstance(geometry, shapely.Polygon):
        return orient(geometry)
    if isinstance(geometry, shapely.MultiPolygon):
        return shapely.MultiPolygon([orient(part) for part in geometry.geoms])
    return geometry


def feature_collection(frame: gpd.GeoDataFrame, *, id_column: str | None = None) -> dict[str, Any]:
    """The frame as an RFC 7946 object: WGS 84, right-hand rings, no NaN, seven decimals.

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
    """Write a layer, whole or not at all, one feature a line."""
    features = feature_collection(frame, id_column=id_column)["features"]
    lines = [json.dumps(f, ensure_ascii=False, allow_nan=False) for f in features]
    body = ",\n".join(lines)
    write_text(path, f'{{"type": "FeatureCollection", "features": [\n{body}\n]}}\n')
