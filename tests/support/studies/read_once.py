"""The bundled study is read once a process, and so is a file of the same name and contents.

A plugin of pytest: `tests/conftest.py` registers it, so that doctests have it too. What is read is
never changed.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from functools import wraps
from hashlib import blake2b
from pathlib import Path
from typing import Any

import pytest

from layers import projects
from layers.caching import LruCache
from scicity.commands import study as commands
from scicity.inputs import baseline, read_study
from scicity.inputs.study import Study

Read = Callable[..., Any]
State = tuple[tuple[str, int, int], ...]
KEPT = 500
"""Files of which the contents are kept."""


def once_by_contents(read: Read) -> Read:
    """A reader of files that reads those of the same names and contents once."""
    kept: LruCache[tuple[Any, list[Any]]] = LruCache(KEPT)

    def part_of_key(arg: object) -> object:
        if isinstance(arg, Path):
            return arg.name, blake2b(arg.read_bytes()).digest()
        return arg

    @wraps(read)
    def reads(*args: Any, **more: Any) -> Any:
        paths = [arg for arg in args if isinstance(arg, Path)]
        # what stands beside a Shapefile counts too
        if more or not all(path.is_file() and path.suffix == ".geojson" for path in paths):
            return read(*args, **more)
        try:
            key = tuple(part_of_key(arg) for arg in args)
        except OSError:  # the reader tells it
            return read(*args)
        found, faults = kept.get(key, lambda: read(*args))
        return found, list(faults)

    return reads


def state_of(folder: Path) -> State:
    """Whatever changes when a file of the folder does."""
    stats = [(str(path), path.stat()) for path in sorted(folder.rglob("*")) if path.is_file()]
    return tuple((path, stat.st_mtime_ns, stat.st_size) for path, stat in stats)


def bundled_once(read: Read) -> Read:
    """`study_with_faults` that reads the bundled study once."""
    bundled = read_study.bundled_study()
    kept: dict[State, tuple[Study | None, list[Any]]] = {}

    @wraps(read)
    def reads(folder: str | Path, *args: Any, **more: Any) -> Any:
        if folder not in (bundled, str(bundled)) or more.get("instead"):
            return read(folder, *args, **more)
        state = state_of(bundled)
        if state not in kept:
            kept[state] = read(folder, *args, **more)
        study, faults = kept[state]
        return study, list(faults)

    return reads


@pytest.fixture(scope="session", autouse=True)
def _files_are_read_once() -> Iterator[None]:
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(baseline, "read_roads", once_by_contents(baseline.read_roads))
        patch.setattr(projects, "read_project", once_by_contents(projects.read_project))
        for name in ("read_districts", "read_study_area"):
            patch.setattr(read_study, name, once_by_contents(getattr(read_study, name)))
        whole = bundled_once(read_study.study_with_faults)
        patch.setattr(read_study, "study_with_faults", whole)
        patch.setattr(commands, "study_with_faults", whole)
        yield
