"""Positions of faults, taken from the features that they name."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import replace
from pathlib import Path
from typing import Any

from geo.datums import Datum
from geo.faults import Fault
from geo.formats.features import SUFFIXES, read_features
from geo.formats.geometries import first_lonlat

IDS = (
    *("link_id", "route_id", "stop_id", "node_id", "place_id", "area_id", "district_id"),
    *("opportunity_id", "town_id", "project_id"),
)
"""Id columns of features; the ids of a project's features come before `project_id`."""

Places = dict[str, tuple[float, float]]


def _places(features: Iterable[dict[str, Any]], datum: Datum) -> Places:
    """First position of each feature by each of its ids; the first of a project also by ''."""
    places: Places = {}
    for feature in features:
        place = first_lonlat(feature.get("geometry"), datum)
        ids = [feature["properties"].get(name) for name in IDS]
        ids += [""] * ("project_id" in feature["properties"])
        for name in ids:
            if place is not None and isinstance(name, str):
                places.setdefault(name, place)
    return places


def faults_with_places(faults: Sequence[Fault], files: Mapping[Path, Datum]) -> list[Fault]:
    """Faults with a WGS 84 position filled in from their feature, where they have none.

    Parameters
    ----------
    faults
        Faults of a study. A fault of a project's whole file gets the position of its first
        feature; a fault of another whole file gets none.
    files
        Files of the study with positions, and the datum of each.
    """
    file_names = {fault.file for fault in faults if fault.place is None}
    by_file: dict[str, Places] = {}
    for path, datum in files.items():
        if path.name in file_names and path.suffix.lower() in SUFFIXES and path.name not in by_file:
            by_file[path.name] = _places(read_features(path, None, datum)[0], datum)
    return [
        fault
        if fault.place
        else replace(fault, place=by_file.get(fault.file, {}).get(fault.feature))
        for fault in faults
    ]
