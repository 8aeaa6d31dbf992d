"""Geometries of files: whether they can be used, and where they are in WGS 84."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

import numpy as np
import shapely
from shapely.geometry import shape
from shapely.geometry.base import BaseGeometry

from geo.datums import Datum, accuracy_warnings, allowed_box, allowed_words, wgs84_positions
from geo.faults import Fault

Unsound = tuple[str, str, str]
"""Code, message and what is allowed."""


def _unclosed(geometry: dict[str, Any]) -> bool:
    coordinates = geometry.get("coordinates", [])
    polygons = {"Polygon": [coordinates], "MultiPolygon": coordinates}.get(geometry["type"], [])
    return any(ring[0] != ring[-1] for rings in polygons for ring in rings if ring)


def _unsound(geometry: BaseGeometry, datum: Datum) -> Unsound | None:
    """Why the geometry cannot be used, if so."""
    if geometry.is_empty:
        return "geometry-broken", "it is empty", "a geometry with coordinates"
    if not shapely.box(*allowed_box(datum)).covers(shapely.box(*geometry.bounds)):
        bounds = ", ".join(f"{value:.0f}" for value in geometry.bounds)
        return "crs-wrong", f"coordinates reach {bounds}", allowed_words(datum)
    if not geometry.is_valid:
        return "geometry-invalid", shapely.is_valid_reason(geometry), "a valid geometry"
    return None


def checked_shape(
    raw: dict[str, Any] | None, types: Sequence[str], datum: Datum
) -> tuple[BaseGeometry | None, Unsound | None]:
    """A geometry as GeoJSON has it, in its own datum, and what is wrong with it.

    Examples
    --------
    >>> point = {"type": "Point", "coordinates": [106.3, 29.6]}
    >>> checked_shape(point, ["Point"], "gcj02")
    (<POINT (106.3 29.6)>, None)
    >>> checked_shape(point, ["Polygon"], "gcj02")
    (None, ('geometry-wrong-type', 'it is Point', 'Polygon'))
    """
    allowed = ", ".join(types)
    if not raw or raw.get("type") not in types:
        found = raw.get("type") if raw else None
        return None, ("geometry-wrong-type", f"it is {found}", allowed)
    try:
        if _unclosed(raw):
            return None, ("geometry-unclosed", "a ring does not end where it starts", "")
        geometry = shape(raw)
    except (ValueError, TypeError, LookupError, shapely.errors.ShapelyError) as error:
        return None, ("geometry-broken", str(error), allowed)
    return geometry, _unsound(geometry, datum)


def in_wgs84(
    geometries: Sequence[BaseGeometry | None], datum: Datum, file: str
) -> tuple[np.ndarray, list[Fault]]:
    """Geometries of a datum in longitude and latitude, and a warning if that is not sure."""
    shapes = np.array([*geometries, None], dtype=object)[:-1]
    if datum in (None, "wgs84"):
        return shapes, []
    warnings = accuracy_warnings(shapely.get_coordinates(shapes), datum, file)
    return shapely.transform(shapes, lambda xy: wgs84_positions(xy, datum)), warnings
