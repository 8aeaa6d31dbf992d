"""Where faults are: the places of the features that they name."""

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
"""Columns that name a feature; a feature of a project is first known by its own id."""

Places = dict[str, tuple[float, float]]


def _places(features: Iterable[dict[str, Any]], datum: Datum) -> Places:
    """The first position of each feature, by each of its ids; a project's first by '' too."""
    found: Places = {}
    for feature in features:
        place = first_lonlat(feature.get("geometry"), datum)
        ids = [feature["properties"].get(name) for name in IDS]
        ids += [""] * ("project_id" in feature["properties"])
        for name in ids:
            if place is not None and isinstance(name, str):
                found.setdefault(name, place)
    return found


def located(faults: Sequence[Fault], files: Mapping[Path, Datum]) -> list[Fault]:
    """The faults, with the places (WGS 84) of features whose fault has none yet.

    Parameters
    ----------
    faults
        Faults of a study. One of a project's whole file is where its first feature is; one of
        another whole file is nowhere.
    files
        The study's files that have positions, and in which datum.
    """
    wanted = {fault.file for fault in faults if fault.place is None}
    by_file: dict[str, Places] = {}
    for path, datum in files.items():
        if path.name in wanted and path.suffix.lower() in SUFFIXES and path.name not in by_file:
            by_file[path.name] = _places(read_features(path, None, datum)[0], datum)
    return [
        fault
        if fault.place
        else replace(fault, place=by_file.get(fault.file, {}).get(fault.feature))
        for fault in faults
    ]
