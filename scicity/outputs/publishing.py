"""Results take the place of earlier ones as a whole, whatever happens on the way.

A run fills a folder beside the one for results. At the end the two change places: in one step
where the system can (Linux, macOS), else by two renames, of which the next run undoes the first if
the second never came. What else stood in the folder for results is in the new one too.
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
"""Name of earlier results while they stand aside."""


CLOSED = (
    *(errno.ENOSPC, errno.EDQUOT, errno.EROFS, errno.EACCES, errno.EPERM),
    *(errno.ENOTDIR, errno.EEXIST),
)
"""No room, read-only, not allowed (on Windows also: open in another program), a file in the way."""
GDAL = (DataLayerError, DataSourceError, sqlite3.Error)
"""What writing layers raises; without room too, for GDAL does not always say why."""


@contextmanager
def _told(out: Path) -> Iterator[None]:
    """What keeps a folder from being written is said as a fault.

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


def _mark(out: Path) -> str:
    """How names of folders of runs into `out` begin."""
    return f".{out.name}.scicity-"


@contextmanager
def _alone(out: Path) -> Iterator[None]:
    """Nobody else writes there meanwhile; the system lets go when the process ends."""
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
        # nothing stays behind; that a third run starts between a second one's opening of the file
        # and its locking, in the very moment when the first ends, is not provided for
        with suppress(OSError):
            path.unlink(missing_ok=True)
        lock.release()


def _recover(out: Path) -> None:
    """Earlier results stand where they stood; what killed runs left behind is gone."""
    for left in sorted(out.parent.glob(f"{_mark(out)}*")):
        if not out.exists() and (left / BEFORE).is_dir():
            (left / BEFORE).rename(out)
        shutil.rmtree(left, ignore_errors=True)


def _link(source: str, target: str) -> None:
    """The same file under another name; a copy where that cannot be."""
    try:
        os.link(source, target, follow_symlinks=False)
    except (OSError, NotImplementedError):
        shutil.copy2(source, target, follow_symlinks=False)


def _keep_others(out: Path, staged: Path) -> None:
    """What stands in the folder and was not written anew stands in the new one too."""
    for path in sorted(out.iterdir()):
        target = staged / path.name
        if target.exists():
            continue
        if path.is_dir() and not path.is_symlink():
            shutil.copytree(path, target, symlinks=True, copy_function=_link)
        else:
            _link(str(path), str(target))


def _one_by_one(staged: Path, out: Path) -> None:
    """For a folder that cannot be renamed, such as the root of a disk."""
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
        before = staged.with_name(BEFORE)
        out.rename(before)
        try:
            staged.rename(out)
        except OSError:
            before.rename(out)
            raise
    except OSError as error:
        if error.errno != errno.EBUSY:
            raise
        _one_by_one(staged, out)


@contextmanager
def published(out: Path) -> Iterator[tuple[Path, list[Path]]]:
    """A folder to fill; what stands in it becomes the results when the block ends well.

    Parameters
    ----------
    out
        The folder for results; files of the same names are replaced, others stay. A block that
        fails, or a process that is killed, leaves it as it was.

    Yields
    ------
    tuple of Path and list of Path
        The folder to fill; and the files in their final place, known after the block.

    Raises
    ------
    BadInputError
        If another run is writing to it (`folder-in-use`), or it cannot be written to
        (`folder-not-writable`).
    """
    out = out.resolve()
    files: list[Path] = []
    with _told(out), _alone(out):
        _recover(out)
        outer = Path(tempfile.mkdtemp(dir=out.parent, prefix=_mark(out)))
        # mkdtemp's own folder is for one user only; what stands in it is for everybody
        staged = outer / "after"
        staged.mkdir()
        try:
            yield staged, files
            files += [out / path.name for path in sorted(staged.iterdir())]
            _take_place(staged, out)
        finally:
            shutil.rmtree(outer, ignore_errors=True)
