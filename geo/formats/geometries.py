"""Geometries of files: validation, and conversion to WGS 84."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

import numpy as np
import shapely
from shapely.geometry import shape
from shapely.geometry.base import BaseGeometry

from geo.datums import (
    Datum,
    accuracy_warnings,
    allowed_box,
    allowed_text,
    is_planar,
    wgs84_positions,
)
from geo.faults import Fault, shown
from geo.formats.json_files import first_position

MALFORMED = (
    *(ValueError, TypeError, LookupError, RecursionError, OverflowError),
    shapely.errors.ShapelyError,
)
"""Exceptions that malformed coordinates raise."""

GeometryError = tuple[str, str, str, str]
"""Fault code, message, what is allowed, and a hint (may be empty)."""


def _unclosed(geometry: dict[str, Any]) -> bool:
    coordinates = geometry.get("coordinates", [])
    polygons = {"Polygon": [coordinates], "MultiPolygon": coordinates}.get(geometry["type"], [])
    return any(ring[0] != ring[-1] for rings in polygons for ring in rings if ring)


def _crs_hint(bounds: Sequence[float], datum: Datum) -> str:
    """A hint about coordinates that are outside the allowed box."""
    west, south, east, north = bounds
    if is_planar(datum):
        return ""
    if west >= -90 and east <= 90 and south >= -180 and north <= 180:  # noqa: PLR2004
        return "longitude comes first: are the two swapped?"
    return "these look like metres: export the layer again in EPSG:4326, or declare its datum"


def _geometry_error(geometry: BaseGeometry, datum: Datum) -> GeometryError | None:
    """Why the geometry cannot be used; None if it can."""
    if geometry.is_empty or not np.isfinite(shapely.get_coordinates(geometry)).all():
        message = "it is empty" if geometry.is_empty else "a coordinate is no number"
        return "geometry-broken", message, "a geometry with coordinates", ""
    if not shapely.box(*allowed_box(datum)).covers(shapely.box(*geometry.bounds)):
        bounds = ", ".join(f"{value:.8g}" for value in geometry.bounds)
        message, hint = f"coordinates reach {bounds}", _crs_hint(geometry.bounds, datum)
        return "crs-wrong", message, allowed_text(datum), hint
    if not geometry.is_valid:
        return "geometry-invalid", shapely.is_valid_reason(geometry), "a valid geometry", ""
    return None


def checked_shape(
    raw: Any, types: Sequence[str], datum: Datum
) -> tuple[BaseGeometry | None, GeometryError | None]:
    """A GeoJSON geometry as a Shapely one, in its own datum, and what is wrong with it.

    Examples
    --------
    >>> point = {"type": "Point", "coordinates": [106.3, 29.6]}
    >>> checked_shape(point, ["Point"], "gcj02")
    (<POINT (106.3 29.6)>, None)
    >>> checked_shape(point, ["Polygon"], "gcj02")
    (None, ('geometry-wrong-type', 'it is Point', 'Polygon', ''))
    """
    allowed = ", ".join(types)
    kind = raw.get("type") if isinstance(raw, dict) else raw
    if not isinstance(raw, dict) or kind not in types:
        message = f"it is {kind if isinstance(kind, str | None) else shown(kind)}"
        return None, ("geometry-wrong-type", message, allowed, "")
    try:
        if _unclosed(raw):
            message, allowed_ring = (
                "a ring does not end where it starts",
                "its first position again",
            )
            return None, ("geometry-unclosed", message, allowed_ring, "")
        # numpy warns of NaN, which _geometry_error reports
        with np.errstate(invalid="ignore"):
            geometry = shape(raw)
            return geometry, _geometry_error(geometry, datum)
    except MALFORMED as error:
        return None, ("geometry-broken", str(error), allowed, "")


def geometries_in_wgs84(
    geometries: Sequence[BaseGeometry | None], datum: Datum, file: str
) -> tuple[np.ndarray, list[Fault]]:
    """Geometries in a datum converted to WGS 84, and a warning if that is inaccurate."""
    shapes = np.array([*geometries, None], dtype=object)[:-1]
    if datum in (None, "wgs84"):
        return shapes, []
    warnings = accuracy_warnings(shapely.get_coordinates(shapes), datum, file)
    return shapely.transform(shapes, lambda xy: wgs84_positions(xy, datum)), warnings


def first_lonlat(raw: Any, datum: Datum = None) -> tuple[float, float] | None:
    """Longitude and latitude (WGS 84) of the first position of a GeoJSON geometry, valid or not.

    None if that position is outside the allowed box of its datum.

    Examples
    --------
    >>> first_lonlat({"type": "Point", "coordinates": [106.3, 29.6]})
    (106.3, 29.6)
    >>> first_lonlat({"type": "Point", "coordinates": [631000, 3270000]})
    >>> lon, lat = first_lonlat({"type": "Point", "coordinates": [500000, 3270000]}, "EPSG:4544")
    >>> round(lon, 4), round(lat, 4)
    (105.0, 29.5479)
    """
    first = first_position(raw)
    if first is None:
        return None
    west, south, east, north = allowed_box(datum)
    if not (west <= first[0] <= east and south <= first[1] <= north):
        return None
    lon, lat = wgs84_positions(np.array([first]), datum)[0].tolist()
    return lon, lat
