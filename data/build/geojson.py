"""One way to write GeoJSON: RFC 7946, one feature a line, stable order."""

from __future__ import annotations

import json
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import shapely
from shapely.geometry import mapping
from shapely.geometry.base import BaseGeometry

Record = dict[str, Any]

DECIMALS = 6
"""Of degrees: about a tenth of a metre."""


@dataclass(frozen=True)
class Feature:
    """What becomes one line of a file.

    Attributes
    ----------
    properties
        Columns in the order in which they are written.
    geometry
        Longitude and latitude, WGS 84.
    """

    properties: Record
    geometry: BaseGeometry


def point(record: Record) -> shapely.Point:
    """The place of a record of the fact sheet with `lon` and `lat`."""
    return shapely.Point(round(record["lon"], DECIMALS), round(record["lat"], DECIMALS))


def line(points: Iterable[shapely.Point]) -> shapely.LineString:
    """The line through points in their order."""
    return shapely.LineString([(p.x, p.y) for p in points])


def write_features(path: Path, features: Sequence[Feature]) -> None:
    """Write a feature collection: no `crs` member, right-handed rings, no NaN."""
    path.parent.mkdir(parents=True, exist_ok=True)
    rows = ",\n".join(_row(feature) for feature in features)
    text = f'{{"type": "FeatureCollection", "features": [\n{rows}\n]}}\n'
    path.write_text(text, encoding="utf-8", newline="\n")


def read_features(path: Path) -> list[Feature]:
    """Read a file that `write_features` wrote."""
    content = json.loads(path.read_text(encoding="utf-8"))
    return [Feature(f["properties"], _shape(f["geometry"])) for f in content["features"]]


def _shape(geometry: Record) -> BaseGeometry:
    return shapely.from_geojson(json.dumps(geometry))


def _row(feature: Feature) -> str:
    geometry = shapely.orient_polygons(feature.geometry, exterior_cw=False)
    shape = mapping(geometry)
    record = {
        "type": "Feature",
        "properties": feature.properties,
        "geometry": {"type": shape["type"], "coordinates": _rounded(shape["coordinates"])},
    }
    return json.dumps(record, ensure_ascii=False, allow_nan=False)


def _rounded(coordinates: Any) -> Any:
    """Nested coordinates with `DECIMALS` digits; `Any`, since they nest to any depth."""
    if isinstance(coordinates, float):
        return round(coordinates, DECIMALS)
    return [_rounded(part) for part in coordinates]
