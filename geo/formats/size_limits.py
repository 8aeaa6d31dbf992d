"""Size limits of files that are read into memory as a whole."""

from __future__ import annotations

from collections.abc import Iterable
from pathlib import Path

from geo.faults import Fault

MB = 1_000_000
MOST_MB = {".csv": 250, ".toml": 10}
"""Megabytes by ending, for formats whose small rows become large records."""
MOST_OTHERS_MB = 1_000
"""Megabytes of any other file. At these limits reading takes about 12 GB of memory."""


def size_faults(path: Path, parts: Iterable[Path] = ()) -> list[Fault]:
    """A fault if a file, or one of its parts, is too large for an ordinary computer.

    Parameters
    ----------
    path
        The file; a missing file is no fault here.
    parts
        The other files of a Shapefile.

    Examples
    --------
    >>> size_faults(Path("nowhere.csv"))
    []
    """
    faults = []
    for part in dict.fromkeys([path, *parts]):
        most = MOST_MB.get(part.suffix.lower(), MOST_OTHERS_MB)
        size = part.stat().st_size if part.is_file() else 0
        if size > most * MB:
            message, allowed = f"it has {size / MB:.0f} MB", f"up to {most} MB"
            faults.append(Fault(part.name, "", "file-too-large", message, allowed, value=size))
    return faults
