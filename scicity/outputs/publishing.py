"""Results replace earlier ones as a whole, even if a run fails or is killed.

A run fills a temporary folder beside the results folder. At the end the two are exchanged: in one
step where the system supports it (Linux, macOS), else by two renames; if only the first of them
happened, the next run undoes it. Other files of the results folder are kept.
"""

from __future__ import annotations

import errno
import os
import shutil
import sqlite3
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from pathlib import Path

from filelock import FileLock, Timeout
from pyogrio.errors import DataLayerError, DataSourceError

from geo.faults import BadInputError, Fault
from geo.files import exchange_folders

BEFORE = "before"
"""Name of earlier results between the two renames."""


CLOSED = (
    *(errno.ENOSPC, errno.EDQUOT, errno.EROFS, errno.EACCES, errno.EPERM),
    *(errno.ENOTDIR, errno.EEXIST),
)
"""No space, read-only, no permission (on Windows also if open elsewhere), a file of that name."""
GDAL = (DataLayerError, DataSourceError, sqlite3.Error)
"""Errors of writing layers; they include a full disk, which GDAL does not always name."""


@contextmanager
def _write_errors_as_faults(out: Path) -> Iterator[None]:
    """Turn errors of writing to a folder into a fault.

    Raises
    ------
    BadInputError
        `folder-not-writable`.
    """
    try:
        yield
    except (OSError, *GDAL) as error:
        if isinstance(error, OSError) and error.errno not in CLOSED:
            raise
        allowed = "room on the disk; programs that show its files closed; or another folder"
        fault = Fault("--out", str(out), "folder-not-writable", str(error), allowed)
        raise BadInputError([fault]) from error


def _run_prefix(out: Path) -> str:
    """Prefix of the temporary folders of runs into `out`."""
    return f".{out.name}.scicity-"


@contextmanager
def _locked(out: Path) -> Iterator[None]:
    """Hold the lock of the folder; the system releases it when the process ends."""
    out.parent.mkdir(parents=True, exist_ok=True)
    path = out.with_name(f".{out.name}.lock")
    lock = FileLock(path, timeout=0)
    try:
        lock.acquire()
    except Timeout as error:
        message = "another run is writing to it"
        fault = Fault("--out", str(out), "folder-in-use", message, "wait, or another folder")
        raise BadInputError([fault]) from error
    try:
        yield
    finally:
        # the lock file is removed; not handled: a third run that starts after a second one opened
        # the file and before it locked it, just when the first run ends
        with suppress(OSError):
            path.unlink(missing_ok=True)
        lock.release()


def _recover(out: Path) -> None:
    """Restore earlier results of an interrupted exchange, and remove folders of killed runs."""
    for leftover in sorted(out.parent.glob(f"{_run_prefix(out)}*")):
        if not out.exists() and (leftover / BEFORE).is_dir():
            (leftover / BEFORE).rename(out)
        shutil.rmtree(leftover, ignore_errors=True)


def _link_or_copy(source: str, target: str) -> None:
    """Hard-link a file, or copy it where links are not possible."""
    try:
        os.link(source, target, follow_symlinks=False)
    except (OSError, NotImplementedError):
        shutil.copy2(source, target, follow_symlinks=False)


def _keep_others(out: Path, staged: Path) -> None:
    """Link or copy files of the results folder that the run did not write to the new one."""
    for path in sorted(out.iterdir()):
        target = staged / path.name
        if target.exists():
            continue
        if path.is_dir() and not path.is_symlink():
            shutil.copytree(path, target, symlinks=True, copy_function=_link_or_copy)
        else:
            _link_or_copy(str(path), str(target))


def _replace_files(staged: Path, out: Path) -> None:
    """Replace file by file, for a folder that cannot be renamed, such as the root of a disk."""
    for path in sorted(staged.iterdir()):
        path.replace(out / path.name)


def _take_place(staged: Path, out: Path) -> None:
    if not out.exists():
        staged.rename(out)
        return
    _keep_others(out, staged)
    try:
        if exchange_folders(staged, out):
            return
        earlier = staged.with_name(BEFORE)
        out.rename(earlier)
        try:
            staged.rename(out)
        except OSError:
            earlier.rename(out)
            raise
    except OSError as error:
        if error.errno != errno.EBUSY:
            raise
        _replace_files(staged, out)


@contextmanager
def published(out: Path) -> Iterator[tuple[Path, list[Path]]]:
    """A folder to fill; its files become the results when the block succeeds.

    Parameters
    ----------
    out
        Results folder; files of the same names are replaced, others are kept. If the block fails
        or the process is killed, it stays unchanged.

    Yields
    ------
    tuple of Path and list of Path
        The folder to fill, and the final paths of the files, known after the block.

    Raises
    ------
    BadInputError
        If another run is writing to the folder (`folder-in-use`), or it is not writable
        (`folder-not-writable`).
    """
    out = out.resolve()
    files: list[Path] = []
    with _write_errors_as_faults(out), _locked(out):
        _recover(out)
        outer = Path(tempfile.mkdtemp(dir=out.parent, prefix=_run_prefix(out)))
        # mkdtemp's folder is readable by one user only; the folder within it has usual permissions
        staged = outer / "after"
        staged.mkdir()
        try:
            yield staged, files
            files += [out / path.name for path in sorted(staged.iterdir())]
            _take_place(staged, out)
        finally:
            shutil.rmtree(outer, ignore_errors=True)
