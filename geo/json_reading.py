"""JSON files opened with care: how large, how deep, and what stands in the list of features."""

from __future__ import annotations

import json
from collections.abc import Mapping
from pathlib import Path
from typing import Any

from geo.faults import Fault, shown

MOST_BYTES = 1_000_000_000
"""A larger file is refused: it would not fit into an ordinary computer's memory."""
MOST_LON, MOST_LAT = 180.0, 90.0
LONLAT_PARTS = 2


def read_json(path: Path, allowed: str) -> tuple[Any, list[Fault]]:
    """What a JSON file in UTF-8 holds; None, and why, where it cannot be read.

    Parameters
    ----------
    path
        The file.
    allowed
        What it should have been.
    """
    file = path.name
    if not path.is_file():
        return None, [Fault(file, "", "file-missing", "there is no such file", file)]
    size = path.stat().st_size
    if size > MOST_BYTES:
        message = f"it has {size / 1e6:.0f} MB"
        most = f"up to {MOST_BYTES / 1e6:.0f} MB"
        return None, [Fault(file, "", "file-too-large", message, most, value=size)]
    try:
        return json.loads(path.read_text(encoding="utf-8-sig")), []
    except RecursionError:
        message = "it is nested too deeply"
    except (ValueError, OSError) as error:
        message = str(error) if size else "it is empty (0 bytes)"
    return None, [Fault(file, "", "file-unreadable", message, allowed)]


def parsed(value: Any) -> Any:
    """QGIS turns lists and objects into JSON text; take either.

    Examples
    --------
    >>> parsed("[1, 2]"), parsed("[1, 2"), parsed("7")
    ([1, 2], '[1, 2', '7')
    """
    if isinstance(value, str) and value[:1] in ("[", "{"):
        try:
            return json.loads(value)
        except (ValueError, RecursionError):
            return value
    return value


def sound_features(items: list[Any], file: str) -> tuple[list[dict[str, Any]], list[Fault]]:
    """Those of a list that are features, properties parsed; and what the others are.

    Examples
    --------
    >>> features, faults = sound_features([{"properties": None}, 7], "a.geojson")
    >>> features, print(faults[0])
    error value-wrong-type a.geojson #2: it is 7 (allowed: a Feature)
    ([{'properties': {}}], None)
    """
    features, faults = [], []
    for number, item in enumerate(items, start=1):
        properties = item.get("properties") if isinstance(item, dict) else None
        if not isinstance(item, dict):
            wrong = f"it is {shown(item)}", "a Feature"
        elif not isinstance(properties, dict | None):
            wrong = f"properties is {shown(properties)}", "an object"
        else:
            told = {key: parsed(value) for key, value in (properties or {}).items()}
            features.append(item | {"properties": told})
            continue
        faults.append(Fault(file, f"#{number}", "value-wrong-type", *wrong))
    return features, faults


def place_of(geometry: Any) -> tuple[float, float] | None:
    """The first position of a GeoJSON geometry, sound or not; None if it is nowhere on earth.

    Examples
    --------
    >>> place_of({"type": "LineString", "coordinates": [[106.3, 29.5], [106.4, 29.5]]})
    (106.3, 29.5)
    >>> place_of({"type": "Point", "coordinates": [631000, 3270000]})
    """
    first = geometry.get("coordinates") if isinstance(geometry, Mapping) else None
    while isinstance(first, list) and first and isinstance(first[0], list):
        first = first[0]
    if not isinstance(first, list) or len(first) < LONLAT_PARTS:
        return None
    lon, lat = first[:LONLAT_PARTS]
    limits = ((lon, MOST_LON), (lat, MOST_LAT))
    # what is no number, or infinite, is not within
    if all(isinstance(v, int | float) and abs(v) <= most for v, most in limits):
        return float(lon), float(lat)
    return None
