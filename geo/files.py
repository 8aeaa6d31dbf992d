"""Atomic writes: a file or folder is replaced whole or not at all; hashes; what is kept."""

from __future__ import annotations

import ctypes
import errno
import hashlib
import os
import shutil
import sys
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from functools import cache
from pathlib import Path


@contextmanager
def replacing(path: Path) -> Iterator[Path]:
    """A temporary path next to `path`, renamed to it if the block succeeds.

    Examples
    --------
    >>> import tempfile
    >>> target = Path(tempfile.mkdtemp()) / "a.txt"
    >>> with replacing(target) as temporary:
    ...     _ = temporary.write_text("done")
    >>> target.read_text(), list(target.parent.iterdir()) == [target]
    ('done', True)
    """
    path.parent.mkdir(parents=True, exist_ok=True)
    temporary = path.with_name(f".{path.stem}.part{path.suffix}")
    try:
        yield temporary
        temporary.replace(path)
    finally:
        temporary.unlink(missing_ok=True)


@contextmanager
def replacing_folder(folder: Path) -> Iterator[Path]:
    """A temporary folder to fill, which replaces `folder` if the block succeeds.

    Examples
    --------
    >>> import tempfile
    >>> target = Path(tempfile.mkdtemp()) / "new"
    >>> with replacing_folder(target) as staged:
    ...     _ = (staged / "a.txt").write_text("done")
    >>> [path.name for path in target.iterdir()], list(target.parent.iterdir()) == [target]
    (['a.txt'], True)
    """
    folder.parent.mkdir(parents=True, exist_ok=True)
    outer = Path(tempfile.mkdtemp(dir=folder.parent, prefix=f".{folder.name}-"))
    # mkdtemp makes a folder that only its user can read; a folder inside it has normal rights
    staged = outer / folder.name
    staged.mkdir()
    try:
        yield staged
        shutil.rmtree(folder, ignore_errors=True)
        staged.replace(folder)
    finally:
        shutil.rmtree(outer, ignore_errors=True)


def write_text(path: Path, text: str) -> None:
    """Write UTF-8 text with Unix line endings on every system."""
    with replacing(path) as temporary:
        temporary.write_bytes(text.encode("utf-8"))


def sha256(path: Path) -> str:
    """The SHA-256 of the content, hexadecimal."""
    with path.open("rb") as file:
        return hashlib.file_digest(file, "sha256").hexdigest()


HERE = -100
"""`AT_FDCWD`: paths are relative to the working folder."""
SWAP = 2
"""`RENAME_EXCHANGE` of Linux's renameat2(2) and `RENAME_SWAP` of macOS's renamex_np(2)."""
CANNOT = (errno.ENOSYS, errno.EINVAL, errno.ENOTSUP)
"""Error numbers of systems and file systems that cannot exchange paths."""


def exchange_folders(first: Path, second: Path) -> bool:
    """Swap two folders atomically, so that neither path is ever without a folder.

    Returns
    -------
    bool
        False if the system cannot do it in one step; nothing has changed then.

    Raises
    ------
    OSError
        If the exchange failed for another reason.
    """
    if sys.platform == "win32":
        return False
    library = ctypes.CDLL(None, use_errno=True)
    a, b = os.fsencode(first), os.fsencode(second)
    if hasattr(library, "renameat2"):
        failed = library.renameat2(HERE, a, HERE, b, SWAP)
    elif hasattr(library, "renamex_np"):
        failed = library.renamex_np(a, b, SWAP)
    else:
        return False
    if failed and (code := ctypes.get_errno()) not in CANNOT:
        raise OSError(code, os.strerror(code), str(first), None, str(second))
    return not failed


@cache
def code_state(*folders: Path) -> str:
    """A hash of all code in some folders: what was computed by other code is not used again."""
    digest = hashlib.blake2b(digest_size=8)
    for folder in folders:
        for file in sorted(folder.rglob("*.py")):
            digest.update(file.read_bytes())
    return digest.hexdigest()


def mark_used(file: Path) -> None:
    """Let `tidy` remove a kept file last; one that cannot be changed is used as it is."""
    with suppress(OSError):
        file.touch()


def tidy(folder: Path, most_bytes: int) -> None:
    """Remove the files of a folder that were used longest ago, until the rest is small enough.

    Examples
    --------
    >>> import os, tempfile
    >>> folder = Path(tempfile.mkdtemp())
    >>> for age, name in enumerate("abc"):
    ...     _ = (folder / name).write_bytes(bytes(10))
    ...     os.utime(folder / name, (age, age))
    >>> tidy(folder, 25)
    >>> sorted(file.name for file in folder.iterdir())
    ['b', 'c']
    """
    states = [(file, file.stat()) for file in folder.iterdir() if file.is_file()]
    total = 0
    for file, state in sorted(states, key=lambda entry: -entry[1].st_mtime):
        total += state.st_size
        if total > most_bytes:
            file.unlink(missing_ok=True)
