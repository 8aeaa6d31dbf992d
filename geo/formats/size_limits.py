"""How large a file may be that is read into memory as a whole."""

from __future__ import annotations

from collections.abc import Iterable
from pathlib import Path

from geo.faults import Fault

MB = 1_000_000
MOST_MB = {".csv": 250, ".toml": 10}
"""By ending: where small rows become large records."""
MOST_OTHERS_MB = 1_000
"""Of a file with any other ending. At these limits reading takes about 12 GB of memory."""


def size_faults(path: Path, parts: Iterable[Path] = ()) -> list[Fault]:
    """A fault if a file, or one of its parts, is larger than what an ordinary computer holds.

    Parameters
    ----------
    path
        The file; what is not there is not large.
    parts
        Of a Shapefile the others beside it.

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
