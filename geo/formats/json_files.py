"""Safe reading of JSON files: limits of size and nesting, and checks of the list of features."""

from __future__ import annotations

import json
from collections.abc import Mapping
from pathlib import Path
from typing import Any

from geo.faults import Fault, shown
from geo.formats.size_limits import size_faults

XY_PARTS = 2
FARTHEST = 1e9
"""Larger than any coordinate, degrees or metres."""


def read_json(path: Path, allowed: str) -> tuple[Any, list[Fault]]:
    """The content of a JSON file in UTF-8; None, and the reason, if it cannot be read.

    Parameters
    ----------
    path
        The JSON file.
    allowed
        The expected format, for messages.
    """
    file = path.name
    if not path.is_file():
        return None, [Fault(file, "", "file-missing", "there is no such file", file)]
    too_large = size_faults(path)
    if too_large:
        return None, too_large
    try:
        return json.loads(path.read_text(encoding="utf-8-sig")), []
    except RecursionError:
        message = "it is nested too deeply"
    except (ValueError, OSError) as error:
        message = str(error) if path.stat().st_size else "it is empty (0 bytes)"
    return None, [Fault(file, "", "file-unreadable", message, allowed)]


def decoded(value: Any) -> Any:
    """A property value, decoded if it is JSON text: QGIS writes lists and objects as text.

    Examples
    --------
    >>> decoded("[1, 2]"), decoded("[1, 2"), decoded("7")
    ([1, 2], '[1, 2', '7')
    """
    if isinstance(value, str) and value[:1] in ("[", "{"):
        try:
            return json.loads(value)
        except (ValueError, RecursionError):
            return value
    return value


def sound_features(items: list[Any], file: str) -> tuple[list[dict[str, Any]], list[Fault]]:
    """The items of a list that are features, properties parsed, and faults of the others.

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
            problem = f"it is {shown(item)}", "a Feature"
        elif not isinstance(properties, dict | None):
            problem = f"properties is {shown(properties)}", "an object"
        else:
            values = {key: decoded(value) for key, value in (properties or {}).items()}
            features.append(item | {"properties": values})
            continue
        faults.append(Fault(file, f"#{number}", "value-wrong-type", *problem))
    return features, faults


def first_position(geometry: Any) -> tuple[float, float] | None:
    """The first two numbers of a GeoJSON geometry, valid or not; None if there are none.

    Examples
    --------
    >>> first_position({"type": "LineString", "coordinates": [[106.3, 29.5], [106.4, 29.5]]})
    (106.3, 29.5)
    >>> first_position({"type": "Point", "coordinates": ["106.3", 29.5]})
    """
    first = geometry.get("coordinates") if isinstance(geometry, Mapping) else None
    while isinstance(first, list | tuple) and first and isinstance(first[0], list | tuple):
        first = first[0]
    if not isinstance(first, list | tuple) or len(first) < XY_PARTS:
        return None
    x, y = first[:XY_PARTS]
    # this also rejects infinity, and integers that are too large for any position
    if all(isinstance(v, int | float) and abs(v) <= FARTHEST for v in (x, y)):
        return float(x), float(y)
    return None
