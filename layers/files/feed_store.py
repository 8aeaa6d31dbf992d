"""The feeds of a zip on one day, kept between runs: reading a large feed takes minutes.

A stored feed is used only if the zip, the day, the coordinate system and the code that reads it are
still the same.
"""

from __future__ import annotations

import datetime as dt
import hashlib
import inspect
import json
import zipfile
from collections.abc import Sequence
from dataclasses import asdict
from io import BytesIO
from pathlib import Path
from typing import Any

import geopandas as gpd
import pandas as pd
from shapely.errors import ShapelyError

from geo.datums import Datum
from geo.faults import Fault
from geo.files import code_state, mark_used, replacing, sha256, tidy
from layers.files.stored_tables import read_layer, route_frame, routes_of
from layers.gtfs.reading import GtfsFeed, read_gtfs
from layers.gtfs.service_days import WantedDay
from layers.timetable import Timetable

CODE = (Path(inspect.getfile(Fault)).parent, Path(inspect.getfile(Timetable)).parent)
"""Folders of `geo` and `layers`, which read feeds."""
TABLES = ("trips", "calls", "transfers")
INDEX = "index.json"
MOST_BYTES = 1 << 29
"""Half a gigabyte; what was used longest ago goes first."""


def _key(path: Path, crs: str, datum: Datum, wanted: WantedDay | None) -> str:
    """A hash of everything that the feeds depend on."""
    versions = [module.__version__ for module in (pd, gpd)]
    inputs = (path.name, sha256(path), crs, datum, wanted, code_state(*CODE), versions)
    return hashlib.sha256(repr(inputs).encode()).hexdigest()[:32]


def _write_table(archive: zipfile.ZipFile, name: str, table: pd.DataFrame) -> None:
    buffer = BytesIO()
    table.to_parquet(buffer)
    archive.writestr(name, buffer.getvalue())


def _write(feeds: Sequence[GtfsFeed], file: Path) -> None:
    """Write feeds; TypeError if a fault has a value that JSON has no word for."""
    index = []
    with replacing(file) as temporary, zipfile.ZipFile(temporary, "w") as archive:
        for number, feed in enumerate(feeds):
            _write_table(archive, f"{number}-stops", feed.stops)
            _write_table(archive, f"{number}-routes", route_frame(feed.routes, str(feed.stops.crs)))
            for name in TABLES:
                _write_table(archive, f"{number}-{name}", getattr(feed.timetable, name))
            days = {name: f"{day}" for name, day in feed.timetable.service_dates.items()}
            faults = [asdict(fault) for fault in feed.faults]
            index.append({"name": feed.name, "days": days, "faults": faults})
        archive.writestr(INDEX, json.dumps(index))


def _fault(values: dict[str, Any]) -> Fault:
    place = values["place"]
    return Fault(**values | {"place": place and tuple(place)})


def _read(file: Path, crs: str) -> list[GtfsFeed] | None:
    """The feeds of a file; None if it is missing or damaged."""
    try:
        with zipfile.ZipFile(file) as archive:
            mark_used(file)
            return [
                _feed(archive, number, feed, crs)
                for number, feed in enumerate(json.loads(archive.read(INDEX)))
            ]
    except (OSError, ValueError, LookupError, TypeError, ShapelyError, zipfile.BadZipFile):
        return None


def _feed(archive: zipfile.ZipFile, number: int, feed: dict[str, Any], crs: str) -> GtfsFeed:
    def part(name: str) -> BytesIO:
        return BytesIO(archive.read(f"{number}-{name}"))

    days = {name: dt.date.fromisoformat(day) for name, day in feed["days"].items()}
    trips, calls, transfers = (pd.read_parquet(part(name)) for name in TABLES)
    return GtfsFeed(
        feed["name"],
        read_layer(part("stops"), crs),
        routes_of(read_layer(part("routes"), crs)),
        Timetable(days, trips, calls, transfers),
        [_fault(fault) for fault in feed["faults"]],
    )


def stored_gtfs(
    path: Path,
    crs: str,
    datum: Datum = None,
    *,
    wanted: WantedDay | None = None,
    folder: Path | None = None,
) -> list[GtfsFeed]:
    """The feeds of a zip on one day, from the store if they are there.

    Parameters
    ----------
    path, crs, datum, wanted
        As for `layers.gtfs.reading.read_gtfs`.
    folder
        Where they are kept; None keeps nothing. A folder that cannot be written to is no fault: the
        feed is read again next time.
    """
    try:
        key = None if folder is None else _key(path, crs, datum, wanted)
    except OSError:  # the reader tells why
        key = None
    if folder is None or key is None:
        return read_gtfs(path, crs, datum, wanted=wanted)
    file = folder / f"feed-{key}.zip"
    stored = _read(file, crs)
    if stored is None:
        stored = read_gtfs(path, crs, datum, wanted=wanted)
        try:
            _write(stored, file)
            tidy(folder, MOST_BYTES)
        except (OSError, TypeError):
            return stored
    return stored
