"""Safe opening of a GTFS zip: what it holds, folder by folder, and its faults."""

from __future__ import annotations

import zipfile
import zlib
from collections.abc import Mapping, Sequence
from pathlib import Path, PurePosixPath

from geo.faults import Fault, shown

NEEDED = ("stops", "routes", "trips", "stop_times")
MOST_BYTES = 700_000_000
"""Largest size of a table, and of all tables together, which take about 12 GB of memory."""
MOST_MEMBERS = 1_000
"""A zip with more files than this is refused."""
BOMB_BYTES, BOMB_RATIO = 50_000_000, 200
"""A file above this size with a higher compression ratio is refused, as a zip bomb."""
ALLOWED = "a GTFS feed: a zip of CSV tables in UTF-8"
UNPACKING = (
    *(zipfile.BadZipFile, zlib.error, EOFError, OSError, NotImplementedError),
    UnicodeDecodeError,
)
"""Exceptions of a broken zip; the last one if a file name is not UTF-8 although it is marked so."""
SHADOWS = "__MACOSX"
"""A folder that macOS packs beside the files: it holds no tables."""

Members = Mapping[str, zipfile.ZipInfo]
"""The tables of a feed in the zip, by name."""


def members(path: Path) -> tuple[dict[str, Members], list[Fault]]:
    """The tables by folder and name, and faults of files that must not be opened.

    Folders without at least two of the required tables are no feeds; if none is one, all tables
    are taken as those of a single feed, so that its faults say what is missing.
    """
    if not path.is_file():
        return {}, [Fault(path.name, "", "file-missing", "there is no such file", path.name)]
    try:
        with zipfile.ZipFile(path) as archive:
            infos = archive.infolist()
    except UNPACKING as error:
        return {}, [Fault(path.name, "", "file-unreadable", str(error), ALLOWED)]
    faults = [fault for info in infos for fault in _member_faults(info, path.name)]
    faults = faults or _archive_faults(infos, path.name)
    names = {PurePosixPath(info.filename): info for info in infos if not info.is_dir()}
    folders: dict[str, dict[str, zipfile.ZipInfo]] = {}
    for name, info in names.items():
        if name.suffix == ".txt" and SHADOWS not in name.parts and not name.stem.startswith("."):
            folders.setdefault(str(name.parent), {})[name.stem] = info
    feeds = {folder: tables for folder, tables in folders.items() if _is_feed(tables)}
    if not feeds:
        feeds = {"": {name: info for tables in folders.values() for name, info in tables.items()}}
    return {folder if len(feeds) > 1 else "": tables for folder, tables in feeds.items()}, faults


def _is_feed(tables: Members) -> bool:
    return sum(name in tables for name in NEEDED) > 1


def _archive_faults(infos: Sequence[zipfile.ZipInfo], file: str) -> list[Fault]:
    """A fault if the files are too large, or too many, in total."""
    size = sum(info.file_size for info in infos)
    if len(infos) <= MOST_MEMBERS and size <= MOST_BYTES:
        return []
    message = f"it unpacks to {len(infos)} files of {size / 1e6:.0f} MB"
    most = f"up to {MOST_MEMBERS} files of {MOST_BYTES / 1e6:.0f} MB together"
    return [Fault(file, "", "file-too-large", message, most, value=size)]


def _member_faults(info: zipfile.ZipInfo, file: str) -> list[Fault]:
    where = f"{file}/{info.filename}"
    parts = PurePosixPath(info.filename.replace("\\", "/"))
    if parts.is_absolute() or ".." in parts.parts or ":" in info.filename:
        message = f"{shown(info.filename)} leads out of its folder"
        return [Fault(file, "", "file-unsafe", message, "names of tables")]
    if info.flag_bits & 1:
        return [Fault(where, "", "file-unreadable", "it is encrypted", ALLOWED)]
    ratio = info.file_size / max(info.compress_size, 1)
    if info.file_size > MOST_BYTES or (info.file_size > BOMB_BYTES and ratio > BOMB_RATIO):
        message = f"it unpacks to {info.file_size / 1e6:.0f} MB, {ratio:.0f} times its size"
        most = f"up to {MOST_BYTES / 1e6:.0f} MB, and {BOMB_RATIO} times"
        return [Fault(where, "", "file-too-large", message, most)]
    return []
