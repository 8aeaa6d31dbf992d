"""How functions over arrays become machine code: at their first use, and kept on disk."""

from __future__ import annotations

import hashlib
from collections.abc import Callable
from functools import cache
from pathlib import Path
from typing import ParamSpec, TypeVar

import numba

Given = ParamSpec("Given")
Found = TypeVar("Found")
HERE = Path(__file__).parent


@cache
def _state_of_code() -> str:
    """Names the folder of the machine code: another one for every state of all kernels.

    numba looks at a function's own file only, but functions and constants of other files are
    compiled into it.
    """
    found = hashlib.blake2b(digest_size=8)
    for file in sorted(HERE.rglob("*.py")):
        found.update(file.read_bytes())
    return f"kernels-{found.hexdigest()}"


def kernel(function: Callable[Given, Found]) -> Callable[Given, Found]:
    """Compile a function at its first use; it runs without Python's lock, so threads can share it.

    The machine code is kept in `__pycache__` (or in what `NUMBA_CACHE_DIR` names), and where that
    cannot be written in the user's own folder. Where neither can be, it is kept nowhere: every
    process compiles anew.
    """
    before = numba.config.CACHE_DIR
    numba.config.CACHE_DIR = str(Path(before or HERE / "__pycache__") / _state_of_code())
    try:
        compiled: Callable[Given, Found] = numba.njit(cache=True, nogil=True)(function)
    except RuntimeError:  # numba finds no folder for it
        compiled = numba.njit(nogil=True)(function)
    finally:
        numba.config.CACHE_DIR = before
    return compiled
