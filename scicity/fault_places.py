"""Where faults are: the places of the features that they name."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Sequence
from dataclasses import replace
from pathlib import Path
from typing import Any

from geo.faults import Fault
from geo.geojson import read_geojson
from geo.json_reading import place_of

IDS = (
    *("link_id", "route_id", "stop_id", "node_id", "place_id", "area_id", "district_id"),
    *("opportunity_id", "town_id", "project_id"),
)
"""Columns that name a feature; a feature of a project is first known by its own id."""
GEOJSON = (".geojson", ".json")

Places = dict[str, tuple[float, float]]


def _places(features: Iterable[dict[str, Any]]) -> Places:
    """The first position of each feature, by each of its ids; that of the first of all by ''."""
    found: Places = {}
    for feature in features:
        place = place_of(feature.get("geometry"))
        ids = [feature["properties"].get(name) for name in IDS]
        for name in ("", *(value for value in ids if isinstance(value, str))):
            if place is not None:
                found.setdefault(name, place)
    return found


def located(faults: Sequence[Fault], paths: Iterable[Path]) -> list[Fault]:
    """The faults, with the places of features whose fault has none yet.

    Parameters
    ----------
    faults
        Faults of a study.
    paths
        The study's files. Of a file of several projects' features or of a whole layer only faults
        with a feature have a place; of a project's file all do.
    """
    wanted = {fault.file for fault in faults if fault.place is None}
    by_file: dict[str, Places] = defaultdict(dict)
    for path in paths:
        if path.name in wanted and path.suffix.lower() in GEOJSON and path.name not in by_file:
            by_file[path.name] = _places(read_geojson(path)[0])
    return [
        fault
        if fault.place
        else replace(fault, place=by_file.get(fault.file, {}).get(fault.feature))
        for fault in faults
    ]
