"""Two folders change places in one step, where the system can do that."""

from __future__ import annotations

import ctypes
import errno
import os
import sys
from pathlib import Path

HERE = -100
"""`AT_FDCWD`: paths are seen from the working folder."""
SWAP = 2
"""`RENAME_EXCHANGE` of Linux's renameat2(2) and `RENAME_SWAP` of macOS's renamex_np(2)."""
CANNOT = (errno.ENOSYS, errno.EINVAL, errno.ENOTSUP)
"""The system, or the file system, knows no exchange."""


def exchanged(first: Path, second: Path) -> bool:
    """Let two folders change places, so that nobody ever sees either name without a folder.

    Returns
    -------
    bool
        False where that cannot be done in one step; nothing has happened then.

    Raises
    ------
    OSError
        If it failed for another reason.
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
